//! Generates calls with sample arguments.
//!
//! One form is the example in the documentation of each call, which compiles as a documentation test. The other is
//! the list of all calls with all their arguments, which the tests run.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use heck::ToSnakeCase;
use sequencehq_document::model::{self, List, Operation, Parameter, ParameterType, Success, Tag};
use sequencehq_document::{Document, names, nesting};
use serde_json::Value;

use super::calls::{argument_ident, verb};
use super::debug;

/// Which arguments of a call are generated.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// The required arguments and those with an `example` in the document, with values suitable for documentation.
    Documentation,
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
    /// The position in [`IDS`] of the id of each type.
    ids: BTreeMap<String, usize>,
    /// The paths below `sequencehq` of the types that were used.
    imports: BTreeSet<String>,
    /// The schemas around the present one, which may contain themselves.
    above: Vec<String>,
}

/// Ids for documentation. The API's own ids look like these.
const IDS: [&str; 4] = [
    "6cedbb5e-4f77-4217-b8d4-020e7e4d33c9",
    "0b1f3a64-9d5c-4c0e-8a57-2f4d8e6b7c11",
    "c2a7e0d9-51b8-4e3f-9f26-7d0a4b8e3f52",
    "e94d6b17-3c82-4f5a-b0e1-5a9c7f2d8640",
];

impl Samples {
    fn new(extent: Extent) -> Self {
        Self {
            extent,
            given: 0,
            of_kind: BTreeMap::new(),
            ids: BTreeMap::new(),
            imports: BTreeSet::new(),
            above: Vec::new(),
        }
    }

    fn is_again(&self, schema: &Value) -> bool {
        model::reference(schema).is_some_and(|name| self.above.iter().any(|above| above == name))
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

    /// `example` is the value of the document, which the rules require wherever documentation needs one.
    fn text(&mut self, name: &str, example: &Value) -> String {
        if self.is_numbered() {
            format!("\"{name} & {}\"", self.number())
        } else {
            format!("{:?}", example.as_str().unwrap_or_default())
        }
    }

    /// Ids of one type are equal, as in a body that repeats an id of the path.
    fn id(&mut self, schema: &str, name: &str) -> String {
        if self.is_numbered() {
            return self.text(name, &Value::Null);
        }
        let next = self.ids.len();
        let index = *self.ids.entry(schema.to_owned()).or_insert(next);
        format!("{:?}", IDS[index % IDS.len()])
    }

    /// Returns a list of two ids that occur nowhere else in the call.
    fn two_ids(&mut self) -> String {
        let next = self.ids.len();
        let two = [next, next + 1].map(|index| {
            self.ids.insert(format!("item {index}"), index);
            IDS[index % IDS.len()]
        });
        format!("{two:?}")
    }

    /// Every two booleans of a call differ in some round.
    fn boolean(&mut self, example: &Value) -> String {
        if self.is_numbered() {
            format!("flag({}, round)", self.occurrence("boolean"))
        } else {
            example.as_bool().unwrap_or(true).to_string()
        }
    }

    fn integer(&mut self, bounds: Option<(i64, i64)>, example: &Value) -> String {
        match (self.is_numbered(), bounds) {
            (false, _) => example.as_i64().unwrap_or(1).to_string(),
            (true, None) => self.number().to_string(),
            (true, Some((low, high))) => (low + i64::from(self.number()) % (high - low + 1)).to_string(),
        }
    }

    fn decimal(&mut self, example: &Value) -> String {
        if self.is_numbered() {
            let cents = self.number() * 100 + 50;
            return format!("sequencehq::Decimal::new({cents}, 2)");
        }
        let text = example.as_str().unwrap_or_default();
        match text.parse::<i32>() {
            Ok(integer) => integer.to_string(),
            Err(_) => format!("{text:?}"),
        }
    }

    fn date(&mut self, name: &str) -> String {
        if self.is_numbered() {
            let number = self.number();
            let (year, month, day) = (2026 + number / (12 * 28), number / 28 % 12 + 1, number % 28 + 1);
            return format!("sequencehq::NaiveDate::from_ymd_opt({year}, {month}, {day}).expect(\"a date\")");
        }
        self.imports.insert("NaiveDate".to_owned());
        let is_end = name.to_snake_case().split('_').any(|word| word == "end");
        let day = if is_end { 31 } else { 1 };
        format!("NaiveDate::from_ymd_opt(2026, 3, {day}).expect(\"a valid date\")")
    }

    fn instant(&mut self) -> String {
        if self.is_numbered() {
            let second = format!("1_767_225_600 + {}", self.number());
            return format!("sequencehq::DateTime::from_timestamp({second}, 0).expect(\"an instant\")");
        }
        self.imports.insert("DateTime".to_owned());
        "DateTime::from_timestamp(1_772_323_200, 0).expect(\"a valid timestamp\")".to_owned()
    }

    fn variant(&mut self, name: &str, schema: &Value, values: &[String], example: &Value) -> String {
        let chosen = if self.is_numbered() {
            &values[self.occurrence(name) % values.len()]
        } else {
            let example = example.as_str();
            let listed = values.iter().find(|value| Some(value.as_str()) == example);
            listed.unwrap_or(&values[0])
        };
        format!("{}::{}", self.imported(name), names::variant(schema, chosen))
    }

    /// Returns the name of a type, and records that it is used.
    fn imported<'a>(&mut self, name: &'a str) -> &'a str {
        self.imports.insert(format!("types::{name}"));
        name
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
        let samples = &mut Samples::new(Extent::Everything);
        let invoked = invocation(&document.root, tag, &operation, samples);
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
    let mut entry = |name: &str, value: &str| {
        let _ = writeln!(
            code,
            "({name:?}, |client, json| {{ let round = 0; let value = {value}; Ok(vec![format!(\"{{value:?}}\"), format!(\"{{value:#?}}\")]) }}),",
        );
    };
    for (name, schema) in model::schemas(root) {
        if !debug::reaches_secret(root, name) {
            continue;
        }
        entry(name, &format!("serde_json::from_value::<{name}>(json)?"));
        if requests.contains(name) && schema.get("oneOf").is_none() {
            let built = builder(root, name, &mut Samples::new(Extent::Everything));
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
                &invocation(root, tag, &operation, &mut Samples::new(Extent::Everything)),
            );
        }
    }
    code + "]"
}

fn invocation(root: &Value, tag: &Tag, operation: &Operation, samples: &mut Samples) -> String {
    let mut values = Vec::new();
    for parameter in operation.path_params.iter().chain(&operation.query) {
        if parameter.required || samples.is_numbered() {
            values.push((parameter, argument(root, parameter, samples)));
        }
    }
    let mut arguments: Vec<&str> = values
        .iter()
        .filter(|(parameter, _)| parameter.required)
        .map(|(_, value)| value.as_str())
        .collect();
    let body = operation.body.as_ref();
    let body = body.map(|body| sample_of(root, body, "", &Value::Null, samples));
    arguments.extend(body.as_deref());
    let function = verb(tag, operation);
    let mut invoked = format!("client.{}().{function}({})", tag.name, arguments.join(", "));
    for (parameter, value) in values.iter().filter(|(parameter, _)| !parameter.required) {
        let _ = write!(invoked, ".{}({value})", argument_ident(parameter));
    }
    invoked
}

/// Generates the Markdown example of one call.
pub fn call(document: &Document, tag: &Tag, operation: &Operation) -> String {
    let root = &document.root;
    let samples = &mut Samples::new(Extent::Documentation);
    let invoked = invocation(root, tag, operation, samples);
    let mut error = "sequencehq::Error";
    let code = match (&operation.success, operation.paginated) {
        (Success::Json(page), true) => {
            let item = &root["components"]["schemas"][page]["properties"]["items"]["items"];
            let schema = model::reference(item).unwrap_or("item");
            let item = variable_name(schema);
            let list = if verb(tag, operation) == "list" {
                &tag.name
            } else {
                "items"
            };
            let print = print(root, schema, &item, &mut Vec::new()).unwrap_or_default();
            format!(
                "let mut {list} = {invoked}.items();
                 while let Some({item}) = {list}.try_next().await? {{ {print} }}"
            )
        }
        (Success::Json(schema), false) => {
            let name = variable_name(schema);
            match print(root, schema, &name, &mut Vec::new()) {
                Some(print) => format!("let {name} = {invoked}.await?; {print}"),
                None => format!("let {name} = {invoked}.await?;"),
            }
        }
        (Success::Nothing, _) => format!("{invoked}.await?;"),
        (Success::Pdf, _) => {
            // Writing the file fails with another error.
            error = "Box<dyn std::error::Error>";
            let name = &tag.resource;
            format!(
                "let pdf = {invoked}.await?.bytes().await?;
                 std::fs::write(\"{name}.pdf\", pdf)?;"
            )
        }
    };
    let imports = imports(&samples.imports);
    let code = formatted(&code);
    format!(
        "```no_run\n{imports}# async fn example(client: sequencehq::Client) -> Result<(), {error}> {{\n{code}\n# Ok(())\n# }}\n```",
    )
}

/// Returns a name for a value of a schema: the last words of the schema, since the full name makes long lines.
fn variable_name(schema: &str) -> String {
    let mut name = names::snake(schema);
    while name.len() > 16
        && let Some((_, rest)) = name.split_once('_')
    {
        name = rest.to_owned();
    }
    name
}

fn imports(used: &BTreeSet<String>) -> String {
    let (types, others): (Vec<&str>, Vec<&str>) = used
        .iter()
        .map(String::as_str)
        .partition(|path| path.starts_with("types::"));
    let mut code = String::new();
    for path in others {
        let _ = writeln!(code, "use sequencehq::{path};");
    }
    let types: Vec<&str> = types
        .iter()
        .filter_map(|path| path.strip_prefix("types::"))
        .collect();
    match types.as_slice() {
        [] => {}
        [one] => code += &format!("use sequencehq::types::{one};\n"),
        many => code += &format!("use sequencehq::types::{{{}}};\n", many.join(", ")),
    }
    if !code.is_empty() {
        code += "\n";
    }
    code
}

/// Formats statements.
fn formatted(code: &str) -> String {
    let file = syn::parse_str(&format!("async fn example() {{ {code} }}"));
    let file = file.unwrap_or_else(|error| panic!("an example is invalid Rust: {error}: {code}"));
    let text = prettyplease::unparse(&file);
    let lines: Vec<&str> = text.lines().collect();
    let body = lines.get(1..lines.len() - 1).unwrap_or_default();
    let body: Vec<&str> = body
        .iter()
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    body.join("\n")
}

/// The properties that describe a resource best, in this order.
const SIGNIFICANT: [&str; 17] = [
    "status",
    "name",
    "title",
    "legalName",
    "label",
    "value",
    "companyName",
    "taxIdentifier",
    "email",
    "message",
    "paymentProvider",
    "paymentLinkDisplay",
    "eventType",
    "seatType",
    "amount",
    "activityType",
    "totalViews",
];

/// Returns the statement that prints the most important properties of a value, which are always present and never
/// secret.
///
/// `above` are the schemas of the lists around it: one that contains itself is not printed again.
fn print<'a>(root: &'a Value, schema: &'a str, variable: &str, above: &mut Vec<&'a str>) -> Option<String> {
    if above.contains(&schema) {
        return None;
    }
    above.push(schema);
    let object = &root["components"]["schemas"][schema];
    let required = model::strings(&object["required"]);
    let can_be_printed = |name: &&str| {
        required.iter().any(|one| one == name) && is_printable(root, &object["properties"][*name])
    };
    let significant = SIGNIFICANT.into_iter().filter(can_be_printed);
    let any = required.iter().map(String::as_str).find(can_be_printed);
    let mut printed: Vec<&str> = ["id"]
        .into_iter()
        .filter(can_be_printed)
        .chain(significant)
        .collect();
    if printed.is_empty() {
        printed.extend(any);
    }
    printed.truncate(2);
    let fields: Vec<String> = printed
        .iter()
        .map(|name| {
            format!(
                "{variable}.{}",
                names::property(name, &object["properties"][*name])
            )
        })
        .collect();
    match fields.as_slice() {
        [] => print_items(root, object, variable, above),
        [one] => Some(format!("println!(\"{{}}\", {one});")),
        [one, other, ..] => Some(format!("println!(\"{{}}: {{}}\", {one}, {other});")),
    }
}

/// Returns the loop that prints the items of a value that has a list and nothing else to print.
fn print_items<'a>(
    root: &'a Value,
    object: &'a Value,
    variable: &str,
    above: &mut Vec<&'a str>,
) -> Option<String> {
    let required = model::strings(&object["required"]);
    let properties = object["properties"].as_object()?;
    let (list, property) = properties
        .iter()
        .find(|(name, property)| required.contains(name) && property["type"] == "array")?;
    let list = names::property(list, property);
    let Some(schema) = model::reference(&property["items"]) else {
        return Some(format!(
            "for item in &{variable}.{list} {{ println!(\"{{item}}\"); }}"
        ));
    };
    let item = variable_name(schema);
    let print = print(root, schema, &item, above)?;
    Some(format!("for {item} in &{variable}.{list} {{ {print} }}"))
}

/// Returns `true` for properties whose type implements `Display`.
fn is_printable(root: &Value, property: &Value) -> bool {
    match model::reference(property) {
        Some(name) => {
            let is_enum = root["components"]["schemas"][name].get("enum").is_some();
            is_enum || is_id(root, property)
        }
        None => {
            matches!(property["type"].as_str(), Some("string" | "number" | "integer"))
                && property["format"] != "password"
        }
    }
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
    match &parameter.value_type {
        ParameterType::Named(reference) => sample_of(root, reference, name, &Value::Null, samples),
        // Only an encoded item can contain the comma that separates items.
        ParameterType::Text if parameter.encode_items && samples.is_numbered() => {
            samples.text(&format!("{name},"), &Value::Null)
        }
        ParameterType::Text => samples.text(name, &parameter.example),
        ParameterType::Boolean => samples.boolean(&parameter.example),
        ParameterType::Int32 | ParameterType::Int64 => samples.integer(parameter.bounds, &parameter.example),
        ParameterType::Decimal => samples.decimal(&parameter.example),
        ParameterType::Date => samples.date(name),
        ParameterType::Instant => samples.instant(),
    }
}

/// Generates a builder with its fields set, without the call of `build`. A schema that contains itself ends at the
/// second round.
fn builder(root: &Value, schema: &str, samples: &mut Samples) -> String {
    let object = &root["components"]["schemas"][schema];
    let required = model::strings(&object["required"]);
    let mut code = format!("{}::builder()", samples.imported(schema));
    samples.above.push(schema.to_owned());
    let properties = object["properties"].as_object().into_iter().flatten();
    for (name, property) in
        properties.filter(|(_, property)| model::exists_in(property, default_version(root)))
    {
        let example = &property["example"];
        let is_required = required.contains(name)
            || model::strings(&property["x-required-in"]).contains(&default_version(root).to_owned());
        let is_documented = is_required || !example.is_null() || !property["items"]["example"].is_null();
        let nested = [property, &property["items"], &property["additionalProperties"]];
        let is_again = nested.into_iter().any(|nested| samples.is_again(nested));
        if (samples.is_numbered() || is_documented) && (is_required || !is_again) {
            code += &setter(root, name, property, is_again, samples);
        }
    }
    samples.above.pop();
    code
}

/// Generates the call of a setter. If the value would lead back to a schema around it, the list or map is empty.
fn setter(root: &Value, name: &str, property: &Value, is_again: bool, samples: &mut Samples) -> String {
    let setter = names::property(name, property);
    let is_empty = !samples.is_numbered() && property["example"].as_array().is_some_and(Vec::is_empty);
    match property["type"].as_str() {
        Some("array") if is_empty || is_again => format!(".empty_{setter}()"),
        Some("object") if is_again => {
            let entry = model::reference(&property["additionalProperties"]).unwrap_or_default();
            let entry = samples.imported(entry);
            format!(".{setter}(std::collections::BTreeMap::<String, {entry}>::new())")
        }
        _ => format!(".{setter}({})", sample(root, property, name, samples)),
    }
}

fn sample(root: &Value, property: &Value, name: &str, samples: &mut Samples) -> String {
    let example = &property["example"];
    if let Some(reference) = model::reference(property) {
        return sample_of(root, reference, name, example, samples);
    }
    match (
        property["type"].as_str().unwrap_or_default(),
        property["format"].as_str().unwrap_or_default(),
    ) {
        (_, "decimal") => samples.decimal(example),
        (_, "date") => samples.date(name),
        (_, "date-time") => samples.instant(),
        ("boolean", _) => samples.boolean(example),
        ("integer", _) => samples.integer(None, example),
        ("array", _) if !samples.is_numbered() && is_id(root, &property["items"]) => samples.two_ids(),
        ("array", _) => format!("[{}]", sample(root, &property["items"], name, samples)),
        ("object", _) => entry(root, &property["additionalProperties"], name, samples),
        ("string", _) => samples.text(name, example),
        _ => "serde_json::json!(\"anything\")".to_owned(),
    }
}

/// Returns a map of one entry.
fn entry(root: &Value, entry: &Value, name: &str, samples: &mut Samples) -> String {
    let is_typed = entry.as_object().is_some_and(|entry| !entry.is_empty());
    let value = match (is_typed, samples.is_numbered()) {
        (true, true) => sample(root, entry, name, samples),
        (true, false) if entry["type"] != "string" => sample(root, entry, name, samples),
        (false, true) => samples.text(name, &Value::Null),
        (_, false) => "\"emea\"".to_owned(),
    };
    let key = if samples.is_numbered() {
        format!("{name} key")
    } else {
        "region".to_owned()
    };
    format!("[({key:?}, {value})]")
}

/// Returns the version that the calls are generated for.
fn default_version(root: &Value) -> &str {
    root["info"]["version"].as_str().unwrap_or_default()
}

fn is_id(root: &Value, property: &Value) -> bool {
    model::reference(property).is_some_and(|name| root["components"]["schemas"][name]["format"] == "id")
}

fn sample_of(root: &Value, schema: &str, name: &str, example: &Value, samples: &mut Samples) -> String {
    let object = &root["components"]["schemas"][schema];
    let values = model::values_in(object, default_version(root));
    if !values.is_empty() {
        let example = if example.is_null() {
            &object["example"]
        } else {
            example
        };
        samples.variant(schema, object, &values, example)
    } else if object["format"] == "id" {
        samples.id(schema, name)
    } else {
        let member = member(root, schema, samples).unwrap_or(schema);
        samples.above.push(schema.to_owned());
        let code = builder(root, member, samples);
        samples.above.pop();
        code
    }
}

/// Returns the member that represents a union: its example in documentation, unless that leads back to the union.
fn member<'a>(root: &'a Value, union: &str, samples: &Samples) -> Option<&'a str> {
    let object = &root["components"]["schemas"][union];
    let is_inside = samples.above.iter().any(|above| above == union);
    let example = object["example"]
        .as_str()
        .filter(|_| !samples.is_numbered() && !is_inside);
    let example = example.and_then(|kind| object["discriminator"]["mapping"][kind].as_str());
    match example {
        Some(target) => Some(model::last_segment(target)),
        None => nesting::first_member(root, union).map(|(_, member)| member),
    }
}
