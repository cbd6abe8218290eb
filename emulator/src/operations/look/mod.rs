//! What the page reads and no record states.

mod usage;

use chrono::NaiveDate;

use crate::pdf::Printout;
use crate::records::{CreditGrant, CreditTransaction, Invoice};
use crate::store::State;

use super::credits::ledger::Ledger;
use super::customers::aliases;
use super::invoices;

pub(crate) use usage::usage_by_day;

/// The id of a customer and its aliases, which mean it in events.
pub(crate) fn names_of(state: &State, customer: &str) -> Vec<String> {
    aliases::names_of(state, customer)
}

/// The customer that a name in an event means.
pub(crate) fn customer_of(state: &State, name: &str) -> Option<String> {
    aliases::customer_of(state, name)
}

/// The rows of the ledger of a grant through a day, oldest first.
pub(crate) fn ledger(state: &State, grant: CreditGrant, day: NaiveDate) -> Vec<CreditTransaction> {
    Ledger::on(state, grant, day).map_or_else(|_| Vec::new(), |ledger| ledger.rows)
}

/// What the PDF of an invoice has.
pub(crate) fn printout(state: &State, invoice: &Invoice) -> Printout {
    invoices::download::printout(state, invoice)
}
