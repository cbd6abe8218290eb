//! Spaces requests out, with the generic cell rate algorithm.

use std::time::{Duration, Instant};

/// The times at which requests may start: one for each interval, and a burst after a time without requests.
#[derive(Debug)]
pub(super) struct Spacing {
    interval: Duration,
    /// How long before its time a request may start, in a burst.
    tolerance: Duration,
    /// The time of the next request without a burst. `None` before the first one.
    next: Option<Instant>,
}

impl Spacing {
    /// Creates a spacing by `interval`, with at most `burst` requests at the same time.
    pub(super) fn new(interval: Duration, burst: u32) -> Self {
        Self {
            interval,
            tolerance: interval * burst.saturating_sub(1),
            next: None,
        }
    }

    /// Returns the time between two requests.
    pub(super) fn interval(&self) -> Duration {
        self.interval
    }

    /// Starts a request, or returns how long the next one has to wait, which is never zero.
    pub(super) fn start(&mut self, now: Instant) -> Result<(), Duration> {
        let next = self.next.map_or(now, |next| next.max(now));
        let early = next - now;
        if early > self.tolerance {
            return Err(early - self.tolerance);
        }
        self.next = Some(next + self.interval);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::{Clock as _, ManualClock};

    const SECOND: Duration = Duration::from_secs(1);

    /// Returns how many requests start at once, and the wait of the next one.
    fn burst(spacing: &mut Spacing, now: Instant) -> (u32, Duration) {
        let mut started = 0;
        loop {
            match spacing.start(now) {
                Ok(()) => started += 1,
                Err(wait) => return (started, wait),
            }
        }
    }

    #[test]
    fn a_burst_is_never_larger_than_its_limit_however_long_nothing_was_sent() {
        for limit in [1, 2, 5] {
            let mut spacing = Spacing::new(SECOND, limit);
            let begin = ManualClock::new().now();
            assert_eq!(burst(&mut spacing, begin), (limit, SECOND));
            assert_eq!(burst(&mut spacing, begin + SECOND * 1_000), (limit, SECOND));
        }
    }

    #[test]
    fn after_a_burst_one_request_starts_for_each_interval() {
        let mut spacing = Spacing::new(SECOND, 3);
        let begin = ManualClock::new().now();
        assert_eq!(burst(&mut spacing, begin), (3, SECOND));
        assert_eq!(burst(&mut spacing, begin + SECOND / 4), (0, SECOND * 3 / 4));
        assert_eq!(burst(&mut spacing, begin + SECOND), (1, SECOND));
        assert_eq!(burst(&mut spacing, begin + SECOND * 5 / 2), (1, SECOND / 2));
    }
}
