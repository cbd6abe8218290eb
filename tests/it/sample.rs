//! Answers made up from the document: whole, minimal, from the future.

use serde_json::{Map, Value, json};

use crate::document::resolve;

/// The value of every property with `format: password`; redaction tests look for it.
pub const SECRET_IN_DATA: &str = "a-secret-in-data-that-must-never-show";

/// Which answer is made up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Every property, with values that the document knows.
    Whole,
    /// What is required, and nothing else.
    Minimal,
    /// What is required, and `null` for everything else.
    Nulls,
    /// Every property, with values and fields that the document does not know.
    Future,
}

/// A value of `schema`.
pub fn value(schema: &Value, shape: Shape) -> Value {
    let schema = resolve(schema);
    if let Some(values) = schema["enum"].as_array() {
        let text = values[0].as_str().expect("enums are text");
        let future = shape == Shape::Future && values.len() > 1;
        return if future {
            json!(format!("{text}_OF_THE_FUTURE"))
        } else {
            values[0].clone()
        };
    }
    if let Some(mapping) = schema
        .pointer("/discriminator/mapping")
        .and_then(Value::as_object)
    {
        let tag = schema["discriminator"]["propertyName"]
            .as_str()
            .expect("a discriminator");
        if shape == Shape::Future {
            return json!({ tag: "KIND_OF_THE_FUTURE", "depth": {"of": ["anything", 1, null]} });
        }
        let (name, target) = mapping.iter().next().expect("a member");
        let mut member = value(&json!({ "$ref": target }), shape);
        member[tag] = json!(name);
        return member;
    }
    match (
        schema["type"].as_str().unwrap_or_default(),
        schema["format"].as_str().unwrap_or_default(),
    ) {
        ("string", "decimal") => json!("2.50"),
        ("string", "date") => json!("2026-02-28"),
        ("string", "date-time") => json!("2026-02-28T09:30:00Z"),
        ("string", "id") => json!("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9"),
        ("string", "password") => json!(SECRET_IN_DATA),
        ("string", _) => json!("text"),
        ("number", _) => json!(12.5),
        ("integer", _) => json!(7),
        ("boolean", _) => json!(true),
        ("array", _) => json!([value(&schema["items"], shape)]),
        ("object", _) => object(schema, shape),
        _ => json!({"anything": [1, "two"]}),
    }
}

fn object(schema: &Value, shape: Shape) -> Value {
    let Some(properties) = schema["properties"].as_object() else {
        let inner = &schema["additionalProperties"];
        let inner = if inner.as_object().is_some_and(|inner| !inner.is_empty()) {
            value(inner, shape)
        } else {
            json!(1)
        };
        return json!({ "key": inner });
    };
    let required: Vec<&str> = schema["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let mut object = Map::new();
    for (name, property) in properties {
        let optional = !required.contains(&name.as_str());
        match shape {
            Shape::Minimal if optional => {}
            Shape::Nulls if optional => {
                object.insert(name.clone(), Value::Null);
            }
            _ => {
                object.insert(name.clone(), value(property, shape));
            }
        }
    }
    if shape == Shape::Future {
        object.insert("fieldOfTheFuture".to_owned(), json!({"deep": [1, null]}));
    }
    Value::Object(object)
}

/// What of `sent` is not in `received`: `received` is what an answer became after decoding and encoding again.
pub fn lost(sent: &Value, received: &Value, path: &str, out: &mut Vec<String>) {
    match (sent, received) {
        (Value::Object(sent), Value::Object(received)) => {
            for (name, value) in sent {
                let here = format!("{path}.{name}");
                match received.get(name) {
                    Some(kept) => lost(value, kept, &here, out),
                    None if value.is_null() || name == "fieldOfTheFuture" => {}
                    None => out.push(here),
                }
            }
            for name in received.keys().filter(|name| !sent.contains_key(*name)) {
                out.push(format!("{path}.{name} was invented"));
            }
        }
        (Value::Array(sent), Value::Array(received)) if sent.len() == received.len() => {
            for (index, (sent, received)) in sent.iter().zip(received).enumerate() {
                lost(sent, received, &format!("{path}[{index}]"), out);
            }
        }
        _ if sent == received => {}
        _ => out.push(format!("{path}: {sent} became {received}")),
    }
}
