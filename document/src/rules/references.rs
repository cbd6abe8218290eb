//! References: each leads somewhere, and every schema is used.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Checker;
use crate::load::escape;
use crate::{model, near};

impl Checker<'_> {
    /// Every reference leads to a component of the kind that is needed.
    pub(super) fn references(&mut self) {
        let root = &self.document.root;
        model::references(root, "", &mut |here, reference| {
            let kind = kind(here);
            let prefix = format!("#/components/{kind}/");
            let name = reference.strip_prefix(&prefix).filter(|name| !name.contains('/'));
            let message = match name {
                None => format!("refers to {reference}, but only a `{prefix}NAME` can be here"),
                Some(_) if model::target(root, reference).is_some() => return,
                Some(name) => {
                    let known = root["components"][kind]
                        .as_object()
                        .into_iter()
                        .flat_map(Map::keys);
                    let hint = near::hint(name, known.map(String::as_str));
                    format!("refers to {reference}, which does not exist{hint}")
                }
            };
            self.fault(here, message);
        });
    }

    /// An example beside the reference to an enum is one of its values. What else is referred to has examples of its own.
    pub(super) fn referred_example(&mut self, property: &Value, pointer: &str) {
        let example = &property["example"];
        let Some(name) = model::reference(property).filter(|_| !example.is_null()) else {
            return;
        };
        let values = self.document.root["components"]["schemas"][name]["enum"].as_array();
        if values.is_none() {
            self.fault(
                pointer,
                "an example beside a reference has an effect on enums only: remove it",
            );
        } else if !values.is_some_and(|values| values.contains(example)) {
            let message = format!("the example {example} is not a value of `{name}`: use one of them");
            self.fault(pointer, message);
        }
    }

    /// Whether a value is no reference, or one to a component of `kind`. Another one has a fault of its own, and nothing
    /// else can be said about what it should be.
    pub(super) fn leads(&self, raw: &Value, kind: &str) -> bool {
        raw["$ref"].as_str().is_none_or(|reference| {
            reference.starts_with(&format!("#/components/{kind}/"))
                && model::target(&self.document.root, reference).is_some()
        })
    }

    /// Every component is used, so that none is forgotten.
    pub(super) fn unused(&mut self) {
        let root = &self.document.root;
        let mut used = BTreeSet::new();
        model::references(root, "", &mut |_, reference| {
            used.insert(reference.to_owned());
        });
        for operation in model::raw_operations(root) {
            let conflict = operation.raw["x-conflict"].as_str();
            used.extend(conflict.map(model::schema_reference));
        }
        for kind in ["schemas", "responses", "parameters"] {
            for name in root["components"][kind]
                .as_object()
                .into_iter()
                .flat_map(Map::keys)
            {
                let pointer = format!("/components/{kind}/{}", escape(name));
                if !used.contains(&format!("#{pointer}")) {
                    self.fault(&pointer, "is never referenced: remove it, or refer to it");
                }
            }
        }
    }
}

/// Returns the kind of components that the reference at `pointer` must refer to.
fn kind(pointer: &str) -> &'static str {
    let segments: Vec<&str> = pointer.split('/').skip(1).collect();
    match segments.as_slice() {
        ["paths", _, _, "parameters", _, "$ref"] => "parameters",
        ["paths", _, _, "responses", _, "$ref"] => "responses",
        _ => "schemas",
    }
}
