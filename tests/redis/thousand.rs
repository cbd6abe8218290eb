//! A thousand processes, as limiters in this one: the load on Redis, unused permits, fairness and delays.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use sequencehq::rate_limit::{PermitRequest, Quota, RateLimiter as _};
use sequencehq::shared_limit::SharedLimit;

use crate::server::Redis;

const PROCESSES: usize = 1_000;
/// The permits of the API per second, for usage events.
const QUOTA: f64 = 200.0;

struct Measured {
    permits: Vec<usize>,
    delays: Vec<Duration>,
    unused: u64,
}

pub async fn a_thousand_processes_share_a_quota(program: &OsStr) {
    println!(
        "\n{PROCESSES} processes\n\n{:<28}{:>8}{:>10}{:>9}{:>12}{:>11}{:>12}{:>12}",
        "each process", "used", "fairness", "unused", "scripts/s", "Redis CPU", "delay p50", "delay p99"
    );
    let saturated = run(
        program,
        "asks all the time",
        Duration::ZERO,
        Duration::from_secs(40),
    )
    .await;
    assert!(saturated.0 >= 0.95 && saturated.1 >= 0.95, "{saturated:?}");
    let idle = run(
        program,
        "asks every 10 s",
        Duration::from_secs(10),
        Duration::from_secs(20),
    )
    .await;
    assert!(idle.0 <= 0.6, "half of the quota is wanted: {idle:?}");
}

/// Returns the part of the quota that was used, and Jain's index of fairness.
async fn run(program: &OsStr, name: &str, pause: Duration, duration: Duration) -> (f64, f64) {
    let redis = Redis::start(program).await;
    let limits = limits(&redis);
    // The first round of slots is granted before the measurement.
    let warm_up = if pause.is_zero() {
        Duration::from_secs(6)
    } else {
        Duration::ZERO
    };
    let start = Instant::now() + warm_up;
    let end = start + duration;
    let tasks: Vec<_> = limits
        .iter()
        .enumerate()
        .map(|(number, limit)| {
            let limit = limit.clone();
            // Spreads the processes over the pause.
            let offset = pause.mul_f64(number as f64 / PROCESSES as f64);
            tokio::spawn(async move {
                tokio::time::sleep(offset).await;
                ask(&limit, pause, start, end).await
            })
        })
        .collect();
    tokio::time::sleep(warm_up).await;
    let before = scripts(&redis).await;
    tokio::time::sleep_until(end.into()).await;
    let after = scripts(&redis).await;
    let mut measured = Measured {
        permits: Vec::new(),
        delays: Vec::new(),
        unused: 0,
    };
    for task in tasks {
        let delays = task.await.expect("no panic");
        measured.permits.push(delays.len());
        measured.delays.extend(delays);
    }
    measured.unused = limits.iter().map(|limit| limit.stats().unused_permits).sum();
    measured.print(name, duration, before, after)
}

impl Measured {
    fn print(mut self, name: &str, duration: Duration, before: (u64, u64), after: (u64, u64)) -> (f64, f64) {
        let seconds = duration.as_secs_f64();
        let total: usize = self.permits.iter().sum();
        let squares: usize = self.permits.iter().map(|permits| permits * permits).sum();
        let fairness = (total * total) as f64 / (PROCESSES * squares) as f64;
        let used = total as f64 / seconds / QUOTA;
        self.delays.sort_unstable();
        let delay = |part: f64| self.delays[((self.delays.len() - 1) as f64 * part) as usize];
        println!(
            "{name:<28}{:>7.1}%{fairness:>10.3}{:>8.2}%{:>12.0}{:>10.2}%{:>12.2?}{:>12.2?}",
            used * 100.0,
            self.unused as f64 / total as f64 * 100.0,
            (after.0 - before.0) as f64 / seconds,
            (after.1 - before.1) as f64 / 1e6 / seconds * 100.0,
            delay(0.5),
            delay(0.99)
        );
        (used, fairness)
    }
}

/// The limiters, of which twenty share a connection.
fn limits(redis: &Redis) -> Vec<Arc<SharedLimit>> {
    let mut limits = Vec::new();
    for _ in 0..PROCESSES / 20 {
        let config = ConnectionManagerConfig::new();
        let manager = ConnectionManager::new_lazy_with_config(redis.client(), config).expect("good settings");
        for _ in 0..20 {
            let limit = SharedLimit::builder().fallback_share(1.0 / PROCESSES as f64);
            limits.push(Arc::new(
                limit.connection(manager.clone()).expect("good settings"),
            ));
        }
    }
    limits
}

/// Asks for permits one after the other. Returns the delays of those between `start` and `end`.
async fn ask(limit: &SharedLimit, pause: Duration, start: Instant, end: Instant) -> Vec<Duration> {
    let mut delays = Vec::new();
    loop {
        let asked = Instant::now();
        let request = PermitRequest::new(
            Quota::Events,
            Duration::from_secs(120),
            "http://localhost",
            "proof",
        );
        limit.permit(request).await.expect("in time");
        let now = Instant::now();
        if now >= end {
            return delays;
        }
        if now >= start {
            delays.push(now - asked);
        }
        tokio::time::sleep(pause).await;
    }
}

/// Returns the number of scripts that ran, and the time in microseconds that they took.
async fn scripts(redis: &Redis) -> (u64, u64) {
    let info: String = redis.run(&["INFO", "commandstats"]).await;
    let field = |name: &str| {
        let line = info.lines().find(|line| line.starts_with("cmdstat_evalsha:"))?;
        let (_, rest) = line.split_once(&format!("{name}="))?;
        rest.split(',').next()?.parse().ok()
    };
    (field("calls").unwrap_or(0), field("usec").unwrap_or(0))
}
