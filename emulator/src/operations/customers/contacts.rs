//! Contacts of a customer.

use serde_json::{Value, json};

use crate::assumptions::A11;
use crate::records::{Contact, Customer, Kind};

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::record::existing;

pub(in super::super) const LIST: Entry = Entry::real(list, "document");
pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A10");
pub(in super::super) const UPDATE: Entry = Entry::real(update, "document, A10, A11");
pub(in super::super) const ARCHIVE: Entry = Entry::real(archive, "document, A10, A11");

fn list(call: &mut Call<'_, '_>) -> Outcome {
    let customer = existing(call, call.path("customer"))?;
    let shows_archived = call.query.is_true("includeArchived");
    let contacts = customer.contacts.iter();
    let shown: Vec<&Contact> = contacts
        .filter(|contact| shows_archived || contact.archived_at.is_none())
        .collect();
    Ok(Answer::Json(json!({"items": shown})))
}

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let mut customer = existing(call, call.path("customer"))?;
    let now = call.tx.now_text();
    let mut contact = Contact {
        id: call.tx.new_id(),
        name: String::new(),
        email: String::new(),
        billing_preference: String::new(),
        created_at: now.clone(),
        updated_at: now,
        archived_at: None,
    };
    take_over(call, &mut contact);
    customer.contacts.push(contact.clone());
    if contact.billing_preference == "STANDARD" && customer.primary_contact().is_none() {
        return Err(Problem::invalid(
            "body.billingPreference: a customer whose contacts receive billing e-mails needs a PRIMARY one first.",
        ));
    }
    store(call, &customer, &contact)
}

fn update(call: &mut Call<'_, '_>) -> Outcome {
    let mut customer = existing(call, call.path("customer"))?;
    let place = place(call, &customer)?;
    if customer.contacts[place].archived_at.is_some() {
        return Err(Problem::illegal_state(format!(
            "The contact {} is archived and cannot be changed.",
            call.path("id")
        )));
    }
    let was_primary = customer.contacts[place].is_primary();
    take_over(call, &mut customer.contacts[place]);
    let contact = customer.contacts[place].clone();
    if was_primary {
        check_primary(&customer, &contact.id)?;
    }
    store(call, &customer, &contact)
}

fn archive(call: &mut Call<'_, '_>) -> Outcome {
    let mut customer = existing(call, call.path("customer"))?;
    let place = place(call, &customer)?;
    let (was_primary, now) = (customer.contacts[place].is_primary(), call.tx.now_text());
    if customer.contacts[place].archived_at.is_none() {
        customer.contacts[place].archived_at = Some(now.clone());
        customer.contacts[place].updated_at = now;
        if was_primary {
            check_primary(&customer, call.path("id"))?;
        }
    }
    let contact = customer.contacts[place].clone();
    store(call, &customer, &contact)
}

/// Refuses to take away the last primary contact (A11).
fn check_primary(customer: &Customer, id: &str) -> Result<(), Problem> {
    match customer.primary_contact() {
        Some(_) => Ok(()),
        None => Err(Problem::illegal_state(format!(
            "The contact {id} is the only PRIMARY one of the customer. Make another one PRIMARY first."
        ))
        .assuming(A11)),
    }
}

fn place(call: &Call<'_, '_>, customer: &Customer) -> Result<usize, Problem> {
    let id = call.path("id");
    let place = customer.contacts.iter().position(|contact| contact.id == id);
    place.ok_or_else(|| Problem::not_found(format!("The customer {} has no contact {id}.", customer.id)))
}

fn take_over(call: &Call<'_, '_>, contact: &mut Contact) {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    contact.name = text("name");
    contact.email = text("email");
    contact.billing_preference = text("billingPreference");
    contact.updated_at = call.tx.now_text();
}

/// Stores a contact. A change of a contact is a change of its customer (A10).
fn store(call: &mut Call<'_, '_>, customer: &Customer, contact: &Contact) -> Outcome {
    let is_changed = call
        .tx
        .get::<Customer>(&customer.id)
        .is_none_or(|former| former != *customer);
    if is_changed {
        call.tx.put(customer);
        call.tx.announce("CUSTOMER_UPDATED", Kind::Customer, &customer.id);
    }
    let contact: Value = json!(contact);
    Ok(Answer::Json(contact))
}
