//! Customers.

use maud::{Markup, html};
use serde_json::Value;

use crate::records::{BillingSchedule, Customer, Facet, Invoice, Kind};
use crate::store::{Row, Selection, Test};

use super::parts::{badge, day, empty, facts, link, pager, table, text};
use super::view::{View, records};
use super::{BASE, Shown, burn, invoices, schedules, usage};

pub(super) fn list(view: &View<'_>) -> Shown {
    let search = view.parameter("search");
    let contains = |text: &str| {
        let facets = [Facet::LegalName, Facet::Label, Facet::Email];
        Test::Any(
            facets
                .map(|facet| Test::Contains(facet, text.to_lowercase()))
                .into(),
        )
    };
    let page = view.list(Kind::Customer, search.map(contains).into_iter().collect())?;
    let customers: Vec<Customer> = records(&page);
    let main = html! {
        h1 { "Customers" }
        (search_form("customers", "Name or e-mail address", search))
        div data-live="list" {
            @if customers.is_empty() {
                (empty(if search.is_some() { "None fits." } else { "None yet. Create one with POST /api/customers." }))
            } @else {
                (table("Customers", &html! { th { "Name" } th { "Status" } th { "Tax status" } th { "Contact" } th { "Created" } }, &rows(&customers)))
                (pager(view, &page, &[("search", search)]))
            }
        }
    };
    view.page("Customers", &main)
}

/// A form that searches a list.
pub(super) fn search_form(path: &str, label: &str, search: Option<&str>) -> Markup {
    html! {
        form.search role="search" action=(format!("{BASE}/{path}")) {
            label for="search" { (label) }
            input #search type="search" name="search" value=[search];
            button { "Search" }
        }
    }
}

fn rows(customers: &[Customer]) -> Markup {
    html! {
        @for customer in customers {
            tr {
                th scope="row" { (link(&format!("customers/{}", customer.id), name(customer))) }
                td { (badge(status(customer))) }
                td { (super::parts::words(&customer.tax_status)) }
                td { @if let Some(contact) = customer.primary_contact() { (contact.email) } }
                td { (day(&customer.created_at)) }
            }
        }
    }
}

fn name(customer: &Customer) -> &str {
    customer.label.as_deref().unwrap_or(&customer.legal_name)
}

fn status(customer: &Customer) -> &str {
    if customer.archived_at.is_some() {
        "ARCHIVED"
    } else {
        &customer.status
    }
}

pub(super) fn show(view: &View<'_>) -> Shown {
    let customer: Customer = view.record()?;
    let of_customer = vec![Test::OneOf(Facet::CustomerId, vec![customer.id.clone()])];
    let selection = Selection {
        tests: of_customer,
        ..Selection::all(10)
    };
    let page = view.read(|state| state.page(Kind::Invoice, &selection))?;
    let aliases = view.read(|state| {
        let rows = state.rows_with(Kind::CustomerAlias, Facet::CustomerId, &customer.id);
        let values = rows.filter_map(|row| row.values(Facet::Value).next().map(str::to_owned));
        values.collect::<Vec<_>>().join(", ")
    });
    let found: Vec<Invoice> = records(&page);
    let schedules = view.read(|state| {
        let rows = state.rows_with(Kind::BillingSchedule, Facet::CustomerId, &customer.id);
        rows.rev()
            .take(20)
            .map(Row::read)
            .collect::<Vec<BillingSchedule>>()
    });
    let main = html! {
           h1 data-live="title" { (name(&customer)) " " (badge(status(&customer))) }
           (facts([
               ("Registered name", text(Some(&customer.legal_name))),
               ("Tax status", text(Some(&super::parts::words(&customer.tax_status)))),
               ("Address", address(customer.rest.get("address"))),
               ("Names in events", text(Some(&aliases).filter(|all| !all.is_empty()).map(String::as_str))),
               ("Id", Some(html! { code { (customer.id) } })),
           ]))
           section aria-labelledby="contacts" data-live="contacts" {
               h2 #contacts { "Contacts" }
               (table("Contacts", &html! { th { "Name" } th { "E-mail address" } th { "Billing" } }, &html! {
                   @for contact in customer.live_contacts() {
                       tr { th scope="row" { (contact.name) } td { (contact.email) } td { (super::parts::words(&contact.billing_preference)) } }
                   }
               }))
           }
    @if !schedules.is_empty() {
               section aria-labelledby="schedules" data-live="schedules" {
                   h2 #schedules { "Billing schedules" }
                   (table("Billing schedules", &schedules::head(), &view.read(|state| schedules::rows(state, &schedules))))
               }
           }
           @if view.read(|state| state.rows_with(Kind::CreditGrant, Facet::CustomerId, &customer.id).next().is_some()) {
               section aria-labelledby="credit" data-live="credit" {
                   h2 #credit { "Credit" }
                   (view.read(|state| burn::of_customer(state, &customer.id)))
               }
           }
           @if view.read(|state| usage::has_events(state, &customer.id)) {
               p { (link(&format!("usage?customer={}", customer.id), "Usage by day")) }
           }
           section aria-labelledby="invoices" data-live="invoices" {
               h2 #invoices { "Invoices" }
               @if found.is_empty() { (empty("None yet.")) }
               @else {
                   (table("Invoices", &invoices::head(), &invoices::rows(&found)))
                   p { (link(&format!("invoices?customer={}", customer.id), &format!("All {}", page.total))) }
               }
           }
       };
    view.page(name(&customer), &main)
}

/// An address on one line.
fn address(address: Option<&Value>) -> Option<Markup> {
    let fields = ["line1", "line2", "town", "state", "postcode", "country"];
    let address = address?;
    let parts: Vec<&str> = fields
        .into_iter()
        .filter_map(|field| address.get(field)?.as_str())
        .collect();
    text(Some(&parts.join(", ")))
}
