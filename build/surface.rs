//! Lists the generated public surface, for review and for a test that detects changes.

use std::fmt::Write as _;

use heck::ToLowerCamelCase as _;
use quote::ToTokens;
use sequencehq_document::model::{self, List, Operation, Parameter, Success};
use sequencehq_document::{Document, updates};
use serde_json::Value;
use syn::{Attribute, Field, ItemStruct};

use super::calls::{accessor_type, argument_ident, verb};
use super::fields::json_name;

/// Lists the versions and every operation, setter, type, field and enum value, one per line.
///
/// What a name and a type leave open follows in brackets: what is required, what differs on the wire, and what only
/// some versions have. `xtask/src/surface/changes` reads the lines.
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
    let supported = model::versions(root).all;
    for tag in model::tags(root) {
        let _ = writeln!(
            out,
            "client.{}() -> {}  [feature {}]",
            tag.name,
            accessor_type(&tag),
            tag.feature
        );
        for operation in operations.iter().filter(|operation| operation.tag == tag.name) {
            let _ = writeln!(out, "  .{}{}", verb(&tag, operation), signature(operation));
            let _ = writeln!(out, "      {}", endpoint(operation, &supported));
            for parameter in operation.query.iter().filter(|parameter| !parameter.required) {
                let _ = writeln!(
                    out,
                    "      .{}({}){}",
                    argument_ident(parameter),
                    parameter_type(parameter),
                    parameter_marks(parameter),
                );
            }
        }
    }
}

/// Returns the arguments, the output and the marks of an operation.
fn signature(operation: &Operation) -> String {
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
    let mut marks = Vec::new();
    marks.extend(operation.paginated.then(|| "items".to_owned()));
    marks.extend(
        operation
            .conflict
            .iter()
            .map(|schema| format!("conflict {schema}")),
    );
    marks.extend(operation.deprecated.then(|| "deprecated".to_owned()));
    format!("({}) -> {output}{}", arguments.join(", "), bracketed(&marks))
}

/// Returns how an operation is sent.
fn endpoint(operation: &Operation, supported: &[String]) -> String {
    let mut marks = Vec::new();
    let is_since_one = supported.ends_with(&operation.versions);
    marks.extend((!is_since_one).then(|| only_in(&operation.versions)));
    marks.extend(operation.is_event.then(|| "rate limit of events".to_owned()));
    for (version, (method, path)) in &operation.former {
        marks.push(format!("{version}: {} {path}", method.to_uppercase()));
    }
    let arguments = operation.query.iter().filter(|parameter| parameter.required);
    for parameter in operation.path_params.iter().chain(arguments) {
        let wire = wire_marks(parameter);
        marks.extend(
            wire.into_iter()
                .map(|mark| format!("{}: {mark}", argument_ident(parameter))),
        );
    }
    format!(
        "{} {}  since {}  repeat {}{}",
        operation.method.to_uppercase(),
        operation.path,
        operation.versions.first().map_or("?", String::as_str),
        operation.repeat,
        bracketed(&marks),
    )
}

fn parameter_type(parameter: &Parameter) -> String {
    let one = match &parameter.value_type {
        model::ParameterType::Named(name) => name.clone(),
        other => format!("{other:?}"),
    };
    match parameter.list {
        List::Single => one,
        List::Commas | List::Repeated => format!("[{one}]"),
    }
}

fn parameter_marks(parameter: &Parameter) -> String {
    let mut marks = wire_marks(parameter);
    marks.extend(parameter.deprecated.then(|| "deprecated".to_owned()));
    bracketed(&marks)
}

/// Returns what a parameter's name and type leave open about the request: its form, what it may be, and where.
fn wire_marks(parameter: &Parameter) -> Vec<String> {
    let mut marks = Vec::new();
    marks.extend(match parameter.list {
        List::Single => None,
        List::Commas => Some("by commas".to_owned()),
        List::Repeated => Some("repeated".to_owned()),
    });
    marks.extend(parameter.encode_items.then(|| "each encoded".to_owned()));
    marks.extend(
        parameter
            .bounds
            .map(|(least, greatest)| format!("{least} to {greatest}")),
    );
    marks.extend(wire_name(&parameter.rust_name, &parameter.name));
    marks.extend((!parameter.versions.is_empty()).then(|| only_in(&parameter.versions)));
    marks
}

fn structs(document: &Document, types: &[ItemStruct], out: &mut String) {
    let requests = model::request_schemas(&document.root);
    let pairs = updates::pairs(&document.root);
    for item in types {
        let name = item.ident.to_string();
        let mut marks = Vec::new();
        let is_sent = requests.contains(&name);
        marks.extend(is_sent.then(|| "builder".to_owned()));
        let made = pairs.iter().filter(|pair| pair.body == name);
        marks.extend(made.map(|pair| format!("from {}", pair.resource)));
        marks.extend(is_deprecated(&item.attrs).then(|| "deprecated".to_owned()));
        let _ = writeln!(out, "struct {name}{}", bracketed(&marks));
        let schema = &document.root["components"]["schemas"][&name];
        for field in &item.fields {
            let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
            let _ = writeln!(
                out,
                "  {ident}: {}{}",
                short(&field.ty.to_token_stream().to_string()),
                bracketed(&field_marks(field, schema, is_sent)),
            );
        }
    }
}

/// Returns what a field's name and type leave open about JSON, and what a builder requires.
fn field_marks(field: &Field, schema: &Value, is_sent: bool) -> Vec<String> {
    let name = json_name(field);
    let property = &schema["properties"][&name];
    let is_required = model::strings(&schema["required"]).contains(&name);
    let required_in = model::strings(&property["x-required-in"]);
    let versions = model::strings(&property["x-versions"]);
    let ident = field.ident.as_ref().map(ToString::to_string).unwrap_or_default();
    let is_number = |schema: &Value| schema["format"] == "decimal" && schema["type"] == "number";
    let mut marks = Vec::new();
    marks.extend((is_sent && is_required).then(|| "required".to_owned()));
    marks.extend((!required_in.is_empty()).then(|| format!("required in {}", required_in.join(" "))));
    marks.extend((is_number(property) || is_number(&property["items"])).then(|| "as number".to_owned()));
    marks.extend(wire_name(&ident, &name));
    marks.extend((!versions.is_empty()).then(|| only_in(&versions)));
    marks.extend((property["format"] == "password").then(|| "secret".to_owned()));
    marks.extend(is_deprecated(&field.attrs).then(|| "deprecated".to_owned()));
    marks
}

/// Returns the mark for a name on the wire that does not follow from the Rust name.
fn wire_name(ident: &str, name: &str) -> Option<String> {
    (ident.to_lower_camel_case() != name).then(|| format!("sent as {name}"))
}

fn only_in(versions: &[String]) -> String {
    format!("in {}", versions.join(" "))
}

fn is_deprecated(attributes: &[Attribute]) -> bool {
    let mut attributes = attributes.iter();
    attributes.any(|attribute| attribute.path().is_ident("deprecated"))
}

/// Returns each mark in brackets, as they end a line.
fn bracketed(marks: &[String]) -> String {
    marks.iter().map(|mark| format!("  [{mark}]")).collect()
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
        let deprecated = if schema["deprecated"] == true {
            "  [deprecated]"
        } else {
            ""
        };
        if schema.get("enum").is_some() {
            let values = model::strings(&schema["enum"]);
            let values: Vec<String> = values.iter().map(|value| enum_value(schema, value)).collect();
            let _ = writeln!(out, "enum {name}: {}{deprecated}", values.join(" "));
        } else if schema["format"] == "id" {
            let _ = writeln!(out, "id {name}{deprecated}");
        } else if schema.get("oneOf").is_some() {
            let members = schema["discriminator"]["mapping"].as_object();
            let members: Vec<String> = members
                .into_iter()
                .flatten()
                .map(|(value, target)| {
                    let target = model::last_segment(target.as_str().unwrap_or_default());
                    format!("{value}={target}")
                })
                .collect();
            let _ = writeln!(out, "union {name}: {}{deprecated}", members.join(" "));
        }
    }
}

/// Returns a value with the name of its variant, if the document sets one, and the versions that have it, if not all.
fn enum_value(schema: &Value, value: &str) -> String {
    let mut text = value.to_owned();
    if let Some(name) = schema["x-rust-names"][value].as_str() {
        let _ = write!(text, "={name}");
    }
    let versions = model::strings(&schema["x-value-versions"][value]);
    if !versions.is_empty() {
        let _ = write!(text, "@{}", versions.join(","));
    }
    text
}
