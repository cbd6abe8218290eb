//! What the document says about operations, tags and schemas, in the words of the build.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::load::escape;

pub const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The supported API versions, oldest first.
pub const VERSIONS: [&str; 3] = ["2024-01-01", "2024-05-09", "2024-07-30"];

/// One resource of the API: an accessor of the client, and the unit of features.
#[derive(Clone, Debug)]
pub struct Tag {
    pub name: String,
    pub resource: String,
    pub feature: String,
    pub description: String,
}

/// One operation, with everything that the client needs to know about it.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub tag: String,
    pub summary: String,
    pub description: String,
    pub vendor_id: String,
    pub versions: Vec<String>,
    /// Version to method and path, where they were different.
    pub former: BTreeMap<String, (String, String)>,
    pub paginated: bool,
    /// `http` (a GET), `safe`, `never`, `event-id` or `idempotency-key`.
    pub repeat: String,
    /// Why a PUT or DELETE is `never`.
    pub repeat_reason: Option<String>,
    /// Counts against the limit of events instead of the general one.
    pub is_event: bool,
    pub path_params: Vec<Parameter>,
    pub query: Vec<Parameter>,
    /// The schema of the 409 answer, where it says more than the shared error.
    pub conflict: Option<String>,
    /// The schema of the JSON body.
    pub body: Option<String>,
    pub success: Success,
}

impl Operation {
    /// Method and path in one version.
    pub fn place(&self, version: &str) -> (&str, &str) {
        match self.former.get(version) {
            Some((method, path)) => (method, path),
            None => (&self.method, &self.path),
        }
    }
}

/// What a successful answer carries.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Success {
    Json(String),
    Nothing,
    Pdf,
}

#[derive(Clone, Debug)]
pub struct Parameter {
    pub name: String,
    pub description: String,
    pub required: bool,
    pub kind: Kind,
    pub list: List,
    /// Each item of a list is percent-encoded before the list is joined.
    pub encode_items: bool,
    pub bounds: Option<(i64, i64)>,
}

/// How several values of one parameter travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum List {
    Single,
    Commas,
    Repeated,
}

/// The type of one value of a parameter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Named(String),
    Text,
    Boolean,
    Int32,
    Int64,
    Decimal,
    Date,
    Instant,
}

/// The tags of the document, in its order.
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

/// Every operation with its JSON pointer, in the document's order.
pub fn raw_operations(root: &Value) -> impl Iterator<Item = (String, &str, &str, &Value)> {
    root["paths"]
        .as_object()
        .into_iter()
        .flatten()
        .flat_map(|(path, item)| {
            METHODS.iter().filter_map(move |method| {
                let operation = item.get(*method)?;
                Some((
                    format!("/paths/{}/{method}", escape(path)),
                    *method,
                    path.as_str(),
                    operation,
                ))
            })
        })
}

/// The operations of a document that keeps the rules.
pub fn operations(root: &Value) -> Vec<Operation> {
    raw_operations(root)
        .map(|(_, method, path, raw)| operation(root, method, path, raw))
        .collect()
}

fn operation(root: &Value, method: &str, path: &str, raw: &Value) -> Operation {
    let text = |key: &str| raw[key].as_str().unwrap_or_default().to_owned();
    let parameters: Vec<(&str, Parameter)> = raw["parameters"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|parameter| {
            let parameter = resolve(root, parameter);
            (
                parameter["in"].as_str().unwrap_or_default(),
                self::parameter(parameter),
            )
        })
        .collect();
    let of = |place: &str| {
        parameters
            .iter()
            .filter(|(here, _)| *here == place)
            .map(|(_, parameter)| parameter.clone())
            .collect()
    };
    Operation {
        id: text("operationId"),
        method: method.to_owned(),
        path: path.to_owned(),
        tag: raw["tags"][0].as_str().unwrap_or_default().to_owned(),
        summary: text("summary"),
        description: text("description"),
        vendor_id: text("x-vendor-id"),
        versions: strings(&raw["x-versions"]),
        former: raw["x-former"]
            .as_object()
            .into_iter()
            .flatten()
            .filter_map(|(version, place)| {
                let (method, path) = place.as_str()?.split_once(' ')?;
                Some((version.clone(), (method.to_ascii_lowercase(), path.to_owned())))
            })
            .collect(),
        paginated: raw["x-paginated"] == true,
        repeat: raw["x-repeat"].as_str().unwrap_or("http").to_owned(),
        repeat_reason: raw["x-repeat-reason"].as_str().map(str::to_owned),
        conflict: raw["x-conflict"].as_str().map(str::to_owned),
        is_event: raw["x-rate-limit"] == "events",
        path_params: of("path"),
        query: of("query"),
        body: raw
            .pointer("/requestBody/content/application~1json/schema/$ref")
            .and_then(Value::as_str)
            .map(|reference| last_segment(reference).to_owned()),
        success: success(raw),
    }
}

fn success(raw: &Value) -> Success {
    let responses = raw["responses"].as_object().into_iter().flatten();
    for (status, response) in responses {
        if status.parse::<u16>().is_err() {
            continue;
        }
        let content = &response["content"];
        return if content.is_null() {
            Success::Nothing
        } else if let Some(reference) = content
            .pointer("/application~1json/schema/$ref")
            .and_then(Value::as_str)
        {
            Success::Json(last_segment(reference).to_owned())
        } else {
            Success::Pdf
        };
    }
    Success::Nothing
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
        description: raw["description"].as_str().unwrap_or_default().to_owned(),
        required: raw["required"] == true,
        kind: kind(value),
        list,
        encode_items: raw["x-encode-items"] == true,
        bounds: schema["minimum"].as_i64().zip(schema["maximum"].as_i64()),
    }
}

fn kind(schema: &Value) -> Kind {
    if let Some(reference) = schema["$ref"].as_str() {
        return Kind::Named(last_segment(reference).to_owned());
    }
    match (
        schema["type"].as_str().unwrap_or_default(),
        schema["format"].as_str().unwrap_or_default(),
    ) {
        ("boolean", _) => Kind::Boolean,
        ("integer", "int64") => Kind::Int64,
        ("integer", _) => Kind::Int32,
        (_, "decimal") => Kind::Decimal,
        (_, "date") => Kind::Date,
        (_, "date-time") => Kind::Instant,
        _ => Kind::Text,
    }
}

/// Follows a `$ref` inside the document, if there is one.
pub fn resolve<'a>(root: &'a Value, value: &'a Value) -> &'a Value {
    match value["$ref"]
        .as_str()
        .and_then(|reference| root.pointer(reference.strip_prefix('#')?))
    {
        Some(target) => target,
        None => value,
    }
}

/// The schema that a property refers to, directly or wrapped for the sake of a description.
pub fn reference(property: &Value) -> Option<&str> {
    let reference = property
        .get("$ref")
        .or_else(|| property.pointer("/allOf/0/$ref"))?;
    reference.as_str().map(last_segment)
}

/// The beginning of a description, for places that only introduce something.
pub fn first_sentence(text: &str) -> &str {
    let text = text.trim();
    text.find(". ").map_or(text, |end| &text[..=end])
}

/// The name at the end of a reference.
pub fn last_segment(reference: &str) -> &str {
    reference.rsplit('/').next().unwrap_or(reference)
}

/// Calls `visit` with every `$ref` below `value`, and the pointer where it stands.
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

/// The schemas that request bodies reach, by name.
pub fn request_schemas(root: &Value) -> std::collections::BTreeSet<String> {
    let mut reached = std::collections::BTreeSet::new();
    let mut open: Vec<String> = operations(root)
        .into_iter()
        .filter_map(|operation| operation.body)
        .collect();
    while let Some(name) = open.pop() {
        if reached.insert(name.clone()) {
            references(&root["components"]["schemas"][&name], "", &mut |_, reference| {
                open.push(last_segment(reference).to_owned());
            });
        }
    }
    reached
}

/// The named schemas, in the document's order.
pub fn schemas(root: &Value) -> impl Iterator<Item = (&String, &Value)> {
    root["components"]["schemas"].as_object().into_iter().flatten()
}

pub fn strings(value: &Value) -> Vec<String> {
    value
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect()
}
