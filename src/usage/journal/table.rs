//! What a journal knows: which events are on their way, and which the server has.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use serde::Deserialize;

use super::fingerprint::{Content, Fingerprint, Key};
use super::format::Record;
use crate::usage::event::Kind;

/// About the size of a line that compaction leaves of an accepted event.
const SENT_LINE: u64 = 95;

#[derive(Debug)]
pub(super) struct Table {
    /// Usually one for each id; more if a correction follows an event whose outcome is unknown.
    unsettled: HashMap<Key, Vec<Attempt>>,
    attempts: u64,
    accepted: HashMap<Key, Content>,
    /// The keys of `accepted`, the oldest first.
    order: VecDeque<Key>,
    remember: usize,
}

/// An attempt without an outcome.
#[derive(Clone, Debug)]
pub(super) struct Attempt {
    order: u64,
    content: Content,
    pub(super) kind: Kind,
    pub(super) json: Arc<str>,
}

/// What is known of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::usage) enum Known {
    /// Nothing.
    New,
    /// The server has it, as it is.
    Accepted,
    /// It was attempted as it is, and has no outcome.
    Unsettled,
    /// Its id was attempted or accepted with other content.
    Changed,
}

impl Table {
    pub(super) fn new(remember: usize) -> Self {
        Self {
            unsettled: HashMap::new(),
            attempts: 0,
            accepted: HashMap::new(),
            order: VecDeque::new(),
            remember,
        }
    }

    pub(super) fn look(&self, event: &Fingerprint) -> Known {
        let last = self
            .unsettled
            .get(&event.key)
            .and_then(|attempts| attempts.last());
        let (known, content) = match (last, self.accepted.get(&event.key)) {
            (Some(attempt), _) => (Known::Unsettled, attempt.content),
            (None, Some(content)) => (Known::Accepted, *content),
            (None, None) => return Known::New,
        };
        if content == event.content {
            known
        } else {
            Known::Changed
        }
    }

    /// Notes an entry. Fails if it cannot be understood.
    pub(super) fn apply(&mut self, record: &Record) -> Result<(), &'static str> {
        match record {
            Record::Attempt { kind, content, json } => {
                #[derive(Deserialize)]
                #[serde(rename_all = "camelCase")]
                struct Named {
                    customer_event_id: String,
                }
                let named: Named = serde_json::from_str(json).map_err(|_| "its event has no id")?;
                self.attempt(Key::of(*kind, &named.customer_event_id), *content, *kind, json);
            }
            Record::Accepted { kind, id } => self.accept(Key::of(*kind, id)),
            Record::Rejected { kind, id } => self.reject(Key::of(*kind, id)),
            Record::Sent { key, content } => self.remember(*key, *content),
            Record::Checkpoint => {}
        }
        Ok(())
    }

    pub(super) fn attempt(&mut self, key: Key, content: Content, kind: Kind, json: &Arc<str>) {
        let attempts = self.unsettled.entry(key).or_default();
        attempts.retain(|earlier| earlier.content != content);
        attempts.push(Attempt {
            order: self.attempts,
            content,
            kind,
            json: Arc::clone(json),
        });
        self.attempts += 1;
    }

    /// What was attempted last has superseded everything before it.
    pub(super) fn accept(&mut self, key: Key) {
        let attempts = self.unsettled.remove(&key).unwrap_or_default();
        if let Some(last) = attempts.last() {
            self.remember(key, last.content);
        }
    }

    /// An earlier attempt under the same id may still have arrived.
    pub(super) fn reject(&mut self, key: Key) {
        if let Some(attempts) = self.unsettled.get_mut(&key) {
            attempts.pop();
            if attempts.is_empty() {
                self.unsettled.remove(&key);
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

    /// How many accepted events are remembered.
    pub(super) fn accepted(&self) -> usize {
        self.accepted.len()
    }

    /// The events to send again, in the order of their attempts: of each id the last.
    pub(super) fn unsettled(&self) -> Vec<Attempt> {
        let last = self.unsettled.values().filter_map(|attempts| attempts.last());
        let mut attempts: Vec<Attempt> = last.cloned().collect();
        attempts.sort_unstable_by_key(|attempt| attempt.order);
        attempts
    }

    /// About as many bytes as compaction leaves.
    pub(super) fn size(&self) -> u64 {
        let open = self.unsettled.values().flatten();
        let open: u64 = open.map(|attempt| attempt.json.len() as u64 + SENT_LINE).sum();
        self.accepted.len() as u64 * SENT_LINE + open
    }

    /// The entries that amount to all that were applied.
    pub(super) fn records(&self) -> Vec<Record> {
        let sent = self.order.iter().filter_map(|key| {
            let content = *self.accepted.get(key)?;
            Some(Record::Sent { key: *key, content })
        });
        let mut attempts: Vec<&Attempt> = self.unsettled.values().flatten().collect();
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
        Content::read(&format!("{number:032x}")).expect("good")
    }

    fn fingerprint(id: &str, number: u8) -> Fingerprint {
        Fingerprint {
            key: Key::of(Kind::Usage, id),
            content: content(number),
        }
    }

    fn attempt(id: &str, number: u8) -> Record {
        Record::Attempt {
            kind: Kind::Usage,
            content: content(number),
            json: format!(r#"{{"customerEventId":"{id}","n":{number}}}"#).into(),
        }
    }

    fn accepted(id: &str) -> Record {
        Record::Accepted {
            kind: Kind::Usage,
            id: id.to_owned(),
        }
    }

    fn rejected(id: &str) -> Record {
        Record::Rejected {
            kind: Kind::Usage,
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
            (vec![attempt("a", 1)], [Unsettled, Changed]),
            (vec![attempt("a", 1), accepted("a")], [Accepted, Changed]),
            (vec![attempt("a", 1), rejected("a")], [New, New]),
            // A correction on its way, and settled.
            (
                vec![attempt("a", 1), accepted("a"), attempt("a", 2)],
                [Changed, Unsettled],
            ),
            (
                vec![attempt("a", 1), attempt("a", 2), accepted("a")],
                [Changed, Accepted],
            ),
            // A correction that was rejected leaves what was there.
            (
                vec![attempt("a", 1), attempt("a", 2), rejected("a")],
                [Unsettled, Changed],
            ),
            (
                vec![attempt("a", 1), accepted("a"), attempt("a", 2), rejected("a")],
                [Accepted, Changed],
            ),
            // Corrected, and corrected back.
            (
                vec![attempt("a", 1), attempt("a", 2), attempt("a", 1)],
                [Unsettled, Changed],
            ),
            // Of seats, under the same id.
            (
                vec![
                    attempt("a", 1),
                    Record::Accepted {
                        kind: Kind::Seat,
                        id: "a".into(),
                    },
                ],
                [Unsettled, Changed],
            ),
        ] {
            let table = table(&records);
            let known = [1, 2].map(|number| table.look(&fingerprint("a", number)));
            assert_eq!(known, expected, "{records:?}");
            // And compaction changes none of it.
            let again = self::table(&table.records());
            let known = [1, 2].map(|number| again.look(&fingerprint("a", number)));
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
        let json: Vec<Arc<str>> = table.unsettled().into_iter().map(|it| it.json).collect();
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
        let known = ids.map(|id| table.look(&fingerprint(id, 1)));
        assert_eq!(
            known,
            [Known::New, Known::Accepted, Known::Accepted, Known::Accepted]
        );
        assert_eq!((table.accepted(), table.records().len()), (3, 3));
    }
}
