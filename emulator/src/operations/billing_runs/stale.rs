//! Upcoming invoices that have to be calculated again.
//!
//! An event marks the runs that it touches, and the invoice is calculated before it is read the next time. So a million
//! events cost one calculation, and not a million. The time of the calculation is that of the last change, so that nothing
//! depends on when an invoice is read.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use crate::records::{BillingRun, Facet, Invoice, Kind};
use crate::store::{Row, State, Tx};

use super::super::customers::aliases;
use super::calculation::{calculate, runs_of};
use super::measure::{EventKind, is_touched};
use super::price::Price;

/// Marks the runs that an event of an alias touches.
pub(in super::super) fn by_event(tx: &mut Tx<'_>, kind: &EventKind<'_>, alias: &str, at: DateTime<Utc>) {
    let Some(customer) = aliases::customer_of(tx, alias) else {
        return;
    };
    let runs: Vec<BillingRun> = tx.all_with(Facet::CustomerId, &customer);
    for run in runs {
        let is_touched = run.items.iter().any(|item| {
            let price = Price::read(tx, &item.price_id);
            price.is_some_and(|price| is_touched(tx, item, &price, kind, at.date_naive()))
        });
        if is_touched {
            mark(tx, run);
        }
    }
}

/// Marks the runs of a customer.
pub(in super::super) fn by_customer(tx: &mut Tx<'_>, customer: &str) {
    for run in tx.all_with(Facet::CustomerId, customer) {
        mark(tx, run);
    }
}

/// Marks the runs of a schedule.
pub(in super::super) fn by_schedule(tx: &mut Tx<'_>, schedule: &str) {
    for run in tx.all_with(Facet::BillingScheduleId, schedule) {
        mark(tx, run);
    }
}

/// Marks the runs of the schedules that refer to a record.
pub(in super::super) fn by_reference(tx: &mut Tx<'_>, facet: Facet, id: &str) {
    let schedules = tx.rows_with(Kind::BillingSchedule, facet, id);
    let schedules: Vec<String> = schedules.map(|row| row.id().to_owned()).collect();
    for schedule in schedules {
        by_schedule(tx, &schedule);
    }
}

/// Marks the runs of the prices of a metric.
pub(in super::super) fn by_metric(tx: &mut Tx<'_>, metric: &str) {
    let prices = tx.rows_with(Kind::Price, Facet::MetricId, metric);
    let prices: Vec<String> = prices.map(|row| row.id().to_owned()).collect();
    for price in prices {
        by_reference(tx, Facet::PriceId, &price);
    }
}

/// Marks an open run, and announces the change of its invoice.
pub(super) fn mark(tx: &mut Tx<'_>, mut run: BillingRun) {
    let now = tx.now_text();
    tx.announce("INVOICE_UPDATED", Kind::Invoice, &run.invoice_id);
    if run.stale_since.as_ref() != Some(&now) {
        run.stale_since = Some(now);
        tx.put(&run);
    }
}

/// Returns whether an invoice has to be calculated.
pub(in super::super) fn is_any(state: &State) -> bool {
    let mut rows = state.rows_with(Kind::BillingRun, Facet::Stale, "true");
    rows.next().is_some()
}

/// Calculates the invoices of the marked runs.
pub(in super::super) fn settle(tx: &mut Tx<'_>) {
    let marked = tx.rows_with(Kind::BillingRun, Facet::Stale, "true");
    let mut latest: BTreeMap<String, String> = BTreeMap::new();
    let marked: Vec<BillingRun> = marked.map(Row::read).collect();
    for mut run in marked {
        let since = run.stale_since.take().unwrap_or_default();
        tx.put(&run);
        let at = latest.entry(run.invoice_id).or_default();
        if *at < since {
            *at = since;
        }
    }
    for (invoice, at) in latest {
        if let Some(mut invoice) = tx.get::<Invoice>(&invoice) {
            let runs = runs_of(tx, &invoice.id);
            calculate(tx, &mut invoice, &runs, &at);
        }
    }
}
