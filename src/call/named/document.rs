//! The document that the crate was built from.

use std::sync::LazyLock;

use serde_json::Value;

const DOCUMENT: &str = include_str!(concat!(env!("OUT_DIR"), "/openapi.json"));

static PARSED: LazyLock<Value> =
    LazyLock::new(|| serde_json::from_str(DOCUMENT).expect("the build wrote the document with `serde_json`"));

/// Returns the OpenAPI document that the crate was built from, as JSON, with the operations of the enabled features.
///
/// [`Client::operation`](crate::Client::operation) calls each of them by its `operationId`.
///
/// ```
/// # #[cfg(feature = "invoices")] {
/// assert!(sequencehq::document().contains("\"operationId\":\"invoice_void\""));
/// # }
/// ```
pub fn document() -> &'static str {
    DOCUMENT
}

/// Returns a component of the document, which is null if it does not exist.
pub(super) fn schema(name: &str) -> &'static Value {
    &PARSED["components"]["schemas"][name]
}

/// Returns the component that a schema refers to, or the schema itself.
pub(super) fn resolve(node: &'static Value) -> &'static Value {
    let reference = node["$ref"]
        .as_str()
        .or_else(|| node.pointer("/allOf/0/$ref")?.as_str());
    match reference.and_then(|reference| reference.rsplit('/').next()) {
        Some(name) => schema(name),
        None => node,
    }
}
