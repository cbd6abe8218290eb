//! The limit within one process: requests are spaced out, and callers wait in order.

use std::fmt;
use std::future::Future as _;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::clock::{Clock, Sleep, SystemClock};
use crate::operation::Quota;
use crate::transport::rate_limit::limit::RateLimit;
use crate::transport::rate_limit::limiter::{
    Denied, Permit, PermitFuture, PermitRequest, RateLimiter, Throttled,
};
use crate::transport::rate_limit::queue::Queue;
use crate::transport::rate_limit::spacing::Spacing;

/// The limiter within one process, which clients use by default.
///
/// A client has its own one with [`rate_limit`](crate::ClientBuilder::rate_limit) and
/// [`event_rate_limit`](crate::ClientBuilder::event_rate_limit). Create one to share it between clients in a process, or
/// to wrap it in a limiter of your own:
///
/// ```
/// use std::sync::Arc;
///
/// use sequencehq::rate_limit::InProcess;
/// use sequencehq::{ApiVersion, Client, Credentials, RateLimit};
///
/// let limiter = Arc::new(InProcess::new(RateLimit::per_minute(1_500), RateLimit::per_minute(12_000)));
/// let credentials = Credentials::new("my-client", "my-secret")?;
/// let interactive = Client::builder(credentials.clone()).rate_limiter(limiter.clone()).build()?;
/// let batch = Client::builder(credentials).rate_limiter(limiter).user_agent("batch").build()?;
/// # drop((interactive, batch));
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
#[derive(Debug)]
pub struct InProcess {
    requests: Limiter,
    events: Limiter,
}

impl InProcess {
    /// Creates a limiter with the maximum number of requests and of usage events, which the API counts apart.
    pub fn new(requests: RateLimit, events: RateLimit) -> Self {
        Self::with_clock(requests, events, Arc::new(SystemClock))
    }

    /// Creates a limiter with the given clock, such as that of the client.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use sequencehq::RateLimit;
    /// use sequencehq::clock::ManualClock;
    /// use sequencehq::rate_limit::InProcess;
    ///
    /// let clock = Arc::new(ManualClock::running());
    /// let limiter = InProcess::with_clock(RateLimit::per_minute(60), RateLimit::none(), clock);
    /// # drop(limiter);
    /// ```
    pub fn with_clock(requests: RateLimit, events: RateLimit, clock: Arc<dyn Clock>) -> Self {
        Self {
            requests: Limiter::new(requests, Arc::clone(&clock)),
            events: Limiter::new(events, clock),
        }
    }

    pub(in crate::transport) fn of(&self, quota: Quota) -> &Limiter {
        match quota {
            Quota::Requests => &self.requests,
            Quota::Events => &self.events,
        }
    }
}

impl RateLimiter for InProcess {
    fn permit<'a>(&'a self, request: PermitRequest<'a>) -> PermitFuture<'a> {
        Box::pin(async move {
            let limiter = self.of(request.quota);
            if limiter.permit(request.within).await {
                Ok(Permit::new())
            } else {
                Err(limiter.denied())
            }
        })
    }

    fn throttled(&self, report: Throttled<'_>) {
        self.of(report.quota).slow_down(report.retry_after);
    }
}

/// One limit, shared by all clones of a client.
pub(in crate::transport) struct Limiter {
    clock: Arc<dyn Clock>,
    /// The time between two requests at the full rate.
    interval: Duration,
    /// Held by the next caller. Tokio grants the lock in order. `None` without a limit.
    turn: Option<tokio::sync::Mutex<Spacing>>,
    pause: Mutex<Option<Pause>>,
    /// Notified when a pause begins or is extended.
    paused: tokio::sync::Notify,
    waiting: AtomicU32,
}

/// The effect of a 429 on the limit.
#[derive(Clone, Copy, Debug)]
struct Pause {
    until: Instant,
    half_rate_until: Instant,
}

/// How long the rate stays halved after a 429.
const HALF_RATE: Duration = Duration::from_secs(60);
/// The pause after a 429 without `Retry-After`.
const SHORT_PAUSE: Duration = Duration::from_secs(1);

impl Limiter {
    pub(super) fn new(limit: RateLimit, clock: Arc<dyn Clock>) -> Self {
        let spacing = limit.requests_per_minute().map(|requests| {
            // Any minute has at most the steady rate plus one burst, which is 98 % of the limit, and at least one.
            let burst = (requests.get() / 50).max(1);
            let steady = (f64::from(requests.get()) * 0.96).max(1.0);
            Spacing::new(Duration::from_secs(60).div_f64(steady), burst)
        });
        Self {
            clock,
            interval: spacing.as_ref().map_or(Duration::ZERO, Spacing::interval),
            turn: spacing.map(tokio::sync::Mutex::new),
            pause: Mutex::new(None),
            paused: tokio::sync::Notify::new(),
            waiting: AtomicU32::new(0),
        }
    }

    /// Waits for a permit for one request. Returns `false` as soon as it is certain that none comes within `left`.
    pub(in crate::transport) async fn permit(&self, left: Duration) -> bool {
        let Some(turn) = &self.turn else { return true };
        let queue = Queue::join(&self.waiting);
        let now = self.clock.now();
        if self.earliest(queue.before, now) > left {
            return false;
        }
        let ends = now.checked_add(left);
        let is_late = |moment: Instant| ends.is_some_and(|ends| moment > ends);
        let Some(mut spacing) = self.turn(turn, is_late).await else {
            return false;
        };
        let mut is_slowed = false;
        loop {
            let now = self.clock.now();
            // A task can wake later than it asked to, for example after the machine was suspended.
            if is_late(now) {
                return false;
            }
            let pause = self.pause();
            let wait = match pause {
                Some(pause) if now < pause.until => pause.until - now,
                Some(pause) if now < pause.half_rate_until && !is_slowed => {
                    is_slowed = true;
                    self.interval * 2
                }
                _ => match spacing.start(now) {
                    Ok(()) => return true,
                    // Never close to zero: a clock that wakes a little early would turn this into a busy loop.
                    Err(wait) => wait.max(Duration::from_micros(100)),
                },
            };
            if now.checked_add(wait).is_none_or(is_late) {
                return false;
            }
            // A 429 for another request may begin or extend a pause in the meantime.
            self.unless_paused(self.clock.sleep(wait)).await;
        }
    }

    /// Returns why there was no permit.
    pub(in crate::transport) fn denied(&self) -> Denied {
        let is_paused = self.pause().is_some_and(|pause| pause.until > self.clock.now());
        Denied::new(if is_paused {
            "the API responded with 429, and the pause ends after the deadline of the call"
        } else {
            "the rate limit of this process has no turn before the deadline of the call"
        })
    }

    /// Returns the shortest time until a request with `before` others ahead of it can start.
    fn earliest(&self, before: u32, now: Instant) -> Duration {
        let spaced = self.interval.saturating_mul(before);
        let paused = self
            .pause()
            .map_or(Duration::ZERO, |pause| pause.until.saturating_duration_since(now));
        paused.saturating_add(spaced)
    }

    /// Waits for the caller's turn. Returns `None` if a pause begins that ends too late.
    async fn turn<'a>(
        &self,
        turn: &'a tokio::sync::Mutex<Spacing>,
        is_late: impl Fn(Instant) -> bool,
    ) -> Option<tokio::sync::MutexGuard<'a, Spacing>> {
        let mut turn = std::pin::pin!(turn.lock());
        loop {
            let mut paused = std::pin::pin!(self.paused.notified());
            // Registers the waiter now, so that no notification is missed.
            paused.as_mut().enable();
            if self.pause().is_some_and(|pause| is_late(pause.until)) {
                return None;
            }
            let guard = std::future::poll_fn(|context| match turn.as_mut().poll(context) {
                Poll::Ready(guard) => Poll::Ready(Some(guard)),
                Poll::Pending => paused.as_mut().poll(context).map(|()| None),
            })
            .await;
            if guard.is_some() {
                return guard;
            }
        }
    }

    /// Waits for `sleep`, or until a pause begins or is extended.
    async fn unless_paused(&self, mut sleep: Sleep) {
        let mut paused = std::pin::pin!(self.paused.notified());
        std::future::poll_fn(|context| match sleep.as_mut().poll(context) {
            Poll::Ready(()) => Poll::Ready(()),
            Poll::Pending => paused.as_mut().poll(context),
        })
        .await;
    }

    /// Pauses after a 429 for the delay that the API requests, at most a minute.
    pub(super) fn slow_down(&self, asked: Option<Duration>) {
        let until = self.clock.now() + asked.unwrap_or(SHORT_PAUSE).min(HALF_RATE);
        {
            let mut pause = self.pause.lock().unwrap_or_else(PoisonError::into_inner);
            // A short pause does not end a longer one.
            let until = pause.map_or(until, |earlier| earlier.until.max(until));
            *pause = Some(Pause {
                until,
                half_rate_until: until + HALF_RATE,
            });
        }
        self.paused.notify_waiters();
    }

    fn pause(&self) -> Option<Pause> {
        *self.pause.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Limiter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Limiter")
            .field("interval", &self.interval)
            .field("pause", &self.pause())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod properties;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::ManualClock;

    /// Returns the times at which `count` permits were granted, with a clock that skips every wait.
    async fn moments(limiter: &Limiter, clock: &ManualClock, count: usize) -> Vec<Instant> {
        let mut moments = Vec::with_capacity(count);
        for _ in 0..count {
            assert!(limiter.permit(Duration::MAX).await);
            moments.push(clock.now());
        }
        moments
    }

    /// Returns the largest number of permits in any 60 seconds.
    fn busiest_minute(moments: &[Instant]) -> usize {
        let (mut first, mut busiest) = (0, 0);
        for last in 0..moments.len() {
            while moments[last] - moments[first] >= Duration::from_secs(60) {
                first += 1;
            }
            busiest = busiest.max(last + 1 - first);
        }
        busiest
    }

    #[tokio::test]
    async fn no_minute_has_more_than_the_limit_and_none_wastes_it() {
        for limit in [1, 7, 60, 1_500, 12_000] {
            let clock = ManualClock::running();
            let limiter = Limiter::new(RateLimit::per_minute(limit), Arc::new(clock.clone()));
            let count = limit as usize * 3;
            let moments = moments(&limiter, &clock, count).await;
            assert!(
                busiest_minute(&moments) <= limit as usize,
                "{limit}: {}",
                busiest_minute(&moments)
            );
            if limit >= 60 {
                let took = (moments[count - 1] - moments[0]).as_secs_f64();
                let rate = count as f64 / took * 60.0;
                assert!(rate >= f64::from(limit) * 0.95, "{limit}: {rate} a minute");
            }
        }
    }

    #[tokio::test]
    async fn after_429_there_is_a_pause_and_then_half_the_rate() {
        let clock = ManualClock::running();
        let limiter = Limiter::new(RateLimit::per_minute(1_500), Arc::new(clock.clone()));
        let start = clock.now();
        limiter.slow_down(Some(Duration::from_secs(20)));
        assert!(limiter.permit(Duration::MAX).await);
        assert!(clock.now() - start >= Duration::from_secs(20));
        let after = moments(&limiter, &clock, 1_500).await;
        let slow = after
            .iter()
            .filter(|moment| **moment - start < Duration::from_secs(80))
            .count();
        assert!(
            (650..=780).contains(&slow),
            "{slow} in the minute after the pause"
        );
    }

    #[tokio::test]
    async fn a_short_pause_does_not_end_a_longer_one() {
        let clock = ManualClock::running();
        let limiter = Limiter::new(RateLimit::per_minute(1_500), Arc::new(clock.clone()));
        let start = clock.now();
        limiter.slow_down(Some(Duration::from_secs(30)));
        limiter.slow_down(None);
        assert!(limiter.permit(Duration::MAX).await);
        assert!(clock.now() - start >= Duration::from_secs(30));
    }

    #[tokio::test]
    async fn who_could_not_start_in_time_is_told_at_once() {
        let clock = ManualClock::new();
        let limiter = Arc::new(Limiter::new(RateLimit::per_minute(60), Arc::new(clock.clone())));
        for _ in 0..100 {
            let limiter = Arc::clone(&limiter);
            tokio::spawn(async move { limiter.permit(Duration::MAX).await });
        }
        tokio::task::yield_now().await;
        assert!(!limiter.permit(Duration::from_secs(30)).await);
    }

    #[tokio::test]
    async fn a_call_that_cannot_start_before_the_end_of_a_pause_fails_at_once() {
        let clock = ManualClock::new();
        let limiter = Arc::new(Limiter::new(RateLimit::per_minute(60), Arc::new(clock.clone())));
        assert!(limiter.permit(Duration::from_secs(10)).await);
        let waiting: Vec<_> = (0..3)
            .map(|_| {
                let limiter = Arc::clone(&limiter);
                tokio::spawn(async move { limiter.permit(Duration::from_secs(20)).await })
            })
            .collect();
        tokio::task::yield_now().await;
        limiter.slow_down(Some(Duration::from_secs(30)));
        assert!(
            !limiter.permit(Duration::from_secs(20)).await,
            "it comes after the 429"
        );
        for waiting in waiting {
            assert!(
                !waiting.await.expect("no panic"),
                "it waited already, and the clock stands still"
            );
        }
    }

    #[tokio::test]
    async fn without_a_limit_nobody_waits() {
        let clock = ManualClock::new();
        let limiter = Limiter::new(RateLimit::none(), Arc::new(clock));
        for _ in 0..10_000 {
            assert!(limiter.permit(Duration::MAX).await);
        }
    }
}
