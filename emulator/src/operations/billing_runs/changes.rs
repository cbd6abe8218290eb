//! New terms of a schedule that bills already, and its early end.
//!
//! New terms hold from today on. What is closed stays. An open period of a price goes on under the new terms if these have
//! the price, and otherwise ends yesterday and is billed on the day on which it would have been, with its tax rate and with the
//! discounts and minimums that were for it alone, or those of its phase if that is gone. Days in the past that were never billed
//! stay unbilled. A price that is charged once stays as it is, so that it is not charged twice.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::records::{BillingRun, BillingSchedule, Facet, FormerTerms, Invoice, Kind, Progress, RunItem};
use crate::store::Tx;

use super::super::invoices::record;
use super::calculation::runs_of;
use super::plan::Plan;
use super::price::Price;
use super::{day, former, opening, stale};

/// Bills a live schedule by its new terms. `before` are those that they replace.
pub(in super::super) fn replan(tx: &mut Tx<'_>, schedule: &mut BillingSchedule, before: &FormerTerms) {
    let today = tx.today();
    let mut progress = std::mem::take(&mut schedule.progress);
    let mut runs: Vec<BillingRun> = tx.all_with(Facet::BillingScheduleId, &schedule.id);
    let items = runs.iter().flat_map(|run| &run.items);
    let running = items.filter(|item| item.end() >= today);
    let open: HashSet<String> = running.map(RunItem::key).collect();
    progress.from = Some(today);
    progress.next_day = Some(today);
    for (_, next) in progress.next.iter_mut().filter(|(key, _)| !open.contains(*key)) {
        *next = today.max(*next);
    }
    let plan = Plan::of(tx, schedule);
    for run in &mut runs {
        let items = std::mem::take(&mut run.items).into_iter();
        run.items = items
            .filter_map(|item| remainder(plan.as_ref(), item, &mut progress, today))
            .collect();
        run.former = former::still_used(tx, before, run, schedule);
    }
    let billed_later = runs.iter().filter(|run| !run.items.is_empty());
    progress.last_due = billed_later.map(|run| run.due_date).max();
    schedule.progress = progress;
    tx.put(schedule);
    runs.iter().for_each(|run| tx.put(run));
    day::run(tx, std::slice::from_ref(&schedule.id));
    refresh(tx, &schedule.id);
    if let Some(billed) = tx.get(&schedule.id) {
        *schedule = billed;
    }
}

/// Ends the periods of an archived schedule today. They are billed on the days on which they would have been.
pub(in super::super) fn end(tx: &mut Tx<'_>, schedule: &str) {
    let today = tx.today();
    let runs: Vec<BillingRun> = tx.all_with(Facet::BillingScheduleId, schedule);
    for mut run in runs {
        let items = std::mem::take(&mut run.items).into_iter();
        run.items = items.filter_map(|item| item.cut(today)).collect();
        tx.put(&run);
    }
    refresh(tx, schedule);
}

/// What of an open item the new terms leave in its run: the days before they bill the price anew, or before today.
fn remainder(
    plan: Option<&Plan<'_>>,
    item: RunItem,
    progress: &mut Progress,
    today: NaiveDate,
) -> Option<RunItem> {
    let price = plan.and_then(|plan| plan.price(&item.price_id));
    if price.is_some_and(|price| price.is_once(item.part)) {
        return Some(item);
    }
    let is_over = item.end().succ_opt().is_none_or(|next| next < today);
    if is_over && price.is_some_and(Price::depends_on_days) {
        return Some(item); // It was left out for some days, which stay unbilled.
    }
    let start = item.start();
    progress.next.insert(item.key(), start);
    let planned = plan
        .zip(price)
        .and_then(|(plan, price)| plan.next(price, item.part, progress));
    let next = planned.map_or(today, |planned| planned.item.start().min(today));
    progress.next.insert(item.key(), next);
    item.cut(next.pred_opt()?)
}

/// Removes the open runs of which nothing is left, and has the invoices calculated.
fn refresh(tx: &mut Tx<'_>, schedule: &str) {
    let runs: Vec<BillingRun> = tx.all_with(Facet::BillingScheduleId, schedule);
    for run in runs {
        if run.items.is_empty() {
            tx.remove(Kind::BillingRun, &run.id);
        }
        let Some(mut invoice) = tx.get::<Invoice>(&run.invoice_id) else {
            continue;
        };
        let left = runs_of(tx, &invoice.id);
        if left.is_empty() {
            record::remove(tx, &invoice);
            continue;
        }
        opening::take_over(tx, &left, &mut invoice);
        tx.put(&invoice);
        left.into_iter().for_each(|run| stale::mark(tx, run));
    }
}
