//! Billing products: the products with a price in a live schedule, each with these prices (A15).
//!
//! The API has no way to set how revenue from a product is recognized. A product without it is answered, and
//! filtered, as `STRAIGHT_LINE` (A1). The names of tax categories are not known.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use crate::assumptions::{A1, A15};
use crate::records::{Facet, Kind};
use crate::store::{Row, State};

use super::answer::Outcome;
use super::call::Call;
use super::entry::Entry;
use super::list::{self, Filter, List, Scope};
use super::prices::shape;

const PRODUCTS: List = List::of(
    Kind::Product,
    &[
        Filter::Contains("name", Facet::Name),
        Filter::OneOf("taxCategoryId", Facet::TaxCategoryId),
        Filter::Handled("recognitionMethod"),
    ],
);

/// Statuses of schedules that bill, or will.
const LIVE: [&str; 3] = ["PENDING", "ACTIVE", "SUSPENDED"];

const DEFAULT_METHOD: &str = "STRAIGHT_LINE";

pub(super) const LIST: Entry = Entry::computed(list, "document, A1, A15");

fn list(call: &mut Call<'_, '_>) -> Outcome {
    let prices = live_prices(call.tx);
    let methods = call.query.all("recognitionMethod").map(<[String]>::to_vec);
    let keeps = |row: &Row| {
        let method = row
            .values(Facet::RecognitionMethod)
            .next()
            .unwrap_or(DEFAULT_METHOD);
        let fits = methods
            .as_ref()
            .is_none_or(|methods| methods.iter().any(|one| one == method));
        fits && prices.contains_key(row.id())
    };
    let scope = Scope {
        keeps: Some(&keeps),
        shows_archived: true,
        ..Scope::default()
    };
    call.assume(A15);
    list::page(call, &PRODUCTS, scope, |call, product| {
        shown(call, product, &prices)
    })
}

/// The prices in live schedules, oldest first, by product.
fn live_prices(state: &State) -> BTreeMap<String, Vec<String>> {
    let schedules = state.rows_with_any(Kind::BillingSchedule, Facet::Status, &LIVE);
    let used: HashSet<&str> = schedules.flat_map(|row| row.values(Facet::PriceId)).collect();
    let mut by_product: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let rows = state.rows(Kind::Price).filter(|row| used.contains(row.id()));
    for row in rows {
        if let Some(product) = row.values(Facet::ProductId).next() {
            let prices = by_product.entry(product.to_owned()).or_default();
            prices.push(row.id().to_owned());
        }
    }
    by_product
}

fn shown(
    call: &mut Call<'_, '_>,
    mut product: Map<String, Value>,
    prices: &BTreeMap<String, Vec<String>>,
) -> Value {
    let id = product.get("id").and_then(Value::as_str).unwrap_or_default();
    let ids = prices.get(id).into_iter().flatten();
    let prices = ids.filter_map(|id| {
        let price = call.tx.map(Kind::Price, id)?;
        Some(shape::shown(call.version, price))
    });
    let prices: Value = prices.collect();
    product.insert("prices".to_owned(), prices);
    let name = product.get("name").cloned().unwrap_or_default();
    product.entry("label").or_insert(name);
    if !product.contains_key("recognitionMethod") {
        call.assume(A1);
        product.insert("recognitionMethod".to_owned(), DEFAULT_METHOD.into());
    }
    product.into()
}
