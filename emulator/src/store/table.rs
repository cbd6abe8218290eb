//! The rows of one kind, by creation and by id, and an index of facets.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

use crate::records::{Facet, Facets, Record};

/// A stored record as text, with its facets.
#[derive(Clone)]
pub struct Row {
    pub(super) id: Arc<str>,
    pub(super) text: Arc<str>,
    facets: Box<[(Facet, bool, Arc<str>)]>,
}

impl Row {
    pub(super) fn new(id: Arc<str>, text: Arc<str>, facets: Facets) -> Self {
        let entries = facets.into_entries().into_iter();
        Self {
            id,
            text,
            facets: entries
                .map(|entry| (entry.facet, entry.is_indexed, entry.value))
                .collect(),
        }
    }

    /// The id of the record.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The record as JSON.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The record.
    pub fn read<R: Record>(&self) -> R {
        serde_json::from_str(&self.text).unwrap_or_else(|error| {
            panic!(
                "a stored {} is what was written: {error}: {}",
                R::KIND.name(),
                self.text
            )
        })
    }

    /// The values of a facet.
    pub fn values(&self, facet: Facet) -> impl Iterator<Item = &str> {
        let fitting = self.facets.iter().filter(move |(one, _, _)| *one == facet);
        fitting.map(|(_, _, value)| value.as_ref())
    }

    /// Returns whether the record has a value of a facet.
    pub fn has(&self, facet: Facet) -> bool {
        self.values(facet).next().is_some()
    }

    /// The first value of a facet that begins with `prefix`.
    pub(super) fn key(&self, facet: Facet, prefix: &str) -> Option<&str> {
        self.values(facet).find(|value| value.starts_with(prefix))
    }
}

impl fmt::Debug for Row {
    /// Shows the size of the text instead of the text, which may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("id", &self.id)
            .field("bytes", &self.text.len())
            .finish_non_exhaustive()
    }
}

/// A place in the index: facet, value, sequence.
type Place = (u8, Arc<str>, u64);

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: BTreeMap<u64, Row>,
    by_id: HashMap<Arc<str>, u64>,
    index: BTreeSet<Place>,
    /// How many places of the index each facet has.
    indexed: BTreeMap<u8, usize>,
    /// How many places of the index each value has.
    counts: HashMap<(u8, Arc<str>), usize>,
    /// How many rows fit a filter, by its fingerprint, since the last change.
    totals: Mutex<HashMap<u64, usize>>,
}

impl Table {
    pub(super) fn sequence(&self, id: &str) -> Option<u64> {
        self.by_id.get(id).copied()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Row> {
        self.rows.get(&self.sequence(id)?)
    }

    /// Adds or replaces the row with this sequence.
    pub(super) fn insert(&mut self, sequence: u64, mut row: Row) {
        self.remove(&Arc::clone(&row.id));
        for (facet, is_indexed, value) in &mut row.facets {
            if *is_indexed {
                // Rows with equal values share one text.
                let from = (*facet as u8, Arc::clone(value), 0);
                if let Some((one, known, _)) = self.index.range(from..).next()
                    && (*one, known) == (*facet as u8, &*value)
                {
                    *value = Arc::clone(known);
                }
                if self.index.insert((*facet as u8, Arc::clone(value), sequence)) {
                    *self.indexed.entry(*facet as u8).or_default() += 1;
                    *self.counts.entry((*facet as u8, Arc::clone(value))).or_default() += 1;
                }
            }
        }
        self.by_id.insert(Arc::clone(&row.id), sequence);
        self.rows.insert(sequence, row);
        self.forget_totals();
    }

    /// Removes a row, and returns it with its sequence.
    pub(super) fn remove(&mut self, id: &str) -> Option<(u64, Row)> {
        let sequence = self.by_id.remove(id)?;
        let row = self.rows.remove(&sequence)?;
        for (facet, is_indexed, value) in &row.facets {
            if *is_indexed && self.index.remove(&(*facet as u8, Arc::clone(value), sequence)) {
                *self.indexed.entry(*facet as u8).or_default() -= 1;
                let key = (*facet as u8, Arc::clone(value));
                let count = self.counts.get_mut(&key).map_or(0, |count| {
                    *count -= 1;
                    *count
                });
                if count == 0 {
                    self.counts.remove(&key);
                }
            }
        }
        self.forget_totals();
        Some((sequence, row))
    }

    /// The sequences of the rows with this value of an indexed facet, by creation.
    pub(super) fn with_value(&self, facet: Facet, value: &str) -> impl DoubleEndedIterator<Item = u64> {
        let value: Arc<str> = value.into();
        let range = (facet as u8, Arc::clone(&value), 0)..=(facet as u8, value, u64::MAX);
        self.index.range(range).map(|(_, _, sequence)| *sequence)
    }

    /// The sequences of the rows with a value of an indexed facet that is not above `last`, by value and creation.
    pub(super) fn through(&self, facet: Facet, last: &str) -> impl DoubleEndedIterator<Item = u64> {
        let range = (facet as u8, "".into(), 0)..=(facet as u8, last.into(), u64::MAX);
        self.index.range(range).map(|(_, _, sequence)| *sequence)
    }

    /// Returns whether the index has the facet at all.
    pub(super) fn has_index(&self, facet: Facet) -> bool {
        self.indexed.get(&(facet as u8)).is_some_and(|count| *count > 0)
    }

    /// Returns whether every row is in the index of the facet.
    pub(super) fn is_fully_indexed(&self, facet: Facet) -> bool {
        self.indexed.get(&(facet as u8)).copied().unwrap_or_default() >= self.rows.len()
    }

    /// How many rows have this value of an indexed facet.
    pub(super) fn count(&self, facet: Facet, value: &str) -> usize {
        self.counts
            .get(&(facet as u8, value.into()))
            .copied()
            .unwrap_or_default()
    }

    /// Sequences in the order of an indexed facet, for values that begin with `prefix` and come after `from`.
    pub(super) fn sorted<'t>(
        &'t self,
        facet: Facet,
        prefix: &str,
        from: Option<(&str, u64)>,
        upward: bool,
    ) -> Box<dyn Iterator<Item = u64> + 't> {
        let facet = facet as u8;
        let first = Bound::Included((facet, prefix.into(), 0));
        let end = match prefix.strip_suffix('\0') {
            Some(key) => (facet, format!("{key}\u{1}").into(), 0),
            None => (facet + 1, "".into(), 0),
        };
        let beyond = from.map(|(value, sequence)| Bound::Excluded((facet, value.into(), sequence)));
        let sequences = |range: (Bound<Place>, Bound<Place>)| self.index.range(range).map(|place| place.2);
        if upward {
            Box::new(sequences((beyond.unwrap_or(first), Bound::Excluded(end))))
        } else {
            Box::new(sequences((first, beyond.unwrap_or(Bound::Excluded(end)))).rev())
        }
    }

    /// Sequences by creation, strictly beyond `from`.
    pub(super) fn created(&self, from: Option<u64>, upward: bool) -> Box<dyn Iterator<Item = u64> + '_> {
        let beyond = from.map_or(Bound::Unbounded, Bound::Excluded);
        if upward {
            Box::new(
                self.rows
                    .range((beyond, Bound::Unbounded))
                    .map(|(sequence, _)| *sequence),
            )
        } else {
            Box::new(
                self.rows
                    .range((Bound::Unbounded, beyond))
                    .rev()
                    .map(|(sequence, _)| *sequence),
            )
        }
    }

    /// The remembered total of a filter, or the one that `count` finds.
    pub(super) fn total(&self, fingerprint: u64, count: impl FnOnce() -> usize) -> usize {
        let mut totals = self.totals.lock().unwrap_or_else(PoisonError::into_inner);
        *totals.entry(fingerprint).or_insert_with(count)
    }

    fn forget_totals(&mut self) {
        self.totals
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .clear();
    }

    /// The index as it would be if it were built from the rows.
    #[cfg(test)]
    pub(super) fn is_consistent(&self) -> bool {
        let rebuilt: BTreeSet<Place> = self
            .rows
            .iter()
            .flat_map(|(sequence, row)| {
                let indexed = row.facets.iter().filter(|(_, is_indexed, _)| *is_indexed);
                indexed.map(|(facet, _, value)| (*facet as u8, Arc::clone(value), *sequence))
            })
            .collect();
        let ids: HashMap<Arc<str>, u64> = self
            .rows
            .iter()
            .map(|(n, row)| (Arc::clone(&row.id), *n))
            .collect();
        let counted = self.indexed.values().sum::<usize>();
        let by_value = self.counts.iter().all(|((facet, value), count)| {
            let places = self.index.iter();
            places
                .filter(|place| place.0 == *facet && place.1 == *value)
                .count()
                == *count
        });
        by_value && rebuilt == self.index && ids == self.by_id && counted == self.index.len()
    }
}
