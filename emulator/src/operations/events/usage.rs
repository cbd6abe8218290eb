//! Usage events.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::contract::Version;
use crate::records::{Facet, Kind, UsageEvent, normalized};
use crate::store::{Row, Test, Tx};

use super::super::answer::Outcome;
use super::super::billing_runs::EventKind;
use super::super::call::Call;
use super::super::customers::aliases;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::super::problem::Problem;

const EVENTS: List = List::of(
    Kind::UsageEvent,
    &[
        Filter::OneOf("customerAlias", Facet::Alias),
        Filter::OneOf("eventType", Facet::EventType),
        Filter::Handled("eventId"),
        Filter::Handled("eventTimestampAfter"),
        Filter::Handled("eventTimestampBefore"),
        Filter::Handled("offset"),
        Filter::Handled("unmappedAliasesOnly"),
    ],
);

pub(in super::super) const CREATE: Entry = Entry::real(create, "document");
pub(in super::super) const LIST: Entry = Entry::real(list, "document");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let properties = call.raw("eventProperties").map(RawValue::get);
    let properties = properties.and_then(|text| serde_json::from_str(text).ok());
    let properties: BTreeMap<String, &RawValue> = properties.unwrap_or_default();
    let properties = properties
        .into_iter()
        .map(|(name, value)| (name, normalized(value)));
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let event = UsageEvent {
        customer_alias: text("customerAlias"),
        event_type: text("eventType"),
        event_timestamp: super::event_timestamp(call),
        event_properties: properties.collect(),
        customer_event_id: super::customer_event_id(call),
        sequence_account_id: call.account_id(),
        id: call.tx.new_id(),
    };
    super::receive(call, &event, &event.customer_event_id, touch)
}

fn touch(tx: &mut Tx<'_>, event: &UsageEvent) {
    let kind = EventKind::Usage(&event.event_type);
    super::touch(tx, &kind, &event.customer_alias, &event.event_timestamp);
}

fn list(call: &mut Call<'_, '_>) -> Outcome {
    super::check_order(call)?;
    check_aliases(call)?;
    let skip = offset(call)?;
    let mut tests = super::between(call);
    if let Some(ids) = call.query.all("eventId") {
        tests.push(Test::Id(ids.to_vec()));
    }
    let mapped = call
        .query
        .is_true("unmappedAliasesOnly")
        .then(|| aliases::names(call.tx));
    let is_unmapped = |row: &Row| {
        let mut names = row.values(Facet::Alias);
        mapped
            .as_ref()
            .is_none_or(|mapped| names.all(|name| !mapped.contains(name)))
    };
    let scope = Scope {
        tests,
        keeps: mapped.is_some().then_some(&is_unmapped as &dyn Fn(&Row) -> bool),
        skip,
        ..Scope::default()
    };
    list::page_as_stored(call, &EVENTS, scope)
}

/// Refuses several aliases in a version that accepts one.
fn check_aliases(call: &Call<'_, '_>) -> Result<(), Problem> {
    let aliases = call.query.all("customerAlias").unwrap_or_default();
    if aliases.len() > 1 && call.version < Version::LATEST {
        return Err(Problem::invalid(format!(
            "query.customerAlias: version {} accepts one alias. Send one, or use version {}.",
            call.version.name(),
            Version::LATEST.name()
        )));
    }
    Ok(())
}

/// How many events are skipped, counted from the cursor.
fn offset(call: &Call<'_, '_>) -> Result<usize, Problem> {
    let Some(sent) = call.query.one("offset") else {
        return Ok(0);
    };
    sent.parse().map_err(|_| {
        Problem::invalid(format!(
            "query.offset: {sent} is negative. Send the number of events to skip, counted from the cursor."
        ))
    })
}
