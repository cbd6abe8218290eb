//! What is printed on a document about the customer and the merchant, and fields that are only stored.

use serde_json::{Map, Value, json};

use crate::assumptions::A8;
use crate::records::{Customer, Kind};
use crate::store::State;

use super::super::call::Call;
use super::super::problem::Problem;
use super::super::resource;

/// The customer that the body names, if it can get a new document.
pub(in super::super) fn customer(call: &mut Call<'_, '_>) -> Result<Customer, Problem> {
    let id = call.text("customerId").unwrap_or_default().to_owned();
    resource::check_reference(call, "customerId", Kind::Customer, &id)?;
    let customer: Customer = call.tx.get(&id).ok_or_else(|| Problem::no(Kind::Customer, &id))?;
    if customer.archived_at.is_some() {
        let message = format!("body.customerId: the customer {id} is archived. Send one that is not.");
        return Err(Problem::illegal_state(message).assuming(A8));
    }
    if customer.status == "DRAFT" {
        return Err(Problem::illegal_state(format!(
            "body.customerId: the customer {id} is a draft and cannot be billed. Send one that is ACTIVE."
        )));
    }
    Ok(customer)
}

/// Adds what a document takes over from its customer, unless it has its own.
pub(in super::super) fn fill_from(state: &State, customer_id: &str, rest: &mut Map<String, Value>) {
    rest.entry("metadata").or_insert_with(|| json!([]));
    let Some(customer) = state.get::<Customer>(customer_id) else {
        return;
    };
    let emails = customer
        .live_contacts()
        .filter(|contact| contact.billing_preference != "NONE");
    let emails: Vec<&str> = emails.map(|contact| contact.email.as_str()).collect();
    rest.entry("customerEmails").or_insert_with(|| json!(emails));
    if let Some(address) = customer.rest.get("address") {
        for field in ["customerBillingAddress", "customerShippingAddress"] {
            rest.entry(field).or_insert_with(|| address.clone());
        }
    }
}

/// The registered name of a customer.
pub(in super::super) fn name_of(state: &State, customer_id: &str) -> String {
    let customer = state.get::<Customer>(customer_id);
    customer.map(|customer| customer.legal_name).unwrap_or_default()
}

/// Takes over the fields of the body. `null` clears a field, and so does its absence if the document is replaced.
pub(in super::super) fn apply(
    body: &Map<String, Value>,
    fields: &[&str],
    replaces: bool,
    rest: &mut Map<String, Value>,
) {
    for field in fields {
        match body.get(*field) {
            Some(Value::Null) => {
                rest.remove(*field);
            }
            Some(value) => {
                rest.insert((*field).to_owned(), value.clone());
            }
            None if replaces => {
                rest.remove(*field);
            }
            None => {}
        }
    }
}

/// Refuses addresses in the USA and Canada without a state.
pub(in super::super) fn check_addresses(call: &Call<'_, '_>) -> Result<(), Problem> {
    for field in ["customerBillingAddress", "customerShippingAddress"] {
        let text = |name: &str| {
            call.body
                .get(field)
                .and_then(|address| address.get(name)?.as_str())
        };
        if matches!(text("country"), Some("US" | "CA")) && text("state").is_none() {
            return Err(Problem::invalid(format!(
                "body.{field}.state: is missing. Addresses in the USA and in Canada need one."
            )));
        }
    }
    Ok(())
}

/// Refuses a period that ends before it starts, in either of the forms that periods have.
pub(in super::super) fn check_period(call: &Call<'_, '_>, field: &str) -> Result<(), Problem> {
    let day = |name: &str| call.body.get(field).and_then(|period| period.get(name)?.as_str());
    for (start, end) in [("start", "endInclusive"), ("startDate", "endDate")] {
        if let (Some(first), Some(last)) = (day(start), day(end))
            && first > last
        {
            return Err(Problem::invalid(format!(
                "body.{field}.{end}: {last} is before the start, {first}. Send a later day."
            )));
        }
    }
    Ok(())
}

/// The merchant: the account, with an address that the emulator makes up, since accounts have none.
pub(in super::super) fn merchant(state: &State) -> Value {
    let account = state.rows(Kind::Account).next();
    let account = account
        .and_then(|row| state.map(Kind::Account, row.id()))
        .unwrap_or_default();
    let email = account
        .get("alertEmailAddresses")
        .and_then(|emails| emails.get(0));
    json!({
        "legalCompanyName": account.get("companyName"),
        "email": email.cloned().unwrap_or_else(|| "finance@merchant.example".into()),
        "address": {
            "line1": "2 Example Street",
            "town": "London",
            "postcode": "EC1A 1AA",
            "country": account.get("country"),
        },
        "customFields": [],
        "includeBeneficiaryAddressInPaymentDetails": false,
    })
}
