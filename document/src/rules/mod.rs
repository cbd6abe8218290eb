//! Checks the rules stated at the head of the document, and reports all violations at once.
//!
//! A document that passes can be read by [`crate::model`] without further checks.

mod bodies;
mod document;
mod names;
mod operations;
mod parameters;
mod references;
mod responses;
mod schemas;
mod values;

use serde_json::{Map, Value};

use crate::load::{Document, Fault, Faults, escape};
use crate::model::{self, Versions};

/// Checks every rule, and returns the document unchanged.
///
/// # Errors
///
/// Returns all faults of the document, sorted by line.
pub fn check(document: Document) -> Result<Document, Faults> {
    let mut checker = Checker {
        document: &document,
        versions: model::versions(&document.root),
        faults: Vec::new(),
    };
    checker.versions();
    checker.not_offered();
    checker.tags();
    checker.operations();
    checker.input_names();
    checker.schemas();
    checker.names();
    checker.references();
    let mut faults = checker.faults;
    if faults.is_empty() {
        Ok(document)
    } else {
        faults.sort();
        faults.dedup();
        Err(Faults(faults))
    }
}

struct Checker<'a> {
    document: &'a Document,
    versions: Versions,
    faults: Vec<Fault>,
}

impl<'a> Checker<'a> {
    fn fault(&mut self, pointer: &str, message: impl Into<String>) {
        self.faults.push(self.document.fault(pointer, message));
    }

    /// Follows the reference of a parameter or response, and returns the pointer of its definition, where faults are
    /// reported once.
    fn definition(&self, raw: &'a Value, pointer: String) -> (&'a Value, String) {
        let reference = raw["$ref"]
            .as_str()
            .and_then(|reference| reference.strip_prefix('#'));
        let target =
            reference.and_then(|pointer| Some((self.document.root.pointer(pointer)?, pointer.to_owned())));
        target.unwrap_or((raw, pointer))
    }

    fn require_text(&mut self, value: &Value, pointer: &str, key: &str) {
        if value[key].as_str().is_none_or(|text| text.trim().is_empty()) {
            self.fault(pointer, format!("has no {key}"));
        }
    }

    fn known_extensions(&mut self, value: &Value, pointer: &str, known: &[&str]) {
        for key in value.as_object().into_iter().flat_map(Map::keys) {
            if key.starts_with("x-") && !known.contains(&key.as_str()) {
                self.fault(
                    &format!("{pointer}/{}", escape(key)),
                    format!("unknown extension {key}"),
                );
            }
        }
    }
}
