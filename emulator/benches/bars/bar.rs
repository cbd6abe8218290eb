//! Bars, and the fastest of several rounds.

use std::time::{Duration, Instant};

/// Prints a measure that has to be below a bar.
pub(crate) fn below(name: &str, measured: f64, bar: f64, unit: &str) {
    print(name, measured, (measured < bar, "under", bar), unit);
}

/// Prints a measure that has to be above a bar.
pub(crate) fn above(name: &str, measured: f64, bar: f64, unit: &str) {
    print(name, measured, (measured > bar, "over", bar), unit);
}

fn print(name: &str, measured: f64, (is_met, side, bar): (bool, &str, f64), unit: &str) {
    let verdict = if is_met { "met   " } else { "missed" };
    let shown = if measured < 100.0 {
        format!("{measured:.3}")
    } else {
        format!("{measured:.0}")
    };
    println!("{verdict} {name}: {shown} {unit} (bar: {side} {bar} {unit})");
}

/// The time of the fastest of some rounds, which other processes disturbed least.
pub(crate) fn fastest(rounds: usize, mut round: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let start = Instant::now();
        round();
        start.elapsed()
    });
    times.min().unwrap_or_default()
}

/// The CPU time of the fastest of some rounds, of all threads. Where the system does not show it, the time that passed.
pub(crate) fn cheapest(rounds: usize, mut round: impl FnMut()) -> Duration {
    let times = (0..rounds).map(|_| {
        let (before, start) = (cpu(), Instant::now());
        round();
        match (before, cpu()) {
            (Some(before), Some(after)) => after - before,
            _ => start.elapsed(),
        }
    });
    times.min().unwrap_or_default()
}

/// The CPU time of the threads of this process so far.
fn cpu() -> Option<Duration> {
    let threads = std::fs::read_dir("/proc/self/task").ok()?;
    let spent = threads.map(|thread| {
        let schedule = std::fs::read_to_string(thread.ok()?.path().join("schedstat")).ok()?;
        schedule.split(' ').next()?.parse::<u64>().ok()
    });
    spent.sum::<Option<u64>>().map(Duration::from_nanos)
}

pub(crate) fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
