//! The life of an invoice: from draft to sent or void.
//!
//! An invoice is final once: then it gets its number, its dates and its balance, and INVOICE_ISSUED is announced (A78). A draft
//! is finalized even without lines. A draft that is voided gets a number too.

use chrono::{Days, NaiveDate};

use crate::records::{Balance, Dunning, Facet, Invoice, InvoiceStatus, Kind};
use crate::store::Tx;

use super::super::answer::Outcome;
use super::super::billing_runs::{self, credit};
use super::super::call::Call;
use super::super::documents::{amounts, status};
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::record::{existing, store};
use super::shape::DEFAULT_PAYMENT_TERM;
use super::{payments, shape};

pub(in super::super) const DRAFT: Entry = Entry::real(draft, "document");
pub(in super::super) const FINALIZE: Entry = Entry::real(finalize, "document, A55, A78");
pub(in super::super) const FINALIZE_AND_SEND: Entry = Entry::real(finalize_and_send, "document, A55, A78");
pub(in super::super) const SEND: Entry = Entry::real(send, "document, A78");
pub(in super::super) const MARK_AS_SENT: Entry = Entry::real(mark_as_sent, "document, A55, A78");
pub(in super::super) const VOID: Entry = Entry::real(void, "document");
pub(in super::super) const REMIND: Entry = Entry::real(remind, "document");

/// Ends the running period of an invoice.
fn draft(call: &mut Call<'_, '_>) -> Outcome {
    let mut invoice = existing(call)?;
    status::check(&invoice.id, invoice.status, "draft", &[InvoiceStatus::InProgress])?;
    billing_runs::end_period(call.tx, &mut invoice);
    shape::short(call, &invoice)
}

fn finalize(call: &mut Call<'_, '_>) -> Outcome {
    let mut invoice = existing(call)?;
    become_final(call.tx, &mut invoice, "finalize")?;
    answer(call, invoice)
}

fn send(call: &mut Call<'_, '_>) -> Outcome {
    let mut invoice = existing(call)?;
    status::check(&invoice.id, invoice.status, "send", &[InvoiceStatus::Final])?;
    become_sent(call.tx, &mut invoice, Dunning::Scheduled);
    answer(call, invoice)
}

fn finalize_and_send(call: &mut Call<'_, '_>) -> Outcome {
    let mut invoice = existing(call)?;
    become_final(call.tx, &mut invoice, "finalize_and_send")?;
    become_sent(call.tx, &mut invoice, Dunning::Scheduled);
    answer(call, invoice)
}

/// Marks an invoice as sent. It gets no reminders.
fn mark_as_sent(call: &mut Call<'_, '_>) -> Outcome {
    let mut invoice = existing(call)?;
    let allowed = [InvoiceStatus::Draft, InvoiceStatus::Final];
    status::check(&invoice.id, invoice.status, "mark_as_sent", &allowed)?;
    if invoice.status == InvoiceStatus::Draft {
        become_final(call.tx, &mut invoice, "mark_as_sent")?;
    }
    become_sent(call.tx, &mut invoice, Dunning::NotRequired);
    answer(call, invoice)
}

fn void(call: &mut Call<'_, '_>) -> Outcome {
    let mut invoice = existing(call)?;
    let allowed = [InvoiceStatus::Draft, InvoiceStatus::Final, InvoiceStatus::Sent];
    status::check(&invoice.id, invoice.status, "void", &allowed)?;
    let owes = matches!(invoice.payment_status.as_str(), "UNPAID" | "UNCOLLECTIBLE");
    if invoice.status == InvoiceStatus::Sent && !owes {
        return Err(Problem::illegal_state(format!(
            "The invoice {} is SENT and {}, but void needs UNPAID or UNCOLLECTIBLE then. Set the payment status first, or \
             create a credit note.",
            invoice.id, invoice.payment_status
        )));
    }
    check_unsettled(call, &invoice)?;
    credit::release(call.tx, &invoice)?;
    take_number(call.tx, &mut invoice);
    invoice.status = InvoiceStatus::Voided;
    let nothing = amounts::nothing(&invoice.currency)?;
    invoice.balance = invoice.balance.map(|balance| balance.changed_to(nothing));
    answer(call, invoice)
}

/// A voided invoice holds no credit of a credit note.
fn check_unsettled(call: &Call<'_, '_>, invoice: &Invoice) -> Result<(), Problem> {
    let mut applications = call
        .tx
        .rows_with(Kind::CreditNoteApplication, Facet::InvoiceId, &invoice.id);
    match applications.next() {
        Some(_) => Err(Problem::illegal_state(format!(
            "The invoice {} was settled by a credit note in part, so it cannot be voided. Credit the rest of it instead.",
            invoice.id
        ))),
        None => Ok(()),
    }
}

/// Announces a reminder. The invoice stays as it is.
fn remind(call: &mut Call<'_, '_>) -> Outcome {
    let invoice = existing(call)?;
    status::check(
        &invoice.id,
        invoice.status,
        "send_payment_reminder",
        &[InvoiceStatus::Sent],
    )?;
    if !matches!(invoice.payment_status.as_str(), "UNPAID" | "PARTIALLY_PAID") {
        return Err(Problem::illegal_state(format!(
            "The invoice {} is {}, but a reminder needs UNPAID or PARTIALLY_PAID.",
            invoice.id, invoice.payment_status
        )));
    }
    call.tx
        .announce("INVOICE_REMINDER_SENT", Kind::Invoice, &invoice.id);
    shape::short(call, &invoice)
}

fn answer(call: &mut Call<'_, '_>, mut invoice: Invoice) -> Outcome {
    store(call.tx, &mut invoice);
    shape::short(call, &invoice)
}

/// Turns a draft into a final invoice.
fn become_final(tx: &mut Tx<'_>, invoice: &mut Invoice, name: &str) -> Result<(), Problem> {
    status::check(&invoice.id, invoice.status, name, &[InvoiceStatus::Draft])?;
    credit::book(tx, invoice)?;
    take_number(tx, invoice);
    let today = tx.today();
    invoice.status = InvoiceStatus::Final;
    invoice.issue_date = Some(today.to_string());
    if invoice.due_date.is_none() {
        let days = invoice.payment_term_days.unwrap_or(DEFAULT_PAYMENT_TERM);
        let due = today.checked_add_days(Days::new(days.into()));
        invoice.due_date = due.map(|day: NaiveDate| day.to_string());
    }
    let nothing = amounts::nothing(&invoice.currency)?;
    invoice.balance = Some(Balance {
        amount: invoice.amounts.gross_total.max(nothing),
        version: 1,
    });
    payments::settle(tx, invoice)?;
    tx.announce("INVOICE_ISSUED", Kind::Invoice, &invoice.id);
    Ok(())
}

/// Finalizes a draft and sends it, without a person. One that cannot be finalized stays a draft.
pub(in super::super) fn issue(tx: &mut Tx<'_>, id: &str) {
    let Some(mut invoice) = tx.get::<Invoice>(id) else {
        return;
    };
    if become_final(tx, &mut invoice, "finalize_and_send").is_ok() {
        become_sent(tx, &mut invoice, Dunning::Scheduled);
        store(tx, &mut invoice);
    }
}

fn become_sent(tx: &mut Tx<'_>, invoice: &mut Invoice, dunning: Dunning) {
    invoice.status = InvoiceStatus::Sent;
    invoice.sent_at = Some(tx.now_text());
    invoice.reminded_through = Some(tx.today().to_string());
    invoice.dunning_status = Some(dunning);
}

fn take_number(tx: &mut Tx<'_>, invoice: &mut Invoice) {
    if invoice.invoice_number.is_none() {
        let number = tx.next_number("invoice");
        invoice.invoice_number = Some(format!("SEQ-{number:05}"));
    }
}
