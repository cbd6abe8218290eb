//! Samples of the types of responses, for tests.

use serde::de::DeserializeOwned;

use crate::data::build_error::{BuildError, Rejected};
use crate::data::place::{self, Undecodable};

/// Decodes the sample of a type. The build made its JSON from the definition of the type, and a test decodes each.
pub(crate) fn decoded<T: DeserializeOwned>(name: &str, json: &str) -> T {
    place::decode(json.as_bytes())
        .unwrap_or_else(|Undecodable { path, error }| panic!("the sample of {name}: {path}: {error}"))
}

/// Returns the value that a setter has converted.
///
/// # Panics
///
/// If the conversion failed, with the path of the field.
#[track_caller]
pub(crate) fn accepted<T>(name: &'static str, convert: impl FnOnce(&mut Rejected) -> Option<T>) -> T {
    let mut rejected = Rejected::default();
    match convert(&mut rejected) {
        Some(value) => value,
        None => panic!("{}", BuildError::new(name, Vec::new(), rejected)),
    }
}

/// Checks that an unknown field was set.
///
/// # Panics
///
/// If the type has the field, or the value cannot be encoded.
#[track_caller]
pub(crate) fn set_extra(name: &'static str, field: &str, set: Result<(), BuildError>) {
    accepted(name, |rejected| {
        rejected.extra(field, set);
        rejected.is_empty().then_some(())
    });
}
