//! Seat metrics: the types of seats that are counted. The type is unique and stays.

use serde_json::{Map, Value};

use crate::records::{Facet, Kind};

use super::call::Call;
use super::entry::Entry;
use super::list::{self, List, Scope};
use super::metric_users;
use super::problem::Problem;
use super::resource::{self, Resource};

const METRIC: Resource = Resource {
    kept: &["seatType"],
    check,
    used: |tx, id| metric_users::used(tx, id),
    ..Resource::of(Kind::SeatMetric)
};
const METRICS: List = List::of(Kind::SeatMetric, &[]);

pub(super) const CREATE: Entry = Entry::stored(|call| resource::create(call, &METRIC), "document");
pub(super) const GET: Entry = Entry::stored(|call| resource::get(call, &METRIC), "document");
pub(super) const LIST: Entry = Entry::stored(
    |call| list::page(call, &METRICS, Scope::default(), |_, map| map.into()),
    "document",
);
pub(super) const UPDATE: Entry = Entry::stored(|call| resource::replace(call, &METRIC), "document");
pub(super) const DELETE: Entry = Entry::stored(|call| resource::delete(call, &METRIC), "document, A5");

fn check(
    call: &mut Call<'_, '_>,
    map: &mut Map<String, Value>,
    former: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    if former.is_some() {
        return Ok(());
    }
    let seat_type = map.get("seatType").and_then(Value::as_str).unwrap_or_default();
    check_seat_type(seat_type)?;
    check_unique(call, seat_type)?;
    map.extend(call.user_id().map(|user| ("createdBy".to_owned(), user.into())));
    Ok(())
}

fn check_unique(call: &Call<'_, '_>, seat_type: &str) -> Result<(), Problem> {
    let mut same = call.tx.rows_with(Kind::SeatMetric, Facet::SeatType, seat_type);
    match same.next() {
        Some(row) => Err(Problem::invalid(format!(
            "body.seatType: the seat metric {} has the type {seat_type:?} already. Send another one.",
            row.id()
        ))),
        None => Ok(()),
    }
}

/// Refuses a type that is not in lower snake case.
pub(super) fn check_seat_type(seat_type: &str) -> Result<(), Problem> {
    let is_word = |word: &str| {
        !word.is_empty()
            && word
                .bytes()
                .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    let is_snake_case =
        seat_type.starts_with(|first: char| first.is_ascii_lowercase()) && seat_type.split('_').all(is_word);
    if is_snake_case {
        return Ok(());
    }
    Err(Problem::invalid(format!(
        "body.seatType: {seat_type:?} is not in lower snake case. Send a text such as admin_user."
    )))
}
