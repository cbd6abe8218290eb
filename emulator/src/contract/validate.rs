//! Checks bodies of requests and answers against the schemas of the document, in the requested version.
//!
//! Requests are judged as the API does: unknown members are ignored, and `null` counts as absent unless the
//! document gives it a meaning. Answers are judged strictly: what the version does not declare is a problem.
//!
//! ```
//! use sequencehq_emulator::contract::{Operation, Version, check_body};
//!
//! let body = br#"{"name": "Storage", "productType": 7}"#;
//! let problems = check_body(Operation::SeatMetricCreate, Version::LATEST, body).unwrap_err();
//! assert_eq!(problems[0].to_string(), "body.seatType: expected a text, but the member is missing.");
//! ```

mod answer;
mod check;
mod exact;
mod keep;
mod path;
mod problem;

use serde_json::{Map, Value};

use super::schemas::{self, Node, SCHEMAS};
use super::{Operation, Success, Version, versions};
pub(crate) use answer::check_file;
pub use answer::{check_answer, check_scripted};
use check::{Checker, Side};
pub use problem::Problem;

/// Checks the body of a request, and returns its declared members.
///
/// Members that the document does not declare for the version are left out, since the API ignores them. So is a
/// `null` without a meaning of its own. Integers written as `7.0` are returned as integers. An operation without a
/// body returns null; it accepts an empty object, because some clients always send one.
///
/// # Errors
///
/// At most 20 problems, in the order of the schema.
pub fn check_body(operation: Operation, version: Version, body: &[u8]) -> Result<Value, Vec<Problem>> {
    checked(operation, version, body, false)
}

/// Checks a body as [`check_body`] does, and reports members that the document does not declare.
///
/// ```
/// use sequencehq_emulator::contract::{Operation, Version, check_declared};
///
/// let body = br#"{"name": "API", "labels": "x"}"#;
/// let problems = check_declared(Operation::ProductCreate, Version::LATEST, body).unwrap_err();
/// assert!(problems[0].message().ends_with("Is it a misspelling of `label`?"));
/// ```
///
/// # Errors
///
/// At most 20 problems, in the order of the schema.
pub fn check_declared(operation: Operation, version: Version, body: &[u8]) -> Result<Value, Vec<Problem>> {
    checked(operation, version, body, true)
}

fn checked(
    operation: Operation,
    version: Version,
    body: &[u8],
    declared_only: bool,
) -> Result<Value, Vec<Problem>> {
    let refuse = |message: String| Err(vec![Problem::new("body", message)]);
    let is_empty = body.iter().all(u8::is_ascii_whitespace);
    let Some(name) = operation.data().body else {
        let is_harmless =
            is_empty || serde_json::from_slice::<Map<_, _>>(body).is_ok_and(|map| map.is_empty());
        return if is_harmless {
            Ok(Value::Null)
        } else {
            refuse(format!("{} takes no body. Send none.", operation.id()))
        };
    };
    if is_empty {
        return refuse(format!(
            "{} expects a JSON object ({name}), but the body is empty.",
            operation.id()
        ));
    }
    let mut value = match serde_json::from_slice(body) {
        Ok(value) => value,
        Err(error) => return refuse(format!("expected JSON, but reading it fails: {error}.")),
    };
    let Some(inexact) = exact::inexact(body) else {
        return refuse("has too many numbers that do not fit into a double. Send fewer digits.".to_owned());
    };
    let node = node(name);
    let side = Side::Request {
        inexact: &inexact,
        declared_only,
    };
    Checker::new(SCHEMAS, version, side).check(node, &value)?;
    keep::declared(SCHEMAS, version, keep::Nulls::WithMeaning, node, &mut value);
    Ok(value)
}

/// Returns the names of the properties of a successful answer, in the order of the document.
pub fn properties(operation: Operation, version: Version) -> impl Iterator<Item = &'static str> {
    let version = versions::form(operation, version);
    let properties = match success(operation) {
        Some(Node::Object(properties)) => *properties,
        _ => &[],
    };
    let declared = properties.iter().filter(move |one| one.exists_in(version));
    declared.map(|property| property.name)
}

/// Removes what a successful answer of the operation may not have, at every depth.
///
/// Those are members that the version does not declare, and nulls, which are answered as absent. The members of maps
/// such as `customProperties` stay.
pub fn keep(operation: Operation, version: Version, body: &mut Map<String, Value>) {
    let Some(node) = success(operation) else {
        return;
    };
    let version = versions::form(operation, version);
    let mut value = Value::Object(std::mem::take(body));
    keep::declared(SCHEMAS, version, keep::Nulls::Never, node, &mut value);
    if let Value::Object(kept) = value {
        *body = kept;
    }
}

fn success(operation: Operation) -> Option<&'static Node> {
    match operation.data().success {
        Success::Json(name) => Some(node(name)),
        Success::Nothing | Success::Pdf => None,
    }
}

fn node(name: &str) -> &'static Node {
    schemas::named(name).expect("the rules of the document require that references have a target")
}
