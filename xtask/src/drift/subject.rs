//! Names for parts of a document: `Currency`, `Invoice.total`, `invoice_list query.limit`.

use std::collections::HashMap;

use sequencehq_document::{Document, escape, model};
use serde_json::Value;

use super::schema::address;

/// A part of the document under comparison, as a report names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    pub(crate) line: Option<usize>,
    pub(crate) name: String,
    pub(crate) pointer: String,
}

/// Finds the names of the objects of one document.
pub(crate) struct Subjects<'a> {
    document: &'a Document,
    pointers: HashMap<usize, String>,
}

impl<'a> Subjects<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        let mut pointers = HashMap::new();
        collect(&document.root, &mut String::new(), &mut pointers);
        Self { document, pointers }
    }

    /// The pointer of a part of the document.
    pub(crate) fn pointer(&self, part: &Value) -> Option<&str> {
        self.pointers.get(&address(part)).map(String::as_str)
    }

    pub(crate) fn of(&self, part: &Value) -> Option<Subject> {
        let pointer = self.pointer(part)?;
        Some(Subject {
            line: self.document.line(pointer),
            name: self.name(pointer),
            pointer: pointer.to_owned(),
        })
    }

    fn name(&self, pointer: &str) -> String {
        let segments: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        match segments.as_slice() {
            ["components", "schemas", name, rest @ ..] => format!("{name}{}", steps(rest)),
            ["components", "parameters", name, ..] => format!("parameter {name}"),
            ["components", kind, name, ..] => format!("{kind} {name}"),
            ["paths", path, method, rest @ ..] => {
                let operation = format!("/paths/{}/{method}", escape(path));
                let value = self.document.root.pointer(&operation);
                let id = value.and_then(|value| value["operationId"].as_str());
                let id = id.map_or_else(|| format!("{} {path}", method.to_uppercase()), str::to_owned);
                match rest {
                    [] => id,
                    ["parameters", index, ..] => {
                        let parameter =
                            value.and_then(|value| value.pointer(&format!("/parameters/{index}")));
                        let parameter = parameter.map(|one| model::resolve(&self.document.root, one));
                        let text = |key: &str| parameter.and_then(|one| one[key].as_str()).unwrap_or(index);
                        format!("{id} {}.{}", text("in"), text("name"))
                    }
                    ["requestBody", ..] => format!("{id} request.body{}", steps(rest)),
                    ["responses", ..] => format!("{id} response{}", steps(rest)),
                    _ => id,
                }
            }
            _ => pointer.to_owned(),
        }
    }
}

/// The steps from a schema to a part of it: `.name` for a property, `[]` for items, `{}` for entries.
fn steps(segments: &[&str]) -> String {
    let mut out = String::new();
    let mut rest = segments.iter();
    while let Some(segment) = rest.next() {
        match *segment {
            "properties" => {
                if let Some(name) = rest.next() {
                    out.push('.');
                    out.push_str(name);
                }
            }
            "items" => out.push_str("[]"),
            "additionalProperties" => out.push_str("{}"),
            _ => {}
        }
    }
    out
}

fn collect(value: &Value, pointer: &mut String, pointers: &mut HashMap<usize, String>) {
    let mut step = |key: &str, value: &Value| {
        let length = pointer.len();
        pointer.push('/');
        pointer.push_str(key);
        collect(value, pointer, pointers);
        pointer.truncate(length);
    };
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                step(&escape(key), value);
            }
            pointers.insert(address(value), pointer.clone());
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                step(&index.to_string(), value);
            }
        }
        _ => {}
    }
}

fn unescaped(segment: &str) -> String {
    segment.replace("~1", "/").replace("~0", "~")
}
