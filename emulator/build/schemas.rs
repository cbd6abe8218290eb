//! Writes the schemas of the document as a table of nodes, which the validator walks.
//!
//! A keyword that the validator does not check is an error, so that it is never silently ignored.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use sequencehq_document::model;
use serde_json::{Map, Value};

/// Keywords that do not decide whether a value is valid.
const TEXTS: [&str; 8] = [
    "description",
    "title",
    "example",
    "x-values",
    "nullable",
    "x-since",
    "x-former-name",
    "x-from",
];
/// Keywords of properties that list versions.
const DIFFERENCES: [&str; 3] = ["x-versions", "x-required-in", "x-value-versions"];

/// Returns the table `SCHEMAS`, sorted by name.
///
/// # Errors
///
/// What the validator does not support, and limits without a place in the document.
pub(crate) fn code(root: &Value) -> Result<String, Vec<String>> {
    let none = Map::new();
    let named = root["components"]["schemas"].as_object().unwrap_or(&none);
    let schemas: BTreeMap<&str, &Value> = named
        .iter()
        .map(|(name, schema)| (name.as_str(), schema))
        .collect();
    let indexes = schemas.keys().enumerate().map(|(index, name)| (*name, index));
    let mut writer = Writer {
        indexes: indexes.collect(),
        versions: model::versions(root).all,
        faults: Vec::new(),
    };
    let mut code = format!(
        "pub(super) static SCHEMAS: &[(&str, Node)] = &[ // {}\n",
        schemas.len()
    );
    for (name, schema) in &schemas {
        let node = writer.entry(schema, name, name);
        let _ = writeln!(code, "({name:?}, {node}),");
    }
    code.push_str("];\n");
    if writer.faults.is_empty() {
        Ok(code)
    } else {
        Err(writer.faults)
    }
}

struct Writer<'a> {
    indexes: BTreeMap<&'a str, usize>,
    versions: Vec<String>,
    faults: Vec<String>,
}

impl Writer<'_> {
    /// The node of a schema at `place`, inside the schema that is called `name`.
    fn node(&mut self, schema: &Value, name: &str, place: &str) -> String {
        if let Some(target) = model::reference(schema) {
            self.only(schema, place, &["$ref", "allOf"]);
            return self.named(target, place);
        }
        if schema.get("oneOf").is_some() {
            self.only(schema, place, &["oneOf", "discriminator"]);
            return self.union(schema, place);
        }
        let format = schema["format"].as_str();
        let simple = match (schema["type"].as_str(), format) {
            (Some("string"), None) if schema.get("enum").is_some() => {
                self.only(schema, place, &["type", "enum"]);
                return self.enumerated(schema);
            }
            (Some("array"), None) => {
                self.only(schema, place, &["type", "items"]);
                let items = self.entry(&schema["items"], name, &format!("{place}[]"));
                return format!("Node::List(&{items})");
            }
            (Some("object"), None) => return self.object(schema, name, place),
            (None, None) => "Any",
            (Some("boolean"), None) => "Boolean",
            (Some("integer"), Some("int32")) => "Int32",
            (Some("integer"), Some("int64")) => "Int64",
            (Some("number"), Some("decimal")) => "Number",
            (Some("string"), None) => "Text",
            (Some("string"), Some("decimal")) => "Decimal",
            (Some("string"), Some("date")) => "Date",
            (Some("string"), Some("date-time")) => "Instant",
            (Some("string"), Some("id")) => "Id",
            (Some("string"), Some("password")) => "Secret",
            (kind, format) => {
                self.faults.push(format!(
                    "{place}: the validator does not check type {kind:?} with format {format:?}"
                ));
                "Any"
            }
        };
        self.only(schema, place, &["type", "format"]);
        format!("Node::{simple}")
    }

    /// A schema that is not one of a property, and therefore never nullable.
    fn entry(&mut self, schema: &Value, name: &str, place: &str) -> String {
        if schema.get("nullable").is_some() {
            self.faults.push(format!(
                "{place}: the validator checks `nullable` of properties only"
            ));
        }
        self.node(schema, name, place)
    }

    fn named(&mut self, target: &str, place: &str) -> String {
        let index = self.indexes.get(target).copied().unwrap_or_else(|| {
            self.faults
                .push(format!("{place}: there is no schema `{target}`"));
            0
        });
        format!("Node::Named({index})")
    }

    fn union(&mut self, schema: &Value, place: &str) -> String {
        let discriminator = &schema["discriminator"];
        let tag = discriminator["propertyName"].as_str().unwrap_or_default();
        let mapping = discriminator["mapping"].as_object().into_iter().flatten();
        let mut members = String::new();
        for (value, target) in mapping {
            let target = model::last_segment(target.as_str().unwrap_or_default());
            let node = self.named(target, place);
            let _ = write!(members, "({value:?}, {node}), ");
        }
        format!("Node::Union({tag:?}, &[{members}])")
    }

    fn object(&mut self, schema: &Value, name: &str, place: &str) -> String {
        let Some(properties) = schema["properties"].as_object() else {
            self.only(schema, place, &["type", "additionalProperties"]);
            let entries = match schema.get("additionalProperties") {
                Some(entry) => self.entry(entry, name, &format!("{place}{{}}")),
                None => "Node::Any".to_owned(),
            };
            return format!("Node::Map(&{entries})");
        };
        self.only(schema, place, &["type", "properties", "required"]);
        let required = model::strings(&schema["required"]);
        let all = self.all();
        let mut code = String::from("Node::Object(&[");
        for (property, value) in properties {
            let node = self.node(value, name, &format!("{place}.{property}"));
            let always = if required.contains(property) { all } else { 0 };
            let mask = |key| mask(value.get(key), &self.versions);
            let _ = write!(
                code,
                "Property {{ name: {property:?}, node: {node}, versions: {}, required: {always}, \
                 required_in_requests: {}, nullable: {} }}, ",
                mask("x-versions").unwrap_or(all),
                mask("x-required-in").unwrap_or(always),
                value["nullable"] == true,
            );
        }
        code.push_str("])");
        code
    }

    fn enumerated(&self, schema: &Value) -> String {
        let mut code = String::from("Node::Enum(&[");
        for value in model::strings(&schema["enum"]) {
            let versions = mask(schema["x-value-versions"].get(&value), &self.versions).unwrap_or(self.all());
            let _ = write!(code, "({value:?}, {versions}), ");
        }
        code.push_str("])");
        code
    }

    /// The mask of every version.
    fn all(&self) -> u8 {
        (1 << self.versions.len()) - 1
    }

    fn only(&mut self, schema: &Value, place: &str, known: &[&str]) {
        for keyword in schema.as_object().into_iter().flat_map(Map::keys) {
            if ![known, &TEXTS, &DIFFERENCES]
                .iter()
                .any(|known| known.contains(&keyword.as_str()))
            {
                self.faults.push(format!(
                    "{place}: the validator does not check the keyword `{keyword}` here: \
                     teach `emulator/build/schemas.rs` and `contract/validate` what it means"
                ));
            }
        }
    }
}

/// The versions that a key of the document lists, as the bits of a mask; `None` without the key.
fn mask(versions: Option<&Value>, all: &[String]) -> Option<u8> {
    let listed = model::strings(versions?);
    let bits = all
        .iter()
        .enumerate()
        .filter(|(_, version)| listed.contains(version));
    Some(bits.fold(0, |mask, (index, _)| mask | 1 << index))
}
