//! Reports of how far a large file is read.

use std::fmt;
use std::time::Duration;

use chrono::{DateTime, Utc};

/// The time until the first report. Shorter starts have none.
const FIRST: Duration = Duration::from_secs(1);
/// The time between two reports.
const PAUSE: Duration = Duration::from_secs(3);

/// How far a file is read.
#[derive(Debug)]
pub(super) struct Progress {
    /// The size of the file in bytes.
    total: u64,
    /// When the next report is due.
    due: DateTime<Utc>,
}

/// A part of a file.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Part {
    done: u64,
    total: u64,
}

impl Progress {
    /// Starts to read a file of this size.
    pub(super) fn new(total: u64, now: DateTime<Utc>) -> Self {
        let due = now + FIRST;
        Self { total, due }
    }

    /// Returns a report if one is due.
    pub(super) fn report(&mut self, done: u64, now: DateTime<Utc>) -> Option<Part> {
        if now < self.due {
            return None;
        }
        self.due = now + PAUSE;
        let total = self.total;
        Some(Part { done, total })
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let percent = self.done.saturating_mul(100) / self.total.max(1);
        write!(f, "{percent} % of {} MB is read", self.total.div_ceil(1_000_000))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_of_more_than_a_second_is_reported_every_few_seconds() {
        let start = DateTime::<Utc>::UNIX_EPOCH;
        let mut progress = Progress::new(428_000_001, start);
        let mut report = |done, milliseconds| {
            let report = progress.report(done, start + Duration::from_millis(milliseconds));
            report.map(|part| part.to_string())
        };
        assert_eq!(report(10_000_000, 999), None);
        assert_eq!(
            report(107_000_000, 1_000).as_deref(),
            Some("24 % of 429 MB is read")
        );
        assert_eq!(report(200_000_000, 3_999), None);
        assert_eq!(
            report(428_000_001, 4_000).as_deref(),
            Some("100 % of 429 MB is read")
        );
    }
}
