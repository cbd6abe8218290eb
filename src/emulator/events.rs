//! Usage and seat events: received, superseded, listed.
//!
//! A later event with the same `customerEventId` takes the place of the earlier one: only the later
//! one is listed and counted, under an id of its own. Usage and seat events do not share those ids. Nothing is
//! aggregated, and no invoice comes of it. An alias is one that a customer was seeded with, or
//! the id of a customer; unknown aliases are accepted too.
//!
//! Lists are sorted by creation, since the vendor publishes no other names to sort by: `sortBy`
//! is 501, and so is `offset`. "Before" and "after" leave their own instant out.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use http::StatusCode;
use serde_json::{Map, Value, json};

use super::dispatch::{Answer, Call};
use super::pages::{Entry, SortKey, page};
use super::problem::Problem;
use super::state::{State, instant};

/// The events of one kind that count, by their `customerEventId`.
#[derive(Debug, Default)]
pub(super) struct Events(BTreeMap<String, Event>);

/// An event that counts.
#[derive(Debug)]
struct Event {
    sequence: u64,
    at: DateTime<Utc>,
    fields: Value,
}

impl Events {
    /// What counts, oldest first.
    pub(super) fn all(&self) -> Vec<Value> {
        let mut events: Vec<&Event> = self.0.values().collect();
        events.sort_by_key(|event| event.sequence);
        events.into_iter().map(|event| event.fields.clone()).collect()
    }

    fn receive(&mut self, event: Event) -> Answer {
        let answer = event.fields.clone();
        let key = text(&event.fields, "customerEventId").to_owned();
        self.0.insert(key, event);
        Answer::Json(StatusCode::CREATED, answer)
    }

    fn list(&self, call: &Call, keeps: impl Fn(&Event) -> bool) -> Result<Answer, Problem> {
        for name in ["sortBy", "offset"] {
            if call.query.one(name).is_some() {
                return Err(Problem::not_imitated(format!(
                    "The emulator does not imitate `{name}` of this list; leave it out."
                )));
            }
        }
        let limit = |name| call.query.one(name).and_then(moment);
        let (before, after) = (limit("eventTimestampBefore"), limit("eventTimestampAfter"));
        let is_in_time = |event: &Event| {
            before.is_none_or(|end| event.at < end) && after.is_none_or(|start| event.at > start)
        };
        let entries = self
            .0
            .values()
            .filter(|event| is_in_time(event) && keeps(event))
            .map(|event| Entry {
                key: SortKey::Text(String::new()),
                sequence: event.sequence,
                item: event,
            })
            .collect();
        Ok(Answer::ok(page(entries, call, |event| event.fields.clone())?))
    }
}

pub(super) fn usage_event_create(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let now = state.now();
    let event = received(state, call, "eventType", now, |fields| {
        let properties = call
            .body()
            .get("eventProperties")
            .filter(|value| value.is_object());
        fields["eventProperties"] = properties.cloned().unwrap_or_else(|| Map::new().into());
    });
    Ok(state.usage_events.receive(event))
}

pub(super) fn usage_event_list(state: &State, call: &Call) -> Result<Answer, Problem> {
    let query = &call.query;
    let wants_unmapped = query.one("unmappedAliasesOnly") == Some("true");
    state.usage_events.list(call, |event| {
        let alias = text(&event.fields, "customerAlias");
        let is = |name, field| {
            query
                .one(name)
                .is_none_or(|wanted| wanted == text(&event.fields, field))
        };
        query
            .list("customerAlias")
            .is_none_or(|wanted| wanted.iter().any(|other| other == alias))
            && is("eventType", "eventType")
            && is("eventId", "id")
            && !(wants_unmapped && state.customer_of(alias).is_some())
    })
}

pub(super) fn seat_event_create(state: &mut State, call: &Call) -> Result<Answer, Problem> {
    let now = state.now();
    let event = received(state, call, "seatType", now, |fields| {
        fields["total"] = call.body().get("total").cloned().unwrap_or_default();
    });
    Ok(state.seat_events.receive(event))
}

pub(super) fn seat_event_list(state: &State, call: &Call) -> Result<Answer, Problem> {
    let query = &call.query;
    state.seat_events.list(call, |event| {
        let is = |name, field| {
            query
                .one(name)
                .is_none_or(|wanted| wanted == text(&event.fields, field))
        };
        let is_one_of = |name, value: Option<&str>| {
            query
                .list(name)
                .is_none_or(|wanted| value.is_some_and(|value| wanted.iter().any(|other| other == value)))
        };
        is("customerAlias", "customerAlias")
            && is("customerEventId", "customerEventId")
            && is_one_of("seatType", Some(text(&event.fields, "seatType")))
            && is_one_of(
                "customerIds",
                state.customer_of(text(&event.fields, "customerAlias")),
            )
    })
}

pub(super) fn seat_event_get(state: &State, call: &Call) -> Result<Answer, Problem> {
    let id = call.path("id");
    let event = state
        .seat_events
        .0
        .values()
        .find(|event| text(&event.fields, "id") == id);
    event
        .map(|event| Answer::ok(event.fields.clone()))
        .ok_or_else(|| {
            Problem::not_found(format!(
                "There is no seat event {id}; it was never received, or superseded by a later one."
            ))
        })
}

/// An event as it is recorded; `rest` adds what only its kind has.
fn received(
    state: &mut State,
    call: &Call,
    kind: &str,
    now: DateTime<Utc>,
    rest: impl FnOnce(&mut Value),
) -> Event {
    let at = call.text("eventTimestamp").and_then(moment).unwrap_or(now);
    let key = call.text("customerEventId").map(str::to_owned);
    let key = key.unwrap_or_else(|| state.new_id());
    let mut fields = json!({
        "id": state.new_id(),
        "customerEventId": key,
        "customerAlias": call.text("customerAlias"),
        "sequenceAccountId": state.account_id,
        "eventTimestamp": instant(at),
    });
    fields[kind] = call.text(kind).into();
    rest(&mut fields);
    Event {
        sequence: state.next_sequence(),
        at,
        fields,
    }
}

fn text<'v>(fields: &'v Value, name: &str) -> &'v str {
    fields[name].as_str().unwrap_or_default()
}

fn moment(text: &str) -> Option<DateTime<Utc>> {
    Some(DateTime::parse_from_rfc3339(text).ok()?.to_utc())
}
