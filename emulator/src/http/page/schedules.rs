//! Billing schedules.

use chrono::NaiveDate;
use maud::{Markup, html};

use crate::records::{BillingSchedule, Discount, Facet, Kind, Phase, ScheduleStatus};
use crate::store::{State, Test};

use super::Shown;
use super::customers::search_form;
use super::parts::{badge, days, empty, facts, form, link, money, pager, table, tabs, text, words};
use super::timeline::{self, Billed};
use super::view::{View, customer_name, price_name, records};

const STATUSES: [(&str, &str); 7] = [
    ("All", ""),
    ("Drafts", "DRAFT"),
    ("Pending", "PENDING"),
    ("Active", "ACTIVE"),
    ("Suspended", "SUSPENDED"),
    ("Cancelled", "CANCELLED"),
    ("Completed", "COMPLETED"),
];

pub(super) fn list(view: &View<'_>) -> Shown {
    let (status, search) = (view.parameter("status"), view.parameter("search"));
    let tests = [
        status.map(|status| Test::OneOf(Facet::Status, vec![status.to_owned()])),
        search.map(|text| Test::Contains(Facet::Label, text.to_lowercase())),
    ];
    let page = view.list(Kind::BillingSchedule, tests.into_iter().flatten().collect())?;
    let schedules: Vec<BillingSchedule> = records(&page);
    let main = html! {
        h1 { "Billing schedules" }
        (search_form("schedules", "Label", search))
        (tabs(view, "status", &STATUSES, &[("search", search)]))
        div data-live="list" {
            @if schedules.is_empty() {
                (empty(if status.or(search).is_some() { "None fits." } else { "None yet. Create one with POST /api/billing-schedules." }))
            } @else {
                (table("Billing schedules", &head(), &view.read(|state| rows(state, &schedules))))
                (pager(view, &page, &[("status", status), ("search", search)]))
            }
        }
    };
    view.page("Billing schedules", &main)
}

/// The head of a table of schedules.
pub(super) fn head() -> Markup {
    html! { th { "Schedule" } th { "Customer" } th { "Status" } th { "Starts" } th { "Ends" } th { "Phases" } th { "Next billing period" } }
}

/// The rows of a table of schedules.
pub(super) fn rows(state: &State, schedules: &[BillingSchedule]) -> Markup {
    html! {
        @for schedule in schedules {
            tr {
                th scope="row" { (link(&format!("schedules/{}", schedule.id), name(schedule))) }
                td { (customer_name(state, &schedule.customer_id)) }
                td { (badge(status(schedule))) }
                td.nowrap { (schedule.start_date) }
                td.nowrap { @if let Some(day) = schedule.last_day() { (day) } @else { "open" } }
                td.number { (schedule.phases.len()) }
                td.nowrap { @if let Some(day) = schedule.progress.next_day { (day) } }
            }
        }
    }
}

fn name(schedule: &BillingSchedule) -> &str {
    schedule.label.as_deref().unwrap_or("Without a label")
}

fn status(schedule: &BillingSchedule) -> &'static str {
    if schedule.archived_at.is_some() {
        "ARCHIVED"
    } else {
        schedule.status.name()
    }
}

pub(super) fn show(view: &View<'_>) -> Shown {
    let schedule: BillingSchedule = view.record()?;
    let billed = view.read(|state| Billed::of(state, &schedule));
    let main = html! {
        h1 data-live="title" { (name(&schedule)) " " (badge(status(&schedule))) }
        div data-live="about" { (about(view, &schedule)) }
        section aria-labelledby="timeline" data-live="timeline" {
            h2 #timeline { "Timeline" }
            (view.read(|state| timeline::draw(state, &schedule, &billed)))
            (legend())
            @if billed.is_cut { p.muted { "The last " (timeline::MOST) " invoices are shown." } }
        }
        section aria-labelledby="phases" data-live="phases" {
            h2 #phases { "Phases" }
            (view.read(|state| phases(state, &schedule)))
        }
        section aria-labelledby="invoices" data-live="invoices" {
            h2 #invoices { "Invoices" }
            (view.read(|state| invoices(state, &billed)))
        }
        @if view.read(|state| is_billed_on_demand(state, &schedule)) {
            section.card aria-labelledby="demand" {
                h2 #demand { "Prices on demand and per event" }
                p { "The clock never bills them. This bills them through today." }
                (form(view, &format!("schedules/{}/bill", schedule.id), &html! { button { "Bill on demand" } }))
            }
        }
    };
    view.page(name(&schedule), &main)
}

/// Whether the schedule has prices that only a person bills.
fn is_billed_on_demand(state: &State, schedule: &BillingSchedule) -> bool {
    let frequency = |price: &&str| {
        state
            .row(Kind::Price, price)?
            .values(Facet::BillingFrequency)
            .next()
    };
    let mut frequencies = timeline::prices(schedule)
        .into_iter()
        .filter_map(|price| frequency(&price));
    schedule.status == ScheduleStatus::Active
        && frequencies.any(|one| matches!(one, "ON_DEMAND" | "PER_EVENT"))
}

fn about(view: &View<'_>, schedule: &BillingSchedule) -> Markup {
    let customer = view.read(|state| customer_name(state, &schedule.customer_id));
    let next = schedule.progress.next_day.as_ref().map(NaiveDate::to_string);
    facts([
        (
            "Customer",
            Some(link(&format!("customers/{}", schedule.customer_id), &customer)),
        ),
        ("Starts", text(Some(&schedule.start_date))),
        ("Ends", text(schedule.last_day())),
        ("Next billing period", text(next.as_deref())),
        (
            "Invoices are sent",
            text(Some(if schedule.auto_issue_invoices {
                "by themselves"
            } else {
                "by hand"
            })),
        ),
        (
            "Billed together with other schedules",
            text(Some(if schedule.roll_up_billing { "yes" } else { "no" })),
        ),
        ("Id", Some(html! { code { (schedule.id) } })),
    ])
}

fn legend() -> Markup {
    html! {
        p.legend {
            span.key.bar {} " billed quantity " span.key.open {} " so far " span.key.draft {} " draft or upcoming invoice "
            span.key.sent {} " final or sent " span.key.voided {} " voided " span.key.credit {} " credit (dashed: with what drafts reserve) "
            span.key.today {} " today"
        }
    }
}

fn phases(state: &State, schedule: &BillingSchedule) -> Markup {
    let head = html! { th { "Phase" } th { "Days" } th { "Prices" } th { "Discounts and minimums" } };
    table(
        "Phases",
        &head,
        &html! {
            @for (place, phase) in schedule.phases.iter().enumerate() {
                tr {
                    th scope="row" { @if let Some(name) = &phase.name { (name) } @else { "Phase " (place + 1) } }
                    td { @if let Some(end) = &phase.end_date { (days(&phase.start_date, end)) } @else { "from " span.nowrap { (phase.start_date) } } }
                    td { @for price in &phase.price_ids { div { (price_name(state, price)) } } }
                    td { (terms(state, schedule, phase)) }
                }
            }
        },
    )
}

/// The discounts and minimums of a phase.
fn terms(state: &State, schedule: &BillingSchedule, phase: &Phase) -> Markup {
    let discounts: Vec<Discount> = state.all_with(Facet::BillingScheduleId, &schedule.id);
    let is_here = |discount: &&Discount| discount.phase_id.as_ref().is_none_or(|id| *id == phase.id);
    html! {
        @for discount in discounts.iter().filter(is_here) {
            div {
                (discount.amount) @if discount.discount_calculation_type == "PERCENTAGE" { " %" } " off: " (discount.message)
            }
        }
        @for minimum in &phase.minimums { div { "at least " (minimum.amount) " for each period" } }
    }
}

fn invoices(state: &State, billed: &Billed) -> Markup {
    if billed.invoices.is_empty() {
        return empty("None yet. The clock makes them as it reaches the billing days.");
    }
    let head =
        html! { th { "Billed on" } th { "Invoice" } th { "Status" } th { "Periods" } th.number { "Gross" } };
    table(
        "Invoices of the schedule",
        &head,
        &html! {
            @for (invoice, run) in billed.invoices.iter().rev() {
                tr {
                    td.nowrap { (run.due_date) }
                    th scope="row" { (link(&format!("invoices/{}", invoice.id), invoice.invoice_number.as_deref().unwrap_or("Without a number"))) }
                    td { (badge(invoice.status.name())) }
                    td {
                        @for item in &run.items {
                            div {
                                (price_name(state, &item.price_id)) ", " (days(&item.start().to_string(), &item.end().to_string()))
                                @if item.is_in_advance { span.muted { " " (words("IN_ADVANCE")) } }
                            }
                        }
                    }
                    td.number { (money(invoice.amounts.gross_total, &invoice.currency)) }
                }
            }
        },
    )
}
