//! The overview: the clock with its controls, what is due, and what there is.

use maud::{Markup, html};

use crate::records::{BillingRun, BillingSchedule, CreditGrant, Facet, Invoice, Kind};
use crate::store::{Row, Selection, State};

use super::invoices;
use super::parts::{badge, empty, form, grouped, link, table};
use super::view::{View, customer_name, records};
use super::{BASE, Shown};

/// How many due days are shown.
const DUE: usize = 8;

pub(super) fn show(view: &View<'_>) -> Shown {
    let main = html! {
        h1 { "Overview" }
        div.columns {
            section.card aria-labelledby="moves" {
                h2 #moves { "Move the clock" }
                (moves(view))
            }
            section.card aria-labelledby="due" data-live="due" {
                h2 #due { "Due next" }
                (view.read(due))
            }
        }
        section aria-labelledby="counts" data-live="counts" {
            h2 #counts { "In the account" }
            (counts(view))
        }
        section aria-labelledby="latest" data-live="latest" {
            h2 #latest { "Latest invoices" }
            (latest(view)?)
        }
        section.card aria-labelledby="account" {
            h2 #account { "Account" }
            (account(view))
        }
    };
    view.page("Overview", &main)
}

/// The forms that move the clock.
fn moves(view: &View<'_>) -> Markup {
    let tomorrow = view.read(|state| state.today().succ_opt());
    let by = |period: &str, label: &str| {
        form(
            view,
            "advance",
            &html! {
                input type="hidden" name="by" value=(period);
                button { (label) }
            },
        )
    };
    html! {
        div.buttons data-live="steps" {
            (by("P1D", "One day"))
            (by("P1M", "One month"))
            @if let Some(day) = view.shared.world.next_due() {
                (form(view, "advance", &html! {
                    input type="hidden" name="to" value=(day);
                    button { "To the next due day, " (day) }
                }))
            }
        }
        (form(view, "advance", &html! {
            div.field {
                label for="to" { "To a day (noon UTC)" }
                input #to type="date" name="to" required value=[tomorrow] min=[tomorrow];
                button { "Move" }
            }
        }))
        p.hint { "Billing schedules are billed as the clock passes their days. It never goes back, except by a reset." }
    }
}

/// What the clock does next, by day.
fn due(state: &State) -> Markup {
    let kinds = [
        Kind::BillingRun,
        Kind::BillingSchedule,
        Kind::CreditGrant,
        Kind::Invoice,
    ];
    let rows = kinds.into_iter().flat_map(|kind| {
        let rows = state.rows_through(kind, Facet::NextDay, "9999-12-31").take(DUE);
        rows.filter_map(move |row| Some((row.values(Facet::NextDay).next()?, kind, row)))
    });
    let mut rows: Vec<(&str, Kind, &Row)> = rows.collect();
    rows.sort_by_key(|(day, _, _)| *day);
    rows.truncate(DUE);
    if rows.is_empty() {
        return empty("Nothing. Activate a billing schedule, and its billing days are here.");
    }
    html! {
        ol.due {
            @for (day, kind, row) in rows {
                li { time datetime=(day) { (day) } " " (event(state, kind, row)) }
            }
        }
    }
}

/// What happens to a record on its next day.
fn event(state: &State, kind: Kind, row: &Row) -> Markup {
    match kind {
        Kind::BillingRun => {
            let run: BillingRun = row.read();
            let customer = customer_name(state, &run.customer_id);
            html! { (link(&format!("invoices/{}", run.invoice_id), "Invoice")) " of " (customer) " is billed" }
        }
        Kind::BillingSchedule => {
            let schedule: BillingSchedule = row.read();
            let label = schedule
                .label
                .unwrap_or_else(|| customer_name(state, &schedule.customer_id));
            html! { "Schedule " (link(&format!("schedules/{}", schedule.id), &label)) ": next period, start or end" }
        }
        Kind::CreditGrant => {
            let grant: CreditGrant = row.read();
            html! { "Credit " (grant.name) " begins, is granted again or expires" }
        }
        _ => {
            let invoice: Invoice = row.read();
            let number = invoice.invoice_number.as_deref().unwrap_or("without a number");
            html! { (link(&format!("invoices/{}", invoice.id), &format!("Invoice {number}"))) ": reminder or overdue check" }
        }
    }
}

/// How much there is, with links.
fn counts(view: &View<'_>) -> Markup {
    let of = |kind| view.read(|state| state.count(kind));
    let of_status = |kind, status: &str| view.read(|state| state.count_with(kind, Facet::Status, status));
    let (requests, refused) = {
        let log = view.shared.log();
        (
            log.len(),
            log.newest().filter(|request| request.refusal.is_some()).count(),
        )
    };
    let tile = |path: &str, count: usize, label: &str| {
        html! { li { a href=(format!("{BASE}/{path}")) { strong { (grouped(&count.to_string())) } " " (label) } } }
    };
    html! {
        ul.tiles {
            (tile("customers", of(Kind::Customer), "customers"))
            (tile("schedules", of(Kind::BillingSchedule), "schedules"))
            (tile("invoices", of(Kind::Invoice), "invoices"))
            @for status in ["IN_PROGRESS", "DRAFT", "FINAL", "SENT", "VOIDED"] {
                @let count = of_status(Kind::Invoice, status);
                @if count > 0 {
                    li { a href=(format!("{BASE}/invoices?status={status}")) { strong { (grouped(&count.to_string())) } " " (badge(status)) } }
                }
            }
            (tile("usage", of(Kind::UsageEvent), "usage events"))
            (tile("requests", requests, "requests"))
            @if refused > 0 { (tile("requests?show=refused", refused, "refused")) }
            (tile("deliveries", of(Kind::Delivery), "deliveries"))
            (tile("deliveries?show=pending", of_status(Kind::Delivery, "due"), "pending"))
        }
    }
}

fn latest(view: &View<'_>) -> Result<Markup, crate::operations::Problem> {
    let page = view.read(|state| state.page(Kind::Invoice, &Selection::all(5)))?;
    let found: Vec<Invoice> = records(&page);
    if found.is_empty() {
        return Ok(empty(
            "None yet. Create one, or move the clock past a billing day of a schedule.",
        ));
    }
    Ok(table(
        "Latest invoices",
        &invoices::head(),
        &invoices::rows(&found),
    ))
}

/// How clients reach the account, and the way back to the start.
fn account(view: &View<'_>) -> Markup {
    let credentials = &view.shared.credentials;
    let is_kept = !view.shared.snapshots().is_empty();
    html! {
        p {
            "Clients use the client id " code { (credentials.client_id) } " and the secret that the emulator was started with, below the path "
            code { "/api" } " of this address."
        }
        div.buttons {
            (form(view, "snapshot", &html! { button { "Keep the account as it is" } }))
            @if is_kept {
                (form(view, "restore", &html! { button { "Return to the kept account" } }))
            }
        }
        details {
            summary { "Start over" }
            p { "A reset returns to the account at the start. Everything since then is lost, also the requests and faults." }
            (form(view, "reset", &html! { button.danger { "Reset the account" } }))
        }
    }
}
