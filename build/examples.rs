//! Writes calls with sample arguments, from the document.
//!
//! One form is the example in the documentation of each call, which compiles as a documentation test; the
//! other is the list of all calls with all their arguments, which the tests run.

use std::fmt::Write as _;

use heck::{ToSnakeCase, ToUpperCamelCase};
use sequencehq_document::Document;
use sequencehq_document::model::{self, Kind, List, Operation, Parameter, Success, Tag};
use sequencehq_document::sample::{self, Shape};
use serde_json::{Value, json};

use super::calls::{argument_ident, verb};

/// Every call with every argument: the expression of an array of `(operation id, function)`.
pub fn every_call(document: &Document) -> String {
    let tags = model::tags(&document.root);
    let mut code = "[\n".to_owned();
    for operation in model::operations(&document.root) {
        let Some(tag) = tags.iter().find(|tag| tag.name == operation.tag) else {
            continue;
        };
        let invoked = invocation(&document.root, tag, &operation, Shape::Whole);
        let encoded = match operation.success {
            Success::Json(_) => format!("let answer = {invoked}.await?; serde_json::to_value(&answer)"),
            Success::Pdf => {
                format!("let answer = {invoked}.await?.bytes().await?; serde_json::to_value(answer.to_vec())")
            }
            Success::Nothing => format!("{invoked}.await?; serde_json::to_value(())"),
        };
        let _ = writeln!(
            code,
            "({:?}, |client| Box::pin(async move {{ Ok({{ {encoded} }}.expect(\"answers encode\")) }})),",
            operation.id,
        );
    }
    code + "]"
}

/// A call with its required arguments, and with all others if `shape` is whole.
fn invocation(root: &Value, tag: &Tag, operation: &Operation, shape: Shape) -> String {
    let required = operation.query.iter().filter(|parameter| parameter.required);
    let mut arguments: Vec<String> = operation
        .path_params
        .iter()
        .chain(required)
        .map(|parameter| argument(root, parameter))
        .collect();
    if let Some(body) = &operation.body {
        let indent = "        ";
        let value = sample::named(root, body, shape);
        arguments.push(format!("\n{indent}{},\n    ", builder(root, body, &value, 2)));
    }
    let function = argument_ident(verb(tag, operation));
    let mut invoked = format!("client.{}().{function}({})", tag.name, arguments.join(", "));
    if shape == Shape::Whole {
        for parameter in operation.query.iter().filter(|parameter| !parameter.required) {
            let _ = write!(
                invoked,
                ".{}({})",
                argument_ident(&parameter.name),
                argument(root, parameter)
            );
        }
    }
    invoked
}

/// The example of one call, as Markdown.
pub fn call(document: &Document, tag: &Tag, operation: &Operation) -> String {
    let mut lines = Vec::new();
    let invoked = invocation(&document.root, tag, operation, Shape::Minimal);
    match (&operation.success, operation.paginated) {
        (Success::Json(page), true) => {
            let item = &document.root["components"]["schemas"][page]["properties"]["items"]["items"];
            let name = model::reference(item).unwrap_or("item").to_snake_case();
            lines.push(format!("let mut items = {invoked}.items();"));
            lines.push(format!("while let Some({name}) = items.try_next().await? {{"));
            lines.push(format!("    println!(\"{{{name}:?}}\");"));
            lines.push("}".to_owned());
        }
        (Success::Json(schema), false) => {
            let name = schema.to_snake_case();
            lines.push(format!("let {name} = {invoked}.await?;"));
            lines.push(format!("println!(\"{{{name}:?}}\");"));
        }
        (Success::Nothing, _) => lines.push(format!("{invoked}.await?;")),
        (Success::Pdf, _) => {
            lines.push(format!("let pdf = {invoked}.await?.bytes().await?;"));
            lines.push("assert!(pdf.starts_with(b\"%PDF\"));".to_owned());
        }
    }
    format!(
        "```no_run\n# use sequencehq::types::*;\n# async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {{\n{}\n# Ok(())\n# }}\n```",
        lines.join("\n"),
    )
}

fn argument(root: &Value, parameter: &Parameter) -> String {
    let schema = match &parameter.kind {
        Kind::Named(name) => json!({ "$ref": model::schema_reference(name) }),
        Kind::Text => json!({"type": "string"}),
        Kind::Boolean => json!({"type": "boolean"}),
        Kind::Int32 | Kind::Int64 => json!({"type": "integer"}),
        Kind::Decimal => json!({"type": "string", "format": "decimal"}),
        Kind::Date => json!({"type": "string", "format": "date"}),
        Kind::Instant => json!({"type": "string", "format": "date-time"}),
    };
    let value = sample::property(root, &parameter.name, &schema, Shape::Minimal);
    let one = expression(root, &schema, &value, 1);
    if parameter.list == List::Single {
        one
    } else {
        format!("[{one}]")
    }
}

/// A builder with the fields of `value` set; `build` is left to the caller.
fn builder(root: &Value, schema: &str, value: &Value, depth: usize) -> String {
    let indent = "    ".repeat(depth + 1);
    let properties = &root["components"]["schemas"][schema]["properties"];
    let mut code = format!("{schema}::builder()");
    for (name, value) in value.as_object().into_iter().flatten() {
        // The discriminator is written by the union.
        let Some(property) = properties.get(name) else {
            continue;
        };
        let setter = field_ident(name);
        if value.as_array().is_some_and(Vec::is_empty) {
            code += &format!("\n{indent}.no_{setter}()");
        } else {
            let value = expression(root, property, value, depth + 1);
            code += &format!("\n{indent}.{setter}({value})");
        }
    }
    code
}

fn field_ident(name: &str) -> String {
    match name.to_snake_case().as_str() {
        "type" => "type_".to_owned(),
        other => other.to_owned(),
    }
}

/// The Rust expression of `value`, which fits `schema`.
fn expression(root: &Value, schema: &Value, value: &Value, depth: usize) -> String {
    if let Some(name) = model::reference(schema) {
        return named(root, name, value, depth);
    }
    let text = value.as_str().unwrap_or_default();
    match (
        schema["type"].as_str().unwrap_or_default(),
        schema["format"].as_str().unwrap_or_default(),
    ) {
        (_, "decimal") if value.is_number() => decimal(&value.to_string()),
        (_, "decimal") => decimal(text),
        (_, "date") => date(text),
        (_, "date-time") => {
            format!("sequencehq::DateTime::parse_from_rfc3339({text:?}).expect(\"an instant\")")
        }
        ("array", _) => {
            let items = value.as_array().into_iter().flatten();
            let items: Vec<_> = items
                .map(|item| expression(root, &schema["items"], item, depth))
                .collect();
            format!("[{}]", items.join(", "))
        }
        ("object", _) => {
            let entry = |(key, entry): (&String, &Value)| {
                let entry = expression(root, &schema["additionalProperties"], entry, depth);
                format!("({key:?}, {entry})")
            };
            let entries: Vec<_> = value.as_object().into_iter().flatten().map(entry).collect();
            format!("[{}]", entries.join(", "))
        }
        ("boolean" | "integer" | "string", _) => value.to_string(),
        _ if value.is_string() => value.to_string(),
        _ => format!("serde_json::json!({value})"),
    }
}

/// The expression of a value of a named schema.
fn named(root: &Value, name: &str, value: &Value, depth: usize) -> String {
    let schema = &root["components"]["schemas"][name];
    let text = value.as_str().unwrap_or_default();
    if schema.get("enum").is_some() {
        return format!("{name}::{}", text.to_upper_camel_case());
    }
    if schema["format"] == "id" {
        return format!("{text:?}");
    }
    let discriminator = &schema["discriminator"];
    let member = discriminator["propertyName"]
        .as_str()
        .and_then(|tag| discriminator["mapping"][value[tag].as_str()?].as_str());
    let name = member.map_or(name, model::last_segment);
    format!("{}.build()?", builder(root, name, value, depth))
}

/// `12.50` as `Decimal::new(1250, 2)`.
fn decimal(text: &str) -> String {
    let scale = text.split_once('.').map_or(0, |(_, fraction)| fraction.len());
    format!("sequencehq::Decimal::new({}, {scale})", text.replace('.', ""))
}

/// `2026-01-31` as `NaiveDate::from_ymd_opt(2026, 1, 31)`.
fn date(text: &str) -> String {
    let parts: Vec<&str> = text.split('-').map(|part| part.trim_start_matches('0')).collect();
    format!(
        "sequencehq::NaiveDate::from_ymd_opt({}).expect(\"a date\")",
        parts.join(", ")
    )
}
