//! Aliases: names that identify a customer in events, as its id does.
//!
//! A deleted alias frees its value (A3).

use std::collections::HashSet;

use serde_json::{Map, Value, json};

use crate::records::{Facet, Kind};
use crate::store::{Row, State};

use super::super::answer::{Answer, Outcome};
use super::super::billing_runs::stale;
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::super::problem::Problem;
use super::super::resource;

const ALIASES: List = List::of(Kind::CustomerAlias, &[Filter::OneOf("value", Facet::Value)]);

pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A4, A10, A12");
pub(in super::super) const UPDATE: Entry = Entry::real(update, "document, A10");
pub(in super::super) const DELETE: Entry = Entry::real(delete, "document, A3, A10");
pub(in super::super) const LIST: Entry = Entry::real(
    |call| list::page(call, &ALIASES, Scope::default(), |_, map| map.into()),
    "document",
);
pub(in super::super) const LIST_FOR_CUSTOMER: Entry = Entry::real(list_for_customer, "document");

/// The id of the customer that an alias means.
pub(in super::super) fn customer_of(state: &State, alias: &str) -> Option<String> {
    if state.has(Kind::Customer, alias) {
        return Some(alias.to_owned());
    }
    let found = live(state, alias)?;
    found.get("customerId").and_then(Value::as_str).map(str::to_owned)
}

/// Every name that means a customer in an event: the ids, and the aliases that are not deleted.
pub(in super::super) fn names(state: &State) -> HashSet<String> {
    let ids = state.rows(Kind::Customer).map(Row::id);
    let aliases = state.rows(Kind::CustomerAlias).flat_map(value);
    ids.chain(aliases).map(str::to_owned).collect()
}

/// Returns the id of a customer and its aliases that are not deleted. The list is empty if the customer does not exist.
pub(in super::super) fn names_of(state: &State, customer: &str) -> Vec<String> {
    let id = state.row(Kind::Customer, customer).map(Row::id);
    let aliases = state.rows_with(Kind::CustomerAlias, Facet::CustomerId, customer);
    id.into_iter()
        .chain(aliases.flat_map(value))
        .map(str::to_owned)
        .collect()
}

/// The value of an alias, unless it is deleted.
fn value(alias: &Row) -> Option<&str> {
    let value = alias.values(Facet::Value).next();
    value.filter(|_| !alias.has(Facet::Deleted))
}

fn live(state: &State, value: &str) -> Option<Map<String, Value>> {
    let rows = state.rows_with(Kind::CustomerAlias, Facet::Value, value);
    let mut aliases = rows.map(|row| list::map(&row.text()));
    aliases.find(|alias| !alias.contains_key("deletedAt"))
}

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let (customer, value) = (text("customerId"), text("value"));
    let label = call.text("label").map(str::to_owned);
    resource::check_reference(call, "customerId", Kind::Customer, &customer)?;
    if value.is_empty() {
        return Err(Problem::invalid(
            "body.value: is empty. Send the text that events have as `customerAlias`.",
        ));
    }
    if let Some(owner) = customer_of(call.tx, &value) {
        return Err(Problem::invalid(format!(
            "body.value: the alias {value:?} belongs to the customer {owner} already."
        )));
    }
    let alias = add(call, &customer, &value, label);
    call.tx.announce("CUSTOMER_UPDATED", Kind::Customer, &customer);
    Ok(alias.into())
}

/// Adds an alias, unless the customer has it.
pub(super) fn ensure(call: &mut Call<'_, '_>, customer: &str, value: &str) -> Result<(), Problem> {
    match customer_of(call.tx, value) {
        Some(owner) if owner == customer => Ok(()),
        Some(owner) => Err(Problem::invalid(format!(
            "body.customerAliases: the alias {value:?} belongs to the customer {owner} already."
        ))),
        None => {
            add(call, customer, value, None);
            Ok(())
        }
    }
}

fn add(call: &mut Call<'_, '_>, customer: &str, value: &str, label: Option<String>) -> Map<String, Value> {
    let mut alias = Map::new();
    for (field, text) in [
        ("id", Some(call.tx.new_id())),
        ("sequenceAccountId", Some(call.account_id())),
        ("customerId", Some(customer.to_owned())),
        ("value", Some(value.to_owned())),
        ("label", label),
        ("createdAt", Some(call.tx.now_text())),
    ] {
        if let Some(text) = text {
            alias.insert(field.to_owned(), text.into());
        }
    }
    resource::store(call, Kind::CustomerAlias, &alias);
    stale::by_customer(call.tx, customer);
    alias
}

/// Changes the label, and nothing else.
fn update(call: &mut Call<'_, '_>) -> Outcome {
    let mut alias = existing(call)?;
    match call.text("label") {
        Some(label) => alias.insert("label".to_owned(), label.into()),
        None => alias.remove("label"),
    };
    store(call, &alias)
}

fn delete(call: &mut Call<'_, '_>) -> Outcome {
    let mut alias = existing(call)?;
    alias.insert("deletedAt".to_owned(), call.tx.now_text().into());
    let customer = alias
        .get("customerId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    stale::by_customer(call.tx, customer);
    store(call, &alias)
}

fn existing(call: &Call<'_, '_>) -> Result<Map<String, Value>, Problem> {
    let alias = resource::existing(call, Kind::CustomerAlias)?;
    if alias.contains_key("deletedAt") {
        return Err(Problem::no(Kind::CustomerAlias, call.id()));
    }
    Ok(alias)
}

fn store(call: &mut Call<'_, '_>, alias: &Map<String, Value>) -> Outcome {
    resource::store(call, Kind::CustomerAlias, alias);
    let customer = alias
        .get("customerId")
        .and_then(Value::as_str)
        .unwrap_or_default();
    call.tx.announce("CUSTOMER_UPDATED", Kind::Customer, customer);
    Ok(alias.clone().into())
}

/// All live aliases of a customer, without label.
fn list_for_customer(call: &mut Call<'_, '_>) -> Outcome {
    let customer = call.id();
    if !call.tx.has(Kind::Customer, customer) {
        return Err(Problem::no(Kind::Customer, customer));
    }
    let rows = call
        .tx
        .rows_with(Kind::CustomerAlias, Facet::CustomerId, customer);
    let live = rows
        .map(|row| list::map(&row.text()))
        .filter(|alias| !alias.contains_key("deletedAt"));
    let shown = live.map(|mut alias| {
        alias.remove("label");
        Value::from(alias)
    });
    let shown: Vec<Value> = shown.collect();
    Ok(Answer::Json(json!({"items": shown})))
}
