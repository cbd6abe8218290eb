//! Seat events: from a time on, an alias has a total of seats of one type.

use crate::assumptions::A33;
use crate::records::{Facet, Kind, SeatEvent};
use crate::store::{Test, Tx};

use super::super::answer::{Answer, Outcome};
use super::super::billing_runs::EventKind;
use super::super::call::Call;
use super::super::customers::aliases;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::super::problem::Problem;
use super::super::seat_metrics;

const EVENTS: List = List::of(
    Kind::SeatEvent,
    &[
        Filter::OneOf("customerAlias", Facet::Alias),
        Filter::OneOf("customerEventId", Facet::CustomerEventId),
        Filter::OneOf("seatType", Facet::SeatType),
        Filter::Handled("customerIds"),
        Filter::Handled("eventTimestampAfter"),
        Filter::Handled("eventTimestampBefore"),
    ],
);

/// How many values the filters by customers and by types accept.
const MOST_VALUES: usize = 25;

pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A33");
pub(in super::super) const GET: Entry = Entry::real(get, "document");
pub(in super::super) const LIST: Entry = Entry::real(list, "document");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let total = call.body.get("total").and_then(serde_json::Value::as_i64);
    let total = total.unwrap_or_default();
    if total < 0 {
        let message =
            format!("body.total: {total} is negative. Send the number of seats from `eventTimestamp` on.");
        return Err(Problem::invalid(message).assuming(A33));
    }
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    seat_metrics::check_seat_type(&text("seatType"))?;
    let event = SeatEvent {
        customer_alias: text("customerAlias"),
        seat_type: text("seatType"),
        event_timestamp: super::event_timestamp(call),
        total,
        customer_event_id: super::customer_event_id(call),
        sequence_account_id: call.account_id(),
        id: call.tx.new_id(),
    };
    super::receive(call, &event, &event.customer_event_id, touch)
}

fn get(call: &mut Call<'_, '_>) -> Outcome {
    let id = call.id();
    let event: Option<SeatEvent> = call.tx.get(id);
    event.map(|event| Answer::exact(&event)).ok_or_else(|| {
        Problem::not_found(format!(
            "There is no seat event {id}. It was never received, or a later event superseded it."
        ))
    })
}

fn touch(tx: &mut Tx<'_>, event: &SeatEvent) {
    let kind = EventKind::Seats(&event.seat_type);
    super::touch(tx, &kind, &event.customer_alias, &event.event_timestamp);
}

fn list(call: &mut Call<'_, '_>) -> Outcome {
    super::check_order(call)?;
    list::check_count(call, "seatType", MOST_VALUES)?;
    list::check_count(call, "customerIds", MOST_VALUES)?;
    let mut tests = super::between(call);
    if let Some(ids) = call.query.all("customerIds") {
        let names = ids.iter().flat_map(|id| aliases::names_of(call.tx, id));
        tests.push(Test::OneOf(Facet::Alias, names.collect()));
    }
    let scope = Scope {
        tests,
        ..Scope::default()
    };
    list::page_as_stored(call, &EVENTS, scope)
}
