//! What happens as the clock moves.
//!
//! Each day on which something is due begins at midnight UTC, as a commit of its own, so that one jump of the clock has
//! the same result as many small steps.

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::store::clock::NotForward;

use super::billing_schedules::status;
use super::finish::{Cause, finish};
use super::world::World;

const CAUSE: Cause<'static> = Cause {
    name: "clock",
    version: None,
};

impl World {
    /// Moves the clock ahead to noon UTC of a day.
    ///
    /// # Errors
    ///
    /// Returns an error if the day is in the past. The clock is then unchanged.
    pub fn advance_to(&self, date: NaiveDate) -> Result<(), NotForward> {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).ok_or(NotForward)?;
        let noon = date.and_time(noon).and_utc();
        self.advance(noon - self.store().read(|state| state.now()))
    }

    /// Moves the clock ahead.
    ///
    /// # Errors
    ///
    /// Returns an error if the result is outside of the calendar. The clock is then unchanged.
    pub fn advance(&self, by: TimeDelta) -> Result<(), NotForward> {
        let target = self.reachable(by)?;
        let mut left = by;
        while let Some(day) = self
            .store()
            .read(|state| status::next_change(state, target.date_naive()))
        {
            left -= self.begin(day)?;
        }
        self.store().write(|tx| tx.advance(left.max(TimeDelta::zero())))
    }

    /// The instant that is `by` ahead, if the clock can be moved there.
    fn reachable(&self, by: TimeDelta) -> Result<DateTime<Utc>, NotForward> {
        let tried = self.store().write(|tx| {
            let tried = tx.advance(by).map(|()| tx.now());
            // An error undoes the change.
            Err::<(), _>(tried)
        });
        tried.err().unwrap_or(Err(NotForward))
    }

    /// Moves the clock to midnight of a day, if that is ahead, and begins the day. Returns how far the clock was moved.
    fn begin(&self, day: NaiveDate) -> Result<TimeDelta, NotForward> {
        self.store().write(|tx| {
            let midnight = day.and_time(NaiveTime::MIN).and_utc();
            let moved = (midnight - tx.now()).max(TimeDelta::zero());
            tx.advance(moved)?;
            status::begin_day(tx);
            finish(tx, &CAUSE);
            Ok(moved)
        })
    }
}
