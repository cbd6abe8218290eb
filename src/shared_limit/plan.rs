//! The numbers that follow from a limit.

use std::num::NonZeroU32;
use std::time::Duration;

/// The time limit of the first exchange with Redis, which includes connecting.
const CONNECT: Duration = Duration::from_secs(1);

/// How slots are spaced, and for how long they are good.
///
/// Any period of a minute has at most the slots of the steady rate, those of the tolerance, and those that are used late:
/// 98.5 % of the limit and one. The rest is for requests that take longer to arrive than others.
#[derive(Clone, Copy, Debug)]
pub(super) struct Plan {
    /// The period that the limit is for: a minute.
    pub(super) minute: Duration,
    /// The time between two slots, over all processes.
    pub(super) interval: Duration,
    /// Unused time that may be made up for with a burst.
    pub(super) tolerance: Duration,
    /// The time that the blocks of all processes together may cover.
    pub(super) horizon: Duration,
    /// How long after its time a slot may be used.
    pub(super) late: Duration,
    /// The time limit of an exchange with Redis. Shorter than `late`, so that what it returns can be used.
    pub(super) timeout: Duration,
    pub(super) connect: Duration,
    /// The time between two attempts to return to Redis.
    pub(super) probe: Duration,
    /// The delay of the first slot after an outage, in which the other processes notice its end.
    pub(super) resume: Duration,
    /// The time between two requests of this process without Redis.
    pub(super) alone: Duration,
    /// How long Redis keeps the state.
    pub(super) keep: Duration,
}

impl Plan {
    /// Plans a limit of `limit` in a minute, of which this process uses `share` without Redis.
    pub(super) fn new(limit: NonZeroU32, share: f64, minute: Duration) -> Self {
        let part = |percent: f64| minute.mul_f64(percent / 100.0);
        let limit = f64::from(limit.get());
        // For small limits, the one slot more than the rate counts.
        let strict = minute.mul_f64(1.015).div_f64((limit - 1.0).max(1.0));
        let interval = minute.div_f64(limit * 0.97).max(strict);
        Self {
            minute,
            interval,
            tolerance: part(0.5),
            horizon: part(0.5),
            late: part(1.0),
            timeout: part(0.5),
            connect: CONNECT,
            probe: part(0.5),
            resume: part(0.75),
            alone: interval.div_f64(share),
            keep: minute * 3,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_minute_exceeds_the_limit_even_with_a_burst_and_late_slots() {
        for limit in [1, 2, 3, 10, 60, 64, 65, 66, 100, 1_500, 12_000, 1_000_000] {
            let number = NonZeroU32::new(limit).expect("positive");
            let plan = Plan::new(number, 0.5, Duration::from_secs(60));
            let window = plan.minute + plan.tolerance + plan.late;
            // Slots are `interval` apart, so a half-open window of this length has at most so many.
            let most = (window.as_secs_f64() / plan.interval.as_secs_f64() - 1e-6).floor() + 1.0;
            assert!(most <= f64::from(limit).max(1.0), "{limit}: {most}");
        }
    }

    #[test]
    fn the_steady_rate_is_97_percent_of_a_limit_of_the_api() {
        for limit in [1_500, 12_000] {
            let plan = Plan::new(
                NonZeroU32::new(limit).expect("positive"),
                0.1,
                Duration::from_secs(60),
            );
            let rate = 60.0 / plan.interval.as_secs_f64();
            assert!((rate / f64::from(limit) - 0.97).abs() < 1e-6, "{rate}");
            assert!((plan.alone.as_secs_f64() / plan.interval.as_secs_f64() - 10.0).abs() < 1e-6);
        }
    }
}
