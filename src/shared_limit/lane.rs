//! The limit of one key and quota, as this process sees it.

use std::collections::VecDeque;
use std::fmt;
use std::future::Future as _;
use std::pin::Pin;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;
use std::time::{Duration, Instant};

use crate::clock::Clock;
use crate::shared_limit::plan::Plan;
use crate::shared_limit::report::{Counts, OnChange, Stats};
use crate::shared_limit::store::Store;
use crate::transport::rate_limit::{Denied, Permit, Queue, Quota};

/// Never zero: a clock that is a tick behind would turn a wait into a busy loop.
const TICK: Duration = Duration::from_micros(100);

/// One limit, with the slots that this process has reserved.
///
/// Callers wait in order. The first of them waits for the next slot, or asks for a block of slots, one for each caller
/// that waits. Without Redis, it spaces requests at the share of this process.
pub(super) struct Lane {
    pub(super) quota: Quota,
    pub(super) plan: Plan,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) store: Box<dyn Store>,
    pub(super) on_change: Option<OnChange>,
    pub(super) state: Mutex<State>,
    /// Held by the next caller. Tokio grants the lock in order.
    pub(super) turn: tokio::sync::Mutex<()>,
    /// Notified when a block arrives, when Redis fails, and when a pause begins.
    pub(super) changed: tokio::sync::Notify,
    pub(super) waiting: AtomicU32,
}

/// A time at which one request may start.
#[derive(Clone, Copy, Debug)]
pub(super) struct Slot {
    pub(super) opens: Instant,
    pub(super) closes: Instant,
}

#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) slots: VecDeque<Slot>,
    /// The end of all slots as last seen, by the clock of Redis.
    pub(super) known_end: u64,
    pub(super) is_asking: bool,
    pub(super) has_connected: bool,
    /// Since when there is no Redis.
    pub(super) alone_since: Option<Instant>,
    /// The earliest time of the next request without Redis.
    pub(super) next_alone: Option<Instant>,
    pub(super) next_probe: Option<Instant>,
    /// The end of the pause after a 429, and of the time at half the rate.
    pub(super) paused: Option<(Instant, Instant)>,
    pub(super) counts: Counts,
}

impl State {
    pub(super) fn paused_until(&self) -> Option<Instant> {
        self.paused.map(|(until, _)| until)
    }
}

/// What the first caller does next.
pub(super) enum Step {
    Go,
    Fail(&'static str),
    Sleep(Duration),
    /// Waits for the answer of Redis.
    Wait,
}

const TOO_LATE: &str = "the shared rate limit has no slot before the deadline of the call";
const PAUSED: &str = "the API responded with 429, and the pause ends after the deadline of the call";

impl Lane {
    /// Waits for a permit. Returns an error as soon as it is certain that none comes within `within`.
    pub(super) async fn permit(self: &Arc<Self>, within: Duration) -> Result<Permit, Denied> {
        let queue = Queue::join(&self.waiting);
        let now = self.clock.now();
        if self.plan.interval.saturating_mul(queue.before) > within {
            return Err(Denied::new(TOO_LATE));
        }
        let ends = now.checked_add(within);
        let _turn = self.turn(ends).await?;
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            // Registers the waiter now, so that no notification is missed.
            changed.as_mut().enable();
            let mut wait = match self.step(ends) {
                Step::Go => return Ok(Permit::new()),
                Step::Fail(reason) => return Err(Denied::new(reason)),
                Step::Sleep(wait) => self.clock.sleep(wait.max(TICK)),
                // A timer limits the wait for Redis, and does not advance a clock that skips waits.
                Step::Wait => {
                    let left = ends.map_or(self.plan.minute, |ends| {
                        ends.saturating_duration_since(self.clock.now())
                    });
                    self.clock.timer(left.max(TICK))
                }
            };
            either(&mut wait, changed).await;
        }
    }

    /// Waits for the turn of the caller. Returns an error if a pause begins that ends too late.
    async fn turn(&self, ends: Option<Instant>) -> Result<tokio::sync::MutexGuard<'_, ()>, Denied> {
        let mut turn = std::pin::pin!(self.turn.lock());
        loop {
            let mut changed = std::pin::pin!(self.changed.notified());
            changed.as_mut().enable();
            let paused = self.state().paused_until();
            if paused.is_some_and(|until| is_after(until, ends)) {
                return Err(Denied::new(PAUSED));
            }
            let guard = std::future::poll_fn(|context| match turn.as_mut().poll(context) {
                Poll::Ready(guard) => Poll::Ready(Some(guard)),
                Poll::Pending => changed.as_mut().poll(context).map(|()| None),
            });
            if let Some(guard) = guard.await {
                return Ok(guard);
            }
        }
    }

    fn step(self: &Arc<Self>, ends: Option<Instant>) -> Step {
        let (step, ask) = {
            let mut state = self.state();
            let step = self.decide(&mut state, ends);
            let ask = self.due_ask(&mut state, &step);
            (step, ask)
        };
        if let Some(ask) = ask {
            self.ask(ask);
        }
        step
    }

    fn decide(&self, state: &mut State, ends: Option<Instant>) -> Step {
        let now = self.clock.now();
        // A task can wake later than it asked to, for example after the machine was suspended.
        if is_after(now, ends) {
            return Step::Fail(TOO_LATE);
        }
        if let Some(until) = state.paused_until().filter(|until| *until > now) {
            return if is_after(until, ends) {
                Step::Fail(PAUSED)
            } else {
                Step::Sleep(until - now)
            };
        }
        while state.slots.front().is_some_and(|slot| slot.closes < now) {
            state.slots.pop_front();
            state.counts.unused += 1;
        }
        match state.slots.front().copied() {
            Some(slot) if is_after(slot.opens, ends) => Step::Fail(TOO_LATE),
            Some(slot) if slot.opens > now => Step::Sleep(slot.opens - now),
            Some(_) => {
                state.slots.pop_front();
                state.counts.permits += 1;
                Step::Go
            }
            None if state.alone_since.is_none() => Step::Wait,
            None => self.decide_alone(state, now, ends),
        }
    }

    /// Spaces requests at the share of this process, without bursts.
    fn decide_alone(&self, state: &mut State, now: Instant, ends: Option<Instant>) -> Step {
        let opens = state.next_alone.unwrap_or(now).max(now);
        if is_after(opens, ends) {
            return Step::Fail(TOO_LATE);
        }
        if opens > now {
            return Step::Sleep(opens - now);
        }
        state.next_alone = Some(now + self.interval_alone(state, now));
        state.counts.permits += 1;
        state.counts.permits_alone += 1;
        #[cfg(feature = "tracing")]
        tracing::Span::current().record("rate_limit", "fallback");
        Step::Go
    }

    pub(super) fn interval_alone(&self, state: &State, now: Instant) -> Duration {
        let is_slow = state.paused.is_some_and(|(_, slow)| slow > now);
        self.plan.alone * if is_slow { 2 } else { 1 }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add_to(&self, stats: &mut Stats) {
        let state = self.state();
        stats.add(state.counts, state.alone_since.is_some());
    }
}

fn is_after(moment: Instant, ends: Option<Instant>) -> bool {
    ends.is_some_and(|ends| moment > ends)
}

/// Waits for the first of two futures.
async fn either(sleep: &mut crate::clock::Sleep, mut changed: Pin<&mut tokio::sync::futures::Notified<'_>>) {
    std::future::poll_fn(|context| match sleep.as_mut().poll(context) {
        Poll::Ready(()) => Poll::Ready(()),
        Poll::Pending => changed.as_mut().poll(context),
    })
    .await;
}

impl fmt::Debug for Lane {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane")
            .field("quota", &self.quota)
            .field("counts", &self.state().counts)
            .finish_non_exhaustive()
    }
}
