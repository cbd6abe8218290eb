//! Tax rates. Each replacement makes a version, under the same id (A69).
//!
//! Lines keep the rate that they were made with. A rate that is in use can be archived, but not deleted (A70).

use rust_decimal::Decimal;
use serde_json::{Map, Value};

use crate::assumptions::{A69, A70};
use crate::billing::tax::{Rate, Scale};
use crate::contract::{Operation, Version, decimal_of};
use crate::records::{Facet, Kind};
use crate::store::State;

use super::answer::{Answer, Outcome};
use super::billing_runs::stale;
use super::call::Call;
use super::entry::Entry;
use super::list::{self, List, Scope};
use super::problem::Problem;
use super::resource::{self, Resource};

const TAX_RATE: Resource = Resource {
    check,
    ..Resource::of(Kind::TaxRate)
};
const TAX_RATES: List = List::of(Kind::TaxRate, &[]);

pub(super) const CREATE: Entry = Entry::computed(
    |call| shown(call, |call| resource::create(call, &TAX_RATE)),
    "document, A69, A71",
);
pub(super) const GET: Entry = Entry::stored(
    |call| shown(call, |call| resource::get(call, &TAX_RATE)),
    "document",
);
pub(super) const LIST: Entry = Entry::stored(
    |call| {
        list::page(call, &TAX_RATES, Scope::default(), |call, map| {
            shape(call, map).into()
        })
    },
    "document, A2",
);
pub(super) const UPDATE: Entry = Entry::computed(
    |call| {
        stale::by_reference(call.tx, Facet::TaxRateId, call.id());
        shown(call, |call| resource::replace(call, &TAX_RATE))
    },
    "document, A69, A71",
);
pub(super) const DELETE: Entry = Entry::computed(|call| shown(call, delete), "document, A70");
pub(super) const ARCHIVE: Entry = Entry::computed(
    |call| shown(call, |call| resource::archive(call, &TAX_RATE)),
    "document, A70",
);

/// Checks the amount, and makes the next version.
fn check(
    call: &mut Call<'_, '_>,
    map: &mut Map<String, Value>,
    former: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    if former.is_some() && call.text("id") != Some(call.id()) {
        return Err(Problem::invalid(format!(
            "body.id: the tax rate of the path is {}. Send its id.",
            call.id()
        )));
    }
    check_amount(call, map)?;
    let version = former
        .and_then(|former| former.get("version")?.as_u64())
        .unwrap_or_default();
    map.insert("version".to_owned(), (version + 1).into());
    map.insert("versionId".to_owned(), call.tx.new_id().into());
    call.assume(A69);
    Ok(())
}

/// Checks that the amount is on the scale (A71), and that the sub-rates add up to it.
fn check_amount(call: &mut Call<'_, '_>, map: &Map<String, Value>) -> Result<(), Problem> {
    let amount = map.get("amount").and_then(decimal_of).unwrap_or_default();
    let rate = Rate::new(amount, Scale::Guessed).map_err(|error| Problem::at("body.amount", error))?;
    call.assume(rate.assumed);
    let sub_rates = map.get("subRates").and_then(Value::as_array);
    // The format of sub-rates is not documented. What has no amount in it is only stored.
    let amounts: Option<Vec<Decimal>> = sub_rates.into_iter().flatten().map(sub_rate).collect();
    let Some(amounts) = amounts.filter(|amounts| !amounts.is_empty()) else {
        return Ok(());
    };
    let sum =
        Rate::of_sub_rates(&amounts, Scale::Guessed).map_err(|error| Problem::at("body.subRates", error))?;
    if sum.fraction != rate.fraction {
        return Err(Problem::invalid(format!(
            "body.subRates: the amounts have to add up to body.amount, which is {amount}."
        )));
    }
    Ok(())
}

fn sub_rate(item: &Value) -> Option<Decimal> {
    decimal_of(item.get("amount").unwrap_or(item))
}

fn delete(call: &mut Call<'_, '_>) -> Outcome {
    resource::existing(call, Kind::TaxRate)?;
    match use_of(call.tx, call.id()) {
        Some((kind, place)) => Err(Problem::illegal_state(format!(
            "The tax rate {} is used by the {} {place}. Archive the rate instead.",
            call.id(),
            kind.name()
        ))
        .assuming(A70)),
        None => resource::delete(call, &TAX_RATE),
    }
}

/// A schedule, grant or line that uses the rate.
fn use_of(state: &State, id: &str) -> Option<(Kind, String)> {
    [Kind::BillingSchedule, Kind::CreditGrant, Kind::InvoiceLineItem]
        .into_iter()
        .find_map(|kind| {
            let row = state.rows_with(kind, Facet::TaxRateId, id).next()?;
            Some((kind, row.id().to_owned()))
        })
}

fn shown(call: &mut Call<'_, '_>, run: fn(&mut Call<'_, '_>) -> Outcome) -> Outcome {
    match run(call)? {
        Answer::Json(Value::Object(map)) => Ok(shape(call, map).into()),
        answer => Ok(answer),
    }
}

/// The rate as the operation answers it. In the newest version, only archiving answers the account and the sub-rates.
fn shape(call: &Call<'_, '_>, mut map: Map<String, Value>) -> Map<String, Value> {
    map.insert("isArchived".to_owned(), map.contains_key("archivedAt").into());
    if call.operation == Operation::TaxRateArchive {
        map.remove("updatedAt");
    } else if call.version == Version::LATEST {
        map.remove("sequenceAccountId");
        map.remove("subRates");
    }
    map
}
