//! What has to be there before something is triggered. Each returns the id of what it makes.

use sequencehq_emulator::contract::{Operation as Op, Version};
use sequencehq_emulator::records::{Kind, QuoteStatus};
use serde_json::{Value, json};

use super::super::operations::{id, text};
use super::Stage;

const QUOTE: &str = "0d1d7a3e-5c0f-4b0e-8d1c-7a3f5d1a2b3c";

pub(super) fn nothing(_: &mut Stage) -> String {
    String::new()
}

pub(super) fn account(stage: &mut Stage) -> String {
    id(&stage.list(Op::AccountList)["items"][0]).to_owned()
}

pub(super) fn stripe_settings(stage: &mut Stage) -> String {
    id(&stage.list(Op::StripeCollectionSettingsGet)).to_owned()
}

pub(super) fn customer_body(version: Version) -> Value {
    let mut body = json!({
        "legalName": "Acme", "taxStatus": "TAXED",
        "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
    });
    if version == Version::LATEST {
        body["contacts"] =
            json!([{"name": "Ada", "email": "ada@acme.example", "billingPreference": "PRIMARY"}]);
    } else {
        body["email"] = "ada@acme.example".into();
        body["billingEmails"] = json!([]);
    }
    match version.name() {
        "2024-01-01" => body["externalIds"] = json!([{"key": "Xero", "value": "42"}]),
        _ => body["integrationIds"] = json!([{"service": "Xero", "id": "42"}]),
    }
    body
}

pub(super) fn customer(stage: &mut Stage) -> String {
    let body = customer_body(stage.version);
    stage.new_id(Op::CustomerCreate, body)
}

pub(super) fn invoice_of(stage: &mut Stage, customer: &str) -> String {
    let body = json!({"customerId": customer, "currency": "GBP", "dueDate": "2026-02-01"});
    stage.new_id(Op::InvoiceCreate, body)
}

pub(super) fn line() -> Value {
    json!({"title": "Work", "quantity": "2", "rate": "100.50", "taxRate": "0.2", "externalIds": []})
}

/// An invoice that is a draft and has a line.
pub(super) fn draft(stage: &mut Stage) -> String {
    let customer = customer(stage);
    let invoice = invoice_of(stage, &customer);
    stage.ok(
        Op::InvoiceLineItemCreate,
        &[("invoice", &invoice)],
        "",
        Some(&line()),
    );
    invoice
}

pub(super) fn two_drafts(stage: &mut Stage) -> String {
    let customer = customer(stage);
    invoice_of(stage, &customer);
    invoice_of(stage, &customer)
}

pub(super) fn final_invoice(stage: &mut Stage) -> String {
    let invoice = draft(stage);
    stage.on(Op::InvoiceFinalize, &invoice);
    invoice
}

pub(super) fn sent_invoice(stage: &mut Stage) -> String {
    let invoice = draft(stage);
    stage.on(Op::InvoiceFinalizeAndSend, &invoice);
    invoice
}

pub(super) fn note_on(stage: &mut Stage, invoice: &str) -> String {
    let customer = text(&stage.on(Op::InvoiceGet, invoice), "customerId").to_owned();
    let body = json!({"customerId": customer, "currency": "GBP", "invoiceId": invoice});
    stage.new_id(Op::CreditNoteCreate, body)
}

pub(super) fn note_line(note: &str) -> Value {
    json!({
        "creditNoteId": note, "title": "Work", "quantity": "1", "rate": "10.00", "taxRate": "0.2", "externalIds": [],
    })
}

/// A credit note that is a draft and has a line.
pub(super) fn note(stage: &mut Stage) -> String {
    let invoice = sent_invoice(stage);
    let note = note_on(stage, &invoice);
    stage.ok(
        Op::CreditNoteLineItemCreate,
        &[("creditnote", &note)],
        "",
        Some(&note_line(&note)),
    );
    note
}

pub(super) fn final_note(stage: &mut Stage) -> String {
    let note = note(stage);
    stage.on(Op::CreditNoteFinalize, &note);
    note
}

pub(super) fn sent_note(stage: &mut Stage) -> String {
    let note = note(stage);
    stage.on(Op::CreditNoteFinalizeAndSend, &note);
    note
}

/// The body of a schedule with a monthly fee in arrears.
pub(super) fn schedule_body(stage: &mut Stage, start: &str) -> Value {
    let customer = customer(stage);
    let product = stage.new_id(Op::ProductCreate, json!({"name": "Platform", "label": "main"}));
    let price = json!({
        "productId": product, "name": "Fee", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ARREARS",
        "structure": {"pricingType": "FIXED", "price": "10.00"}, "integrationIds": [], "customMetricParameters": [],
        "externalIds": [],
    });
    let price = stage.new_id(Op::PriceCreate, price);
    json!({
        "customerId": customer, "startDate": start, "taxRates": [], "autoIssueInvoices": true, "isDraft": false,
        "rollUpBilling": false, "phases": [{"priceIds": [price], "startDate": start}],
    })
}

fn schedule_from(stage: &mut Stage, start: &str, is_draft: bool) -> String {
    let mut body = schedule_body(stage, start);
    body["isDraft"] = is_draft.into();
    stage.new_id(Op::BillingScheduleCreate, body)
}

/// A schedule that bills since today.
pub(super) fn schedule(stage: &mut Stage) -> String {
    schedule_from(stage, "2026-01-01", false)
}

pub(super) fn draft_schedule(stage: &mut Stage) -> String {
    schedule_from(stage, "2026-01-01", true)
}

/// A schedule that starts in ten days.
pub(super) fn pending_schedule(stage: &mut Stage) -> String {
    schedule_from(stage, "2026-01-11", false)
}

pub(super) fn on_schedule(stage: &mut Stage, operation: Op, id: &str, body: Option<&Value>) -> Value {
    stage.ok(operation, &[("billingScheduleId", id)], "", body)
}

/// The body that replaces a schedule by what it is.
pub(super) fn replacement(stage: &mut Stage, id: &str) -> Value {
    let schedule = on_schedule(stage, Op::BillingScheduleGet, id, None);
    let phase = &schedule["phases"][0];
    let mut body = json!({
        "startDate": schedule["startDate"], "taxRates": [], "autoIssueInvoices": true, "rollUpBilling": false,
        "phases": [{"priceIds": phase["priceIds"], "startDate": phase["startDate"]}],
    });
    if stage.version != Version::LATEST {
        body["type"] = "PHASES".into();
    }
    body
}

fn quote_in(stage: &mut Stage, status: QuoteStatus) -> String {
    let customer = customer(stage);
    let schedule = draft_schedule(stage);
    let quote = json!({
        "id": QUOTE, "quoteNumber": "Q-1", "title": "Renewal", "status": status.name(), "createdBy": "ada",
        "customerId": customer, "currency": "GBP", "dealType": "RENEWAL", "expiryDays": 30,
        "billingScheduleId": schedule, "hasActiveApprovalWorkflow": false, "createdAt": "2026-01-01T00:00:00Z",
        "updatedAt": "2026-01-01T00:00:00Z",
    });
    stage.account.seed(Kind::Quote, quote);
    QUOTE.to_owned()
}

pub(super) fn draft_quote(stage: &mut Stage) -> String {
    quote_in(stage, QuoteStatus::Draft)
}

pub(super) fn ready_quote(stage: &mut Stage) -> String {
    quote_in(stage, QuoteStatus::ReadyToSign)
}

pub(super) fn accepted_quote(stage: &mut Stage) -> String {
    quote_in(stage, QuoteStatus::Accepted)
}
