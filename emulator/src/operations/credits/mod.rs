//! Credits: grants, their ledgers, and the balances of customers.

mod balances;
mod grants;
mod ledger;

pub(super) use balances::{BALANCES, OUTSTANDING};
pub(super) use grants::{CREATE, DELETE, GET, LIST};
