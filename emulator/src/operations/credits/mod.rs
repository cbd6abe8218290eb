//! Credits: grants, their ledgers, and the balances of customers.

mod balances;
mod grants;
pub(super) mod ledger;

pub(super) use balances::{BALANCES, OUTSTANDING};
pub(super) use grants::{CREATE, DELETE, GET, LIST, of_credit_note as grant_of_credit_note};
