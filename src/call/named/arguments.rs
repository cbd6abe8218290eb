//! Converts JSON arguments into the text of paths and queries, with the checks of typed calls.

use chrono::{DateTime, NaiveDate, Utc};
use serde_json::Value;

use crate::call::differences::{check_parameter, check_values};
use crate::call::extra;
use crate::call::named::entry::{Entry, Kind, Parameter, Place};
use crate::call::query;
use crate::data::{Convert, InvalidInput, QueryValue, Segment};
use crate::version::ApiVersion;

/// The arguments of a call, by the names of the parameters.
pub(super) type Arguments = Vec<(&'static str, Value)>;

/// Returns the query of a request.
pub(super) fn query(
    entry: &'static Entry,
    version: ApiVersion,
    arguments: &Arguments,
) -> Result<Vec<(String, String)>, InvalidInput> {
    let mut pairs = Vec::new();
    for parameter in entry.parameters {
        let values = texts(parameter, arguments)?;
        check_parameter(version, parameter.name, values.is_some(), parameter.versions)?;
        let sent = values.iter().flatten().map(String::as_str);
        check_values(version, parameter.name, sent, parameter.values)?;
        match (parameter.place, values) {
            (Place::Commas { encode }, values) => {
                let joined = query::commas(parameter.name, values.as_ref(), encode)?;
                pairs.extend(joined.map(|joined| (parameter.name.to_owned(), joined)));
            }
            (Place::Query | Place::Repeated, Some(values)) => {
                pairs.extend(values.into_iter().map(|value| (parameter.name.to_owned(), value)));
            }
            (Place::Query | Place::Repeated, None) | (Place::Path(_), _) => {}
        }
    }
    Ok(pairs)
}

/// Returns the value of a path parameter.
pub(super) fn segment(
    entry: &'static Entry,
    arguments: &Arguments,
    name: &'static str,
) -> Result<Segment<'static>, InvalidInput> {
    let missing = || InvalidInput::new(name, REQUIRED);
    let parameter = entry.parameter(name).ok_or_else(missing)?;
    let Place::Path(siblings) = parameter.place else {
        return Err(missing());
    };
    let text = texts(parameter, arguments)?.and_then(|values| values.into_iter().next());
    query::segment(name, &text.ok_or_else(missing)?, siblings).map(Segment::into_owned)
}

const REQUIRED: &str = "is required";

/// Returns the values of a parameter as text, or `None` if it has none.
fn texts(parameter: &Parameter, arguments: &Arguments) -> Result<Option<Vec<String>>, InvalidInput> {
    let given = arguments.iter().find(|(name, _)| *name == parameter.name);
    let Some((_, value)) = given else {
        return if parameter.is_required {
            Err(InvalidInput::new(parameter.name, REQUIRED))
        } else {
            Ok(None)
        };
    };
    let is_list = matches!(parameter.place, Place::Commas { .. } | Place::Repeated);
    let one = |value| text(parameter.kind, value);
    let converted = match value {
        Value::Array(values) if is_list => values.iter().map(one).collect(),
        value => one(value).map(|text| vec![text]),
    };
    let texts = converted.map_err(|problem| InvalidInput::new(parameter.name, problem))?;
    Ok(Some(texts))
}

/// Returns a value as it is sent, in the form in which a typed call sends it.
fn text(kind: Kind, value: &Value) -> Result<String, String> {
    let given = extra::text(value)?;
    let quoted = given.escape_debug();
    match kind {
        Kind::Text => Ok(given),
        Kind::Boolean => match &*given {
            "true" | "false" => Ok(given),
            _ => Err(format!("`{quoted}` is not `true` or `false`")),
        },
        Kind::Integer(least, most) => match given.parse::<i64>() {
            Ok(number) if (least..=most).contains(&number) => Ok(number.to_string()),
            Ok(number) => Err(format!("{number} is not between {least} and {most}")),
            Err(_) => Err(format!("`{quoted}` is not an integer")),
        },
        Kind::Decimal => match given.as_str().convert() {
            Ok(decimal) => Ok(decimal.query_value().into_owned()),
            Err(error) => Err(InvalidInput::value("", &error).problem),
        },
        Kind::Date => given
            .parse::<NaiveDate>()
            .map(|date| date.query_value().into_owned())
            .map_err(|_| format!("`{quoted}` is not a date; expected one such as 2026-01-31")),
        Kind::Instant => DateTime::parse_from_rfc3339(&given)
            .map(|instant| instant.with_timezone(&Utc).query_value().into_owned())
            .map_err(|_| {
                format!("`{quoted}` is not an RFC 3339 timestamp; expected one such as 2026-01-31T12:00:00Z")
            }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    use serde_json::json;

    #[test]
    fn a_value_is_sent_in_one_form() {
        for (kind, value, sent) in [
            (Kind::Text, json!("a b"), "a b"),
            (Kind::Text, json!(7), "7"),
            (Kind::Boolean, json!(true), "true"),
            (Kind::Boolean, json!("false"), "false"),
            (Kind::Integer(1, 100), json!(7), "7"),
            (Kind::Integer(1, 100), json!("007"), "7"),
            (Kind::Decimal, json!("1.50"), "1.50"),
            (Kind::Decimal, json!(12), "12"),
            (Kind::Date, json!("2026-01-31"), "2026-01-31"),
            (
                Kind::Instant,
                json!("2026-01-31T13:00:00+01:00"),
                "2026-01-31T12:00:00Z",
            ),
        ] {
            assert_eq!(text(kind, &value).as_deref(), Ok(sent), "{kind:?} {value}");
        }
    }

    #[test]
    fn a_value_of_another_type_is_refused() {
        for (kind, value, problem) in [
            (Kind::Text, json!(null), "omit it"),
            (Kind::Text, json!(["a"]), "is a list"),
            (Kind::Text, json!({}), "is an object"),
            (Kind::Boolean, json!("yes"), "not `true` or `false`"),
            (Kind::Integer(1, 100), json!(101), "101 is not between 1 and 100"),
            (Kind::Integer(1, 100), json!(1.5), "not an integer"),
            (Kind::Decimal, json!("1,5"), "`1,5` is not a decimal"),
            (Kind::Date, json!("31.1.2026"), "is not a date"),
            (Kind::Instant, json!("2026-01-31"), "RFC 3339"),
        ] {
            let refused = text(kind, &value).expect_err("refused");
            assert!(refused.contains(problem), "{kind:?} {value}: {refused}");
        }
    }
}
