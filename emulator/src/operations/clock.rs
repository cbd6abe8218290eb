//! What happens as the clock moves.
//!
//! Each day on which something is due begins at midnight UTC, as a commit of its own, so that one jump of the clock has
//! the same result as many small steps. Records are found by the next day on which something is due ([`Facet::NextDay`]), so
//! that days and records without any cost nothing.
//!
//! A running clock passes midnight by itself. What is then due happens before the next request is answered.

use std::error::Error;
use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::records::{Facet, Kind};
use crate::store::clock::NotForward;
use crate::store::{Row, State, Tx};

use super::billing_runs::day;
use super::billing_runs::limit::{self, MOST};
use super::billing_schedules::status;
use super::credits::ledger;
use super::finish::{Cause, finish};
use super::invoices::reminders;
use super::world::World;

const CAUSE: Cause<'static> = Cause {
    name: "clock",
    version: None,
};

/// The kinds of records with a [`Facet::NextDay`].
const KINDS: [Kind; 4] = [
    Kind::BillingSchedule,
    Kind::BillingRun,
    Kind::CreditGrant,
    Kind::Invoice,
];

/// The error returned if the clock cannot be moved. It is then unchanged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AdvanceError {
    /// The clock only moves forward, and not beyond the calendar.
    NotForward,
    /// Billing schedules would generate this many invoices, and at most 20,000 are generated at once. Move the clock in
    /// smaller steps.
    TooManyInvoices(usize),
}

impl fmt::Display for AdvanceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotForward => NotForward.fmt(f),
            Self::TooManyInvoices(count) => write!(
                f,
                "the clock would generate {count} invoices, and at most {MOST} are generated at once; move it in smaller steps"
            ),
        }
    }
}

impl Error for AdvanceError {}

impl From<NotForward> for AdvanceError {
    fn from(_: NotForward) -> Self {
        Self::NotForward
    }
}

impl World {
    /// Moves the clock ahead to noon UTC of a day.
    ///
    /// # Errors
    ///
    /// Returns an error if the day is in the past, or too many invoices would be generated. The clock is then unchanged.
    pub fn advance_to(&self, date: NaiveDate) -> Result<(), AdvanceError> {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).ok_or(NotForward)?;
        let noon = date.and_time(noon).and_utc();
        self.advance(noon - self.store().read(|state| state.now()))
    }

    /// Moves the clock ahead.
    ///
    /// # Errors
    ///
    /// Returns an error if the result is outside of the calendar, or too many invoices would be generated. The clock is then
    /// unchanged.
    pub fn advance(&self, by: TimeDelta) -> Result<(), AdvanceError> {
        let target = self.reachable(by)?;
        if let Some(count) = self
            .store()
            .read(|state| limit::of_clock(state, target.date_naive()))
        {
            return Err(AdvanceError::TooManyInvoices(count));
        }
        let mut left = by;
        while let Some(date) = self.next_day(target.date_naive()) {
            left -= self.begin(date)?;
        }
        Ok(self.store().write(|tx| tx.advance(left.max(TimeDelta::zero())))?)
    }

    /// Begins the days that a running clock passed by itself.
    pub(super) fn catch_up(&self) {
        let today = self
            .store()
            .read(|state| state.is_running().then(|| state.today()));
        while let Some(date) = today.and_then(|today| self.next_day(today)) {
            // The day is not ahead, so that the clock does not move.
            if self.begin(date).is_err() {
                return;
            }
        }
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

    /// The next day on which something is due.
    #[cfg(feature = "page")]
    pub(crate) fn next_due(&self) -> Option<NaiveDate> {
        self.next_day(NaiveDate::from_ymd_opt(9999, 12, 31)?)
    }

    /// The first day, of those through `last`, on which something is due.
    fn next_day(&self, last: NaiveDate) -> Option<NaiveDate> {
        let last = last.to_string();
        self.store().read(|state| {
            let days = KINDS.iter().filter_map(|kind| {
                let first = state.rows_through(*kind, Facet::NextDay, &last).next();
                first?.values(Facet::NextDay).next()
            });
            days.min()?.parse().ok()
        })
    }

    /// Moves the clock to midnight of a day, if that is ahead, and begins the day. Returns how far the clock was moved.
    fn begin(&self, date: NaiveDate) -> Result<TimeDelta, NotForward> {
        self.store().write(|tx| {
            let midnight = date.and_time(NaiveTime::MIN).and_utc();
            let moved = (midnight - tx.now()).max(TimeDelta::zero());
            tx.advance(moved)?;
            status::begin_day(tx);
            ledger::begin_day(tx);
            day::begin(tx);
            reminders::begin_day(tx);
            finish(tx, &CAUSE);
            Ok(moved)
        })
    }
}

/// The ids of the records of a kind for which something is due by today, in the order of their days.
pub(super) fn due(tx: &Tx<'_>, kind: Kind) -> Vec<String> {
    let today = tx.today().to_string();
    let rows = State::rows_through(tx, kind, Facet::NextDay, &today);
    rows.map(Row::id).map(str::to_owned).collect()
}
