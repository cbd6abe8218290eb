//! Credit grants.

use rust_decimal::Decimal;
use serde_json::{Map, Value, json};

use crate::assumptions::{A4, A60};
use crate::billing::price::not_negative;
use crate::contract::{Operation, decimal_of};
use crate::records::{CreditGrant, CreditNote, GrantBooked, Kind};

use super::super::answer::{Answer, Outcome};
use super::super::billing_runs::stale;
use super::super::call::Call;
use super::super::documents::printed;
use super::super::entry::Entry;
use super::super::invoices;
use super::super::list::{self, List, Scope};
use super::super::problem::Problem;
use super::super::resource;
use super::ledger;

const GRANTS: List = List::of(Kind::CreditGrant, &[]);

pub(in super::super) const CREATE: Entry = Entry::computed(create, "document, A4, A8, A59");
pub(in super::super) const GET: Entry = Entry::stored(
    |call| Ok(shape(call, resource::existing(call, Kind::CreditGrant)?).into()),
    "document",
);
pub(in super::super) const LIST: Entry = Entry::stored(
    |call| {
        list::page(call, &GRANTS, Scope::default(), |call, map| {
            shape(call, map).into()
        })
    },
    "document",
);
pub(in super::super) const DELETE: Entry = Entry::computed(delete, "document, A60");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    check(call)?;
    let text = |name: &str| call.text(name).map(str::to_owned);
    let number = |name: &str| call.body.get(name).and_then(decimal_of).unwrap_or_default();
    let grant = CreditGrant {
        id: String::new(),
        sequence_account_id: call.account_id(),
        customer_id: text("customerId").unwrap_or_default(),
        name: text("name").unwrap_or_default(),
        credit_unit_type: text("creditUnitType").unwrap_or_default(),
        currency: text("currency").unwrap_or_default(),
        metric_id: text("metricId"),
        amount: number("amount").normalize(),
        cost_of_credit: number("costOfCredit").normalize(),
        tax_rate_id: None,
        effective_date: text("effectiveDate"),
        expiry_date: text("expiryDate"),
        created_at: call.tx.now_text(),
        credit_note_id: None,
        phase: None,
        booked: GrantBooked::default(),
        next_day: None,
    };
    let grant = CreditGrant {
        id: call.tx.new_id(),
        ..grant
    };
    let grant = ledger::open(call.tx, grant, "body")?;
    if call.body.get("createInvoice") == Some(&true.into()) {
        let customer = printed::customer(call)?;
        invoices::grant::create(call, customer, &grant)?;
    }
    stale::by_customer(call.tx, &grant.customer_id);
    Ok(answer(call, &grant))
}

/// Grants the balance of a credit note that is sent, as cash (A66). Returns the id of the grant.
pub(in super::super) fn of_credit_note(
    call: &mut Call<'_, '_>,
    note: &CreditNote,
    amount: Decimal,
) -> Result<String, Problem> {
    let number = note.credit_note_number.as_deref().unwrap_or(&note.id);
    let grant = CreditGrant {
        id: call.tx.new_id(),
        sequence_account_id: call.account_id(),
        customer_id: note.customer_id.clone(),
        name: format!("Credit note {number}"),
        credit_unit_type: "CURRENCY".to_owned(),
        currency: note.currency.clone(),
        metric_id: None,
        amount: amount.normalize(),
        cost_of_credit: Decimal::ZERO,
        tax_rate_id: None,
        effective_date: Some(call.tx.today().to_string()),
        expiry_date: None,
        created_at: call.tx.now_text(),
        credit_note_id: Some(note.id.clone()),
        phase: None,
        booked: GrantBooked::default(),
        next_day: None,
    };
    let grant = ledger::open(call.tx, grant, "credit note")?;
    stale::by_customer(call.tx, &grant.customer_id);
    Ok(grant.id)
}

fn check(call: &mut Call<'_, '_>) -> Result<(), Problem> {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let (account, customer) = (text("sequenceAccountId"), text("customerId"));
    if account != call.account_id() {
        return Err(Problem::invalid(format!(
            "body.sequenceAccountId: there is no account {account}. Send {}.",
            call.account_id()
        ))
        .assuming(A4));
    }
    resource::check_reference(call, "customerId", Kind::Customer, &customer)?;
    check_unit(call)?;
    let cost = call
        .body
        .get("costOfCredit")
        .and_then(decimal_of)
        .unwrap_or_default();
    not_negative("costOfCredit", cost).map_err(|error| Problem::at("body.costOfCredit", error))
}

/// A `METRIC` grant has a metric that exists, and a `CURRENCY` grant has none.
fn check_unit(call: &mut Call<'_, '_>) -> Result<(), Problem> {
    let metric = call.text("metricId").map(str::to_owned);
    match (call.text("creditUnitType"), metric) {
        (Some("METRIC"), Some(metric)) => {
            resource::check_reference(call, "metricId", Kind::UsageMetric, &metric)
        }
        (Some("METRIC"), None) => Err(Problem::invalid(
            "body.metricId: a METRIC grant counts units of a usage metric. Send its id.",
        )),
        (_, Some(_)) => Err(Problem::invalid(
            "body.metricId: a CURRENCY grant counts money. Leave it out, or send METRIC as creditUnitType.",
        )),
        (_, None) => Ok(()),
    }
}

/// Deletes a grant and its ledger. What invoices used of it stays on them, and does not come back (A60).
fn delete(call: &mut Call<'_, '_>) -> Outcome {
    let id = call.id();
    let grant: CreditGrant = call
        .tx
        .get(id)
        .ok_or_else(|| Problem::no(Kind::CreditGrant, id))?;
    if ledger::used_by(call.tx, id).is_some() {
        call.assume(A60);
    }
    let answer = answer(call, &grant);
    ledger::remove(call.tx, id);
    stale::by_customer(call.tx, &grant.customer_id);
    if let Some(phase) = &grant.phase {
        let schedule = &phase.billing_schedule_id;
        call.tx
            .announce("BILLING_SCHEDULE_UPDATED", Kind::BillingSchedule, schedule);
    }
    Ok(answer)
}

fn answer(call: &Call<'_, '_>, grant: &CreditGrant) -> Answer {
    match json!(grant) {
        Value::Object(map) => shape(call, map).into(),
        other => Answer::Json(other),
    }
}

/// The grant as the operation answers it. Creating and deleting answer neither the tax rate nor the credit note.
fn shape(call: &Call<'_, '_>, mut map: Map<String, Value>) -> Map<String, Value> {
    map.insert("integrationIds".to_owned(), json!([]));
    if matches!(call.operation, Operation::CreditCreate | Operation::CreditDelete) {
        map.remove("taxRateId");
        map.remove("creditNoteId");
    }
    map
}
