//! Converts typed arguments into the text of paths and queries.

use std::borrow::Cow;

use crate::data::{InvalidInput, QueryValue, Segment};

/// Converts an optional value.
pub(crate) fn one<T: QueryValue>(value: Option<&T>) -> Option<Cow<'_, str>> {
    value.map(QueryValue::query_value)
}

/// Joins several values with commas. A value that contains a comma is rejected, unless items are encoded.
pub(crate) fn commas<T: QueryValue>(
    name: &'static str,
    values: Option<&Vec<T>>,
    encode: bool,
) -> Result<Option<String>, InvalidInput> {
    let Some(values) = values else { return Ok(None) };
    let mut joined = String::new();
    for value in values {
        let text = value.query_value();
        if !joined.is_empty() {
            joined.push(',');
        }
        if encode {
            joined.extend(
                url::form_urlencoded::byte_serialize(text.as_bytes()).map(|piece| {
                    // A plus sign stands for a space only in forms.
                    if piece == "+" { "%20" } else { piece }
                }),
            );
        } else if text.contains(',') || text.is_empty() {
            let problem = format!(
                "`{}` cannot be sent in a comma-separated list",
                text.escape_debug()
            );
            return Err(InvalidInput::new(name, problem));
        } else {
            joined.push_str(&text);
        }
    }
    // The API could read an empty filter as one that matches nothing, or as absent.
    if values.is_empty() {
        return Err(InvalidInput::new(
            name,
            "the list is empty; omit the filter instead",
        ));
    }
    Ok(Some(joined))
}

/// Converts several values, each sent as a parameter of its own.
pub(crate) fn repeated<T: QueryValue>(values: Option<&Vec<T>>) -> Option<Vec<String>> {
    values.map(|values| {
        values
            .iter()
            .map(|value| value.query_value().into_owned())
            .collect()
    })
}

/// Returns an error if a number is outside the documented range.
pub(crate) fn within<T: Copy + Into<i64>>(
    name: &'static str,
    value: Option<&T>,
    low: i64,
    high: i64,
) -> Result<(), InvalidInput> {
    match value.map(|value| (*value).into()) {
        Some(value) if value < low || value > high => Err(InvalidInput::new(
            name,
            format!("{value} is not between {low} and {high}"),
        )),
        _ => Ok(()),
    }
}

/// Converts a path parameter into one segment of the path.
pub(crate) fn segment<'a, T: QueryValue>(
    name: &'static str,
    value: &'a T,
    siblings: &[&str],
) -> Result<Segment<'a>, InvalidInput> {
    match value.query_value() {
        Cow::Borrowed(value) => Segment::new(name, value, siblings),
        Cow::Owned(value) => Segment::new(name, &value, siblings).map(Segment::into_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        for value in [1, 2, 99, 100] {
            assert!(within("limit", Some(&value), 1, 100).is_ok(), "{value}");
        }
        assert!(within("limit", None::<&i32>, 1, 100).is_ok());
        for value in [0, -1, 101] {
            assert!(within("limit", Some(&value), 1, 100).is_err());
        }
    }
}
