//! Payment settings of customers.

use serde_json::{Map, Value};

use crate::records::{Facet, Kind};
use crate::store::State;

use super::super::entry::Entry;
use super::super::payment_settings::{self, Owner};
use super::super::resource::{self, Resource};

const OWNER: Owner = Owner {
    settings: Kind::CustomerPaymentSettings,
    kind: Kind::Customer,
    field: "customerId",
    facet: Facet::CustomerId,
};
const SETTINGS: Resource = Resource {
    check: |call, map, former| payment_settings::check(call, map, former, &OWNER),
    ..Resource::of(OWNER.settings)
};

pub(in super::super) const CREATE: Entry =
    Entry::stored(|call| resource::create(call, &SETTINGS), "document, A4");
pub(in super::super) const GET: Entry = Entry::stored(|call| resource::get(call, &SETTINGS), "document");
pub(in super::super) const UPDATE: Entry =
    Entry::stored(|call| resource::replace(call, &SETTINGS), "document");
pub(in super::super) const DELETE: Entry =
    Entry::stored(|call| resource::delete(call, &SETTINGS), "document");

/// The settings of a customer.
pub(in super::super) fn of_customer(state: &State, customer: &str) -> Option<Map<String, Value>> {
    payment_settings::of_owner(state, &OWNER, customer)
}
