//! How many facts a `usage::Rollup` adds per second, on one core.
//!
//! ```text
//! cargo bench --features usage --bench rollup
//! ```
//!
//! Counts the time that the thread was on a core. Prints a table and has no assertions. See BENCHMARKS.md.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    missing_docs,
    reason = "a benchmark measures real time and prints its results"
)]

use std::time::{Duration, Instant};

use sequencehq::types::UsageEventCreate;
use sequencehq::usage::Rollup;
use serde_json::json;

const MILLION: usize = 1_000_000;
const ROUNDS: usize = 5;

fn main() {
    // Cargo passes `--bench`, and `cargo test` runs the program without it.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    println!(
        "{:>10}{:>8}{:>16}{:>16}{:>14}",
        "groups", "sums", "first million", "last million", "bytes a group"
    );
    for (groups, sums) in [(1, 1), (10_000, 1), (10_000, 3), (1_000_000, 1)] {
        measure(groups, sums);
    }
}

fn measure(groups: usize, sums: usize) {
    let facts = facts(groups);
    let mut builder = Rollup::builder("bench", Duration::from_secs(3_600))
        .count_as("calls")
        .max_groups(groups);
    for name in ["tokens", "bytes", "seconds"].into_iter().take(sums) {
        builder = builder.sum(name);
    }
    let mut rollup = builder.build().expect("the settings are good");
    let before = allocated(|| {
        facts
            .iter()
            .for_each(|fact| rollup.add(fact).expect("a good fact"))
    });
    let origin = Instant::now();
    let rates: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = busy(origin);
            for fact in facts.iter().cycle().take(MILLION) {
                rollup.add(fact).expect("a good fact");
            }
            MILLION as f64 / (busy(origin) - start).as_secs_f64()
        })
        .collect();
    println!(
        "{groups:>10}{sums:>8}{:>14.2} M{:>14.2} M{:>14}",
        rates[0] / 1e6,
        rates[ROUNDS - 1] / 1e6,
        before / groups as u64
    );
}

/// Returns how long this thread was on a core, or how much time has passed where the system does not count it.
fn busy(origin: Instant) -> Duration {
    let counted = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanos = counted.and_then(|text| text.split(' ').next()?.parse().ok());
    nanos.map_or_else(|| origin.elapsed(), Duration::from_nanos)
}

/// Returns the bytes that remain allocated after `run`.
fn allocated(run: impl FnOnce()) -> u64 {
    let info = allocation_counter::measure(run);
    u64::try_from(info.bytes_current).unwrap_or_default()
}

/// A fact for each group, not in the order of their keys.
fn facts(groups: usize) -> Vec<UsageEventCreate> {
    let fact = |number: usize| {
        let number = number.wrapping_mul(7_919) % groups;
        let mut properties = json!({
            "region": (["eu", "us", "ap"][number % 3]), "model": "large", "user": number,
            "tokens": 17 + number % 500, "bytes": format!("{}.25", number % 1_000), "seconds": 0.125,
        });
        if let Some(properties) = properties.as_object_mut() {
            properties.sort_keys();
        }
        UsageEventCreate::builder()
            .customer_alias(format!("customer-{}", number % 1_000))
            .event_type("completion")
            .event_timestamp(
                "2026-03-01T12:30:00Z"
                    .parse::<sequencehq::DateTime<sequencehq::Utc>>()
                    .expect("a time"),
            )
            .event_properties(properties.as_object().cloned().expect("an object"))
            .build()
            .expect("complete")
    };
    (0..groups).map(fact).collect()
}
