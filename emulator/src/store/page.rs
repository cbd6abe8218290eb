//! One page of a list, and the cursors to its neighbours.
//!
//! A cursor is the position of an item in the order, not a count: items that are added or removed in the meantime neither
//! repeat nor hide others. It is bound to the list that it was made for.

use std::cmp::Ordering;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::records::Facet;
use crate::records::ids::fingerprint;

use super::table::{Row, Table};

/// With at most this many candidates they are collected and sorted; with more, the order is walked.
const FEW: usize = 2_000;

/// Which rows a list has, in which order, and which page of them.
#[derive(Clone, Default)]
pub struct Selection<'a> {
    /// Everything that has to hold.
    pub tests: Vec<Test>,
    /// Anything else that has to hold. Its total is counted anew for every page.
    pub keeps: Option<&'a dyn Fn(&Row) -> bool>,
    /// The order.
    pub order: Order,
    /// Whether the order goes upward.
    pub ascending: bool,
    /// How many rows are skipped, counted from the cursor.
    pub skip: usize,
    /// The most items of a page.
    pub limit: usize,
    /// A cursor, to get the page after it.
    pub after: Option<&'a str>,
    /// A cursor, to get the page before it.
    pub before: Option<&'a str>,
    /// What the cursors are bound to: operation, path, filters and order as text.
    pub list: String,
}

/// A test on the facets of a row.
#[derive(Clone, Debug, Hash)]
pub enum Test {
    /// The id is one of these.
    Id(Vec<String>),
    /// A value of the facet is one of these.
    OneOf(Facet, Vec<String>),
    /// No value of the facet is one of these. Holds also for rows without the facet.
    NoneOf(Facet, Vec<String>),
    /// A value of the facet contains this text, in any case. The text is in lower case.
    Contains(Facet, String),
    /// A value of the facet is less.
    Less(Facet, String),
    /// A value of the facet is greater.
    Greater(Facet, String),
    /// One of the tests holds.
    Any(Vec<Test>),
    /// The test does not hold.
    Not(Box<Test>),
}

/// The order of a list.
#[derive(Clone, Debug, Default)]
pub enum Order {
    /// The order of creation.
    #[default]
    Created,
    /// The order of an indexed facet, of which each row has at most one value. Rows without it come last either way.
    By(Facet),
    /// The order of the values of one custom key (A7). Rows without it come last either way.
    Custom(String),
}

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The records as JSON, in order.
    pub texts: Vec<Arc<str>>,
    /// The cursor to the next page, if there is one.
    pub after: Option<String>,
    /// The cursor to the page before, if there is one.
    pub before: Option<String>,
    /// How many rows all pages have together.
    pub total: usize,
}

/// The error returned for a cursor that does not fit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CursorError {
    /// The text is not a cursor. Names the parameter.
    Unreadable(&'static str),
    /// The cursor belongs to another list. Names the parameter.
    OtherList(&'static str),
    /// There are two cursors.
    Both,
}

impl fmt::Display for CursorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(name) => write!(
                f,
                "query.{name}: is not a cursor. Send one from `pagination`, unchanged."
            ),
            Self::OtherList(name) => write!(
                f,
                "query.{name}: this cursor belongs to another list, filter or sort order. Start again without it."
            ),
            Self::Both => f.write_str("query.after and query.before: send one of them, not both."),
        }
    }
}

impl std::error::Error for CursorError {}

/// Where a row is in the order.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Position {
    key: Option<String>,
    sequence: u64,
}

impl Test {
    /// Returns whether the row passes.
    pub fn holds(&self, row: &Row) -> bool {
        match self {
            Self::Id(wanted) => wanted.iter().any(|one| one == row.id()),
            Self::OneOf(facet, wanted) => row
                .values(*facet)
                .any(|value| wanted.iter().any(|one| one == value)),
            Self::NoneOf(facet, unwanted) => !row
                .values(*facet)
                .any(|value| unwanted.iter().any(|one| one == value)),
            Self::Contains(facet, part) => row
                .values(*facet)
                .any(|value| value.to_lowercase().contains(part)),
            Self::Less(facet, bound) => row.values(*facet).any(|value| value < bound.as_str()),
            Self::Greater(facet, bound) => row.values(*facet).any(|value| value > bound.as_str()),
            Self::Any(tests) => tests.iter().any(|test| test.holds(row)),
            Self::Not(test) => !test.holds(row),
        }
    }
}

impl Order {
    fn facet(&self) -> Option<(Facet, String)> {
        match self {
            Self::Created => None,
            Self::By(facet) => Some((*facet, String::new())),
            Self::Custom(key) => Some((Facet::Custom, format!("{key}\0"))),
        }
    }
}

impl<'a> Selection<'a> {
    /// All rows, newest first.
    pub fn all(limit: usize) -> Self {
        Self {
            limit,
            ..Self::default()
        }
    }

    fn fits(&self, row: &Row) -> bool {
        self.tests.iter().all(|test| test.holds(row)) && self.keeps.is_none_or(|keeps| keeps(row))
    }

    fn position(&self, sequence: u64, row: &Row) -> Position {
        let key = match &self.order.facet() {
            Some((facet, prefix)) => row.key(*facet, prefix).map(str::to_owned),
            None => None,
        };
        Position { key, sequence }
    }

    fn compare(&self, a: &Position, b: &Position) -> Ordering {
        let missing_last = a.key.is_none().cmp(&b.key.is_none());
        let order = (&a.key, a.sequence).cmp(&(&b.key, b.sequence));
        missing_last.then(if self.ascending { order } else { order.reverse() })
    }

    fn cursor(&self) -> Result<Option<(Position, bool)>, CursorError> {
        match (self.after, self.before) {
            (Some(_), Some(_)) => Err(CursorError::Both),
            (Some(text), None) => Ok(Some((self.read(text, "after")?, true))),
            (None, Some(text)) => Ok(Some((self.read(text, "before")?, false))),
            (None, None) => Ok(None),
        }
    }

    fn write(&self, position: &Position) -> String {
        let mut text = format!("{:016x}{:x}", fingerprint(&self.list), position.sequence);
        if let Some(key) = &position.key {
            let _ = write!(text, ":{key}");
        }
        URL_SAFE_NO_PAD.encode(text)
    }

    fn read(&self, text: &str, parameter: &'static str) -> Result<Position, CursorError> {
        let parse = || {
            let text = String::from_utf8(URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
            let (list, rest) = text.split_at_checked(16)?;
            let (sequence, key) = match rest.split_once(':') {
                Some((sequence, key)) => (sequence, Some(key.to_owned())),
                None => (rest, None),
            };
            let list = u64::from_str_radix(list, 16).ok()?;
            let sequence = u64::from_str_radix(sequence, 16).ok()?;
            Some((list, Position { key, sequence }))
        };
        let (list, position) = parse().ok_or(CursorError::Unreadable(parameter))?;
        if list == fingerprint(&self.list) {
            Ok(position)
        } else {
            Err(CursorError::OtherList(parameter))
        }
    }
}

/// Cuts the page out of the table.
pub(super) fn page(table: &Table, selection: &Selection<'_>) -> Result<Page, CursorError> {
    let cursor = selection.cursor()?;
    match candidates(table, selection) {
        Some(found) => Ok(page_of(table, selection, found, cursor)),
        None => Ok(walked_page(table, selection, cursor)),
    }
}

/// The rows that fit, if an index shows that they are few.
fn candidates(table: &Table, selection: &Selection<'_>) -> Option<Vec<Position>> {
    let mut narrow: Vec<u64> = selection.tests.iter().find_map(|test| {
        let found: Vec<u64> = match test {
            Test::Id(ids) => ids.iter().filter_map(|id| table.sequence(id)).collect(),
            Test::OneOf(facet, values) if table.has_index(*facet) => {
                let all = values.iter().flat_map(|value| table.with_value(*facet, value));
                all.take(FEW + 1).collect()
            }
            _ => return None,
        };
        (found.len() <= FEW).then_some(found)
    })?;
    narrow.sort_unstable();
    narrow.dedup();
    let mut positions: Vec<Position> = narrow
        .into_iter()
        .filter_map(|sequence| {
            let row = table.rows.get(&sequence)?;
            selection.fits(row).then(|| selection.position(sequence, row))
        })
        .collect();
    positions.sort_by(|a, b| selection.compare(a, b));
    Some(positions)
}

fn page_of(
    table: &Table,
    selection: &Selection<'_>,
    found: Vec<Position>,
    cursor: Option<(Position, bool)>,
) -> Page {
    let page_from = |start: usize| {
        let from = start.saturating_add(selection.skip).min(found.len());
        (from, from.saturating_add(selection.limit).min(found.len()))
    };
    let (from, to) = match &cursor {
        Some((at, true)) => {
            let beyond = found.partition_point(|one| selection.compare(one, at).is_le());
            page_from(beyond)
        }
        Some((at, false)) => {
            let to = found.partition_point(|one| selection.compare(one, at).is_lt());
            let to = to.saturating_sub(selection.skip);
            (to.saturating_sub(selection.limit), to)
        }
        None => page_from(0),
    };
    let shown = &found[from..to];
    finish(table, selection, shown, from > 0, to < found.len(), found.len())
}

fn finish(
    table: &Table,
    selection: &Selection<'_>,
    shown: &[Position],
    has_before: bool,
    has_after: bool,
    total: usize,
) -> Page {
    let cursor =
        |at: Option<&Position>, is_wanted: bool| at.filter(|_| is_wanted).map(|at| selection.write(at));
    Page {
        texts: shown
            .iter()
            .filter_map(|at| Some(Arc::clone(&table.rows.get(&at.sequence)?.text)))
            .collect(),
        after: cursor(shown.last(), has_after),
        before: cursor(shown.first(), has_before),
        total,
    }
}

fn walked_page(table: &Table, selection: &Selection<'_>, cursor: Option<(Position, bool)>) -> Page {
    let (at, forward) = match cursor {
        Some((at, forward)) => (Some(at), forward),
        None => (None, true),
    };
    let fitting = |from: Option<&Position>, forward| fitting(table, selection, from, forward);
    let mut shown: Vec<Position> = fitting(at.as_ref(), forward)
        .skip(selection.skip)
        .take(selection.limit + 1)
        .collect();
    let has_more = shown.len() > selection.limit;
    shown.truncate(selection.limit);
    if !forward {
        shown.reverse();
    }
    let far = if forward { shown.first() } else { shown.last() };
    let may_have_other_side = at.is_some() || selection.skip > 0;
    let has_other_side =
        far.is_some_and(|far| may_have_other_side && fitting(Some(far), !forward).next().is_some());
    let (has_before, has_after) = if forward {
        (has_other_side, has_more)
    } else {
        (has_more, has_other_side)
    };
    finish(
        table,
        selection,
        &shown,
        has_before,
        has_after,
        total(table, selection),
    )
}

fn total(table: &Table, selection: &Selection<'_>) -> usize {
    let count = || table.rows.values().filter(|row| selection.fits(row)).count();
    if selection.keeps.is_some() {
        return count();
    }
    match selection.tests.as_slice() {
        [] => table.rows.len(),
        [Test::OneOf(facet, values)] if values.len() == 1 && table.has_index(*facet) => {
            table.count(*facet, &values[0])
        }
        [Test::NoneOf(facet, values)] if values.len() == 1 && table.has_index(*facet) => {
            table.rows.len() - table.count(*facet, &values[0])
        }
        tests => table.total(fingerprint(&format!("{tests:?}")), count),
    }
}

/// The positions that fit, beyond `from` in the order or against it.
fn fitting<'t>(
    table: &'t Table,
    selection: &'t Selection<'t>,
    from: Option<&Position>,
    forward: bool,
) -> impl Iterator<Item = Position> + use<'t> {
    walk(table, selection, from, forward).filter_map(|sequence| {
        let row = table.rows.get(&sequence)?;
        selection.fits(row).then(|| selection.position(sequence, row))
    })
}

fn walk<'t>(
    table: &'t Table,
    selection: &Selection<'_>,
    from: Option<&Position>,
    forward: bool,
) -> Box<dyn Iterator<Item = u64> + 't> {
    let upward = selection.ascending == forward;
    let Some((facet, prefix)) = selection.order.facet() else {
        return table.created(from.map(|at| at.sequence), upward);
    };
    let from_key = from.and_then(|at| Some((at.key.as_deref()?, at.sequence)));
    let from_missing = from.filter(|at| at.key.is_none()).map(|at| at.sequence);
    let skips_sorted = forward && from_missing.is_some();
    let skips_missing =
        (!forward && from_key.is_some()) || (prefix.is_empty() && table.is_fully_indexed(facet));
    let sorted: Box<dyn Iterator<Item = u64>> = if skips_sorted {
        Box::new(std::iter::empty())
    } else {
        table.sorted(facet, &prefix, from_key, upward)
    };
    let missing: Box<dyn Iterator<Item = u64>> = if skips_missing {
        Box::new(std::iter::empty())
    } else {
        let created = table.created(from_missing, upward);
        Box::new(created.filter(move |sequence| table.rows[sequence].key(facet, &prefix).is_none()))
    };
    if forward {
        Box::new(sorted.chain(missing))
    } else {
        Box::new(missing.chain(sorted))
    }
}
