//! Post-processes the generated types: documents, orders and hardens their fields.
//!
//! - A field is renamed to the name on the wire; the generator saw the Rust name (`simplify`).
//! - Every field has a description, even if it only refers to another schema, and fields have the document's order.
//! - Decimals are read and written by `crate::data::codec`, regardless of the features of `rust_decimal` that other
//!   crates enable.
//! - A nullable field of a request becomes a `Patch`.
//! - A field with a union that leads back to its struct is boxed.
//! - Structs are `non_exhaustive`, since the API adds fields at any time.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use sequencehq_document::{Document, Faults, escape, model, names, nesting};
use serde_json::Value;
use syn::{Attribute, Field, Fields, File, Item, ItemStruct, Type, parse_quote};

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
    let Fields::Named(fields) = &mut item.fields else {
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
    finish_attributes(&mut item, schema);
    Ok(item)
}

fn finish_attributes(item: &mut ItemStruct, schema: &Value) {
    let about = schema["description"].as_str().unwrap_or_default().trim();
    item.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    item.attrs.insert(0, parse_quote! { #[doc = #about] });
    item.attrs
        .push(parse_quote! { #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))] });
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
        let name = self.name;
        let mut serde = vec![quote! { rename = #name }];
        let former = self.schema["x-former-name"].as_str();
        serde.extend(former.map(|former| quote! { alias = #former }));
        let mut schemars = None;
        self.unwind(field);
        if let Some(form) = decimal_form(&field.ty) {
            serde.push(self.decimal(field, form)?);
            schemars = Some(self.decimal_schema(form));
        }
        serde.extend(self.absence(field)?);
        serde.extend(self.bounded(field).or_else(|| integer(field)));
        let about = self.description();
        field.attrs = vec![
            parse_quote! { #[doc = #about] },
            parse_quote! { #[serde(#(#serde),*)] },
        ];
        field.attrs.extend(schemars);
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

    /// Changes the type of a decimal field, and returns the serde attributes for it.
    fn decimal(&self, field: &mut Field, form: &str) -> Result<TokenStream, String> {
        if self.is_clearable() {
            return Err("a nullable decimal is not supported".to_owned());
        }
        let (ty, suffix) = if self.is_required {
            (parse_quote! { ::rust_decimal::Decimal }, "")
        } else {
            let ty = parse_quote! { ::std::option::Option<::rust_decimal::Decimal> };
            (ty, "_option")
        };
        field.ty = ty;
        let path = format!("crate::data::codec::{form}{suffix}");
        Ok(quote! { with = #path })
    }

    fn decimal_schema(&self, form: &str) -> Attribute {
        let schema = match (form == "decimal_number", self.is_required) {
            (true, true) => "f64",
            (true, false) => "Option<f64>",
            (false, true) => "String",
            (false, false) => "Option<String>",
        };
        parse_quote! { #[cfg_attr(feature = "schemars", schemars(with = #schema))] }
    }

    /// Returns the serde attributes for an absent field. A clearable field becomes a `Patch`.
    fn absence(&self, field: &mut Field) -> Result<Option<TokenStream>, String> {
        let inner = option_inner(&field.ty).cloned();
        if self.is_clearable() {
            let inner = inner.ok_or("nullable, but not optional")?;
            field.ty = parse_quote! { crate::data::Patch<#inner> };
            return Ok(Some(
                quote! { default, skip_serializing_if = "crate::data::Patch::is_keep" },
            ));
        }
        match (inner, self.is_required) {
            (Some(_), _) => Ok(Some(
                quote! { default, skip_serializing_if = "::std::option::Option::is_none" },
            )),
            (None, true) => Ok(None),
            (None, false) => Err("optional, but the generator did not make it an `Option`".to_owned()),
        }
    }

    /// Returns the serde attributes for a type of which little JSON can decode to much memory (see
    /// `crate::data::bounded`).
    fn bounded(&self, field: &Field) -> Option<TokenStream> {
        let (ty, presence) = match option_inner(&field.ty) {
            Some(inner) => (inner, "optional"),
            None => (&field.ty, "required"),
        };
        if list_inner(ty).is_some_and(is_integer) {
            return Some(integer_codec(presence, "_list"));
        }
        let suffix = match last_segment(ty)?.ident.to_string().as_str() {
            "Vec" if squeezed(ty).contains("serde_json::Value") => "_values",
            "Vec" | "BTreeMap" | "Map" | "Value" => "",
            _ => return None,
        };
        let decoder = format!("crate::data::bounded::{presence}{suffix}");
        Some(quote! { deserialize_with = #decoder })
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

/// Returns the serde attributes for an integer, which are decoded from every exact form (see `crate::data::integer`).
fn integer(field: &Field) -> Option<TokenStream> {
    let (ty, presence) = match option_inner(&field.ty) {
        Some(inner) => (inner, "optional"),
        None => (&field.ty, "required"),
    };
    is_integer(ty).then(|| integer_codec(presence, ""))
}

fn integer_codec(presence: &str, suffix: &str) -> TokenStream {
    let decoder = format!("crate::data::integer::{presence}{suffix}");
    quote! { deserialize_with = #decoder }
}

fn is_integer(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last.ident == "i32" || last.ident == "i64")
}

/// Returns the JSON name of a field.
pub fn json_name(field: &Field) -> String {
    let mut name = field
        .ident
        .as_ref()
        .map(|ident| ident.to_string().trim_start_matches("r#").to_owned());
    for attribute in &field.attrs {
        if attribute.path().is_ident("serde") {
            let _ = attribute.parse_nested_meta(|meta| {
                if meta.input.peek(syn::Token![=]) {
                    let value: syn::Lit = meta.value()?.parse()?;
                    if let (true, syn::Lit::Str(text)) = (meta.path.is_ident("rename"), value) {
                        name = Some(text.value());
                    }
                }
                Ok(())
            });
        }
    }
    name.unwrap_or_default()
}

/// Returns the codec of a decimal in `crate::data::codec`, if the type is one of the placeholders for decimals.
fn decimal_form(ty: &Type) -> Option<&'static str> {
    let text = squeezed(ty);
    if text.contains(TEXT_DECIMAL) {
        Some("decimal_text")
    } else if text.contains(NUMBER_DECIMAL) {
        Some("decimal_number")
    } else {
        None
    }
}

fn squeezed(ty: &Type) -> String {
    ty.to_token_stream().to_string().replace(' ', "")
}
