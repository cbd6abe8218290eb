//! The contents of a store, for reading.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::records::{Facet, Facets, Kind, Record, facets_of, ids};

use super::clock::{Clock, Source};
use super::commit::{Change, Commit};
use super::page::{self, Page};
use super::selection::{CursorError, Selection};
use super::table::{Row, Table};

/// Everything except the rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Meta {
    pub(super) revision: u64,
    seed: u64,
    ids: u64,
    pub(super) sequence: u64,
    pub(super) clock: Clock,
    /// The last number of each series.
    pub(super) numbers: BTreeMap<String, u64>,
}

impl Meta {
    pub(super) fn new(seed: u64, clock: Clock) -> Self {
        Self {
            revision: 0,
            seed,
            ids: 0,
            sequence: 0,
            clock,
            numbers: BTreeMap::new(),
        }
    }

    pub(super) fn new_id(&mut self) -> String {
        self.ids += 1;
        ids::id(self.seed, self.ids)
    }
}

/// The tables and the clock, for reading. A [`Tx`](super::Tx) can be read like this too.
pub struct State {
    pub(super) tables: Box<[Table]>,
    pub(super) meta: Meta,
    pub(super) source: Arc<dyn Source>,
}

impl State {
    pub(super) fn new(meta: Meta, source: Arc<dyn Source>) -> Self {
        Self {
            tables: empty_tables(),
            meta,
            source,
        }
    }

    pub(super) fn table(&self, kind: Kind) -> &Table {
        &self.tables[kind as usize]
    }

    pub(super) fn table_mut(&mut self, kind: Kind) -> &mut Table {
        &mut self.tables[kind as usize]
    }

    /// How many commits there were.
    pub fn revision(&self) -> u64 {
        self.meta.revision
    }

    /// The time of the account.
    pub fn now(&self) -> DateTime<Utc> {
        self.meta.clock.now(&*self.source)
    }

    /// The day of the account, in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now().date_naive()
    }

    /// Returns whether the clock runs with the system.
    pub fn is_running(&self) -> bool {
        matches!(self.meta.clock, Clock::Running(_))
    }

    /// Returns the source of time.
    pub fn source(&self) -> Arc<dyn Source> {
        Arc::clone(&self.source)
    }

    /// Returns a row.
    pub fn row(&self, kind: Kind, id: &str) -> Option<&Row> {
        self.table(kind).get(id)
    }

    /// Returns whether there is a record with this id.
    pub fn has(&self, kind: Kind, id: &str) -> bool {
        self.table(kind).sequence(id).is_some()
    }

    /// Returns a record.
    pub fn get<R: Record>(&self, id: &str) -> Option<R> {
        self.row(R::KIND, id).map(Row::read)
    }

    /// Returns a record as a map.
    pub fn map(&self, kind: Kind, id: &str) -> Option<Map<String, Value>> {
        let row = self.row(kind, id)?;
        Some(serde_json::from_str(&row.text()).expect("stored records are objects"))
    }

    /// Returns the rows with this value of an **indexed** facet, oldest first.
    pub fn rows_with(&self, kind: Kind, facet: Facet, value: &str) -> impl DoubleEndedIterator<Item = &Row> {
        let table = self.table(kind);
        let sequences = table.with_value(facet, value);
        sequences.filter_map(|sequence| table.rows.get(sequence))
    }

    /// Returns the rows with one of these values of an **indexed** facet, each once, oldest first.
    pub fn rows_with_any<V: AsRef<str>>(
        &self,
        kind: Kind,
        facet: Facet,
        values: &[V],
    ) -> impl Iterator<Item = &Row> {
        let table = self.table(kind);
        let sequences = values
            .iter()
            .flat_map(|value| table.with_value(facet, value.as_ref()));
        let sequences: BTreeSet<u64> = sequences.collect();
        sequences
            .into_iter()
            .filter_map(|sequence| table.rows.get(sequence))
    }

    /// Returns the rows with a value of an **indexed** facet that is not above `last`, lowest value first.
    pub fn rows_through(
        &self,
        kind: Kind,
        facet: Facet,
        last: &str,
    ) -> impl DoubleEndedIterator<Item = &Row> {
        let table = self.table(kind);
        let sequences = table.through(facet, last);
        sequences.filter_map(|sequence| table.rows.get(sequence))
    }

    /// Returns the records with this value of an **indexed** facet, oldest first.
    pub fn all_with<R: Record>(&self, facet: Facet, value: &str) -> Vec<R> {
        self.rows_with(R::KIND, facet, value).map(Row::read).collect()
    }

    /// Returns every row, oldest first.
    pub fn rows(&self, kind: Kind) -> impl DoubleEndedIterator<Item = &Row> {
        self.table(kind).rows.values()
    }

    /// Returns every record, oldest first.
    pub fn all<R: Record>(&self) -> Vec<R> {
        self.rows(R::KIND).map(Row::read).collect()
    }

    /// How many records there are.
    pub fn count(&self, kind: Kind) -> usize {
        self.table(kind).rows.len()
    }

    /// How many records have this value of a facet.
    #[cfg(feature = "page")]
    pub(crate) fn count_with(&self, kind: Kind, facet: Facet, value: &str) -> usize {
        super::matches::count(self.table(kind), facet, value)
    }

    /// Returns one page of a list.
    ///
    /// # Errors
    ///
    /// If a cursor does not belong to the list.
    pub fn page(&self, kind: Kind, selection: &Selection<'_>) -> Result<Page, CursorError> {
        page::page(self.table(kind), selection)
    }

    /// Returns the contents as text. States with equal dumps return equal answers.
    pub fn dump(&self) -> String {
        let mut out = serde_json::to_string(&self.meta).expect("plain data");
        for kind in Kind::ALL {
            for (sequence, row) in self.table(*kind).rows.iter() {
                let _ = write!(out, "\n{} {sequence} {} {}", kind.name(), row.id, row.text);
            }
        }
        out
    }

    /// Everything, as a commit.
    pub(super) fn whole(&self) -> Commit {
        let rows = Kind::ALL.iter().flat_map(|kind| {
            let rows = self.table(*kind).rows.iter();
            rows.map(move |(sequence, row)| Change {
                kind: *kind,
                id: Arc::clone(&row.id),
                sequence,
                text: Some(row.text.clone()),
            })
        });
        Commit {
            meta: self.meta.clone(),
            is_whole: true,
            changes: rows.collect(),
        }
    }

    pub(super) fn apply(&mut self, commit: &Commit) -> Result<(), serde_json::Error> {
        let facets = commit.changes.iter().map(|change| match &change.text {
            Some(text) => facets_of(change.kind, &text.json()),
            None => Ok(Facets::default()),
        });
        let facets: Vec<Facets> = facets.collect::<Result<_, _>>()?;
        if commit.is_whole {
            self.tables = empty_tables();
        }
        for (change, facets) in commit.changes.iter().zip(facets) {
            let table = self.table_mut(change.kind);
            match &change.text {
                Some(text) => {
                    table.put(change.sequence, Arc::clone(&change.id), text.clone(), facets);
                }
                None => {
                    table.remove(&change.id);
                }
            }
        }
        self.meta = commit.meta.clone();
        Ok(())
    }
}

fn empty_tables() -> Box<[Table]> {
    Kind::ALL.iter().map(|_| Table::default()).collect()
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rows: BTreeMap<&str, usize> = Kind::ALL
            .iter()
            .map(|kind| (kind.name(), self.count(*kind)))
            .filter(|(_, count)| *count > 0)
            .collect();
        f.debug_struct("State")
            .field("meta", &self.meta)
            .field("rows", &rows)
            .finish_non_exhaustive()
    }
}
