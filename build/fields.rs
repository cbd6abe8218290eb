//! Post-processes the generated types: documents, orders and hardens their fields.
//!
//! - A field gets an attribute with its name on the wire (`Wire`); the generator saw the Rust name (`simplify`).
//! - Every field has a description, even if it only refers to another schema, and fields have the document's order.
//! - A field gets a form (`crate::data::form`): that of decimals is ours, regardless of the features of `rust_decimal` that
//!   other crates enable.
//! - A nullable field of a request becomes a `Patch`.
//! - A field with a union that leads back to its struct is boxed.
//! - Structs are `non_exhaustive`, since the API adds fields at any time.

use quote::{ToTokens, format_ident};
use sequencehq_document::{Document, Faults, escape, model, names, nesting};
use serde_json::Value;
use syn::{Attribute, Field, Fields, File, Ident, Item, ItemStruct, LitStr, Type, parse_quote};

use super::generate::{NUMBER_DECIMAL, TEXT_DECIMAL};
use super::types::{box_inner, last_segment, list_inner, option_inner};

/// Post-processes the generated types according to `document`.
pub fn types(document: &Document, file: File) -> Result<Vec<ItemStruct>, Faults> {
    file.items
        .into_iter()
        .filter_map(|item| match item {
            Item::Mod(module) if module.ident == "types" => module.content,
            _ => None,
        })
        .flat_map(|(_, items)| items)
        .filter_map(|item| match item {
            Item::Struct(item) => Some(structure(document, item)),
            _ => None,
        })
        .collect()
}

/// Returns the struct with its fields documented, hardened and in the document's order.
fn structure(document: &Document, mut item: ItemStruct) -> Result<ItemStruct, Faults> {
    let owner = item.ident.to_string();
    let schema = &document.root["components"]["schemas"][&owner];
    let pointer = format!("/components/schemas/{}", escape(&owner));
    let fault = |pointer: &str, message: String| Faults(vec![document.fault(pointer, message)]);
    let Some(properties) = schema["properties"].as_object() else {
        let message = "the generator made another type of this than a struct: describe it as an object with `properties`, or leave it out";
        return Err(fault(&pointer, message.to_owned()));
    };
    let required = model::strings(&schema["required"]);
    // The generator makes a map of an object without properties.
    let Fields::Named(mut fields) = std::mem::replace(&mut item.fields, Fields::Named(parse_quote! { {} }))
    else {
        item.semi_token = None;
        finish_attributes(&mut item, schema);
        return Ok(item);
    };
    let mut ordered: Vec<(usize, Field)> = Vec::new();
    for mut field in std::mem::take(&mut fields.named) {
        let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
        let mut own = properties.iter();
        let Some((name, schema)) = own.find(|(name, schema)| names::property(name, schema) == ident) else {
            let message = format!("the generator made a field `{ident}` that is not a property");
            return Err(fault(&pointer, message));
        };
        let property = Property {
            root: &document.root,
            owner: &owner,
            schema,
            is_required: required.contains(name),
            name,
        };
        property
            .finish(&mut field)
            .map_err(|message| fault(&format!("{pointer}/properties/{}", escape(name)), message))?;
        let position = properties.keys().position(|key| key == name);
        ordered.push((position.unwrap_or(usize::MAX), field));
    }
    ordered.sort_by_key(|(position, _)| *position);
    fields.named.extend(ordered.into_iter().map(|(_, field)| field));
    item.fields = Fields::Named(fields);
    finish_attributes(&mut item, schema);
    Ok(item)
}

fn finish_attributes(item: &mut ItemStruct, schema: &Value) {
    let about = schema["description"].as_str().unwrap_or_default().trim();
    item.attrs.retain(|attribute| attribute.path().is_ident("derive"));
    item.attrs.insert(0, parse_quote! { #[doc = #about] });
    item.attrs.push(parse_quote! { #[non_exhaustive] });
    item.attrs.extend(deprecated(schema));
}

/// Returns the attribute of what the document calls deprecated.
pub fn deprecated(of: &Value) -> Option<Attribute> {
    (of["deprecated"] == true).then(|| parse_quote! { #[deprecated] })
}

/// A field and its definition in the document.
struct Property<'a> {
    root: &'a Value,
    /// The schema that has the property.
    owner: &'a str,
    schema: &'a Value,
    is_required: bool,
    name: &'a str,
}

impl Property<'_> {
    fn finish(&self, field: &mut Field) -> Result<(), String> {
        self.unwind(field);
        let form = self.form(field)?;
        let presence = format_ident!("{}", self.presence(field)?);
        let name = self.name;
        let former = self.schema["x-former-name"].as_str().into_iter();
        let about = self.description();
        field.attrs = vec![
            parse_quote! { #[doc = #about] },
            parse_quote! { #[wire(name = #name, #(former = #former,)* presence = #presence, form = #form)] },
        ];
        field.attrs.extend(deprecated(self.schema));
        Ok(())
    }

    /// Boxes what can hold another value of the owner. The generator boxes structs that contain themselves, sometimes
    /// around the `Option`, but cannot look into our unions.
    fn unwind(&self, field: &mut Field) {
        if let Some(inner) = box_inner(&field.ty).and_then(option_inner) {
            field.ty = parse_quote! { ::std::option::Option<::std::boxed::Box<#inner>> };
        }
        let target = model::reference(self.schema).unwrap_or_default();
        let is_union = self.root["components"]["schemas"][target].get("oneOf").is_some();
        if !is_union || !nesting::holds(self.root, target, self.owner) {
            return;
        }
        let ty = &field.ty;
        field.ty = match option_inner(ty) {
            Some(inner) => parse_quote! { ::std::option::Option<::std::boxed::Box<#inner>> },
            None => parse_quote! { ::std::boxed::Box<#ty> },
        };
    }

    fn is_clearable(&self) -> bool {
        self.schema["nullable"] == true
    }

    /// Returns the form of the field, and replaces the placeholder for a decimal.
    fn form(&self, field: &mut Field) -> Result<Ident, String> {
        let Some(form) = decimal_form(&field.ty) else {
            let ty = option_inner(&field.ty).unwrap_or(&field.ty);
            return Ok(format_ident!("{}", form(ty)));
        };
        if self.is_clearable() {
            return Err("a nullable decimal is not supported".to_owned());
        }
        field.ty = if self.is_required {
            parse_quote! { ::rust_decimal::Decimal }
        } else {
            parse_quote! { ::std::option::Option<::rust_decimal::Decimal> }
        };
        Ok(format_ident!("{form}"))
    }

    /// Returns whether the field can be absent (see `crate::data::presence`). A clearable field becomes a `Patch`.
    fn presence(&self, field: &mut Field) -> Result<&'static str, String> {
        let inner = option_inner(&field.ty).cloned();
        if self.is_clearable() {
            let inner = inner.ok_or("nullable, but not optional")?;
            field.ty = parse_quote! { crate::data::Patch<#inner> };
            return Ok("patch");
        }
        match (inner, self.is_required) {
            (Some(_), _) => Ok("optional"),
            (None, true) => Ok("required"),
            (None, false) => Err("optional, but the generator did not make it an `Option`".to_owned()),
        }
    }

    /// Returns the description, and since when the property is sent.
    fn description(&self) -> String {
        let about = self.own_description();
        match self.schema["x-since"].as_str() {
            None | Some("unknown") => about,
            Some(since) => format!("{about} Sent since {since}; earlier responses lack it."),
        }
    }

    /// Returns the property's own description, or the first sentence of the schema that it refers to.
    fn own_description(&self) -> String {
        if let Some(about) = self.schema["description"].as_str() {
            return about.trim().to_owned();
        }
        let target = model::reference(self.schema).unwrap_or_default();
        let about = self.root["components"]["schemas"][target]["description"]
            .as_str()
            .unwrap_or_default();
        model::first_sentence(about).to_owned()
    }
}

/// Returns the form of a type (see `crate::data::form`), which is not a decimal.
fn form(ty: &Type) -> &'static str {
    let is_integer =
        |ty: &Type| last_segment(ty).is_some_and(|last| last.ident == "i32" || last.ident == "i64");
    if is_integer(ty) {
        return "Integer";
    }
    if list_inner(ty).is_some_and(is_integer) {
        return "Integers";
    }
    let last = last_segment(ty).map(|last| last.ident.to_string());
    match last.as_deref() {
        Some("Vec") if squeezed(ty).contains("serde_json::Value") => "Values",
        Some("Vec" | "BTreeMap" | "Map" | "Value") => "Bounded",
        _ => "Plain",
    }
}

/// How a field is read and written.
pub struct Wire {
    /// The name in JSON.
    pub name: String,
    /// The earlier name.
    pub former: Option<String>,
    /// A module of `crate::data::presence`.
    pub presence: Ident,
    /// A type of `crate::data::form`.
    pub form: Ident,
}

impl Wire {
    /// Reads the attribute of a field.
    pub fn of(field: &Field) -> Self {
        let (mut name, mut former, mut presence, mut form) = (None, None, None, None);
        let mut attributes = field.attrs.iter();
        let attribute = attributes.find(|attribute| Self::is(attribute));
        let read = attribute.map(|attribute| {
            attribute.parse_nested_meta(|meta| {
                let key = meta.path.require_ident()?.to_string();
                let value = meta.value()?;
                match key.as_str() {
                    "name" => name = Some(value.parse::<LitStr>()?.value()),
                    "former" => former = Some(value.parse::<LitStr>()?.value()),
                    "presence" => presence = Some(value.parse()?),
                    _ => form = Some(value.parse()?),
                }
                Ok(())
            })
        });
        match (read, name, presence, form) {
            (Some(Ok(())), Some(name), Some(presence), Some(form)) => Self {
                name,
                former,
                presence,
                form,
            },
            _ => unreachable!("`types` adds the attribute to every field"),
        }
    }

    /// Returns `true` for the attribute that this is read from.
    pub fn is(attribute: &Attribute) -> bool {
        attribute.path().is_ident("wire")
    }
}

/// Returns the JSON name of a field.
pub fn json_name(field: &Field) -> String {
    Wire::of(field).name
}

/// Returns the form of a decimal, if the type is one of the placeholders for decimals.
fn decimal_form(ty: &Type) -> Option<&'static str> {
    let text = squeezed(ty);
    if text.contains(TEXT_DECIMAL) {
        Some("Text")
    } else if text.contains(NUMBER_DECIMAL) {
        Some("Number")
    } else {
        None
    }
}

fn squeezed(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}
