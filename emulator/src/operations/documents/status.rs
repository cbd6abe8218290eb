//! Which calls a document allows, by its status.

use crate::records::{CreditNoteStatus, InvoiceStatus, Kind};

use super::super::problem::Problem;

/// The stage of a document's life.
pub(in super::super) trait Status: Copy + PartialEq {
    /// The kind of the document.
    const KIND: Kind;

    /// The name in the API.
    fn text(self) -> &'static str;

    /// The calls that a document in this status allows, for messages.
    fn calls(self) -> &'static str;
}

/// Refuses `call` unless the document has one of the statuses.
pub(in super::super) fn check<S: Status>(
    id: &str,
    status: S,
    call: &str,
    allowed: &[S],
) -> Result<(), Problem> {
    if allowed.contains(&status) {
        return Ok(());
    }
    let kind = S::KIND.name();
    let article = if kind.starts_with('i') { "An" } else { "A" };
    let wanted: Vec<_> = allowed.iter().map(|status| status.text()).collect();
    Err(Problem::illegal_state(format!(
        "The {kind} {id} is {}, but {call} needs {}. {article} {kind} that is {} allows: {}.",
        status.text(),
        wanted.join(" or "),
        status.text(),
        status.calls()
    )))
}

impl Status for InvoiceStatus {
    const KIND: Kind = Kind::Invoice;

    fn text(self) -> &'static str {
        self.name()
    }

    fn calls(self) -> &'static str {
        match self {
            Self::InProgress => "draft, update_payment_status, delete",
            Self::Draft => {
                "update, patch, changes of lines and groups, finalize, finalize_and_send, mark_as_sent, merge, \
                 update_payment_status, void, delete"
            }
            Self::Final => "send, mark_as_sent, update_payment_status, void, download",
            Self::Sent => {
                "patch_sent, update_payment_status, send_payment_reminder while not paid, void while UNPAID or \
                 UNCOLLECTIBLE, download"
            }
            Self::Voided => "download",
        }
    }
}

impl Status for CreditNoteStatus {
    const KIND: Kind = Kind::CreditNote;

    fn text(self) -> &'static str {
        self.name()
    }

    fn calls(self) -> &'static str {
        match self {
            Self::InProgress => "get",
            Self::Draft => {
                "update, changes of lines and groups, finalize, finalize_and_send, mark_as_sent, void, delete"
            }
            Self::Final => "send, mark_as_sent, void, download",
            Self::Sent => "application to invoices, void while nothing was applied, download",
            Self::Voided => "download",
        }
    }
}
