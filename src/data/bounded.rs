//! Bounds the memory used by decoding.
//!
//! JSON can be far smaller than the value it decodes to: the three bytes `{},` may become a struct of hundreds of
//! bytes. While a response is decoded, every list and map counts its elements against the remaining budget, and
//! decoding fails when the budget is exhausted. Outside of [`within`] nothing is counted.

use std::cell::Cell;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{self, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use crate::data::codec;
use crate::data::place::Place;

thread_local! {
    /// The number of bytes that decoding may still use on this thread.
    static ROOM: Cell<usize> = const { Cell::new(usize::MAX) };
    static IS_EXCEEDED: Cell<bool> = const { Cell::new(false) };
}

/// The size of a map entry without its value: the key, and a share of the node.
const MAP_ENTRY: usize = 2 * size_of::<String>();

/// Runs `decode` with a budget of `bytes`. The second value is `true` if the budget was exceeded.
pub(crate) fn within<T>(bytes: usize, decode: impl FnOnce() -> T) -> (T, bool) {
    struct Restore(usize);
    impl Drop for Restore {
        fn drop(&mut self) {
            ROOM.set(self.0);
            IS_EXCEEDED.set(false);
        }
    }
    let _restore = Restore(ROOM.replace(bytes));
    let decoded = decode();
    (decoded, IS_EXCEEDED.get())
}

/// Counts bytes against the budget.
pub(crate) fn take<E: de::Error>(bytes: usize) -> Result<(), E> {
    match ROOM.get() {
        usize::MAX => Ok(()),
        room if room >= bytes => {
            ROOM.set(room - bytes);
            Ok(())
        }
        _ => {
            IS_EXCEEDED.set(true);
            Err(E::custom("the decoded value exceeds the memory limit"))
        }
    }
}

/// A type that counts its memory while it is decoded.
pub(crate) trait Counted<'de>: Sized {
    fn counted<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error>;
}

impl<'de, T: Deserialize<'de>> Counted<'de> for Vec<T> {
    fn counted<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Vec<T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a sequence")
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Vec<T>, A::Error> {
                let mut items = Vec::new();
                while let Some(item) = sequence.next_element()? {
                    take(size_of::<T>())?;
                    items.push(item);
                }
                Ok(items)
            }
        }
        deserializer.deserialize_seq(List(PhantomData))
    }
}

impl<'de, T: Deserialize<'de>> Counted<'de> for BTreeMap<String, T> {
    fn counted<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Entries<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for Entries<T> {
            type Value = BTreeMap<String, T>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a map")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<BTreeMap<String, T>, A::Error> {
                let mut entries = BTreeMap::new();
                while let Some((key, value)) = map.next_entry()? {
                    take(MAP_ENTRY + size_of::<T>())?;
                    entries.insert(key, value);
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(Entries(PhantomData))
    }
}

impl<'de> Counted<'de> for Value {
    fn counted<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        codec::json(deserializer, |text| {
            take(values_in(text) * (MAP_ENTRY + size_of::<Value>()))
        })
    }
}

impl<'de> Counted<'de> for Map<String, Value> {
    fn counted<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match Value::counted(deserializer)? {
            Value::Object(map) => Ok(map),
            _ => Err(other_type("a map")),
        }
    }
}

/// Decodes a list of free-form JSON, counting the contents of its items.
pub(crate) fn values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Value>, D::Error> {
    match Value::counted(deserializer)? {
        Value::Array(values) => Ok(values),
        _ => Err(other_type("a sequence")),
    }
}

/// Returns the error for free-form JSON, which was just read, of another type.
fn other_type<E: de::Error>(expected: &str) -> E {
    Place::last_read().fails();
    E::custom(format_args!("invalid type: expected {expected}"))
}

/// Returns an upper bound of the number of values in `text`.
fn values_in(text: &str) -> usize {
    1 + text
        .bytes()
        .filter(|byte| matches!(byte, b',' | b'[' | b'{'))
        .count()
}

#[cfg(test)]
mod tests {
    use serde::Serialize;

    use super::*;
    use crate::data::{Extra, object};

    #[derive(Debug, PartialEq, Deserialize, Serialize)]
    struct Large {
        #[serde(default)]
        _padding: [u64; 32],
    }

    #[derive(Debug, Default, PartialEq)]
    struct Everything {
        list: Option<Vec<Large>>,
        map: Option<BTreeMap<String, Large>>,
        json: Option<Value>,
        extra: Extra,
    }

    object! {
        Everything {
            0 list "list" optional Bounded,
            1 map "map" optional Bounded,
            2 json "json" optional Bounded,
        }
    }

    fn decode(json: &str) -> Result<Everything, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn decoding_takes_no_more_room_than_it_has() {
        let list = format!(r#"{{"list":[{}{{}}]}}"#, "{},".repeat(999));
        let entries: Vec<String> = (0..1_000).map(|key| format!(r#""{key}":{{}}"#)).collect();
        let map = format!(r#"{{"map":{{{}}}}}"#, entries.join(","));
        let json = format!(r#"{{"json":[{}0]}}"#, "0,".repeat(9_999));
        let unknown = format!("{{{}\"a\":0}}", "\"a\":0,".repeat(9_999));
        for hostile in [list, map, json, unknown] {
            let (decoded, is_exceeded) = within(100_000, || decode(&hostile));
            assert!(decoded.is_err() && is_exceeded);
            let (decoded, is_exceeded) = within(10_000_000, || decode(&hostile));
            assert!(decoded.is_ok() && !is_exceeded);
            assert!(decode(&hostile).is_ok(), "nothing is counted outside");
        }
    }

    #[test]
    fn absent_null_and_empty_decode_as_ever() {
        let nothing = Everything::default();
        assert_eq!(decode("{}").expect("decodes"), nothing);
        assert_eq!(
            decode(r#"{"list":null,"map":null,"json":null}"#).expect("decodes"),
            nothing
        );
        let empty = decode(r#"{"list":[],"map":{},"json":[1.50,"a",{"b":null}]}"#).expect("decodes");
        assert_eq!(empty.list, Some(Vec::new()));
        assert_eq!(empty.map, Some(BTreeMap::new()));
        assert_eq!(empty.json, Some(serde_json::json!([1.50, "a", {"b": null}])));
    }

    #[test]
    fn every_element_counts_its_size_and_every_entry_its_key_too() {
        let size = size_of::<Large>();
        let value = size_of::<Value>();
        let key = 2 * size_of::<String>();
        for (json, room) in [
            (r#"{"list":[{},{},{}]}"#, 3 * size),
            (r#"{"map":{"a":{},"b":{}}}"#, 2 * (key + size)),
            (r#"{"json":7}"#, key + value),
            (r#"{"json":[1,2,3]}"#, 4 * (key + value)),
            (r#"{"unknown":[1,2,3]}"#, 2 * size_of::<[Box<str>; 2]>()),
        ] {
            let (decoded, is_exceeded) = within(room, || decode(json));
            assert!(decoded.is_ok() && !is_exceeded, "{json} fits in {room}");
            let (decoded, is_exceeded) = within(room - 1, || decode(json));
            assert!(decoded.is_err() && is_exceeded, "{json} is over {}", room - 1);
        }
    }

    #[test]
    fn another_type_is_refused_with_the_expected_one() {
        for (json, expected) in [(r#"{"list":7}"#, "a sequence"), (r#"{"map":7}"#, "a map")] {
            let message = decode(json).expect_err("another type").to_string();
            assert!(message.contains(&format!("expected {expected}")), "{message}");
        }
    }

    #[derive(Debug, PartialEq)]
    struct FreeForm {
        map: Map<String, Value>,
        values: Vec<Value>,
        more: Option<Vec<Value>>,
        extra: Extra,
    }

    object! {
        FreeForm {
            0 map "map" required Bounded,
            1 values "values" required Values,
            2 more "more" optional Values,
        }
    }

    #[test]
    fn free_form_maps_and_lists_decode_and_refuse_other_types() {
        let decode = serde_json::from_str::<FreeForm>;
        let whole = decode(r#"{"map":{"a":1},"values":[true,null],"more":["x"]}"#).expect("decodes");
        assert_eq!(whole.map["a"], serde_json::json!(1));
        assert_eq!(whole.values, [serde_json::json!(true), Value::Null]);
        assert_eq!(whole.more, Some(vec![serde_json::json!("x")]));
        for nothing in [
            r#"{"map":{},"values":[]}"#,
            r#"{"map":{},"values":[],"more":null}"#,
        ] {
            assert_eq!(decode(nothing).expect("decodes").more, None);
        }
        for (wrong, expected) in [
            (r#"{"map":[],"values":[]}"#, "a map"),
            (r#"{"map":{},"values":{}}"#, "a sequence"),
            (r#"{"map":{},"values":[],"more":{}}"#, "a sequence"),
        ] {
            let message = decode(wrong).expect_err(wrong).to_string();
            assert!(message.contains(&format!("expected {expected}")), "{message}");
        }
    }
}
