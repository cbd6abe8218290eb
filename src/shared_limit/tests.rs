//! The behaviour of one process, with a scripted Redis and a manual clock.

use std::collections::VecDeque;
use std::num::NonZeroU32;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::clock::{Clock as _, ManualClock};
use crate::shared_limit::lane::Lane;
use crate::shared_limit::limit::{SharedLimit, keys};
use crate::shared_limit::plan::Plan;
use crate::shared_limit::report::{Change, Stats};
use crate::shared_limit::store::{Ask, Grant, Store, StoreError, Stored};
use crate::transport::rate_limit::Quota;

const MINUTE: Duration = Duration::from_secs(60);

/// What the scripted Redis does with an exchange.
#[derive(Clone, Debug)]
enum Answer {
    Grant(Grant),
    Fail,
    Never,
}

/// Answers in the given order, and then as the last answer.
#[derive(Clone)]
struct Script {
    answers: Arc<Mutex<VecDeque<Answer>>>,
    asked: Arc<Mutex<Vec<Ask>>>,
    paused: Arc<Mutex<Vec<Duration>>>,
}

impl Store for Script {
    fn ready(&self) -> Stored<'_, ()> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn acquire(&self, ask: Ask) -> Stored<'_, Grant> {
        self.asked.lock().expect("no panic").push(ask);
        let mut answers = self.answers.lock().expect("no panic");
        let answer = if answers.len() > 1 {
            answers.pop_front()
        } else {
            answers.front().cloned()
        };
        match answer.expect("a script has an answer") {
            Answer::Grant(grant) => Box::pin(std::future::ready(Ok(grant))),
            Answer::Fail => Box::pin(std::future::ready(Err(StoreError("it is full".to_owned())))),
            Answer::Never => Box::pin(std::future::pending()),
        }
    }

    fn pause(&self, length: Duration) -> Stored<'_, ()> {
        self.paused.lock().expect("no panic").push(length);
        Box::pin(std::future::ready(Ok(())))
    }
}

struct Stage {
    lane: Arc<Lane>,
    clock: ManualClock,
    script: Script,
    changes: Arc<Mutex<Vec<String>>>,
}

impl Stage {
    fn new(clock: ManualClock, limit: u32, share: f64, answers: impl IntoIterator<Item = Answer>) -> Self {
        let script = Script {
            answers: Arc::new(Mutex::new(answers.into_iter().collect())),
            asked: Arc::default(),
            paused: Arc::default(),
        };
        let changes: Arc<Mutex<Vec<String>>> = Arc::default();
        let seen = Arc::clone(&changes);
        let on_change = move |change: &Change| seen.lock().expect("no panic").push(change.to_string());
        let limit = NonZeroU32::new(limit).expect("positive");
        let lane = Lane {
            quota: Quota::Events,
            plan: Plan::new(limit, share, MINUTE),
            clock: Arc::new(clock.clone()),
            store: Box::new(script.clone()),
            on_change: Some(Arc::new(on_change)),
            state: Mutex::default(),
            turn: tokio::sync::Mutex::new(()),
            changed: tokio::sync::Notify::new(),
            waiting: AtomicU32::new(0),
        };
        Self {
            lane: Arc::new(lane),
            clock,
            script,
            changes,
        }
    }

    fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        self.lane.add_to(&mut stats);
        stats
    }

    fn asked(&self) -> Vec<Ask> {
        self.script.asked.lock().expect("no panic").clone()
    }

    /// Starts callers, and returns whether and when each of them was permitted.
    fn callers(&self, count: usize, within: Duration) -> Vec<tokio::task::JoinHandle<(bool, Instant)>> {
        let caller = || {
            let (lane, clock) = (Arc::clone(&self.lane), self.clock.clone());
            tokio::spawn(async move {
                let permitted = lane.permit(within).await.is_ok();
                (permitted, clock.now())
            })
        };
        (0..count).map(|_| caller()).collect()
    }

    async fn advance(&self, by: Duration, step: Duration) {
        let end = self.clock.now() + by;
        while self.clock.now() < end {
            self.clock.advance(step.min(end - self.clock.now()));
            idle().await;
        }
    }
}

async fn idle() {
    for _ in 0..50 {
        tokio::task::yield_now().await;
    }
}

fn grant(slots: u32, first: Duration, interval: Duration) -> Answer {
    Answer::Grant(Grant {
        slots,
        first_micros: first.as_micros() as i64,
        interval,
        end: 7,
        processes: 3,
        paused: Duration::ZERO,
    })
}

const fn millis(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

#[tokio::test]
async fn callers_share_a_block_and_each_starts_at_its_slot() {
    let answer = grant(3, millis(20), millis(10));
    let stage = Stage::new(ManualClock::new(), 12_000, 0.1, [answer]);
    let start = stage.clock.now();
    let callers = stage.callers(3, MINUTE);
    idle().await;
    stage.advance(millis(60), millis(1)).await;
    let mut started = Vec::new();
    for caller in callers {
        let (permitted, at) = caller.await.expect("no panic");
        assert!(permitted);
        started.push(at - start);
    }
    assert_eq!(started, [millis(20), millis(30), millis(40)]);
    let asked = stage.asked();
    assert_eq!(asked.len(), 1, "{asked:?}");
    assert_eq!(
        (asked[0].wanted, asked[0].known_end, asked[0].after_outage),
        (3, 0, false)
    );
    assert_eq!(
        (
            stage.stats().permits,
            stage.stats().round_trips,
            stage.stats().processes
        ),
        (3, 1, 3)
    );
}

#[tokio::test]
async fn the_end_of_the_slots_is_remembered_for_a_redis_that_lost_it() {
    let answer = grant(1, Duration::ZERO, millis(10));
    let stage = Stage::new(ManualClock::running(), 12_000, 0.1, [answer]);
    for _ in 0..2 {
        stage.lane.permit(MINUTE).await.expect("permitted");
    }
    assert_eq!(stage.asked()[1].known_end, 7);
}

#[tokio::test]
async fn a_slot_that_is_too_old_is_not_used() {
    let answers = [
        grant(1, millis(5), millis(10)),
        grant(1, Duration::ZERO, millis(10)),
    ];
    let stage = Stage::new(ManualClock::new(), 12_000, 0.1, answers);
    // Reserves a slot for a caller that gives up, and leaves it unused.
    let abandoned = stage.callers(1, MINUTE).remove(0);
    idle().await;
    abandoned.abort();
    idle().await;
    stage.clock.advance(stage.lane.plan.late + millis(6));
    stage.lane.permit(MINUTE).await.expect("a new slot");
    assert_eq!((stage.stats().unused_permits, stage.stats().permits), (1, 1));
    assert_eq!(stage.asked().len(), 2);
}

#[tokio::test]
async fn without_redis_a_process_uses_its_share_and_no_burst() {
    for answer in [Answer::Fail, Answer::Never] {
        let stage = Stage::new(ManualClock::new(), 12_000, 0.25, [answer.clone()]);
        let callers = stage.callers(1_000, MINUTE * 10);
        idle().await;
        stage.advance(millis(1_000), millis(1)).await;
        let before = stage.stats().permits;
        stage.advance(millis(5_000), millis(1)).await;
        let rate = (stage.stats().permits - before) as f64 / 5.0;
        let share = 12_000.0 * 0.97 * 0.25 / 60.0;
        assert!(rate <= share && rate > share * 0.9, "{answer:?}: {rate} a second");
        assert!(before as f64 <= share, "{answer:?}: a burst of {before}");
        assert!(stage.stats().is_fallback);
        assert_eq!(stage.stats().permits, stage.stats().fallback_permits);
        let changes = stage.changes.lock().expect("no panic").clone();
        assert_eq!(changes.len(), 1, "{changes:?}");
        assert!(
            changes[0].contains("down to the share of this process"),
            "{changes:?}"
        );
        callers.iter().for_each(tokio::task::JoinHandle::abort);
    }
}

#[tokio::test]
async fn a_process_returns_to_redis_as_soon_as_it_is_back() {
    let good = grant(1, Duration::ZERO, millis(5));
    let answers = [Answer::Fail, Answer::Fail, good];
    let stage = Stage::new(ManualClock::new(), 12_000, 0.25, answers);
    let callers = stage.callers(500, MINUTE * 10);
    idle().await;
    stage.advance(millis(1_000), millis(1)).await;
    assert!(!stage.stats().is_fallback);
    let asked = stage.asked();
    assert!(!asked[0].after_outage && asked[1].after_outage && asked[2].after_outage);
    assert!(
        !asked[3].after_outage,
        "only the first exchange is after the outage"
    );
    let changes = stage.changes.lock().expect("no panic").clone();
    assert_eq!(changes.len(), 2, "{changes:?}");
    assert!(changes[1].contains("shared again, after"), "{changes:?}");
    callers.iter().for_each(tokio::task::JoinHandle::abort);
}

#[cfg(feature = "metrics")]
#[tokio::test]
async fn a_gauge_shows_whether_a_process_is_down_to_its_share() {
    use metrics_util::debugging::{DebugValue, DebuggingRecorder};

    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let gauge = || {
        let all = snapshotter.snapshot().into_vec();
        let found = all
            .into_iter()
            .find(|(key, ..)| key.key().name() == crate::observability::LIMITER_FALLBACK);
        found.map(|(key, _, _, value)| {
            let labels = key.key().labels().map(|label| label.value().to_owned());
            let DebugValue::Gauge(value) = value else {
                panic!("not a gauge: {value:?}")
            };
            (labels.collect::<Vec<_>>(), value.into_inner())
        })
    };
    let good = grant(1, Duration::ZERO, millis(5));
    let answers = [Answer::Fail, Answer::Fail, good];
    let stage = Stage::new(ManualClock::new(), 12_000, 0.25, answers);
    let callers = stage.callers(500, MINUTE * 10);
    idle().await;
    assert_eq!(gauge(), Some((vec!["events".to_owned()], 1.0)));
    stage.advance(millis(1_000), millis(1)).await;
    assert_eq!(gauge(), Some((vec!["events".to_owned()], 0.0)));
    callers.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test]
async fn a_429_pauses_this_process_at_once_and_the_others_through_redis() {
    let stage = Stage::new(
        ManualClock::running(),
        12_000,
        0.1,
        [grant(1, Duration::ZERO, millis(5))],
    );
    stage.lane.permit(MINUTE).await.expect("permitted");
    let start = stage.clock.now();
    stage.lane.throttled(Some(Duration::from_secs(20)));
    stage.lane.throttled(None);
    assert!(
        stage.lane.permit(Duration::from_secs(10)).await.is_err(),
        "at once"
    );
    assert_eq!(stage.clock.now(), start);
    stage.lane.permit(MINUTE).await.expect("after the pause");
    assert!(stage.clock.now() - start >= Duration::from_secs(20));
    let paused = stage.script.paused.lock().expect("no panic").clone();
    assert_eq!(paused, [Duration::from_secs(20), Duration::from_secs(1)]);
    assert_eq!(stage.stats().throttled, 2);
}

#[tokio::test]
async fn a_pause_that_another_process_began_is_kept() {
    let paused = Answer::Grant(Grant {
        paused: Duration::from_secs(9),
        ..Grant::default()
    });
    let stage = Stage::new(
        ManualClock::running(),
        12_000,
        0.1,
        [paused, grant(1, Duration::ZERO, millis(5))],
    );
    let start = stage.clock.now();
    stage.lane.permit(MINUTE).await.expect("after the pause");
    assert!(stage.clock.now() - start >= Duration::from_secs(9));
}

#[tokio::test]
async fn a_caller_whose_slot_is_after_its_deadline_fails_at_once_and_leaves_it_to_the_next() {
    let stage = Stage::new(
        ManualClock::running(),
        12_000,
        0.1,
        [grant(1, millis(500), millis(5))],
    );
    let start = stage.clock.now();
    let denied = stage.lane.permit(millis(100)).await.expect_err("too late");
    assert!(
        denied.to_string().contains("no slot before the deadline"),
        "{denied}"
    );
    assert_eq!(stage.clock.now(), start);
    stage.lane.permit(MINUTE).await.expect("permitted");
    assert_eq!(stage.asked().len(), 1, "the same slot");
}

#[test]
fn keys_name_the_environment_and_hide_the_client_id() {
    let production = "https://eu.sequencehq.com/api";
    let [state, processes] = keys("sequencehq", Quota::Events, production, "my-client");
    // printf 'sequencehq shared limit 1\0https://eu.sequencehq.com/api\nmy-client' | sha256sum
    let hash = "a8617045ae2ca4e237523c6e19c29264";
    assert_eq!(state, format!("sequencehq:limit:{{production:{hash}}}:events"));
    assert_eq!(processes, format!("{state}:processes"));
    let other = keys("sequencehq", Quota::Events, "http://localhost:1/api", "my-client");
    assert!(other[0].starts_with("sequencehq:limit:{other:"), "{other:?}");
    let sandbox = keys(
        "team",
        Quota::Requests,
        "https://sandbox.sequencehq.com/api",
        "my-client",
    );
    assert!(
        sandbox[0].starts_with("team:limit:{sandbox:") && sandbox[0].ends_with(":requests"),
        "{sandbox:?}"
    );
    assert_ne!(
        keys("p", Quota::Events, production, "a"),
        keys("p", Quota::Events, production, "b")
    );
}

#[test]
fn a_limit_is_created_within_a_runtime_and_fails_elsewhere() {
    let error = SharedLimit::connect("redis://localhost").expect_err("no runtime");
    assert!(error.to_string().contains("within a Tokio runtime"), "{error}");
    let error = SharedLimit::connect("redis://:hush@localhost:99999").expect_err("no port");
    assert!(!error.to_string().contains("hush"), "{error}");
}
