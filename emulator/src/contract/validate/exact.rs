//! Finds the numbers of a JSON text that lose digits when they are read.
//!
//! JSON numbers are read as 64-bit integers and doubles. Every decimal of 15 digits survives that; longer ones may
//! not, and an amount must not change silently.

use std::collections::BTreeMap;

use serde_json::Number;

use super::super::scalars;
use super::path::{self, Step};

/// Digits that a double always preserves.
const SAFE_DIGITS: usize = 15;
/// Numbers that are reported.
const MOST: usize = 1000;

/// The numbers that lose digits, by the path of their place.
pub(super) type Inexact = BTreeMap<String, String>;

/// Returns the numbers that lose digits in a text that is valid JSON, or `None` if there are more than a thousand.
pub(super) fn inexact(json: &[u8]) -> Option<Inexact> {
    let mut found = Inexact::new();
    let mut scanner = Scanner::default();
    let mut at = 0;
    while at < json.len() {
        let end = token_end(json, at);
        let token = &json[at..end];
        match token[0] {
            b'-' | b'0'..=b'9' if loses_digits(token) => {
                found.insert(scanner.path(), String::from_utf8_lossy(token).into_owned());
                if found.len() > MOST {
                    return None;
                }
            }
            _ => scanner.advance(token),
        }
        at = end;
    }
    Some(found)
}

/// The end of the token that starts at `at`: a text, a number, or a single byte.
fn token_end(json: &[u8], at: usize) -> usize {
    let rest = &json[at + 1..];
    let more = match json[at] {
        b'"' => {
            let mut is_escaped = false;
            let closing = rest.iter().position(|byte| {
                let closes = *byte == b'"' && !is_escaped;
                is_escaped = *byte == b'\\' && !is_escaped;
                closes
            });
            closing.map_or(rest.len(), |closing| closing + 1)
        }
        b'-' | b'0'..=b'9' => {
            let belongs = |byte: &u8| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-');
            rest.iter().take_while(|byte| belongs(byte)).count()
        }
        _ => 0,
    };
    at + 1 + more
}

fn loses_digits(token: &[u8]) -> bool {
    let digits = token.iter().take_while(|byte| !matches!(byte, b'e' | b'E'));
    let digits = digits.filter(|byte| byte.is_ascii_digit());
    if digits.skip_while(|byte| **byte == b'0').count() <= SAFE_DIGITS {
        return false;
    }
    let text = String::from_utf8_lossy(token);
    let read = serde_json::from_str::<Number>(&text).map(|number| number.to_string());
    let (sent, read) = (
        scalars::number(&text),
        read.ok().and_then(|text| scalars::number(&text)),
    );
    sent.is_none() || sent != read
}

/// Follows the structure of a text, to name the present place.
#[derive(Default)]
struct Scanner<'a> {
    frames: Vec<Frame<'a>>,
    last_text: &'a [u8],
}

enum Frame<'a> {
    /// The key of the present member, in quotes.
    Object(&'a [u8]),
    Array(usize),
}

impl<'a> Scanner<'a> {
    fn advance(&mut self, token: &'a [u8]) {
        match (token[0], self.frames.last_mut()) {
            (b'{', _) => self.frames.push(Frame::Object(b"\"\"")),
            (b'[', _) => self.frames.push(Frame::Array(0)),
            (b'}' | b']', _) => {
                self.frames.pop();
            }
            (b'"', _) => self.last_text = token,
            (b':', Some(Frame::Object(key))) => *key = self.last_text,
            (b',', Some(Frame::Array(index))) => *index += 1,
            _ => {}
        }
    }

    fn path(&self) -> String {
        let keys: Vec<String> = self
            .frames
            .iter()
            .map(|frame| match frame {
                Frame::Object(key) => serde_json::from_slice(key).unwrap_or_default(),
                Frame::Array(_) => String::new(),
            })
            .collect();
        let steps = self.frames.iter().zip(&keys).map(|(frame, key)| match frame {
            Frame::Object(_) => Step::Key(key),
            Frame::Array(index) => Step::Index(*index),
        });
        path::text("body", steps)
    }
}

#[cfg(test)]
mod tests {
    use super::inexact;

    fn found(json: &str) -> Vec<(String, String)> {
        let found = inexact(json.as_bytes()).expect("few numbers");
        found.into_iter().collect()
    }

    #[test]
    fn numbers_that_lose_digits_are_found_where_they_are() {
        let json =
            r#"{"a": [1, {"b\"]": "1234567890.12345678901", "c": 1234567890.12345678901}], "d": 12.50}"#;
        let expected = [("body.a[1].c".to_owned(), "1234567890.12345678901".to_owned())];
        assert_eq!(found(json), expected);
    }

    #[test]
    fn numbers_that_keep_their_digits_are_not_reported() {
        let json =
            "[0.30000000000000004, 0.10000000000000000, 9223372036854775807, 1e3, 0.000000000000000000015]";
        assert_eq!(found(json), []);
        for json in [
            "0.10000000000000001",
            "7.0000000000000000001",
            "1e-40000000000000000000000",
        ] {
            let is_found = !found(json).is_empty();
            assert_eq!(is_found, !json.contains('e'), "{json}");
        }
    }

    #[test]
    fn a_flood_of_such_numbers_is_refused() {
        let json = format!("[{}0]", "0.10000000000000001,".repeat(1001));
        assert_eq!(inexact(json.as_bytes()), None);
    }
}
