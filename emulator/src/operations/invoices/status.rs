//! Which calls an invoice allows.

use crate::records::{Invoice, InvoiceStatus};

use super::super::problem::Problem;

/// Refuses `call` unless the invoice has one of the statuses.
pub(super) fn check(invoice: &Invoice, call: &str, allowed: &[InvoiceStatus]) -> Result<(), Problem> {
    if allowed.contains(&invoice.status) {
        return Ok(());
    }
    let status = invoice.status.name();
    let wanted: Vec<_> = allowed.iter().map(|status| status.name()).collect();
    Err(Problem::illegal_state(format!(
        "The invoice {} is {status}, but {call} needs {}. An invoice that is {status} allows: {}.",
        invoice.id,
        wanted.join(" or "),
        calls(invoice.status)
    )))
}

fn calls(status: InvoiceStatus) -> &'static str {
    match status {
        InvoiceStatus::InProgress => "draft, update_payment_status, delete",
        InvoiceStatus::Draft => {
            "update, patch, changes of lines and groups, finalize, finalize_and_send, mark_as_sent, merge, \
             update_payment_status, void, delete"
        }
        InvoiceStatus::Final => "send, mark_as_sent, update_payment_status, void, download",
        InvoiceStatus::Sent => {
            "patch_sent, update_payment_status, send_payment_reminder while not paid, void while UNPAID or \
             UNCOLLECTIBLE, download"
        }
        InvoiceStatus::Voided => "download",
    }
}
