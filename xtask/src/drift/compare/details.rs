//! What a schema has beside its type: formats, limits, defaults, deprecation.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::schema::Shape;
use super::difference::{Severity, breaking_if};
use super::{Aspect, NOTHING, Note, Walk, Way};

/// Formats that our document adds to published types, for better types in Rust.
const OWN_FORMATS: [&str; 3] = ["decimal", "password", "id"];

impl<'a> Walk<'a> {
    /// Notes different formats of the JSON type `kind`.
    ///
    /// A date that is published as another kind of date breaks, and so does an integer that is wider than ours.
    pub(super) fn format(
        &mut self,
        location: &str,
        kind: &str,
        [ours, theirs]: [&Shape<'a>; 2],
        place: Option<&'a Value>,
    ) {
        let (left, right) = (ours.formats(kind), theirs.formats(kind));
        let published: BTreeSet<&str> = left
            .iter()
            .filter(|format| !OWN_FORMATS.contains(format))
            .copied()
            .collect();
        if left == right || published == right {
            return;
        }
        let is_date = |formats: &BTreeSet<&str>| formats.contains("date") || formats.contains("date-time");
        let other_date = is_date(&right) && !left.is_empty();
        let wider = right.contains("int64") && !left.contains("int64");
        let (mine, other) = (ours.text(), theirs.text());
        let severity = breaking_if(other_date || wider);
        self.note(Note::new(location, Aspect::Format, severity, &mine, &other).at(place));
    }

    /// Notes different limits, defaults and deprecation. A new limit of a request breaks.
    pub(super) fn details(
        &mut self,
        location: &str,
        ours: &Shape<'a>,
        theirs: &Shape<'a>,
        way: Way,
        place: Option<&'a Value>,
    ) {
        let (left, right) = (ours.bounds(), theirs.bounds());
        if left != right {
            let severity = breaking_if(way == Way::Request && !right.is_subset(&left));
            let (mine, other) = (joined(left), joined(right));
            self.note(Note::new(location, Aspect::Bounds, severity, &mine, &other).at(place));
        }
        let (left, right) = (joined(ours.defaults()), joined(theirs.defaults()));
        if left != right {
            self.note(Note::new(location, Aspect::Default, Severity::Additive, &left, &right).at(place));
        }
        self.deprecated(location, ours.is_deprecated(), theirs.is_deprecated(), place);
    }

    /// Notes that only one side is deprecated.
    pub(super) fn deprecated(&mut self, location: &str, ours: bool, theirs: bool, place: Option<&'a Value>) {
        if ours != theirs {
            let text = |deprecated: bool| if deprecated { "deprecated" } else { NOTHING };
            let (mine, other) = (text(ours), text(theirs));
            let note = Note::new(location, Aspect::Deprecated, Severity::Additive, mine, other);
            self.note(note.at(place));
        }
    }
}

fn joined(texts: BTreeSet<String>) -> String {
    if texts.is_empty() {
        return NOTHING.to_owned();
    }
    texts.into_iter().collect::<Vec<_>>().join(", ")
}
