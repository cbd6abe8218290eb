//! Tax registrations of customers and of the merchant. They change no amount (A54).

use serde_json::{Map, Value};

use crate::assumptions::{A4, A72};
use crate::records::{Facet, Kind};
use crate::store::Test;

use super::answer::Outcome;
use super::call::Call;
use super::entry::Entry;
use super::list::{self, List, Scope};
use super::problem::Problem;
use super::resource::{self, Resource};

const REGISTRATION: Resource = Resource {
    references: &[("customerId", Kind::Customer)],
    check,
    ..Resource::of(Kind::TaxRegistration)
};
const REGISTRATIONS: List = List::of(Kind::TaxRegistration, &[]);

pub(super) const CREATE: Entry =
    Entry::stored(|call| resource::create(call, &REGISTRATION), "document, A4, A72");
pub(super) const GET: Entry = Entry::stored(|call| resource::get(call, &REGISTRATION), "document");
pub(super) const LIST: Entry = Entry::stored(
    |call| list::page(call, &REGISTRATIONS, Scope::default(), |_, map| map.into()),
    "document",
);
pub(super) const LIST_FOR_CUSTOMER: Entry = Entry::stored(
    |call| {
        if !call.tx.has(Kind::Customer, call.id()) {
            return Err(Problem::no(Kind::Customer, call.id()));
        }
        of_owner(call, Facet::CustomerId)
    },
    "document",
);
pub(super) const LIST_FOR_MERCHANT: Entry = Entry::stored(
    |call| {
        if call.id() != call.account_id() {
            return Err(no_merchant(call, call.id()));
        }
        of_owner(call, Facet::MerchantId)
    },
    "document, A72",
);
pub(super) const UPDATE: Entry =
    Entry::stored(|call| resource::replace(call, &REGISTRATION), "document, A4, A72");
pub(super) const DELETE: Entry = Entry::stored(|call| resource::delete(call, &REGISTRATION), "document");

fn of_owner(call: &mut Call<'_, '_>, owner: Facet) -> Outcome {
    let tests = vec![Test::OneOf(owner, vec![call.id().to_owned()])];
    list::everything(call, Kind::TaxRegistration, tests)
}

/// One owner (A72): a customer, or the merchant, which is the account. Without a customer it is the merchant; a
/// replacement without an owner keeps it.
fn check(
    call: &mut Call<'_, '_>,
    map: &mut Map<String, Value>,
    former: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    if map.contains_key("customerId") && map.contains_key("merchantId") {
        let message =
            "body.merchantId: a registration belongs to a customer or to the merchant. Send one of them.";
        return Err(Problem::invalid(message).assuming(A72));
    }
    if !map.contains_key("customerId") && !map.contains_key("merchantId") {
        let owner = former.and_then(|former| former.get_key_value("customerId"));
        let owner = owner.map(|(name, value)| (name.clone(), value.clone()));
        let (name, value) = owner.unwrap_or_else(|| ("merchantId".to_owned(), call.account_id().into()));
        map.insert(name, value);
        call.assume(A72);
    }
    if let Some(merchant) = map.get("merchantId").and_then(Value::as_str)
        && merchant != call.account_id()
    {
        return Err(Problem::invalid(format!(
            "body.merchantId: {}",
            no_merchant(call, merchant).message
        ))
        .assuming(A4));
    }
    check_unique(call, map, former)
}

fn check_unique(
    call: &Call<'_, '_>,
    map: &Map<String, Value>,
    former: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    let identifier = map
        .get("taxIdentifier")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let mut same = call
        .tx
        .rows_with(Kind::TaxRegistration, Facet::TaxIdentifier, identifier);
    let taken = same.find(|row| {
        let other = list::map(&row.text());
        let is_itself = former.is_some_and(|former| former.get("id") == other.get("id"));
        !is_itself && other.get("country") == map.get("country")
    });
    match taken {
        Some(row) => Err(Problem::invalid(format!(
            "body.taxIdentifier: {identifier} is registered in this country already, by {}.",
            row.id()
        ))
        .assuming(A72)),
        None => Ok(()),
    }
}

fn no_merchant(call: &Call<'_, '_>, id: &str) -> Problem {
    Problem::not_found(format!(
        "There is no merchant {id}. The only merchant is the account, {}.",
        call.account_id()
    ))
}
