//! The identity of a group in a window, as bytes.
//!
//! Eight bytes of the start of the window in seconds, and a JSON array of alias, type and the properties in the order of
//! their names. Equal facts have equal bytes, whatever the order of their properties.

use std::io::Write as _;

use serde_json::{Map, Value};

/// The customer, the type and the properties of a group.
pub(super) struct Parts {
    pub(super) customer_alias: String,
    pub(super) event_type: String,
    pub(super) properties: Map<String, Value>,
}

/// Writes a key to `out`, which keeps its memory between calls. `is_summed` selects the properties that do not count.
pub(super) fn write(
    out: &mut Vec<u8>,
    window: i64,
    customer_alias: &str,
    event_type: &str,
    properties: Option<&Map<String, Value>>,
    is_summed: impl Fn(&str) -> bool,
) {
    out.clear();
    out.extend_from_slice(&window.to_be_bytes());
    out.push(b'[');
    text(out, customer_alias);
    out.push(b',');
    text(out, event_type);
    out.push(b',');
    match properties {
        Some(properties) => object(out, properties, is_summed),
        None => out.extend_from_slice(b"{}"),
    }
    out.push(b']');
}

/// Returns the start of the window, and the JSON.
pub(super) fn split(key: &[u8]) -> (i64, &[u8]) {
    match key.split_first_chunk() {
        Some((window, json)) => (i64::from_be_bytes(*window), json),
        None => (0, key),
    }
}

pub(super) fn parts(json: &[u8]) -> Option<Parts> {
    let (customer_alias, event_type, properties) = serde_json::from_slice(json).ok()?;
    Some(Parts {
        customer_alias,
        event_type,
        properties,
    })
}

fn object(out: &mut Vec<u8>, map: &Map<String, Value>, is_left_out: impl Fn(&str) -> bool) {
    out.push(b'{');
    let start = out.len();
    let mut write = |name: &str, member: &Value| {
        if is_left_out(name) {
            return;
        }
        if out.len() > start {
            out.push(b',');
        }
        text(out, name);
        out.push(b':');
        value(out, member);
    };
    // The order of a map depends on a feature of `serde_json`, which any crate may enable.
    if map.keys().is_sorted() {
        map.iter().for_each(|(name, member)| write(name, member));
    } else {
        let mut sorted: Vec<_> = map.iter().collect();
        sorted.sort_unstable_by_key(|(name, _)| *name);
        sorted.into_iter().for_each(|(name, member)| write(name, member));
    }
    out.push(b'}');
}

fn value(out: &mut Vec<u8>, member: &Value) {
    match member {
        Value::String(string) => text(out, string),
        Value::Object(map) => object(out, map, |_| false),
        Value::Array(items) => {
            out.push(b'[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(b',');
                }
                value(out, item);
            }
            out.push(b']');
        }
        // Writing to memory does not fail.
        scalar => drop(write!(out, "{scalar}")),
    }
}

fn text(out: &mut Vec<u8>, string: &str) {
    let is_plain = |byte: u8| byte >= 0x20 && byte != b'"' && byte != b'\\';
    if string.bytes().all(is_plain) {
        out.push(b'"');
        out.extend_from_slice(string.as_bytes());
        out.push(b'"');
    } else {
        drop(write!(out, "{}", Value::from(string)));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn key(window: i64, properties: Value) -> Vec<u8> {
        let mut out = b"left from before".to_vec();
        write(
            &mut out,
            window,
            "acme \"&\" co",
            "call",
            properties.as_object(),
            |name| name == "tokens",
        );
        out
    }

    #[test]
    fn the_order_of_properties_does_not_matter_and_summed_ones_are_left_out() {
        let one = key(
            3_600,
            json!({"region": "eu", "tokens": 5, "a": {"y": 1, "x": [true, null, "ü\n"]}}),
        );
        let other = key(
            3_600,
            json!({"a": {"x": [true, null, "ü\n"], "y": 1}, "tokens": 7, "region": "eu"}),
        );
        assert_eq!(one, other);
        let (window, json) = split(&one);
        assert_eq!(window, 3_600);
        let parts = parts(json).expect("JSON");
        assert_eq!(
            (parts.customer_alias.as_str(), parts.event_type.as_str()),
            ("acme \"&\" co", "call")
        );
        let properties = json!({"region": "eu", "a": {"x": [true, null, "ü\n"], "y": 1}});
        assert_eq!(Value::Object(parts.properties), properties);
    }

    #[test]
    fn window_and_every_property_make_another_key() {
        let keys = [
            key(0, json!({"region": "eu"})),
            key(3_600, json!({"region": "eu"})),
            key(0, json!({"region": "us"})),
            key(0, json!({"region": 1})),
            key(0, json!({"region": "1"})),
            key(0, json!({})),
        ];
        for (index, key) in keys.iter().enumerate() {
            assert!(!keys[..index].contains(key), "{index}");
        }
    }
}
