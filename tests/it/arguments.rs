//! What every call must send, worked out from the document alone.
//!
//! The build numbers the arguments of a call in the order of the document and derives each value from name and
//! number (`build/examples.rs`). This walks the document again and never looks at what the build wrote.

use std::collections::BTreeMap;

use sequencehq_document::model::{self, Operation};
use sequencehq_document::nesting;
use serde_json::{Map, Value, json};

use crate::document::{self, DOCUMENT, resolve};

/// How many rounds it takes until every two booleans of a call differed once: a call has at most 2³.
pub const ROUNDS: u32 = 3;

/// The boolean that is `occurrence`-th in its call.
pub fn flag(occurrence: usize, round: u32) -> bool {
    (occurrence >> round) & 1 == 1
}

/// One request as the document wants it.
#[derive(Debug)]
pub struct Expected {
    /// The segments below the base URL, decoded.
    pub path: Vec<String>,
    /// Names and values, decoded, sorted by name; what has one name keeps its order.
    pub query: Vec<(String, String)>,
    pub body: Option<Value>,
}

impl Expected {
    pub fn of(operation: &Operation, round: u32) -> Self {
        let mut walk = Walk {
            round,
            ..Walk::default()
        };
        let filled: BTreeMap<String, String> = document::parameters(operation, "path")
            .into_iter()
            .map(|parameter| {
                let name = text(&parameter["name"]);
                let value = walk.one(&parameter["schema"], &name);
                (format!("{{{name}}}"), value)
            })
            .collect();
        let path = operation.path.split('/').skip(1);
        let path = path
            .map(|part| filled.get(part).cloned().unwrap_or_else(|| part.to_owned()))
            .collect();
        let mut query = Vec::new();
        for parameter in document::parameters(operation, "query") {
            walk.query(parameter, &mut query);
        }
        query.sort_by(|(left, _), (right, _)| left.cmp(right));
        Self {
            path,
            query,
            body: document::body(operation).map(|schema| walk.value(schema, "", None)),
        }
    }
}

#[derive(Default)]
struct Walk {
    round: u32,
    given: u64,
    booleans: usize,
    of_enum: BTreeMap<String, usize>,
    /// The schemas around the present one, which may contain themselves.
    above: Vec<String>,
}

impl Walk {
    fn number(&mut self) -> u64 {
        self.given += 1;
        self.given
    }

    fn query(&mut self, parameter: &Value, out: &mut Vec<(String, String)>) {
        let name = text(&parameter["name"]);
        let schema = &parameter["schema"];
        if schema["type"] != "array" {
            let value = self.one(schema, &name);
            out.push((name, value));
            return;
        }
        let items = &schema["items"];
        let encoded = parameter["x-encode-items"] == true;
        let called = if encoded { format!("{name},") } else { name.clone() };
        let values = [self.one(items, &called), self.one(items, &called)];
        if parameter["explode"] == false {
            let values = values.map(|value| if encoded { percent_encoded(&value) } else { value });
            out.push((name, values.join(",")));
        } else {
            out.extend(values.map(|value| (name.clone(), value)));
        }
    }

    /// A value as it stands in a path or query.
    fn one(&mut self, schema: &Value, name: &str) -> String {
        match self.value(schema, name, None) {
            Value::String(text) => text,
            // A decimal keeps its scale, which a JSON number in this walk does not have.
            number if schema["format"] == "decimal" => format!("{number}0"),
            other => other.to_string(),
        }
    }

    fn value(&mut self, schema: &Value, name: &str, tag: Option<(&str, &str)>) -> Value {
        let Some(named) = document::reference(schema) else {
            return self.own(schema, name, "", tag);
        };
        self.above.push(named.to_owned());
        let value = self.own(resolve(schema), name, named, tag);
        self.above.pop();
        value
    }

    fn own(&mut self, schema: &Value, name: &str, named: &str, tag: Option<(&str, &str)>) -> Value {
        if let Some((kind, member)) = nesting::first_member(&DOCUMENT, named) {
            let tag = schema["discriminator"]["propertyName"].as_str().expect("a tag");
            let member = json!({"$ref": format!("#/components/schemas/{member}")});
            return self.value(&member, name, Some((tag, kind)));
        }
        if let (Some(values), false) = (schema["enum"].as_array(), named.is_empty()) {
            let of_value = &schema["x-value-versions"];
            let is_sent = |value: &&Value| is_in_newest(&of_value[value.as_str().expect("a text")]);
            let values: Vec<&Value> = values.iter().filter(is_sent).collect();
            let occurrence = self.of_enum.entry(named.to_owned()).or_default();
            let value = values[*occurrence % values.len()].to_owned();
            *occurrence += 1;
            return value;
        }
        let kind = (
            schema["type"].as_str().unwrap_or_default(),
            schema["format"].as_str().unwrap_or_default(),
        );
        match kind {
            ("string", "decimal") => json!(format!("{}.50", self.number())),
            ("number", "decimal") => json!(self.number() as f64 + 0.5),
            ("string", "date") => {
                let number = self.number();
                let (year, month) = (2026 + number / 336, number / 28 % 12 + 1);
                json!(format!("{year}-{month:02}-{:02}", number % 28 + 1))
            }
            ("string", "date-time") => {
                let number = self.number();
                assert!(number < 3600, "the hour is written as a constant");
                json!(format!("2026-01-01T00:{:02}:{:02}Z", number / 60, number % 60))
            }
            ("integer", _) => match (schema["minimum"].as_u64(), schema["maximum"].as_u64()) {
                (Some(low), Some(high)) => json!(low + self.number() % (high - low + 1)),
                _ => json!(self.number()),
            },
            ("boolean", _) => {
                self.booleans += 1;
                assert!(
                    self.booleans <= 1 << ROUNDS,
                    "more rounds are needed to tell the booleans apart"
                );
                json!(flag(self.booleans - 1, self.round))
            }
            ("array", _) => json!([self.value(&schema["items"], name, None)]),
            ("object", _) => match schema["properties"].as_object() {
                Some(properties) => self.object(properties, &schema["required"], tag),
                None => {
                    let entry = &schema["additionalProperties"];
                    let is_typed = entry.as_object().is_some_and(|entry| !entry.is_empty());
                    let value = if is_typed {
                        self.value(entry, name, None)
                    } else {
                        json!(self.text(name))
                    };
                    json!({ format!("{name} key"): value })
                }
            },
            ("string", _) => json!(self.text(name)),
            _ => json!("anything"),
        }
    }

    fn object(
        &mut self,
        properties: &Map<String, Value>,
        required: &Value,
        tag: Option<(&str, &str)>,
    ) -> Value {
        let mut object = Map::new();
        for (name, property) in properties {
            if !is_in_newest(&property["x-versions"]) {
                continue;
            }
            let nested = [property, &property["items"], &property["additionalProperties"]];
            let is_again = nested.into_iter().any(|nested| self.is_again(nested));
            let is_required = model::strings(required).contains(name);
            let value = match (tag, property["type"].as_str()) {
                (Some((tag, kind)), _) if tag == name => json!(kind),
                (_, Some("array")) if is_again && is_required => json!([]),
                (_, Some("object")) if is_again && is_required => json!({}),
                _ if is_again => continue,
                _ => self.value(property, name, None),
            };
            object.insert(name.clone(), value);
        }
        Value::Object(object)
    }

    /// Whether a schema leads back to one around it.
    fn is_again(&self, schema: &Value) -> bool {
        document::reference(schema).is_some_and(|name| self.above.iter().any(|above| above == name))
    }

    fn text(&mut self, name: &str) -> String {
        format!("{name} & {}", self.number())
    }
}

/// The values of an expected request that no other argument has: swapping two of them is noticed.
pub fn values(expected: &Expected) -> Vec<String> {
    let mut all: Vec<String> = expected.query.iter().map(|(_, value)| value.clone()).collect();
    all.extend(expected.path.iter().cloned());
    if let Some(body) = &expected.body {
        leaves(body, &mut all);
    }
    all
}

fn leaves(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::Object(fields) => fields.values().for_each(|field| leaves(field, out)),
        Value::Array(items) => items.iter().for_each(|item| leaves(item, out)),
        other => out.push(other.to_string()),
    }
}

fn percent_encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'*' => {
                char::from(byte).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect()
}

/// One segment of a path as the server reads it.
pub fn percent_decoded(segment: &str) -> String {
    let (mut bytes, mut rest) = (Vec::new(), segment.bytes());
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let digits = [rest.next().expect("a digit"), rest.next().expect("a digit")];
                let digits = std::str::from_utf8(&digits).expect("ASCII");
                u8::from_str_radix(digits, 16).expect("a hexadecimal number")
            }
            other => other,
        });
    }
    String::from_utf8(bytes).expect("UTF-8")
}

/// Whether the newest version is among those that are listed, or all versions are meant.
fn is_in_newest(versions: &Value) -> bool {
    let newest = &DOCUMENT["info"]["version"];
    versions
        .as_array()
        .is_none_or(|versions| versions.contains(newest))
}

fn text(value: &Value) -> String {
    value.as_str().expect("text").to_owned()
}
