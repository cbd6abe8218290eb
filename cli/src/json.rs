//! JSON as it was written: numbers keep their digits and fields their order.

use std::fmt;

use serde::de::{Deserializer, MapAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};
use serde_json::value::RawValue;

/// Levels that are read, as many as other readers of JSON accept.
const DEEPEST: usize = 127;

/// A JSON value. Numbers are text, so that no digit of an amount is lost.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    pub(crate) fn parse(text: &str) -> Result<Self, serde_json::Error> {
        Self::at_level(serde_json::from_str(text)?, DEEPEST)
    }

    fn at_level(raw: &RawValue, levels: usize) -> Result<Self, serde_json::Error> {
        let text = raw.get();
        let inner = |raw: &RawValue| match levels.checked_sub(1) {
            Some(levels) => Self::at_level(raw, levels),
            None => Err(serde::de::Error::custom(format_args!(
                "it is nested deeper than {DEEPEST} levels"
            ))),
        };
        Ok(match text.as_bytes().first() {
            Some(b'{') => {
                let Fields(fields) = serde_json::from_str(text)?;
                let parse = |(name, raw): (String, &RawValue)| Ok((name, inner(raw)?));
                Self::Object(
                    fields
                        .into_iter()
                        .map(parse)
                        .collect::<Result<_, serde_json::Error>>()?,
                )
            }
            Some(b'[') => {
                let items: Vec<&RawValue> = serde_json::from_str(text)?;
                Self::List(items.into_iter().map(inner).collect::<Result<_, _>>()?)
            }
            Some(b'"') => Self::Text(serde_json::from_str(text)?),
            Some(b't' | b'f') => Self::Bool(text == "true"),
            Some(b'n') | None => Self::Null,
            Some(_) => Self::Number(text.to_owned()),
        })
    }

    /// Returns the value of a field, or `None` if there is none.
    pub(crate) fn get(&self, name: &str) -> Option<&Self> {
        match self {
            Self::Object(fields) => fields
                .iter()
                .find(|(known, _)| known == name)
                .map(|(_, value)| value),
            _ => None,
        }
    }

    /// Returns the value at a path such as `address.town`.
    pub(crate) fn at(&self, path: &str) -> Option<&Self> {
        path.split('.').try_fold(self, |value, name| value.get(name))
    }

    pub(crate) fn items(&self) -> Option<&[Self]> {
        match self {
            Self::List(items) => Some(items),
            _ => None,
        }
    }

    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// Returns the value as one cell: texts without quotes, nothing for null, and JSON for lists and objects.
    pub(crate) fn cell(&self) -> String {
        match self {
            Self::Null => String::new(),
            Self::Text(text) => text.clone(),
            other => other.to_string(),
        }
    }

    /// Returns the value over several lines, indented by two spaces.
    pub(crate) fn pretty(&self) -> String {
        let mut out = String::new();
        self.write_pretty(0, &mut out);
        out
    }

    fn write_pretty(&self, depth: usize, out: &mut String) {
        let line = |depth: usize, out: &mut String| {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        };
        match self {
            Self::List(items) if !items.is_empty() => {
                out.push('[');
                for (index, item) in items.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    line(depth + 1, out);
                    item.write_pretty(depth + 1, out);
                }
                line(depth, out);
                out.push(']');
            }
            Self::Object(fields) if !fields.is_empty() => {
                out.push('{');
                for (index, (name, value)) in fields.iter().enumerate() {
                    out.push_str(if index == 0 { "" } else { "," });
                    line(depth + 1, out);
                    out.push_str(&format!("{}: ", quoted(name)));
                    value.write_pretty(depth + 1, out);
                }
                line(depth, out);
                out.push('}');
            }
            other => out.push_str(&other.to_string()),
        }
    }
}

/// Returns a text as JSON.
pub(crate) fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("null"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Number(digits) => f.write_str(digits),
            Self::Text(text) => f.write_str(&quoted(text)),
            Self::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    write!(f, "{item}")?;
                }
                f.write_str("]")
            }
            Self::Object(fields) => {
                f.write_str("{")?;
                for (index, (name, value)) in fields.iter().enumerate() {
                    f.write_str(if index == 0 { "" } else { "," })?;
                    write!(f, "{}:{value}", quoted(name))?;
                }
                f.write_str("}")
            }
        }
    }
}

impl Serialize for Json {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let raw = RawValue::from_string(self.to_string()).map_err(serde::ser::Error::custom)?;
        raw.serialize(serializer)
    }
}

/// The fields of an object in their order.
struct Fields<'a>(Vec<(String, &'a RawValue)>);

impl<'de> Deserialize<'de> for Fields<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Collect;
        impl<'de> Visitor<'de> for Collect {
            type Value = Fields<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fields<'de>, A::Error> {
                let mut fields = Vec::new();
                while let Some(field) = map.next_entry()? {
                    fields.push(field);
                }
                Ok(Fields(fields))
            }
        }
        deserializer.deserialize_map(Collect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_and_order_are_kept() {
        let text = r#"{"z":1.10,"a":[1e3,-0.50,"x\n",true,null],"m":{}}"#;
        let json = Json::parse(text).expect("JSON");
        assert_eq!(json.to_string(), text);
        assert_eq!(serde_json::to_string(&json).expect("encodes"), text);
        assert_eq!(Json::parse(&json.pretty()).expect("JSON"), json);
        assert!(
            json.pretty()
                .starts_with("{\n  \"z\": 1.10,\n  \"a\": [\n    1e3,")
        );
    }

    #[test]
    fn a_path_leads_to_a_field() {
        let json = Json::parse(r#"{"address":{"town":"London"},"n":1.50}"#).expect("JSON");
        assert_eq!(json.at("address.town").map(Json::cell).as_deref(), Some("London"));
        assert_eq!(json.at("n").map(Json::cell).as_deref(), Some("1.50"));
        assert_eq!(json.at("address.street"), None);
    }

    #[test]
    fn what_is_not_json_is_refused() {
        for text in ["", "{", "{\"a\":}", "nul", "01", "[1,]", "{} {}"] {
            assert!(Json::parse(text).is_err(), "{text}");
        }
        let deep = |levels: usize| Json::parse(&format!("{}{}", "[".repeat(levels), "]".repeat(levels)));
        assert!(deep(128).is_ok());
        let error = deep(200_000).expect_err("too deep").to_string();
        assert_eq!(error, "it is nested deeper than 127 levels");
    }
}
