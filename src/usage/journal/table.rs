//! The state of a journal: pending and accepted events.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde::Deserialize;

use super::fingerprint::{Content, Fingerprint, Key};
use super::format::Record;
use crate::usage::event::EventKind;

/// The approximate size of the line of an accepted event after compaction.
const SENT_LINE: u64 = 95;

#[derive(Debug)]
pub(super) struct Table {
    /// Usually one attempt per id; more if a correction follows an event with an unknown outcome.
    pending: HashMap<Key, Vec<Attempt>>,
    attempts: u64,
    accepted: HashMap<Key, Content>,
    /// The keys of `accepted`, oldest first.
    order: VecDeque<Key>,
    remember: usize,
}

/// An attempt without an outcome.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    order: u64,
    content: Content,
    pub(super) kind: EventKind,
    pub(super) json: Arc<str>,
}

/// The state of an event in the journal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::usage) enum Known {
    /// The id is unknown.
    New,
    /// The event was accepted with this content.
    Accepted,
    /// The event was attempted with this content and has no outcome.
    Pending,
    /// An event with this id was attempted or accepted with different content.
    Changed,
}

impl Table {
    pub(super) fn new(remember: usize) -> Self {
        Self {
            pending: HashMap::new(),
            attempts: 0,
            accepted: HashMap::new(),
            order: VecDeque::new(),
            remember,
        }
    }

    pub(super) fn lookup(&self, event: &Fingerprint) -> Known {
        let last = self.pending.get(&event.key).and_then(|attempts| attempts.last());
        let (known, content) = match (last, self.accepted.get(&event.key)) {
            (Some(attempt), _) => (Known::Pending, attempt.content),
            (None, Some(content)) => (Known::Accepted, *content),
            (None, None) => return Known::New,
        };
        if content == event.content {
            known
        } else {
            Known::Changed
        }
    }

    /// Applies an entry. Returns an error if its event has no id.
    pub(super) fn apply(&mut self, record: &Record) -> Result<(), &'static str> {
        match record {
            Record::Attempt { kind, content, json } => {
                #[derive(Deserialize)]
                #[serde(rename_all = "camelCase")]
                struct Identified {
                    customer_event_id: String,
                }
                let event: Identified = serde_json::from_str(json).map_err(|_| "its event has no id")?;
                self.attempt(Key::of(*kind, &event.customer_event_id), *content, *kind, json);
            }
            Record::Accepted { kind, id } => self.accept(Key::of(*kind, id)),
            Record::Rejected { kind, id } => self.reject(Key::of(*kind, id)),
            Record::Sent { key, content } => self.remember(*key, *content),
            Record::Checkpoint => {}
        }
        Ok(())
    }

    pub(super) fn attempt(&mut self, key: Key, content: Content, kind: EventKind, json: &Arc<str>) {
        let attempts = self.pending.entry(key).or_default();
        attempts.retain(|earlier| earlier.content != content);
        attempts.push(Attempt {
            order: self.attempts,
            content,
            kind,
            json: Arc::clone(json),
        });
        self.attempts += 1;
    }

    /// The last attempt has superseded all earlier ones.
    pub(super) fn accept(&mut self, key: Key) {
        let attempts = self.pending.remove(&key).unwrap_or_default();
        if let Some(last) = attempts.last() {
            self.remember(key, last.content);
        }
    }

    /// Removes only the last attempt: an earlier one with the same id may have been accepted.
    pub(super) fn reject(&mut self, key: Key) {
        if let Some(attempts) = self.pending.get_mut(&key) {
            attempts.pop();
            if attempts.is_empty() {
                self.pending.remove(&key);
            }
        }
    }

    fn remember(&mut self, key: Key, content: Content) {
        if self.remember == 0 {
            return;
        }
        if self.accepted.insert(key, content).is_none() {
            self.order.push_back(key);
        }
        if self.order.len() > self.remember
            && let Some(oldest) = self.order.pop_front()
        {
            self.accepted.remove(&oldest);
        }
    }

    /// Returns the number of accepted events that are remembered.
    pub(super) fn accepted(&self) -> usize {
        self.accepted.len()
    }

    /// Returns the last attempt of each id, in the order of the attempts.
    pub(super) fn pending(&self) -> Vec<Attempt> {
        let last = self.pending.values().filter_map(|attempts| attempts.last());
        let mut attempts: Vec<Attempt> = last.cloned().collect();
        attempts.sort_unstable_by_key(|attempt| attempt.order);
        attempts
    }

    /// Returns the approximate size of the file after compaction, in bytes.
    pub(super) fn size(&self) -> u64 {
        let open = self.pending.values().flatten();
        let open: u64 = open.map(|attempt| attempt.json.len() as u64 + SENT_LINE).sum();
        self.accepted.len() as u64 * SENT_LINE + open
    }

    /// Returns the shortest list of entries with the same effect as all that were applied.
    pub(super) fn records(&self) -> Vec<Record> {
        let sent = self.order.iter().filter_map(|key| {
            let content = *self.accepted.get(key)?;
            Some(Record::Sent { key: *key, content })
        });
        let mut attempts: Vec<&Attempt> = self.pending.values().flatten().collect();
        attempts.sort_unstable_by_key(|attempt| attempt.order);
        let attempts = attempts.into_iter().map(|attempt| Record::Attempt {
            kind: attempt.kind,
            content: attempt.content,
            json: Arc::clone(&attempt.json),
        });
        sent.chain(attempts).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn content(number: u8) -> Content {
        Content::parse(&format!("{number:032x}")).expect("good")
    }

    fn fingerprint(id: &str, number: u8) -> Fingerprint {
        Fingerprint {
            key: Key::of(EventKind::Usage, id),
            content: content(number),
        }
    }

    fn attempt(id: &str, number: u8) -> Record {
        Record::Attempt {
            kind: EventKind::Usage,
            content: content(number),
            json: format!(r#"{{"customerEventId":"{id}","n":{number}}}"#).into(),
        }
    }

    fn accepted(id: &str) -> Record {
        Record::Accepted {
            kind: EventKind::Usage,
            id: id.to_owned(),
        }
    }

    fn rejected(id: &str) -> Record {
        Record::Rejected {
            kind: EventKind::Usage,
            id: id.to_owned(),
        }
    }

    fn table(records: &[Record]) -> Table {
        let mut table = Table::new(3);
        for record in records {
            table.apply(record).expect("understood");
        }
        table
    }

    #[test]
    fn what_is_known_follows_from_the_entries() {
        use Known::*;
        for (records, expected) in [
            (vec![], [New, New]),
            (vec![attempt("a", 1)], [Pending, Changed]),
            (vec![attempt("a", 1), accepted("a")], [Accepted, Changed]),
            (vec![attempt("a", 1), rejected("a")], [New, New]),
            // A correction on its way, and settled.
            (
                vec![attempt("a", 1), accepted("a"), attempt("a", 2)],
                [Changed, Pending],
            ),
            (
                vec![attempt("a", 1), attempt("a", 2), accepted("a")],
                [Changed, Accepted],
            ),
            // A correction that was rejected leaves what was there.
            (
                vec![attempt("a", 1), attempt("a", 2), rejected("a")],
                [Pending, Changed],
            ),
            (
                vec![attempt("a", 1), accepted("a"), attempt("a", 2), rejected("a")],
                [Accepted, Changed],
            ),
            // Corrected, and corrected back.
            (
                vec![attempt("a", 1), attempt("a", 2), attempt("a", 1)],
                [Pending, Changed],
            ),
            // Of seats, under the same id.
            (
                vec![
                    attempt("a", 1),
                    Record::Accepted {
                        kind: EventKind::Seat,
                        id: "a".into(),
                    },
                ],
                [Pending, Changed],
            ),
        ] {
            let table = table(&records);
            let known = [1, 2].map(|number| table.lookup(&fingerprint("a", number)));
            assert_eq!(known, expected, "{records:?}");
            // And compaction changes none of it.
            let again = self::table(&table.records());
            let known = [1, 2].map(|number| again.lookup(&fingerprint("a", number)));
            assert_eq!(known, expected, "compacted: {records:?}");
        }
    }

    #[test]
    fn what_is_sent_again_is_the_last_of_each_id_in_order() {
        let table = table(&[
            attempt("a", 1),
            attempt("b", 2),
            attempt("c", 3),
            accepted("b"),
            attempt("a", 4),
            attempt("c", 3),
        ]);
        let json: Vec<Arc<str>> = table.pending().into_iter().map(|it| it.json).collect();
        assert_eq!(
            json.iter().map(|json| &**json).collect::<Vec<_>>(),
            [
                r#"{"customerEventId":"a","n":4}"#,
                r#"{"customerEventId":"c","n":3}"#
            ]
        );
    }

    #[test]
    fn the_oldest_accepted_events_are_forgotten() {
        let ids = ["a", "b", "c", "d"];
        let records: Vec<Record> = ids.iter().flat_map(|id| [attempt(id, 1), accepted(id)]).collect();
        let table = table(&records);
        let known = ids.map(|id| table.lookup(&fingerprint(id, 1)));
        assert_eq!(
            known,
            [Known::New, Known::Accepted, Known::Accepted, Known::Accepted]
        );
        assert_eq!((table.accepted(), table.records().len()), (3, 3));
    }
}
