//! Events of a stream count once each, while workers are killed.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use sequencehq::shared_limit::SharedLimit;
use sequencehq::usage::StopSignal;
use sequencehq::{Client, Credentials, RateLimit};

use crate::api::Api;
use crate::server::Redis;
use crate::stream_worker::{self, Done, Queue};

const WORKER: &str = "SEQUENCEHQ_PROOF_STREAM_WORKER";
/// The number of events. A million in the proof of a release.
const EVENTS: &str = "SEQUENCEHQ_PROOF_EVENTS";
const STREAM: &str = "usage";
const WORKERS: usize = 4;

pub async fn events_count_once_while_workers_die(program: &OsStr) {
    let events: u64 = std::env::var(EVENTS).map_or(100_000, |number| number.parse().expect("a number"));
    let redis = Redis::start(program).await;
    let api = Api::start(usize::MAX, Duration::from_secs(60)).await;
    fill(&redis, events).await;
    println!("\n{events} events on a stream, {WORKERS} workers");

    let start = Instant::now();
    let mut workers: Vec<Worker> = (1..=WORKERS)
        .map(|number| Worker::start(&format!("worker-{number}"), &redis, &api))
        .collect();
    for (victim, part) in [(0, 4), (1, 2)] {
        while api.counts().accepted < events / part {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        workers[victim].child.kill().expect("the worker runs");
        println!(
            "kill -9 of worker-{} after {:.1} s",
            victim + 1,
            start.elapsed().as_secs_f64()
        );
    }
    for worker in &mut workers {
        let ended = worker.child.wait().expect("the worker ends");
        assert!(ended.success() || worker.is_killed(), "{ended}");
    }
    let took = start.elapsed().as_secs_f64();

    println!(
        "\n{:<10}{:>10}{:>10}{:>10}{:>12}",
        "worker", "read", "claimed", "accepted", "unfinished"
    );
    for (number, worker) in workers.iter().enumerate() {
        let Done {
            read,
            claimed,
            accepted,
            unfinished,
            ..
        } = worker.done();
        println!(
            "{:<10}{read:>10}{claimed:>10}{accepted:>10}{unfinished:>12}",
            format!("worker-{}", number + 1)
        );
    }
    let counts = api.counts();
    let counted = counts.by_id.len() as u64;
    let sum: u64 = counts.by_id.values().sum();
    println!(
        "\n{events} put in; {counted} counted, {} requests, {:.0} events per second",
        counts.accepted,
        events as f64 / took
    );
    assert_eq!(counted, events, "each event counts, and once");
    assert_eq!(sum, events * (events - 1) / 2, "with its own content");
}

/// Puts events with the numbers from zero on the stream.
async fn fill(redis: &Redis, events: u64) {
    let mut connection = connect(&redis.client());
    for start in (0..events).step_by(2_000) {
        let mut pipe = redis::pipe();
        for number in start..events.min(start + 2_000) {
            let event = format!(
                r#"{{"customerAlias":"acme","eventType":"call","eventProperties":{{"number":{number}}}}}"#
            );
            pipe.cmd("XADD")
                .arg(STREAM)
                .arg("*")
                .arg("event")
                .arg(event)
                .ignore();
        }
        pipe.query_async::<()>(&mut connection)
            .await
            .expect("Redis has memory");
    }
}

fn connect(client: &redis::Client) -> ConnectionManager {
    // Longer than a read of the stream blocks.
    let config = ConnectionManagerConfig::new().set_response_timeout(Some(Duration::from_secs(10)));
    ConnectionManager::new_lazy_with_config(client.clone(), config).expect("the settings are good")
}

/// A worker process.
struct Worker {
    child: Child,
    last_line: Arc<Mutex<String>>,
}

impl Worker {
    fn start(name: &str, redis: &Redis, api: &Api) -> Self {
        let mut child = Command::new(std::env::current_exe().expect("the path is known"))
            .env(
                WORKER,
                format!("{name} redis://127.0.0.1:{} {}", redis.port(), api.base_url),
            )
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started again");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let last_line: Arc<Mutex<String>> = Arc::default();
        let kept = Arc::clone(&last_line);
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                *kept.lock().expect("no panic") = line;
            }
        });
        Self { child, last_line }
    }

    fn done(&self) -> Done {
        Done::parse(&self.last_line.lock().expect("no panic")).unwrap_or_default()
    }

    #[cfg(unix)]
    fn is_killed(&mut self) -> bool {
        use std::os::unix::process::ExitStatusExt as _;

        let status = self.child.try_wait().expect("the worker ended");
        status.is_some_and(|status| status.signal() == Some(9))
    }

    #[cfg(not(unix))]
    fn is_killed(&mut self) -> bool {
        true
    }
}

/// Runs a worker process, if this is one.
pub async fn run_worker_if_asked() -> bool {
    let Ok(settings) = std::env::var(WORKER) else {
        return false;
    };
    let settings: Vec<&str> = settings.split(' ').collect();
    let [name, redis_url, api] = settings[..] else {
        panic!("the parent passes all settings");
    };
    // High enough to be no limit. Every request asks for it all the same.
    let limit = SharedLimit::builder()
        .events(RateLimit::per_minute(60_000_000))
        .connect(redis_url);
    let client = Client::builder(Credentials::new("proof", "secret").expect("good"))
        .base_url(api)
        .rate_limiter(Arc::new(limit.expect("the settings are good")))
        .build()
        .expect("the settings are good");
    let queue = Queue {
        stream: STREAM.to_owned(),
        group: "sequence".to_owned(),
        consumer: name.to_owned(),
        claim_after: Duration::from_secs(5),
        batch: 500,
    };
    let redis = connect(&redis::Client::open(redis_url).expect("the URL is good"));
    let print = |done: Done| println!("{}", done.line());
    let done = stream_worker::work(&client, redis, &queue, &StopSignal::new(), true, print).await;
    print(done.expect("Redis is not away"));
    true
}
