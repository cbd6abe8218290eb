//! Finds the rows that pass a filter, by the narrowest index.

use std::ops::Bound;

use crate::records::Facet;

use super::filters::{FEW, Matches};
use super::selection::Test;
use super::table::{Row, Table};
use super::uses::Uses;

/// The rows that pass all tests.
pub(super) fn of(table: &Table, tests: &[Test]) -> Matches {
    let tests: Vec<&Test> = tests.iter().filter(|test| !always_holds(table, test)).collect();
    let all = table.rows.len();
    match tests.as_slice() {
        [] => Matches {
            count: all,
            few: None,
        },
        [Test::NoneOf(facet, values)] if values.len() == 1 => Matches {
            count: all - count(table, *facet, &values[0]),
            few: None,
        },
        [Test::OneOf(facet, values)] if values.len() == 1 => match table.index.uses(*facet, &values[0]) {
            Some(uses) if uses.count() <= FEW && uses.is_indexed() => Matches::of(uses.rows()),
            uses => Matches {
                count: uses.map_or(0, Uses::count),
                few: None,
            },
        },
        _ => {
            let tests: Vec<Test> = tests.into_iter().cloned().collect();
            table.filters().matches(&tests, || find(table, &tests))
        }
    }
}

/// How many rows have a value of a facet.
pub(super) fn count(table: &Table, facet: Facet, value: &str) -> usize {
    table.index.uses(facet, value).map_or(0, Uses::count)
}

/// Whether the index shows that every row passes a test.
fn always_holds(table: &Table, test: &Test) -> bool {
    match test {
        Test::OneOf(facet, values) => values
            .iter()
            .any(|value| count(table, *facet, value) == table.rows.len()),
        Test::NoneOf(facet, values) => values.iter().all(|value| count(table, *facet, value) == 0),
        _ => false,
    }
}

fn find(table: &Table, tests: &[Test]) -> Matches {
    let passes = |row: &Row| tests.iter().all(|test| test.holds(row));
    match narrowest(table, tests) {
        Some(mut sequences) => {
            // A row can have several of the values.
            sequences.sort_unstable();
            sequences.dedup();
            sequences.retain(|sequence| table.rows.get(*sequence).is_some_and(passes));
            Matches::of(sequences.into_iter())
        }
        None => {
            let rows = table.rows.iter().filter(|(_, row)| passes(row));
            Matches::of(rows.map(|(sequence, _)| sequence))
        }
    }
}

/// The rows that pass the test that fewest pass, if an index has them.
fn narrowest(table: &Table, tests: &[Test]) -> Option<Vec<u64>> {
    let mut best: Option<(usize, Candidates<'_>)> = None;
    // With most rows as candidates, looking at all of them is faster.
    let mut least = table.rows.len() / 2;
    for test in tests {
        let Some(candidates) = candidates(table, test) else {
            continue;
        };
        let count = candidates.count();
        if count <= least {
            least = count;
            best = Some((count, candidates));
        }
    }
    best.map(|(_, candidates)| candidates.sequences())
}

/// What an index has for a test. A row can be there more than once.
#[derive(Default)]
struct Candidates<'t> {
    sequences: Vec<u64>,
    values: Vec<&'t Uses>,
}

impl<'t> Candidates<'t> {
    fn count(&self) -> usize {
        self.sequences.len() + self.values.iter().map(|uses| uses.count()).sum::<usize>()
    }

    fn sequences(self) -> Vec<u64> {
        let of_values = self.values.into_iter().flat_map(Uses::rows);
        self.sequences.into_iter().chain(of_values).collect()
    }

    fn and(mut self, other: Self) -> Self {
        self.sequences.extend(other.sequences);
        self.values.extend(other.values);
        self
    }
}

/// The rows that an index has for a test. `None` if it does not know them.
fn candidates<'t>(table: &'t Table, test: &Test) -> Option<Candidates<'t>> {
    let index = &table.index;
    let within = |facet: &Facet, bounds| index.values(*facet, bounds).map(|(_, uses)| uses).collect();
    let values: Vec<&Uses> = match test {
        Test::Id(ids) => {
            return Some(Candidates {
                sequences: ids.iter().filter_map(|id| table.sequence(id)).collect(),
                values: Vec::new(),
            });
        }
        Test::OneOf(facet, values) => values
            .iter()
            .filter_map(|value| index.uses(*facet, value))
            .collect(),
        Test::Less(facet, bound) => within(facet, (Bound::Unbounded, Bound::Excluded(bound.as_str()))),
        Test::Greater(facet, bound) => within(facet, (Bound::Excluded(bound.as_str()), Bound::Unbounded)),
        Test::Contains(facet, part) => {
            let values = index.values(*facet, (Bound::Unbounded, Bound::Unbounded));
            values
                .filter(|(value, _)| super::selection::contains(value, part))
                .map(|(_, uses)| uses)
                .collect()
        }
        Test::Any(tests) => {
            let mut each = tests.iter().map(|test| candidates(table, test));
            return each.try_fold(Candidates::default(), |all, one| Some(all.and(one?)));
        }
        Test::NoneOf(..) | Test::Not(_) => return None,
    };
    let is_known = values.iter().all(|uses| uses.is_indexed());
    is_known.then_some(Candidates {
        sequences: Vec::new(),
        values,
    })
}
