//! Reminders of sent invoices by the clock: seven days before the due date, and on it.
//!
//! ```text
//! SCHEDULED ── due date ─► OVERDUE_CHECK_SCHEDULED ── day after ─► COMPLETED
//! ```
//!
//! There is none on the day of sending, none for an invoice that was marked as sent, and none for one that owes nothing.

use crate::records::{Dunning, Invoice, Kind};
use crate::store::Tx;

use super::super::clock;

/// Announces the reminders that are due by today, and ends those of invoices that are overdue.
pub(in super::super) fn begin_day(tx: &mut Tx<'_>) {
    let (today, now) = (tx.today(), tx.now_text());
    for id in clock::due(tx, Kind::Invoice) {
        let Some(mut invoice) = tx.get::<Invoice>(&id) else {
            continue;
        };
        let Some(due) = invoice.due_day() else { continue };
        if today > due {
            invoice.dunning_status = Some(Dunning::Completed);
            tx.announce("INVOICE_UPDATED", Kind::Invoice, &id);
        } else {
            if today == due {
                invoice.dunning_status = Some(Dunning::OverdueCheckScheduled);
            }
            invoice.reminded_through = Some(today.to_string());
            tx.announce("INVOICE_REMINDER_SENT", Kind::Invoice, &id);
        }
        invoice.updated_at.clone_from(&now);
        tx.put(&invoice);
    }
}

/// Schedules reminders anew for a due date that was moved, unless there never were any, or the invoice is paid.
pub(super) fn restart(invoice: &mut Invoice) {
    let has_some = invoice
        .dunning_status
        .is_some_and(|dunning| dunning != Dunning::NotRequired);
    if has_some && invoice.payment_status != "PAID" {
        invoice.dunning_status = Some(Dunning::Scheduled);
    }
}
