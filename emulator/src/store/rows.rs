//! The rows of a table in the order of their creation.

use std::collections::BTreeMap;

use super::table::Row;

/// How many rows are stored together.
const MOST: usize = if cfg!(test) { 4 } else { 64 };

/// Rows by their sequences, in full chunks: rows are mostly added at the end, where the nodes of a B-tree stay half empty.
#[derive(Debug, Default)]
pub(super) struct Rows {
    /// Each chunk is sorted, begins at its key or later, and ends before the next key.
    chunks: BTreeMap<u64, Vec<(u64, Row)>>,
    length: usize,
}

impl Rows {
    pub(super) fn len(&self) -> usize {
        self.length
    }

    pub(super) fn get(&self, sequence: u64) -> Option<&Row> {
        let (_, chunk) = self.chunks.range(..=sequence).next_back()?;
        let place = chunk.binary_search_by_key(&sequence, |(one, _)| *one).ok()?;
        Some(&chunk[place].1)
    }

    /// Adds or replaces a row.
    pub(super) fn insert(&mut self, sequence: u64, row: Row) {
        let Some((_, chunk)) = self.chunks.range_mut(..=sequence).next_back() else {
            self.chunks.insert(sequence, vec![(sequence, row)]);
            self.length += 1;
            return;
        };
        let place = match chunk.binary_search_by_key(&sequence, |(one, _)| *one) {
            Ok(place) => {
                chunk[place].1 = row;
                return;
            }
            Err(place) => place,
        };
        self.length += 1;
        if chunk.len() < MOST {
            chunk.insert(place, (sequence, row));
            return;
        }
        let mut rest = chunk.split_off(place);
        rest.insert(0, (sequence, row));
        self.chunks.insert(sequence, rest);
    }

    pub(super) fn remove(&mut self, sequence: u64) -> Option<Row> {
        let (key, chunk) = self.chunks.range_mut(..=sequence).next_back()?;
        let place = chunk.binary_search_by_key(&sequence, |(one, _)| *one).ok()?;
        let (_, row) = chunk.remove(place);
        if chunk.is_empty() {
            let key = *key;
            self.chunks.remove(&key);
        }
        self.length -= 1;
        Some(row)
    }

    pub(super) fn iter(&self) -> impl DoubleEndedIterator<Item = (u64, &Row)> {
        let rows = self.chunks.values().flatten();
        rows.map(|(sequence, row)| (*sequence, row))
    }

    pub(super) fn values(&self) -> impl DoubleEndedIterator<Item = &Row> {
        self.iter().map(|(_, row)| row)
    }

    /// Sequences strictly beyond `from`.
    pub(super) fn beyond(&self, from: Option<u64>, upward: bool) -> Box<dyn Iterator<Item = u64> + '_> {
        let Some(from) = from else {
            let all = self.iter().map(|(sequence, _)| sequence);
            return if upward {
                Box::new(all)
            } else {
                Box::new(all.rev())
            };
        };
        if upward {
            let first = self
                .chunks
                .range(..=from)
                .next_back()
                .map_or(from, |(key, _)| *key);
            let rows = self.chunks.range(first..).flat_map(|(_, chunk)| chunk);
            Box::new(rows.map(|(one, _)| *one).skip_while(move |one| *one <= from))
        } else {
            let rows = self
                .chunks
                .range(..=from)
                .rev()
                .flat_map(|(_, chunk)| chunk.iter().rev());
            Box::new(rows.map(|(one, _)| *one).skip_while(move |one| *one >= from))
        }
    }
}
