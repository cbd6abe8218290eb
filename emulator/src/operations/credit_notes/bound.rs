//! How much can be credited on an invoice (A64): what other credit notes left of its gross total, and nothing once it is voided.

use rust_decimal::Decimal;

use crate::billing::application::creditable;
use crate::records::{CreditNote, CreditNoteStatus, Facet, Invoice, InvoiceStatus};

use super::super::call::Call;
use super::super::problem::Problem;

/// Refuses a draft that, with the credit notes issued before, exceeds its invoice. A credit note that stands alone has no bound.
pub(super) fn check(call: &mut Call<'_, '_>, note: &CreditNote) -> Result<(), Problem> {
    let invoice = note
        .invoice_id
        .as_deref()
        .and_then(|id| call.tx.get::<Invoice>(id));
    let Some(invoice) = invoice else {
        return Ok(());
    };
    if invoice.status == InvoiceStatus::Voided && note.amounts.gross_total > Decimal::ZERO {
        return Err(Problem::illegal_state(format!(
            "The credit note {} cannot credit the invoice {}, which was voided: nothing of it is to be paid. Delete the credit \
             note, or create one without an invoice.",
            note.id, invoice.id
        )));
    }
    let issued =
        |other: &&CreditNote| matches!(other.status, CreditNoteStatus::Final | CreditNoteStatus::Sent);
    let others = call.tx.all_with::<CreditNote>(Facet::InvoiceId, &invoice.id);
    let others = others.iter().filter(issued);
    let (left, assumed) = creditable(
        invoice.amounts.gross_total,
        others.map(|other| other.amounts.gross_total.max(Decimal::ZERO)),
    )?;
    if note.amounts.gross_total <= left {
        return Ok(());
    }
    Err(Problem::invalid(format!(
        "The gross total of the credit note {} would be {} {}, but only {left} of the invoice {} can still be credited. \
         Credit less, or create a credit note without an invoice.",
        note.id, note.amounts.gross_total, note.currency, invoice.id
    ))
    .assuming(assumed))
}
