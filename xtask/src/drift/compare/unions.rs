//! Unions with a tag, which are compared variant by variant.

use super::super::schema::Shape;
use super::difference::{Severity, breaking_if};
use super::{Aspect, NOTHING, Note, Offered, Walk, Way};

impl<'a> Walk<'a> {
    /// Compares unions without a tag: by position if published documents have equally many alternatives, so that a field
    /// that one of them requires is seen; all at once otherwise.
    fn alternatives(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        let (left, right) = (ours.each(), theirs.each());
        if !self.is_published || left.len() < 2 || left.len() != right.len() {
            return self.properties(location, ours, theirs, way);
        }
        for (index, (ours, theirs)) in left.iter().zip(&right).enumerate() {
            self.properties(&format!("{location}({index})"), ours, theirs, way);
        }
    }

    /// Compares objects: each variant with its counterpart if both sides have the tag of ours, all at once otherwise.
    pub(super) fn unions(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        let groups = |tag: &str| Some((ours.by_tag(tag)?, theirs.by_tag(tag)?));
        let Some((left, right)) = ours.tag().and_then(groups) else {
            return self.alternatives(location, ours, theirs, way);
        };
        let place = ours.place("object");
        for (value, theirs) in &right {
            match left.iter().find(|(other, _)| other == value) {
                Some((_, ours)) => self.properties(&format!("{location}({value})"), ours, theirs, way),
                None => {
                    let note = Note::new(location, Aspect::Variant, Severity::Additive, NOTHING, value);
                    self.note(note.at(place).offering(Offered::Variant(theirs.sources())));
                }
            }
        }
        for (value, ours) in &left {
            if !right.iter().any(|(other, _)| other == value) {
                let note = Note::new(
                    location,
                    Aspect::Variant,
                    breaking_if(way == Way::Request),
                    value,
                    NOTHING,
                );
                self.note(note.at(ours.place("object")));
            }
        }
    }
}
