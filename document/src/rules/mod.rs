//! Checks the rules stated at the head of the document, and reports all violations at once.
//!
//! A document that passes can be read by [`crate::model`] without further checks.

mod bodies;
mod differences;
mod document;
mod keys;
mod names;
mod operations;
mod parameters;
mod references;
mod responses;
mod schemas;
mod sending;
mod structure;
mod texts;
mod unions;
mod updates;
mod values;

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fault::{Fault, Faults};
use crate::load::Document;
use crate::model::{self, Versions};

/// Checks every rule, and returns the document unchanged.
///
/// An unknown key or a value of the wrong shape usually breaks other rules too, which are then not checked for the same
/// operation or component, nor for the document as a whole.
///
/// # Errors
///
/// Returns all faults of the document, sorted by line.
pub fn check(document: Document) -> Result<Document, Faults> {
    let mut faults = structure::faults(&document);
    let parts: BTreeSet<String> = faults
        .iter()
        .map(|fault| structure::part(fault.pointer()).to_owned())
        .collect();
    // A key of the document or of the components hides much, such as `schema` for `schemas`.
    let is_readable = parts
        .iter()
        .all(|part| part.matches('/').count() > if part.starts_with("/components/") { 2 } else { 1 });
    if is_readable {
        let mut checker = Checker {
            document: &document,
            versions: model::versions(&document.root),
            faults: Vec::new(),
        };
        checker.parts();
        if parts.is_empty() {
            checker.whole();
        }
        let others = checker.faults.into_iter();
        faults.extend(others.filter(|fault| !parts.contains(structure::part(fault.pointer()))));
    }
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
    /// The rules for single operations, components and tags.
    fn parts(&mut self) {
        self.versions();
        self.not_offered();
        self.tags();
        self.operations();
        self.schemas();
        self.names_in_parts();
        self.references();
        self.texts();
    }

    /// The rules for the parts together.
    fn whole(&mut self) {
        self.endpoints();
        self.body_names();
        self.input_names();
        self.members();
        self.recursion();
        self.sources();
        self.names();
        self.unused();
    }

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
            self.fault(pointer, format!("has no {key}: add it"));
        }
    }
}
