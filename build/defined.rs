//! Generates the names that the document defines for a call, which `extra_query` and `extra_field` refuse.

use std::collections::BTreeMap;

use proc_macro2::TokenStream;
use quote::quote;
use sequencehq_document::model::{self, Operation, last_segment};
use serde_json::Value;

use super::versions::variant;

/// Generates the query parameters, with the versions that have them.
pub fn query(operation: &Operation) -> TokenStream {
    let parameters = operation.query.iter();
    let names = parameters.map(|parameter| (parameter.name.as_str(), parameter.versions.clone()));
    table(names.collect())
}

/// Generates the fields of the body, with the versions that have them; those of all members for a union.
pub fn fields(root: &Value, operation: &Operation) -> TokenStream {
    let schemas = &root["components"]["schemas"];
    let body = operation.body.as_deref().map(|name| &schemas[name]);
    let mut found: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    if let Some(body) = body {
        let union = &body["discriminator"];
        let members = union["mapping"].as_object().into_iter().flatten();
        let members = members.filter_map(|(_, target)| Some(&schemas[last_segment(target.as_str()?)]));
        for schema in members.chain([body]) {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                found.insert(name, model::strings(&property["x-versions"]));
            }
        }
        if let Some(tag) = union["propertyName"].as_str() {
            found.insert(tag, Vec::new());
        }
    }
    table(found)
}

fn table(names: BTreeMap<&str, Vec<String>>) -> TokenStream {
    let pairs = names.into_iter().map(|(name, versions)| {
        if versions.is_empty() {
            return quote! { (#name, ApiVersion::ALL) };
        }
        let versions = versions.iter().map(|version| variant(version));
        quote! { (#name, &[#(ApiVersion::#versions),*]) }
    });
    quote! { &[#(#pairs),*] }
}
