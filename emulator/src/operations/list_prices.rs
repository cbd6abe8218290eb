//! List prices: the catalogue that prices are made from.

use serde_json::{Map, Value};

use crate::records::{Facet, Kind};

use super::call::Call;
use super::entry::Entry;
use super::list::{self, Filter, List, Scope};
use super::problem::Problem;
use super::resource::{self, Resource};

const LIST_PRICE: Resource = Resource {
    references: &[("productId", Kind::Product)],
    check,
    ..Resource::of(Kind::ListPrice)
};
const LIST_PRICES: List = List::of(
    Kind::ListPrice,
    &[
        Filter::OneOf("currency", Facet::Currency),
        Filter::OneOf("productId", Facet::ProductId),
        Filter::OneOf("billingFrequency", Facet::BillingFrequency),
        Filter::IncludeArchived("includeArchived"),
    ],
);

pub(super) const CREATE: Entry = Entry::stored(|call| resource::create(call, &LIST_PRICE), "document, A4");
pub(super) const GET: Entry = Entry::stored(|call| resource::get(call, &LIST_PRICE), "document");
pub(super) const LIST: Entry = Entry::stored(
    |call| list::page(call, &LIST_PRICES, Scope::default(), |_, map| map.into()),
    "document",
);
pub(super) const UPDATE: Entry = Entry::stored(|call| resource::replace(call, &LIST_PRICE), "document, A4");
pub(super) const ARCHIVE: Entry = Entry::real(|call| resource::archive(call, &LIST_PRICE), "document");

fn check(
    call: &mut Call<'_, '_>,
    map: &mut Map<String, Value>,
    former: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    let text = |name: &str| map.get(name).and_then(Value::as_str).unwrap_or_default();
    let moved = former.is_none_or(|former| former.get("productId") != map.get("productId"));
    if moved {
        check_product(call, text("productId"))?;
    }
    let structure = map
        .get("structure")
        .and_then(|structure| structure.get("pricingType"));
    check_billing_type(
        text("billingType"),
        structure.and_then(Value::as_str).unwrap_or_default(),
    )
}

/// Refuses a new price of an archived product.
pub(super) fn check_product(call: &Call<'_, '_>, id: &str) -> Result<(), Problem> {
    let product = call.tx.map(Kind::Product, id).unwrap_or_default();
    if product.contains_key("archivedAt") {
        return Err(Problem::illegal_state(format!(
            "body.productId: the product {id} is archived and takes no new prices."
        )));
    }
    Ok(())
}

/// Refuses usage that would be billed before it is known.
pub(super) fn check_billing_type(billing_type: &str, pricing_type: &str) -> Result<(), Problem> {
    let is_usage = matches!(pricing_type, "LINEAR" | "PACKAGE" | "GRADUATED" | "VOLUME");
    if is_usage && billing_type == "IN_ADVANCE" {
        return Err(Problem::invalid(format!(
            "body.billingType: {pricing_type} prices bill usage. Send IN_ARREARS."
        )));
    }
    Ok(())
}
