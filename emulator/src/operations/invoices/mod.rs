//! Invoices, with what belongs to them: lines, groups of lines and settings.
//!
//! ```text
//! IN_PROGRESS ── draft ──► DRAFT ── finalize ──► FINAL ── send ──► SENT
//!      │                   │ │ └─ finalize_and_send, mark_as_sent ──▲
//!    delete           delete └────────── void ─► VOIDED ◄── void (FINAL; SENT while UNPAID or UNCOLLECTIBLE)
//! ```

mod background;
pub(super) mod download;
pub(super) mod grant;
pub(super) mod life_cycle;
mod list;
mod merge;
pub(super) mod payment_settings;
pub(super) mod payments;
pub(super) mod record;
pub(super) mod reminders;
pub(super) mod shape;

use crate::records::{Invoice, InvoiceStatus};

use super::documents::{Editable, Sums, groups, lines, status};
use super::entry::Entry;
use super::problem::Problem;

pub(super) use background::{CURRENCY_CONVERSIONS, FIX_BILLING_RUNS, RECONCILE};
pub(super) use download::DOWNLOAD;
pub(super) use list::{LIST, LIST_SUMMARY, SUMMARY};
pub(super) use merge::MERGE;
pub(super) use record::{CREATE, DELETE, GET, PATCH, PATCH_SENT, UPDATE};

/// Operations on lines.
pub(super) mod line_items {
    use super::{Entry, Invoice, lines};

    pub(in super::super) const LIST: Entry = Entry::real(lines::list::<Invoice>, "document");
    pub(in super::super) const CREATE: Entry = Entry::real(lines::create::<Invoice>, "document, A4, A71");
    pub(in super::super) const UPDATE: Entry = Entry::real(lines::update::<Invoice>, "document, A4, A71");
    pub(in super::super) const DELETE: Entry = Entry::real(lines::delete::<Invoice>, "document");
}

/// Operations on groups of lines.
pub(super) mod line_item_groups {
    use super::{Entry, Invoice, groups};

    pub(in super::super) const LIST: Entry = Entry::real(groups::list::<Invoice>, "document");
    pub(in super::super) const CREATE: Entry = Entry::real(groups::create::<Invoice>, "document");
    pub(in super::super) const UPDATE: Entry = Entry::real(groups::update::<Invoice>, "document");
    pub(in super::super) const DELETE: Entry = Entry::real(groups::delete::<Invoice>, "document");
}

impl Editable for Invoice {
    const FIELD: &'static str = "invoiceId";
    const PARAMETER: &'static str = "invoice";
    const UPDATED: &'static str = "INVOICE_UPDATED";

    fn currency(&self) -> &str {
        &self.currency
    }

    fn check_draft(&self, change: &str) -> Result<(), Problem> {
        status::check(&self.id, self.status, change, &[InvoiceStatus::Draft])
    }

    fn sums(&mut self) -> Sums<'_> {
        Sums {
            amounts: &mut self.amounts,
            assumed: &mut self.assumed,
            is_zero_quantity: Some(&mut self.is_zero_quantity),
        }
    }

    fn touch(&mut self, now: String) {
        self.updated_at = now;
    }
}
