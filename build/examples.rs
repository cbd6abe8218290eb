//! Writes calls with sample arguments, from the document.
//!
//! One form is the example in the documentation of each call, which compiles as a documentation test; the
//! other is the list of all calls with all their arguments, which the tests run.

use std::fmt::Write as _;

use heck::{ToSnakeCase, ToUpperCamelCase};
use sequencehq_document::Document;
use sequencehq_document::model::{self, Kind, List, Operation, Parameter, Success, Tag};
use serde_json::Value;

use super::calls::{argument_ident, verb};

/// How much of a call is said.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// What is required.
    Required,
    /// Every parameter and every field.
    Everything,
}

/// Every call with every argument: the expression of an array of `(operation id, function)`.
pub fn every_call(document: &Document) -> String {
    let tags = model::tags(&document.root);
    let mut code = "[\n".to_owned();
    for operation in model::operations(&document.root) {
        let Some(tag) = tags.iter().find(|tag| tag.name == operation.tag) else {
            continue;
        };
        let invoked = invocation(&document.root, tag, &operation, Extent::Everything);
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

fn invocation(root: &Value, tag: &Tag, operation: &Operation, extent: Extent) -> String {
    let required = operation.query.iter().filter(|parameter| parameter.required);
    let mut arguments: Vec<String> = operation
        .path_params
        .iter()
        .chain(required)
        .map(|parameter| argument(root, parameter))
        .collect();
    if let Some(body) = &operation.body {
        let indent = "        ";
        arguments.push(format!("\n{indent}{},\n    ", builder(root, body, 2, extent)));
    }
    let function = argument_ident(verb(tag, operation));
    let mut invoked = format!("client.{}().{function}({})", tag.name, arguments.join(", "));
    if extent == Extent::Everything {
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
    let invoked = invocation(&document.root, tag, operation, Extent::Required);
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
    let one = match &parameter.kind {
        Kind::Named(name) => sample_of(root, name, 1, Extent::Required),
        Kind::Text => format!("\"{}\"", sample_text(&parameter.name)),
        Kind::Boolean => "true".to_owned(),
        Kind::Int32 | Kind::Int64 => "1".to_owned(),
        Kind::Decimal => "sequencehq::Decimal::new(1250, 2)".to_owned(),
        Kind::Date => date().to_owned(),
        Kind::Instant => instant().to_owned(),
    };
    if parameter.list == List::Single {
        one
    } else {
        format!("[{one}]")
    }
}

/// A builder with its fields set; `build` is left to the caller.
fn builder(root: &Value, schema: &str, depth: usize, extent: Extent) -> String {
    let indent = "    ".repeat(depth + 1);
    let object = &root["components"]["schemas"][schema];
    let names = match extent {
        Extent::Required => model::strings(&object["required"]),
        Extent::Everything => object["properties"]
            .as_object()
            .into_iter()
            .flatten()
            .map(|(name, _)| name.clone())
            .collect(),
    };
    let mut code = format!("{schema}::builder()");
    for name in names {
        let setter = argument_or_field(&name);
        let value = sample(root, &object["properties"][&name], &name, depth + 1, extent);
        code += &format!("\n{indent}.{setter}({value})");
    }
    code
}

fn argument_or_field(name: &str) -> String {
    match name.to_snake_case().as_str() {
        "type" => "type_".to_owned(),
        other => other.to_owned(),
    }
}

fn sample(root: &Value, property: &Value, name: &str, depth: usize, extent: Extent) -> String {
    if let Some(reference) = model::reference(property) {
        return sample_of(root, reference, depth, extent);
    }
    match (
        property["type"].as_str().unwrap_or_default(),
        property["format"].as_str().unwrap_or_default(),
    ) {
        (_, "decimal") => "sequencehq::Decimal::new(1250, 2)".to_owned(),
        (_, "date") => date().to_owned(),
        (_, "date-time") => instant().to_owned(),
        ("boolean", _) => "true".to_owned(),
        ("integer", _) => "1".to_owned(),
        ("array", _) => format!("[{}]", sample(root, &property["items"], name, depth, extent)),
        ("object", _) => "[(\"key\", \"value\")]".to_owned(),
        ("string", _) => format!("\"{}\"", sample_text(name)),
        _ => "serde_json::json!(\"anything\")".to_owned(),
    }
}

fn sample_of(root: &Value, name: &str, depth: usize, extent: Extent) -> String {
    let schema = &root["components"]["schemas"][name];
    if let Some(value) = schema["enum"][0].as_str() {
        format!("{name}::{}", value.to_upper_camel_case())
    } else if schema["format"] == "id" {
        "\"6cedbb5e-4f77-4217-b8d4-020e7e4d33c9\"".to_owned()
    } else if let Some(member) = schema["oneOf"][0]["$ref"].as_str() {
        format!(
            "{}.build()?",
            builder(root, model::last_segment(member), depth, extent)
        )
    } else {
        format!("{}.build()?", builder(root, name, depth, extent))
    }
}

fn sample_text(name: &str) -> &'static str {
    match name {
        "email" => "billing@example.com",
        "recipient" => "https://example.com/hook",
        "country" => "GB",
        _ => "text",
    }
}

fn date() -> &'static str {
    "sequencehq::NaiveDate::from_ymd_opt(2026, 1, 31).expect(\"a date\")"
}

fn instant() -> &'static str {
    "sequencehq::DateTime::from_timestamp(1_767_225_600, 0).expect(\"an instant\")"
}
