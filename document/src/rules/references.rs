//! References: each leads somewhere, and every schema is used.

use std::collections::BTreeSet;

use super::Checker;
use crate::load::escape;
use crate::model;

impl Checker<'_> {
    pub(super) fn references(&mut self) {
        let root = &self.document.root;
        let mut used = BTreeSet::new();
        model::references(root, "", &mut |_, reference| {
            used.insert(reference.to_owned());
        });
        for operation in model::raw_operations(root) {
            let conflict = operation.raw["x-conflict"].as_str();
            used.extend(conflict.map(model::schema_reference));
        }
        for (here, reference) in model::dangling(root) {
            self.fault(&here, format!("refers to {reference}, which does not exist"));
        }
        model::references(root, "", &mut |here, reference| {
            let kind = kind(here);
            let name = reference.strip_prefix(&format!("#/components/{kind}/"));
            if model::target(root, reference).is_some() && name.is_none_or(|name| name.contains('/')) {
                let message =
                    format!("refers to {reference}, but only a `#/components/{kind}/NAME` can be here");
                self.fault(here, message);
            }
        });
        for (name, _) in model::schemas(root) {
            if !used.contains(&model::schema_reference(name)) {
                self.fault(
                    &format!("/components/schemas/{}", escape(name)),
                    "is never referenced",
                );
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
