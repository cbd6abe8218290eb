//! Prices that are created from list prices for a phase.

use serde_json::{Map, Value, json};

use crate::records::Kind;

use super::super::call::Call;
use super::super::prices::shape;
use super::super::resource;

/// What a price takes over.
const COPIED: [&str; 8] = [
    "productId",
    "name",
    "currency",
    "structure",
    "billingFrequency",
    "billingType",
    "usageCalculationPeriod",
    "customMetricParameters",
];

/// Creates a price with the terms of a list price, and returns its id.
pub(super) fn price(call: &mut Call<'_, '_>, list_price: &str) -> String {
    let terms = call.tx.map(Kind::ListPrice, list_price).unwrap_or_default();
    let copied = terms
        .into_iter()
        .filter(|(field, _)| COPIED.contains(&field.as_str()));
    let mut price: Map<String, Value> = copied.collect();
    let (id, now) = (call.tx.new_id(), call.tx.now_text());
    for (field, value) in [
        ("id", json!(id)),
        ("sequenceAccountId", json!(call.account_id())),
        ("listPriceId", json!(list_price)),
        ("createdAt", json!(now)),
        ("updatedAt", json!(now)),
    ] {
        price.insert(field.to_owned(), value);
    }
    shape::complete(&mut price);
    resource::store(call, Kind::Price, &price);
    id
}
