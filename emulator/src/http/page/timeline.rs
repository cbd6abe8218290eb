//! A billing schedule as a timeline, drawn as SVG: phases, periods of prices with what was billed, invoices and credit.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Days, NaiveDate};
use maud::{Markup, html};
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive;

use crate::records::{BillingRun, BillingSchedule, CreditGrant, Facet, Invoice, InvoiceLineItem, Kind};
use crate::store::{Row, State};

use super::BASE;
use super::axis::{Axis, rounded};
use super::burn::Burn;
use super::parts::{grouped, words};
use super::view::price_name;

const WIDTH: f64 = 1_000.0;
const LEFT: f64 = 150.0;
const PHASES: f64 = 34.0;
const LANE: f64 = 38.0;
const CREDIT: f64 = 56.0;

/// The most invoices that are drawn, the newest ones.
pub(super) const MOST: usize = 60;

/// What a schedule billed and is about to bill.
pub(super) struct Billed {
    /// The invoices with their runs, oldest first.
    pub(super) invoices: Vec<(Invoice, BillingRun)>,
    /// Whether older ones were left out.
    pub(super) is_cut: bool,
    /// What was billed on each invoice of each price.
    quantities: BTreeMap<(String, String), Decimal>,
    grants: Vec<Burn>,
}

impl Billed {
    pub(super) fn of(state: &State, schedule: &BillingSchedule) -> Self {
        let rows = state.rows_with(Kind::Invoice, Facet::BillingScheduleId, &schedule.id);
        let newest: Vec<Invoice> = rows.rev().take(MOST + 1).map(Row::read).collect();
        let is_cut = newest.len() > MOST;
        let mut invoices = Vec::new();
        let mut quantities = BTreeMap::new();
        for invoice in newest.into_iter().take(MOST) {
            let runs: Vec<BillingRun> = state.all_with(Facet::InvoiceId, &invoice.id);
            for line in state.all_with::<InvoiceLineItem>(Facet::InvoiceId, &invoice.id) {
                if let Some(price) = line.text("priceId") {
                    *quantities
                        .entry((invoice.id.clone(), price.to_owned()))
                        .or_insert(Decimal::ZERO) += line.quantity;
                }
            }
            let run = runs
                .into_iter()
                .find(|run| run.billing_schedule_id == schedule.id);
            invoices.extend(run.map(|run| (invoice, run)));
        }
        invoices.sort_by_key(|(_, run)| run.due_date);
        // The grants of its phases, and those that its invoices use.
        let own = state
            .rows_with(Kind::CreditGrant, Facet::BillingScheduleId, &schedule.id)
            .map(Row::id);
        let used = invoices.iter().flat_map(|(invoice, _)| &invoice.credits);
        let grants: BTreeSet<&str> = own.chain(used.map(|credit| credit.grant_id.as_str())).collect();
        let grants = grants.into_iter().filter_map(|id| state.get::<CreditGrant>(id));
        let grants = grants.map(|grant| Burn::of(state, &grant)).collect();
        Self {
            invoices,
            is_cut,
            quantities,
            grants,
        }
    }

    /// The days that are drawn.
    fn axis(&self, schedule: &BillingSchedule, today: NaiveDate) -> Axis {
        let items = self.invoices.iter().flat_map(|(_, run)| &run.items);
        let starts = items.clone().map(|item| item.start());
        let first = match self.is_cut {
            true => starts.min(),
            false => starts.chain(schedule.start_date.parse().ok()).min(),
        };
        let first = first.unwrap_or(today);
        let ends = items.map(|item| item.end()).chain([today, first]);
        let last = ends.max().unwrap_or(today) + Days::new(21);
        Axis::new(first, last, LEFT, WIDTH - LEFT - 10.0)
    }
}

/// Draws the timeline.
pub(super) fn draw(state: &State, schedule: &BillingSchedule, billed: &Billed) -> Markup {
    let today = state.today();
    let axis = billed.axis(schedule, today);
    let prices = prices(schedule);
    let top = 18.0;
    let invoices_at = top + PHASES + LANE * prices.len() as f64;
    let credit_at = invoices_at + LANE;
    let height = credit_at + CREDIT * billed.grants.len() as f64 + 6.0;
    let now = axis.start(today);
    html! {
        div.scroll.drawing role="region" aria-label="Timeline" tabindex="0" {
            svg.timeline viewBox=(format!("0 0 {WIDTH} {height}")) role="group" aria-label="Timeline of the schedule. The tables below have the same content." {
                (axis.months(0.0, height))
                (phases(&axis, schedule, top))
                @for (place, price) in prices.iter().enumerate() {
                    (lane(state, &axis, billed, price, top + PHASES + LANE * place as f64))
                }
                (marks(&axis, billed, invoices_at))
                @for (place, grant) in billed.grants.iter().enumerate() {
                    (credit(&axis, grant, today, credit_at + CREDIT * place as f64))
                }
                line.today x1=(now) y1="14" x2=(now) y2=(height) { title { "Today, " (today) } }
            }
        }
    }
}

/// The prices of all phases, each once, in order.
pub(super) fn prices(schedule: &BillingSchedule) -> Vec<&str> {
    let mut prices: Vec<&str> = Vec::new();
    for price in schedule.phases.iter().flat_map(|phase| &phase.price_ids) {
        if !prices.contains(&price.as_str()) {
            prices.push(price);
        }
    }
    prices
}

fn label(y: f64, text: &str) -> Markup {
    let short: String = text.chars().take(21).collect();
    let shown = if short.len() < text.len() {
        format!("{short}…")
    } else {
        short
    };
    html! { text.lane x="4" y=(y) { (shown) title { (text) } } }
}

fn phases(axis: &Axis, schedule: &BillingSchedule, top: f64) -> Markup {
    let day = |text: &str| text.parse::<NaiveDate>().ok();
    html! {
        (label(top + 20.0, "Phases"))
        @for (place, phase) in schedule.phases.iter().enumerate() {
            @if let Some(start) = day(&phase.start_date) {
                @let x = axis.start(start);
                @let end = phase.end_date.as_deref().or(schedule.end_date.as_deref()).and_then(day);
                @let width = rounded(end.map_or(axis.right(), |end| axis.end(end)) - x);
                @if width > 0.0 {
                    @let name = phase.name.clone().unwrap_or_else(|| format!("Phase {}", place + 1));
                    g {
                        title { (name) ", from " (phase.start_date) @if let Some(end) = &phase.end_date { " to " (end) } }
                        rect.phase.open[end.is_none()] x=(x) y=(top + 4.0) width=(width) height="24" rx="4" {}
                        @if width > 60.0 { text.inside x=(x + 7.0) y=(top + 20.0) { (name) } }
                    }
                }
            }
        }
    }
}

/// The periods of a price, with a bar as high as what was billed.
fn lane(state: &State, axis: &Axis, billed: &Billed, price: &str, top: f64) -> Markup {
    let most = billed
        .quantities
        .iter()
        .filter(|((_, one), _)| one == price)
        .map(|(_, quantity)| *quantity);
    let most = most.max().unwrap_or_default();
    let (bottom, room) = (top + LANE - 4.0, LANE - 9.0);
    let periods = billed.invoices.iter().flat_map(|(invoice, run)| {
        let items = run.items.iter().filter(|item| item.price_id == price);
        items.map(move |item| (invoice, run.is_open, item))
    });
    html! {
        (label(top + 22.0, &price_name(state, price)))
        @for (invoice, is_open, item) in periods {
            @let (x, end) = (axis.start(item.start()), axis.end(item.end()));
            @let quantity = billed.quantities.get(&(invoice.id.clone(), price.to_owned())).copied().unwrap_or_default();
            @let width = rounded((end - x - 1.0).max(1.0));
            @let height = rounded(part(quantity, most) * room);
            g {
                title {
                    (item.start()) " to " (item.end()) ": " (grouped(&quantity.normalize().to_string()))
                    @if is_open { " so far" } @else { " billed" }
                    @if item.is_in_advance { " in advance" }
                }
                rect.period x=(x) y=(rounded(bottom - room)) width=(width) height=(room) {}
                rect.bar.open[is_open] x=(x) y=(rounded(bottom - height)) width=(width) height=(height) {}
                @if width > 7.0 * quantity.normalize().to_string().len() as f64 + 8.0 {
                    text.value x=(x + 5.0) y=(bottom - 6.0) { (grouped(&quantity.normalize().to_string())) }
                }
            }
        }
    }
}

/// How much of the most a quantity is.
fn part(quantity: Decimal, most: Decimal) -> f64 {
    let part = quantity.checked_div(most).and_then(|part| part.to_f64());
    part.unwrap_or_default().clamp(0.0, 1.0)
}

/// The invoices on their days, as links. Those of one day are on top of each other.
fn marks(axis: &Axis, billed: &Billed, top: f64) -> Markup {
    html! {
        (label(top + 22.0, "Invoices"))
        @for (invoice, run) in &billed.invoices {
            @let number = invoice.invoice_number.as_deref().unwrap_or("Invoice without a number");
            @let status = invoice.status.name();
            @let text = format!("{number}, {}, {}: {} {}", words(status), run.due_date, invoice.amounts.gross_total, invoice.currency);
            a href=(format!("{BASE}/invoices/{}", invoice.id)) aria-label=(text) {
                title { (text) }
                circle.mark.(status.to_lowercase()) cx=(axis.start(run.due_date)) cy=(top + 18.0) r="7" {}
            }
        }
    }
}

/// A grant, burning down.
fn credit(axis: &Axis, grant: &Burn, today: NaiveDate, top: f64) -> Markup {
    let (bottom, room) = (top + CREDIT - 8.0, CREDIT - 18.0);
    html! {
        (label(top + 32.0, &grant.name))
        (grant.draw(axis, today, (bottom, room)))
    }
}
