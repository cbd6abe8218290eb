//! Lists the API versions for the macro in `src/version.rs`, and documents the operations missing from older ones.

use std::fmt::Write as _;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};
use sequencehq_document::{Document, model};
use serde_json::Value;

use super::calls::{accessor_type, verb};

/// Generates the invocation of `api_versions!` with all versions, the default, and those that support idempotency keys.
pub fn code(document: &Document) -> TokenStream {
    let versions = model::versions(&document.root);
    let entries = versions.all.iter().map(|version| {
        let variant = variant(version);
        let is_default = *version == versions.default;
        let about = format!("`{version}`{}.", if is_default { ", the default" } else { "" });
        let default = is_default.then(|| quote! { #[default] });
        quote! { #[doc = #about] #default #variant = #version, }
    });
    let keyed = versions.idempotency_key.iter().map(|version| variant(version));
    quote! {
        api_versions! {
            versions { #(#entries)* }
            honours_idempotency_key { #(#keyed)* }
        }
    }
}

/// Returns the Rust name of a version, such as `V2024_07_30`.
pub fn variant(version: &str) -> Ident {
    format_ident!("V{}", version.replace('-', "_"))
}

/// Generates two Markdown tables: operations of this crate that a version lacks, and published operations that this
/// crate does not support.
pub fn docs(document: &Document) -> String {
    let root = &document.root;
    let versions = model::versions(root).all;
    let Some((_, older)) = versions.split_last() else {
        return String::new();
    };
    let mut out = String::new();
    lacking(root, older, &mut out);
    not_offered(root, older, &mut out);
    out
}

fn lacking(root: &Value, older: &[String], out: &mut String) {
    let operations = model::operations(root);
    let rows: Vec<(String, Vec<Vec<String>>)> = model::tags(root)
        .iter()
        .filter_map(|tag| {
            let own = operations.iter().filter(|operation| operation.tag == tag.name);
            let lacking = |version: &String| {
                own.clone()
                    .filter(|operation| !operation.versions.contains(version))
                    .map(|operation| {
                        let method = verb(tag, operation);
                        let accessor = accessor_type(tag);
                        format!("[`{method}`](crate::calls::{accessor}::{method})")
                    })
                    .collect::<Vec<_>>()
            };
            let cells: Vec<_> = older.iter().map(lacking).collect();
            let any = cells.iter().any(|cell| !cell.is_empty());
            any.then(|| (format!("`{}()`", tag.name), cells))
        })
        .collect();
    if rows.is_empty() {
        return;
    }
    out.push_str(
        "# Operations missing from older versions\n\nThe newest version has all operations of this crate. Older versions \
         lack the following ones; calling one returns an error before anything is sent \
         ([`is_unsupported_version`](crate::Error::is_unsupported_version)).\n\n",
    );
    let _ = writeln!(
        out,
        "| accessor | {} |\n|---|{}",
        older
            .iter()
            .map(|version| format!("not in `{version}`"))
            .collect::<Vec<_>>()
            .join(" | "),
        "---|".repeat(older.len()),
    );
    for (name, cells) in rows {
        let cells: Vec<String> = cells.iter().map(|cell| cell.join(", ")).collect();
        let _ = writeln!(out, "| {name} | {} |", cells.join(" | "));
    }
    out.push('\n');
}

fn not_offered(root: &Value, older: &[String], out: &mut String) {
    let entries: Vec<&Value> = root["x-not-offered"].as_array().into_iter().flatten().collect();
    if entries.is_empty() {
        return;
    }
    let counts: Vec<String> = older
        .iter()
        .map(|version| {
            let of_version = entries.iter().filter(|entry| {
                model::strings(&entry["versions"])
                    .iter()
                    .any(|one| one == version)
            });
            let count: usize = of_version
                .map(|entry| model::strings(&entry["operations"]).len())
                .sum();
            format!("{count} of `{version}`")
        })
        .collect();
    let _ = writeln!(
        out,
        "# Unsupported operations\n\nThe vendor publishes further operations for older versions that this crate does not \
         support: {}. [`Client::request`](crate::Client::request) calls them with JSON, and any single call can be pinned to \
         another version with its option `api_version`.\n\n\
         | operation | published in | reason | instead |\n|---|---|---|---|",
        counts.join(", "),
    );
    for entry in entries {
        let code = |texts: Vec<String>| {
            texts
                .iter()
                .map(|text| format!("`{text}`"))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} |",
            code(model::strings(&entry["operations"])),
            code(model::strings(&entry["versions"])),
            entry["reason"].as_str().unwrap_or_default().trim(),
            entry["instead"].as_str().unwrap_or_default().trim(),
        );
    }
}
