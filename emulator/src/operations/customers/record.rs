//! Customers.
//!
//! A replacement replaces the live contacts, which get new ids. Aliases that it names are added, and none is removed, since
//! events may refer to it. Custom properties stay if they are left out.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use crate::contract::Version;
use crate::records::{Contact, Customer, CustomerOrganization, Facet, Kind};
use crate::store::{Row, Test};

use super::super::answer::{Answer, Outcome};
use super::super::billing_runs::stale;
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::super::problem::Problem;
use super::super::resource;
use super::{aliases, flat, organizations, shape};

const CUSTOMERS: List = List {
    kind: Kind::Customer,
    filters: &[
        Filter::OneOf("legalName", Facet::LegalName),
        Filter::OneOf("email", Facet::Email),
        Filter::OneOf("label", Facet::Label),
        Filter::IncludeArchived("includeArchived"),
        Filter::Handled("alias"),
        Filter::Handled("billingStatus"),
    ],
    sorts: &[],
    custom: Some("customProperties."),
};

pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A9");
pub(in super::super) const GET: Entry = Entry::real(get, "document, A9");
pub(in super::super) const LIST: Entry = Entry::real(list, "document, A7, A9");
pub(in super::super) const UPDATE: Entry = Entry::real(update, "document, A9");
pub(in super::super) const ARCHIVE: Entry = Entry::real(archive, "document");
pub(in super::super) const GET_BY_ALIAS: Entry = Entry::real(get_by_alias, "document, A9");
pub(in super::super) const KEYS: Entry =
    Entry::real(|call| list::custom_keys(call, Kind::Customer), "document");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let contacts = contacts(call)?;
    let now = call.tx.now_text();
    let customer = Customer {
        id: call.tx.new_id(),
        created_at: now,
        legal_name: String::new(),
        tax_status: String::new(),
        status: "ACTIVE".to_owned(),
        label: None,
        contacts,
        custom_properties: BTreeMap::new(),
        archived_at: None,
        rest: Map::new(),
    };
    store(call, customer, "CUSTOMER_CREATED")
}

fn update(call: &mut Call<'_, '_>) -> Outcome {
    let mut customer = existing(call, call.id())?;
    customer
        .contacts
        .retain(|contact| contact.archived_at.is_some() || flat::hides(call.version, contact));
    customer.contacts.extend(contacts(call)?);
    store(call, customer, "CUSTOMER_UPDATED")
}

/// Stores the customer with the fields, aliases and parent in the body.
fn store(call: &mut Call<'_, '_>, mut customer: Customer, notification_type: &'static str) -> Outcome {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let is_taxed_anew = customer.tax_status != text("taxStatus");
    (customer.legal_name, customer.tax_status) = (text("legalName"), text("taxStatus"));
    customer.label = call.text("label").map(str::to_owned);
    if let Some(status) = call.text("status") {
        customer.status = status.to_owned();
    }
    if let Some(properties) = call.body.get("customProperties").and_then(Value::as_object) {
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        customer.custom_properties = properties
            .iter()
            .map(|(key, value)| (key.clone(), text(value)))
            .collect();
    }
    customer.rest = resource::sent(call);
    customer
        .rest
        .retain(|field, _| matches!(field.as_str(), "address" | "url" | "integrationIds" | "telephone"));
    if let Some(ids) = flat::integration_ids(call) {
        customer.rest.insert("integrationIds".to_owned(), ids);
    }
    call.tx.put(&customer);
    if is_taxed_anew {
        stale::by_customer(call.tx, &customer.id);
    }
    for value in call.texts("customerAliases") {
        aliases::ensure(call, &customer.id, &value)?;
    }
    if let Some(parent) = call.text("parentId").map(str::to_owned) {
        resource::check_reference(call, "parentId", Kind::Customer, &parent)?;
        set_parent(call, &parent, &customer.id)?;
    }
    call.tx.announce(notification_type, Kind::Customer, &customer.id);
    Ok(Answer::Json(shape::complete(call, &customer)))
}

/// Adds the customer to the oldest organization of its parent, or to a new one.
fn set_parent(call: &mut Call<'_, '_>, parent: &str, child: &str) -> Result<(), Problem> {
    let owned = call.tx.all_with::<CustomerOrganization>(Facet::OwnerId, parent);
    let mut organization = match owned.into_iter().next() {
        Some(organization) => organization,
        None => CustomerOrganization {
            id: call.tx.new_id(),
            owner: parent.to_owned(),
            members: Vec::new(),
        },
    };
    let members = [child.to_owned()];
    organizations::add(call, &mut organization, "parentId", &members)
}

/// The contacts of the body. One of them has to be a primary one.
fn contacts(call: &mut Call<'_, '_>) -> Result<Vec<Contact>, Problem> {
    let sent = if call.version < Version::LATEST {
        flat::contacts(call)
    } else {
        let contacts = call.body.get("contacts").and_then(Value::as_array);
        contacts.cloned().unwrap_or_default()
    };
    let mut contacts = Vec::new();
    for contact in &sent {
        let text = |name: &str| contact[name].as_str().unwrap_or_default().to_owned();
        let now = call.tx.now_text();
        contacts.push(Contact {
            id: call.tx.new_id(),
            name: text("name"),
            email: text("email"),
            billing_preference: text("billingPreference"),
            created_at: now.clone(),
            updated_at: now,
            archived_at: None,
        });
    }
    if !contacts.iter().any(Contact::is_primary) {
        return Err(Problem::invalid(
            "body.contacts: one contact has to have the billingPreference PRIMARY.",
        ));
    }
    Ok(contacts)
}

fn get(call: &mut Call<'_, '_>) -> Outcome {
    let customer = existing(call, call.id())?;
    Ok(Answer::Json(shape::complete(call, &customer)))
}

fn get_by_alias(call: &mut Call<'_, '_>) -> Outcome {
    let alias = call.path("alias");
    let customer = aliases::customer_of(call.tx, alias).and_then(|id| call.tx.get(&id));
    let customer: Customer = customer.ok_or_else(|| {
        Problem::not_found(format!(
            "There is no customer with the alias or id {alias:?}. Aliases are case-sensitive."
        ))
    })?;
    Ok(Answer::Json(shape::by_alias(call, &customer)))
}

fn archive(call: &mut Call<'_, '_>) -> Outcome {
    let mut customer = existing(call, call.id())?;
    if customer.archived_at.is_none() {
        customer.archived_at = Some(call.tx.now_text());
        call.tx.put(&customer);
        call.tx
            .announce("CUSTOMER_ARCHIVED", Kind::Customer, &customer.id);
    }
    Ok(Answer::Json(shape::complete(call, &customer)))
}

fn list(call: &mut Call<'_, '_>) -> Outcome {
    let mut tests = Vec::new();
    if let Some(alias) = call.query.one("alias") {
        let id = aliases::customer_of(call.tx, alias);
        tests.push(Test::Id(id.into_iter().collect()));
    }
    let billed = call
        .query
        .all("billingStatus")
        .map(|wanted| (wanted.to_vec(), customers_with_running_schedules(call)));
    let keeps = |row: &Row| {
        billed.as_ref().is_none_or(|(wanted, running)| {
            let status = if running.contains(row.id()) {
                "ACTIVE"
            } else {
                "INACTIVE"
            };
            wanted.iter().any(|one| one == status)
        })
    };
    let scope = Scope {
        tests,
        keeps: billed.is_some().then_some(&keeps as &dyn Fn(&Row) -> bool),
        ..Scope::default()
    };
    list::page(call, &CUSTOMERS, scope, |call, map| {
        let customer = serde_json::from_value(map.into());
        customer.map_or(Value::Null, |customer| shape::item(call, &customer))
    })
}

fn customers_with_running_schedules(call: &Call<'_, '_>) -> HashSet<String> {
    let schedules = call.tx.rows(Kind::BillingSchedule);
    let running = schedules.filter(|row| row.values(Facet::Status).any(|status| status == "ACTIVE"));
    running
        .flat_map(|row| row.values(Facet::CustomerId))
        .map(str::to_owned)
        .collect()
}

/// The customer with this id.
pub(super) fn existing(call: &Call<'_, '_>, id: &str) -> Result<Customer, Problem> {
    call.tx.get(id).ok_or_else(|| Problem::no(Kind::Customer, id))
}
