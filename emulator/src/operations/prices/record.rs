//! Prices as records.

use serde_json::{Map, Value};

use crate::records::{Facet, Kind};

use super::super::answer::{Answer, Outcome};
use super::super::billing_runs::stale;
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::super::problem::Problem;
use super::super::resource::{self, Resource};
use super::{shape, terms, uses};

const PRICE: Resource = Resource {
    references: &[("productId", Kind::Product), ("listPriceId", Kind::ListPrice)],
    check,
    ..Resource::of(Kind::Price)
};
const PRICES: List = List::of(
    Kind::Price,
    &[
        Filter::OneOf("currency", Facet::Currency),
        Filter::OneOf("name", Facet::Name),
        Filter::OneOf("billingFrequency", Facet::BillingFrequency),
        Filter::OneOf("productId", Facet::ProductId),
    ],
);

pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A4");
pub(in super::super) const GET: Entry = Entry::stored(get, "document");
pub(in super::super) const LIST: Entry = Entry::stored(list, "document");
pub(in super::super) const UPDATE: Entry = Entry::stored(update, "document, A5, A14");
pub(in super::super) const DELETE: Entry = Entry::stored(delete, "document, A5, A14");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    match resource::create(call, &PRICE)? {
        Answer::Json(Value::Object(map)) => answer(call, map),
        other => Ok(other),
    }
}

fn get(call: &mut Call<'_, '_>) -> Outcome {
    let map = resource::existing(call, Kind::Price)?;
    answer(call, map)
}

fn list(call: &mut Call<'_, '_>) -> Outcome {
    list::page(call, &PRICES, Scope::default(), |call, map| {
        shape::shown(call.version, map)
    })
}

fn answer(call: &Call<'_, '_>, map: Map<String, Value>) -> Outcome {
    Ok(Answer::Json(shape::shown(call.version, map)))
}

fn check(
    call: &mut Call<'_, '_>,
    map: &mut Map<String, Value>,
    _: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    shape::complete(map);
    let product = map.get("productId").and_then(Value::as_str).unwrap_or_default();
    terms::check_product(call, "productId", product)?;
    terms::check(call, map)
}

/// Changes the name, and the status if it is sent. A used price stays active.
fn update(call: &mut Call<'_, '_>) -> Outcome {
    let mut map = resource::existing(call, Kind::Price)?;
    let text = |name: &str| call.text(name).map(Value::from);
    let (name, status) = (text("name"), text("status"));
    if status.as_ref().is_some_and(|status| status == "DRAFT") {
        uses::check_unused(call.tx, call.id(), "made a draft")?;
    }
    for (field, value) in [("name", name), ("status", status)] {
        map.extend(value.map(|value| (field.to_owned(), value)));
    }
    map.insert("updatedAt".to_owned(), call.tx.now_text().into());
    resource::store(call, Kind::Price, &map);
    stale::by_reference(call.tx, Facet::PriceId, call.id());
    answer(call, map)
}

fn delete(call: &mut Call<'_, '_>) -> Outcome {
    let map = resource::existing(call, Kind::Price)?;
    uses::check_unused(call.tx, call.id(), "deleted")?;
    call.tx.remove(Kind::Price, call.id());
    answer(call, map)
}
