//! Writes `Debug`, which keeps secrets in data out of it.
//!
//! A property with `format: password` is a secret: the `Debug` of its struct and of the struct's builder print
//! `<redacted>` in its place, and in place of unknown fields, among which could be another one. What contains the struct
//! (a page, a pending call, a response) prints it in the same way. Serialization and equality are unchanged.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use sequencehq_document::{Document, model};
use serde_json::Value;
use syn::ItemStruct;

use super::fields::json_name;
use super::types::option_inner;

/// Returns `true` if the schema itself has a secret property, not counting the schemas that it refers to.
pub fn has_secret(schema: &Value) -> bool {
    schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .any(|(_, property)| is_secret(property))
}

/// Returns `true` if the schema, or any schema that it refers to, has a secret property.
pub fn reaches_secret(root: &Value, name: &str) -> bool {
    let (mut open, mut seen) = (vec![name.to_owned()], std::collections::BTreeSet::new());
    while let Some(name) = open.pop() {
        let schema = &root["components"]["schemas"][&name];
        if has_secret(schema) {
            return true;
        }
        if seen.insert(name) {
            model::references(schema, "", &mut |_, reference| {
                open.push(model::last_segment(reference).to_owned());
            });
        }
    }
    false
}

fn is_secret(property: &Value) -> bool {
    property["format"] == "password"
}

/// Returns the `Debug` of each struct, and of the builder of each struct with secrets.
pub fn code(document: &Document, types: &[ItemStruct]) -> TokenStream {
    let requests = model::request_schemas(&document.root);
    let mut code = TokenStream::new();
    for item in types {
        let name = item.ident.to_string();
        let schema = &document.root["components"]["schemas"][&name];
        code.extend(implementation(&item.ident, item, schema, |is_option| is_option));
        if has_secret(schema) && requests.contains(&name) {
            // Each slot of a builder is an `Option`.
            code.extend(implementation(
                &format_ident!("{name}Builder"),
                item,
                schema,
                |_| true,
            ));
        }
    }
    code
}

fn implementation(
    name: &Ident,
    item: &ItemStruct,
    schema: &Value,
    is_option: impl Fn(bool) -> bool,
) -> TokenStream {
    let idents = item.fields.iter().filter_map(|field| field.ident.as_ref());
    let labels = idents.map(|ident| ident.to_string().trim_start_matches("r#").to_owned());
    let values = item.fields.iter().map(|field| {
        let ident = &field.ident;
        let secret = is_secret(&schema["properties"][json_name(field)]);
        match (secret, is_option(option_inner(&field.ty).is_some())) {
            (false, _) => quote! { &self.#ident },
            (true, false) => quote! { &crate::data::Redacted },
            // An absent secret is printed as absent, which helps debugging and reveals nothing.
            (true, true) => {
                quote! { &self.#ident.as_ref().map(|_| crate::data::Redacted) }
            }
        }
    });
    let label = name.to_string();
    // Another secret of the same object could be among the unknown fields.
    let extra = if has_secret(schema) {
        quote! { self.extra.redacted() }
    } else {
        quote! { self.extra.printed() }
    };
    quote! {
        impl ::std::fmt::Debug for #name {
            #[inline]
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                crate::data::object::debug(f, #label, &[#(#labels),*], &[#(#values),*], #extra)
            }
        }
    }
}
