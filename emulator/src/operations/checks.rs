//! Bodies and answers against the document.

use serde_json::{Map, Value};

use crate::contract::{self, Operation, Version};

use super::problem::Problem;

/// Returns the declared members of the body of a request; none if the operation has no body.
pub(super) fn body(
    operation: Operation,
    version: Version,
    bytes: &[u8],
) -> Result<Map<String, Value>, Problem> {
    match contract::check_body(operation, version, bytes) {
        Ok(Value::Object(map)) => Ok(map),
        Ok(_) => Ok(Map::new()),
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Err(Problem::invalid(problems.join(" ")))
        }
    }
}

/// Drops what the version does not answer.
pub(super) fn keep(operation: Operation, version: Version, answer: &mut Value) {
    if let Value::Object(map) = answer {
        contract::keep(operation, version, map);
    }
}
