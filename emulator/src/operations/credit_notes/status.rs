//! Which calls a credit note allows.

use crate::records::{CreditNote, CreditNoteStatus};

use super::super::problem::Problem;

/// Refuses `call` unless the credit note has one of the statuses.
pub(super) fn check(note: &CreditNote, call: &str, allowed: &[CreditNoteStatus]) -> Result<(), Problem> {
    if allowed.contains(&note.status) {
        return Ok(());
    }
    let status = note.status.name();
    let wanted: Vec<_> = allowed.iter().map(|status| status.name()).collect();
    Err(Problem::illegal_state(format!(
        "The credit note {} is {status}, but {call} needs {}. A credit note that is {status} allows: {}.",
        note.id,
        wanted.join(" or "),
        calls(note.status)
    )))
}

fn calls(status: CreditNoteStatus) -> &'static str {
    match status {
        CreditNoteStatus::InProgress => "get",
        CreditNoteStatus::Draft => {
            "update, changes of lines and groups, finalize, finalize_and_send, mark_as_sent, void, delete"
        }
        CreditNoteStatus::Final => "send, mark_as_sent, void, download",
        CreditNoteStatus::Sent => "application to invoices, void while nothing was applied, download",
        CreditNoteStatus::Voided => "download",
    }
}
