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

/// Follows a reference, wrapped or not.
pub fn resolve(value: &Value) -> &Value {
    match model::reference(value) {
        Some(name) => &DOCUMENT["components"]["schemas"][name],
        None => value,
    }
}
