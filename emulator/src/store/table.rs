//! The rows of one kind, by creation, by id and by the values of facets.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::records::{Facet, Facets, Record};

use super::filters::Filters;
use super::index::{Index, Value};
use super::rows::Rows;
use super::text::Text;

/// A stored record as text, with its facets.
#[derive(Clone)]
pub struct Row {
    pub(super) id: Arc<str>,
    pub(super) text: Text,
    facets: Box<[Arc<Value>]>,
}

impl Row {
    /// The id of the record.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The record as JSON.
    pub fn text(&self) -> String {
        self.text.json()
    }

    /// The record.
    pub fn read<R: Record>(&self) -> R {
        let text = self.text();
        serde_json::from_str(&text).unwrap_or_else(|error| {
            panic!("a stored {} is what was written: {error}: {text}", R::KIND.name())
        })
    }

    /// The values of a facet.
    pub fn values(&self, facet: Facet) -> impl Iterator<Item = &str> {
        let fitting = self.facets.iter().filter(move |one| one.facet == facet);
        fitting.map(|one| &*one.text)
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
            .field("text", &self.text)
            .finish_non_exhaustive()
    }
}

#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) rows: Rows,
    by_id: HashMap<Arc<str>, u64>,
    pub(super) index: Index,
    /// The shapes of the texts.
    shapes: HashSet<Arc<str>>,
    /// With so many shapes, those that no text has are dropped.
    many_shapes: usize,
    filters: Mutex<Filters>,
}

impl Table {
    pub(super) fn sequence(&self, id: &str) -> Option<u64> {
        self.by_id.get(id).copied()
    }

    pub(super) fn get(&self, id: &str) -> Option<&Row> {
        self.rows.get(self.sequence(id)?)
    }

    /// Adds or replaces the row with this id, and returns the former one. Only what changed changes in the index.
    pub(super) fn put(&mut self, sequence: u64, id: Arc<str>, mut text: Text, facets: Facets) -> Option<Row> {
        if self.sequence(&id).is_some_and(|other| other != sequence) {
            self.remove(&id);
        }
        self.share_shape(&mut text);
        let former = self.rows.remove(sequence);
        let had: &[Arc<Value>] = former.as_ref().map_or(&[], |former| &former.facets);
        let mut values: Vec<Arc<Value>> = Vec::new();
        for value in facets.into_values() {
            if values.iter().any(|one| one.is(&value)) {
                continue;
            }
            let kept = had.iter().find(|one| one.is(&value)).cloned();
            values.push(kept.unwrap_or_else(|| self.index.add_new(value, sequence)));
        }
        for value in had.iter().filter(|one| !values.contains(one)) {
            self.index.remove(value, sequence);
        }
        let row = Row {
            id: former.as_ref().map_or(id, |former| Arc::clone(&former.id)),
            text,
            facets: values.into(),
        };
        self.filters_mut().change(sequence, former.as_ref(), Some(&row));
        if former.is_none() {
            self.by_id.insert(Arc::clone(&row.id), sequence);
        }
        self.rows.insert(sequence, row);
        former
    }

    /// Puts a row back that was removed or replaced.
    pub(super) fn restore(&mut self, sequence: u64, mut row: Row) {
        self.remove(&Arc::clone(&row.id));
        for value in &mut row.facets {
            *value = self.index.add(Arc::clone(value), sequence);
        }
        self.share_shape(&mut row.text);
        self.filters_mut().change(sequence, None, Some(&row));
        self.by_id.insert(Arc::clone(&row.id), sequence);
        self.rows.insert(sequence, row);
    }

    /// Removes a row, and returns it with its sequence.
    pub(super) fn remove(&mut self, id: &str) -> Option<(u64, Row)> {
        let sequence = self.by_id.remove(id)?;
        let row = self.rows.remove(sequence)?;
        for value in &row.facets {
            self.index.remove(value, sequence);
        }
        self.filters_mut().change(sequence, Some(&row), None);
        Some((sequence, row))
    }

    /// Lets texts of the same shape share it.
    fn share_shape(&mut self, text: &mut Text) {
        if let Some(shape) = self.shapes.get(text.shape()) {
            text.share(shape);
            return;
        }
        if self.shapes.len() >= self.many_shapes {
            self.shapes.retain(|shape| Arc::strong_count(shape) > 1);
            self.many_shapes = (self.shapes.len() * 2).max(64);
        }
        self.shapes.insert(Arc::clone(text.shape()));
    }

    /// The sequences of the rows with this value of an indexed facet, by creation.
    pub(super) fn with_value(
        &self,
        facet: Facet,
        value: &str,
    ) -> impl DoubleEndedIterator<Item = u64> + use<'_> {
        let uses = self.index.uses(facet, value).into_iter();
        uses.flat_map(|uses| uses.rows())
    }

    /// The sequences of the rows with a value of an indexed facet that is not above `last`, by value and creation.
    pub(super) fn through(&self, facet: Facet, last: &str) -> impl DoubleEndedIterator<Item = u64> + use<'_> {
        let values = self
            .index
            .values(facet, (Bound::Unbounded, Bound::Included(last)));
        values.flat_map(|(_, uses)| uses.rows())
    }

    /// Returns whether every row is in the index of the facet.
    pub(super) fn is_fully_indexed(&self, facet: Facet) -> bool {
        self.index.places(facet) >= self.rows.len()
    }

    /// The filters that lists used.
    pub(super) fn filters(&self) -> MutexGuard<'_, Filters> {
        self.filters.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn filters_mut(&mut self) -> &mut Filters {
        self.filters.get_mut().unwrap_or_else(PoisonError::into_inner)
    }

    /// Returns whether everything that is kept beside the rows is as it would be if it were made from them.
    #[cfg(test)]
    pub(super) fn is_consistent(&self) -> bool {
        let mut rebuilt = Index::default();
        for (sequence, row) in self.rows.iter() {
            for value in &row.facets {
                rebuilt.add(Arc::clone(value), sequence);
            }
        }
        let ids: HashMap<Arc<str>, u64> = self
            .rows
            .iter()
            .map(|(sequence, row)| (Arc::clone(&row.id), sequence))
            .collect();
        rebuilt.contents() == self.index.contents()
            && ids == self.by_id
            && self.filters().are_true_of(&self.rows)
    }
}
