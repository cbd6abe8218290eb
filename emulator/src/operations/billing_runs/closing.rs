//! Closing runs: their invoices become drafts, or are gone.

use crate::records::{BillingRun, BillingSchedule, Invoice, InvoiceStatus, Kind};
use crate::store::Tx;

use super::super::clock;
use super::calculation::{calculate, runs_of};
use super::stale;

/// Closes the runs that are due by today. Returns the ids of the invoices that are issued without a person, in the order of
/// their days.
pub(super) fn close_due(tx: &mut Tx<'_>) -> Vec<String> {
    let mut issued = Vec::new();
    for id in clock::due(tx, Kind::BillingRun) {
        // Another run of the same invoice may have closed it.
        let Some(run) = tx.get::<BillingRun>(&id).filter(|run| run.is_open) else {
            continue;
        };
        if let Some(mut invoice) = tx.get::<Invoice>(&run.invoice_id) {
            end_period(tx, &mut invoice);
            if is_issued_by_itself(tx, &invoice) {
                issued.push(invoice.id);
            }
        } else {
            close(tx, run);
        }
    }
    issued
}

/// Turns an upcoming invoice into a draft, calculated once more.
pub(in super::super) fn end_period(tx: &mut Tx<'_>, invoice: &mut Invoice) {
    let now = tx.now_text();
    let runs = runs_of(tx, &invoice.id);
    for run in runs.iter().filter(|run| run.is_open) {
        close(tx, run.clone());
    }
    invoice.status = InvoiceStatus::Draft;
    invoice.updated_at.clone_from(&now);
    invoice.calculated_at = Some(now.clone());
    if runs.is_empty() {
        tx.put(invoice);
    } else {
        calculate(tx, invoice, &runs, &now);
    }
    tx.announce("INVOICE_UPDATED", Kind::Invoice, &invoice.id);
    if !invoice.credits.is_empty() {
        // What the draft reserves is not for other invoices.
        stale::by_customer(tx, &invoice.customer_id);
    }
}

/// Closes the open runs of an invoice that is gone. Their days are not billed again.
pub(in super::super) fn abandon(tx: &mut Tx<'_>, invoice: &str) {
    for run in runs_of(tx, invoice) {
        if run.is_open {
            close(tx, run);
        }
    }
}

/// Lets the runs of an invoice belong to another one.
pub(in super::super) fn move_to(tx: &mut Tx<'_>, invoice: &str, other: &str) {
    for mut run in runs_of(tx, invoice) {
        other.clone_into(&mut run.invoice_id);
        tx.put(&run);
    }
}

fn close(tx: &mut Tx<'_>, mut run: BillingRun) {
    run.is_open = false;
    run.stale_since = None;
    tx.put(&run);
}

/// Whether all schedules of an invoice issue it.
fn is_issued_by_itself(tx: &Tx<'_>, invoice: &Invoice) -> bool {
    let mut schedules = invoice.billing_schedule_id.iter().chain(&invoice.rolled_up);
    schedules.all(|id| {
        let schedule: Option<BillingSchedule> = tx.get(id);
        schedule.is_some_and(|schedule| schedule.auto_issue_invoices)
    })
}
