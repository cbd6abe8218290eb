//! Eight processes share a quota, whatever happens to them and to Redis.

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::time::{Duration, Instant};

use crate::api::Api;
use crate::proxy::Proxy;
use crate::server::Redis;
use crate::worker::{Settings, Worker};

/// The rate of the limit is that of usage events; a minute is shorter, so that the proof is.
const MINUTE: Duration = Duration::from_secs(20);
const LIMIT: usize = 4_000;
const PROCESSES: usize = 8;

struct Scenario {
    redis: Redis,
    proxy: Proxy,
    api: Api,
    workers: Vec<Worker>,
    started: usize,
}

/// What the API counted in a phase.
struct Phase {
    used: f64,
    /// The smallest part of a process that ran from beginning to end, of an equal share of what was used.
    least: f64,
}

pub async fn eight_processes_share_a_quota(program: &OsStr) {
    println!(
        "{PROCESSES} processes, {LIMIT} requests in any {MINUTE:?}\n\n{:<44}{:>8}{:>16}{:>6}",
        "phase", "used", "least process", "429"
    );
    let redis = Redis::start(program).await;
    let proxy = Proxy::start(redis.port()).await;
    let api = Api::start(LIMIT, MINUTE).await;
    let mut scenario = Scenario {
        redis,
        proxy,
        api,
        workers: Vec::new(),
        started: 0,
    };
    // One process has a clock that is an hour off.
    scenario.start_workers(PROCESSES - 1, 0);
    scenario.start_workers(1, 3_600);
    tokio::time::sleep(Duration::from_secs(3)).await;

    let steady = scenario.phase("all run, one with a clock that is off", 20).await;
    assert!(steady.used >= 0.95, "of the quota: {}", steady.used);
    assert!(steady.least >= 0.5, "of its share: {}", steady.least);

    for worker in &mut scenario.workers[..2] {
        worker.kill();
    }
    scenario.workers.drain(..2);
    scenario.start_workers(2, 0);
    let killed = scenario.phase("kill -9 of two, two others start", 15).await;
    assert!(killed.used >= 0.93, "of the quota: {}", killed.used);

    let _: () = scenario.redis.run(&["SCRIPT", "FLUSH"]).await;
    let _: () = scenario.redis.run(&["FLUSHALL"]).await;
    let flushed = scenario.phase("Redis loses scripts and state", 10).await;
    assert!(flushed.used >= 0.93, "of the quota: {}", flushed.used);

    scenario.proxy.slow_down(Duration::from_millis(20));
    let slow = scenario.phase("Redis is slow (20 ms)", 15).await;
    assert!(
        slow.used >= 0.93 && slow.least >= 0.5,
        "{}, {}",
        slow.used,
        slow.least
    );

    scenario.proxy.slow_down(Duration::from_millis(500));
    let stalled = scenario.phase("Redis is too slow (500 ms): shares", 10).await;
    assert!(stalled.used >= 0.75, "of the quota: {}", stalled.used);
    scenario.proxy.slow_down(Duration::ZERO);

    scenario.phase("Redis is fast again", 5).await;
    let _: () = scenario.redis.run(&["CONFIG", "SET", "maxmemory", "1"]).await;
    let full = scenario.phase("Redis is full: shares", 10).await;
    assert!(full.used >= 0.75, "of the quota: {}", full.used);
    let _: () = scenario.redis.run(&["CONFIG", "SET", "maxmemory", "0"]).await;
    scenario.phase("Redis has memory again", 5).await;

    scenario.redis.kill();
    let gone = scenario.phase("kill -9 of Redis: shares", 10).await;
    assert!(gone.used >= 0.75, "of the quota: {}", gone.used);
    scenario.redis.restart().await;
    scenario.phase("Redis restarts, empty", 5).await;
    let back = scenario.phase("all run", 20).await;
    assert!(
        back.used >= 0.95 && back.least >= 0.5,
        "{}, {}",
        back.used,
        back.least
    );
    scenario.finish().await;
}

impl Scenario {
    fn start_workers(&mut self, count: usize, clock_off: i64) {
        for _ in 0..count {
            self.started += 1;
            self.workers.push(Worker::start(&Settings {
                name: format!("process-{}", self.started),
                redis: format!("redis://127.0.0.1:{}", self.proxy.port()),
                api: self.api.base_url.clone(),
                limit: u32::try_from(LIMIT).expect("small"),
                minute: MINUTE,
                share: 1.0 / PROCESSES as f64,
                clock_off,
            }));
        }
    }

    /// Lets time pass, and prints what the API counted in it. No request may have been answered with 429.
    async fn phase(&mut self, name: &str, seconds: u64) -> Phase {
        let (accepted, by_program) = self.counted();
        let start = Instant::now();
        tokio::time::sleep(Duration::from_secs(seconds)).await;
        let took = start.elapsed().as_secs_f64();
        let (accepted_now, by_program_now) = self.counted();
        let sent = (accepted_now - accepted) as f64;
        let used = sent / (LIMIT as f64 / MINUTE.as_secs_f64() * took);
        let counts = by_program.iter().filter_map(|(program, before)| {
            let sent = by_program_now[program] - before;
            // A process that was killed sends no more.
            (sent > 0).then_some(sent as f64)
        });
        let least = counts.fold(f64::INFINITY, f64::min) / (sent / PROCESSES as f64);
        let throttled = self.api.counts().throttled;
        println!(
            "{name:<44}{:>7.1}%{:>15.0}%{throttled:>6}",
            used * 100.0,
            least * 100.0
        );
        assert_eq!(throttled, 0, "no request is answered with 429");
        Phase { used, least }
    }

    fn counted(&self) -> (u64, BTreeMap<String, u64>) {
        let counts = self.api.counts();
        (counts.accepted, counts.by_program.clone())
    }

    async fn finish(self) {
        let scripts: String = self.redis.run(&["INFO", "commandstats"]).await;
        let scripts = scripts.lines().find(|line| line.starts_with("cmdstat_evalsha:"));
        println!("\nsince the restart: {}", scripts.unwrap_or("no script ran"));
        println!("busiest {MINUTE:?}: {} of {LIMIT}", self.api.counts().busiest);
        println!(
            "\n{:>10}{:>10}{:>10}{:>12}{:>10}",
            "permits", "shares", "unused", "round trips", "failures"
        );
        for worker in &self.workers {
            if let [permits, alone, unused, trips, failures, _] = worker.stats()[..] {
                println!("{permits:>10}{alone:>10}{unused:>10}{trips:>12}{failures:>10}");
            }
        }
    }
}
