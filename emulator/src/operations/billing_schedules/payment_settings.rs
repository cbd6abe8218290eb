//! Payment settings of billing schedules. A change of them is a change of the schedule, which answers them too.

use serde_json::{Map, Value};

use crate::records::{BillingSchedule, Facet, Kind};
use crate::store::State;

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::payment_settings::{self, Owner};
use super::super::resource::{self, Resource};

const OWNER: Owner = Owner {
    settings: Kind::BillingSchedulePaymentSettings,
    kind: Kind::BillingSchedule,
    field: "billingScheduleId",
    facet: Facet::BillingScheduleId,
};
const SETTINGS: Resource = Resource {
    check: |call, map, former| {
        complete(map);
        payment_settings::check(call, map, former, &OWNER)
    },
    ..Resource::of(OWNER.settings)
};

pub(in super::super) const CREATE: Entry = Entry::stored(
    |call| announced(call, |call| resource::create(call, &SETTINGS)),
    "document, A4",
);
pub(in super::super) const GET: Entry = Entry::stored(|call| resource::get(call, &SETTINGS), "document");
pub(in super::super) const GET_FOR_BILLING_SCHEDULE: Entry =
    Entry::stored(|call| payment_settings::get_for_owner(call, &OWNER), "document");
pub(in super::super) const UPDATE: Entry = Entry::stored(
    |call| announced(call, |call| resource::replace(call, &SETTINGS)),
    "document",
);
pub(in super::super) const DELETE: Entry = Entry::stored(
    |call| announced(call, |call| resource::delete(call, &SETTINGS)),
    "document",
);

/// Creates the settings that the body of a new schedule has.
pub(super) fn create(call: &mut Call<'_, '_>, schedule: &BillingSchedule) {
    let mut settings = Map::new();
    for field in ["paymentProvider", "autoCharge"] {
        if let Some(value) = call.body.get(field) {
            settings.insert(field.to_owned(), value.clone());
        }
    }
    if !settings.is_empty() {
        complete(&mut settings);
        store(call, schedule, settings);
    }
}

/// Adds what every answer has.
fn complete(settings: &mut Map<String, Value>) {
    settings.entry("paymentProvider").or_insert_with(|| "NONE".into());
    settings.entry("autoCharge").or_insert(false.into());
}

/// Creates the settings of another schedule for this one.
pub(super) fn duplicate(call: &mut Call<'_, '_>, original: &str, schedule: &BillingSchedule) {
    if let Some(settings) = of_schedule(call.tx, original) {
        store(call, schedule, settings);
    }
}

fn store(call: &mut Call<'_, '_>, schedule: &BillingSchedule, mut settings: Map<String, Value>) {
    let now = call.tx.now_text();
    for (field, value) in [
        ("id", &call.tx.new_id()),
        ("sequenceAccountId", &schedule.sequence_account_id),
        (OWNER.field, &schedule.id),
        ("createdAt", &now),
        ("updatedAt", &now),
    ] {
        settings.insert(field.to_owned(), value.as_str().into());
    }
    resource::store(call, OWNER.settings, &settings);
}

/// The settings of a schedule.
pub(in super::super) fn of_schedule(state: &State, schedule: &str) -> Option<Map<String, Value>> {
    payment_settings::of_owner(state, &OWNER, schedule)
}

fn announced(call: &mut Call<'_, '_>, run: fn(&mut Call<'_, '_>) -> Outcome) -> Outcome {
    let answer = run(call)?;
    if let Answer::Json(settings) = &answer
        && let Some(schedule) = settings.get(OWNER.field).and_then(Value::as_str)
    {
        call.tx
            .announce("BILLING_SCHEDULE_UPDATED", Kind::BillingSchedule, schedule);
    }
    Ok(answer)
}
