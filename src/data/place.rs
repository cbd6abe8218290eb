//! Decodes JSON, and finds the path at which that fails from the position in the error.
//!
//! A deserializer that keeps track of the path would compile the decoder of every type once more, and so would one for
//! bytes beside the one for text. Decoders are most of the compiled code of this crate.

use std::cell::Cell;

use serde::Deserialize;
use serde::de::Error as _;
use serde_json::Deserializer;
use serde_json::de::StrRead;

thread_local! {
    /// The address of the JSON text of the value that was last read as text.
    static READ: Cell<usize> = const { Cell::new(0) };
    /// The address of the JSON text of the value that failed to decode.
    static FAILED: Cell<usize> = const { Cell::new(0) };
}

/// Where the JSON text of a value is: an error about it has no position of its own.
#[derive(Clone, Copy)]
pub(crate) struct Place(usize);

impl Place {
    /// Notes that `json` is read as text.
    pub(crate) fn reading(json: &str) -> Self {
        let place = Self(json.as_ptr().addr());
        READ.set(place.0);
        place
    }

    /// Returns the place of the value that was last read as text.
    pub(crate) fn last_read() -> Self {
        Self(READ.get())
    }

    /// Notes that the value is the one that fails to decode.
    pub(crate) fn fails(self) {
        FAILED.set(self.0);
    }
}

/// The reason why JSON cannot be decoded, and the path of the value that it is about.
#[derive(Debug)]
pub(crate) struct Undecodable {
    /// Such as `lines[0].rate`; `.` for the whole text.
    pub(crate) path: String,
    pub(crate) error: serde_json::Error,
}

/// Decodes JSON.
pub(crate) fn decode<'a, T: Deserialize<'a>>(json: &'a [u8]) -> Result<T, Undecodable> {
    decode_by(json, |deserializer| T::deserialize(deserializer))
}

/// Decodes JSON with a function.
pub(crate) fn decode_by<'a, T>(
    json: &'a [u8],
    decode: impl FnOnce(&mut Deserializer<StrRead<'a>>) -> Result<T, serde_json::Error>,
) -> Result<T, Undecodable> {
    let text = str::from_utf8(json).map_err(|error| Undecodable {
        path: Scan::new(json).until(Target::End(error.valid_up_to() + 1)),
        error: serde_json::Error::custom("the JSON is not UTF-8"),
    })?;
    FAILED.set(0);
    let mut deserializer = Deserializer::from_str(text);
    let value = decode(&mut deserializer).and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| Undecodable {
        path: Scan::new(json).until(target(json, &error)),
        error,
    })
}

/// The value that an error is about.
#[derive(Clone, Copy)]
enum Target {
    /// The one that begins here.
    Start(usize),
    /// The innermost that ends here, or else surrounds it.
    End(usize),
}

fn target(text: &[u8], error: &serde_json::Error) -> Target {
    let failed = FAILED.take().checked_sub(text.as_ptr().addr());
    if let Some(start) = failed.filter(|start| *start < text.len()) {
        return Target::Start(start);
    }
    let position = offset(text, error.line(), error.column());
    let message = error.to_string();
    // The position is before the list or object then, and after any other value.
    let mut unread = ["invalid type: map", "invalid type: sequence"].iter();
    if unread.any(|words| message.starts_with(words)) {
        Target::Start(position)
    } else {
        Target::End(position)
    }
}

/// Returns the number of bytes before a position, which is counted in bytes too.
fn offset(text: &[u8], line: usize, column: usize) -> usize {
    let mut breaks = text.iter().enumerate().filter(|(_, byte)| **byte == b'\n');
    let start = match line {
        0 | 1 => 0,
        _ => breaks.nth(line - 2).map_or(0, |(index, _)| index + 1),
    };
    start.saturating_add(column)
}

/// A list or object that is open.
enum Level<'a> {
    /// The current key, as it is written.
    Object(Option<&'a [u8]>),
    /// The current index.
    List(Option<usize>),
}

struct Scan<'a> {
    text: &'a [u8],
    open: Vec<Level<'a>>,
    /// A key is next.
    expects_key: bool,
}

impl<'a> Scan<'a> {
    fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            open: Vec::new(),
            expects_key: false,
        }
    }

    /// Reads up to the target and returns its path.
    fn until(mut self, target: Target) -> String {
        let mut at = 0;
        while let Some(&byte) = self.text.get(at) {
            let next = self.token(at);
            match byte {
                b'}' | b']' => {
                    self.open.pop();
                    self.expects_key = false;
                }
                b',' => self.expects_key = matches!(self.open.last(), Some(Level::Object(_))),
                b':' | b' ' | b'\t' | b'\n' | b'\r' => {}
                _ if self.expects_key => {
                    if let Some(Level::Object(key)) = self.open.last_mut() {
                        *key = Some(&self.text[at..next]);
                    }
                    self.expects_key = false;
                }
                _ => {
                    self.value();
                    if matches!(target, Target::Start(start) if start <= at) {
                        break;
                    }
                    match byte {
                        b'{' => self.open.push(Level::Object(None)),
                        b'[' => self.open.push(Level::List(None)),
                        _ => {}
                    }
                    self.expects_key = byte == b'{';
                }
            }
            if matches!(target, Target::End(end) if end <= next) {
                break;
            }
            at = next;
        }
        self.path()
    }

    /// Counts a value of a list.
    fn value(&mut self) {
        if let Some(Level::List(index)) = self.open.last_mut() {
            *index = Some(index.map_or(0, |index| index + 1));
        }
    }

    /// Returns the end of the token that begins at `start`.
    fn token(&self, start: usize) -> usize {
        let rest = &self.text[start..];
        let length = match rest[0] {
            b'"' => {
                let mut is_escaped = true; // the opening quote
                let closing = rest.iter().position(|byte| {
                    let is_end = *byte == b'"' && !is_escaped;
                    is_escaped = *byte == b'\\' && !is_escaped;
                    is_end
                });
                closing.map_or(rest.len(), |closing| closing + 1)
            }
            b'{' | b'}' | b'[' | b']' | b',' | b':' | b' ' | b'\t' | b'\n' | b'\r' => 1,
            _ => {
                let is_end = |byte: &u8| b"{}[],:\" \t\n\r".contains(byte);
                rest.iter().position(is_end).unwrap_or(rest.len())
            }
        };
        start + length
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for level in &self.open {
            match level {
                Level::Object(Some(key)) => {
                    let written = String::from_utf8_lossy(key);
                    let name =
                        serde_json::from_str::<String>(&written).unwrap_or_else(|_| written.into_owned());
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path += &name;
                }
                Level::List(Some(index)) => path += &format!("[{index}]"),
                Level::Object(None) | Level::List(None) => {}
            }
        }
        if path.is_empty() { ".".to_owned() } else { path }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use rust_decimal::Decimal;

    use super::decode;
    use crate::data::{Extra, object};

    #[allow(dead_code, reason = "only decoded")]
    #[derive(Debug)]
    struct Order {
        id: String,
        count: Option<i32>,
        total: Option<Decimal>,
        lines: Option<Vec<Line>>,
        sizes: Option<Vec<i32>>,
        by_name: Option<BTreeMap<String, Line>>,
        extra: Extra,
    }

    object! {
        Order {
            0 id "id" required Plain,
            1 count "count" optional Integer,
            2 total "total" optional Text,
            3 lines "lines" optional Bounded,
            4 sizes "sizes" optional Integers,
            5 by_name "by_name" optional Bounded,
        }
    }

    #[allow(dead_code, reason = "only decoded")]
    #[derive(Debug)]
    struct Line {
        rate: Decimal,
        on: Option<chrono::NaiveDate>,
        extra: Extra,
    }

    object! {
        Line {
            0 rate "rate" required Text,
            1 on "on" optional Plain,
        }
    }

    fn failing(text: &str) -> String {
        decode::<Order>(text.as_bytes()).expect_err(text).path
    }

    #[test]
    fn the_path_leads_to_the_value_that_does_not_fit() {
        for (text, expected) in [
            (r#"{"id": 7}"#, "id"),
            (r#"{"id": null, "count": 1}"#, "id"),
            (r#"{"id": {"a": [1, 2]}}"#, "id"),
            (r#"{"id": ["a"], "count": 1}"#, "id"),
            (r#"{"id": "a", "count": 1.5}"#, "count"),
            (r#"{"id": "a", "count": "x", "x": 1}"#, "count"),
            (r#"{"id": "a", "total": "1,5"}"#, "total"),
            (r#"{"id": "a", "total": "1,5" , "count": 1}"#, "total"),
            (r#"{"id": "a", "total": {"b": 1}, "count": 1}"#, "total"),
            (r#"{"id": "a", "total": [1]}"#, "total"),
            (r#"{"id": "a", "lines": {}}"#, "lines"),
            (r#"{"id": "a", "lines": [1]}"#, "lines[0]"),
            (r#"{"id": "a", "lines": [[1, {"a": 2}], 3]}"#, "lines[0]"),
            (r#"[{"id": "a"}]"#, "."),
            (
                r#"{"id": "a", "lines": [{"rate": "1"}, {"rate": "x"}, {"rate": "2"}]}"#,
                "lines[1].rate",
            ),
            (
                r#"{"id": "a", "lines": [{"rate": "1"}, {"on": "2026-01-01", "rate": true}]}"#,
                "lines[1].rate",
            ),
            (
                r#"{"id": "a", "lines": [{"rate": "1"}, {"rate": "2", "on": "2026-13-01"}]}"#,
                "lines[1].on",
            ),
            (r#"{"id": "a", "sizes": [1, "2", "x"]}"#, "sizes[2]"),
            (r#"{"id": "a", "sizes": [1, "x", {"a": 1}]}"#, "sizes[1]"),
            (
                r#"{"id": "a", "by_name": {"a\"b\"": {"rate": "1"}, "c.d": {"rate": []}}}"#,
                "by_name.c.d.rate",
            ),
            (
                r#"{"id": "a", "by_name": {"a\"b\"": {"rate": "x"}}}"#,
                r#"by_name.a"b".rate"#,
            ),
        ] {
            assert_eq!(failing(text), expected, "{text}");
            let lines = text.replace(' ', "\n  ");
            assert_eq!(failing(&lines).replace("\n  ", " "), expected, "{lines}");
        }
    }

    #[test]
    fn what_lacks_a_field_is_named_itself() {
        for (text, expected) in [
            (r#"{"count": 1}"#, "."),
            ("{}", "."),
            (
                r#"{"id": "a", "lines": [{"rate": "1"}, {"on": null}], "count": 1}"#,
                "lines[1]",
            ),
            (r#"{"id": "a", "by_name": {"b": {}}}"#, "by_name.b"),
        ] {
            assert_eq!(failing(text), expected, "{text}");
        }
    }

    #[test]
    fn broken_json_has_the_path_of_the_place_where_it_ends() {
        for (text, expected) in [
            ("", "."),
            ("nonsense", "."),
            (r#"{"id": "a"} 7"#, "."),
            (r#"{"id": "a"#, "id"),
            (
                r#"{"id": "a", "lines": [{"rate": "1"}, {"rate": "#,
                "lines[1].rate",
            ),
            (r#"{"id": "a", "count": 1x}"#, "count"),
        ] {
            assert_eq!(failing(text), expected, "{text}");
        }
    }

    #[test]
    fn bytes_that_are_not_utf_8_have_a_path() {
        let undecodable =
            decode::<Order>(b"{\"id\": \"a\", \"lines\": [{\"rate\": \"\xff\"}]}").expect_err("not UTF-8");
        assert_eq!(undecodable.path, "lines[0].rate");
        assert!(
            undecodable.error.to_string().contains("not UTF-8"),
            "{undecodable:?}"
        );
    }

    mod properties {
        use proptest::prelude::*;

        proptest! {
            /// The path is for a message, so any text and any position has one.
            #[test]
            fn any_text_has_a_path(text in r#"([{}\[\],: "\\a1]|\n){0,40}"#) {
                if let Err(undecodable) = super::decode::<super::Order>(text.as_bytes()) {
                    prop_assert!(!undecodable.path.is_empty());
                }
            }
        }
    }
}
