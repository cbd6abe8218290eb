//! Generates calls with sample arguments.
//!
//! One form is the example in the documentation of each call, which compiles as a documentation test. The other is
//! the list of all calls with all their arguments, which the tests run.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use heck::{ToSnakeCase, ToUpperCamelCase};
use sequencehq_document::Document;
use sequencehq_document::model::{self, Kind, List, Operation, Parameter, Success, Tag};
use serde_json::Value;

use super::calls::{argument_ident, verb};
use super::debug;

/// Which arguments of a call are generated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// The required arguments, with values suitable for documentation.
    Required,
    /// All parameters and fields, each with a distinct value.
    Everything,
}

/// Generates the values of one call.
///
/// With [`Extent::Everything`] the arguments are numbered in the order of the document: path, query, body with its
/// fields depth first. The name and number of an argument determine its value, so that a test that traverses the
/// document independently detects swapped arguments (`tests/it/arguments.rs`).
struct Samples {
    extent: Extent,
    given: u32,
    /// The number of values generated for each type with few values: booleans, and each enum.
    of_kind: BTreeMap<String, usize>,
}

impl Samples {
    fn new(extent: Extent) -> Self {
        Self {
            extent,
            given: 0,
            of_kind: BTreeMap::new(),
        }
    }

    fn is_numbered(&self) -> bool {
        self.extent == Extent::Everything
    }

    fn number(&mut self) -> u32 {
        self.given += 1;
        self.given
    }

    fn occurrence(&mut self, kind: &str) -> usize {
        let count = self.of_kind.entry(kind.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    fn text(&mut self, name: &str) -> String {
        if self.is_numbered() {
            format!("\"{name} & {}\"", self.number())
        } else {
            format!("\"{}\"", sample_text(name))
        }
    }

    fn id(&mut self, name: &str) -> String {
        if self.is_numbered() {
            self.text(name)
        } else {
            "\"6cedbb5e-4f77-4217-b8d4-020e7e4d33c9\"".to_owned()
        }
    }

    /// Every two booleans of a call differ in some round.
    fn boolean(&mut self) -> String {
        if self.is_numbered() {
            format!("flag({}, round)", self.occurrence("boolean"))
        } else {
            "true".to_owned()
        }
    }

    fn integer(&mut self, bounds: Option<(i64, i64)>) -> String {
        match (self.is_numbered(), bounds) {
            (false, _) => "1".to_owned(),
            (true, None) => self.number().to_string(),
            (true, Some((low, high))) => (low + i64::from(self.number()) % (high - low + 1)).to_string(),
        }
    }

    fn decimal(&mut self) -> String {
        let cents = if self.is_numbered() {
            self.number() * 100 + 50
        } else {
            1250
        };
        format!("sequencehq::Decimal::new({cents}, 2)")
    }

    fn date(&mut self) -> String {
        let (year, month, day) = if self.is_numbered() {
            let number = self.number();
            (2026 + number / (12 * 28), number / 28 % 12 + 1, number % 28 + 1)
        } else {
            (2026, 1, 31)
        };
        format!("sequencehq::NaiveDate::from_ymd_opt({year}, {month}, {day}).expect(\"a date\")")
    }

    fn instant(&mut self) -> String {
        let second = if self.is_numbered() {
            format!("1_767_225_600 + {}", self.number())
        } else {
            "1_767_225_600".to_owned()
        };
        format!("sequencehq::DateTime::from_timestamp({second}, 0).expect(\"an instant\")")
    }

    fn variant(&mut self, name: &str, values: &[String]) -> String {
        let chosen = if self.is_numbered() {
            self.occurrence(name) % values.len()
        } else {
            0
        };
        format!("{name}::{}", values[chosen].to_upper_camel_case())
    }
}

/// Generates all calls with all arguments, as the expression of an array of `(operation id, function)`.
///
/// The functions have two parameters: the client, and a round that determines the booleans through
/// `flag(occurrence, round)` of the including module.
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
            "({:?}, |client, round| Box::pin(async move {{ Ok({{ {encoded} }}.expect(\"answers encode\")) }})),",
            operation.id,
        );
    }
    code + "]"
}

/// Generates the `Debug` output of every type that contains a secret, of its builder, and of the calls with one.
///
/// The result is the expression of an array of `(name, function)`. The functions have a client and the JSON of the
/// type as parameters, and return the texts.
pub fn every_secret(document: &Document) -> String {
    let root = &document.root;
    let requests = model::request_schemas(root);
    let mut code = "[\n".to_owned();
    let mut entry = |name: &str, shown: &str| {
        let _ = writeln!(
            code,
            "({name:?}, |client, json| {{ let round = 0; let shown = {shown}; Ok(vec![format!(\"{{shown:?}}\"), format!(\"{{shown:#?}}\")]) }}),",
        );
    };
    for (name, schema) in model::schemas(root) {
        if !debug::reaches_secret(root, name) {
            continue;
        }
        entry(name, &format!("serde_json::from_value::<{name}>(json)?"));
        if requests.contains(name) && schema.get("oneOf").is_none() {
            let built = builder(root, name, 2, &mut Samples::new(Extent::Everything));
            entry(&format!("{name}Builder"), &built);
        }
    }
    let tags = model::tags(root);
    for operation in model::operations(root) {
        let tag = tags.iter().find(|tag| tag.name == operation.tag);
        if let (Some(tag), Some(body)) = (tag, &operation.body)
            && debug::reaches_secret(root, body)
        {
            entry(
                &operation.id,
                &invocation(root, tag, &operation, Extent::Everything),
            );
        }
    }
    code + "]"
}

fn invocation(root: &Value, tag: &Tag, operation: &Operation, extent: Extent) -> String {
    let samples = &mut Samples::new(extent);
    let mut values = Vec::new();
    for parameter in operation.path_params.iter().chain(&operation.query) {
        if parameter.required || extent == Extent::Everything {
            values.push((parameter, argument(root, parameter, samples)));
        }
    }
    let mut arguments: Vec<&str> = values
        .iter()
        .filter(|(parameter, _)| parameter.required)
        .map(|(_, value)| value.as_str())
        .collect();
    let body = operation.body.as_ref().map(|body| {
        let indent = "        ";
        format!("\n{indent}{},\n    ", builder(root, body, 2, samples))
    });
    arguments.extend(body.as_deref());
    let function = argument_ident(verb(tag, operation));
    let mut invoked = format!("client.{}().{function}({})", tag.name, arguments.join(", "));
    for (parameter, value) in values.iter().filter(|(parameter, _)| !parameter.required) {
        let _ = write!(invoked, ".{}({value})", argument_ident(&parameter.name));
    }
    invoked
}

/// Generates the Markdown example of one call.
pub fn call(document: &Document, tag: &Tag, operation: &Operation) -> String {
    let mut lines = Vec::new();
    let invoked = invocation(&document.root, tag, operation, Extent::Required);
    let print = |schema: &str, name: &str| {
        let has_id = document.root["components"]["schemas"][schema]["properties"]["id"].is_object();
        if !debug::reaches_secret(&document.root, schema) {
            format!("println!(\"{{{name}:?}}\");")
        } else if has_id {
            // An example should not print a secret.
            format!("println!(\"{{}}\", {name}.id);")
        } else {
            format!("drop({name});")
        }
    };
    match (&operation.success, operation.paginated) {
        (Success::Json(page), true) => {
            let item = &document.root["components"]["schemas"][page]["properties"]["items"]["items"];
            let schema = model::reference(item).unwrap_or("item");
            let name = schema.to_snake_case();
            lines.push(format!("let mut items = {invoked}.items();"));
            lines.push(format!("while let Some({name}) = items.try_next().await? {{"));
            lines.push(format!("    {}", print(schema, &name)));
            lines.push("}".to_owned());
        }
        (Success::Json(schema), false) => {
            let name = schema.to_snake_case();
            lines.push(format!("let {name} = {invoked}.await?;"));
            lines.push(print(schema, &name));
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

fn argument(root: &Value, parameter: &Parameter, samples: &mut Samples) -> String {
    if parameter.list == List::Single {
        return one(root, parameter, samples);
    }
    let first = one(root, parameter, samples);
    if samples.is_numbered() {
        format!("[{first}, {}]", one(root, parameter, samples))
    } else {
        format!("[{first}]")
    }
}

fn one(root: &Value, parameter: &Parameter, samples: &mut Samples) -> String {
    let name = &parameter.name;
    match &parameter.kind {
        Kind::Named(reference) => sample_of(root, reference, name, 1, samples),
        // Only an encoded item can contain the comma that separates items.
        Kind::Text if parameter.encode_items => samples.text(&format!("{name},")),
        Kind::Text => samples.text(name),
        Kind::Boolean => samples.boolean(),
        Kind::Int32 | Kind::Int64 => samples.integer(parameter.bounds),
        Kind::Decimal => samples.decimal(),
        Kind::Date => samples.date(),
        Kind::Instant => samples.instant(),
    }
}

/// Generates a builder with its fields set, without the call of `build`.
fn builder(root: &Value, schema: &str, depth: usize, samples: &mut Samples) -> String {
    let indent = "    ".repeat(depth + 1);
    let object = &root["components"]["schemas"][schema];
    let names = match samples.extent {
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
        let value = sample(root, &object["properties"][&name], &name, depth + 1, samples);
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

fn sample(root: &Value, property: &Value, name: &str, depth: usize, samples: &mut Samples) -> String {
    if let Some(reference) = model::reference(property) {
        return sample_of(root, reference, name, depth, samples);
    }
    match (
        property["type"].as_str().unwrap_or_default(),
        property["format"].as_str().unwrap_or_default(),
    ) {
        (_, "decimal") => samples.decimal(),
        (_, "date") => samples.date(),
        (_, "date-time") => samples.instant(),
        ("boolean", _) => samples.boolean(),
        ("integer", _) => samples.integer(None),
        ("array", _) => format!("[{}]", sample(root, &property["items"], name, depth, samples)),
        ("object", _) if samples.is_numbered() => {
            let value = samples.text(name);
            format!("[(\"{name} key\", {value})]")
        }
        ("object", _) => "[(\"key\", \"value\")]".to_owned(),
        ("string", _) => samples.text(name),
        _ => "serde_json::json!(\"anything\")".to_owned(),
    }
}

fn sample_of(root: &Value, schema: &str, name: &str, depth: usize, samples: &mut Samples) -> String {
    let object = &root["components"]["schemas"][schema];
    let values = model::strings(&object["enum"]);
    if !values.is_empty() {
        samples.variant(schema, &values)
    } else if object["format"] == "id" {
        samples.id(name)
    } else {
        // The first member represents a union.
        let member = object["oneOf"][0]["$ref"].as_str().map(model::last_segment);
        format!(
            "{}.build()?",
            builder(root, member.unwrap_or(schema), depth, samples)
        )
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
