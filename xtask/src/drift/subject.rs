//! Names for parts of a document: `Currency`, `Invoice.total`, `invoice_list query.limit`.

use std::collections::HashMap;

use sequencehq_document::{Document, escape, model};
use serde_json::Value;

use super::compare::{Aspect, Difference};
use super::schema::address;

/// A part of the document under comparison, as a report names it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Subject {
    pub(crate) line: Option<usize>,
    pub(crate) name: String,
    pub(crate) pointer: String,
}

/// Finds the subjects of differences.
pub(crate) enum Subjects<'a> {
    Ours(Parts<'a>),
    /// Schemas of published documents have many near-copies, so that their names are of no use.
    Published,
}

/// The objects of our document by address.
pub(crate) struct Parts<'a> {
    document: &'a Document,
    pointers: HashMap<usize, String>,
}

impl<'a> Subjects<'a> {
    pub(crate) fn new(document: &'a Document) -> Self {
        let mut pointers = HashMap::new();
        collect(&document.root, &mut String::new(), &mut pointers);
        Self::Ours(Parts { document, pointers })
    }

    /// The subject of a difference: the part of our document that differs.
    pub(crate) fn subject(&self, difference: &Difference<'_>) -> Subject {
        match self {
            Self::Ours(parts) => parts.subject(difference),
            Self::Published => published(difference),
        }
    }
}

impl<'a> Parts<'a> {
    fn subject(&self, difference: &Difference<'_>) -> Subject {
        let known = difference.place.and_then(|part| self.of(part));
        let mut subject = known.unwrap_or_else(|| Subject {
            line: None,
            name: format!("{} {}", difference.method, difference.path),
            pointer: String::new(),
        });
        // What an object or an operation lost is named in the change.
        if difference.kind == Aspect::Extra && !difference.insisted {
            let name = difference.item().1;
            if let Some(holder) = subject.name.strip_suffix(&format!(".{name}")) {
                let operation = holder.strip_suffix(" query").or(holder.strip_suffix(" header"));
                subject.name = operation.unwrap_or(holder).to_owned();
            }
        }
        subject
    }

    fn of(&self, part: &Value) -> Option<Subject> {
        let pointer = self.pointers.get(&address(part)).map(String::as_str)?;
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

/// The subject in a published document: a parameter, or the field that has the schema, wherever it is.
fn published(difference: &Difference<'_>) -> Subject {
    let Difference {
        kind,
        method,
        path,
        location,
        ..
    } = difference;
    let is_part = matches!(kind, Aspect::Missing | Aspect::Extra);
    let holder = if is_part { difference.item().0 } else { location };
    let is_body = ["request.body", "response", "error"]
        .iter()
        .any(|one| holder.starts_with(one));
    let field = holder.split_once("body.").or(holder.split_once("response."));
    let field = field.map_or("", |(_, field)| field);
    let last = field.rsplit('.').next().unwrap_or_default();
    let last = if last == "items[]" {
        ""
    } else {
        last.trim_end_matches("[]")
    };
    let name = if is_body && !last.is_empty() {
        last.to_owned()
    } else if is_body && *kind != Aspect::Status {
        let resource = path.split('/').nth(1).unwrap_or_default();
        let body = if holder.starts_with("request") {
            "request"
        } else {
            "response"
        };
        format!("/{resource} {body}")
    } else if is_part || ["", "operation", "summary", "description", "operationId"].contains(&holder) {
        format!("{method} {path}").trim().to_owned()
    } else if let Some(name) = holder.strip_prefix("header.") {
        format!("header.{}", name.to_ascii_lowercase())
    } else if is_body {
        format!("{method} {path} {holder}")
    } else {
        holder.to_owned()
    };
    Subject {
        line: None,
        name,
        pointer: String::new(),
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
