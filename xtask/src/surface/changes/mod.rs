//! What a change of the public surface means for users of the crate.
//!
//! Compares two listings, as `build/surface.rs` writes them. `tests/it/surface.rs` includes this folder too.

mod entries;
mod rules;

use std::collections::HashMap;
use std::fmt;

use entries::{Entry, Kind};

/// What users have to do about a change, the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Label {
    /// Programs compile and behave as before.
    Additive,
    /// Programs compile, and may behave differently or get a warning.
    Behavior,
    /// Programs do not compile, or a call that worked is refused.
    Breaking,
}

impl Label {
    /// The heading of the changelog under which such a change is listed.
    pub(crate) fn heading(self) -> &'static str {
        match self {
            Self::Breaking => "Breaking",
            Self::Behavior => "Changed",
            Self::Additive => "Added",
        }
    }
}

impl fmt::Display for Label {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Breaking => "breaking",
            Self::Behavior => "behavior",
            Self::Additive => "additive",
        })
    }
}

/// One change of one item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub(crate) label: Label,
    /// The item as users write it, such as `Invoice.memo` or `invoices().void()`, and a value that the change is about.
    pub(crate) names: Vec<String>,
    /// The rest of a sentence about the item.
    pub(crate) what: String,
}

impl Change {
    fn new(label: Label, item: &str, what: impl Into<String>) -> Self {
        Self {
            label,
            names: vec![item.to_owned()],
            what: what.into(),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:<10}`{}` {}", self.label, self.names[0], self.what)
    }
}

/// Returns the changes between two listings, in the order of the listings, what is gone first.
pub(crate) fn between(old: &str, new: &str) -> Vec<Change> {
    let (old, new) = (entries::read(old), entries::read(new));
    let versions = entries::versions(&new);
    let by_key = |entries: &[Entry]| -> HashMap<(Kind, String), usize> {
        let keys = entries.iter().enumerate();
        keys.map(|(index, entry)| ((entry.kind, entry.item.clone()), index))
            .collect()
    };
    let (in_old, in_new) = (by_key(&old), by_key(&new));
    let find = |entries: &HashMap<(Kind, String), usize>, entry: &Entry| {
        entries.get(&(entry.kind, entry.item.clone())).copied()
    };
    let has_parent = |entries: &HashMap<(Kind, String), usize>, entry: &Entry| {
        let parent = entry.parent.clone();
        parent.is_none_or(|parent| entries.contains_key(&parent))
    };
    let mut changes = Vec::new();
    for entry in &old {
        if find(&in_new, entry).is_none() && has_parent(&in_new, entry) {
            changes.push(Change::new(Label::Breaking, &entry.item, "is removed"));
        }
    }
    for entry in &new {
        match find(&in_old, entry) {
            Some(index) => changes.extend(rules::changes(&old[index], entry, &versions)),
            None if has_parent(&in_old, entry) => changes.push(rules::addition(entry)),
            None => {}
        }
    }
    changes
}

/// Returns entries for the changelog, under the headings of their labels.
pub(crate) fn draft<'a>(changes: impl Iterator<Item = &'a Change> + Clone) -> String {
    let mut text = String::new();
    for label in [Label::Breaking, Label::Behavior, Label::Additive] {
        let of_label = changes.clone().filter(|change| change.label == label);
        let entries: Vec<String> = of_label
            .map(|change| format!("- `{}` {}.\n", change.names[0], change.what))
            .collect();
        if !entries.is_empty() {
            text += &format!("### {}\n\n{}\n", label.heading(), entries.concat());
        }
    }
    text
}
