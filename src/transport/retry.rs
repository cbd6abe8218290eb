//! Retries: whether, when and how often.
//!
//! Three parts, independent of the network: [`may_repeat`] decides whether a retry is useful and safe,
//! [`RetryPolicy::wait`] how long to wait, and [`Budget`] whether attempts and time are left.

use std::time::{Duration, Instant};

use crate::error::{Error, Failure};
use crate::operation::Repeat;

/// Retries transient failures, up to four attempts in total by default.
///
/// The transient failures are: no connection, a timeout of an attempt, a lost connection, and the statuses 408,
/// 429, 500, 502, 503 and 504. A call that is not safe to repeat is retried only if the server did not process
/// the request, which means that it was not reached or responded with 429. No setting overrides this rule.
///
/// Between attempts the client waits for the delay in `Retry-After`, up to
/// [`max_retry_after`](Self::max_retry_after). Without that header it waits for a random time between zero and a
/// limit that doubles with each attempt. A call never waits beyond its deadline.
///
/// | setting | default |
/// | --- | --- |
/// | `max_attempts` | 4, including the first |
/// | `base_delay` | 500 ms |
/// | `max_delay` | 8 s |
/// | `max_retry_after` | 60 s |
///
/// ```
/// use sequencehq::RetryPolicy;
/// use std::time::Duration;
///
/// let patient = RetryPolicy::default().max_attempts(8).max_delay(Duration::from_secs(30));
/// let never = RetryPolicy::none();
/// assert_eq!(never, RetryPolicy::default().max_attempts(1));
/// # let _ = patient;
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct RetryPolicy {
    max_attempts: u32,
    base_delay: Duration,
    max_delay: Duration,
    max_retry_after: Duration,
}

impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            max_attempts: 4,
            base_delay: Duration::from_millis(500),
            max_delay: Duration::from_secs(8),
            max_retry_after: Duration::from_secs(60),
        }
    }
}

impl RetryPolicy {
    /// Returns a policy that never retries.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// use sequencehq::RetryPolicy;
    ///
    /// let invoice = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").retry(RetryPolicy::none()).await?;
    /// # drop(invoice);
    /// # Ok(())
    /// # }
    /// ```
    pub fn none() -> Self {
        Self::default().max_attempts(1)
    }

    /// Sets the maximum number of attempts, including the first. Zero counts as one. Default: 4.
    ///
    /// ```
    /// use sequencehq::RetryPolicy;
    ///
    /// assert_eq!(RetryPolicy::default().max_attempts(0), RetryPolicy::none());
    /// ```
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = attempts.max(1);
        self
    }

    /// Sets the upper limit of the first wait. It doubles with each attempt. Default: 500 ms.
    ///
    /// ```
    /// use sequencehq::RetryPolicy;
    /// use std::time::Duration;
    ///
    /// let policy = RetryPolicy::default().base_delay(Duration::from_millis(100)); // 100 ms, 200 ms, 400 ms
    /// # let _ = policy;
    /// ```
    pub fn base_delay(mut self, delay: Duration) -> Self {
        self.base_delay = delay;
        self
    }

    /// Sets the upper limit of every wait that `Retry-After` does not determine. Default: 8 s.
    pub fn max_delay(mut self, delay: Duration) -> Self {
        self.max_delay = delay;
        self
    }

    /// Sets the upper limit of a wait requested by `Retry-After`. Longer delays are shortened to it. Default: 60 s.
    ///
    /// ```
    /// use sequencehq::RetryPolicy;
    /// use std::time::Duration;
    ///
    /// let policy = RetryPolicy::default().max_retry_after(Duration::from_secs(5));
    /// # let _ = policy;
    /// ```
    pub fn max_retry_after(mut self, delay: Duration) -> Self {
        self.max_retry_after = delay;
        self
    }

    /// Returns the wait after attempt number `attempt`, counted from one. `random` is between zero and one.
    fn wait(&self, attempt: u32, asked: Option<Duration>, random: f64) -> Duration {
        if let Some(asked) = asked {
            return asked.min(self.max_retry_after);
        }
        let doubled = 2_u32.saturating_pow(attempt.saturating_sub(1));
        let limit = self.base_delay.saturating_mul(doubled).min(self.max_delay);
        limit.mul_f64(random.clamp(0.0, 1.0))
    }
}

/// Returns `true` if another attempt may succeed and cannot be processed twice.
pub(crate) fn may_repeat(repeat: Repeat, error: &Error, earlier_may_have_acted: bool) -> bool {
    // Once the time limit of the call has passed, no attempt is left.
    let may_pass = error.is_transient() && !matches!(error.failure(), Failure::Timeout(_));
    let may_have_acted = error.may_have_acted() || earlier_may_have_acted;
    may_pass && (repeat == Repeat::Safe || !may_have_acted)
}

/// The attempts and the time that are left.
#[derive(Debug)]
pub(crate) struct Budget<'a> {
    policy: &'a RetryPolicy,
    ends: Instant,
}

impl<'a> Budget<'a> {
    pub(crate) fn new(policy: &'a RetryPolicy, started: Instant, whole: Duration) -> Self {
        Self {
            policy,
            // `Duration::MAX` means no limit, and would overflow the `Instant`.
            ends: started + whole.min(Duration::from_secs(30 * 365 * 24 * 3_600)),
        }
    }

    /// Returns the deadline of the call.
    pub(crate) fn ends(&self) -> Instant {
        self.ends
    }

    /// Returns the time until the deadline.
    pub(crate) fn left(&self, now: Instant) -> Duration {
        self.ends.saturating_duration_since(now)
    }

    /// Returns the wait before the next attempt, or `None` if no attempt or no time is left.
    pub(crate) fn next_wait(
        &self,
        attempt: u32,
        asked: Option<Duration>,
        now: Instant,
        random: f64,
    ) -> Option<Duration> {
        let wait = self.policy.wait(attempt, asked, random);
        (attempt < self.policy.max_attempts && wait < self.left(now)).then_some(wait)
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use http::StatusCode;

    use super::*;
    use crate::error::ErrorResponse;

    fn status(code: u16) -> Error {
        let response = ErrorResponse {
            status: StatusCode::from_u16(code).ok(),
            ..ErrorResponse::default()
        };
        Error::new(Failure::Status, "test").with_response(response)
    }

    #[test]
    fn a_call_that_could_act_twice_is_repeated_only_if_the_server_did_not_act() {
        let limit = Duration::from_secs(1);
        for (error, safe, never) in [
            (
                Error::new(Failure::Connect { to: String::new() }, "test"),
                true,
                true,
            ),
            (Error::new(Failure::Hook, "test"), true, true),
            (Error::new(Failure::Credentials, "test"), true, true),
            (Error::new(Failure::Interrupted, "test"), true, false),
            (Error::new(Failure::AttemptTimeout(limit), "test"), true, false),
            (Error::new(Failure::Timeout(limit), "test"), false, false),
            (
                Error::new(Failure::Decode { path: String::new() }, "test"),
                false,
                false,
            ),
            (Error::new(Failure::TooLarge { limit: 1 }, "test"), false, false),
            (Error::new(Failure::Redirect, "test"), false, false),
            (status(400), false, false),
            (status(404), false, false),
            (status(408), true, false),
            (status(409), false, false),
            (status(429), true, true),
            (status(500), true, false),
            (status(501), false, false),
            (status(502), true, false),
            (status(503), true, false),
            (status(504), true, false),
        ] {
            assert_eq!(may_repeat(Repeat::Safe, &error, false), safe, "safe: {error}");
            assert_eq!(may_repeat(Repeat::Never, &error, false), never, "never: {error}");
            assert!(
                !may_repeat(Repeat::Never, &error, true),
                "after an attempt that may have acted: {error}"
            );
        }
    }

    #[test]
    fn waits_double_up_to_their_limit_and_are_random_below_it() {
        let policy = RetryPolicy::default();
        let limits: Vec<_> = (1..=7)
            .map(|attempt| policy.wait(attempt, None, 1.0).as_millis())
            .collect();
        assert_eq!(limits, [500, 1000, 2000, 4000, 8000, 8000, 8000]);
        assert_eq!(policy.wait(3, None, 0.0), Duration::ZERO);
        assert_eq!(policy.wait(3, None, 0.5), Duration::from_secs(1));
        assert_eq!(policy.wait(u32::MAX, None, 1.0), Duration::from_secs(8));
    }

    #[test]
    fn the_api_decides_the_wait_up_to_a_limit() {
        let policy = RetryPolicy::default();
        assert_eq!(
            policy.wait(1, Some(Duration::from_secs(7)), 0.0),
            Duration::from_secs(7)
        );
        assert_eq!(
            policy.wait(1, Some(Duration::from_secs(3600)), 0.0),
            Duration::from_secs(60)
        );
    }

    #[test]
    fn attempts_and_time_run_out() {
        let start = crate::clock::Clock::now(&crate::clock::ManualClock::new());
        let policy = RetryPolicy::default();
        let budget = Budget::new(&policy, start, Duration::from_secs(10));
        let wait = Some(Duration::from_secs(4));
        assert_eq!(budget.next_wait(1, wait, start, 0.0), wait);
        assert_eq!(
            budget.next_wait(4, wait, start, 0.0),
            None,
            "four attempts were made"
        );
        assert_eq!(
            budget.next_wait(1, wait, start + Duration::from_secs(6), 0.0),
            None,
            "no time would be left"
        );
        assert_eq!(budget.left(start + Duration::from_secs(11)), Duration::ZERO);
    }

    #[test]
    fn each_setting_of_a_policy_changes_what_it_names() {
        let second = Duration::from_secs(1);
        let first_wait = |policy: &RetryPolicy| policy.wait(1, None, 1.0);
        assert_eq!(RetryPolicy::none().max_attempts, 1);
        assert_eq!(RetryPolicy::default().max_attempts(0).max_attempts, 1);
        assert_eq!(RetryPolicy::default().max_attempts(9).max_attempts, 9);
        assert_eq!(
            first_wait(&RetryPolicy::default().base_delay(3 * second)),
            3 * second
        );
        assert_eq!(
            first_wait(&RetryPolicy::default().max_delay(second / 10)),
            second / 10
        );
        let asked = RetryPolicy::default().max_retry_after(2 * second);
        assert_eq!(asked.wait(1, Some(5 * second), 1.0), 2 * second);
    }
}
