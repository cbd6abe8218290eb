//! Path segments.
//!
//! Invariant: the value of a path parameter never changes which endpoint is called. `.` and `..` are normalized
//! away, an empty value leads to the collection, and a literal at the same position of another path
//! (`list-summary`) leads to that path. All of them are rejected; all other values are encoded.

use std::borrow::Cow;
use std::fmt;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::data::invalid_input::InvalidInput;

/// Everything but the unreserved characters of RFC 3986.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// A checked and percent-encoded segment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Segment<'a>(Cow<'a, str>);

impl<'a> Segment<'a> {
    /// Checks and encodes `value`, the value of the parameter `name`. `siblings` are the literals at the same position
    /// of other paths.
    pub(crate) fn new(name: &'static str, value: &'a str, siblings: &[&str]) -> Result<Self, InvalidInput> {
        let problem = if value.is_empty() {
            "must not be empty".to_owned()
        } else if value == "." || value == ".." {
            "must not be `.` or `..`, which would call another endpoint".to_owned()
        } else if value.chars().any(char::is_control) {
            "contains a control character, possibly a trailing line break".to_owned()
        } else if siblings.contains(&value) {
            format!("must not be `{value}`, which would call another endpoint")
        } else {
            return Ok(Self(utf8_percent_encode(value, ENCODED).into()));
        };
        Err(InvalidInput::new(name, problem))
    }

    pub(crate) fn into_owned(self) -> Segment<'static> {
        Segment(Cow::Owned(self.0.into_owned()))
    }
}

impl fmt::Display for Segment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_stays_in_its_segment() {
        for (value, encoded) in [
            ("a-1", "a-1"),
            ("a/b", "a%2Fb"),
            ("../x", "..%2Fx"),
            (r"..\..\x", "..%5C..%5Cx"),
            ("%2e%2e", "%252e%252e"),
            ("?a=b#c", "%3Fa%3Db%23c"),
            ("https://example.com/hook", "https%3A%2F%2Fexample.com%2Fhook"),
            ("ä €", "%C3%A4%20%E2%82%AC"),
            ("...", "..."),
            ("a;b", "a%3Bb"),
        ] {
            let segment = Segment::new("id", value, &["list-summary"]).expect("can be sent");
            assert_eq!(segment.to_string(), encoded);
            let url = url::Url::parse(&format!("https://example.com/api/x/{segment}/void")).expect("a URL");
            assert_eq!(
                url.path(),
                format!("/api/x/{encoded}/void"),
                "parsing changes nothing"
            );
        }
    }

    #[test]
    fn a_value_that_would_change_the_endpoint_is_refused() {
        for value in ["", ".", "..", "a\n", "\t", "..\r", "\0", "list-summary"] {
            assert!(Segment::new("id", value, &["list-summary"]).is_err(), "{value:?}");
        }
        // If the caller encodes the literal, it is another value.
        assert!(Segment::new("id", "list%2Dsummary", &["list-summary"]).is_ok());
    }
}
