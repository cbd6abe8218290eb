//! The filters that lists used, and how many rows pass them, kept up to date with every change.

use std::collections::BTreeSet;

use super::selection::Test;
use super::table::Row;

/// With at most this many matches they are kept and sorted; with more, the order is walked.
pub(super) const FEW: usize = if cfg!(test) { 5 } else { 2_000 };

/// The most filters that are kept.
const MOST: usize = 16;

/// The last filters, the latest at the end.
#[derive(Debug, Default)]
pub(super) struct Filters(Vec<Filter>);

#[derive(Debug)]
struct Filter {
    tests: Vec<Test>,
    matches: Matches,
}

/// The rows that pass a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Matches {
    pub(super) count: usize,
    /// Which they are, if they are few. A filter that once had many matches is not known to have few again.
    pub(super) few: Option<BTreeSet<u64>>,
}

impl Matches {
    /// Counts matches, and keeps them while they are few.
    pub(super) fn of(sequences: impl Iterator<Item = u64>) -> Self {
        let mut matches = Self {
            count: 0,
            few: Some(BTreeSet::new()),
        };
        sequences.for_each(|sequence| matches.add(sequence));
        matches
    }

    fn add(&mut self, sequence: u64) {
        self.count += 1;
        if self.count > FEW {
            self.few = None;
        } else if let Some(few) = &mut self.few {
            few.insert(sequence);
        }
    }

    fn remove(&mut self, sequence: u64) {
        self.count -= 1;
        if let Some(few) = &mut self.few {
            few.remove(&sequence);
        }
    }
}

impl Filters {
    /// The matches of a filter, which `find` finds if it was not used lately.
    pub(super) fn matches(&mut self, tests: &[Test], find: impl FnOnce() -> Matches) -> Matches {
        let known = self.0.iter().position(|filter| filter.tests == tests);
        let filter = match known {
            Some(place) => self.0.remove(place),
            None => Filter {
                tests: tests.to_vec(),
                matches: find(),
            },
        };
        if self.0.len() >= MOST {
            self.0.remove(0);
        }
        let matches = filter.matches.clone();
        self.0.push(filter);
        matches
    }

    /// Notes that a row was added, changed or removed.
    pub(super) fn change(&mut self, sequence: u64, former: Option<&Row>, row: Option<&Row>) {
        for Filter { tests, matches } in &mut self.0 {
            let passes = |row: Option<&Row>| row.is_some_and(|row| tests.iter().all(|test| test.holds(row)));
            match (passes(former), passes(row)) {
                (false, true) => matches.add(sequence),
                (true, false) => matches.remove(sequence),
                _ => {}
            }
        }
    }

    /// Returns whether the matches are those that the rows have.
    #[cfg(test)]
    pub(super) fn are_true_of(&self, rows: &super::rows::Rows) -> bool {
        self.0.iter().all(|Filter { tests, matches }| {
            let fitting = rows
                .iter()
                .filter(|(_, row)| tests.iter().all(|test| test.holds(row)));
            let found = Matches::of(fitting.map(|(sequence, _)| sequence));
            found.count == matches.count && (matches.few.is_none() || found.few == matches.few)
        })
    }
}
