//! Lists the generated public surface, for review and for a test that detects changes.

use std::fmt::Write as _;

use quote::ToTokens;
use sequencehq_document::Document;
use sequencehq_document::model::{self, List, Parameter, Success};
use serde_json::Value;
use syn::{Attribute, ItemStruct};

use super::calls::{accessor_type, argument_ident, verb};

/// Lists the versions and every operation, setter, type, field and enum value, one per line.
pub fn listing(document: &Document, types: &[ItemStruct]) -> String {
    let mut out = String::new();
    versions(&document.root, &mut out);
    operations(&document.root, &mut out);
    structs(document, types, &mut out);
    named(&document.root, &mut out);
    out
}

fn versions(root: &Value, out: &mut String) {
    let versions = model::versions(root);
    let _ = writeln!(
        out,
        "versions {}  default {}  idempotency key in {}",
        versions.all.join(" "),
        versions.default,
        versions.idempotency_key.join(" "),
    );
}

fn operations(root: &Value, out: &mut String) {
    let operations = model::operations(root);
    for tag in model::tags(root) {
        let _ = writeln!(
            out,
            "client.{}() -> {}  [feature {}]",
            tag.name,
            accessor_type(&tag),
            tag.feature
        );
        for operation in operations.iter().filter(|operation| operation.tag == tag.name) {
            let mut arguments: Vec<String> = operation
                .path_params
                .iter()
                .chain(operation.query.iter().filter(|parameter| parameter.required))
                .map(|parameter| format!("{}: {}", argument_ident(parameter), parameter_type(parameter)))
                .collect();
            arguments.extend(operation.body.iter().map(|body| format!("body: {body}")));
            let output = match &operation.success {
                Success::Json(schema) => schema.as_str(),
                Success::Nothing => "()",
                Success::Pdf => "Download",
            };
            let _ = writeln!(
                out,
                "  .{}({}) -> {output}{}{}",
                verb(&tag, operation),
                arguments.join(", "),
                if operation.paginated { ", items" } else { "" },
                deprecated(operation.deprecated),
            );
            let _ = writeln!(
                out,
                "      {} {}  since {}  repeat {}",
                operation.method.to_uppercase(),
                operation.path,
                operation.versions.first().map_or("?", String::as_str),
                operation.repeat,
            );
            for parameter in operation.query.iter().filter(|parameter| !parameter.required) {
                let _ = writeln!(
                    out,
                    "      .{}({}){}",
                    argument_ident(parameter),
                    parameter_type(parameter),
                    deprecated(parameter.deprecated),
                );
            }
        }
    }
}

fn parameter_type(parameter: &Parameter) -> String {
    let one = match &parameter.value_type {
        model::ParameterType::Named(name) => name.clone(),
        other => format!("{other:?}"),
    };
    match parameter.list {
        List::Single => one,
        List::Commas => format!("[{one}] by commas"),
        List::Repeated => format!("[{one}] repeated"),
    }
}

fn structs(document: &Document, types: &[ItemStruct], out: &mut String) {
    let requests = model::request_schemas(&document.root);
    for item in types {
        let builder = if requests.contains(&item.ident.to_string()) {
            "  [builder]"
        } else {
            ""
        };
        let _ = writeln!(
            out,
            "struct {}{builder}{}",
            item.ident,
            deprecated(is_deprecated(&item.attrs))
        );
        for field in &item.fields {
            let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(
                out,
                "  {ident}: {}{}",
                short(&field.ty.to_token_stream().to_string()),
                deprecated(is_deprecated(&field.attrs)),
            );
        }
    }
}

fn is_deprecated(attributes: &[Attribute]) -> bool {
    let mut attributes = attributes.iter();
    attributes.any(|attribute| attribute.path().is_ident("deprecated"))
}

fn deprecated(is_deprecated: bool) -> &'static str {
    if is_deprecated { "  [deprecated]" } else { "" }
}

/// Returns a type without well-known paths.
fn short(ty: &str) -> String {
    let mut text = ty.replace(' ', "");
    for path in [
        "::std::option::",
        "::std::boxed::",
        "::std::vec::",
        "::std::string::",
        "::std::collections::",
        "::rust_decimal::",
        "::chrono::offset::",
        "::chrono::",
        "::serde_json::",
        "crate::types::",
        "crate::data::",
        "crate::",
    ] {
        text = text.replace(path, "");
    }
    text
}

fn named(root: &Value, out: &mut String) {
    for (name, schema) in model::schemas(root) {
        let deprecated = deprecated(schema["deprecated"] == true);
        if schema.get("enum").is_some() {
            let values = model::strings(&schema["enum"]).join(" ");
            let _ = writeln!(out, "enum {name}: {values}{deprecated}");
        } else if schema["format"] == "id" {
            let _ = writeln!(out, "id {name}{deprecated}");
        } else if schema.get("oneOf").is_some() {
            let members = schema["discriminator"]["mapping"]
                .as_object()
                .into_iter()
                .flatten();
            let members: Vec<String> = members
                .map(|(value, target)| {
                    format!(
                        "{value}={}",
                        model::last_segment(target.as_str().unwrap_or_default())
                    )
                })
                .collect();
            let _ = writeln!(out, "union {name}: {}{deprecated}", members.join(" "));
        }
    }
}
