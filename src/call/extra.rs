//! What a caller adds to a request although the document does not describe it: query parameters, and fields of the body.

use std::collections::BTreeMap;
use std::fmt;

use http::header::CONTENT_TYPE;
use reqwest::{Body, Request};
use serde::Serialize;
use serde::de::IgnoredAny;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::data::InvalidInput;
use crate::operation::{Defined, Operation};
use crate::version::ApiVersion;

const QUERY: &str = "extra_query";
const FIELD: &str = "extra_field";

/// The additions of one call.
#[derive(Clone, Default)]
pub(super) struct Extra {
    query: Vec<(String, Vec<String>)>,
    fields: Vec<(String, Box<RawValue>)>,
}

impl Extra {
    /// Adds a query parameter. A list is sent as a parameter for each item.
    pub(super) fn query(&mut self, name: &str, value: &impl Serialize) -> Result<(), InvalidInput> {
        let invalid = |problem: String| Err(invalid(QUERY, name, &problem));
        check_name(QUERY, name, self.query.iter().map(|(name, _)| name))?;
        let texts = match serde_json::to_value(value) {
            Ok(Value::Array(items)) if items.is_empty() => {
                Err("is an empty list; omit it instead".to_owned())
            }
            Ok(Value::Array(items)) => items.iter().map(text).collect(),
            Ok(value) => text(&value).map(|text| vec![text]),
            Err(error) => Err(format!("cannot be encoded: {error}")),
        };
        match texts {
            Ok(texts) => self.query.push((name.to_owned(), texts)),
            Err(problem) => return invalid(problem),
        }
        Ok(())
    }

    /// Adds a field of the body. It keeps every digit of its numbers.
    pub(super) fn field(&mut self, name: &str, value: &impl Serialize) -> Result<(), InvalidInput> {
        check_name(FIELD, name, self.fields.iter().map(|(name, _)| name))?;
        match serde_json::value::to_raw_value(value) {
            Ok(value) => self.fields.push((name.to_owned(), value)),
            Err(error) => return Err(invalid(FIELD, name, &format!("cannot be encoded: {error}"))),
        }
        Ok(())
    }

    /// Returns the request with the additions, or an error if one of them has another way into the request.
    pub(super) fn add_to(
        &self,
        mut request: Request,
        operation: &Operation,
        version: ApiVersion,
    ) -> Result<Request, InvalidInput> {
        for (name, values) in &self.query {
            let sent = request.url().query_pairs().any(|(known, _)| known == *name);
            check_undefined(QUERY, name, operation.query, version, sent)?;
            let mut pairs = request.url_mut().query_pairs_mut();
            pairs.extend_pairs(values.iter().map(|value| (name, value)));
        }
        if !self.fields.is_empty() {
            let body = self.extended(&request, operation, version)?;
            *request.body_mut() = Some(Body::from(body));
        }
        Ok(request)
    }

    /// Returns the body of the request with the fields.
    fn extended(
        &self,
        request: &Request,
        operation: &Operation,
        version: ApiVersion,
    ) -> Result<String, InvalidInput> {
        let Some(body) = request.body() else {
            return Err(InvalidInput::new(FIELD, "the call has no body; omit it"));
        };
        let not_an_object = || InvalidInput::new(FIELD, "the body is not a JSON object; omit it");
        let content = request.headers().get(CONTENT_TYPE);
        let is_json = content.is_some_and(|content| content.as_bytes().starts_with(b"application/json"));
        let text = body.as_bytes().filter(|_| is_json);
        let text = text.and_then(|text| std::str::from_utf8(text).ok());
        let object = text.and_then(|text| {
            let fields: BTreeMap<String, IgnoredAny> = serde_json::from_str(text).ok()?;
            Some((fields, text.trim_end().strip_suffix('}')?))
        });
        let (mut sent, start) = object.ok_or_else(not_an_object)?;
        let mut extended = start.to_owned();
        for (name, value) in &self.fields {
            check_undefined(FIELD, name, operation.fields, version, sent.contains_key(name))?;
            let separator = if sent.is_empty() { "" } else { "," };
            let key = Value::from(name.as_str());
            extended += &format!("{separator}{key}:{value}");
            sent.insert(name.clone(), IgnoredAny);
        }
        extended.push('}');
        Ok(extended)
    }
}

/// Prints names only: the values can be secrets.
impl fmt::Debug for Extra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let query: Vec<&String> = self.query.iter().map(|(name, _)| name).collect();
        let fields: Vec<&String> = self.fields.iter().map(|(name, _)| name).collect();
        f.debug_struct("Extra")
            .field("query", &query)
            .field("fields", &fields)
            .finish()
    }
}

/// Returns a value of the query as it is sent.
pub(super) fn text(value: &Value) -> Result<String, String> {
    match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        Value::Null => Err("is null; omit it instead".to_owned()),
        Value::Array(_) => Err("is a list; expected one value".to_owned()),
        Value::Object(_) => Err("is an object; expected a text or a number".to_owned()),
    }
}

fn check_name<'n>(
    option: &'static str,
    name: &str,
    mut known: impl Iterator<Item = &'n String>,
) -> Result<(), InvalidInput> {
    if name.is_empty() {
        return Err(InvalidInput::new(option, "the name must not be empty"));
    }
    if known.any(|known| known == name) {
        return Err(invalid(
            option,
            name,
            "is set twice; send several values as one list",
        ));
    }
    Ok(())
}

/// Checks that a name is neither defined for the operation nor sent already. What only other versions define is not in
/// the way: a call cannot send it otherwise.
fn check_undefined(
    option: &'static str,
    name: &str,
    defined: Defined,
    version: ApiVersion,
    sent: bool,
) -> Result<(), InvalidInput> {
    let in_version =
        |(known, versions): &(&str, &[ApiVersion])| *known == name && versions.contains(&version);
    if defined.iter().any(in_version) {
        let problem =
            "is defined for this call; set it in the body, or with the argument or the method of its name";
        return Err(invalid(option, name, problem));
    }
    if sent {
        return Err(invalid(option, name, "is set already, and would be sent twice"));
    }
    Ok(())
}

fn invalid(option: &'static str, name: &str, problem: &str) -> InvalidInput {
    InvalidInput::new(option, format!("`{}` {problem}", name.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    use http::{HeaderValue, Method};
    use serde_json::json;

    use crate::operation::{Content, Quota, Repeat, Route};

    const NEW: &[ApiVersion] = &[ApiVersion::V2024_07_30];

    static OPERATION: Operation = Operation {
        id: "thing_create",
        versions: ApiVersion::ALL,
        repeat: Repeat::Never,
        quota: Quota::Requests,
        content: Content::Json,
        route: Route {
            method: "POST",
            path: "/things",
        },
        former_routes: &[],
        query: &[("limit", ApiVersion::ALL), ("search", NEW)],
        fields: &[("name", ApiVersion::ALL), ("color", NEW)],
    };

    fn request(content: &'static str, body: Option<&'static str>) -> Request {
        let url = url::Url::parse("https://example.com/things?a=1").expect("a URL");
        let mut request = Request::new(Method::POST, url);
        let content = HeaderValue::from_static(content);
        request.headers_mut().insert(CONTENT_TYPE, content);
        *request.body_mut() = body.map(Body::from);
        request
    }

    fn sent(extra: &Extra, body: &'static str, version: ApiVersion) -> Result<(String, String), String> {
        let request = request("application/json", Some(body));
        let request = extra.add_to(request, &OPERATION, version);
        let request = request.map_err(|input| format!("{}: {}", input.name, input.problem))?;
        let body = request.body().and_then(Body::as_bytes).unwrap_or_default();
        let body = String::from_utf8(body.to_vec()).expect("text");
        Ok((request.url().query().unwrap_or_default().to_owned(), body))
    }

    fn with_field(name: &str) -> Extra {
        let mut extra = Extra::default();
        extra.field(name, &1).expect("a field");
        extra
    }

    #[test]
    fn additions_are_encoded_and_change_nothing_else() {
        let mut extra = Extra::default();
        extra.query("ex pand", &["a&b=c", "ä"]).expect("a list");
        extra.query("on", &true).expect("a boolean");
        extra.field("a\"b", &json!({"x": [1, null]})).expect("JSON");
        extra
            .field("n", &RawValue::from_string("1.500".to_owned()).expect("JSON"))
            .expect("raw");
        let query = "a=1&ex+pand=a%26b%3Dc&ex+pand=%C3%A4&on=true".to_owned();
        for (body, with) in [
            ("{}", r#"{"a\"b":{"x":[1,null]},"n":1.500}"#),
            (" { } \n", r#" { "a\"b":{"x":[1,null]},"n":1.500}"#),
            (
                r#"{"rate":1.10}"#,
                r#"{"rate":1.10,"a\"b":{"x":[1,null]},"n":1.500}"#,
            ),
        ] {
            let sent = sent(&extra, body, ApiVersion::default());
            assert_eq!(sent, Ok((query.clone(), with.to_owned())));
        }
    }

    #[test]
    fn a_name_that_the_version_defines_is_refused() {
        let defined = "is defined for this call";
        for name in ["limit", "search"] {
            let mut extra = Extra::default();
            extra.query(name, &1).expect("a parameter");
            let problem = sent(&extra, "{}", ApiVersion::V2024_07_30).expect_err("refused");
            assert!(
                problem.starts_with(&format!("extra_query: `{name}` {defined}")),
                "{problem}"
            );
            assert_eq!(
                sent(&extra, "{}", ApiVersion::V2024_01_01).is_ok(),
                name == "search"
            );
        }
        for name in ["name", "color"] {
            let extra = with_field(name);
            let problem = sent(&extra, "{}", ApiVersion::V2024_07_30).expect_err("refused");
            assert!(
                problem.starts_with(&format!("extra_field: `{name}` {defined}")),
                "{problem}"
            );
            assert_eq!(
                sent(&extra, "{}", ApiVersion::V2024_01_01).is_ok(),
                name == "color"
            );
        }
    }

    #[test]
    fn nothing_is_sent_twice() {
        let mut extra = Extra::default();
        extra.query("a", &2).expect("a parameter");
        let problem = sent(&extra, "{}", ApiVersion::default()).expect_err("refused");
        assert_eq!(
            problem,
            "extra_query: `a` is set already, and would be sent twice"
        );
        let problem = sent(&with_field("x"), r#"{"x":1}"#, ApiVersion::default()).expect_err("refused");
        assert_eq!(
            problem,
            "extra_field: `x` is set already, and would be sent twice"
        );

        let twice = extra.query("a", &3).expect_err("refused").problem;
        assert_eq!(twice, "`a` is set twice; send several values as one list");
        let twice = with_field("x").field("x", &3).expect_err("refused").problem;
        assert_eq!(twice, "`x` is set twice; send several values as one list");
    }

    #[test]
    fn a_field_needs_a_json_object() {
        let extra = with_field("x");
        for (content, body, problem) in [
            ("application/json", None, "the call has no body; omit it"),
            (
                "application/json",
                Some("[]"),
                "the body is not a JSON object; omit it",
            ),
            ("text/plain", Some("{}"), "the body is not a JSON object; omit it"),
        ] {
            let request = request(content, body);
            let refused = extra.add_to(request, &OPERATION, ApiVersion::default());
            assert_eq!(refused.expect_err("refused").problem, problem);
        }
    }

    #[test]
    fn a_value_that_cannot_be_sent_is_refused() {
        let mut extra = Extra::default();
        for (value, problem) in [
            (json!(null), "`x` is null; omit it instead"),
            (json!([]), "`x` is an empty list; omit it instead"),
            (json!([["a"]]), "`x` is a list; expected one value"),
            (json!({}), "`x` is an object; expected a text or a number"),
        ] {
            assert_eq!(extra.query("x", &value).expect_err("refused").problem, problem);
        }
        assert_eq!(
            extra.query("", &1).expect_err("refused").problem,
            "the name must not be empty"
        );
        let unencodable = BTreeMap::from([(vec![1], 1)]);
        let problem = extra.field("x", &unencodable).expect_err("refused").problem;
        assert!(
            problem.starts_with("`x` cannot be encoded: key must be a string"),
            "{problem}"
        );
    }

    #[test]
    fn the_values_are_not_printed() {
        let mut extra = with_field("field");
        extra.query("parameter", &"a secret").expect("a parameter");
        extra.field("key", &"a secret").expect("a field");
        let printed = format!("{extra:?}");
        assert_eq!(
            printed,
            r#"Extra { query: ["parameter"], fields: ["field", "key"] }"#
        );
    }
}
