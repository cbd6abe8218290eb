//! Conversion of decimals and text between JSON and Rust, without a detour through floats.
//!
//! The API encodes some amounts as strings and some as numbers. Both are read from the JSON text itself, so that
//! `2.50` keeps its scale and no digit is lost. A value with more digits than [`Decimal`] holds is rejected rather
//! than rounded (see `crate::data::number`). Either form is accepted for every decimal, because the API has swapped them before. Values are
//! sent in the form that the field requires.

use std::fmt;
use std::marker::PhantomData;

use rust_decimal::Decimal;
use serde::de::{self, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serializer};
use serde_json::value::RawValue;

use crate::data::number::{self, Notation, Problem};
use crate::data::place::Place;

/// Placeholder for a decimal string in generated types, replaced by `build/fields.rs`.
#[allow(dead_code)]
pub(crate) type TextDecimal = Decimal;
/// Placeholder for a decimal number in generated types, replaced by `build/fields.rs`.
#[allow(dead_code)]
pub(crate) type NumberDecimal = Decimal;

/// Writes a decimal as a JSON number.
pub(crate) fn number<S: Serializer>(value: &Decimal, serializer: S) -> Result<S::Ok, S::Error> {
    let raw = RawValue::from_string(value.to_string()).expect("a decimal prints as a JSON number");
    serde::Serialize::serialize(&*raw, serializer)
}

/// A number that is decoded from its JSON text, in a string or not.
pub(crate) trait Exact: Sized {
    /// What is expected, for errors.
    const EXPECTED: &'static str;

    /// Parses the text of the number.
    fn parse<E: de::Error>(text: &str) -> Result<Self, E>;
}

impl Exact for Decimal {
    const EXPECTED: &'static str = "a decimal, as a string or a number";

    fn parse<E: de::Error>(text: &str) -> Result<Self, E> {
        parse(text)
    }
}

/// Decodes a number exactly, from a JSON number or string.
pub(crate) fn exact<'de, T: Exact, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_newtype_struct(RAW, ExactVisitor(PhantomData))
}

/// A number as an element of another value.
pub(crate) struct ExactValue<T>(pub(crate) T);

impl<'de, T: Exact> Deserialize<'de> for ExactValue<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        exact(deserializer).map(Self)
    }
}

/// The struct name that makes `serde_json` return the JSON text itself (see [`RawValue`]). A deserializer that does
/// not support it, as inside `#[serde(flatten)]`, returns the value as usual.
const RAW: &str = "$serde_json::private::RawValue";

/// A JSON value: its text, or the decoded value if the deserializer does not keep the text.
pub(crate) enum JsonText {
    Text(Box<str>),
    Value(serde_json::Value),
}

/// Reads any JSON value with its text.
pub(crate) fn json_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonText, D::Error> {
    struct TextVisitor;
    impl<'de> Visitor<'de> for TextVisitor {
        type Value = JsonText;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("JSON")
        }

        fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<JsonText, D::Error> {
            serde_json::Value::deserialize(deserializer).map(JsonText::Value)
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<JsonText, A::Error> {
            match map.next_key::<&str>() {
                Ok(Some(RAW)) => map.next_value_seed(WholeText).map(JsonText::Text),
                _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
            }
        }
    }
    deserializer.deserialize_newtype_struct(RAW, TextVisitor)
}

impl<'de> Deserialize<'de> for JsonText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        json_text(deserializer)
    }
}

/// Reads JSON as text, and notes where it is.
struct WholeText;

impl<'de> de::DeserializeSeed<'de> for WholeText {
    type Value = Box<str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Box<str>, D::Error> {
        text(deserializer, |json| {
            Place::reading(json);
            json.into()
        })
    }
}

/// Decodes any JSON value, after passing its text to `check` if the deserializer keeps the text.
pub(crate) fn json<'de, D: Deserializer<'de>>(
    deserializer: D,
    check: impl Fn(&str) -> Result<(), D::Error>,
) -> Result<serde_json::Value, D::Error> {
    match json_text(deserializer)? {
        JsonText::Text(text) => {
            check(&text)?;
            serde_json::from_str(&text).map_err(de::Error::custom)
        }
        JsonText::Value(value) => Ok(value),
    }
}

struct ExactVisitor<T>(PhantomData<T>);

impl<'de, T: Exact> Visitor<'de> for ExactVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(T::EXPECTED)
    }

    fn visit_newtype_struct<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_any(self)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        match map.next_key::<&str>() {
            Ok(Some(RAW)) => map.next_value_seed(RawText(PhantomData)),
            _ => Err(de::Error::invalid_type(de::Unexpected::Map, &self)),
        }
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        T::parse(text)
    }

    fn visit_u64<E: de::Error>(self, value: u64) -> Result<T, E> {
        T::parse(&value.to_string())
    }

    fn visit_i64<E: de::Error>(self, value: i64) -> Result<T, E> {
        T::parse(&value.to_string())
    }

    /// Uses the shortest text that parses to the same float, which is also how `serde_json` prints it.
    fn visit_f64<E: de::Error>(self, value: f64) -> Result<T, E> {
        T::parse(&value.to_string())
    }
}

/// Reads the JSON text of a number or string.
struct RawText<T>(PhantomData<T>);

impl<'de, T: Exact> de::DeserializeSeed<'de> for RawText<T> {
    type Value = T;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<T, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl<T: Exact> Visitor<'_> for RawText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the text of a number")
    }

    fn visit_str<E: de::Error>(self, raw: &str) -> Result<T, E> {
        let place = Place::reading(raw);
        let value = match raw.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')) {
            Some(text) => T::parse(text),
            None if raw.starts_with(|first: char| first.is_ascii_digit() || first == '-') => T::parse(raw),
            None => Err(E::custom(format_args!("expected {}", T::EXPECTED))),
        };
        value.inspect_err(|_| place.fails())
    }
}

fn parse<E: de::Error>(text: &str) -> Result<Decimal, E> {
    number::parse(text.as_bytes(), Notation::Json).map_err(|problem| match problem {
        Problem::TooLong => E::custom("the decimal has more digits than can be represented exactly (28)"),
        Problem::Notation if text.len() <= 40 => E::custom(format_args!("`{text}` is not a decimal")),
        Problem::Notation => E::custom("not a decimal"),
    })
}

/// Reads a string without storing it.
pub(crate) fn text<'de, D: Deserializer<'de>, T>(
    deserializer: D,
    read: impl Fn(&str) -> T,
) -> Result<T, D::Error> {
    struct TextVisitor<F, T>(F, PhantomData<T>);
    impl<F: Fn(&str) -> T, T> Visitor<'_> for TextVisitor<F, T> {
        type Value = T;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a string")
        }

        fn visit_str<E: de::Error>(self, value: &str) -> Result<T, E> {
            Ok((self.0)(value))
        }
    }
    deserializer.deserialize_str(TextVisitor(read, PhantomData))
}

// The path makes the module resolve in `fuzz/` too, which contains this file.
#[cfg(test)]
#[path = "codec/properties.rs"]
mod properties;

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::data::{Extra, object};

    #[derive(Debug, PartialEq)]
    struct Money {
        text: Decimal,
        number: Decimal,
        maybe: Option<Decimal>,
        maybe_number: Option<Decimal>,
        extra: Extra,
    }

    object! {
        Money {
            0 text "text" required Text,
            1 number "number" required Number,
            2 maybe "maybe" optional Text,
            3 maybe_number "maybe_number" optional Number,
        }
    }

    fn read(json: &str) -> Result<Money, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn scale_and_form_survive_a_round_trip() {
        for json in [
            r#"{"text":"2.50","number":2.50}"#,
            r#"{"text":"20000.10","number":0}"#,
            r#"{"text":"-0.001","number":-12.000,"maybe":"0.0","maybe_number":1.10}"#,
            r#"{"text":"7922816251426433759354395033.5","number":7922816251426433759354395033.5}"#,
        ] {
            let money = read(json).expect("exact decimals decode");
            assert_eq!(serde_json::to_string(&money).expect("encodes"), json);
        }
    }

    #[test]
    fn both_forms_are_understood_everywhere() {
        let money = read(r#"{"text":2.50,"number":"2.50","maybe":3,"maybe_number":null}"#).expect("decodes");
        assert_eq!(money.text.to_string(), "2.50");
        assert_eq!(money.number.to_string(), "2.50");
        assert_eq!(money.maybe, Some(3.into()));
        assert_eq!(money.maybe_number, None);
    }

    #[test]
    fn nothing_is_rounded() {
        let error = read(r#"{"text":"0.33333333333333333333333333333333","number":0}"#).unwrap_err();
        assert!(
            error
                .to_string()
                .contains("more digits than can be represented exactly"),
            "{error}"
        );
    }

    #[test]
    fn what_is_no_decimal_is_refused() {
        for json in [
            r#"{"text":"","number":0}"#,
            r#"{"text":"1,5","number":0}"#,
            r#"{"text":"1_000","number":0}"#,
            r#"{"text":"+5","number":0}"#,
            r#"{"text":".5","number":0}"#,
            r#"{"text":"5.","number":0}"#,
            r#"{"text":" 5","number":0}"#,
            r#"{"text":[],"number":0}"#,
            r#"{"text":true,"number":0}"#,
            r#"{"text":{},"number":0}"#,
            r#"{"text":null,"number":0}"#,
        ] {
            assert!(read(json).is_err(), "{json}");
        }
    }

    #[test]
    fn a_value_tree_and_a_flattened_struct_decode_too() {
        #[derive(Deserialize)]
        struct Outer {
            #[serde(flatten)]
            money: Money,
        }
        let json = json!({"text": "2.50", "number": 2.5});
        assert_eq!(
            serde_json::from_value::<Money>(json.clone())
                .expect("from a tree")
                .number
                .to_string(),
            "2.5"
        );
        let outer: Outer = serde_json::from_value(json).expect("flattened");
        assert_eq!(outer.money.number.to_string(), "2.5");
        assert_eq!(outer.money.text.to_string(), "2.50");
    }

    #[test]
    fn whole_numbers_of_a_value_tree_decode_with_their_sign() {
        #[derive(Deserialize)]
        struct Outer {
            #[serde(flatten)]
            money: Money,
        }
        let outer: Outer = serde_json::from_value(json!({"text": 3, "number": -4})).expect("flattened");
        assert_eq!((outer.money.text, outer.money.number), (3.into(), (-4).into()));
    }

    #[test]
    fn an_error_names_what_was_expected() {
        use serde::de::value::{BoolDeserializer, BorrowedStrDeserializer, Error, MapDeserializer};
        use serde::de::{IgnoredAny, IntoDeserializer};

        let truth = || -> BoolDeserializer<Error> { true.into_deserializer() };
        let map = |key: &'static str| {
            let key = BorrowedStrDeserializer::<Error>::new(key);
            MapDeserializer::new(std::iter::once((key, true)))
        };
        let expected = |error: Error| {
            let error = error.to_string();
            error.split("expected ").nth(1).expect("it names that").to_owned()
        };
        for (error, wanted) in [
            (
                exact::<Decimal, _>(truth()).unwrap_err(),
                "a decimal, as a string or a number",
            ),
            (
                exact::<Decimal, _>(map("key")).unwrap_err(),
                "a decimal, as a string or a number",
            ),
            (exact::<Decimal, _>(map(RAW)).unwrap_err(), "the text of a number"),
            (json_text(truth()).map(|_| ()).unwrap_err(), "JSON"),
            (json_text(map("key")).map(|_| ()).unwrap_err(), "JSON"),
            (text(truth(), |_| IgnoredAny).unwrap_err(), "a string"),
        ] {
            assert_eq!(expected(error), wanted);
        }
        let error = read(r#"{"text":true,"number":0}"#).unwrap_err().to_string();
        assert!(
            error.contains("expected a decimal, as a string or a number"),
            "{error}"
        );
    }

    #[test]
    fn an_error_quotes_short_texts_only() {
        for (length, quoted) in [(40, true), (41, false)] {
            let error = parse::<serde_json::Error>(&"x".repeat(length))
                .unwrap_err()
                .to_string();
            assert_eq!(error.contains("xx"), quoted, "{error}");
        }
    }
}
