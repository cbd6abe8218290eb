//! Schedules as they are answered and announced.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::contract::Version;
use crate::records::{BillingSchedule, CreditGrant, Discount, Facet, Kind, Phase};
use crate::store::State;

use super::super::billing_runs::plan::Plan;
use super::super::call::Call;
use super::super::prices;
use super::{grants, payment_settings, phases};

/// The schedule in the version of the call.
pub(super) fn complete(call: &Call<'_, '_>, schedule: &BillingSchedule) -> Map<String, Value> {
    let mut map = of_version(call.tx, schedule, call.version);
    if call.version < Version::LATEST {
        map.insert(
            "sequenceAccountId".to_owned(),
            schedule.sequence_account_id.as_str().into(),
        );
        map.insert("type".to_owned(), "PHASES".into());
        map.insert("priceIds".to_owned(), json!([]));
    }
    map
}

/// The schedule in the newest version.
pub(in super::super) fn full(state: &State, schedule: &BillingSchedule) -> Map<String, Value> {
    of_version(state, schedule, Version::LATEST)
}

/// The schedule with its phases, the prices in a version, and how it is paid.
fn of_version(state: &State, schedule: &BillingSchedule, version: Version) -> Map<String, Value> {
    let prices = prices(state, schedule, version);
    let mut map = match json!(schedule) {
        Value::Object(map) => map,
        _ => Map::new(),
    };
    map.remove("sequenceAccountId");
    map.remove("progress");
    map.insert("phases".to_owned(), shown_phases(state, schedule));
    map.insert("integrationIds".to_owned(), json!([]));
    map.insert("attachmentAssets".to_owned(), json!([]));
    let first = Plan::of(state, schedule).and_then(|plan| plan.first_billing_date());
    if let Some(day) = first {
        map.insert("firstBillingDate".to_owned(), day.to_string().into());
    }
    map.insert("prices".to_owned(), prices.into());
    let mut invoices = state.rows_with(Kind::Invoice, Facet::BillingScheduleId, &schedule.id);
    if let Some(invoice) = invoices.next_back() {
        map.insert("lastInvoiceId".to_owned(), invoice.id().into());
    }
    let settings = payment_settings::of_schedule(state, &schedule.id);
    for field in ["paymentProvider", "autoCharge"] {
        if let Some(value) = settings.as_ref().and_then(|settings| settings.get(field)) {
            map.insert(field.to_owned(), value.clone());
        }
    }
    map
}

/// The prices of all phases, each once.
fn prices(state: &State, schedule: &BillingSchedule, version: Version) -> Vec<Value> {
    let mut seen = BTreeSet::new();
    let ids = schedule.phases.iter().flat_map(|phase| &phase.price_ids);
    let distinct = ids.filter(|id| seen.insert(id.as_str()));
    let prices = distinct.filter_map(|id| state.map(Kind::Price, id));
    prices.map(|price| prices::shape::shown(version, price)).collect()
}

fn shown_phases(state: &State, schedule: &BillingSchedule) -> Value {
    let discounts = phases::of_schedule(state, &schedule.id);
    let grants = grants::of_schedule(state, &schedule.id);
    let shown = schedule.phases.iter().map(|phase| {
        let mut shown = json!(phase);
        let discounts = discounts
            .iter()
            .filter(|one| one.phase_id.as_ref() == Some(&phase.id));
        let grants = grants
            .iter()
            .filter(|one| one.phase.as_ref().is_some_and(|of| of.phase_id == phase.id));
        shown["billingScheduleId"] = schedule.id.as_str().into();
        shown["discounts"] = discounts.map(discount).collect();
        shown["minimums"] = minimums(schedule, phase);
        shown["creditGrants"] = grants.map(grant).collect();
        shown
    });
    shown.collect()
}

fn discount(discount: &Discount) -> Value {
    let mut shown = json!(discount);
    json!({
        "id": discount.id,
        "restrictToPrices": discount.price_ids,
        "type": discount.discount_calculation_type,
        "amount": shown["amount"].take(),
        "message": discount.message,
        "separateLineItem": discount.separate_line_item,
        "seatDiscountType": discount.seat_discount_type,
    })
}

fn minimums(schedule: &BillingSchedule, phase: &Phase) -> Value {
    let shown = phase.minimums.iter().map(|minimum| {
        let mut shown = json!(minimum);
        for (field, value) in [
            ("sequenceAccountId", &schedule.sequence_account_id),
            ("billingScheduleId", &schedule.id),
            ("phaseId", &phase.id),
            ("updatedAt", &minimum.created_at),
        ] {
            shown[field] = value.as_str().into();
        }
        shown
    });
    shown.collect()
}

fn grant(grant: &CreditGrant) -> Value {
    let mut shown = json!(grant);
    let phase = grant.phase.as_ref();
    let mut map = json!({
        "id": grant.id,
        "name": grant.name,
        "creditUnitType": grant.credit_unit_type,
        "currency": grant.currency,
        "amount": shown["amount"].take(),
        "costOfCredit": shown["costOfCredit"].take(),
        "grantRefreshFrequency": phase.map(|phase| &phase.grant_refresh_frequency),
        "rolloverMode": phase.map(|phase| &phase.rollover_mode),
        "restrictToPrices": phase.map(|phase| &phase.restrict_to_prices),
    });
    if let Some(tax_rate) = &grant.tax_rate_id {
        map["taxRateId"] = tax_rate.as_str().into();
    }
    map
}
