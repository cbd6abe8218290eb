//! Webhooks and e-mails.

use maud::{Markup, html};

use crate::contract::{Version, enum_values};
use crate::records::{Delivery, Facet, Kind, time};
use crate::store::Test;

use super::Shown;
use super::parts::{badge, empty, facts, form, instant, link, pager, table, tabs, text, words};
use super::requests::body;
use super::view::{View, records};

pub(super) fn list(view: &View<'_>) -> Shown {
    let pending = view.parameter("show") == Some("pending");
    let tests = pending.then(|| Test::OneOf(Facet::Status, vec!["due".to_owned()]));
    let page = view.list(Kind::Delivery, tests.into_iter().collect())?;
    let deliveries: Vec<Delivery> = records(&page);
    let main = html! {
        h1 { "Webhook deliveries" }
        (tabs(view, "show", &[("All", ""), ("Pending", "pending")], &[]))
        div data-live="list" {
            @if deliveries.is_empty() {
                (empty(if pending { "None is pending." } else { "None yet. POST /api/notifications/policies creates a policy, which sends them." }))
            } @else {
                (table("Deliveries", &html! { th { "Notification" } th { "Recipient" } th { "State" } th { "Attempts" } th { "Last attempt" } }, &rows(&deliveries)))
                (pager(view, &page, &[("show", view.parameter("show"))]))
            }
        }
        section.card aria-labelledby="trigger" {
            h2 #trigger { "Announce a resource" }
            (trigger(view))
        }
    };
    view.page("Webhook deliveries", &main)
}

fn rows(deliveries: &[Delivery]) -> Markup {
    html! {
        @for delivery in deliveries {
            tr {
                th scope="row" { (link(&format!("deliveries/{}", delivery.id), &words(&delivery.notification_type))) }
                td { (delivery.recipient) }
                td { (badge(state(delivery))) }
                td.number { (delivery.attempts.len()) }
                td.nowrap { @if let Some(attempt) = delivery.attempts.last() { (instant(&attempt.at)) } }
            }
        }
    }
}

/// What became of a delivery.
fn state(delivery: &Delivery) -> &'static str {
    let status = delivery.attempts.last().map(|attempt| attempt.status);
    match status {
        _ if delivery.due.is_some() => "pending",
        Some(Some(200..300)) => "delivered",
        Some(_) => "failed",
        None => "recorded",
    }
}

/// The form that announces the newest resource of a kind, or one with an id.
fn trigger(view: &View<'_>) -> Markup {
    let types = enum_values("NotificationType", Version::LATEST).unwrap_or_default();
    form(
        view,
        "trigger",
        &html! {
            div.fields {
                div {
                    label for="type" { "Type" }
                    select #type name="type" { @for one in types { option value=(one) { (words(one)) } } }
                }
                div {
                    label for="resource" { "Id of the resource (the newest one if empty)" }
                    input #resource name="resourceId";
                }
                button { "Announce" }
            }
        },
    )
}

pub(super) fn show(view: &View<'_>) -> Shown {
    let delivery: Delivery = view.record()?;
    let title = words(&delivery.notification_type);
    let due = delivery
        .due
        .and_then(chrono::DateTime::from_timestamp_micros)
        .map(time::instant);
    let main = html! {
        h1 data-live="title" { "Notification: " (title) " " (badge(state(&delivery))) }
        (facts([
            ("Recipient", text(Some(&delivery.recipient))),
            ("Next attempt", text(due.as_deref().map(instant).as_deref())),
            ("Resource", Some(resource(&delivery))),
            ("Id", Some(html! { code { (delivery.id) } })),
        ]))
        @if delivery.recipient.starts_with("http") && delivery.due.is_none() {
            (form(view, &format!("deliveries/{}/resend", delivery.id), &html! { button { "Send it again" } }))
        }
        section aria-labelledby="attempts" data-live="attempts" {
            h2 #attempts { "Attempts" }
            @if delivery.attempts.is_empty() { (empty("None. E-mails are recorded and never sent.")) }
            @else { (attempts(&delivery)) }
        }
        section aria-labelledby="body" {
            h2 #body { "Body" }
            (body(delivery.body.as_bytes(), "It is empty."))
        }
    };
    view.page(&title, &main)
}

/// The resource, as a link if it has a page.
fn resource(delivery: &Delivery) -> Markup {
    let pages = [
        ("INVOICE_", "invoices"),
        ("CUSTOMER_", "customers"),
        ("BILLING_SCHEDULE_", "schedules"),
    ];
    let page = pages
        .into_iter()
        .find(|(start, _)| delivery.notification_type.starts_with(start));
    html! {
        @match page {
            Some((_, page)) => (link(&format!("{page}/{}", delivery.resource), &delivery.resource)),
            None => code { (delivery.resource) },
        }
    }
}

fn attempts(delivery: &Delivery) -> Markup {
    let head = html! { th { "Time" } th { "Status" } th { "Sequence-Signature" } };
    table(
        "Attempts",
        &head,
        &html! {
            @for attempt in &delivery.attempts {
                tr {
                    td.nowrap { (instant(&attempt.at)) }
                    td { @if let Some(status) = attempt.status { (status) } @else { "not reached" } }
                    td { code { (attempt.signature) } }
                }
            }
        },
    )
}
