//! The published documents, and what an answer has that they do not declare.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::LazyLock;

use sequencehq_emulator::contract::{Operation, Version};
use serde_json::Value;

use super::fit;

/// The documents by version.
static DOCUMENTS: LazyLock<BTreeMap<String, Value>> = LazyLock::new(|| {
    let paths = std::env::var_os("SEQUENCEHQ_PUBLISHED").unwrap_or_default();
    let read = |path: std::path::PathBuf| {
        let version = path.file_stem().and_then(|stem| stem.to_str());
        let text = std::fs::read(&path).expect("the file can be read");
        let document = serde_json::from_slice(&text).expect("the file is JSON");
        (version.expect("files are named by version").to_owned(), document)
    };
    let named = std::env::split_paths(&paths).filter(|path| !path.as_os_str().is_empty());
    named.map(read).collect()
});

/// One way in which an answer differs from a published document.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) operation: &'static str,
    pub(super) version: &'static str,
    /// Where in the answer, without indexes: `items[].customerId`. For a status that is not declared, the status.
    pub(super) place: String,
    pub(super) message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation,
            version,
            place,
            message,
        } = self;
        write!(f, "{operation} {version} {place}: {message}")
    }
}

pub(super) fn are_at_hand() -> bool {
    !DOCUMENTS.is_empty()
}

/// Compares an answer with the published document of the version, if it is at hand.
pub(super) fn problems(operation: Operation, version: Version, status: u16, body: &Value) -> Vec<Problem> {
    let Some(document) = DOCUMENTS.get(version.name()) else {
        return Vec::new();
    };
    let problem = |place: String, message: String| Problem {
        operation: operation.id(),
        version: version.name(),
        place,
        message,
    };
    // The server refuses an operation that the version lacks before it is called.
    let Some((method, path)) = operation.endpoint(version) else {
        return Vec::new();
    };
    let responses = &document["paths"][path][method.to_lowercase()]["responses"];
    let Some(response) = responses.get(status.to_string()) else {
        let declared: Vec<&str> = responses
            .as_object()
            .map(|all| all.keys().map(String::as_str).collect())
            .unwrap_or_default();
        let message = format!("the status is not one of {}", declared.join(", "));
        return vec![problem(format!("status {status}"), message)];
    };
    // Bodies of errors and of downloads are not published.
    let Some(schema) = response.pointer("/content/application~1json/schema") else {
        let is_published = status >= 400 || body.is_null();
        let extra = (!is_published).then(|| problem(String::new(), "no body is published".to_owned()));
        return extra.into_iter().collect();
    };
    let found = fit::problems(document, schema, body);
    found
        .into_iter()
        .map(|(place, message)| problem(place, message))
        .collect()
}
