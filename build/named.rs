//! Replaces schemas that the generator does not support well with types of this crate.
//!
//! - An enum is open: an unknown value decodes, prints and encodes unchanged.
//! - Each resource has its own id type.
//! - A union is decoded by its discriminator, and preserves unknown variants.
//!
//! Each becomes one invocation of a macro in `src/data/`, so that only lists of names are generated. The discriminator
//! is removed from the members of a union, since the union writes it.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use sequencehq_document::model::{self, last_segment};
use sequencehq_document::{Document, names};
use serde_json::Value;

use super::fields::deprecated;

/// A schema with a type of this crate, and the code that defines it.
#[derive(Clone, Debug)]
pub struct Named {
    pub schema: String,
    pub kind: NamedKind,
    pub code: TokenStream,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NamedKind {
    Enum,
    Id,
    Union,
}

/// Finds every enum, id and union of the document.
pub fn types(document: &Document) -> Vec<Named> {
    model::schemas(&document.root)
        .filter_map(|(name, schema)| named(name, schema))
        .collect()
}

/// Generates the names of all ids and enums, as arguments of two macros of the tests.
pub fn every_name(document: &Document) -> String {
    let list = |kind: NamedKind| {
        let all = types(document).into_iter().filter(|named| named.kind == kind);
        all.map(|named| named.schema).collect::<Vec<_>>().join(", ")
    };
    let (ids, enums) = (list(NamedKind::Id), list(NamedKind::Enum));
    format!("{{\nevery_id!({ids});\nevery_enum!({enums});\n}}\n")
}

/// Removes the discriminator from the members of unions.
pub fn without_discriminators(mut document: Document) -> Document {
    let members: Vec<(String, String)> = model::schemas(&document.root)
        .filter(|(_, schema)| schema.get("oneOf").is_some())
        .flat_map(|(_, schema)| {
            let tag = schema["discriminator"]["propertyName"]
                .as_str()
                .unwrap_or_default()
                .to_owned();
            let mapping = schema["discriminator"]["mapping"].as_object();
            let members: Vec<_> = mapping
                .into_iter()
                .flatten()
                .filter_map(|(_, target)| Some((last_segment(target.as_str()?).to_owned(), tag.clone())))
                .collect();
            members
        })
        .collect();
    for (member, tag) in members {
        let schema = &mut document.root["components"]["schemas"][&member];
        if let Some(properties) = schema["properties"].as_object_mut() {
            properties.remove(&tag);
        }
        if let Some(required) = schema["required"].as_array_mut() {
            required.retain(|name| name.as_str() != Some(&tag));
        }
    }
    document
}

fn named(name: &str, schema: &Value) -> Option<Named> {
    let ident = format_ident!("{name}");
    let doc = schema["description"].as_str().unwrap_or_default().trim();
    let deprecated = deprecated(schema);
    let (kind, code) = if schema.get("enum").is_some() {
        let values = model::strings(&schema["enum"]);
        let variants = values.iter().map(|value| {
            let variant = format_ident!("{}", names::variant(schema, value));
            let about = match schema["x-values"][value].as_str() {
                Some(about) => format!("`{value}`: {}", about.trim()),
                None => format!("`{value}`."),
            };
            quote! { #[doc = #about] #variant = #value, }
        });
        (
            NamedKind::Enum,
            quote! { crate::data::open_enum! { #[doc = #doc] #deprecated pub enum #ident { #(#variants)* } } },
        )
    } else if schema["format"] == "id" {
        (
            NamedKind::Id,
            quote! { crate::data::id_type! { #[doc = #doc] #deprecated pub struct #ident; } },
        )
    } else if schema.get("oneOf").is_some() {
        let tag = schema["discriminator"]["propertyName"].as_str()?;
        let variants = schema["discriminator"]["mapping"]
            .as_object()?
            .iter()
            .map(|(value, target)| {
                let member = format_ident!("{}", last_segment(target.as_str().unwrap_or_default()));
                let variant = format_ident!("{}", names::variant(schema, value));
                let about = format!("`{value}`.");
                quote! { #[doc = #about] #variant(#member) = #value, }
            });
        (
            NamedKind::Union,
            quote! { crate::data::open_union! { #[doc = #doc] #deprecated pub enum #ident by #tag { #(#variants)* } } },
        )
    } else {
        return None;
    };
    Some(Named {
        schema: name.to_owned(),
        kind,
        code,
    })
}
