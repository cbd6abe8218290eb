//! Invoices as they are created, read, changed and deleted.
//!
//! A replacement clears what it leaves out, except the currency. The name of the customer, its addresses and e-mails, and the
//! accounting date cannot be cleared: they become those of the customer, and the day of creation.

use serde_json::{Map, Value};

use crate::contract::Version;
use crate::records::{Amounts, Customer, Facet, Invoice, InvoiceStatus, Kind};
use crate::store::{State, Tx};

use super::super::answer::Outcome;
use super::super::billing_runs;
use super::super::call::Call;
use super::super::documents::{self, amounts, printed, status};
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::super::resource;
use super::{reminders, shape};

pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A4, A8, A55");
pub(in super::super) const GET: Entry = Entry::real(get, "document, A55");
pub(in super::super) const UPDATE: Entry = Entry::real(update, "document, A55");
pub(in super::super) const PATCH: Entry = Entry::real(patch, "document");
pub(in super::super) const PATCH_SENT: Entry = Entry::real(patch_sent, "document");
pub(in super::super) const DELETE: Entry = Entry::real(delete, "document");

/// Fields of a body that can be changed after sending, and are only stored.
const STORED_WHEN_SENT: [&str; 4] = [
    "customerBillingAddress",
    "memo",
    "purchaseOrderNumber",
    "reference",
];

/// Fields of a body that are only stored.
const STORED: [&str; 11] = [
    "billingPeriod",
    "billingRunId",
    "creditBalances",
    "customerBillingAddress",
    "customerEmails",
    "customerShippingAddress",
    "memo",
    "metadata",
    "paymentOptions",
    "purchaseOrderNumber",
    "reference",
];

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let customer = printed::customer(call)?;
    let code = call.text("currency").unwrap_or_default().to_owned();
    let schedule = call.text("billingScheduleId").map(str::to_owned);
    if let Some(schedule) = &schedule {
        resource::check_reference(call, "billingScheduleId", Kind::BillingSchedule, schedule)?;
    }
    let mut invoice = draft(call.tx, customer, code)?;
    invoice.payment_term_days = schedule.as_deref().and_then(|id| payment_term(call.tx, id));
    invoice.billing_schedule_id = schedule;
    read(call, &mut invoice, &STORED, true)?;
    add(call, &invoice);
    shape::complete(call, &invoice)
}

/// A draft without lines, which is not stored yet.
pub(in super::super) fn draft(
    tx: &mut Tx<'_>,
    customer: Customer,
    currency: String,
) -> Result<Invoice, Problem> {
    let now = tx.now_text();
    let mut rest = Map::new();
    printed::fill_from(tx, &customer.id, &mut rest);
    rest.insert("customerTaxStatus".to_owned(), customer.tax_status.into());
    Ok(Invoice {
        id: tx.new_id(),
        customer_id: customer.id,
        status: InvoiceStatus::Draft,
        payment_status: "UNPAID".to_owned(),
        invoice_number: None,
        customer_legal_company_name: customer.legal_name,
        payment_term_days: None,
        billing_schedule_id: None,
        rolled_up: Vec::new(),
        accounting_date: tx.today().to_string(),
        issue_date: None,
        due_date: None,
        is_due_date_manual: false,
        dunning_status: None,
        reminded_through: None,
        created_at: now.clone(),
        updated_at: now,
        calculated_at: None,
        sent_at: None,
        is_zero_quantity: true,
        assumed: Vec::new(),
        balance: None,
        payments: Vec::new(),
        credits: Vec::new(),
        amounts: no_amounts(&currency)?,
        currency,
        rest,
    })
}

/// Stores a new invoice, and announces it.
pub(super) fn add(call: &mut Call<'_, '_>, invoice: &Invoice) {
    call.tx.put(invoice);
    call.tx.announce("INVOICE_CREATED", Kind::Invoice, &invoice.id);
}

fn get(call: &mut Call<'_, '_>) -> Outcome {
    let invoice = existing(call)?;
    shape::complete(call, &invoice)
}

fn update(call: &mut Call<'_, '_>) -> Outcome {
    let mut invoice = existing(call)?;
    status::check(&invoice.id, invoice.status, "update", &[InvoiceStatus::Draft])?;
    if let Some(currency) = call.text("currency").filter(|code| *code != invoice.currency) {
        invoice.currency = currency.to_owned();
        amounts::convert(call, &mut invoice)?;
    }
    read(call, &mut invoice, &STORED, true)?;
    store(call.tx, &mut invoice);
    shape::complete(call, &invoice)
}

/// Changes the fields that are sent. `null` clears a field.
fn patch(call: &mut Call<'_, '_>) -> Outcome {
    patch_in(call, "patch", InvoiceStatus::Draft, &STORED)
}

/// Changes some fields of a sent invoice. Its due date can be moved, and not cleared.
fn patch_sent(call: &mut Call<'_, '_>) -> Outcome {
    patch_in(call, "patch_sent", InvoiceStatus::Sent, &STORED_WHEN_SENT)
}

fn patch_in(call: &mut Call<'_, '_>, name: &str, wanted: InvoiceStatus, stored: &[&str]) -> Outcome {
    let mut invoice = existing(call)?;
    status::check(&invoice.id, invoice.status, name, &[wanted])?;
    let due = invoice.due_date.clone();
    read(call, &mut invoice, stored, false)?;
    if invoice.due_date != due {
        reminders::restart(&mut invoice);
    }
    store(call.tx, &mut invoice);
    shape::short(call, &invoice)
}

fn delete(call: &mut Call<'_, '_>) -> Outcome {
    let invoice = existing(call)?;
    // Older versions do not have invoices of running periods.
    let allowed: &[InvoiceStatus] = if call.version == Version::LATEST {
        &[InvoiceStatus::Draft, InvoiceStatus::InProgress]
    } else {
        &[InvoiceStatus::Draft]
    };
    status::check(&invoice.id, invoice.status, "delete", allowed)?;
    let shown = shape::short(call, &invoice);
    remove(call.tx, &invoice);
    shown
}

/// The invoice that the path names.
pub(super) fn existing(call: &Call<'_, '_>) -> Result<Invoice, Problem> {
    documents::existing(call, call.path("id"))
}

/// Stores a changed invoice, and announces it.
pub(super) fn store(tx: &mut Tx<'_>, invoice: &mut Invoice) {
    invoice.updated_at = tx.now_text();
    tx.put(invoice);
    tx.announce("INVOICE_UPDATED", Kind::Invoice, &invoice.id);
}

/// Removes an invoice, and what belongs to it.
pub(in super::super) fn remove(tx: &mut Tx<'_>, invoice: &Invoice) {
    let settings = tx.rows_with(Kind::InvoicePaymentSettings, Facet::InvoiceId, &invoice.id);
    let settings: Vec<String> = settings.map(|row| row.id().to_owned()).collect();
    for id in settings {
        tx.remove(Kind::InvoicePaymentSettings, &id);
    }
    billing_runs::abandon(tx, &invoice.id);
    if !invoice.credits.is_empty() {
        billing_runs::stale::by_customer(tx, &invoice.customer_id);
    }
    documents::remove(tx, invoice);
}

/// Takes over the body. What is left out is cleared if the invoice is replaced, and stays otherwise.
fn read(
    call: &mut Call<'_, '_>,
    invoice: &mut Invoice,
    stored: &[&str],
    replaces: bool,
) -> Result<(), Problem> {
    check_fields(call)?;
    printed::apply(&call.body, stored, replaces, &mut invoice.rest);
    printed::fill_from(call.tx, &invoice.customer_id, &mut invoice.rest);
    // `None` if the field stays as it is, and `Some(None)` if it is cleared.
    let sent = |field: &str| match call.body.get(field) {
        Some(value) => Some(value.as_str().map(str::to_owned)),
        None => replaces.then_some(None),
    };
    if let Some(name) = sent("customerLegalCompanyName") {
        let of_customer = || printed::name_of(call.tx, &invoice.customer_id);
        invoice.customer_legal_company_name = name.unwrap_or_else(of_customer);
    }
    if let Some(date) = sent("accountingDate") {
        let of_creation = || {
            invoice
                .created_at
                .chars()
                .take_while(|letter| *letter != 'T')
                .collect()
        };
        invoice.accounting_date = date.unwrap_or_else(of_creation);
    }
    if let Some(date) = sent("dueDate") {
        invoice.is_due_date_manual = date.is_some();
        invoice.due_date = date;
    }
    Ok(())
}

/// Rules that the document states in texts.
fn check_fields(call: &Call<'_, '_>) -> Result<(), Problem> {
    if !call.texts("attachmentAssetIds").is_empty() {
        return Err(Problem::not_emulated(
            "body.attachmentAssetIds: the emulator has no files. Leave the list out, or send an empty one.",
        ));
    }
    printed::check_addresses(call)?;
    printed::check_period(call, "billingPeriod")
}

/// The payment term of a schedule, if it has one.
fn payment_term(state: &State, schedule: &str) -> Option<u32> {
    let schedule = state.map(Kind::BillingSchedule, schedule)?;
    let days = schedule.get("defaultDueDateDays").and_then(Value::as_u64);
    days.and_then(|days| u32::try_from(days).ok())
}

fn no_amounts(currency: &str) -> Result<Amounts, Problem> {
    Ok(amounts::sum([], amounts::currency(currency)?)?)
}
