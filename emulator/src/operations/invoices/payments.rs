//! The payment status of an invoice, and its balance.
//!
//! Setting PAID pays what is left: the balance is 0, and a payment is allocated. Any other status takes that payment back. The
//! document has no amount for PARTIALLY_PAID, so setting it leaves the balance as it is.

use crate::billing::money;
use crate::records::{Dunning, Invoice, InvoiceStatus, Payment};
use crate::store::Tx;

use super::super::answer::Outcome;
use super::super::call::Call;
use super::super::documents::{amounts, status};
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::record::{existing, store};
use super::shape;

pub(in super::super) const UPDATE_STATUS: Entry = Entry::real(update_status, "document");

fn update_status(call: &mut Call<'_, '_>) -> Outcome {
    let mut invoice = existing(call)?;
    let allowed = [
        InvoiceStatus::InProgress,
        InvoiceStatus::Draft,
        InvoiceStatus::Final,
        InvoiceStatus::Sent,
    ];
    status::check(&invoice.id, invoice.status, "update_payment_status", &allowed)?;
    invoice.payment_status = call.text("paymentStatus").unwrap_or_default().to_owned();
    settle(call.tx, &mut invoice)?;
    end_reminders(&mut invoice);
    store(call.tx, &mut invoice);
    shape::short(call, &invoice)
}

/// Sets the payment status that follows from the balance (A68), and stores the invoice.
pub(in super::super) fn set_by_balance(call: &mut Call<'_, '_>, invoice: &mut Invoice, status: &str) {
    invoice.payment_status = status.to_owned();
    end_reminders(invoice);
    store(call.tx, invoice);
}

/// A paid invoice needs no more reminders.
fn end_reminders(invoice: &mut Invoice) {
    if invoice.payment_status == "PAID" && invoice.dunning_status.is_some_and(Dunning::is_running) {
        invoice.dunning_status = Some(Dunning::Completed);
    }
}

/// Makes balance and payments fit the payment status. An invoice without a balance owes nothing yet.
pub(super) fn settle(tx: &mut Tx<'_>, invoice: &mut Invoice) -> Result<(), Problem> {
    let Some(balance) = invoice.balance else {
        return Ok(());
    };
    if invoice.payment_status != "PAID" {
        let taken_back = invoice.payments.drain(..).map(|payment| payment.amount);
        let amount = money::sum(std::iter::once(balance.amount).chain(taken_back))?;
        invoice.balance = Some(balance.changed_to(amount));
    } else if !balance.amount.is_zero() {
        invoice.payments.push(Payment {
            payment_id: tx.new_id(),
            amount: balance.amount,
            paid_at: tx.now_text(),
        });
        invoice.balance = Some(balance.changed_to(amounts::nothing(&invoice.currency)?));
    }
    Ok(())
}
