//! The seats that customers have now, by type.
//!
//! A customer is listed from its first seat event on. Events in the future do not count yet.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use crate::billing::seats::{self, balance_at};
use crate::records::{Facet, Kind, SeatEvent, time};

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::customers::aliases;
use super::entry::Entry;
use super::list;
use super::problem::Problem;

/// How many customers one request can name.
const MOST_CUSTOMERS: usize = 25;

pub(super) const LIST: Entry = Entry::computed(list, "document, A34");

fn list(call: &mut Call<'_, '_>) -> Outcome {
    list::check_count(call, "customerIds", MOST_CUSTOMERS)?;
    let mut items = Vec::new();
    for customer in customers(call) {
        items.extend(balances(call, &customer)?);
    }
    let total = items.len();
    Ok(Answer::Json(
        json!({"items": items, "pagination": {"totalResultSize": total}}),
    ))
}

/// The ids of the customers that pass the filters, newest first.
fn customers(call: &Call<'_, '_>) -> Vec<String> {
    let ids = call.query.all("customerIds");
    let by_alias = call.query.all("customerAliases").map(|names| {
        let ids = names
            .iter()
            .filter_map(|name| aliases::customer_of(call.tx, name));
        ids.collect::<HashSet<String>>()
    });
    let rows = call.tx.rows(Kind::Customer).rev();
    let passing = rows.filter(|row| {
        ids.is_none_or(|ids| ids.iter().any(|id| id == row.id()))
            && by_alias.as_ref().is_none_or(|ids| ids.contains(row.id()))
    });
    passing.map(|row| row.id().to_owned()).collect()
}

/// The balances of a customer; `None` if it is left out.
fn balances(call: &mut Call<'_, '_>, customer: &str) -> Result<Option<Value>, Problem> {
    let names = aliases::names_of(call.tx, customer);
    let (mut balances, mut total, mut changed_at) = (Vec::new(), 0_i64, None);
    for (seat_type, events) in events(call, &names) {
        let Some(balance) = balance_at(&events, call.tx.now())? else {
            continue;
        };
        call.assume(balance.assumed);
        total = sum(total, balance.total, customer)?;
        changed_at = changed_at.max(Some(balance.changed_at));
        balances.push(json!({
            "seatType": seat_type,
            "total": balance.total,
            "changeTimestamp": time::instant(balance.changed_at),
        }));
    }
    let Some(changed_at) = changed_at.filter(|_| total > 0 || !call.query.is_true("excludeZeroQuantity"))
    else {
        return Ok(None);
    };
    let row = call.tx.row(Kind::Customer, customer);
    let legal_name = row.and_then(|row| row.values(Facet::LegalName).next());
    Ok(Some(json!({
        "id": customer,
        "sequenceAccountId": call.account_id(),
        "legalName": legal_name,
        "customerAliases": names,
        "total": total,
        "changeTimestamp": time::instant(changed_at),
        "balances": balances,
    })))
}

/// A sum that fits the integers of answers.
fn sum(total: i64, more: u64, customer: &str) -> Result<i64, Problem> {
    let sum = total.checked_add_unsigned(more);
    sum.ok_or_else(|| {
        Problem::illegal_state(format!(
            "The customer {customer} has more seats than a 64-bit integer holds. Correct its seat events."
        ))
    })
}

/// The events of these names by type, in the order in which they were received.
fn events(call: &Call<'_, '_>, names: &[String]) -> BTreeMap<String, Vec<seats::SeatEvent>> {
    let mut by_type: BTreeMap<String, Vec<seats::SeatEvent>> = BTreeMap::new();
    for row in call.tx.rows_with_any(Kind::SeatEvent, Facet::Alias, names) {
        let event: SeatEvent = row.read();
        let Some(at) = time::parse(&event.event_timestamp) else {
            continue;
        };
        by_type
            .entry(event.seat_type)
            .or_default()
            .push(seats::SeatEvent {
                alias: event.customer_alias,
                at,
                total: event.total,
            });
    }
    by_type
}
