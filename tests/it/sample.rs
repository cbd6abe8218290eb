//! Answers made up from the document, and what is lost when they are decoded.

use sequencehq_document::sample;
use serde_json::Value;

pub use sequencehq_document::sample::{SECRET as SECRET_IN_DATA, Shape};

use crate::document::DOCUMENT;

/// A value of `schema`.
pub fn value(schema: &Value, shape: Shape) -> Value {
    sample::value(&DOCUMENT, schema, shape)
}

/// What of `sent` is not in `received`: `received` is what an answer became after decoding and encoding again.
pub fn lost(sent: &Value, received: &Value, path: &str, out: &mut Vec<String>) {
    match (sent, received) {
        (Value::Object(sent), Value::Object(received)) => {
            for (name, value) in sent {
                let here = format!("{path}.{name}");
                match received.get(name) {
                    Some(kept) => lost(value, kept, &here, out),
                    None if value.is_null() => {}
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
