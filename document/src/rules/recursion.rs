//! Schemas that contain themselves, which is allowed as long as a value can end.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::Checker;
use crate::load::escape;
use crate::model;

impl Checker<'_> {
    /// A value whose required properties lead back to its own schema would be infinite.
    pub(super) fn recursion(&mut self) {
        let root = &self.document.root;
        let mut endless: BTreeMap<&str, Vec<&str>> = model::schemas(root)
            .map(|(name, schema)| (name.as_str(), needed(schema)))
            .collect();
        loop {
            let open: BTreeSet<&str> = endless.keys().copied().collect();
            endless.retain(|name, needed| {
                let mut needed = needed.iter().map(|one| open.contains(one));
                if root["components"]["schemas"][*name].get("oneOf").is_some() {
                    needed.all(|is_open| is_open)
                } else {
                    needed.any(|is_open| is_open)
                }
            });
            if endless.len() == open.len() {
                break;
            }
        }
        for name in endless.keys().filter(|name| is_around(name, &endless)) {
            self.fault(
                &format!("/components/schemas/{}", escape(name)),
                format!(
                    "every `{name}` contains another `{name}`, without end: make a property on the way optional, or a list"
                ),
            );
        }
    }
}

/// Returns the schemas without which there is no value: those of required properties, or the members of a union, of
/// which one suffices.
fn needed(schema: &Value) -> Vec<&str> {
    if let Some(members) = schema["oneOf"].as_array() {
        return members.iter().filter_map(model::reference).collect();
    }
    let required = schema["required"].as_array().into_iter().flatten();
    required
        .filter_map(|name| model::reference(&schema["properties"][name.as_str()?]))
        .collect()
}

/// Whether `name` can be reached from itself.
fn is_around(name: &str, edges: &BTreeMap<&str, Vec<&str>>) -> bool {
    let (mut open, mut seen) = (edges[name].clone(), BTreeSet::new());
    while let Some(next) = open.pop() {
        if next == name {
            return true;
        }
        if seen.insert(next) {
            open.extend(edges.get(next).into_iter().flatten());
        }
    }
    false
}
