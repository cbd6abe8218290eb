//! Credit grants and balances.

use sequencehq_emulator::contract::Operation as Op;
use serde_json::{Value, json};

use super::super::stage::Stage;
use super::Ids;

fn grant(ids: &Ids) -> Value {
    json!({
        "sequenceAccountId": ids.account, "customerId": ids.customer, "name": "Welcome", "creditUnitType": "CURRENCY",
        "currency": "GBP", "amount": 3.5, "costOfCredit": 2.25, "createInvoice": true,
        "effectiveDate": "2026-01-01", "expiryDate": "2026-12-31",
    })
}

pub(super) fn make(stage: &mut Stage, ids: &Ids) {
    let cash = stage.new_id(Op::CreditCreate, grant(ids));
    let mut units = grant(ids);
    for (name, value) in [("creditUnitType", "METRIC"), ("metricId", &ids.usage_metric)] {
        units[name] = value.into();
    }
    stage.new_id(Op::CreditCreate, units);
    let deleted = stage.new_id(Op::CreditCreate, grant(ids));
    stage.on(Op::CreditGet, &cash);
    stage.on(Op::CreditDelete, &deleted);
    show(stage, ids);
}

/// Reads the credit of the customer.
pub(super) fn show(stage: &mut Stage, ids: &Ids) {
    stage.list(Op::CreditList);
    for operation in [Op::CreditBalanceList, Op::CreditGrantList] {
        stage.ok(operation, &[("customerId", ids.customer.as_str())], "", None);
    }
}
