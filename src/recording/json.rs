//! JSON whose numbers keep all their digits, to clean, compare and write it.

use std::fmt::{self, Write as _};

use serde::de::{Deserialize, Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

/// Levels that are read. What is deeper is kept as text.
const DEEPEST: usize = 100;
/// Characters up to which a list of scalars stays in one line.
const LINE: usize = 100;

/// A value, with its members in order.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Json {
    Object(Vec<(String, Json)>),
    Array(Vec<Json>),
    Text(String),
    /// A number, `true`, `false` or `null`, as it was written.
    Other(String),
}

impl Json {
    /// Reads a text; `None` if it is not JSON.
    pub(super) fn read(text: &str) -> Option<Self> {
        Self::at_level(serde_json::from_str(text).ok()?, DEEPEST)
    }

    fn at_level(raw: &RawValue, levels: usize) -> Option<Self> {
        let text = raw.get();
        let inner = |raw: &&RawValue| Self::at_level(raw, levels.checked_sub(1)?);
        match text.as_bytes().first()? {
            b'{' => {
                let Members(members) = serde_json::from_str(text).ok()?;
                let members = members
                    .iter()
                    .map(|(name, value)| Some((name.clone(), inner(value)?)));
                Some(Self::Object(members.collect::<Option<_>>()?))
            }
            b'[' => {
                let items: Vec<&RawValue> = serde_json::from_str(text).ok()?;
                Some(Self::Array(items.iter().map(inner).collect::<Option<_>>()?))
            }
            b'"' => Some(Self::Text(serde_json::from_str(text).ok()?)),
            _ => Some(Self::Other(text.to_owned())),
        }
    }

    /// The value in one line.
    pub(super) fn line(&self) -> String {
        let mut text = String::new();
        self.write(&mut text, None);
        text
    }

    /// The value with a member in each line, indented by this many levels.
    pub(super) fn pretty(&self, level: usize) -> String {
        let mut text = String::new();
        self.write(&mut text, Some(level));
        text
    }

    fn write(&self, text: &mut String, level: Option<usize>) {
        match self {
            Self::Text(value) => quote(text, value),
            Self::Other(value) => text.push_str(value),
            Self::Object(members) => list(text, ('{', '}'), level, members, |text, (name, value), level| {
                quote(text, name);
                text.push_str(if level.is_some() { ": " } else { ":" });
                value.write(text, level);
            }),
            Self::Array(items) => {
                let is_flat = items
                    .iter()
                    .all(|item| !matches!(item, Self::Object(_) | Self::Array(_)));
                let line = level.filter(|_| is_flat).map(|_| self.line());
                match line.filter(|line| line.len() <= LINE) {
                    Some(line) => text.push_str(&line),
                    None => list(text, ('[', ']'), level, items, |text, item, level| {
                        item.write(text, level)
                    }),
                }
            }
        }
    }
}

fn list<T>(
    text: &mut String,
    (open, close): (char, char),
    level: Option<usize>,
    items: &[T],
    mut write: impl FnMut(&mut String, &T, Option<usize>),
) {
    text.push(open);
    let inner = level.map(|level| level + 1);
    for (number, item) in items.iter().enumerate() {
        if number > 0 {
            text.push(',');
        }
        if let Some(inner) = inner {
            indent(text, inner);
        }
        write(text, item, inner);
    }
    if let Some(level) = level.filter(|_| !items.is_empty()) {
        indent(text, level);
    }
    text.push(close);
}

fn indent(text: &mut String, level: usize) {
    let _ = write!(text, "\n{:width$}", "", width = level * 2);
}

fn quote(text: &mut String, value: &str) {
    text.push_str(&serde_json::Value::from(value).to_string());
}

/// The members of an object, in order.
struct Members<'a>(Vec<(String, &'a RawValue)>);

impl<'de: 'a, 'a> Deserialize<'de> for Members<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct InOrder;

        impl<'de> Visitor<'de> for InOrder {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }

        deserializer.deserialize_map(InOrder)
    }
}

#[cfg(test)]
mod tests {
    use super::Json;

    #[test]
    fn numbers_keep_their_digits_and_members_their_order() {
        let text = r#"{"b":1.10,"a":[12345678901234567890.50,-0],"c":{"x":null,"é\n":true}}"#;
        assert_eq!(Json::read(text).expect("JSON").line(), text);
    }

    #[test]
    fn a_value_is_indented_with_short_lists_in_one_line() {
        let json = Json::read(r#"{"a":[1,"x"],"b":[{"c":[]}],"d":{}}"#).expect("JSON");
        let expected =
            "{\n  \"a\": [1,\"x\"],\n  \"b\": [\n    {\n      \"c\": []\n    }\n  ],\n  \"d\": {}\n}";
        assert_eq!(json.pretty(0), expected);
    }

    #[test]
    fn what_is_too_deep_or_not_json_is_not_read() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(Json::read(&deep(100)).is_some());
        assert!(Json::read(&deep(200)).is_none());
        assert_eq!(Json::read("<html>"), None);
        assert_eq!(Json::read(""), None);
    }
}
