//! The versions, tags, operations, parameters and schemas of a document, as types.
//!
//! Every function is lenient: what is absent or malformed reads as empty. A document that passes
//! [`rules::check`](crate::rules::check) is neither.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::load::escape;
use crate::names;

/// The methods of operations, as the keys of a path item.
pub const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The versions of the API.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Versions {
    /// Every supported version, oldest first.
    pub all: Vec<String>,
    /// The version used if none is pinned.
    pub default: String,
    /// The versions that honour the header `Idempotency-Key`, oldest first.
    pub idempotency_key: Vec<String>,
}

/// One resource of the API: an accessor of the client, and the unit of features.
#[derive(Clone, Debug)]
pub struct Tag {
    /// The name of the tag and of the accessor.
    pub name: String,
    /// The prefix of the operation ids.
    pub resource: String,
    /// The Cargo feature that enables the resource.
    pub feature: String,
    /// The description, in Markdown.
    pub description: String,
}

/// One operation, with everything that the client needs to know about it.
#[derive(Clone, Debug)]
pub struct Operation {
    /// The `operationId`, `resource_verb`.
    pub id: String,
    /// The method in lower case.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
    /// The tag that the operation belongs to.
    pub tag: String,
    /// One sentence.
    pub summary: String,
    /// Everything else, in Markdown.
    pub description: String,
    /// The vendor's own operation id.
    pub vendor_id: String,
    /// The API versions that have the operation, oldest first.
    pub versions: Vec<String>,
    /// Method and path by version, where they were different.
    pub former: BTreeMap<String, (String, String)>,
    /// Should not be used any more.
    pub deprecated: bool,
    /// Has the parameters `limit`, `after` and `before`, and responds with `items` and `pagination`.
    pub paginated: bool,
    /// `http` (a GET), `safe`, `never`, `event-id` or `idempotency-key`.
    pub repeat: String,
    /// The reason why a PUT or DELETE is `never` repeated.
    pub repeat_reason: Option<String>,
    /// Counts against the limit of events instead of the general one.
    pub is_event: bool,
    /// The parameters in the path, in the document's order.
    pub path_params: Vec<Parameter>,
    /// The parameters in the query, in the document's order.
    pub query: Vec<Parameter>,
    /// The schema of the 409 response, if it differs from the shared error.
    pub conflict: Option<String>,
    /// The schema of the JSON body.
    pub body: Option<String>,
    /// The status of the successful response.
    pub status: u16,
    /// The content of the successful response.
    pub success: Success,
    /// The property with the list that was once the whole response.
    pub bare_list: Option<String>,
    /// The member that holds the response, by version, where it is not the response itself.
    pub envelopes: BTreeMap<String, String>,
    /// The schema of the JSON response by class of errors, `4XX` and `5XX`.
    pub errors: BTreeMap<String, String>,
}

impl Operation {
    /// Returns method (in lower case) and path in `version`, or `None` if that version lacks the operation.
    pub fn endpoint(&self, version: &str) -> Option<(&str, &str)> {
        if !self.versions.iter().any(|one| one == version) {
            return None;
        }
        Some(match self.former.get(version) {
            Some((method, path)) => (method, path),
            None => (&self.method, &self.path),
        })
    }
}

/// The content of a successful response.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Success {
    /// JSON that fits the named schema.
    Json(String),
    /// No body.
    Nothing,
    /// A PDF.
    Pdf,
}

/// A parameter in a path or a query.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: String,
    /// The name of the argument or setter.
    pub rust_name: String,
    /// The description, in Markdown.
    pub description: String,
    /// Whether the API rejects a request without it.
    pub required: bool,
    /// Should not be used any more.
    pub deprecated: bool,
    /// The type of one value.
    pub value_type: ParameterType,
    /// How several values are sent.
    pub list: List,
    /// Each item of a list is percent-encoded before the list is joined.
    pub encode_items: bool,
    /// The least and the greatest integer allowed.
    pub bounds: Option<(i64, i64)>,
    /// A value for documentation, or null.
    pub example: Value,
    /// The API versions that have the parameter; empty if all versions of the operation do.
    pub versions: Vec<String>,
}

/// How several values of one parameter are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    /// There is one value.
    Single,
    /// Joined by commas.
    Commas,
    /// The parameter is repeated.
    Repeated,
}

/// The type of one value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ParameterType {
    /// A named schema: an enum or an id.
    Named(String),
    /// Any text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A 32-bit integer.
    Int32,
    /// A 64-bit integer.
    Int64,
    /// An exact decimal.
    Decimal,
    /// A calendar date.
    Date,
    /// An instant with an offset.
    Instant,
}

/// An operation as it is written, in a document that need not keep the rules.
#[derive(Clone, Copy, Debug)]
pub struct RawOperation<'a> {
    /// The root of the document.
    pub root: &'a Value,
    /// The path item that holds the operation.
    pub item: &'a Value,
    /// The operation itself.
    pub raw: &'a Value,
    /// The method in lower case.
    pub method: &'a str,
    /// The path with its parameters in braces.
    pub path: &'a str,
}

impl<'a> RawOperation<'a> {
    /// Returns the JSON pointer of the operation.
    pub fn pointer(&self) -> String {
        format!("/paths/{}/{}", escape(self.path), self.method)
    }

    /// Reads the operation as far as it keeps the rules.
    pub fn read(&self) -> Operation {
        let (root, raw) = (self.root, self.raw);
        let text = |key: &str| raw[key].as_str().unwrap_or_default().to_owned();
        let (status, success) = success(root, raw);
        Operation {
            id: text("operationId"),
            method: self.method.to_owned(),
            path: self.path.to_owned(),
            tag: raw["tags"][0].as_str().unwrap_or_default().to_owned(),
            summary: text("summary"),
            description: text("description"),
            vendor_id: text("x-vendor-id"),
            versions: strings(&raw["x-versions"]),
            former: former(raw),
            deprecated: raw["deprecated"] == true,
            paginated: raw["x-paginated"] == true,
            repeat: raw["x-repeat"].as_str().unwrap_or("http").to_owned(),
            repeat_reason: raw["x-repeat-reason"].as_str().map(str::to_owned),
            conflict: raw["x-conflict"].as_str().map(str::to_owned),
            is_event: raw["x-rate-limit"] == "events",
            path_params: self.parameters("path"),
            query: self.parameters("query"),
            body: raw
                .pointer("/requestBody/content/application~1json/schema/$ref")
                .and_then(Value::as_str)
                .map(|reference| last_segment(reference).to_owned()),
            status,
            success,
            bare_list: raw["x-bare-list"].as_str().map(str::to_owned),
            envelopes: texts(&raw["x-envelope"]),
            errors: errors(root, raw),
        }
    }

    fn parameters(&self, location: &str) -> Vec<Parameter> {
        let own = self.raw["parameters"].as_array().into_iter().flatten();
        own.map(|parameter| resolve(self.root, parameter))
            .filter(|parameter| parameter["in"] == location)
            .map(parameter)
            .collect()
    }
}

/// Returns the versions of the API.
pub fn versions(root: &Value) -> Versions {
    let all = strings(&root["x-versions"]);
    let since = root["x-idempotency-key-since"].as_str();
    let first = all.iter().position(|one| Some(one.as_str()) == since);
    Versions {
        idempotency_key: first.map_or_else(Vec::new, |first| all[first..].to_vec()),
        default: root["info"]["version"].as_str().unwrap_or_default().to_owned(),
        all,
    }
}

/// Returns the tags of the document, in its order.
pub fn tags(root: &Value) -> Vec<Tag> {
    let text = |tag: &Value, key: &str| tag[key].as_str().unwrap_or_default().to_owned();
    root["tags"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|tag| Tag {
            name: text(tag, "name"),
            resource: text(tag, "x-resource"),
            feature: text(tag, "x-feature"),
            description: text(tag, "description"),
        })
        .collect()
}

/// Returns every operation as it is written, in the document's order.
pub fn raw_operations(root: &Value) -> impl Iterator<Item = RawOperation<'_>> {
    let items = root["paths"].as_object().into_iter().flatten();
    items.flat_map(move |(path, item)| {
        METHODS.iter().filter_map(move |method| {
            Some(RawOperation {
                root,
                item,
                raw: item.get(*method)?,
                method,
                path,
            })
        })
    })
}

/// Returns the operations of a document that keeps the rules, in its order.
pub fn operations(root: &Value) -> Vec<Operation> {
    raw_operations(root).map(|operation| operation.read()).collect()
}

/// Returns the texts in a map.
fn texts(map: &Value) -> BTreeMap<String, String> {
    let entries = map.as_object().into_iter().flatten();
    entries
        .filter_map(|(key, text)| Some((key.clone(), text.as_str()?.to_owned())))
        .collect()
}

fn former(raw: &Value) -> BTreeMap<String, (String, String)> {
    let endpoints = raw["x-former"].as_object().into_iter().flatten();
    let endpoint = |(version, endpoint): (&String, &Value)| {
        let (method, path) = endpoint.as_str()?.split_once(' ')?;
        Some((version.clone(), (method.to_ascii_lowercase(), path.to_owned())))
    };
    endpoints.filter_map(endpoint).collect()
}

fn errors(root: &Value, raw: &Value) -> BTreeMap<String, String> {
    let responses = raw["responses"].as_object().into_iter().flatten();
    let named = |(status, response): (&String, &Value)| {
        let schema = resolve(root, response).pointer("/content/application~1json/schema/$ref")?;
        Some((status.clone(), last_segment(schema.as_str()?).to_owned()))
    };
    responses
        .filter(|(status, _)| status.ends_with("XX"))
        .filter_map(named)
        .collect()
}

fn success(root: &Value, raw: &Value) -> (u16, Success) {
    let responses = raw["responses"].as_object().into_iter().flatten();
    for (status, response) in responses {
        let Ok(status) = status.parse::<u16>() else {
            continue;
        };
        let content = &resolve(root, response)["content"];
        let kind = if content.is_null() {
            Success::Nothing
        } else if let Some(reference) = content
            .pointer("/application~1json/schema/$ref")
            .and_then(Value::as_str)
        {
            Success::Json(last_segment(reference).to_owned())
        } else {
            Success::Pdf
        };
        return (status, kind);
    }
    (200, Success::Nothing)
}

fn parameter(raw: &Value) -> Parameter {
    let schema = &raw["schema"];
    let (value, list) = if schema["type"] == "array" {
        let list = if raw["explode"] == false {
            List::Commas
        } else {
            List::Repeated
        };
        (&schema["items"], list)
    } else {
        (schema, List::Single)
    };
    Parameter {
        name: raw["name"].as_str().unwrap_or_default().to_owned(),
        rust_name: names::parameter(raw),
        description: raw["description"].as_str().unwrap_or_default().to_owned(),
        required: raw["required"] == true,
        deprecated: raw["deprecated"] == true,
        value_type: value_type(value),
        list,
        encode_items: raw["x-encode-items"] == true,
        bounds: schema["minimum"].as_i64().zip(schema["maximum"].as_i64()),
        example: value["example"].clone(),
        versions: strings(&raw["x-versions"]),
    }
}

fn value_type(schema: &Value) -> ParameterType {
    if let Some(reference) = schema["$ref"].as_str() {
        return ParameterType::Named(last_segment(reference).to_owned());
    }
    match (
        schema["type"].as_str().unwrap_or_default(),
        schema["format"].as_str().unwrap_or_default(),
    ) {
        ("boolean", _) => ParameterType::Boolean,
        ("integer", "int64") => ParameterType::Int64,
        ("integer", _) => ParameterType::Int32,
        (_, "decimal") => ParameterType::Decimal,
        (_, "date") => ParameterType::Date,
        (_, "date-time") => ParameterType::Instant,
        _ => ParameterType::Text,
    }
}

/// Returns the names of the parameters in a path, in its order.
pub fn path_parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
}

/// Follows a `$ref` inside the document; returns `value` itself if there is none, or nothing at its end.
pub fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    let reference = value["$ref"].as_str();
    reference
        .and_then(|reference| target(root, reference))
        .unwrap_or(value)
}

/// Returns the name of the schema that a property refers to, directly or wrapped in an `allOf` of one.
pub fn reference(property: &Value) -> Option<&str> {
    let reference = property
        .get("$ref")
        .or_else(|| property.pointer("/allOf/0/$ref"))?;
    reference.as_str().map(last_segment)
}

/// Returns `true` if an API version has a property, a parameter or an operation: all have it, or `x-versions` lists it.
pub fn exists_in(node: &Value, version: &str) -> bool {
    let versions = strings(&node["x-versions"]);
    versions.is_empty() || versions.iter().any(|one| one == version)
}

/// Returns the values of an enum that an API version has.
pub fn values_in(schema: &Value, version: &str) -> Vec<String> {
    let mut values = strings(&schema["enum"]);
    values.retain(|value| {
        let versions = schema["x-value-versions"].get(value);
        versions.is_none_or(|versions| strings(versions).iter().any(|one| one == version))
    });
    values
}

/// Returns the first sentence of a description.
pub fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// Returns the name at the end of a reference.
pub fn last_segment(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// Calls `visit` with the pointer and the target of every `$ref` below `value`.
pub fn references(value: &Value, pointer: &str, visit: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Object(map) => {
            for (key, entry) in map {
                let here = format!("{pointer}/{}", escape(key));
                match entry.as_str() {
                    Some(reference) if key == "$ref" => visit(&here, reference),
                    _ => references(entry, &here, visit),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                references(item, &format!("{pointer}/{index}"), visit);
            }
        }
        _ => {}
    }
}

/// Returns the references of `root` that lead nowhere, each with its pointer.
pub fn dangling(root: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    references(root, "", &mut |pointer, reference| {
        if target(root, reference).is_none() {
            found.push((pointer.to_owned(), reference.to_owned()));
        }
    });
    found
}

/// Returns `start` and every reference that its targets reach.
pub fn reached(root: &Value, start: impl IntoIterator<Item = String>) -> BTreeSet<String> {
    let mut reached = BTreeSet::new();
    let mut open: Vec<String> = start.into_iter().collect();
    while let Some(reference) = open.pop() {
        if let Some(target) = target(root, &reference)
            && reached.insert(reference)
        {
            references(target, "", &mut |_, next| open.push(next.to_owned()));
        }
    }
    reached
}

/// Returns the names of the schemas that request bodies reach.
pub fn request_schemas(root: &Value) -> BTreeSet<String> {
    let bodies = operations(root)
        .into_iter()
        .filter_map(|operation| operation.body);
    reached(root, bodies.map(|name| schema_reference(&name)))
        .iter()
        .map(|reference| last_segment(reference).to_owned())
        .collect()
}

/// Returns the names of the schemas that responses reach: successes, errors and conflicts.
pub fn response_schemas(root: &Value) -> BTreeSet<String> {
    let mut start = Vec::new();
    for operation in raw_operations(root) {
        let raw = operation.raw;
        references(&raw["responses"], "", &mut |_, reference| {
            start.push(reference.to_owned())
        });
        start.extend(raw["x-conflict"].as_str().map(schema_reference));
    }
    let reached = reached(root, start);
    let schemas = reached
        .iter()
        .filter_map(|reference| reference.strip_prefix("#/components/schemas/"));
    schemas.map(str::to_owned).collect()
}

/// Returns the reference to a named schema.
pub fn schema_reference(name: &str) -> String {
    format!("#/components/schemas/{}", escape(name))
}

pub(crate) fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    root.pointer(reference.strip_prefix('#')?)
}

/// Returns the named schemas, in the document's order.
pub fn schemas(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
    root["components"]["schemas"].as_object().into_iter().flatten()
}

/// Returns the texts in an array.
pub fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{
        List, ParameterType, Success, operations, reached, request_schemas, response_schemas,
        schema_reference, versions,
    };
    use crate::Document;

    fn small() -> Value {
        Document::parse("small.yaml", include_str!("../tests/small.yaml"))
            .expect("the document is YAML")
            .root
    }

    #[test]
    fn versions_and_what_depends_on_them_are_data() {
        let mut root = small();
        let found = versions(&root);
        assert_eq!(found.all, ["2024-05-09", "2024-07-30"]);
        assert_eq!(found.default, "2024-07-30");
        assert_eq!(found.idempotency_key, ["2024-07-30"]);
        root["x-idempotency-key-since"] = json!("2024-05-09");
        assert_eq!(versions(&root).idempotency_key, found.all);
        root["x-idempotency-key-since"] = Value::Null;
        assert_eq!(versions(&root).idempotency_key, [""; 0]);
    }

    #[test]
    fn an_operation_has_an_endpoint_in_each_of_its_versions() {
        let root = small();
        let operations = operations(&root);
        let [list, send] = ["depot_list", "parcel_send"].map(|id| {
            let mut found = operations.iter().filter(|operation| operation.id == id);
            found.next().expect("the operation exists")
        });
        assert_eq!(send.endpoint("2024-07-30"), Some(("post", "/parcels/{id}/send")));
        assert_eq!(send.endpoint("2024-05-09"), Some(("put", "/parcels/{id}/post")));
        assert_eq!(list.endpoint("2024-05-09"), None);
    }

    #[test]
    fn an_operation_is_read_with_parameters_body_and_answers() {
        let root = small();
        let operations = operations(&root);
        let [send, list] = operations.as_slice() else {
            panic!("{} operations", operations.len());
        };
        assert_eq!(
            send.path_params[0].value_type,
            ParameterType::Named("ParcelId".to_owned())
        );
        assert_eq!(send.body.as_deref(), Some("ParcelSend"));
        assert_eq!(
            (send.status, &send.success),
            (200, &Success::Json("Parcel".to_owned()))
        );
        let errors: Vec<_> = send
            .errors
            .iter()
            .map(|(status, schema)| (&**status, &**schema))
            .collect();
        assert_eq!(errors, [("4XX", "Problem"), ("5XX", "Problem")]);
        let towns = &list.query[3];
        assert_eq!(
            (towns.list, &towns.value_type),
            (List::Commas, &ParameterType::Text)
        );
        assert_eq!(list.query[0].bounds, Some((1, 100)));
    }

    #[test]
    fn responses_reach_the_schemas_of_successes_errors_and_conflicts() {
        let mut root = small();
        let names = |root: &Value| response_schemas(root).into_iter().collect::<Vec<_>>();
        let found = names(&root);
        assert!(
            ["Parcel", "Box", "Problem"]
                .iter()
                .all(|name| found.iter().any(|one| one == name)),
            "{found:?}"
        );
        assert!(!found.contains(&"StampInput".to_owned()), "{found:?}");
        root["paths"]["/depots"]["get"]["x-conflict"] = json!("StampInput");
        assert!(names(&root).contains(&"StampInput".to_owned()));
    }

    #[test]
    fn what_a_schema_reaches_includes_members_of_unions() {
        let root = small();
        let names = |name: &str| -> Vec<String> {
            let reached = reached(&root, [schema_reference(name)]);
            reached
                .iter()
                .map(|reference| super::last_segment(reference).to_owned())
                .collect()
        };
        assert_eq!(
            names("Parcel"),
            ["Box", "Form", "Parcel", "ParcelId", "Speed", "Tube"]
        );
        assert_eq!(names("Nothing"), [""; 0]);
        assert_eq!(
            request_schemas(&root).into_iter().collect::<Vec<_>>(),
            ["ParcelSend", "StampInput"]
        );
    }
}
