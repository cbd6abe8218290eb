//! The only place that asks what time it is.
//!
//! Clients use the system's clock. Tests hand in a [`ManualClock`] and move time themselves, so that
//! backing off for a minute takes no minute.
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
    reason = "the one place for them, which `clippy.toml` keeps to itself"
)]

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant, SystemTime};

/// A sleep in progress.
pub type Sleep = Pin<Box<dyn Future<Output = ()> + Send>>;

/// Tells the time, and waits.
pub trait Clock: fmt::Debug + Send + Sync + 'static {
    /// A moment that only moves forward, for measuring.
    fn now(&self) -> Instant;

    /// The time of day, for comparing with dates in headers.
    fn wall(&self) -> SystemTime;

    /// Waits, as before a retry: completes after `duration`.
    fn sleep(&self, duration: Duration) -> Sleep;

    /// Limits something else that goes on, such as an attempt: completes after `duration`.
    fn timer(&self, duration: Duration) -> Sleep {
        self.sleep(duration)
    }
}

/// The clock of the system, waiting with `tokio`.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Instant {
        tokio::time::Instant::now().into_std()
    }

    fn wall(&self) -> SystemTime {
        SystemTime::now()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        Box::pin(tokio::time::sleep(duration))
    }
}

/// As far as a [`ManualClock`] gets: beyond any deadline, and within what every system can represent.
const END_OF_TIME: Duration = Duration::from_secs(200 * 365 * 24 * 3_600);

/// A clock that stands still until it is moved. Clones share the time.
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
    wakers: Vec<Waker>,
}

impl ManualClock {
    /// A clock that stands still; who sleeps waits for [`advance`](Self::advance).
    pub fn new() -> Self {
        let state = State {
            start: Instant::now(),
            wall: SystemTime::UNIX_EPOCH + Duration::from_secs(1_767_225_600),
            elapsed: Duration::ZERO,
            runs_by_itself: false,
            slept: Vec::new(),
            wakers: Vec::new(),
        };
        Self {
            state: Arc::new(Mutex::new(state)),
        }
    }

    /// A clock that jumps ahead whenever somebody sleeps on it, so that waiting takes no time.
    /// Timers still strike only when the clock gets there.
    pub fn running() -> Self {
        let clock = Self::new();
        clock.state().runs_by_itself = true;
        clock
    }

    /// Moves time forward and wakes what waited for it.
    ///
    /// The clock stops for good 200 years after its start: `advance(Duration::MAX)` gets there and no further.
    /// A wait that ends later than that never ends.
    pub fn advance(&self, duration: Duration) {
        let wakers = {
            let mut state = self.state();
            state.elapsed = state.elapsed.saturating_add(duration).min(END_OF_TIME);
            std::mem::take(&mut state.wakers)
        };
        wakers.into_iter().for_each(Waker::wake);
    }

    /// Every wait that was asked for so far.
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

    fn wall(&self) -> SystemTime {
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
        let until = self.state().elapsed.saturating_add(duration);
        Box::pin(ManualSleep {
            clock: self.clone(),
            until,
        })
    }
}

struct ManualSleep {
    clock: ManualClock,
    until: Duration,
}

impl Future for ManualSleep {
    type Output = ();

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<()> {
        let mut state = self.clock.state();
        if state.elapsed >= self.until {
            return Poll::Ready(());
        }
        state.wakers.push(context.waker().clone());
        Poll::Pending
    }
}

/// A time limit for one or several futures in turn.
///
/// Its sleep is made when something has to wait for the first time, so a future that is ready costs nothing.
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

    /// Lets `future` run until the limit has passed; `None` if it was not done by then.
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
        let (start, noon) = (clock.now(), clock.wall());
        for _ in 0..3 {
            clock.advance(Duration::MAX);
            assert_eq!(clock.now() - start, END_OF_TIME);
            assert_eq!(clock.wall(), noon + END_OF_TIME);
        }
        clock.advance(Duration::from_secs(1));
        assert_eq!(clock.now() - start, END_OF_TIME);
    }

    #[tokio::test]
    async fn a_running_clock_survives_a_wait_for_ever() {
        let clock = ManualClock::running();
        clock.sleep(Duration::MAX).await;
        assert_eq!(clock.sleeps(), [Duration::MAX]);
        clock.sleep(Duration::from_secs(1)).await;
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
