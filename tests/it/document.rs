//! The document, as the build read it.

use std::sync::LazyLock;

use sequencehq_document::model::{self, Operation, Success};
use sequencehq_document::{Document, routes::Routes};
use serde_json::{Value, json};

use crate::server::Seen;

/// `openapi.yaml`, pruned to the enabled features.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let text = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));
    Document::parse_json("openapi.json", text)
        .expect("the build writes JSON")
        .root
});

static OPERATIONS: LazyLock<Vec<Operation>> = LazyLock::new(|| model::operations(&DOCUMENT));

static ROUTES: LazyLock<Routes> =
    LazyLock::new(|| Routes::new(&DOCUMENT, &model::versions(&DOCUMENT).default));

pub fn operations() -> &'static [Operation] {
    &OPERATIONS
}

/// The operation of a request to the default version.
pub fn find(seen: &Seen) -> Option<&'static Operation> {
    let found = ROUTES.find(&seen.method, seen.path().strip_prefix("/api")?)?;
    OPERATIONS.iter().find(|one| one.id == found.operation)
}

/// The schema of an operation's JSON answer.
pub fn answer_schema(operation: &Operation) -> Option<Value> {
    match &operation.success {
        Success::Json(name) => Some(json!({ "$ref": model::schema_reference(name) })),
        Success::Nothing | Success::Pdf => None,
    }
}

/// The name of the component that a reference leads to, wrapped or not.
pub fn reference(value: &Value) -> Option<&str> {
    let reference = value.get("$ref").or_else(|| value.pointer("/allOf/0/$ref"));
    reference?.as_str()?.rsplit('/').next()
}

/// Follows a reference, wrapped or not.
pub fn resolve(value: &Value) -> &Value {
    match model::reference(value) {
        Some(name) => &DOCUMENT["components"]["schemas"][name],
        None => value,
    }
}

/// The operation as it is written.
pub fn raw(operation: &Operation) -> &'static Value {
    &DOCUMENT["paths"][&operation.path][&operation.method]
}

/// The path or query parameters of an operation as they are written.
pub fn parameters(operation: &Operation, place: &str) -> Vec<&'static Value> {
    let all = raw(operation)["parameters"]
        .as_array()
        .map_or(&[][..], Vec::as_slice);
    all.iter()
        .map(|parameter| model::resolve(&DOCUMENT, parameter))
        .filter(|parameter| parameter["in"] == place)
        .collect()
}

/// The schema of an operation's request body.
pub fn body(operation: &Operation) -> Option<&'static Value> {
    raw(operation).pointer("/requestBody/content/application~1json/schema")
}
