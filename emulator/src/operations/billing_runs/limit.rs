//! How many invoices one call, or one move of the clock, can generate.

use std::collections::HashSet;

use chrono::NaiveDate;

use crate::records::{BillingRun, BillingSchedule, Facet, Kind};
use crate::store::State;

use super::super::problem::Problem;
use super::plan::Plan;

/// The most invoices that are generated at once.
pub(in super::super) const MOST: usize = 20_000;

/// What distinguishes invoices: the customer and currency of schedules that roll up or else the schedule, and the day.
type Key = (String, NaiveDate);

/// Refuses to start a schedule that would generate too many invoices by today. `path` is the place of its first day.
pub(in super::super) fn check(state: &State, schedule: &BillingSchedule, path: &str) -> Result<(), Problem> {
    let mut keys = HashSet::new();
    add(state, schedule, state.today(), &mut keys);
    match too_many(&keys) {
        Some(count) => Err(Problem::invalid(format!(
            "{path}: {} would generate {count} invoices by today, and at most {MOST} are generated at once. Send a \
             later day.",
            schedule.start_date
        ))),
        None => Ok(()),
    }
}

/// The number of invoices that the clock would generate through a day, if that is too many.
pub(in super::super) fn of_clock(state: &State, last: NaiveDate) -> Option<usize> {
    let through = last.to_string();
    let rows = state.rows_through(Kind::BillingSchedule, Facet::NextDay, &through);
    let mut keys = HashSet::new();
    for row in rows {
        add(state, &row.read(), last, &mut keys);
    }
    too_many(&keys)
}

fn too_many(keys: &HashSet<Key>) -> Option<usize> {
    Some(keys.len()).filter(|count| *count > MOST)
}

/// Adds the invoices of a schedule through a day that do not exist yet.
fn add(state: &State, schedule: &BillingSchedule, last: NaiveDate, keys: &mut HashSet<Key>) {
    let Some(plan) = Plan::of(state, schedule) else {
        return;
    };
    let currency = plan.currency().unwrap_or_default();
    let (facet, id) = if schedule.roll_up_billing {
        (Facet::CustomerId, &schedule.customer_id)
    } else {
        (Facet::BillingScheduleId, &schedule.id)
    };
    let open: Vec<BillingRun> = state.all_with(facet, id);
    let shared = open
        .iter()
        .filter(|run| run.rolls_up == schedule.roll_up_billing && run.currency == currency);
    let open: HashSet<NaiveDate> = shared.map(|run| run.due_date).collect();
    for planned in plan.take(&mut schedule.progress.clone(), last) {
        if !open.contains(&planned.due) {
            keys.insert((format!("{id} {currency}"), planned.due));
        }
    }
}
