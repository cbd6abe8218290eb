//! Bodies of requests and answers against the document.

mod bodies;
mod mutations;
mod samples;
mod versions;

use std::sync::LazyLock;

use sequencehq_document::{Document, shipped};
use sequencehq_emulator::contract::{OPERATIONS, Operation, Problem, Version, check_body};
use serde_json::Value;

static DOCUMENT: LazyLock<Document> =
    LazyLock::new(|| Document::read(&shipped()).expect("the document is valid"));

fn version(name: &str) -> Version {
    Version::parse(name).expect("the version exists")
}

/// Every operation in every version that has it.
fn everywhere() -> impl Iterator<Item = (Operation, Version)> {
    let versions = |operation: Operation| Version::all().filter(move |version| operation.exists_in(*version));
    OPERATIONS
        .into_iter()
        .flat_map(move |operation| versions(operation).map(move |version| (operation, version)))
}

fn check(operation: Operation, version: Version, body: &Value) -> Result<Value, Vec<Problem>> {
    check_body(operation, version, body.to_string().as_bytes())
}

/// The problems of a body, as a caller sees them.
fn problems(operation: Operation, version: Version, body: &Value) -> Vec<String> {
    texts(check(operation, version, body).err().unwrap_or_default())
}

fn texts(problems: Vec<Problem>) -> Vec<String> {
    problems.iter().map(ToString::to_string).collect()
}
