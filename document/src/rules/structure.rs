//! The keys of each kind of node, and the shapes of their values.
//!
//! A key that is not listed here has no effect on the client: it is misspelt, or asks for something that the client does
//! not do. Both are faults.

use serde_json::{Map, Value};

use super::keys::{
    self, DOCUMENT, ENUM, ID, Kind, OBJECT, PARAMETER, PROPERTY, REFERENCE, RESPONSE, Shape, UNION, VALUE,
};
use crate::fault::Fault;
use crate::load::{Document, escape};
use crate::near;

/// Returns the faults of the keys and shapes of a document.
pub(super) fn faults(document: &Document) -> Vec<Fault> {
    let mut structure = Structure {
        document,
        faults: Vec::new(),
    };
    structure.node(&document.root, "", &DOCUMENT);
    structure.faults
}

struct Structure<'a> {
    document: &'a Document,
    faults: Vec<Fault>,
}

impl Structure<'_> {
    fn fault(&mut self, pointer: &str, message: impl Into<String>) {
        self.faults.push(self.document.fault(pointer, message));
    }

    fn node(&mut self, value: &Value, pointer: &str, kind: &Kind) {
        let Some(map) = self.mapping(value, pointer) else {
            return;
        };
        if std::ptr::eq(kind, &REFERENCE) && !map.contains_key("$ref") {
            self.fault(
                pointer,
                "is not a reference: write `$ref: '#/components/…'` and nothing beside it",
            );
            return;
        }
        let known = || kind.keys.iter().map(|(known, _)| *known);
        let is_unknown = |key: &&String| !known().any(|known| known == key.as_str());
        let mut meant: Vec<&str> = map
            .keys()
            .filter(is_unknown)
            .filter_map(|key| near::word(key, known()))
            .collect();
        meant.extend(map.keys().map(String::as_str));
        for required in kind.required.iter().filter(|required| !meant.contains(required)) {
            self.fault(pointer, format!("{} needs `{required}`: add it", kind.name));
        }
        for (key, value) in map {
            let here = format!("{pointer}/{}", escape(key));
            match kind.keys.iter().find(|(known, _)| known == key) {
                Some((_, shape)) => self.shape(value, &here, shape),
                None if kind.refused.contains(&key.as_str()) => {}
                None => self.unknown(key, &here, kind),
            }
        }
    }

    fn unknown(&mut self, key: &str, pointer: &str, kind: &Kind) {
        let known: Vec<&str> = kind.keys.iter().map(|(known, _)| *known).collect();
        let name = kind.name;
        let message = if let Some(advice) = keys::advice(key, kind) {
            format!("`{key}` is not supported in {name}: {advice}")
        } else if let Some(meant) = near::word(key, known.iter().copied()) {
            format!("`{key}` is not a key of {name}: did you mean `{meant}`?")
        } else {
            let known = known.join(", ");
            format!("`{key}` is not a key of {name}: use one of {known}, or remove it")
        };
        self.fault(pointer, message);
    }

    fn shape(&mut self, value: &Value, pointer: &str, shape: &Shape) {
        let wanted = match shape {
            Shape::Any => return,
            Shape::Node(kind) => return self.node(value, pointer, kind),
            Shape::Body if value.get("$ref").is_none() => return,
            Shape::Body => return self.referring(value, pointer, &REFERENCE),
            Shape::Entry if value.is_boolean() => return,
            Shape::Entry => return self.referring(value, pointer, &VALUE),
            Shape::Schema => return self.schema(value, pointer),
            Shape::Value(kind) => return self.referring(value, pointer, kind),
            Shape::List(shape) => return self.list(value, pointer, shape),
            Shape::Map(shape) => return self.map(value, pointer, shape),
            Shape::Words if value.is_null() => return,
            Shape::Text | Shape::Words if value.is_string() => return,
            Shape::Text | Shape::Words if value.is_number() || value.is_boolean() => "a text: quote it",
            Shape::Text | Shape::Words => "a text",
            Shape::Flag if value.is_boolean() => return,
            Shape::Flag => "`true` or `false`, without quotes",
            Shape::Only(only) if value.as_bool() == Some(*only) => return,
            Shape::Only(true) => "`true`, or absent",
            Shape::Only(false) => "`false`, or absent",
            Shape::Integer if value.is_i64() || value.is_u64() => return,
            Shape::Integer => "an integer",
        };
        self.wrong(value, pointer, wanted);
    }

    fn wrong(&mut self, value: &Value, pointer: &str, wanted: &str) {
        self.fault(pointer, format!("is {} instead of {wanted}", shown(value)));
    }

    fn mapping<'v>(&mut self, value: &'v Value, pointer: &str) -> Option<&'v Map<String, Value>> {
        if value.as_object().is_none() {
            self.wrong(value, pointer, "a mapping");
        }
        value.as_object()
    }

    fn list(&mut self, value: &Value, pointer: &str, shape: &Shape) {
        let Some(items) = value.as_array() else {
            return self.wrong(value, pointer, "a list");
        };
        for (index, item) in items.iter().enumerate() {
            self.shape(item, &format!("{pointer}/{index}"), shape);
        }
    }

    fn map(&mut self, value: &Value, pointer: &str, shape: &Shape) {
        for (key, value) in self.mapping(value, pointer).into_iter().flatten() {
            self.shape(value, &format!("{pointer}/{}", escape(key)), shape);
        }
    }

    /// A named schema: an enum, a union, an id or an object.
    fn schema(&mut self, value: &Value, pointer: &str) {
        let kind = if value.get("enum").is_some() {
            &ENUM
        } else if value.get("oneOf").is_some() {
            &UNION
        } else if value["format"] == "id" {
            &ID
        } else {
            &OBJECT
        };
        self.node(value, pointer, kind);
    }

    /// A node that can be a reference instead.
    fn referring(&mut self, value: &Value, pointer: &str, kind: &'static Kind) {
        if value.get("$ref").is_none() {
            return self.node(value, pointer, kind);
        }
        for key in value.as_object().into_iter().flat_map(Map::keys) {
            let here = format!("{pointer}/{}", escape(key));
            if key == "$ref" {
                self.shape(&value["$ref"], &here, &Shape::Text);
            } else if std::ptr::eq(kind, &PROPERTY) && PROPERTY.keys.iter().any(|(known, _)| known == key) {
                let advice = "wrap the reference, `allOf: [{$ref: …}]`";
                self.fault(&here, format!("`{key}` beside `$ref` has no effect: {advice}"));
            } else {
                let is_component = [&PARAMETER, &RESPONSE].iter().any(|one| std::ptr::eq(kind, *one));
                let advice = if is_component {
                    "change what it refers to"
                } else {
                    "remove it"
                };
                self.fault(&here, format!("`{key}` beside `$ref` has no effect: {advice}"));
            }
        }
    }
}

/// Returns a value as it is shown in messages.
fn shown(value: &Value) -> String {
    match value {
        Value::Null => "empty".to_owned(),
        Value::Bool(_) | Value::Number(_) => format!("`{value}`"),
        Value::String(text) if text.chars().count() <= 40 => format!("the text `{text}`"),
        Value::String(_) => "a text".to_owned(),
        Value::Array(_) => "a list".to_owned(),
        Value::Object(_) => "a mapping".to_owned(),
    }
}

/// Returns the part of the document that a pointer is in: an operation, a component, a tag, or a key of the root.
pub(super) fn part(pointer: &str) -> &str {
    let depth = match pointer.split('/').nth(1) {
        Some("paths" | "components") => 4,
        Some("tags" | "x-not-offered") => 3,
        _ => 2,
    };
    let end = pointer
        .match_indices('/')
        .nth(depth - 1)
        .map_or(pointer.len(), |(end, _)| end);
    &pointer[..end]
}
