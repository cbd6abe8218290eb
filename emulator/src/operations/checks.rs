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
        Ok(Value::Object(mut map)) => {
            link(&mut map);
            Ok(map)
        }
        Ok(_) => Ok(Map::new()),
        Err(problems) => {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Err(Problem::invalid(problems.join(" ")))
        }
    }
}

/// Marks the ids in connected services as ready: what a request names is there.
pub(super) fn link(map: &mut Map<String, Value>) {
    let ids = map.get_mut("integrationIds").and_then(Value::as_array_mut);
    for id in ids.into_iter().flatten().filter_map(Value::as_object_mut) {
        id.insert("isPending".to_owned(), false.into());
    }
}

/// Drops what the version does not answer.
pub(super) fn keep(operation: Operation, version: Version, answer: &mut Value) {
    if let Value::Object(map) = answer {
        contract::keep(operation, version, map);
    }
}
