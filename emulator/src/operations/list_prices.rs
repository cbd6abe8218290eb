//! List prices: the catalogue that prices are made from.

use serde_json::{Map, Value};

use crate::records::{Facet, Kind};

use super::call::Call;
use super::entry::Entry;
use super::list::{self, Filter, List, Scope};
use super::prices::terms;
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
        terms::check_product(call, "productId", text("productId"))?;
    }
    terms::check(call, map)
}
