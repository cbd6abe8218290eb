//! Finishes the generated types: documents, orders and hardens their fields.
//!
//! - Every field gets its description, also where it only refers to another schema, and stands where the
//!   document puts it.
//! - Decimals are read and written by `crate::data::wire`, whatever features of `rust_decimal`
//!   another crate switches on.
//! - A nullable field of a request becomes a `Patch`.
//! - Structs are `non_exhaustive`, since the API adds fields at any time.

use proc_macro2::TokenStream;
use quote::{ToTokens, format_ident, quote};
use serde_json::Value;
use syn::{Attribute, Field, Fields, File, Item, ItemStruct, Type, parse_quote};

use crate::generate::{NUMBER_DECIMAL, TEXT_DECIMAL};
use crate::load::{Document, Faults, escape};
use crate::model;

/// Finishes the generated types with what `document` says.
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

fn structure(document: &Document, mut item: ItemStruct) -> Result<ItemStruct, Faults> {
    let name = item.ident.to_string();
    let schema = &document.root["components"]["schemas"][&name];
    let Some(properties) = schema["properties"].as_object() else {
        return Err(Faults(vec![document.fault(
            &format!("/components/schemas/{}", escape(&name)),
            "became a type that is not a struct of named fields",
        )]));
    };
    let required = model::strings(&schema["required"]);
    let Fields::Named(fields) = &mut item.fields else {
        return Ok(item);
    };
    let mut placed: Vec<(usize, Field)> = Vec::new();
    for mut field in std::mem::take(&mut fields.named) {
        let wire = wire_name(&field);
        let place = properties
            .keys()
            .position(|key| *key == wire)
            .unwrap_or(usize::MAX);
        let pointer = format!(
            "/components/schemas/{}/properties/{}",
            escape(&name),
            escape(&wire)
        );
        let property = &properties[&wire];
        finish_field(
            &mut field,
            &wire,
            property,
            required.contains(&wire),
            &document.root,
        )
        .map_err(|message| Faults(vec![document.fault(&pointer, message)]))?;
        placed.push((place, field));
    }
    placed.sort_by_key(|(place, _)| *place);
    fields.named.extend(placed.into_iter().map(|(_, field)| field));
    item.attrs.retain(|attribute| !attribute.path().is_ident("doc"));
    let about = schema["description"].as_str().unwrap_or_default().trim();
    item.attrs.insert(0, parse_quote! { #[doc = #about] });
    item.attrs
        .push(parse_quote! { #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))] });
    item.attrs.push(parse_quote! { #[non_exhaustive] });
    Ok(item)
}

fn finish_field(
    field: &mut Field,
    wire: &str,
    property: &Value,
    required: bool,
    root: &Value,
) -> Result<(), String> {
    let clearable = property["nullable"] == true;
    let decimal = decimal_form(&field.ty);
    let mut serde = vec![quote! { rename = #wire }];
    let mut extra: Vec<Attribute> = Vec::new();
    if let Some(form) = decimal {
        if clearable {
            return Err("a nullable decimal is not supported".to_owned());
        }
        let codec = if required {
            form.to_owned()
        } else {
            format!("{form}_option")
        };
        let path = format!("crate::data::wire::{codec}");
        serde.push(quote! { with = #path });
        let schema = match (form == "decimal_number", required) {
            (true, true) => "f64",
            (true, false) => "Option<f64>",
            (false, true) => "String",
            (false, false) => "Option<String>",
        };
        extra.push(parse_quote! { #[cfg_attr(feature = "schemars", schemars(with = #schema))] });
        field.ty = if required {
            parse_quote! { ::rust_decimal::Decimal }
        } else {
            parse_quote! { ::std::option::Option<::rust_decimal::Decimal> }
        };
    }
    if clearable {
        let inner = option_inner(&field.ty).ok_or("nullable, but not optional")?;
        field.ty = parse_quote! { crate::data::Patch<#inner> };
        serde.push(quote! { default, skip_serializing_if = "crate::data::Patch::is_keep" });
    } else if let Some(inner) = option_inner(&field.ty) {
        serde.push(quote! { default, skip_serializing_if = "::std::option::Option::is_none" });
        if let Some(decoder) = bounded_decoder(&inner, "optional") {
            serde.push(quote! { deserialize_with = #decoder });
        }
    } else if !required {
        return Err("optional, but the generator did not make it an `Option`".to_owned());
    } else if let Some(decoder) = bounded_decoder(&field.ty, "required") {
        serde.push(quote! { deserialize_with = #decoder });
    }
    let about = match property["description"].as_str() {
        Some(about) => about.trim().to_owned(),
        None => {
            let target = model::reference(property).unwrap_or_default();
            let about = root["components"]["schemas"][target]["description"]
                .as_str()
                .unwrap_or_default();
            model::first_sentence(about).to_owned()
        }
    };
    field.attrs = vec![
        parse_quote! { #[doc = #about] },
        parse_quote! { #[serde(#(#serde),*)] },
    ];
    field.attrs.extend(extra);
    Ok(())
}

/// The function that decodes a type which few bytes of JSON can make large (see `crate::data::bounded`).
fn bounded_decoder(ty: &Type, presence: &str) -> Option<String> {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    let Type::Path(path) = ty else { return None };
    let name = path.path.segments.last()?.ident.to_string();
    let suffix = match name.as_str() {
        "Vec" if text.contains("serde_json::Value") => "_values",
        "Vec" | "BTreeMap" | "Map" | "Value" => "",
        _ => return None,
    };
    Some(format!("crate::data::bounded::{presence}{suffix}"))
}

/// The name that a field has in JSON.
pub fn wire_name(field: &Field) -> String {
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

fn decimal_form(ty: &Type) -> Option<&'static str> {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    if text.contains(TEXT_DECIMAL) {
        Some("decimal_text")
    } else if text.contains(NUMBER_DECIMAL) {
        Some("decimal_number")
    } else {
        None
    }
}

/// `T` of `Option<T>`.
pub fn option_inner(ty: &Type) -> Option<Type> {
    let Type::Path(path) = ty else { return None };
    let last = path.path.segments.last()?;
    match (&last.arguments, last.ident == "Option") {
        (syn::PathArguments::AngleBracketed(arguments), true) => match arguments.args.first()? {
            syn::GenericArgument::Type(inner) => Some(inner.clone()),
            _ => None,
        },
        _ => None,
    }
}

/// Builders for the types that go into requests.
pub fn builders(document: &Document, types: &[ItemStruct]) -> TokenStream {
    let requests = model::request_schemas(&document.root);
    types
        .iter()
        .filter(|item| requests.contains(&item.ident.to_string()))
        .map(|item| {
            builder(
                item,
                &document.root["components"]["schemas"][item.ident.to_string()],
            )
        })
        .collect()
}

fn builder(item: &ItemStruct, schema: &Value) -> TokenStream {
    let name = &item.ident;
    let builder = format_ident!("{name}Builder");
    let required = model::strings(&schema["required"]);
    let (mut slots, mut setters, mut checks, mut moves) = (vec![], vec![], vec![], vec![]);
    for field in &item.fields {
        let ident = field.ident.as_ref().expect("structs have named fields");
        let wire = wire_name(field);
        let docs = field
            .attrs
            .iter()
            .filter(|attribute| attribute.path().is_ident("doc"));
        let docs = quote! { #(#docs)* };
        let ty = &field.ty;
        let is_required = required.contains(&wire);
        let plain_name = ident.to_string().trim_start_matches("r#").to_owned();
        if list_of(option_inner(ty).as_ref().unwrap_or(ty)) {
            let none = format_ident!("no_{plain_name}");
            let about = format!("Sends an empty list of `{plain_name}`.");
            setters.push(quote! {
                #[doc = #about]
                pub fn #none(mut self) -> Self { self.#ident = Some(Vec::new()); self }
            });
        }
        if is_required {
            let (argument, value) = setter(ty);
            slots.push(quote! { #ident: ::std::option::Option<#ty>, });
            setters.push(quote! {
                #docs
                ///
                /// Required.
                pub fn #ident(mut self, value: #argument) -> Self { self.#ident = Some(#value); self }
            });
            checks.push(quote! { if self.#ident.is_none() { missing.push(#plain_name); } });
            moves.push(quote! { #ident: self.#ident, });
        } else if let Some(inner) = option_inner(ty) {
            let (argument, value) = setter(&inner);
            slots.push(quote! { #ident: #ty, });
            setters.push(quote! {
                #docs
                pub fn #ident(mut self, value: #argument) -> Self { self.#ident = Some(#value); self }
            });
            moves.push(quote! { #ident: self.#ident, });
        } else {
            let inner = patch_inner(ty);
            let (argument, value) = setter(&inner);
            let clear = format_ident!("clear_{plain_name}");
            let about_clear = format!("Empties `{plain_name}`: sends `null`.");
            slots.push(quote! { #ident: #ty, });
            setters.push(quote! {
                #docs
                pub fn #ident(mut self, value: #argument) -> Self { self.#ident = crate::data::Patch::Set(#value); self }
                #[doc = #about_clear]
                pub fn #clear(mut self) -> Self { self.#ident = crate::data::Patch::Clear; self }
            });
            moves.push(quote! { #ident: self.#ident, });
        }
    }
    let required_idents: Vec<_> = item
        .fields
        .iter()
        .filter(|field| required.contains(&wire_name(field)))
        .map(|field| field.ident.clone().expect("structs have named fields"))
        .collect();
    let other_moves = item
        .fields
        .iter()
        .zip(&moves)
        .filter_map(|(field, moved)| (!required.contains(&wire_name(field))).then_some(moved));
    let about_builder = format!("Puts a [`{name}`] together. What is not set is not sent.");
    let about_fn = format!("Starts a [`{name}`].");
    let about_build = if required_idents.is_empty() {
        "Finishes it. Nothing is required, so this cannot fail.".to_owned()
    } else {
        "Finishes it.\n\n# Errors\n\nNames every required field that was not set.".to_owned()
    };
    let text_name = name.to_string();
    let debug = (!crate::debug::has_secret(schema)).then(|| quote! { #[derive(Debug)] });
    let mutability = (!required_idents.is_empty()).then(|| quote! { mut });
    let assemble = quote! {
        let #mutability missing: Vec<&'static str> = Vec::new();
        #(#checks)*
        match (#(self.#required_idents,)*) {
            (#(Some(#required_idents),)*) => Ok(#name { #(#required_idents,)* #(#other_moves)* }),
            #[allow(unreachable_patterns)]
            _ => Err(crate::data::BuildError::new(#text_name, missing)),
        }
    };
    quote! {
        impl #name {
            #[doc = #about_fn]
            pub fn builder() -> #builder { #builder::default() }
        }

        #[doc = #about_builder]
        #[derive(Clone, Default)]
        #debug
        #[must_use]
        pub struct #builder { #(#slots)* }

        impl #builder {
            #(#setters)*

            #[doc = #about_build]
            #[allow(unused_variables)]
            pub fn build(self) -> Result<#name, crate::data::BuildError> { #assemble }
        }

        impl TryFrom<#builder> for #name {
            type Error = crate::data::BuildError;

            fn try_from(builder: #builder) -> Result<Self, Self::Error> { builder.build() }
        }

        impl From<&#name> for #name {
            fn from(value: &#name) -> Self { value.clone() }
        }
    }
}

/// Is the type a `Vec`? An empty one is awkward to say with a setter that converts its items.
fn list_of(ty: &Type) -> bool {
    matches!(ty, Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Vec"))
}

/// `T` of `crate::data::Patch<T>`.
fn patch_inner(ty: &Type) -> Type {
    let Type::Path(path) = ty else { return ty.clone() };
    match path.path.segments.last().map(|last| &last.arguments) {
        Some(syn::PathArguments::AngleBracketed(arguments)) => match arguments.args.first() {
            Some(syn::GenericArgument::Type(inner)) => inner.clone(),
            _ => ty.clone(),
        },
        _ => ty.clone(),
    }
}

/// The argument that a setter takes for a field of type `ty`, and how it becomes the field's value.
fn setter(ty: &Type) -> (TokenStream, TokenStream) {
    let text = ty.to_token_stream().to_string().replace(' ', "");
    let Type::Path(path) = ty else {
        return (quote! { #ty }, quote! { value });
    };
    let last = path.path.segments.last().expect("a type path has a segment");
    let arguments: Vec<&Type> = match &last.arguments {
        syn::PathArguments::AngleBracketed(arguments) => arguments
            .args
            .iter()
            .filter_map(|argument| match argument {
                syn::GenericArgument::Type(ty) => Some(ty),
                _ => None,
            })
            .collect(),
        _ => Vec::new(),
    };
    match (last.ident.to_string().as_str(), arguments.as_slice()) {
        ("bool" | "i32" | "i64", _) => (quote! { #ty }, quote! { value }),
        ("Vec", [item]) => (
            quote! { impl IntoIterator<Item = impl Into<#item>> },
            quote! { value.into_iter().map(Into::into).collect() },
        ),
        ("BTreeMap", [_, item]) => (
            quote! { impl IntoIterator<Item = (impl Into<String>, impl Into<#item>)> },
            quote! { value.into_iter().map(|(key, value)| (key.into(), value.into())).collect() },
        ),
        ("Map", [_, item]) if text.contains("serde_json") => (
            quote! { impl IntoIterator<Item = (impl Into<String>, impl Into<#item>)> },
            quote! { value.into_iter().map(|(key, value)| (key.into(), value.into())).collect() },
        ),
        _ => (quote! { impl Into<#ty> }, quote! { value.into() }),
    }
}
