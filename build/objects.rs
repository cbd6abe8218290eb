//! Writes the structs, with a field for what a response has and this crate does not know, and their codecs.
//!
//! Each struct becomes one invocation of a macro in `src/data/object.rs` with its fields, instead of what `serde` derives.

use proc_macro2::{Literal, TokenStream};
use quote::quote;
use sequencehq_document::Document;
use serde_json::Value;
use syn::punctuated::Punctuated;
use syn::{Attribute, Field, Fields, ItemStruct, Path, Token, Type, parse_quote};

use super::fields::Wire;
use super::types::{last_segment, option_inner, patch_inner};

/// The traits that are derived. `debug` writes `Debug`.
const DERIVED: [&str; 3] = ["Clone", "Default", "PartialEq"];

/// Returns the structs and their codecs.
pub fn code(document: &Document, types: Vec<ItemStruct>) -> TokenStream {
    let schemas = &document.root["components"]["schemas"];
    types.into_iter().map(|item| object(schemas, item)).collect()
}

fn object(schemas: &Value, mut item: ItemStruct) -> TokenStream {
    let wires: Vec<Wire> = item.fields.iter().map(Wire::of).collect();
    let codec = codec(&item, &wires);
    let is_key = item.fields.iter().all(|field| is_single(schemas, &field.ty));
    derive(&mut item.attrs, is_key);
    for (field, wire) in item.fields.iter_mut().zip(&wires) {
        field.attrs.retain(|attribute| !Wire::is(attribute));
        let schema = schema(field, wire);
        field.attrs.push(schema);
    }
    let name = &item.ident;
    let extra = quote! {
        impl #name {
            /// Returns the fields of the value that this version of the crate does not know.
            #[inline]
            pub fn extra(&self) -> &crate::data::Extra { &self.extra }
        }
    };
    if let Fields::Named(fields) = &mut item.fields {
        let field: Field = parse_quote! {
            #[cfg_attr(feature = "schemars", schemars(skip))]
            pub(crate) extra: crate::data::Extra
        };
        fields.named.push(field);
    }
    quote! { #item #extra #codec }
}

fn codec(item: &ItemStruct, wires: &[Wire]) -> TokenStream {
    let name = &item.ident;
    let rows = item
        .fields
        .iter()
        .zip(wires)
        .enumerate()
        .map(|(index, (field, wire))| {
            let Wire {
                name, presence, form, ..
            } = wire;
            let ident = &field.ident;
            let index = Literal::usize_unsuffixed(index);
            quote! { #index #ident #name #presence #form, }
        });
    let former = wires.iter().enumerate().filter_map(|(index, wire)| {
        let former = wire.former.as_ref()?;
        let index = Literal::usize_unsuffixed(index);
        Some(quote! { #former #index, })
    });
    let former: Vec<_> = former.collect();
    let former = (!former.is_empty()).then(|| quote! { former { #(#former)* } });
    quote! { crate::data::object! { #name { #(#rows)* } #former } }
}

/// Returns `true` for a text, a number, a date, an id, an enum and the like, and for an `Option` or a `Patch` of one.
fn is_single(schemas: &Value, ty: &Type) -> bool {
    let ty = option_inner(ty).or_else(|| patch_inner(ty)).unwrap_or(ty);
    let Some(last) = last_segment(ty) else {
        return false;
    };
    match last.ident.to_string().as_str() {
        "String" | "bool" | "i32" | "i64" | "Decimal" | "NaiveDate" | "DateTime" => true,
        name => schemas[name].get("enum").is_some() || schemas[name]["format"] == "id",
    }
}

/// Replaces what the generator derives. An object of single values can be a key of maps, too.
fn derive(attributes: &mut Vec<Attribute>, is_key: bool) {
    let derived: Vec<Path> = attributes
        .extract_if(.., |attribute| attribute.path().is_ident("derive"))
        .filter_map(|attribute| {
            let list = attribute.parse_args_with(Punctuated::<Path, Token![,]>::parse_terminated);
            list.ok()
        })
        .flatten()
        .filter(|path| DERIVED.iter().any(|name| path.is_ident(name)))
        .collect();
    attributes.push(parse_quote! { #[derive(#(#derived),*)] });
    if is_key {
        attributes.push(parse_quote! { #[derive(Eq, Hash)] });
    }
    attributes.push(parse_quote! { #[cfg_attr(feature = "schemars", derive(::schemars::JsonSchema))] });
}

/// Returns the attribute that describes a field to `schemars`.
fn schema(field: &Field, wire: &Wire) -> Attribute {
    let name = &wire.name;
    let absence = if option_inner(&field.ty).is_some() {
        Some(quote! { default, skip_serializing_if = "::std::option::Option::is_none", })
    } else if patch_inner(&field.ty).is_some() {
        Some(quote! { default, skip_serializing_if = "crate::data::Patch::is_keep", })
    } else {
        None
    };
    let form = match wire.form.to_string().as_str() {
        "Text" => Some("String"),
        "Number" => Some("f64"),
        _ => None,
    };
    let form = form.map(|form| {
        let form = if absence.is_some() {
            format!("Option<{form}>")
        } else {
            form.to_owned()
        };
        quote! { with = #form, }
    });
    parse_quote! { #[cfg_attr(feature = "schemars", schemars(rename = #name, #absence #form))] }
}
