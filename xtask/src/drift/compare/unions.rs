//! Unions with a tag, which are compared variant by variant.

use super::super::schema::Shape;
use super::difference::{Severity, breaking_if};
use super::{Aspect, Found, NOTHING, Note, Offered, Walk, Way};

impl<'a> Walk<'a> {
    /// Compares unions without a tag: by position if published documents have equally many alternatives, all at once
    /// otherwise, and then each of theirs with all of ours, so that a field that one of them requires or lacks is seen.
    fn alternatives(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        let (left, right) = (ours.each(), theirs.each());
        if self.is_published && left.len() > 1 && left.len() == right.len() {
            for (index, (ours, theirs)) in left.iter().zip(&right).enumerate() {
                self.member(&format!("{location}({index})"), ours, theirs, way);
            }
            return;
        }
        if self.is_published && left.len() != right.len() {
            let text = |list: &[Shape<'a>]| format!("{} alternatives", list.len());
            let (mine, other) = (text(&left), text(&right));
            let note = Note::new(location, Aspect::Variant, Severity::Breaking, &mine, &other);
            self.note(note.at(ours.place("object")));
        }
        let before = std::mem::take(&mut self.found);
        self.properties(location, ours, theirs, way);
        let whole = std::mem::replace(&mut self.found, before);
        let partly = if right.len() > 1 {
            self.partly(location, ours, &right, way, &whole)
        } else {
            Vec::new()
        };
        self.found.extend(whole);
        self.found.extend(partly);
    }

    /// What only some of their alternatives require or lack, with the number of these in the location: `(1-of-2)`.
    ///
    /// Not what they offer, and not what differs if all of them are compared at once, which is `whole`. Nor the variants
    /// of a tagged union in them, which are often spread over the alternatives.
    fn partly(
        &mut self,
        location: &str,
        ours: &Shape<'a>,
        theirs: &[Shape<'a>],
        way: Way,
        whole: &[Found<'a>],
    ) -> Vec<Found<'a>> {
        let before = std::mem::take(&mut self.found);
        let mut partly: Vec<(Found<'a>, usize)> = Vec::new();
        for one in theirs {
            self.properties(location, ours, one, way);
            for found in std::mem::take(&mut self.found) {
                match partly.iter_mut().find(|(known, _)| is_same(known, &found)) {
                    Some((_, count)) => *count += 1,
                    None => partly.push((found, 1)),
                }
            }
        }
        self.found = before;
        partly.retain(|(found, _)| {
            let is_offered = found.difference.ours == NOTHING || found.difference.kind == Aspect::Variant;
            !is_offered && !whole.iter().any(|known| is_same(known, found))
        });
        let counted = |(mut found, count): (Found<'a>, usize)| {
            let rest = found.difference.location.split_off(location.len());
            found.difference.location = format!("{location}({count}-of-{}){rest}", theirs.len());
            found
        };
        partly.into_iter().map(counted).collect()
    }

    /// Compares one alternative with its counterpart.
    fn member(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        if let (Some(ours), Some(theirs)) = (ours.declared(), theirs.declared()) {
            self.texts(location, ours, theirs);
        }
        self.properties(location, ours, theirs, way);
    }

    /// Compares objects: each variant with its counterpart if both sides have the tag of ours, all at once otherwise.
    pub(super) fn unions(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        let groups = |tag: &str| Some((ours.by_tag(tag)?, theirs.by_tag(tag)?));
        let Some((left, right)) = ours.tag().and_then(groups) else {
            return self.alternatives(location, ours, theirs, way);
        };
        let place = ours.union().or(ours.place("object"));
        for (value, theirs) in &right {
            match left.iter().find(|(other, _)| other == value) {
                Some((_, ours)) => self.member(&format!("{location}({value})"), ours, theirs, way),
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

/// Whether the same is wrong at the same place. The values of an enum differ one by one.
fn is_same(one: &Found<'_>, other: &Found<'_>) -> bool {
    let (one, other) = (&one.difference, &other.difference);
    one.location == other.location
        && one.kind == other.kind
        && (one.kind != Aspect::Enum || one.ours == other.ours)
}
