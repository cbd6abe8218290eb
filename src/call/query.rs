//! Turns typed arguments into paths and queries.
//!
//! Invariant: no value of an argument changes which endpoint is called.

use std::borrow::Cow;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use rust_decimal::Decimal;
use url::Url;

use crate::error::InvalidInput;

/// A value as it travels in a path or query.
pub(crate) trait Wire {
    fn wire(&self) -> Cow<'_, str>;
}

impl Wire for String {
    fn wire(&self) -> Cow<'_, str> {
        Cow::Borrowed(self)
    }
}

impl Wire for bool {
    fn wire(&self) -> Cow<'_, str> {
        Cow::Borrowed(if *self { "true" } else { "false" })
    }
}

impl Wire for i32 {
    fn wire(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Wire for i64 {
    fn wire(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Wire for Decimal {
    fn wire(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Wire for NaiveDate {
    fn wire(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_string())
    }
}

impl Wire for DateTime<Utc> {
    fn wire(&self) -> Cow<'_, str> {
        Cow::Owned(self.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

/// One optional value.
pub(crate) fn one<T: Wire>(value: Option<&T>) -> Option<Cow<'_, str>> {
    value.map(Wire::wire)
}

/// Several values joined by commas. One that contains a comma cannot be said, unless items are encoded.
pub(crate) fn commas<T: Wire>(
    name: &'static str,
    values: Option<&Vec<T>>,
    encode: bool,
) -> Result<Option<String>, InvalidInput> {
    let Some(values) = values else { return Ok(None) };
    let mut joined = String::new();
    for value in values {
        let text = value.wire();
        if !joined.is_empty() {
            joined.push(',');
        }
        if encode {
            joined.extend(
                url::form_urlencoded::byte_serialize(text.as_bytes()).map(|piece| {
                    // A plus sign is a space only to who decodes forms.
                    if piece == "+" { "%20" } else { piece }
                }),
            );
        } else if text.contains(',') || text.is_empty() {
            let problem = format!(
                "`{}` cannot stand in a list that is joined by commas",
                text.escape_debug()
            );
            return Err(InvalidInput::new(name, problem));
        } else {
            joined.push_str(&text);
        }
    }
    // An empty filter is no filter: it would ask for what matches nothing, or be read as absent.
    if values.is_empty() {
        return Err(InvalidInput::new(
            name,
            "the list is empty; leave the filter out instead",
        ));
    }
    Ok(Some(joined))
}

/// Several values, each with the name of the parameter.
pub(crate) fn repeated<T: Wire>(values: Option<&Vec<T>>) -> Option<Vec<String>> {
    values.map(|values| values.iter().map(|value| value.wire().into_owned()).collect())
}

/// Refuses a number outside of the documented range.
pub(crate) fn within<T: Copy + Into<i64>>(
    name: &'static str,
    value: Option<T>,
    low: i64,
    high: i64,
) -> Result<(), InvalidInput> {
    match value.map(Into::into) {
        Some(value) if value < low || value > high => Err(InvalidInput::new(
            name,
            format!("{value} is not within {low} to {high}"),
        )),
        _ => Ok(()),
    }
}

/// The URL of an operation: the base URL, and the template with its parameters filled in.
///
/// The generated client is not trusted with this: it leaves `.`, `..` and `\` as they are, and a URL with
/// those in it collapses to another endpoint.
pub(crate) fn path(
    base: &Url,
    template: &str,
    values: &[(&'static str, Cow<'_, str>)],
) -> Result<Url, InvalidInput> {
    let mut url = base.clone();
    let mut values = values.iter();
    {
        let mut segments = url
            .path_segments_mut()
            .expect("the client's base URL is http or https");
        segments.pop_if_empty();
        for part in template.split('/').skip(1) {
            if part.starts_with('{') {
                let (name, value) = values
                    .next()
                    .expect("a template has as many parameters as its operation");
                segments.push(segment(name, value)?);
            } else {
                segments.push(part);
            }
        }
    }
    Ok(url)
}

/// A value that can be one segment of a path, whatever it contains.
fn segment<'a>(name: &'static str, value: &'a str) -> Result<&'a str, InvalidInput> {
    let problem = if value.is_empty() {
        "it is empty"
    } else if value == "." || value == ".." {
        "`.` and `..` would name another endpoint"
    } else if value.chars().any(char::is_control) {
        "it contains a control character, perhaps a line break at its end"
    } else {
        return Ok(value);
    };
    Err(InvalidInput::new(name, problem))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn void(id: &str) -> Result<String, InvalidInput> {
        let base = Url::parse("https://example.com/api").expect("a URL");
        path(&base, "/invoices/{id}/void", &[("id", Cow::Borrowed(id))]).map(|url| url.path().to_owned())
    }

    #[test]
    fn whatever_an_id_contains_stays_in_its_segment() {
        for (id, wanted) in [
            ("a-1", "/api/invoices/a-1/void"),
            ("a/b", "/api/invoices/a%2Fb/void"),
            ("../x", "/api/invoices/..%2Fx/void"),
            (r"..\..\x", "/api/invoices/..%5C..%5Cx/void"),
            ("%2e%2e", "/api/invoices/%252e%252e/void"),
            ("?a=b#c", "/api/invoices/%3Fa=b%23c/void"),
            (
                "https://example.com/hook",
                "/api/invoices/https:%2F%2Fexample.com%2Fhook/void",
            ),
            ("ä €", "/api/invoices/%C3%A4%20%E2%82%AC/void"),
            ("...", "/api/invoices/.../void"),
        ] {
            assert_eq!(void(id).expect("can be said"), wanted);
        }
    }

    #[test]
    fn what_would_change_the_endpoint_is_refused() {
        for id in ["", ".", "..", "a\n", "\t", "..\r", "\0"] {
            assert!(void(id).is_err(), "{id:?}");
        }
    }

    #[test]
    fn lists_are_joined_by_commas_and_say_nothing_else() {
        let list = |values: &[&str], encode| {
            let values: Vec<String> = values.iter().map(ToString::to_string).collect();
            commas("ids", Some(&values), encode)
        };
        assert_eq!(list(&["a", "b"], false), Ok(Some("a,b".to_owned())));
        assert_eq!(
            list(&["a,b", "c d+e"], true),
            Ok(Some("a%2Cb,c%20d%2Be".to_owned()))
        );
        assert!(list(&["a,b"], false).is_err());
        assert!(list(&[], false).is_err());
        assert_eq!(commas::<String>("ids", None, false), Ok(None));
    }

    #[test]
    fn numbers_keep_to_their_range() {
        assert!(within("limit", Some(1), 1, 100).is_ok());
        assert!(within("limit", None::<i32>, 1, 100).is_ok());
        for value in [0, -1, 101] {
            assert!(within("limit", Some(value), 1, 100).is_err());
        }
    }
}
