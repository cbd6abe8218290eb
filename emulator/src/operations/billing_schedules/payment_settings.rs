//! Payment settings of billing schedules. A change of them is a change of the schedule, which answers them too.

use serde_json::Value;

use crate::records::{Facet, Kind};

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
    check: |call, map, former| payment_settings::check(call, map, former, &OWNER),
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
