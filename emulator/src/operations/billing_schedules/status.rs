//! The statuses of schedules (A40).
//!
//! ```text
//! create ── isDraft ─► DRAFT ── activate ─┐
//!    │                                    ▼
//!    └──────────────────────────────► PENDING ── first day ─► ACTIVE ── last day over ─► COMPLETED
//!
//! A schedule whose first day is not in the future skips PENDING.
//! archive: DRAFT, PENDING, ACTIVE or SUSPENDED ─► CANCELLED. SUSPENDED only by seed.
//! ```

use chrono::NaiveDate;

use crate::assumptions::A40;
use crate::records::{BillingSchedule, Facet, Kind, ScheduleStatus};
use crate::store::{Row, State, Tx};

use super::super::problem::Problem;
use super::check::day;

/// The status of a schedule that is not a draft any more.
pub(super) fn started(schedule: &BillingSchedule, today: NaiveDate) -> ScheduleStatus {
    if day(&schedule.start_date) > today {
        ScheduleStatus::Pending
    } else {
        ScheduleStatus::Active
    }
}

/// Refuses to change a schedule that is over.
pub(in super::super) fn check_editable(schedule: &BillingSchedule) -> Result<(), Problem> {
    let problem = || {
        Problem::illegal_state(format!(
            "The billing schedule {} is {} and cannot be changed. Duplicate it instead.",
            schedule.id,
            schedule.status.name()
        ))
    };
    match schedule.status {
        ScheduleStatus::Completed => Err(problem()),
        ScheduleStatus::Cancelled => Err(problem().assuming(A40)),
        _ => Ok(()),
    }
}

/// The first day, of those through `last`, on which the status of a schedule changes.
pub(in super::super) fn next_change(state: &State, last: NaiveDate) -> Option<NaiveDate> {
    let days = state.rows(Kind::BillingSchedule).filter_map(change);
    days.filter(|day| *day <= last).min()
}

/// Changes the statuses that are due by today.
pub(in super::super) fn begin_day(tx: &mut Tx<'_>) {
    let today = tx.today();
    let due = tx
        .rows(Kind::BillingSchedule)
        .filter(|row| change(row).is_some_and(|day| day <= today));
    let due: Vec<String> = due.map(|row| row.id().to_owned()).collect();
    let now = tx.now_text();
    for id in due {
        tx.update(&id, |schedule: &mut BillingSchedule| {
            schedule.status = match schedule.status {
                ScheduleStatus::Pending => ScheduleStatus::Active,
                _ => ScheduleStatus::Completed,
            };
            schedule.updated_at = now.clone();
        });
        tx.announce("BILLING_SCHEDULE_UPDATED", Kind::BillingSchedule, &id);
    }
}

/// The day on which the clock changes the status of a schedule next.
fn change(row: &Row) -> Option<NaiveDate> {
    let text = |facet| row.values(facet).next();
    let status = text(Facet::Status)?;
    if status == ScheduleStatus::Pending.name() {
        text(Facet::StartDate)?.parse().ok()
    } else if status == ScheduleStatus::Active.name() {
        text(Facet::EndDate)?.parse::<NaiveDate>().ok()?.succ_opt()
    } else {
        None
    }
}
