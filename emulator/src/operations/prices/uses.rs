//! Where prices are in use.

use crate::assumptions::{A5, A14, Assumption};
use crate::records::{Facet, Kind};
use crate::store::{Row, State};

use super::super::problem::Problem;

/// Lines, with the facet that names their document and its kind.
const LINES: [(Kind, Facet, Kind); 2] = [
    (Kind::InvoiceLineItem, Facet::InvoiceId, Kind::Invoice),
    (Kind::CreditNoteLineItem, Facet::CreditNoteId, Kind::CreditNote),
];

/// A record that refers to a price.
struct Use {
    place: String,
    /// What it depends on that the price is therefore kept.
    assumption: Assumption,
}

/// Refuses to change a price that is in use: on an issued line (A14), on another one or in a schedule (A5).
pub(super) fn check_unused(state: &State, price: &str, done: &str) -> Result<(), Problem> {
    match is_used(state, price) {
        Some(Use { place, assumption }) => Err(Problem::illegal_state(format!(
            "The price {price} cannot be {done}, since {place} refers to it."
        ))
        .assuming(assumption)),
        None => Ok(()),
    }
}

fn is_used(state: &State, price: &str) -> Option<Use> {
    let lines = LINES.into_iter().flat_map(|(kind, parent, document)| {
        let rows = state.rows_with(kind, Facet::PriceId, price);
        rows.map(move |line| on_line(state, line, parent, document))
    });
    let schedules = state.rows_with(Kind::BillingSchedule, Facet::PriceId, price);
    let schedules = schedules.map(|row| Use {
        place: format!("the billing schedule {}", row.id()),
        assumption: A5,
    });
    let mut first = None;
    for found in lines.chain(schedules) {
        if found.assumption == A14 {
            return Some(found);
        }
        first = first.or(Some(found));
    }
    first
}

fn on_line(state: &State, line: &Row, parent: Facet, document: Kind) -> Use {
    let id = line.values(parent).next().unwrap_or_default();
    let status = state
        .row(document, id)
        .and_then(|row| row.values(Facet::Status).next());
    let is_issued = !matches!(status, None | Some("DRAFT" | "IN_PROGRESS"));
    Use {
        place: format!("the {} {id}", document.name()),
        assumption: if is_issued { A14 } else { A5 },
    }
}
