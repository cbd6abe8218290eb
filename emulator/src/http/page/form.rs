//! Forms and queries as browsers send them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::contract::percent_decoded;

/// The fields of a form or a query; of equal names the last one. `None` if it is not UTF-8.
pub(super) fn fields(text: &str) -> Option<BTreeMap<String, String>> {
    let parts = text.split('&').filter(|part| !part.is_empty());
    parts
        .map(|part| {
            let (name, value) = part.split_once('=').unwrap_or((part, ""));
            Some((percent_decoded(name, true)?, percent_decoded(value, true)?))
        })
        .collect()
}

/// A value as it is written in a query.
pub(super) fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_encoded_is_decoded_to_the_same() {
        for value in ["", "a b", "<script>&amp;", "100 % + 1", "Söhne", "a=b&c"] {
            let query = format!("x={}&y=1", encoded(value));
            let fields = fields(&query).expect("UTF-8");
            assert_eq!((fields["x"].as_str(), fields["y"].as_str()), (value, "1"));
        }
    }

    #[test]
    fn forms_write_spaces_as_plus_signs() {
        let fields = fields("name=Acme+Ltd&empty=&name=Last").expect("UTF-8");
        assert_eq!((fields["name"].as_str(), fields["empty"].as_str()), ("Last", ""));
        assert_eq!(super::fields("a=%FF"), None);
    }
}
