//! Properties of the limit that hold for any arrivals of calls and of 429 responses.

use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::clock::ManualClock;

const MINUTE: Duration = Duration::from_secs(60);

/// What happens to a limiter.
#[derive(Clone, Debug)]
enum Happening {
    /// Calls arrive at the same time, each with the time that it has left.
    Calls(Vec<Duration>),
    /// The API responds with 429.
    TooMany(Option<Duration>),
    /// Time passes.
    Passes(Duration),
}

/// Durations up to two minutes.
fn durations() -> impl Strategy<Value = Duration> {
    (0_u64..120_000).prop_map(Duration::from_millis)
}

fn happenings(left: impl Strategy<Value = Duration> + 'static) -> impl Strategy<Value = Vec<Happening>> {
    let happening = prop_oneof![
        4 => vec(left, 1..15).prop_map(Happening::Calls),
        1 => proptest::option::of(durations()).prop_map(Happening::TooMany),
        3 => durations().prop_map(Happening::Passes),
    ];
    vec(happening, 1..15)
}

/// A call that the limiter has answered.
#[derive(Debug)]
struct Settled {
    number: usize,
    arrived: Instant,
    left: Duration,
    settled: Instant,
    permitted: bool,
}

/// What was observed, in the order in which it happened.
struct Observed {
    settled: Vec<Settled>,
    /// The beginning and the end of each pause after a 429.
    pauses: Vec<(Instant, Instant)>,
}

impl Observed {
    fn permitted(&self) -> impl Iterator<Item = &Settled> {
        self.settled.iter().filter(|call| call.permitted)
    }
}

/// Plays `happenings`, and then lets time pass until every call is settled.
fn play(limit: u32, happenings: &[Happening]) -> Observed {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime without a driver can be built");
    runtime.block_on(async {
        let clock = ManualClock::new();
        let limiter = Arc::new(Limiter::new(
            RateLimit::per_minute(limit),
            Arc::new(clock.clone()),
        ));
        let settled = Arc::new(Mutex::new(Vec::new()));
        let step = limiter.interval / 4;
        let (mut calls, mut pauses) = (0, Vec::new());
        for happening in happenings {
            match happening {
                Happening::Calls(lefts) => {
                    for &left in lefts {
                        let (number, arrived) = (calls, clock.now());
                        calls += 1;
                        let (limiter, clock, settled) =
                            (Arc::clone(&limiter), clock.clone(), Arc::clone(&settled));
                        tokio::spawn(async move {
                            let permitted = limiter.permit(left).await;
                            let call = Settled {
                                number,
                                arrived,
                                left,
                                settled: clock.now(),
                                permitted,
                            };
                            settled.lock().expect("no panic").push(call);
                        });
                    }
                    idle().await;
                }
                Happening::TooMany(asked) => {
                    limiter.slow_down(*asked);
                    let pause = asked.unwrap_or(SHORT_PAUSE).min(MINUTE);
                    pauses.push((clock.now(), clock.now() + pause));
                    idle().await;
                }
                Happening::Passes(duration) => {
                    let end = clock.now() + *duration;
                    while clock.now() < end {
                        clock.advance(step.min(end - clock.now()));
                        idle().await;
                    }
                }
            }
        }
        // At half the rate, two intervals for each call, after the pauses.
        let enough = limiter.interval * 2 * (calls as u32 + 2) + MINUTE * 2;
        let end = clock.now() + enough;
        while settled.lock().expect("no panic").len() < calls && clock.now() < end {
            clock.advance(step);
            idle().await;
        }
        let settled = std::mem::take(&mut *settled.lock().expect("no panic"));
        assert_eq!(settled.len(), calls, "every call is settled in the end");
        Observed { settled, pauses }
    })
}

/// Lets all tasks run until they wait for the clock.
async fn idle() {
    for _ in 0..40 {
        tokio::task::yield_now().await;
    }
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        cases: ProptestConfig::default().cases / 4,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn no_period_of_a_minute_has_more_requests_than_the_limit_and_none_without_a_deadline_is_rejected(
        limit in 1_u32..60,
        happenings in happenings(Just(Duration::MAX)),
    ) {
        let observed = play(limit, &happenings);
        prop_assert!(observed.settled.iter().all(|call| call.permitted));
        let moments: Vec<Instant> = observed.permitted().map(|call| call.settled).collect();
        for (index, first) in moments.iter().enumerate() {
            let busy = moments[index..].iter().filter(|moment| **moment - *first < MINUTE).count();
            prop_assert!(busy <= limit as usize, "{} in a minute, and the limit is {}", busy, limit);
        }
    }

    #[test]
    fn calls_start_in_the_order_in_which_they_arrive(
        limit in 1_u32..60,
        happenings in happenings(prop_oneof![Just(Duration::MAX), durations()]),
    ) {
        let observed = play(limit, &happenings);
        let order: Vec<usize> = observed.permitted().map(|call| call.number).collect();
        prop_assert!(order.is_sorted(), "{:?}", order);
    }

    #[test]
    fn no_call_starts_during_a_pause_and_none_after_its_deadline(
        limit in 1_u32..60,
        happenings in happenings(prop_oneof![Just(Duration::MAX), durations()]),
    ) {
        let observed = play(limit, &happenings);
        for call in observed.permitted() {
            prop_assert!(call.settled - call.arrived <= call.left, "late: {:?}", call);
            for (begin, end) in &observed.pauses {
                let is_paused = call.settled > *begin && call.settled < *end;
                prop_assert!(!is_paused, "in a pause: {:?}", call);
            }
        }
    }
}
