//! The shapes in which versions answer customers.
//!
//! | shape | contacts | other differences |
//! | --- | --- | --- |
//! | complete, 2024-07-30 | `contacts` | `status`, `organizations`, `customProperties` |
//! | in lists of 2024-07-30 | none | no `status` |
//! | 2024-05-09, and the lookup by alias | `email`, `billingEmails`, `contactName` (A9) | |
//! | 2024-01-01 | the same | `sequenceAccountId`; `externalIds` instead of `integrationIds` |

use serde_json::{Map, Value, json};

use crate::assumptions::A9;
use crate::contract::Version;
use crate::records::Customer;
use crate::store::State;

use super::super::call::Call;
use super::organizations;

/// The newest version with the shape that the lookup by alias returns.
const FLAT: &str = "2024-05-09";

/// The complete customer in the version of the call.
pub(super) fn complete(call: &mut Call<'_, '_>, customer: &Customer) -> Value {
    let version = call.version;
    if version < Version::LATEST {
        return flat(call, customer, version);
    }
    full(call.tx, customer)
}

/// The customer as an item of a list.
pub(super) fn item(call: &mut Call<'_, '_>, customer: &Customer) -> Value {
    let mut item = complete(call, customer);
    if let Some(map) = item.as_object_mut() {
        map.remove("contacts");
        map.remove("status");
    }
    item
}

/// The customer as the lookup by alias answers it.
pub(super) fn by_alias(call: &mut Call<'_, '_>, customer: &Customer) -> Value {
    let flat_version = Version::parse(FLAT).unwrap_or(Version::LATEST);
    let version = call.version.min(flat_version);
    flat(call, customer, version)
}

/// The complete customer in the newest version.
pub(in super::super) fn full(state: &State, customer: &Customer) -> Value {
    let mut map = common(customer);
    let contacts: Vec<_> = customer.live_contacts().collect();
    map.insert("contacts".to_owned(), json!(contacts));
    map.insert("status".to_owned(), customer.status.as_str().into());
    map.insert(
        "organizations".to_owned(),
        organizations::of_customer(state, &customer.id).into(),
    );
    map.insert("customProperties".to_owned(), json!(customer.custom_properties));
    map.into()
}

fn flat(call: &mut Call<'_, '_>, customer: &Customer, version: Version) -> Value {
    call.assume(A9);
    let mut map = common(customer);
    let standard = customer
        .live_contacts()
        .filter(|contact| contact.billing_preference == "STANDARD");
    let emails: Vec<&str> = standard.map(|contact| contact.email.as_str()).collect();
    map.insert("billingEmails".to_owned(), json!(emails));
    if let Some(primary) = customer.primary_contact() {
        map.insert("email".to_owned(), primary.email.as_str().into());
        if !primary.name.is_empty() {
            map.insert("contactName".to_owned(), primary.name.as_str().into());
        }
    }
    if version.name() < FLAT {
        let ids = map.remove("integrationIds").unwrap_or_default();
        let external = ids
            .as_array()
            .into_iter()
            .flatten()
            .map(|id| json!({"key": id["service"], "value": id["id"], "syncTime": customer.created_at}));
        map.insert("externalIds".to_owned(), external.collect());
        map.insert("sequenceAccountId".to_owned(), call.account_id().into());
    }
    map.into()
}

/// What every shape has.
fn common(customer: &Customer) -> Map<String, Value> {
    let mut map = Map::new();
    for field in ["address", "url", "telephone", "integrationIds"] {
        if let Some(value) = customer.rest.get(field) {
            map.insert(field.to_owned(), value.clone());
        }
    }
    map.entry("integrationIds").or_insert_with(|| json!([]));
    for (field, value) in [
        ("id", Some(&customer.id)),
        ("createdAt", Some(&customer.created_at)),
        ("legalName", Some(&customer.legal_name)),
        ("taxStatus", Some(&customer.tax_status)),
        ("label", customer.label.as_ref()),
        ("archivedAt", customer.archived_at.as_ref()),
    ] {
        if let Some(value) = value {
            map.insert(field.to_owned(), value.as_str().into());
        }
    }
    map
}
