//! Clocks: the source of time for retries, timeouts and rate limits.
//!
//! Clients use [`SystemClock`] by default. Tests can pass a [`ManualClock`] to
//! [`ClientBuilder::clock`](crate::ClientBuilder::clock) and advance the time themselves, so that a retry with a delay
//! of a minute does not slow the test down.
//!
//! ```
//! use sequencehq::clock::{Clock, ManualClock};
//! use std::time::Duration;
//!
//! let clock = ManualClock::new();
//! let before = clock.now();
//! clock.advance(Duration::from_secs(60));
//! assert_eq!(clock.now() - before, Duration::from_secs(60));
//! ```

#![allow(
    clippy::disallowed_methods,
    reason = "`clippy.toml` disallows these methods everywhere else"
)]

use std::collections::BTreeMap;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

/// The future returned by [`Clock::sleep`] and [`Clock::timer`].
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A source of time, and of futures that wait.
///
/// Implement it to use another timer than Tokio's, or use [`ManualClock`] in tests.
///
/// ```
/// use sequencehq::clock::{Clock, Sleep, SystemClock};
/// use std::time::{Duration, Instant, SystemTime};
///
/// /// Halves every wait.
/// #[derive(Debug)]
/// struct Impatient;
///
/// impl Clock for Impatient {
///     fn now(&self) -> Instant {
///         SystemClock.now()
///     }
///
///     fn system_time(&self) -> SystemTime {
///         SystemClock.system_time()
///     }
///
///     fn sleep(&self, duration: Duration) -> Sleep {
///         SystemClock.sleep(duration / 2)
///     }
/// }
/// ```
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// Returns the current monotonic time, used to measure durations.
    fn now(&self) -> Instant;

    /// Returns the current wall-clock time, used to compare with dates in headers.
    fn system_time(&self) -> SystemTime;

    /// Returns a future that completes after `duration`, used to wait before a retry.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Returns a future that completes after `duration`, used to limit another future such as an attempt.
    ///
    /// The default implementation calls [`sleep`](Self::sleep).
    fn timer(&self, duration: Duration) -> Sleep {
        self.sleep(duration)
    }
}

/// A clock that parts of a program share, such as `Arc<dyn Clock>`.
///
/// ```
/// use sequencehq::clock::{Clock, SystemClock};
/// use std::sync::Arc;
///
/// let clock: Arc<dyn Clock> = Arc::new(SystemClock);
/// let builder = sequencehq::Client::builder(sequencehq::Credentials::new("my-client", "my-secret")?).clock(clock.clone());
/// # drop(builder);
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
impl<C: Clock + ?Sized> Clock for Arc<C> {
    fn now(&self) -> Instant {
        (**self).now()
    }

    fn system_time(&self) -> SystemTime {
        (**self).system_time()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        (**self).sleep(duration)
    }

    fn timer(&self, duration: Duration) -> Sleep {
        (**self).timer(duration)
    }
}

/// The system clock, with Tokio's timers.
///
/// ```
/// use sequencehq::clock::{Clock, SystemClock};
///
/// let start = SystemClock.now();
/// assert!(SystemClock.now() >= start);
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn system_time(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// The end of a [`ManualClock`]: beyond any deadline, and representable on every platform.
const END_OF_TIME: Duration = Duration::from_secs(200 * 365 * 24 * 3_600);

/// A clock for tests that stands still until it is advanced. Clones share the time.
///
/// ```
/// use sequencehq::clock::ManualClock;
/// use sequencehq::{Client, Credentials};
///
/// let clock = ManualClock::running();
/// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
///     .clock(clock.clone())
///     .build()?;
/// assert!(clock.sleeps().is_empty(), "no call was retried");
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
#[derive(Clone, Debug)]
pub struct ManualClock {
    state: Arc<Mutex<State>>,
}

#[derive(Debug)]
struct State {
    start: Instant,
    wall: SystemTime,
    elapsed: Duration,
    runs_by_itself: bool,
    slept: Vec<Duration>,
    /// Those of the futures that wait, each with its number.
    wakers: BTreeMap<u64, Waker>,
    /// The number of the next future that waits.
    next: u64,
}

impl ManualClock {
    /// Returns a clock that stands still. Sleeps complete when [`advance`](Self::advance) reaches their end.
    ///
    /// ```
    /// use sequencehq::clock::{Clock, ManualClock};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let clock = ManualClock::new();
    /// let sleep = clock.sleep(Duration::from_secs(60));
    /// clock.advance(Duration::from_secs(60));
    /// sleep.await;
    /// # }
    /// ```
    pub fn new() -> Self {
        let state = State {
            start: Instant::now(),
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
            elapsed: Duration::ZERO,
            runs_by_itself: false,
            slept: Vec::new(),
            wakers: BTreeMap::new(),
            next: 0,
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// Returns a clock that advances by the duration of each sleep, so that sleeps complete immediately.
    ///
    /// Timers do not advance the clock; they complete when the clock reaches their end.
    ///
    /// ```
    /// use sequencehq::clock::{Clock, ManualClock};
    /// use std::time::Duration;
    ///
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// let clock = ManualClock::running();
    /// clock.sleep(Duration::from_secs(3_600)).await; // completes immediately
    /// assert_eq!(clock.sleeps(), [Duration::from_secs(3_600)]);
    /// # }
    /// ```
    pub fn running() -> Self {
        let clock = Self::new();
        clock.state().runs_by_itself = true;
        clock
    }

    /// Advances the time and wakes the futures that wait for it.
    ///
    /// The clock stops 200 years after its start: `advance(Duration::MAX)` reaches this point and goes no further. A
    /// future that ends later never completes.
    ///
    /// ```
    /// use sequencehq::clock::{Clock, ManualClock};
    /// use std::time::Duration;
    ///
    /// let clock = ManualClock::new();
    /// let before = clock.system_time();
    /// clock.advance(Duration::from_secs(86_400));
    /// assert_eq!(clock.system_time(), before + Duration::from_secs(86_400));
    /// ```
    pub fn advance(&self, duration: Duration) {
        let wakers = {
            let mut state = self.state();
            state.elapsed = state.elapsed.saturating_add(duration).min(END_OF_TIME);
            std::mem::take(&mut state.wakers)
        };
        wakers.into_values().for_each(Waker::wake);
    }

    /// Returns the durations of all sleeps so far, in order.
    ///
    /// ```
    /// use sequencehq::clock::ManualClock;
    ///
    /// assert!(ManualClock::new().sleeps().is_empty());
    /// ```
    pub fn sleeps(&self) -> Vec<Duration> {
        self.state().slept.clone()
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Default for ManualClock {
    fn default() -> Self {
        Self::new()
    }
}

impl Clock for ManualClock {
    fn now(&self) -> Instant {
        let state = self.state();
        state.start + state.elapsed
    }

    fn system_time(&self) -> SystemTime {
        let state = self.state();
        state.wall + state.elapsed
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let runs_by_itself = {
            let mut state = self.state();
            state.slept.push(duration);
            state.runs_by_itself
        };
        if runs_by_itself {
            self.advance(duration);
        }
        self.timer(if runs_by_itself { Duration::ZERO } else { duration })
    }

    fn timer(&self, duration: Duration) -> Sleep {
        let (until, number) = {
            let mut state = self.state();
            state.next += 1;
            (state.elapsed.saturating_add(duration), state.next)
        };
        Box::pin(ManualSleep {
            clock: self.clone(),
            until,
            number,
        })
    }
}

struct ManualSleep {
    clock: ManualClock,
    until: Duration,
    number: u64,
}

impl Future for ManualSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let earlier = {
            let mut state = self.clock.state();
            if state.elapsed >= self.until {
                return Poll::Ready(());
            }
            state.wakers.insert(self.number, context.waker().clone())
        };
        // After the lock, since what it keeps may hold another future of this clock.
        drop(earlier);
        Poll::Pending
    }
}

impl Drop for ManualSleep {
    fn drop(&mut self) {
        // A waker keeps the memory of its task, and a clock that stands still wakes none.
        let waker = self.clock.state().wakers.remove(&self.number);
        drop(waker);
    }
}

/// A time limit shared by one or more consecutive futures.
///
/// The sleep is created when a future is first pending, so a future that is ready costs nothing.
pub(crate) struct Timer<'a> {
    clock: &'a dyn Clock,
    limit: Duration,
    started: Instant,
    sleep: Option<Sleep>,
}

impl<'a> Timer<'a> {
    pub(crate) fn new(clock: &'a dyn Clock, limit: Duration) -> Self {
        Self {
            clock,
            limit,
            started: clock.now(),
            sleep: None,
        }
    }

    pub(crate) fn limit(&self) -> Duration {
        self.limit
    }

    /// Runs `future` until the limit has passed. Returns `None` if it did not complete in time.
    pub(crate) async fn bound<F: Future>(&mut self, future: F) -> Option<F::Output> {
        let mut future = std::pin::pin!(future);
        std::future::poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Some(output));
            }
            let (clock, limit, started) = (self.clock, self.limit, self.started);
            let sleep = self
                .sleep
                .get_or_insert_with(|| clock.timer(limit.saturating_sub(clock.now() - started)));
            sleep.as_mut().poll(context).map(|()| None)
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manual_clock_that_is_moved_too_far_stops_at_its_end() {
        let clock = ManualClock::new();
        let (start, noon) = (clock.now(), clock.system_time());
        for _ in 0..3 {
            clock.advance(Duration::MAX);
            assert_eq!(clock.now() - start, END_OF_TIME);
            assert_eq!(clock.system_time(), noon + END_OF_TIME);
        }
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now() - start, END_OF_TIME);
    }

    #[test]
    fn the_end_of_a_manual_clock_is_200_years_after_its_start() {
        assert_eq!(END_OF_TIME.as_secs(), 6_307_200_000);
    }

    #[tokio::test]
    async fn a_running_clock_survives_a_wait_for_ever() {
        let clock = ManualClock::running();
        clock.sleep(Duration::MAX).await;
        assert_eq!(clock.sleeps(), [Duration::MAX]);
        clock.sleep(Duration::from_secs(1)).await;
    }

    #[test]
    fn a_clock_that_stands_still_forgets_the_futures_that_no_longer_wait() {
        let clock = ManualClock::new();
        let context = &mut Context::from_waker(Waker::noop());
        let mut waiting = clock.timer(Duration::from_secs(1));
        for _ in 0..3 {
            assert!(waiting.as_mut().poll(context).is_pending());
            let mut dropped = clock.timer(Duration::from_secs(1));
            assert!(dropped.as_mut().poll(context).is_pending());
        }
        assert_eq!(clock.state().wakers.len(), 1);
        clock.advance(Duration::from_secs(1));
        assert!(waiting.as_mut().poll(context).is_ready());
        assert_eq!(clock.state().wakers.len(), 0);
    }

    #[tokio::test]
    async fn a_timer_beyond_the_end_never_strikes() {
        let clock = ManualClock::new();
        clock.advance(Duration::MAX);
        let mut limit = Timer::new(&clock, Duration::MAX);
        assert_eq!(limit.bound(std::future::ready("done")).await, Some("done"));
        let mut timer = clock.timer(Duration::from_secs(1));
        let waker = Waker::noop();
        assert!(timer.as_mut().poll(&mut Context::from_waker(waker)).is_pending());
    }
}
