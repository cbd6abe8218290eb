//! Events about what customers use. A later event with the same `customerEventId` supersedes the earlier one.
//!
//! The superseding event has an id of its own and is the newest in lists; the superseded one is gone. Usage and seat events
//! do not share those ids. The alias need not belong to a customer yet.

pub(super) mod seats;
pub(super) mod usage;

use crate::records::{Facet, Record, time};
use crate::store::{Row, Test, Tx};

use super::answer::Outcome;
use super::billing_runs::EventKind;
use super::billing_runs::stale;
use super::call::Call;
use super::problem::Problem;
use super::resource;

/// Stores an event in place of the one with the same `customerEventId`, and answers it. Upcoming invoices that either of
/// them touches are calculated again.
fn receive<R: Record>(
    call: &mut Call<'_, '_>,
    event: &R,
    customer_event_id: &str,
    touch: fn(&mut Tx<'_>, &R),
) -> Outcome {
    let former = call
        .tx
        .rows_with(R::KIND, Facet::CustomerEventId, customer_event_id)
        .next();
    if let Some(former) = former.map(Row::read::<R>) {
        call.tx.remove(R::KIND, former.id());
        touch(call.tx, &former);
    }
    touch(call.tx, event);
    resource::put(call, event)
}

/// Has the upcoming invoices calculated again that an event touches.
fn touch(tx: &mut Tx<'_>, kind: &EventKind<'_>, alias: &str, timestamp: &str) {
    if let Some(at) = time::parse(timestamp) {
        stale::by_event(tx, kind, alias, at);
    }
}

/// The client's own id of the event in the body, or a generated one.
fn customer_event_id(call: &mut Call<'_, '_>) -> String {
    let sent = call.text("customerEventId").map(str::to_owned);
    sent.unwrap_or_else(|| call.tx.new_id())
}

/// The `eventTimestamp` of the body in UTC, or the time of the call.
fn event_timestamp(call: &Call<'_, '_>) -> String {
    let sent = call.text("eventTimestamp").and_then(time::parse);
    time::instant(sent.unwrap_or_else(|| call.tx.now()))
}

/// The filters by time, both of which leave out their own instant.
fn between(call: &Call<'_, '_>) -> Vec<Test> {
    let key = |name| call.query.one(name).and_then(time::parse).map(time::instant_key);
    let before = key("eventTimestampBefore").map(|key| Test::Less(Facet::EventTimestamp, key));
    let after = key("eventTimestampAfter").map(|key| Test::Greater(Facet::EventTimestamp, key));
    before.into_iter().chain(after).collect()
}

/// Refuses `sortBy`, whose values no source names.
fn check_order(call: &Call<'_, '_>) -> Result<(), Problem> {
    match call.query.one("sortBy") {
        Some(_) => Err(Problem::not_emulated(
            "query.sortBy: no source names its values. Leave it out; events are then sorted by creation.",
        )),
        None => Ok(()),
    }
}
