//! `openapi.json`, asked two questions: which operation is this, and is the request well-formed?
//!
//! The document is read once for the whole process, and the schema of a body is
//! compiled when it is first needed. What is stricter or laxer than the letter of
//! the document:
//!
//! - A query parameter that the operation does not have is refused, so that a
//!   misspelt filter does not match everything. Unknown properties of a body are
//!   ignored: the published schemas are known to lack some that the API takes.
//! - An optional property of a body may be `null`, which counts as left out,
//!   except where an update says that it clears the field.
//! - `int32`, `int64`, `decimal`, `date` and `date-time` are checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use chrono::{DateTime, NaiveDate};
use http::Method;
use jsonschema::Validator;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value, json};

use super::money;
use super::near;
use super::problem::Problem;

macro_rules! api_versions {
    (
        versions { $($(#[$attribute:meta])* $variant:ident = $text:literal,)* }
        honours_idempotency_key { $($keyed:ident)* }
    ) => {
        /// All versions of the API, oldest first.
        pub(super) const VERSIONS: &[&str] = &[$($text),*];
    };
}

include!(concat!(env!("OUT_DIR"), "/versions.rs"));

/// The version that a request without the header gets.
pub(super) const LATEST: &str = VERSIONS[VERSIONS.len() - 1];

/// Errors of one body that are named; the rest is counted.
const NAMED_ERRORS: usize = 5;

/// The document, ready to be asked.
pub(super) struct Document {
    operations: Vec<Operation>,
    components: Value,
}

/// One operation of the document.
pub(super) struct Operation {
    pub(super) id: String,
    vendor_id: String,
    /// Method and path in the newest version.
    route: Route,
    /// Method and path in versions that had others.
    former: BTreeMap<String, Route>,
    versions: Vec<String>,
    query: Vec<Parameter>,
    body: Option<Body>,
    /// Schemas of the JSON answers, by status as the document writes it.
    answers: BTreeMap<String, Answer>,
}

struct Route {
    method: Method,
    /// `/invoices/{id}` as `["invoices", "{id}"]`.
    segments: Vec<String>,
}

struct Parameter {
    name: String,
    required: bool,
    is_list: bool,
    /// A list that is sent as the parameter repeated, not as one with commas.
    is_repeated: bool,
    /// Schema of the value, or of one value of a list, without references.
    schema: Value,
}

struct Body {
    required: bool,
    schema: Value,
    validator: OnceLock<Validator>,
}

struct Answer {
    /// `None` where the answer is not JSON.
    schema: Option<Value>,
    validator: OnceLock<Validator>,
}

/// An operation, and what stood in the braces of its path.
pub(super) struct Match<'d> {
    pub(super) operation: &'d Operation,
    pub(super) path: BTreeMap<String, String>,
}

/// Query parameters after validation.
#[derive(Debug, Default)]
pub(super) struct Query(BTreeMap<String, Vec<String>>);

impl Query {
    pub(super) fn one(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }

    /// All values of a comma-separated parameter; `None` where it was not sent.
    pub(super) fn list(&self, name: &str) -> Option<&[String]> {
        self.0.get(name).map(Vec::as_slice)
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0
            .iter()
            .map(|(name, values)| (name.as_str(), values.as_slice()))
    }

    #[cfg(test)]
    pub(super) fn of(pairs: &[(&str, &str)]) -> Self {
        let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), vec![(*value).to_owned()]);
        Self(pairs.iter().map(pair).collect())
    }
}

impl Document {
    /// The document that this crate was built from.
    pub(super) fn get() -> &'static Self {
        static DOCUMENT: OnceLock<Document> = OnceLock::new();
        DOCUMENT.get_or_init(|| {
            let text = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));
            let root = serde_json::from_str(text).expect("the build wrote JSON");
            Self::read(&root)
        })
    }

    fn read(root: &Value) -> Self {
        let components = root["components"].clone();
        let mut operations = Vec::new();
        for (path, item) in object(&root["paths"]) {
            for (verb, operation) in object(item) {
                if let Ok(method) = Method::from_bytes(verb.to_uppercase().as_bytes())
                    && operation.get("operationId").is_some()
                {
                    let shared = item.get("parameters");
                    operations.push(Operation::read(method, path, operation, shared, &components));
                }
            }
        }
        Self {
            operations,
            components,
        }
    }

    /// The operation that a method and a path (below `/api`) mean in a version.
    ///
    /// `Err` says why there is none.
    pub(super) fn find(&self, method: &Method, path: &str, version: &str) -> Result<Match<'_>, Problem> {
        let segments: Option<Vec<String>> = path
            .strip_prefix('/')
            .unwrap_or(path)
            .split('/')
            .map(|s| percent_decode_str(s).decode_utf8().ok().map(String::from))
            .collect();
        let Some(segments) = segments else {
            return Err(Problem::invalid("path: it is not UTF-8 once decoded."));
        };

        // `/invoices/summary` is not an invoice: the match with its braces furthest back wins.
        let here = self
            .operations
            .iter()
            .filter(|o| o.exists_in(version))
            .map(|o| (o, o.route_in(version)));
        let matching: Vec<_> = here.filter(|(_, route)| route.matches(&segments)).collect();
        let best = matching.iter().map(|(_, route)| route.braces()).min();
        let allowed: Vec<_> = matching
            .iter()
            .filter(|(_, route)| Some(route.braces()) == best)
            .collect();
        if let Some((operation, route)) = allowed.iter().find(|(_, route)| route.method == method) {
            return Ok(Match {
                operation,
                path: route.values(&segments),
            });
        }
        if let Some(elsewhere) = self.in_another_version(method, &segments) {
            return Err(Problem::not_found(format!(
                "Version {version} of the API has no `{method} {path}` ({}); {}.",
                elsewhere.id,
                elsewhere.whereabouts(version)
            )));
        }
        if allowed.is_empty() {
            return Err(Problem::not_found(format!("The API has no path `{path}`.")));
        }
        let methods: Vec<_> = allowed.iter().map(|(_, route)| route.method.as_str()).collect();
        Err(Problem::method_not_allowed(format!(
            "`{path}` takes {}, not {method}.",
            methods.join(", ")
        )))
    }

    /// The `operationId` that `name` means, which may be the vendor's own; `Err` has names that are near.
    pub(super) fn operation_id(&self, name: &str) -> Result<&str, Vec<&str>> {
        let named = |operation: &&Operation| operation.id == name || operation.vendor_id == name;
        match self.operations.iter().find(named) {
            Some(operation) => Ok(&operation.id),
            None => {
                let ours = self.operations.iter().map(|operation| operation.id.as_str());
                let theirs = self
                    .operations
                    .iter()
                    .map(|operation| operation.vendor_id.as_str());
                Err(near::names(name, ours.chain(theirs)))
            }
        }
    }

    /// Every `operationId`.
    #[cfg(test)]
    pub(super) fn operation_ids(&self) -> impl Iterator<Item = &str> {
        self.operations.iter().map(|operation| operation.id.as_str())
    }

    fn in_another_version(&self, method: &Method, segments: &[String]) -> Option<&Operation> {
        let fits = |o: &Operation, version: &str| {
            let route = o.route_in(version);
            o.exists_in(version) && route.method == method && route.matches(segments)
        };
        self.operations
            .iter()
            .find(|o| VERSIONS.iter().any(|version| fits(o, version)))
    }

    /// Reads and checks the query of a request.
    pub(super) fn query(&self, operation: &Operation, raw: &str) -> Result<Query, Problem> {
        let mut values = BTreeMap::new();
        for pair in raw.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let (name, value) = (decoded(name)?, decoded(value)?);
            let Some(parameter) = operation.query.iter().find(|p| p.name == name) else {
                let known: Vec<_> = operation.query.iter().map(|p| p.name.as_str()).collect();
                return Err(Problem::invalid(format!(
                    "query.{name}: {} has no such parameter; it takes: {}.",
                    operation.id,
                    if known.is_empty() {
                        "none".to_owned()
                    } else {
                        known.join(", ")
                    }
                )));
            };
            let parts: Vec<String> = if parameter.is_list && !parameter.is_repeated {
                value.split(',').map(str::to_owned).collect()
            } else {
                vec![value]
            };
            for part in &parts {
                check_parameter(part, &parameter.schema)
                    .map_err(|rule| Problem::invalid(format!("query.{name}: {part:?} {rule}.")))?;
            }
            if parameter.is_repeated {
                values.entry(name).or_insert_with(Vec::new).extend(parts);
            } else if values.insert(name.clone(), parts).is_some() {
                return Err(Problem::invalid(format!(
                    "query.{name}: sent twice; several values go into one parameter, separated by commas, where it takes several."
                )));
            }
        }
        if let Some(missing) = operation
            .query
            .iter()
            .find(|p| p.required && !values.contains_key(&p.name))
        {
            return Err(Problem::invalid(format!(
                "query.{}: it is required.",
                missing.name
            )));
        }
        Ok(Query(values))
    }

    /// Reads and checks the body of a request. `Value::Null` where the operation has none.
    pub(super) fn body(
        &self,
        operation: &Operation,
        content_type: Option<&str>,
        bytes: &[u8],
    ) -> Result<Value, Problem> {
        let Some(body) = &operation.body else {
            return Ok(Value::Null);
        };
        if bytes.is_empty() {
            return if body.required {
                Err(Problem::invalid(format!(
                    "body: {} needs a JSON object.",
                    operation.id
                )))
            } else {
                Ok(Value::Null)
            };
        }
        let is_json = content_type
            .and_then(|value| value.split(';').next())
            .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"));
        if !is_json {
            return Err(Problem::invalid("Content-Type: send `application/json`."));
        }
        let value: Value =
            serde_json::from_slice(bytes).map_err(|e| Problem::invalid(format!("body: not JSON: {e}.")))?;
        let validator = body
            .validator
            .get_or_init(|| self.compile(&body.schema, Side::Request));
        complaints(validator, &value, "body").map_or(Ok(value), |text| Err(Problem::invalid(text)))
    }

    /// Does an answer keep what the document promises? `Err` says where it does not.
    pub(super) fn check_answer(&self, operation_id: &str, status: u16, body: &[u8]) -> Result<(), String> {
        let operation = self
            .operations
            .iter()
            .find(|o| o.id == operation_id)
            .ok_or_else(|| format!("the document has no operation {operation_id}"))?;
        let class = format!("{}XX", status / 100);
        let answer = operation
            .answers
            .get(&status.to_string())
            .or_else(|| operation.answers.get(&class))
            .ok_or_else(|| format!("{operation_id} never answers {status}"))?;
        let Some(schema) = &answer.schema else {
            return Ok(());
        };
        let value: Value = serde_json::from_slice(body).map_err(|e| format!("not JSON: {e}"))?;
        let validator = answer
            .validator
            .get_or_init(|| self.compile(schema, Side::Answer));
        complaints(validator, &value, "answer").map_or(Ok(()), Err)
    }

    /// One schema with the components that it reaches, and no others.
    fn compile(&self, schema: &Value, side: Side) -> Validator {
        let mut reached = BTreeSet::new();
        let mut waiting = vec![schema];
        while let Some(next) = waiting.pop() {
            for name in references(next) {
                if reached.insert(name) {
                    waiting.push(&self.components["schemas"][name]);
                }
            }
        }
        let schemas: Map<String, Value> = reached
            .iter()
            .map(|name| {
                (
                    (*name).to_owned(),
                    converted(&self.components["schemas"][*name], side),
                )
            })
            .collect();
        let mut root = converted(schema, side);
        root["components"] = json!({"schemas": schemas});
        jsonschema::options()
            .should_validate_formats(true)
            .with_format("decimal", |text: &str| money::parse(text).is_some())
            .with_format("date", is_date)
            .with_format("date-time", is_instant)
            .build(&root)
            .expect("every schema of the document converts to a valid JSON schema")
    }
}

impl Operation {
    fn read(method: Method, path: &str, value: &Value, shared: Option<&Value>, components: &Value) -> Self {
        let text = |key: &str| value[key].as_str().unwrap_or_default().to_owned();
        let mut versions = strings(&value["x-versions"]);
        if versions.is_empty() {
            versions = VERSIONS.iter().map(|version| (*version).to_owned()).collect();
        }
        let former = object(&value["x-former"]).filter_map(|(version, route)| {
            let (method, path) = route.as_str()?.split_once(' ')?;
            Some((version.clone(), Route::new(method.parse().ok()?, path)))
        });
        let own = value["parameters"].as_array().into_iter().flatten();
        let shared = shared.and_then(Value::as_array).into_iter().flatten();
        let query = shared
            .chain(own)
            .map(|parameter| resolved(parameter, components))
            .filter(|parameter| parameter["in"] == "query")
            .map(|parameter| Parameter::read(parameter, components))
            .collect();
        let body = value.get("requestBody").map(|body| Body {
            required: body["required"].as_bool().unwrap_or(false),
            schema: body["content"]["application/json"]["schema"].clone(),
            validator: OnceLock::new(),
        });
        let answers = object(&value["responses"]).map(|(status, answer)| {
            let answer = resolved(answer, components);
            let schema = answer["content"]["application/json"].get("schema").cloned();
            (
                status.clone(),
                Answer {
                    schema,
                    validator: OnceLock::new(),
                },
            )
        });
        Self {
            id: text("operationId"),
            vendor_id: text("x-vendor-id"),
            route: Route::new(method, path),
            former: former.collect(),
            versions,
            query,
            body,
            answers: answers.collect(),
        }
    }

    fn exists_in(&self, version: &str) -> bool {
        self.versions.iter().any(|v| v == version)
    }

    fn route_in(&self, version: &str) -> &Route {
        self.former.get(version).unwrap_or(&self.route)
    }

    /// For a message: where a caller of `version` finds this operation.
    fn whereabouts(&self, version: &str) -> String {
        if self.exists_in(version) {
            let route = self.route_in(version);
            format!("there it is `{} /{}`", route.method, route.segments.join("/"))
        } else {
            format!("it exists in {}", self.versions.join(", "))
        }
    }
}

impl Route {
    fn new(method: Method, path: &str) -> Self {
        let segments = path.trim_start_matches('/').split('/');
        Self {
            method,
            segments: segments.map(str::to_owned).collect(),
        }
    }

    fn matches(&self, segments: &[String]) -> bool {
        let fits = |(mine, theirs): (&String, &String)| {
            if is_brace(mine) {
                !theirs.is_empty()
            } else {
                mine == theirs
            }
        };
        self.segments.len() == segments.len() && self.segments.iter().zip(segments).all(fits)
    }

    /// Where the braces stand; compares smaller the later the first difference comes.
    fn braces(&self) -> Vec<bool> {
        self.segments.iter().map(|s| is_brace(s)).collect()
    }

    fn values(&self, segments: &[String]) -> BTreeMap<String, String> {
        self.segments
            .iter()
            .zip(segments)
            .filter(|(mine, _)| is_brace(mine))
            .map(|(mine, theirs)| (mine.trim_matches(['{', '}']).to_owned(), theirs.clone()))
            .collect()
    }
}

impl Parameter {
    fn read(value: &Value, components: &Value) -> Self {
        let schema = resolved(&value["schema"], components);
        let is_list = schema["type"] == "array";
        let schema = if is_list {
            resolved(&schema["items"], components)
        } else {
            schema
        };
        Self {
            name: value["name"].as_str().unwrap_or_default().to_owned(),
            required: value["required"].as_bool().unwrap_or(false),
            is_list,
            // What OpenAPI takes for granted where `explode` is left out.
            is_repeated: is_list && value["explode"] != Value::Bool(false),
            schema: schema.clone(),
        }
    }
}

/// Requests may say `null` for "left out"; answers may neither do that nor hold unknown properties.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Request,
    Answer,
}

/// A schema of OpenAPI 3.0 as JSON schema 2020-12.
fn converted(schema: &Value, side: Side) -> Value {
    let Some(schema) = schema.as_object() else {
        return schema.clone();
    };
    let mut out = Map::new();
    for (key, value) in schema {
        match key.as_str() {
            "properties" => {
                let required = strings(schema.get("required").unwrap_or(&Value::Null));
                let property = |(name, value): (&String, &Value)| {
                    let value = converted(value, side);
                    let value = if side == Side::Request && !required.contains(name) {
                        or_null(value)
                    } else {
                        value
                    };
                    (name.clone(), value)
                };
                out.insert(
                    key.clone(),
                    object(value).map(property).collect::<Map<_, _>>().into(),
                );
            }
            "items" | "additionalProperties" => {
                out.insert(key.clone(), converted(value, side));
            }
            "allOf" | "oneOf" | "anyOf" => {
                let parts = value.as_array().into_iter().flatten();
                out.insert(key.clone(), parts.map(|part| converted(part, side)).collect());
            }
            // What validates nothing, or is said otherwise.
            "nullable" | "discriminator" | "description" | "title" | "example" | "deprecated" => {}
            _ if key.starts_with("x-") => {}
            _ => {
                out.insert(key.clone(), value.clone());
            }
        }
    }
    let range = match schema.get("format").and_then(Value::as_str) {
        Some("int32") => Some((json!(i32::MIN), json!(i32::MAX))),
        Some("int64") => Some((json!(i64::MIN), json!(i64::MAX))),
        _ => None,
    };
    if let Some((lowest, highest)) = range {
        out.entry("minimum").or_insert(lowest);
        out.entry("maximum").or_insert(highest);
    }
    if side == Side::Answer && out.contains_key("properties") {
        out.entry("additionalProperties").or_insert(Value::Bool(false));
    }
    let out = Value::Object(out);
    if schema.get("nullable") == Some(&Value::Bool(true)) {
        or_null(out)
    } else {
        out
    }
}

fn or_null(schema: Value) -> Value {
    json!({"anyOf": [schema, {"type": "null"}]})
}

/// What is wrong with a value, path by path.
fn complaints(validator: &Validator, value: &Value, root: &str) -> Option<String> {
    let mut found: Vec<String> = validator
        .iter_errors(value)
        .map(|error| innermost(&error, root))
        .collect();
    found.dedup();
    if found.is_empty() {
        return None;
    }
    let hidden = found.len().saturating_sub(NAMED_ERRORS);
    found.truncate(NAMED_ERRORS);
    let mut text = found.join("; ");
    if hidden > 0 {
        text.push_str(&format!("; and {hidden} more"));
    }
    text.push('.');
    Some(text)
}

/// "Or null" would hide the reason: take the one of the branch that is not null.
fn innermost(error: &jsonschema::ValidationError<'_>, root: &str) -> String {
    use jsonschema::error::ValidationErrorKind;
    if let ValidationErrorKind::AnyOf { context } = error.kind()
        && let Some(reason) = context.iter().next().and_then(|branch| branch.iter().next())
    {
        return innermost(reason, root);
    }
    format!("{}: {}", dotted(root, error.instance_path().as_str()), error)
}

/// `/items/3/rate` as `body.items[3].rate`.
fn dotted(root: &str, pointer: &str) -> String {
    let mut path = root.to_owned();
    for segment in pointer.split('/').skip(1) {
        if segment.bytes().all(|b| b.is_ascii_digit()) {
            path.push_str(&format!("[{segment}]"));
        } else {
            path.push('.');
            path.push_str(&segment.replace("~1", "/").replace("~0", "~"));
        }
    }
    path
}

/// Checks one value of a query parameter; `Err` is the second half of a sentence.
fn check_parameter(text: &str, schema: &Value) -> Result<(), String> {
    if let Some(allowed) = schema["enum"].as_array()
        && !allowed.iter().any(|value| value == text)
    {
        let allowed: Vec<_> = allowed.iter().filter_map(Value::as_str).collect();
        return Err(format!("is none of {}", allowed.join(", ")));
    }
    let kind = (schema["type"].as_str(), schema["format"].as_str());
    match kind {
        (Some("boolean"), _) if !matches!(text, "true" | "false") => {
            Err("is neither `true` nor `false`".into())
        }
        (Some("integer"), format) => {
            let number: i64 = text.parse().map_err(|_| "is not an integer".to_owned())?;
            let limit = |bound: &str, default: i64| schema[bound].as_i64().unwrap_or(default);
            let widest = if format == Some("int32") {
                (i32::MIN.into(), i32::MAX.into())
            } else {
                (i64::MIN, i64::MAX)
            };
            let (lowest, highest) = (limit("minimum", widest.0), limit("maximum", widest.1));
            if (lowest..=highest).contains(&number) {
                Ok(())
            } else {
                Err(format!("is not between {lowest} and {highest}"))
            }
        }
        (Some("number"), _) | (_, Some("decimal")) if money::parse(text).is_none() => {
            Err("is not a decimal".into())
        }
        (_, Some("date")) if !is_date(text) => Err("is not a date in the form yyyy-MM-dd".into()),
        (_, Some("date-time")) if !is_instant(text) => Err("is not an ISO 8601 timestamp".into()),
        (_, Some("id")) if text.is_empty() => Err("is not an id".into()),
        _ => Ok(()),
    }
}

fn is_date(text: &str) -> bool {
    text.len() == 10 && text.parse::<NaiveDate>().is_ok()
}

fn is_instant(text: &str) -> bool {
    DateTime::parse_from_rfc3339(text).is_ok()
}

fn decoded(text: &str) -> Result<String, Problem> {
    let spaced = text.replace('+', " ");
    match percent_decode_str(&spaced).decode_utf8() {
        Ok(text) => Ok(text.into_owned()),
        Err(_) => Err(Problem::invalid("query: it is not UTF-8 once decoded.")),
    }
}

fn is_brace(segment: &str) -> bool {
    segment.starts_with('{')
}

/// Follows `$ref`, and the `allOf` around a single one, to the thing itself.
fn resolved<'v>(value: &'v Value, components: &'v Value) -> &'v Value {
    let target = value["$ref"]
        .as_str()
        .and_then(|text| text.strip_prefix("#/components"))
        .and_then(|pointer| components.pointer(pointer));
    match (target, value["allOf"].as_array().map(Vec::as_slice)) {
        (Some(target), _) => resolved(target, components),
        (None, Some([only])) => resolved(only, components),
        _ => value,
    }
}

/// Names of the component schemas that a schema refers to directly.
fn references(value: &Value) -> Vec<&str> {
    match value {
        Value::Object(map) => {
            let own = map.get("$ref").and_then(Value::as_str);
            let own = own.and_then(|text| text.strip_prefix("#/components/schemas/"));
            own.into_iter().chain(map.values().flat_map(references)).collect()
        }
        Value::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn strings(value: &Value) -> Vec<String> {
    let items = value.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::{Document, LATEST, VERSIONS};
    use http::Method;

    fn found(method: Method, path: &str, version: &str) -> String {
        match Document::get().find(&method, path, version) {
            Ok(found) => found.operation.id.clone(),
            Err(problem) => problem.status.as_u16().to_string(),
        }
    }

    #[test]
    fn a_request_is_matched_by_method_path_and_version() {
        let cases = [
            (Method::GET, "/invoices", LATEST, "invoice_list"),
            (Method::GET, "/invoices/summary", LATEST, "invoice_summary"),
            (Method::GET, "/invoices/summary", VERSIONS[0], "invoice_get"),
            (Method::GET, "/invoices/abc", LATEST, "invoice_get"),
            (Method::POST, "/invoices/merge", LATEST, "invoice_merge"),
            (Method::POST, "/invoices/merge", VERSIONS[0], "404"),
            (Method::GET, "/invoices/", LATEST, "404"),
            (Method::GET, "/nowhere", LATEST, "404"),
            (Method::TRACE, "/invoices", LATEST, "405"),
            (
                Method::POST,
                "/invoice-settings",
                VERSIONS[0],
                "invoice_payment_settings_create",
            ),
            (Method::POST, "/invoice-settings", LATEST, "404"),
            (Method::POST, "/payments/settings/invoices", VERSIONS[0], "404"),
            (
                Method::POST,
                "/payments/settings/invoices",
                VERSIONS[1],
                "invoice_payment_settings_create",
            ),
        ];
        for (method, path, version, expected) in cases {
            let label = format!("{method} {path} in {version}");
            assert_eq!(found(method, path, version), expected, "{label}");
        }
    }

    #[test]
    fn every_schema_of_the_document_compiles() {
        let document = Document::get();
        for operation in &document.operations {
            if let Some(body) = &operation.body {
                document.compile(&body.schema, super::Side::Request);
            }
            for answer in operation.answers.values() {
                if let Some(schema) = &answer.schema {
                    document.compile(schema, super::Side::Answer);
                }
            }
        }
    }
}
