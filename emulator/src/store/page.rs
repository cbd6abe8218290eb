//! One page of a list.

use std::collections::BTreeSet;

use super::filters::Matches;
use super::matches;
use super::selection::{CursorError, Position, Selection};
use super::table::Table;

/// One page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Page {
    /// The records as JSON, in order.
    pub texts: Vec<String>,
    /// The cursor to the next page, if there is one.
    pub after: Option<String>,
    /// The cursor to the page before, if there is one.
    pub before: Option<String>,
    /// How many rows all pages have together.
    pub total: usize,
}

/// Cuts the page out of the table.
pub(super) fn page(table: &Table, selection: &Selection<'_>) -> Result<Page, CursorError> {
    let cursor = selection.cursor()?;
    let Matches { mut count, few } = matches::of(table, &selection.tests);
    if let Some(few) = few {
        return Ok(page_of(
            table,
            selection,
            positions(table, selection, few),
            cursor,
        ));
    }
    if selection.keeps.is_some() {
        count = table.rows.values().filter(|row| selection.fits(row)).count();
    }
    Ok(walked_page(table, selection, cursor, count))
}

/// The positions of few matches, sorted.
fn positions(table: &Table, selection: &Selection<'_>, few: BTreeSet<u64>) -> Vec<Position> {
    let rows = few
        .into_iter()
        .filter_map(|sequence| Some((sequence, table.rows.get(sequence)?)));
    let kept = rows.filter(|(_, row)| selection.keeps.is_none_or(|keeps| keeps(row)));
    let mut positions: Vec<Position> = kept
        .map(|(sequence, row)| selection.position(sequence, row))
        .collect();
    positions.sort_by(|a, b| selection.compare(a, b));
    positions
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
            .filter_map(|at| Some(table.rows.get(at.sequence)?.text()))
            .collect(),
        after: cursor(shown.last(), has_after),
        before: cursor(shown.first(), has_before),
        total,
    }
}

fn walked_page(
    table: &Table,
    selection: &Selection<'_>,
    cursor: Option<(Position, bool)>,
    total: usize,
) -> Page {
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
    finish(table, selection, &shown, has_before, has_after, total)
}

/// The positions that fit, beyond `from` in the order or against it.
fn fitting<'t>(
    table: &'t Table,
    selection: &'t Selection<'t>,
    from: Option<&Position>,
    forward: bool,
) -> impl Iterator<Item = Position> + use<'t> {
    walk(table, selection, from, forward).filter_map(|sequence| {
        let row = table.rows.get(sequence)?;
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
        return table.rows.beyond(from.map(|at| at.sequence), upward);
    };
    let from_key = from.and_then(|at| Some((at.key.as_deref()?, at.sequence)));
    let from_missing = from.filter(|at| at.key.is_none()).map(|at| at.sequence);
    let skips_sorted = forward && from_missing.is_some();
    let skips_missing =
        (!forward && from_key.is_some()) || (prefix.is_empty() && table.is_fully_indexed(facet));
    let sorted: Box<dyn Iterator<Item = u64>> = if skips_sorted {
        Box::new(std::iter::empty())
    } else {
        table.index.sorted(facet, &prefix, from_key, upward)
    };
    let missing: Box<dyn Iterator<Item = u64>> = if skips_missing {
        Box::new(std::iter::empty())
    } else {
        let created = table.rows.beyond(from_missing, upward);
        Box::new(created.filter(move |sequence| {
            table
                .rows
                .get(*sequence)
                .is_some_and(|row| row.key(facet, &prefix).is_none())
        }))
    };
    if forward {
        Box::new(sorted.chain(missing))
    } else {
        Box::new(missing.chain(sorted))
    }
}
