//! Payment settings: at most one record for each customer.

use serde_json::{Map, Value};

use crate::records::{Facet, Kind};

use super::super::call::Call;
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::super::resource::{self, Resource};

const SETTINGS: Resource = Resource {
    check,
    ..Resource::of(Kind::CustomerPaymentSettings)
};

pub(in super::super) const CREATE: Entry =
    Entry::stored(|call| resource::create(call, &SETTINGS), "document, A4");
pub(in super::super) const GET: Entry = Entry::stored(|call| resource::get(call, &SETTINGS), "document");
pub(in super::super) const UPDATE: Entry =
    Entry::stored(|call| resource::replace(call, &SETTINGS), "document");
pub(in super::super) const DELETE: Entry =
    Entry::stored(|call| resource::delete(call, &SETTINGS), "document");

fn check(
    call: &mut Call<'_, '_>,
    map: &mut Map<String, Value>,
    former: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    if let Some(former) = former {
        // A replacement cannot move the settings to another customer.
        map.insert(
            "customerId".to_owned(),
            former.get("customerId").cloned().unwrap_or_default(),
        );
        return Ok(());
    }
    let customer = map.get("customerId").and_then(Value::as_str).unwrap_or_default();
    resource::check_reference(call, "customerId", Kind::Customer, customer)?;
    match call
        .tx
        .rows_with(Kind::CustomerPaymentSettings, Facet::CustomerId, customer)
        .next()
    {
        Some(row) => Err(Problem::invalid(format!(
            "body.customerId: the customer has payment settings already. Update {} instead.",
            row.id()
        ))),
        None => Ok(()),
    }
}
