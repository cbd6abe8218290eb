//! The values of facets, each stored once, and the rows that have them.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::collections::BTreeMap;
#[cfg(test)]
use std::collections::BTreeSet;
use std::collections::btree_map::Entry;
use std::ops::Bound;
use std::sync::Arc;

use crate::records::{Facet, FacetValue};

use super::uses::Uses;

/// A value of a facet, shared by the rows that have it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Value {
    pub(super) facet: Facet,
    is_indexed: bool,
    pub(super) text: Box<str>,
}

/// What the index has of one table.
#[derive(Debug, Default)]
pub(super) struct Index(Vec<OfFacet>);

#[derive(Debug)]
struct OfFacet {
    facet: Facet,
    /// How many rows are in the index, counted for each of their values.
    places: usize,
    values: BTreeMap<ByText, Uses>,
}

/// Values of one facet have the order of their texts.
#[derive(Debug)]
struct ByText(Arc<Value>);

impl Value {
    /// Returns whether it is this value.
    pub(super) fn is(&self, other: &FacetValue) -> bool {
        self.facet == other.facet && *self.text == *other.value
    }
}

impl Borrow<str> for ByText {
    fn borrow(&self) -> &str {
        &self.0.text
    }
}

impl PartialEq for ByText {
    fn eq(&self, other: &Self) -> bool {
        self.0.text == other.0.text
    }
}

impl Eq for ByText {}

impl PartialOrd for ByText {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for ByText {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.text.cmp(&other.0.text)
    }
}

impl Index {
    fn of(&self, facet: Facet) -> Option<&OfFacet> {
        self.0.iter().find(|one| one.facet == facet)
    }

    fn of_mut(&mut self, facet: Facet) -> &mut OfFacet {
        let place = self.0.iter().position(|one| one.facet == facet);
        let place = place.unwrap_or_else(|| {
            self.0.push(OfFacet {
                facet,
                places: 0,
                values: BTreeMap::new(),
            });
            self.0.len() - 1
        });
        &mut self.0[place]
    }

    /// Notes that a row has a value, and returns the value as other rows have it.
    pub(super) fn add_new(&mut self, value: FacetValue, sequence: u64) -> Arc<Value> {
        let known = self
            .of(value.facet)
            .and_then(|of_facet| of_facet.values.get_key_value(&*value.value));
        let value = match known {
            Some((ByText(known), _)) => Arc::clone(known),
            None => Arc::new(Value {
                facet: value.facet,
                is_indexed: value.is_indexed,
                text: value.value,
            }),
        };
        self.add(value, sequence)
    }

    /// Notes that a row has a value that rows had before, and returns it as other rows have it now.
    pub(super) fn add(&mut self, value: Arc<Value>, sequence: u64) -> Arc<Value> {
        let of_facet = self.of_mut(value.facet);
        of_facet.places += usize::from(value.is_indexed);
        match of_facet.values.entry(ByText(value)) {
            Entry::Vacant(entry) => {
                let value = Arc::clone(&entry.key().0);
                entry.insert(Uses::of(sequence, value.is_indexed));
                value
            }
            Entry::Occupied(mut entry) => {
                entry.get_mut().insert(sequence);
                Arc::clone(&entry.key().0)
            }
        }
    }

    /// Notes that a row no longer has a value.
    pub(super) fn remove(&mut self, value: &Value, sequence: u64) {
        let of_facet = self.of_mut(value.facet);
        let Some(uses) = of_facet.values.get_mut(&*value.text) else {
            return;
        };
        if uses.remove(sequence) {
            of_facet.values.remove(&*value.text);
        }
        of_facet.places -= usize::from(value.is_indexed);
    }

    /// Everything in the index, for comparisons.
    #[cfg(test)]
    pub(super) fn contents(&self) -> BTreeSet<(Facet, usize, &str, usize, Vec<u64>)> {
        let values = |one: &'_ OfFacet| (one.facet, one.places);
        let all = self
            .0
            .iter()
            .flat_map(|one| one.values.iter().map(move |entry| (values(one), entry)));
        all.map(|((facet, places), (value, uses))| {
            (facet, places, &*value.0.text, uses.count(), uses.rows().collect())
        })
        .collect()
    }

    /// How many rows are in the index of a facet.
    pub(super) fn places(&self, facet: Facet) -> usize {
        self.of(facet).map_or(0, |of_facet| of_facet.places)
    }

    /// The rows with a value.
    pub(super) fn uses(&self, facet: Facet, value: &str) -> Option<&Uses> {
        self.of(facet)?.values.get(value)
    }

    /// All values of a facet within these bounds, and the rows with them, in the order of the values.
    pub(super) fn values<'i>(
        &'i self,
        facet: Facet,
        bounds: (Bound<&str>, Bound<&str>),
    ) -> impl DoubleEndedIterator<Item = (&'i str, &'i Uses)> + use<'i> {
        // The standard library panics on such a range.
        let is_empty = match bounds {
            (Bound::Excluded(first), Bound::Excluded(last)) => first >= last,
            (
                Bound::Included(first) | Bound::Excluded(first),
                Bound::Included(last) | Bound::Excluded(last),
            ) => first > last,
            _ => false,
        };
        let of_facet = self.of(facet).filter(|_| !is_empty);
        let range = of_facet.map(|one| one.values.range::<str, _>(bounds));
        range
            .into_iter()
            .flatten()
            .map(|(ByText(value), uses)| (&*value.text, uses))
    }

    /// Sequences in the order of the values of an indexed facet that begin with `prefix`, beyond the place `from`.
    pub(super) fn sorted<'i>(
        &'i self,
        facet: Facet,
        prefix: &str,
        from: Option<(&str, u64)>,
        upward: bool,
    ) -> Box<dyn Iterator<Item = u64> + 'i> {
        let end = prefix.strip_suffix('\0').map(|key| format!("{key}\u{1}"));
        let end = end.as_deref().map_or(Bound::Unbounded, Bound::Excluded);
        let (first, end) = match from {
            Some((value, _)) if upward => (Bound::Included(value), end),
            Some((value, _)) => (Bound::Included(prefix), Bound::Included(value)),
            None => (Bound::Included(prefix), end),
        };
        let from = from.map(|(value, sequence)| (value.to_owned(), sequence));
        let values = self.values(facet, (first, end));
        if upward {
            Box::new(
                values.flat_map(move |(value, uses)| uses.within((bound(&from, value), Bound::Unbounded))),
            )
        } else {
            Box::new(
                values.rev().flat_map(move |(value, uses)| {
                    uses.within((Bound::Unbounded, bound(&from, value))).rev()
                }),
            )
        }
    }
}

/// The place to begin among the rows with a value.
fn bound(from: &Option<(String, u64)>, value: &str) -> Bound<u64> {
    match from {
        Some((at, sequence)) if at == value => Bound::Excluded(*sequence),
        _ => Bound::Unbounded,
    }
}
