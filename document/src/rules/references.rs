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
