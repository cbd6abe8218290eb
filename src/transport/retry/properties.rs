//! Properties of waits that hold for any policy.

use proptest::prelude::*;

use super::*;

/// Durations up to a day.
fn durations() -> impl Strategy<Value = Duration> {
    (0_u64..=86_400_000).prop_map(Duration::from_millis)
}

fn policies() -> impl Strategy<Value = RetryPolicy> {
    (0_u32..20, durations(), durations(), durations()).prop_map(|(attempts, base, max, asked)| {
        RetryPolicy::default()
            .max_attempts(attempts)
            .base_delay(base)
            .max_delay(max)
            .max_retry_after(asked)
    })
}

/// The numbers of attempts, which count from one.
fn attempts() -> impl Strategy<Value = u32> {
    prop_oneof![1_u32..40, any::<u32>().prop_map(|attempt| attempt.max(1))]
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_wait_is_random_between_zero_and_a_limit_that_doubles_up_to_the_maximum(
        policy in policies(),
        attempt in attempts(),
        random in 0.0..=1.0,
    ) {
        let limit = policy.wait(attempt, None, 1.0);
        let doublings = (attempt - 1).min(60);
        let doubled = policy.base_delay.as_nanos() << doublings;
        prop_assert_eq!(limit.as_nanos(), doubled.min(policy.max_delay.as_nanos()));
        prop_assert!(policy.wait(attempt.saturating_add(1), None, 1.0) >= limit, "the limit never shrinks");

        let wait = policy.wait(attempt, None, random);
        prop_assert!(wait <= limit);
        let share = wait.as_secs_f64() - limit.as_secs_f64() * random;
        prop_assert!(share.abs() < 1e-6, "{:?} is not {} of {:?}", wait, random, limit);
    }

    #[test]
    fn the_delay_that_the_api_requests_is_the_wait_up_to_its_maximum(
        policy in policies(),
        attempt in attempts(),
        asked in durations(),
        random in 0.0..=1.0,
    ) {
        prop_assert_eq!(policy.wait(attempt, Some(asked), random), asked.min(policy.max_retry_after));
    }

    #[test]
    fn a_retry_needs_an_attempt_that_is_left_and_a_wait_that_ends_before_the_deadline(
        policy in policies(),
        attempt in 1_u32..25,
        asked in proptest::option::of(durations()),
        random in 0.0..=1.0,
        passed in durations(),
        spare in prop_oneof![durations(), (0_u64..3).prop_map(Duration::from_nanos)],
    ) {
        let started = crate::clock::Clock::now(&crate::clock::ManualClock::new());
        let now = started + passed;
        // Often, the deadline is close to the end of the wait.
        let whole = (passed + policy.wait(attempt, asked, random) + spare).saturating_sub(Duration::from_nanos(1));
        let budget = Budget::new(&policy, started, whole);
        match budget.next_wait(attempt, asked, now, random) {
            Some(wait) => {
                prop_assert!(attempt < policy.max_attempts);
                prop_assert!(now + wait < started + whole);
                prop_assert_eq!(wait, policy.wait(attempt, asked, random));
            }
            None => {
                let wait = policy.wait(attempt, asked, random);
                prop_assert!(attempt >= policy.max_attempts || now + wait >= started + whole);
            }
        }
    }
}
