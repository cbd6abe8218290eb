//! The exchanges of a lane with Redis.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use crate::clock::Timer;
use crate::shared_limit::lane::{Lane, Slot, State, Step};
use crate::shared_limit::plan::Plan;
use crate::shared_limit::report::Change;
use crate::shared_limit::store::{Ask, Grant, StoreError};

/// The pause after a 429 without `Retry-After`.
const SHORT_PAUSE: Duration = Duration::from_secs(1);

/// An exchange that is due.
pub(super) struct Due {
    known_end: u64,
    after_outage: bool,
    /// Whether to connect first.
    connects: bool,
}

impl Lane {
    /// Returns what to ask Redis for, if it is time to: for a caller that waits for it, and regularly during an outage.
    pub(super) fn due_ask(&self, state: &mut State, step: &Step) -> Option<Due> {
        let is_probe = state.alone_since.is_some()
            && state.slots.is_empty()
            && state.next_probe.is_none_or(|probe| probe <= self.clock.now());
        if state.is_asking || !(is_probe || matches!(step, Step::Wait)) {
            return None;
        }
        state.is_asking = true;
        let after_outage = state.alone_since.is_some();
        Some(Due {
            known_end: state.known_end,
            after_outage,
            connects: after_outage || !state.has_connected,
        })
    }

    /// Asks for a block in a task, so that it is not lost if the caller gives up.
    pub(super) fn ask(self: &Arc<Self>, due: Due) {
        let asking = Asking(Arc::clone(self));
        let exchange = async move {
            let result = asking.0.exchange(due).await;
            asking.0.arrived(result);
            drop(asking);
        };
        #[cfg(feature = "tracing")]
        let exchange = {
            use tracing::Instrument as _;
            let quota = tracing::field::debug(self.quota);
            exchange.instrument(tracing::debug_span!("sequence_shared_limit", quota))
        };
        tokio::spawn(exchange);
    }

    /// Returns what Redis grants, with the times at which it was asked and answered.
    async fn exchange(&self, due: Due) -> Result<(Grant, Instant, Instant), StoreError> {
        let late = |limit: Duration| StoreError(format!("Redis did not respond within {limit:?}"));
        let Plan { connect, timeout, .. } = self.plan;
        if due.connects {
            let ready = Timer::new(&*self.clock, connect).bound(self.store.ready()).await;
            ready.ok_or_else(|| late(connect))??;
        }
        let ask = Ask {
            // Includes the callers that joined in the meantime.
            wanted: self.waiting.load(Ordering::Relaxed).max(1),
            known_end: due.known_end,
            after_outage: due.after_outage,
        };
        let asked = self.clock.now();
        let grant = Timer::new(&*self.clock, timeout)
            .bound(self.store.acquire(ask))
            .await;
        let grant = grant.ok_or_else(|| late(timeout))??;
        Ok((grant, asked, self.clock.now()))
    }

    fn arrived(&self, result: Result<(Grant, Instant, Instant), StoreError>) {
        let now = self.clock.now();
        let mut state = self.state();
        state.counts.round_trips += 1;
        let change = match result {
            Ok((grant, asked, answered)) => {
                self.add(&mut state, grant, asked, answered);
                let since = state.alone_since.take();
                since.map(|since| Change::Recovered {
                    quota: self.quota,
                    after: now.saturating_duration_since(since),
                })
            }
            Err(StoreError(reason)) => {
                state.counts.failures += 1;
                state.next_probe = Some(now + self.plan.probe);
                state.alone_since.is_none().then(|| {
                    state.alone_since = Some(now);
                    // No burst: the slots that were used until now were those of all processes.
                    let next = now + self.interval_alone(&state, now);
                    state.next_alone = Some(state.next_alone.map_or(next, |earlier| earlier.max(next)));
                    Change::FellBack {
                        quota: self.quota,
                        reason,
                    }
                })
            }
        };
        drop(state);
        if let Some(change) = change {
            change.log();
            change.measure();
            if let Some(on_change) = &self.on_change {
                on_change(&change);
            }
        }
    }

    fn add(&self, state: &mut State, grant: Grant, asked: Instant, answered: Instant) {
        state.has_connected = true;
        state.known_end = grant.end;
        state.counts.processes = grant.processes;
        if !grant.paused.is_zero() {
            let until = answered + grant.paused.min(self.plan.minute);
            self.pause(state, until);
        }
        for number in 0..grant.slots {
            let after =
                i128::from(grant.first_micros) + i128::from(number) * grant.interval.as_micros() as i128;
            let after = Duration::from_micros(u64::try_from(after.max(0)).unwrap_or(u64::MAX));
            // Redis granted the slot between `asked` and `answered`: not early by the one, not too late by the other.
            let (Some(opens), Some(closes)) = (
                answered.checked_add(after),
                (asked + self.plan.late).checked_add(after),
            ) else {
                return;
            };
            state.slots.push_back(Slot { opens, closes });
        }
    }

    fn pause(&self, state: &mut State, until: Instant) {
        // A short pause does not end a longer one.
        let until = state.paused_until().map_or(until, |earlier| earlier.max(until));
        state.paused = Some((until, until + self.plan.minute));
    }

    /// Pauses this process, and all others through Redis.
    pub(super) fn throttled(self: &Arc<Self>, asked: Option<Duration>) {
        let length = asked.unwrap_or(SHORT_PAUSE).min(self.plan.minute);
        {
            let mut state = self.state();
            state.counts.throttled += 1;
            self.pause(&mut state, self.clock.now() + length);
        }
        self.changed.notify_waiters();
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            let lane = Arc::clone(self);
            runtime.spawn(async move {
                let pause = lane.store.pause(length);
                let result = Timer::new(&*lane.clock, lane.plan.connect).bound(pause).await;
                if !matches!(result, Some(Ok(()))) {
                    lane.state().counts.failures += 1;
                }
            });
        }
    }
}

/// Ends the exchange also if its task is aborted, so that the next caller asks again.
struct Asking(Arc<Lane>);

impl Drop for Asking {
    fn drop(&mut self) {
        self.0.state().is_asking = false;
        self.0.changed.notify_waiters();
    }
}
