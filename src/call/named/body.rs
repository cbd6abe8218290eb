//! Checks the shape of a JSON body against the document: what the types of typed calls guarantee.
//!
//! A field that the document does not have is refused, since the API may ignore it without a word. Values of enums
//! are open, as they are everywhere in this crate.

use chrono::{DateTime, NaiveDate};
use serde_json::{Map, Value};

use crate::call::named::document::{resolve, schema};
use crate::call::named::entry::suggestion;
use crate::data::{Convert, InvalidInput};

/// Checks a value of the component `name`.
pub(super) fn check(name: &str, body: &Value) -> Result<(), InvalidInput> {
    value(schema(name), body, &mut Path(String::new())).map_err(|Problem(path, problem)| {
        match path.is_empty() {
            true => InvalidInput::new("body", problem),
            false => InvalidInput::new("body", format!("`{path}` {problem}")),
        }
    })
}

/// The path of a value, and what is wrong there.
struct Problem(String, String);

struct Path(String);

impl Path {
    fn problem<T>(&self, problem: impl Into<String>) -> Result<T, Problem> {
        Err(Problem(self.0.clone(), problem.into()))
    }

    /// Extends the path while `inner` runs.
    fn within<T>(
        &mut self,
        piece: &str,
        inner: impl FnOnce(&mut Self) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let length = self.0.len();
        if !self.0.is_empty() && !piece.starts_with('[') {
            self.0.push('.');
        }
        self.0.push_str(piece);
        let result = inner(self);
        self.0.truncate(length);
        result
    }
}

fn value(node: &'static Value, given: &Value, path: &mut Path) -> Result<(), Problem> {
    if given.is_null() {
        return match node["nullable"].as_bool() {
            Some(true) => Ok(()),
            _ => path.problem("must not be null; omit it instead"),
        };
    }
    let node = resolve(node);
    if let Some(tag) = node["discriminator"]["propertyName"].as_str() {
        return union(node, tag, given, path);
    }
    match (node["type"].as_str(), given) {
        (Some("object"), Value::Object(fields)) => object(node, fields, path),
        (Some("array"), Value::Array(items)) => {
            for (index, item) in items.iter().enumerate() {
                path.within(&format!("[{index}]"), |path| value(&node["items"], item, path))?;
            }
            Ok(())
        }
        (Some("string"), Value::String(given)) => text(node, given, path),
        (Some("boolean"), Value::Bool(_)) | (Some("number"), Value::Number(_)) => Ok(()),
        (Some("integer"), Value::Number(number)) => integer(node, number, path),
        // Free-form JSON.
        (None, _) => Ok(()),
        (Some(expected), given) => path.problem(format!(
            "is {}; expected {}",
            kind(given),
            expected_kind(expected)
        )),
    }
}

fn kind(given: &Value) -> &'static str {
    match given {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn expected_kind(name: &str) -> &'static str {
    match name {
        "object" => "an object",
        "array" => "a list",
        "string" => "a text",
        "boolean" => "`true` or `false`",
        "integer" => "an integer",
        _ => "a number",
    }
}

fn object(node: &'static Value, fields: &Map<String, Value>, path: &mut Path) -> Result<(), Problem> {
    let Some(properties) = node["properties"].as_object() else {
        // Entries by names that the caller chooses.
        let entries = &node["additionalProperties"];
        return fields.iter().try_for_each(|(name, given)| match entries {
            Value::Object(_) => path.within(&format!("[{name:?}]"), |path| value(entries, given, path)),
            _ => Ok(()),
        });
    };
    for (name, given) in fields {
        match properties.get(name) {
            Some(property) => path.within(name, |path| value(property, given, path))?,
            None => {
                let known = properties.keys().map(String::as_str);
                let suggestion = suggestion(name, known);
                return path.within(name, |path| {
                    path.problem(format!("is not a field of the document{suggestion}"))
                });
            }
        }
    }
    let required = node["required"].as_array().into_iter().flatten();
    let mut missing = required
        .filter_map(Value::as_str)
        .filter(|name| !fields.contains_key(*name))
        .map(|name| match path.0.as_str() {
            "" => format!("`{name}`"),
            path => format!("`{path}.{name}`"),
        });
    match missing.next() {
        None => Ok(()),
        Some(first) => {
            let all: Vec<String> = std::iter::once(first).chain(missing).collect();
            Err(Problem(String::new(), format!("missing: {}", all.join(", "))))
        }
    }
}

fn union(node: &'static Value, tag: &'static str, given: &Value, path: &mut Path) -> Result<(), Problem> {
    let Value::Object(fields) = given else {
        return path.problem(format!("is {}; expected an object", kind(given)));
    };
    let mapping = node["discriminator"]["mapping"].as_object();
    let mut members = mapping.into_iter().flatten();
    let chosen = fields.get(tag).and_then(Value::as_str);
    let target = members.find(|(name, _)| chosen == Some(name.as_str()));
    match target.and_then(|(_, target)| target.as_str()?.rsplit('/').next()) {
        Some(name) => object(schema(name), fields, path),
        None => {
            let names: Vec<&str> = mapping
                .into_iter()
                .flat_map(|map| map.keys())
                .map(String::as_str)
                .collect();
            path.within(tag, |path| {
                path.problem(format!("has to be one of {}", names.join(", ")))
            })
        }
    }
}

fn text(node: &Value, given: &str, path: &Path) -> Result<(), Problem> {
    let quoted = given.escape_debug();
    match node["format"].as_str() {
        Some("decimal") => match given.convert() {
            Ok(_) => Ok(()),
            Err(error) => path.problem(InvalidInput::value("", &error).problem),
        },
        Some("date") if given.parse::<NaiveDate>().is_err() => path.problem(format!(
            "`{quoted}` is not a date; expected one such as 2026-01-31"
        )),
        Some("date-time") if DateTime::parse_from_rfc3339(given).is_err() => path.problem(format!(
            "`{quoted}` is not an RFC 3339 timestamp; expected one such as 2026-01-31T12:00:00Z"
        )),
        _ => Ok(()),
    }
}

fn integer(node: &Value, number: &serde_json::Number, path: &Path) -> Result<(), Problem> {
    let fits = match node["format"].as_str() {
        Some("int32") => number
            .as_i64()
            .is_some_and(|number| i32::try_from(number).is_ok()),
        _ => number.as_i64().is_some(),
    };
    if fits {
        Ok(())
    } else {
        path.problem(format!("`{number}` is not an integer in the range of the field"))
    }
}

#[cfg(all(test, feature = "all-resources"))]
mod tests {
    use super::*;

    use serde_json::json;

    fn problem(name: &str, body: &Value) -> String {
        check(name, body)
            .err()
            .map(|input| input.problem)
            .unwrap_or_default()
    }

    #[test]
    fn a_field_that_is_unknown_or_missing_is_named_by_its_path() {
        let whole = json!({"customerId": "c-1", "currency": "GBP"});
        assert_eq!(problem("InvoiceCreate", &whole), "");
        for (body, message) in [
            (
                json!({"customerId": "c-1", "curency": "GBP"}),
                "`curency` is not a field of the document; did you mean `currency`?",
            ),
            (json!({}), "missing: `customerId`, `currency`"),
            (
                json!({"customerId": null, "currency": "GBP"}),
                "`customerId` must not be null; omit it instead",
            ),
            (
                json!({"customerId": 7, "currency": "GBP"}),
                "`customerId` is a number; expected a text",
            ),
            (json!([]), "is a list; expected an object"),
        ] {
            let problem = problem("InvoiceCreate", &body);
            assert!(problem.contains(message), "{body}: {problem}");
        }
    }

    #[test]
    fn values_have_the_types_of_the_document() {
        let line = |name: &str, value: Value| {
            let mut body = json!({
                "title": "Seats", "quantity": "2", "rate": "1.50", "taxRate": "0.2", "externalIds": [],
            });
            body[name] = value;
            problem("InvoiceLineItemCreate", &body)
        };
        assert_eq!(line("rate", json!("19.90")), "");
        assert!(line("rate", json!("19,90")).contains("`rate` `19,90` is not a decimal"));
        assert!(line("rate", json!(19.9)).contains("`rate` is a number; expected a text"));
        let period = json!({"startDate": "2026-01-01", "endDate": "31.1.2026"});
        let problem = line("servicePeriod", period);
        assert!(
            problem.contains("`servicePeriod.endDate` `31.1.2026` is not a date"),
            "{problem}"
        );
    }

    #[test]
    fn an_unknown_value_of_an_enum_is_sent() {
        let body = json!({"customerId": "c-1", "currency": "XXX"});
        assert_eq!(problem("InvoiceCreate", &body), "");
    }
}
