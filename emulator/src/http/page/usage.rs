//! Usage: the metrics of a customer by day, and the last events.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::operations::look;
use crate::records::{Customer, Facet, Kind, UsageEvent, UsageMetric};
use crate::store::{Row, Selection, State};

use super::axis::{Axis, rounded};
use super::parts::{empty, grouped, instant, link, pager, table};
use super::view::{View, customer_name, records};
use super::{BASE, Shown};

/// How many days a chart has.
const DAYS: u64 = 62;
/// How many metrics are drawn.
const CHARTS: usize = 8;
/// How many customers can be chosen from.
const CHOICE: usize = 200;

const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 150.0;

pub(super) fn show(view: &View<'_>) -> Shown {
    let customer = view.parameter("customer").map(str::to_owned);
    let customer = customer.or_else(|| view.read(latest));
    let page = view.list(Kind::UsageEvent, Vec::new())?;
    let events: Vec<UsageEvent> = records(&page);
    let main = html! {
        h1 { "Usage" }
        (choice(view, customer.as_deref()))
        @if let Some(customer) = &customer {
            section aria-labelledby="metrics" data-live="metrics" {
                h2 #metrics { "Metrics of " (view.read(|state| customer_name(state, customer))) " by day" }
                (view.read(|state| charts(state, customer)))
            }
        }
        section aria-labelledby="events" data-live="events" {
            h2 #events { "Usage events" }
            @if events.is_empty() { (empty("None yet. Create one with POST /api/usage-events.")) }
            @else {
                (table("Usage events", &html! { th { "Happened" } th { "Type" } th { "Customer" } th { "Properties" } }, &view.read(|state| rows(state, &events))))
                (pager(view, &page, &[("customer", view.parameter("customer"))]))
            }
        }
    };
    view.page("Usage", &main)
}

/// The customer of the newest event, or the newest one.
fn latest(state: &State) -> Option<String> {
    let event = state
        .rows(Kind::UsageEvent)
        .next_back()
        .map(Row::read::<UsageEvent>);
    let customer = event.and_then(|event| look::customer_of(state, &event.customer_alias));
    customer.or_else(|| Some(state.rows(Kind::Customer).next_back()?.id().to_owned()))
}

fn choice(view: &View<'_>, current: Option<&str>) -> Markup {
    let customers = view.read(|state| state.page(Kind::Customer, &Selection::all(CHOICE)));
    let mut customers: Vec<Customer> = customers.map(|page| records(&page)).unwrap_or_default();
    // One that is too old for the list is chosen from its own page.
    if let Some(id) = current
        && customers.iter().all(|customer| customer.id != id)
    {
        customers.extend(view.read(|state| state.get::<Customer>(id)));
    }
    html! {
        @if !customers.is_empty() {
            form.search action=(format!("{BASE}/usage")) {
                label for="customer" { "Customer" }
                select #customer name="customer" {
                    @for customer in &customers {
                        option value=(customer.id) selected[current == Some(&customer.id)] { (customer.label.as_deref().unwrap_or(&customer.legal_name)) }
                    }
                }
                button { "Show" }
            }
        }
    }
}

/// The charts of the metrics that the customer has events for.
pub(super) fn charts(state: &State, customer: &str) -> Markup {
    let metrics = state.rows(Kind::UsageMetric).map(Row::read::<UsageMetric>);
    let metrics: Vec<UsageMetric> = metrics
        .filter(|metric| metric.deleted_at.is_none())
        .take(CHARTS)
        .collect();
    if metrics.is_empty() {
        return empty("There are no usage metrics. Create one with POST /api/usage-metrics.");
    }
    let names = look::names_of(state, customer);
    let Some(usage) = look::usage_by_day(state, &metrics, &names, DAYS) else {
        return empty(
            "The last day alone has too many events to draw. GET /api/usage-metrics/{id}/calculate sums them.",
        );
    };
    let (first, last) = (usage.first, usage.last);
    html! {
        @for (metric, values) in metrics.iter().zip(&usage.values) {
            h3 { (metric.name) @if let Some(unit) = &metric.unit { ", " (unit) } }
            @match values {
                Ok(values) if values.is_empty() => (empty(&format!("No events of the type {} from {first} to {last}.", metric.event_type))),
                Ok(values) => (chart(&metric.name, values, (first, last))),
                Err(error) => (empty(&format!("Not drawn: {error}."))),
            }
        }
        @if usage.is_cut {
            p.muted { "Days before " (first) " are left out, since there are many events. GET /api/usage-metrics/{id}/calculate sums all of them." }
        }
    }
}

/// Bars by day.
fn chart(name: &str, values: &BTreeMap<NaiveDate, Decimal>, (first, last): (NaiveDate, NaiveDate)) -> Markup {
    let axis = Axis::new(first, last, 8.0, WIDTH - 16.0);
    let most = values.values().max().copied().unwrap_or_default();
    let total = values
        .values()
        .try_fold(Decimal::ZERO, |sum, value| sum.checked_add(*value))
        .unwrap_or_default();
    let (bottom, room) = (HEIGHT - 6.0, HEIGHT - 46.0);
    let summary = format!("{name} by day from {first} to {last}: at most {}", shown(most));
    html! {
        div.scroll.drawing role="region" aria-label=(name) tabindex="0" {
            svg.chart viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) role="img" aria-label=(summary) {
                (axis.months(4.0, bottom))
                line.grid x1="8" y1=(bottom) x2=(axis.right()) y2=(bottom) {}
                line.grid x1="8" y1=(bottom - room) x2=(axis.right()) y2=(bottom - room) {}
                text.tick x=(axis.right()) y=(bottom - room - 4.0) text-anchor="end" { "at most " (shown(most)) " on a day" }
                @for (day, value) in values {
                    @let part = value.checked_div(most).and_then(|part| part.to_f64()).unwrap_or_default().clamp(0.0, 1.0);
                    @let height = rounded((part * room).max(1.0));
                    rect.bar x=(axis.start(*day)) y=(rounded(bottom - height)) width=(rounded(axis.end(*day) - axis.start(*day) - 2.0)) height=(height) {
                        title { (day) ": " (shown(*value)) }
                    }
                }
            }
        }
        details {
            summary { "As a table, " (shown(total)) " together" }
            (table(name, &html! { th { "Day" } th.number { "Value" } }, &html! {
                @for (day, value) in values { tr { th scope="row" { (day) } td.number { (shown(*value)) } } }
            }))
        }
    }
}

fn shown(value: Decimal) -> String {
    grouped(&value.normalize().to_string())
}

fn rows(state: &State, events: &[UsageEvent]) -> Markup {
    html! {
        @for event in events {
            tr {
                td.nowrap { (instant(&event.event_timestamp)) }
                td { (event.event_type) }
                td {
                    @match look::customer_of(state, &event.customer_alias) {
                        Some(id) => (link(&format!("customers/{id}"), &customer_name(state, &id))),
                        None => { (event.customer_alias) " " span.muted { "(of no customer yet)" } },
                    }
                }
                td { @for (name, value) in &event.event_properties { code { (name) ": " (value.get()) } " " } }
            }
        }
    }
}

/// Whether a customer has events.
pub(super) fn has_events(state: &State, customer: &str) -> bool {
    let names = look::names_of(state, customer);
    names.iter().any(|name| {
        state
            .rows_with(Kind::UsageEvent, Facet::Alias, name)
            .next()
            .is_some()
    })
}
