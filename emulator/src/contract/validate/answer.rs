//! Checks answers against the schema that the document declares for their status.

use serde_json::Value;

use super::super::schemas::SCHEMAS;
use super::super::{Operation, Success, Version, versions};
use super::Problem;
use super::check::{Checker, Side};

/// What an operation answers with a status.
enum Declared {
    Schema(&'static str),
    Nothing,
    File,
}

/// Checks an answer against the schema that the document declares for its status.
///
/// An answer without a body is null. The bytes of a PDF are not checked.
///
/// # Errors
///
/// At most 20 problems, in the order of the schema; one if the operation never answers with the status.
pub fn check_answer(
    operation: Operation,
    version: Version,
    status: u16,
    body: &Value,
) -> Result<(), Vec<Problem>> {
    let data = operation.data();
    let refuse = |message: String| Err(vec![Problem::new("answer", message)]);
    let envelope = operation.envelope(version).filter(|_| status == data.status);
    let body = match envelope {
        None => body,
        Some(member) => match body
            .as_object()
            .filter(|map| map.len() == 1)
            .and_then(|map| map.get(member))
        {
            Some(inner) => inner,
            None => {
                let version = version.name();
                return refuse(format!(
                    "{} answers `{{\"{member}\": …}}` in version {version}.",
                    data.id
                ));
            }
        },
    };
    match declared(operation, status) {
        Ok(Declared::Schema(name)) => check(operation, version, name, body, Side::Answer),
        Ok(Declared::File) => Ok(()),
        Ok(Declared::Nothing) if body.is_null() => Ok(()),
        Ok(Declared::Nothing) => refuse(format!("{} answers {status} without a body.", data.id)),
        Err(message) => refuse(message),
    }
}

/// Checks an answer that a test wrote, without the envelope that some versions have.
///
/// Unlike [`check_answer`], it accepts members that the version does not declare, since the API adds some at any time, and
/// a `null` in place of an absent member.
///
/// ```
/// use sequencehq_emulator::contract::{Operation, Version, check_scripted};
/// use serde_json::json;
///
/// let product = json!({"id": "1", "name": 7});
/// let problems = check_scripted(Operation::ProductGet, Version::LATEST, 200, &product).unwrap_err();
/// assert!(problems.iter().any(|one| one.to_string() == "value.name: expected a text, got the number 7."));
/// ```
///
/// # Errors
///
/// At most 20 problems, in the order of the schema; one if the operation never answers with the status, or with another kind
/// of content.
pub fn check_scripted(
    operation: Operation,
    version: Version,
    status: u16,
    value: &Value,
) -> Result<(), Vec<Problem>> {
    let refuse = |message: String| Err(vec![Problem::new("value", message)]);
    let id = operation.id();
    match declared(operation, status) {
        Ok(Declared::Schema(name)) => check(operation, version, name, value, Side::Scripted),
        Ok(Declared::Nothing) if value.is_null() => Ok(()),
        Ok(Declared::Nothing) => refuse(format!("{id} answers {status} without a body. Send null.")),
        Ok(Declared::File) => refuse(format!("{id} answers {status} with a file, not with JSON.")),
        Err(message) => Err(vec![Problem::new("status", message)]),
    }
}

/// Checks that an operation answers a status with a file.
pub(crate) fn check_file(operation: Operation, status: u16) -> Result<(), Vec<Problem>> {
    match declared(operation, status) {
        Ok(Declared::File) => Ok(()),
        Ok(Declared::Schema(_) | Declared::Nothing) => {
            let message = format!(
                "{} answers {status} with JSON or nothing, not with a file.",
                operation.id()
            );
            Err(vec![Problem::new("value", message)])
        }
        Err(message) => Err(vec![Problem::new("status", message)]),
    }
}

fn check<'a>(
    operation: Operation,
    version: Version,
    schema: &str,
    value: &'a Value,
    side: Side<'a>,
) -> Result<(), Vec<Problem>> {
    let version = versions::form(operation, version);
    Checker::new(SCHEMAS, version, side).check(super::node(schema), value)
}

fn declared(operation: Operation, status: u16) -> Result<Declared, String> {
    let data = operation.data();
    if status == data.status {
        return Ok(match data.success {
            Success::Json(name) => Declared::Schema(name),
            Success::Pdf => Declared::File,
            Success::Nothing => Declared::Nothing,
        });
    }
    if let (409, Some(name)) = (status, data.conflict) {
        return Ok(Declared::Schema(name));
    }
    let failure = data.errors.iter().find(|(class, _)| *class == status / 100);
    failure
        .map(|(_, name)| Declared::Schema(name))
        .ok_or_else(|| format!("{} succeeds with {}, never with {status}.", data.id, data.status))
}
