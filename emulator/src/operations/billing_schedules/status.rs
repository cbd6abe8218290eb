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
use crate::records::{BillingSchedule, Kind, ScheduleStatus};
use crate::store::Tx;

use super::super::clock;
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

/// Completes a schedule of which the last day is over, as far as it is billed.
pub(super) fn complete(schedule: &mut BillingSchedule, today: NaiveDate) {
    let is_over = || schedule.next_change().is_some_and(|day| day <= today);
    if schedule.status == ScheduleStatus::Active && is_over() {
        schedule.status = ScheduleStatus::Completed;
    }
}

/// Changes the statuses that are due by today.
pub(in super::super) fn begin_day(tx: &mut Tx<'_>) {
    let (today, now) = (tx.today(), tx.now_text());
    for id in clock::due(tx, Kind::BillingSchedule) {
        let Some(mut schedule) = tx.get::<BillingSchedule>(&id) else {
            continue;
        };
        if schedule.next_change().is_none_or(|day| day > today) {
            continue;
        }
        schedule.status = match schedule.status {
            ScheduleStatus::Pending => ScheduleStatus::Active,
            _ => ScheduleStatus::Completed,
        };
        schedule.updated_at.clone_from(&now);
        tx.put(&schedule);
        tx.announce("BILLING_SCHEDULE_UPDATED", Kind::BillingSchedule, &id);
    }
}
