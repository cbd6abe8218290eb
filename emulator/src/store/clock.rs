//! The time of the emulated account. The only place that reads the clock of the system, and that waits.
//!
//! A clock runs with the system, or stands at an instant until it is advanced. It never goes back.

#![allow(
    clippy::disallowed_methods,
    reason = "`clippy.toml` disallows these methods everywhere else"
)]

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::{Duration, SystemTime};

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// The future of a wait.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time.
pub trait Source: fmt::Debug + Send + Sync + 'static {
    /// Returns the current time.
    fn now(&self) -> DateTime<Utc>;

    /// Returns a future that completes after `duration`, used to wait.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Returns a future that completes after `duration`, used to limit another future.
    ///
    /// The default implementation calls [`sleep`](Self::sleep). A source whose waits end at once has another one, since
    /// the limit would end at once too.
    fn timer(&self, duration: Duration) -> Sleep {
        self.sleep(duration)
    }
}

/// The clock of the system, with Tokio's timers.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemSource;

impl Source for SystemSource {
    fn now(&self) -> DateTime<Utc> {
        SystemTime::now().into()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The clock of the account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Clock {
    /// Runs with the system, this many microseconds ahead of it.
    Running(i64),
    /// Stands at this many microseconds after 1970.
    Standing(i64),
}

/// The error returned for a clock that is moved back, or beyond the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotForward;

impl fmt::Display for NotForward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the clock only moves forward, and not beyond the calendar")
    }
}

impl std::error::Error for NotForward {}

impl Clock {
    /// A clock that runs with the system.
    pub const fn running() -> Self {
        Self::Running(0)
    }

    /// A clock that stands at an instant.
    pub fn standing(at: DateTime<Utc>) -> Self {
        Self::Standing(at.timestamp_micros())
    }

    /// Returns the time, in whole microseconds.
    pub fn now(self, source: &dyn Source) -> DateTime<Utc> {
        let micros = match self {
            Self::Running(ahead) => source.now().timestamp_micros().saturating_add(ahead),
            Self::Standing(at) => at,
        };
        DateTime::from_timestamp_micros(micros).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }

    /// Moves the clock ahead.
    ///
    /// # Errors
    ///
    /// If that leaves the calendar.
    pub fn advance(&mut self, by: TimeDelta, source: &dyn Source) -> Result<(), NotForward> {
        let by = by.num_microseconds().filter(|by| *by >= 0).ok_or(NotForward)?;
        let (Self::Running(micros) | Self::Standing(micros)) = *self;
        let moved = micros.checked_add(by).ok_or(NotForward)?;
        let moved = match self {
            Self::Running(_) => Self::Running(moved),
            Self::Standing(_) => Self::Standing(moved),
        };
        if moved.now(source) == DateTime::<Utc>::MAX_UTC {
            return Err(NotForward);
        }
        *self = moved;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Clock, DateTime, NotForward, SystemSource, TimeDelta, Utc};

    #[test]
    fn a_standing_clock_only_moves_forward() {
        let mut clock = Clock::standing(DateTime::<Utc>::UNIX_EPOCH);
        assert_eq!(clock.advance(TimeDelta::days(1), &SystemSource), Ok(()));
        assert_eq!(clock.now(&SystemSource).timestamp(), 86_400);
        let before = clock;
        for by in [TimeDelta::days(-1), TimeDelta::MAX, TimeDelta::days(106_000_000)] {
            assert_eq!(clock.advance(by, &SystemSource), Err(NotForward), "{by}");
        }
        assert_eq!(clock, before);
    }

    #[test]
    fn a_running_clock_keeps_its_lead() {
        let mut clock = Clock::running();
        clock
            .advance(TimeDelta::days(365), &SystemSource)
            .expect("within the calendar");
        assert_eq!(clock, Clock::Running(365 * 86_400_000_000));
    }
}
