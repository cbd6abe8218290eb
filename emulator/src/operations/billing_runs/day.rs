//! What happens to schedules on a day: periods are closed, invoices issued, and periods opened.

use std::collections::HashSet;

use crate::records::{BillingRun, BillingSchedule, Invoice, Kind, ScheduleStatus};
use crate::store::Tx;

use super::super::clock;
use super::super::invoices::life_cycle;
use super::calculation::{calculate, runs_of};
use super::plan::{Plan, Planned};
use super::{closing, opening};

/// Runs the day for the schedules of which a period starts, and for the runs that are due.
pub(in super::super) fn begin(tx: &mut Tx<'_>) {
    let schedules = clock::due(tx, Kind::BillingSchedule);
    run(tx, &schedules);
}

/// Bills the schedules through today, as far as they are active.
pub(in super::super) fn run(tx: &mut Tx<'_>, schedules: &[String]) {
    let today = tx.today();
    let mut started = Vec::new();
    for id in schedules {
        let Some((schedule, currency, planned)) = take(tx, id) else {
            continue;
        };
        let (due, starting): (Vec<_>, Vec<_>) = planned.into_iter().partition(|one| one.due <= today);
        opening::add(tx, &schedule, &currency, due);
        if !starting.is_empty() {
            started.push((schedule, currency, starting));
        }
    }
    for invoice in closing::close_due(tx) {
        life_cycle::issue(tx, &invoice);
    }
    let mut opened = Vec::new();
    for (schedule, currency, planned) in started {
        opened.extend(opening::add(tx, &schedule, &currency, planned));
    }
    // Schedules that roll up share invoices.
    let mut seen = HashSet::new();
    for invoice in opened {
        if seen.insert(invoice.clone()) {
            recalculate(tx, &invoice);
        }
    }
}

/// What of a schedule starts by today. It is noted in the schedule, so that it is not taken again.
fn take(tx: &mut Tx<'_>, id: &str) -> Option<(BillingSchedule, String, Vec<Planned>)> {
    let mut schedule: BillingSchedule = tx.get(id)?;
    if schedule.status != ScheduleStatus::Active {
        return None;
    }
    let mut progress = std::mem::take(&mut schedule.progress);
    let taken = Plan::of(tx, &schedule).map(|plan| {
        let planned = plan.take(&mut progress, tx.today());
        (plan.currency().unwrap_or_default().to_owned(), planned)
    });
    if taken.is_none() {
        progress.next_day = None;
    }
    schedule.progress = progress;
    tx.put(&schedule);
    let (currency, planned) = taken?;
    Some((schedule, currency, planned))
}

/// Calculates an upcoming invoice anew.
fn recalculate(tx: &mut Tx<'_>, invoice: &str) {
    if let Some(mut invoice) = tx.get::<Invoice>(invoice) {
        let (runs, now): (Vec<BillingRun>, String) = (runs_of(tx, &invoice.id), tx.now_text());
        calculate(tx, &mut invoice, &runs, &now);
    }
}
