//! The shapes in which operations and versions answer invoices.
//!
//! | shape | answered by | has |
//! | --- | --- | --- |
//! | full | create, get and update of the newest version, and notifications | balance, payments, credit, attachments |
//! | short | all others | none of these |
//! | bare | lists and changes of the status in the oldest version | neither schedule, issue date nor reminders |

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use crate::assumptions::{A55, Assumed};
use crate::contract::{Operation, Version};
use crate::records::{
    CreditGrant, CreditNote, CreditNoteApplication, Facet, Invoice, InvoiceCredit, InvoiceStatus, Kind,
};
use crate::store::State;

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::documents::{lines_of, printed, write_amounts};
use super::super::settings;
use super::payment_settings;

/// The payment term of an invoice whose schedule has none (A55).
pub(super) const DEFAULT_PAYMENT_TERM: u32 = 30;

/// Fields that the bare shape lacks.
const NOT_BARE: [&str; 6] = [
    "billingScheduleId",
    "calculatedAt",
    "creditBalances",
    "customerTaxId",
    "dunningStatus",
    "issueDate",
];

/// Answers an invoice in the full shape, if the version has it.
pub(super) fn complete(call: &mut Call<'_, '_>, invoice: &Invoice) -> Outcome {
    if call.version < Version::LATEST {
        return short(call, invoice);
    }
    assume(call, &stored(invoice), !invoice.is_due_date_manual);
    Ok(full(call.tx, invoice).into())
}

/// Answers an invoice in the short shape.
pub(super) fn short(call: &mut Call<'_, '_>, invoice: &Invoice) -> Outcome {
    let common = Common::of(call.tx);
    Ok(Answer::Json(item(call, &common, stored(invoice))))
}

/// A stored invoice in a list.
pub(super) fn item(call: &mut Call<'_, '_>, common: &Common, stored: Map<String, Value>) -> Value {
    let is_calculated = stored.contains_key("dueDate") && !is_due_date_manual(&stored);
    assume(call, &stored, is_calculated);
    let mut map = common.show(call.tx, stored);
    if is_bare(call) {
        map.retain(|field, _| !NOT_BARE.contains(&field.as_str()));
    }
    // Only the oldest version has it.
    let has_failed = map.get("paymentStatus").is_some_and(|status| status == "FAILED");
    if has_failed && !is_oldest(call.version) {
        map.insert("paymentStatus".to_owned(), "UNPAID".into());
    }
    map.into()
}

/// A stored invoice in the short list, with more fields than that has.
pub(super) fn overview(call: &mut Call<'_, '_>, common: &Common, stored: Map<String, Value>) -> Value {
    let source = due_date_source(is_due_date_manual(&stored));
    let mut overview = item(call, common, stored);
    overview["dueDateSource"] = source.into();
    overview["links"] = json!([]);
    overview
}

fn is_due_date_manual(stored: &Map<String, Value>) -> bool {
    stored.get("isDueDateManual") == Some(&Value::Bool(true))
}

fn due_date_source(is_manual: bool) -> &'static str {
    if is_manual { "MANUAL" } else { "CALCULATED" }
}

/// Names what the amounts and the payment term of a stored invoice depend on.
fn assume(call: &mut Call<'_, '_>, stored: &Map<String, Value>, shows_payment_term: bool) {
    let numbers = stored.get("assumed").and_then(Value::as_array);
    let numbers = numbers.into_iter().flatten().filter_map(Value::as_u64);
    call.assume(Assumed::from_numbers(
        numbers.filter_map(|number| u8::try_from(number).ok()),
    ));
    if shows_payment_term && !stored.contains_key("paymentTermDays") {
        call.assume(A55);
    }
}

fn is_oldest(version: Version) -> bool {
    Version::all().next() == Some(version)
}

fn is_bare(call: &Call<'_, '_>) -> bool {
    let is_detailed = matches!(
        call.operation,
        Operation::InvoiceCreate
            | Operation::InvoiceGet
            | Operation::InvoiceUpdate
            | Operation::InvoicePatch
            | Operation::InvoiceDelete
    );
    is_oldest(call.version) && !is_detailed
}

/// The full shape in the newest version.
pub(in super::super) fn full(state: &State, invoice: &Invoice) -> Map<String, Value> {
    let mut map = Common::of(state).show(state, stored(invoice));
    if invoice.payment_status == "FAILED" {
        map.insert("paymentStatus".to_owned(), "UNPAID".into());
    }
    if let Some(run) = invoice.rest.get("billingRunId") {
        map.insert("billingRunId".to_owned(), run.clone());
    }
    map.insert(
        "dueDateSource".to_owned(),
        due_date_source(invoice.is_due_date_manual).into(),
    );
    if !invoice.is_due_date_manual {
        let days = invoice.payment_term_days.unwrap_or(DEFAULT_PAYMENT_TERM);
        map.insert("paymentTermDays".to_owned(), days.into());
    }
    if let Some(balance) = invoice.balance {
        map.insert("balance".to_owned(), balance.amount.to_string().into());
        map.insert("balanceVersion".to_owned(), balance.version.into());
    }
    let payments = invoice.payments.iter().map(|payment| {
        json!({
            "paymentId": payment.payment_id,
            "amount": payment.amount.to_string(),
            "paidAt": payment.paid_at,
            "allocatedAt": payment.paid_at,
            "origin": "MANUAL",
        })
    });
    map.insert("paymentAllocations".to_owned(), payments.collect());
    map.insert("appliedCreditNotes".to_owned(), applied_notes(state, &invoice.id));
    map.insert("appliedCreditGrants".to_owned(), applied_credit(state, invoice));
    map.insert(
        "projectedCreditGrants".to_owned(),
        projected_credit(state, invoice),
    );
    map.insert("attachmentAssets".to_owned(), json!([]));
    map.insert("integrationPaymentStatuses".to_owned(), json!({}));
    map
}

/// The credit of grants that a final invoice used.
fn applied_credit(state: &State, invoice: &Invoice) -> Value {
    if !matches!(invoice.status, InvoiceStatus::Final | InvoiceStatus::Sent) {
        return json!([]);
    }
    let shown = invoice.credits.iter().map(|credit| {
        let mut shown = used_credit(state, credit);
        shown["taxAmount"] = json!(credit.tax_amount.to_string());
        shown["status"] = json!("APPLIED");
        shown
    });
    shown.collect()
}

/// The credit that an invoice would use if it were final now.
fn projected_credit(state: &State, invoice: &Invoice) -> Value {
    if !matches!(invoice.status, InvoiceStatus::InProgress | InvoiceStatus::Draft) {
        return json!([]);
    }
    let shown = invoice.credits.iter().map(|credit| used_credit(state, credit));
    shown.collect()
}

fn used_credit(state: &State, credit: &InvoiceCredit) -> Value {
    json!({
        "creditGrantId": credit.grant_id,
        "creditGrantName": grant_name(state, &credit.grant_id),
        "amount": credit.amount.to_string(),
    })
}

fn grant_name(state: &State, grant: &str) -> Option<String> {
    let grant: Option<CreditGrant> = state.get(grant);
    grant.map(|grant| grant.name)
}

/// The credit notes that settled a part of the invoice, each once.
fn applied_notes(state: &State, invoice: &str) -> Value {
    let applications = state.all_with::<CreditNoteApplication>(Facet::InvoiceId, invoice);
    let ids: BTreeSet<String> = applications.into_iter().map(|one| one.credit_note_id).collect();
    let notes = ids.iter().filter_map(|id| state.get::<CreditNote>(id));
    let shown = notes.map(|note| {
        let lines = lines_of::<CreditNote>(state, &note.id);
        let lines = lines.iter().map(|line| {
            let credited = line.rest.get("invoiceLineItemIds").cloned();
            json!({
                "name": line.title,
                "netTotal": line.amounts.net_total.to_string(),
                "grossTotal": line.amounts.gross_total.to_string(),
                "invoiceLineItemIds": credited.unwrap_or_else(|| json!([])),
            })
        });
        let mut map = Map::new();
        map.insert("id".to_owned(), note.id.as_str().into());
        if let Some(number) = &note.credit_note_number {
            map.insert("creditNoteNumber".to_owned(), number.as_str().into());
        }
        map.insert("lineItems".to_owned(), lines.collect());
        write_amounts(&mut map, &note.amounts);
        Value::from(map)
    });
    shown.collect()
}

/// What all invoices of an answer have in common.
pub(super) struct Common {
    account: Value,
    merchant: Value,
    render_settings: Value,
}

impl Common {
    pub(super) fn of(state: &State) -> Self {
        Self {
            account: json!(state.rows(Kind::Account).next().map(|row| row.id())),
            merchant: printed::merchant(state),
            render_settings: json!({"paymentLinkDisplay": settings::payment_link_display(state)}),
        }
    }

    /// The fields of the short shape, from a stored invoice.
    fn show(&self, state: &State, mut map: Map<String, Value>) -> Map<String, Value> {
        for field in Invoice::NOT_ANSWERED {
            map.remove(field);
        }
        let text = |name: &str| map.get(name).and_then(Value::as_str);
        let (id, customer) = (
            text("id").unwrap_or_default(),
            text("customerId").unwrap_or_default(),
        );
        let notes = state.rows_with(Kind::CreditNote, Facet::InvoiceId, id);
        let notes = notes.map(|row| row.id()).collect();
        let is_archived = state
            .row(Kind::Customer, customer)
            .is_some_and(|customer| customer.has(Facet::Archived));
        let options = match map.get("paymentOptions") {
            Some(_) => None,
            None => payment_settings::options(state, id, customer, text("billingScheduleId")),
        };
        if let Some(options) = options {
            map.insert("paymentOptions".to_owned(), options);
        }
        for (name, value) in [
            ("sequenceAccountId", self.account.clone()),
            ("creditNoteIds", notes),
            ("linkedServices", json!([])),
            ("isCustomerArchived", is_archived.into()),
            ("merchantDetails", self.merchant.clone()),
            ("renderSettings", self.render_settings.clone()),
        ] {
            map.insert(name.to_owned(), value);
        }
        map
    }
}

/// An invoice as it is stored.
fn stored(invoice: &Invoice) -> Map<String, Value> {
    match serde_json::to_value(invoice) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(), // Records are objects.
    }
}
