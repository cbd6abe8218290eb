//! Every operation of the API once or more, in an order in which none is refused.

mod account;
mod catalogue;
mod credit_notes;
mod credits;
mod customers;
mod invoices;
mod schedules;
mod usage;

use serde_json::Value;

use super::super::operations::text;
use super::stage::Stage;

/// What later calls refer to.
pub(super) struct Ids {
    pub(super) account: String,
    pub(super) customer: String,
    pub(super) other: String,
    pub(super) product: String,
    pub(super) usage_metric: String,
    pub(super) seat_metric: String,
    pub(super) tax_rate: String,
    pub(super) prices: Vec<String>,
}

/// Calls every operation.
pub(super) fn make(stage: &mut Stage) {
    stage.account.watch();
    let account = account::first(stage);
    let [customer, other] = customers::make(stage, &account);
    let ids = catalogue::make(stage, account, customer, other);
    usage::make(stage, &ids);
    invoices::make(stage, &ids);
    credit_notes::make(stage, &ids);
    credits::make(stage, &ids);
    schedules::make(stage, &ids);
    catalogue::remove(stage, &ids);
    customers::archive(stage, &ids.other);
    account::make(stage, &ids);
}

/// The id of the first item of a list.
#[track_caller]
fn first_id(page: &Value) -> String {
    text(&page["items"][0], "id").to_owned()
}
