//! Credit notes as they are created, read, replaced and deleted.
//!
//! A replacement clears what it leaves out. The name of the customer, its addresses and e-mails, and the accounting date cannot be
//! cleared: they become those of the customer, and the day of creation. Sending a credit note makes no cash credit unless its
//! settings state so.

use serde_json::{Map, Value};

use crate::assumptions::A63;
use crate::records::{CreditNote, CreditNoteStatus, Invoice, InvoiceStatus, Kind, time};

use super::super::answer::Outcome;
use super::super::call::Call;
use super::super::documents::{self, amounts, printed, status};
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::super::resource;
use super::shape;

pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A4, A8");
pub(in super::super) const GET: Entry = Entry::real(get, "document, A65, A66");
pub(in super::super) const UPDATE: Entry = Entry::real(update, "document");
pub(in super::super) const DELETE: Entry = Entry::real(delete, "document, A63");

/// Fields of a body that are only stored.
const STORED: [&str; 9] = [
    "billingPeriodEnd",
    "billingPeriodStart",
    "customerBillingAddress",
    "customerEmails",
    "customerShippingAddress",
    "customerTaxId",
    "memo",
    "metadata",
    "purchaseOrderNumber",
];

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let customer = printed::customer(call)?;
    let currency = call.text("currency").unwrap_or_default().to_owned();
    let invoice_id = call.text("invoiceId").map(str::to_owned);
    if let Some(invoice) = &invoice_id {
        check_invoice(call, invoice, &customer.id, &currency)?;
    }
    let today = call.tx.today().to_string();
    let mut note = CreditNote {
        id: call.tx.new_id(),
        customer_id: customer.id,
        status: CreditNoteStatus::Draft,
        invoice_id,
        credit_note_number: None,
        customer_legal_company_name: customer.legal_name,
        accounting_date: today.clone(),
        created_on: today,
        issue_date: None,
        sent_at: None,
        generates_grant: false,
        grant_id: None,
        assumed: Vec::new(),
        balance: None,
        amounts: amounts::sum([], amounts::currency(&currency)?)?,
        currency,
        rest: Map::new(),
    };
    read(call, &mut note)?;
    call.tx.put(&note);
    call.tx
        .announce("CREDIT_NOTE_CREATED", Kind::CreditNote, &note.id);
    shape::answer(call, &note)
}

/// The credited invoice was sent, and agrees with the credit note.
fn check_invoice(call: &mut Call<'_, '_>, id: &str, customer: &str, currency: &str) -> Result<(), Problem> {
    resource::check_reference(call, "invoiceId", Kind::Invoice, id)?;
    let invoice: Invoice = documents::existing(call, id)?;
    for (field, sent, of_invoice) in [
        ("customerId", customer, &invoice.customer_id),
        ("currency", currency, &invoice.currency),
    ] {
        if sent != of_invoice {
            return Err(Problem::invalid(format!(
                "body.{field}: the credited invoice has {of_invoice}, not {sent}. Send the same."
            )));
        }
    }
    if invoice.status != InvoiceStatus::Sent {
        return Err(Problem::illegal_state(format!(
            "body.invoiceId: the invoice {id} is {}, but only a SENT one can be credited. Change a draft, and void a final \
             invoice instead.",
            invoice.status.name()
        )));
    }
    Ok(())
}

fn get(call: &mut Call<'_, '_>) -> Outcome {
    let note = existing(call)?;
    shape::answer(call, &note)
}

fn update(call: &mut Call<'_, '_>) -> Outcome {
    let mut note = existing(call)?;
    status::check(&note.id, note.status, "update", &[CreditNoteStatus::Draft])?;
    read(call, &mut note)?;
    store(call, &note);
    shape::answer(call, &note)
}

fn delete(call: &mut Call<'_, '_>) -> Outcome {
    let note = existing(call)?;
    status::check(&note.id, note.status, "delete", &[CreditNoteStatus::Draft])
        .map_err(|problem| problem.assuming(A63))?;
    let answer = shape::answer(call, &note);
    documents::remove(call.tx, &note);
    answer
}

/// The credit note that the path names.
pub(super) fn existing(call: &Call<'_, '_>) -> Result<CreditNote, Problem> {
    documents::existing(call, call.path("id"))
}

/// Stores a changed credit note, and announces it.
pub(super) fn store(call: &mut Call<'_, '_>, note: &CreditNote) {
    call.tx.put(note);
    call.tx
        .announce("CREDIT_NOTE_UPDATED", Kind::CreditNote, &note.id);
}

/// Takes over the body. What is left out is cleared.
fn read(call: &mut Call<'_, '_>, note: &mut CreditNote) -> Result<(), Problem> {
    printed::check_addresses(call)?;
    check_period(call)?;
    printed::apply(&call.body, &STORED, true, &mut note.rest);
    printed::fill_from(call.tx, &note.customer_id, &mut note.rest);
    let text = |field: &str| call.text(field).map(str::to_owned);
    let name = text("customerLegalCompanyName");
    note.customer_legal_company_name = name.unwrap_or_else(|| printed::name_of(call.tx, &note.customer_id));
    note.accounting_date = text("accountingDate").unwrap_or_else(|| note.created_on.clone());
    let setting = call
        .body
        .get("settings")
        .and_then(|settings| settings.get("generateCashCreditGrant"));
    note.generates_grant = setting.and_then(Value::as_str) == Some("ENABLED");
    Ok(())
}

fn check_period(call: &Call<'_, '_>) -> Result<(), Problem> {
    let at = |field: &str| call.text(field).and_then(time::parse);
    match (at("billingPeriodStart"), at("billingPeriodEnd")) {
        (Some(start), Some(end)) if end < start => Err(Problem::invalid(
            "body.billingPeriodEnd: is before the start of the period. Send a later timestamp.",
        )),
        _ => Ok(()),
    }
}
