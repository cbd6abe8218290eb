//! A transaction: everything that one request or one step of the clock changes.

use std::collections::HashSet;
use std::ops::Deref;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

use crate::records::time::instant;
use crate::records::{Facets, Generic, Kind, Record};

use super::clock::NotForward;
use super::commit::{Change, Commit};
use super::state::{Meta, State};
use super::table::Row;
use super::text::Text;

/// Something that notification policies may announce.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Notice {
    /// The notification type, such as `INVOICE_CREATED`.
    pub notification_type: &'static str,
    /// The kind of the resource.
    pub kind: Kind,
    /// The id of the resource.
    pub id: String,
}

/// A transaction. It is read like a [`State`], and shows its own changes.
///
/// Its time stands still: everything in one transaction happens at one instant.
#[derive(Debug)]
pub struct Tx<'s> {
    state: &'s mut State,
    now: DateTime<Utc>,
    former: Option<Meta>,
    undo: Vec<Undo>,
    notices: Vec<Notice>,
    announced: HashSet<Notice>,
    /// How many changes are left out of the log.
    unlogged: usize,
}

/// What a row was before a change.
#[derive(Debug)]
struct Undo {
    kind: Kind,
    id: Arc<str>,
    former: Option<(u64, Row)>,
}

impl<'s> Tx<'s> {
    pub(super) fn begin(state: &'s mut State) -> Self {
        Self {
            now: state.now(),
            former: Some(state.meta.clone()),
            state,
            undo: Vec::new(),
            notices: Vec::new(),
            announced: HashSet::new(),
            unlogged: 0,
        }
    }

    /// The time of the transaction.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// The time of the transaction, as the API writes it.
    pub fn now_text(&self) -> String {
        instant(self.now)
    }

    /// The day of the transaction, in UTC.
    pub fn today(&self) -> NaiveDate {
        self.now.date_naive()
    }

    /// Moves the clock, and the time of this transaction.
    ///
    /// # Errors
    ///
    /// If the instant is in the past or beyond the calendar.
    pub fn advance_to(&mut self, instant: DateTime<Utc>) -> Result<(), NotForward> {
        self.advance(instant - self.now)
    }

    /// Moves the clock ahead, and the time of this transaction.
    ///
    /// # Errors
    ///
    /// If that leaves the calendar.
    pub fn advance(&mut self, by: TimeDelta) -> Result<(), NotForward> {
        self.state.meta.clock.advance(by, &*self.state.source)?;
        self.now += by;
        Ok(())
    }

    /// Returns an id that no record has.
    pub fn new_id(&mut self) -> String {
        self.state.meta.new_id()
    }

    /// Returns the next number of a series, from 1.
    pub fn next_number(&mut self, series: &str) -> u64 {
        let last = self.state.meta.numbers.entry(series.to_owned()).or_default();
        *last += 1;
        *last
    }

    /// Adds or replaces a record.
    pub fn put<R: Record>(&mut self, record: &R) {
        let text = serde_json::to_string(record).expect("records are plain data");
        let mut facets = Facets::default();
        record.facets(&mut facets);
        self.put_row(R::KIND, record.id(), &text, facets);
    }

    /// Adds or replaces a record of which nothing is interpreted.
    pub fn put_generic(&mut self, kind: Kind, record: &Generic) {
        let text = serde_json::to_string(record).expect("a map is plain data");
        self.put_row(kind, record.id(), &text, record.facets(kind));
    }

    fn put_row(&mut self, kind: Kind, id: &str, text: &str, facets: Facets) {
        debug_assert!(!id.is_empty(), "a {} needs an id", kind.name());
        let id: Arc<str> = match self.state.row(kind, id) {
            Some(row) => Arc::clone(&row.id),
            None => id.into(),
        };
        let sequence = self.state.table(kind).sequence(&id).unwrap_or_else(|| {
            self.state.meta.sequence += 1;
            self.state.meta.sequence
        });
        let table = self.state.table_mut(kind);
        let former = table.put(sequence, Arc::clone(&id), Text::of(text), facets);
        let former = former.map(|row| (sequence, row));
        self.undo.push(Undo { kind, id, former });
    }

    /// Changes a record in place, and returns it as it is then. `None` if there is none.
    pub fn update<R: Record>(&mut self, id: &str, change: impl FnOnce(&mut R)) -> Option<R> {
        let mut record = self.get::<R>(id)?;
        change(&mut record);
        self.put(&record);
        Some(record)
    }

    /// Removes a record. `false` if there is none.
    pub fn remove(&mut self, kind: Kind, id: &str) -> bool {
        let Some((sequence, row)) = self.state.table_mut(kind).remove(id) else {
            return false;
        };
        self.undo.push(Undo {
            kind,
            id: Arc::clone(&row.id),
            former: Some((sequence, row)),
        });
        true
    }

    /// Announces a change of a resource, once for each type and resource.
    pub fn announce(&mut self, notification_type: &'static str, kind: Kind, id: &str) {
        let notice = Notice {
            notification_type,
            kind,
            id: id.to_owned(),
        };
        if self.announced.insert(notice.clone()) {
            self.notices.push(notice);
        }
    }

    /// Takes the announced notifications, in order. `…_UPDATED` is omitted for a resource with another notification.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        self.announced.clear();
        let mut notices = std::mem::take(&mut self.notices);
        let is_update = |notice: &Notice| notice.notification_type.ends_with("_UPDATED");
        let others = notices.iter().filter(|notice| !is_update(notice));
        let with_another: HashSet<(Kind, String)> =
            others.map(|notice| (notice.kind, notice.id.clone())).collect();
        notices
            .retain(|notice| !is_update(notice) || !with_another.contains(&(notice.kind, notice.id.clone())));
        notices
    }

    /// What the transaction changed so far, each row once, in the order of the first change.
    fn changes(&self) -> Vec<Change> {
        let mut seen: HashSet<(Kind, &str)> = HashSet::new();
        let mut first = Vec::new();
        for undo in &self.undo {
            if seen.insert((undo.kind, &undo.id)) {
                first.extend(self.change(undo).map(|(change, _)| change));
            }
        }
        first
    }

    /// Leaves out of the log what was changed so far.
    pub fn leave_out_of_log(&mut self) {
        self.unlogged = self.undo.len();
    }

    /// The first changed row of such a kind for the log, if it exists or existed before. The flag is true for a row that did
    /// not exist before.
    pub fn first_change(&self, is_such: impl Fn(Kind) -> bool) -> Option<(Change, bool)> {
        let logged = self.undo.iter().skip(self.unlogged);
        let mut changes = logged.filter(|undo| is_such(undo.kind));
        changes.find_map(|undo| self.change(undo))
    }

    /// What became of a row; `None` if it was added and removed again.
    fn change(&self, Undo { kind, id, former }: &Undo) -> Option<(Change, bool)> {
        let table = self.state.table(*kind);
        let former_sequence = former.as_ref().map(|(sequence, _)| *sequence);
        let change = Change {
            kind: *kind,
            id: Arc::clone(id),
            sequence: table.sequence(id).or(former_sequence)?,
            text: table.get(id).map(|row| row.text.clone()),
        };
        Some((change, former.is_none()))
    }

    /// Keeps the changes. `None` if there are none.
    pub(super) fn commit(mut self) -> Option<Commit> {
        let former = self.former.take();
        if self.undo.is_empty() && former.as_ref() == Some(&self.state.meta) {
            return None;
        }
        self.state.meta.revision += 1;
        let changes = self.changes();
        self.undo.clear();
        Some(Commit {
            meta: self.state.meta.clone(),
            is_whole: false,
            changes,
        })
    }
}

impl Drop for Tx<'_> {
    /// Undoes what was not committed.
    fn drop(&mut self) {
        for Undo { kind, id, former } in self.undo.drain(..).rev() {
            let table = self.state.table_mut(kind);
            table.remove(&id);
            if let Some((sequence, row)) = former {
                table.restore(sequence, row);
            }
        }
        if let Some(former) = self.former.take() {
            self.state.meta = former;
        }
    }
}

impl Deref for Tx<'_> {
    type Target = State;

    fn deref(&self) -> &State {
        self.state
    }
}
