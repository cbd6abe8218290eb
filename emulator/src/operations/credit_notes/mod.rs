//! Credit notes, with their lines and groups, and the invoices that they settle.
//!
//! ```text
//! DRAFT ── finalize ──► FINAL ── send ──► SENT ── applications
//!  │ │ └─ finalize_and_send, mark_as_sent ──▲
//!  │ └─────────────── void ─► VOIDED ◄── void (FINAL; SENT while nothing was applied)
//! delete
//! ```

pub(super) mod applications;
mod bound;
mod download;
pub(super) mod life_cycle;
mod list;
mod parts;
mod record;
pub(super) mod shape;

use crate::records::CreditNote;

use super::documents::{groups, lines};
use super::entry::Entry;

pub(super) use download::DOWNLOAD;
pub(super) use list::LIST;
pub(super) use record::{CREATE, DELETE, GET, UPDATE};

/// Operations on lines.
pub(super) mod line_items {
    use super::{CreditNote, Entry, lines};

    pub(in super::super) const LIST: Entry = Entry::real(lines::list::<CreditNote>, "document");
    pub(in super::super) const CREATE: Entry =
        Entry::real(lines::create::<CreditNote>, "document, A4, A64, A71");
    pub(in super::super) const UPDATE: Entry =
        Entry::real(lines::update::<CreditNote>, "document, A4, A64, A71");
    pub(in super::super) const DELETE: Entry = Entry::real(lines::delete::<CreditNote>, "document");
}

/// Operations on groups of lines.
pub(super) mod line_item_groups {
    use super::{CreditNote, Entry, groups};

    pub(in super::super) const LIST: Entry = Entry::real(groups::list::<CreditNote>, "document");
    pub(in super::super) const CREATE: Entry = Entry::real(groups::create::<CreditNote>, "document, A4");
    pub(in super::super) const UPDATE: Entry = Entry::real(groups::update::<CreditNote>, "document");
    pub(in super::super) const DELETE: Entry = Entry::real(groups::delete::<CreditNote>, "document");
}
