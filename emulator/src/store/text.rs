//! Stored JSON, kept small: records of one kind repeat the names of their members.

use std::fmt;
use std::sync::Arc;

/// Where a value was cut out of a shape, and what separates the values. JSON has no such character: texts escape it.
const CUT: char = '\0';

/// What an id begins with among the values; 16 bytes follow.
const ID: u8 = 1;

/// Where the digits of an id are.
const ID_DIGITS: [usize; 5] = [8, 13, 18, 23, 36];

/// A JSON text without the values, which many records share, and the values.
#[derive(Clone, PartialEq, Eq)]
pub struct Text {
    shape: Arc<str>,
    /// Each with a [`CUT`] after it, except for ids, which are bytes.
    values: Arc<[u8]>,
}

impl Text {
    /// Takes valid JSON apart: texts that are not names of members, and numbers, are values.
    pub(super) fn of(json: &str) -> Self {
        let (mut shape, mut values) = (String::with_capacity(json.len()), Vec::with_capacity(json.len()));
        let mut rest = json;
        while let Some(start) = rest.find(|c: char| c == '"' || c == '-' || c.is_ascii_digit()) {
            let (before, token) = rest.split_at(start);
            shape.push_str(before);
            let is_text = token.starts_with('"');
            let length = if is_text {
                text_length(token)
            } else {
                number_length(token)
            };
            let (token, after) = token.split_at(length);
            rest = after;
            if is_text && after.trim_start().starts_with(':') {
                shape.push_str(token);
                continue;
            }
            let value = if is_text {
                shape.push('"');
                &token[1..token.len() - 1]
            } else {
                token
            };
            shape.push(CUT);
            if is_text {
                shape.push('"');
            }
            match id_bytes(value) {
                Some(bytes) => {
                    values.push(ID);
                    values.extend(bytes);
                }
                None => {
                    values.extend(value.as_bytes());
                    values.push(CUT as u8);
                }
            }
        }
        shape.push_str(rest);
        Self {
            shape: shape.into(),
            values: values.into(),
        }
    }

    /// The JSON as it was.
    pub(super) fn json(&self) -> String {
        let mut json = String::with_capacity(self.shape.len() + self.values.len() * 2);
        let mut values: &[u8] = &self.values;
        let mut parts = self.shape.split(CUT);
        json.push_str(parts.next().unwrap_or_default());
        for part in parts {
            if let [ID, rest @ ..] = values
                && let Some((id, rest)) = rest.split_at_checked(16)
            {
                push_id(&mut json, id);
                values = rest;
            } else {
                let end = values
                    .iter()
                    .position(|byte| *byte == CUT as u8)
                    .unwrap_or(values.len());
                json.push_str(std::str::from_utf8(&values[..end]).unwrap_or_default());
                values = values.get(end + 1..).unwrap_or_default();
            }
            json.push_str(part);
        }
        json
    }

    /// What texts with the same members in the same order share.
    pub(super) fn shape(&self) -> &Arc<str> {
        &self.shape
    }

    /// Shares an equal shape.
    pub(super) fn share(&mut self, shape: &Arc<str>) {
        self.shape = Arc::clone(shape);
    }
}

/// The length of the text at the start of a JSON text, with its quotes.
fn text_length(json: &str) -> usize {
    let mut is_escaped = false;
    let end = json.bytes().skip(1).position(|byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    end.map_or(json.len(), |end| end + 2)
}

/// The length of the number at the start of a JSON text.
fn number_length(json: &str) -> usize {
    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E');
    json.bytes().take_while(is_part).count()
}

/// The bytes of an id, if it is written like those that the store makes.
fn id_bytes(text: &str) -> Option<[u8; 16]> {
    let text: &[u8; 36] = text.as_bytes().try_into().ok()?;
    let digit = |byte: u8| match byte {
        b'0'..=b'9' => Some(byte - b'0'),
        b'a'..=b'f' => Some(byte - b'a' + 10),
        _ => None,
    };
    let mut bytes = [0; 16];
    let (mut at, mut place) = (0, 0);
    while at < text.len() {
        if ID_DIGITS.contains(&at) {
            if text[at] != b'-' {
                return None;
            }
            at += 1;
        }
        bytes[place] = digit(text[at])? << 4 | digit(text[at + 1])?;
        (at, place) = (at + 2, place + 1);
    }
    Some(bytes)
}

/// Adds an id as it was.
fn push_id(json: &mut String, bytes: &[u8]) {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let mut text = [b'-'; 36];
    let mut at = 0;
    for byte in bytes {
        if ID_DIGITS.contains(&at) {
            at += 1;
        }
        text[at] = DIGITS[usize::from(byte >> 4)];
        text[at + 1] = DIGITS[usize::from(byte & 15)];
        at += 2;
    }
    json.push_str(std::str::from_utf8(&text).unwrap_or_default());
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.json())
    }
}

impl fmt::Debug for Text {
    /// Shows the size of the text instead of the text, which may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes", self.to_string().len())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::Text;

    fn json() -> impl Strategy<Value = Value> {
        let scalar = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            any::<f64>().prop_map(Value::from),
            ".*".prop_map(Value::from),
            r#"["\\\x00:0-9é]*"#.prop_map(Value::from),
            "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}".prop_map(Value::from),
            "[0-9a-fA-F-]{36}".prop_map(Value::from),
        ];
        scalar.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::btree_map(r#"["\\:0-9a-c]*"#, inner, 0..6)
                    .prop_map(|map| Value::Object(map.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_text_is_put_together_as_it_was(value in json(), is_pretty in any::<bool>()) {
            let json = if is_pretty { serde_json::to_string_pretty(&value) } else { serde_json::to_string(&value) };
            let json = json.expect("plain data");
            prop_assert_eq!(Text::of(&json).to_string(), json);
        }
    }

    #[test]
    fn texts_with_the_same_members_have_the_same_shape() {
        let (one, other) = (
            r#"{"id":"a:1","n":[-1.5e3,7],"x":true}"#,
            r#"{"id":"","n":[2,7],"x":true}"#,
        );
        let (one, other) = (Text::of(one), Text::of(other));
        assert_eq!(one.shape(), other.shape());
        assert_eq!(&**one.shape(), "{\"id\":\"\0\",\"n\":[\0,\0],\"x\":true}");
        assert_eq!(&*one.values, b"a:1\0-1.5e3\x007\0");
    }

    #[test]
    fn an_id_is_17_bytes() {
        let text = Text::of(
            r#"{"id":"00ff12aB-0000-4000-8000-00000000000a","of":"00ff12ab-0000-4000-8000-00000000000a"}"#,
        );
        assert_eq!(text.values.len(), 37 + 17);
    }
}
