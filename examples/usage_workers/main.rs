//! Sends the usage events of a Redis stream with several processes that share the rate limit of the API.
//!
//! ```text
//! apt-get install redis-server
//! cargo run --features "emulator redis" --example usage_workers
//! ```
//!
//! The example starts an emulator and a Redis, puts events on a stream, and starts four worker processes, one of which it
//! kills in the middle. In the end, it prints a table, and compares what the API has with what was put in. With
//! `REDIS_URL`, it uses that Redis and a stream of its own. `--events N` and `--workers N` set the numbers.
//!
//! `worker.rs` is the part to copy.

#![allow(clippy::print_stdout, reason = "the example prints its results")]
#![allow(clippy::disallowed_methods, reason = "the example waits for real processes")]
#![allow(unreachable_pub, reason = "the modules are to be copied")]

mod redis_server;
mod worker;

use std::error::Error as StdError;
use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, ExitCode, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use sequencehq::emulator::{Emulator, Fault};
use sequencehq::shared_limit::SharedLimit;
use sequencehq::usage::StopSignal;
use sequencehq::{Client, Credentials};
use serde_json::json;

use redis_server::RedisServer;
use worker::{Done, Queue};

/// Passes the settings to a worker process.
const WORKER: &str = "USAGE_WORKER";
const REJECTED: u32 = 3;

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn StdError>> {
    if let Ok(settings) = std::env::var(WORKER) {
        run_worker(&settings).await?;
        return Ok(ExitCode::SUCCESS);
    }
    let (events, workers) = (number("--events", 2_000)?, number("--workers", 4)?);
    let server = match std::env::var("REDIS_URL") {
        Ok(url) => RedisServer::at(url),
        Err(_) => match RedisServer::start() {
            Ok(server) => server,
            Err(error) => {
                println!("This example needs Redis: {error}.");
                println!("Install it (apt-get install redis-server), or set REDIS_URL.");
                return Ok(ExitCode::FAILURE);
            }
        },
    };
    let emulator = Emulator::start().await?;
    let rejection =
        Fault::status(422).body(r#"{"error":{"type":"Staged","message":"A fault was injected."}}"#);
    emulator.inject(rejection.on("usage_event_create").times(REJECTED));
    let stream = format!("usage-{}", std::process::id());
    let mut redis = connect(server.url())?;
    fill(&mut redis, &stream, events).await?;
    println!("{events} events on the stream {stream}; {workers} workers share 12,000 events per minute");

    let start = Instant::now();
    let names = (1..=workers).map(|number| format!("worker-{number}"));
    let mut started: Vec<Process> = names
        .map(|name| Process::start(&name, &emulator, server.url(), &stream))
        .collect::<Result<_, _>>()?;
    if workers > 1 {
        // About a third of the events.
        tokio::time::sleep(Duration::from_millis(events * 1_000 / 200 / 3)).await;
        started[0].kill()?;
        println!(
            "killed worker-1 after {:.1} s; the others claim what it left",
            start.elapsed().as_secs_f64()
        );
    }
    for process in &mut started {
        while !process.has_ended()? {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    print_table(&started);
    let page = emulator.client().usage_events().list().limit(1).await?;
    let counted = page.pagination.total_result_size.unwrap_or_default();
    let rejected: u64 = redis::cmd("XLEN")
        .arg(format!("{stream}:rejected"))
        .query_async(&mut redis)
        .await?;
    println!(
        "\n{events} events put in: {counted} counted by the API, {rejected} on the stream of rejects, {:.0} per second",
        events as f64 / start.elapsed().as_secs_f64()
    );
    redis::cmd("DEL")
        .arg(&stream)
        .arg(format!("{stream}:rejected"))
        .query_async::<()>(&mut redis)
        .await?;
    let is_complete = u64::try_from(counted).is_ok_and(|counted| counted + rejected == events);
    Ok(if is_complete {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Puts events on the stream, as the programs that produce them would.
async fn fill(redis: &mut ConnectionManager, stream: &str, events: u64) -> redis::RedisResult<()> {
    let customers = ["acme", "globex", "initech"];
    for start in (0..events).step_by(1_000) {
        let mut pipe = redis::pipe();
        for number in start..events.min(start + 1_000) {
            let customer = customers[number as usize % customers.len()];
            let event = json!({"customerAlias": customer, "eventType": "api_call", "eventProperties": {"number": number}});
            pipe.cmd("XADD")
                .arg(stream)
                .arg("*")
                .arg("event")
                .arg(event.to_string())
                .ignore();
        }
        pipe.query_async::<()>(redis).await?;
    }
    Ok(())
}

/// The main function of a worker process.
async fn run_worker(settings: &str) -> Result<(), Box<dyn StdError>> {
    let [name, base_url, id, secret, redis_url, stream]: [&str; 6] = settings
        .split(' ')
        .collect::<Vec<_>>()
        .try_into()
        .map_err(|_| "the settings are incomplete")?;
    let limit = SharedLimit::builder()
        .fallback_share(0.25)
        .on_change(|change| eprintln!("{change}"))
        .connect(redis_url)?;
    let client = Client::builder(Credentials::new(id, secret)?)
        .base_url(base_url)
        .rate_limiter(Arc::new(limit.clone()))
        .build()?;
    let queue = Queue {
        stream: stream.to_owned(),
        group: "sequence".to_owned(),
        consumer: name.to_owned(),
        claim_after: Duration::from_secs(3),
        batch: 100,
    };
    let stop = StopSignal::new();
    let print = |done: Done| {
        let stats = limit.stats();
        println!("{} {} {}", done.line(), stats.permits, stats.round_trips);
    };
    let done = worker::work(&client, connect(redis_url)?, &queue, &stop, true, print).await?;
    print(done);
    Ok(())
}

fn connect(url: &str) -> redis::RedisResult<ConnectionManager> {
    // Longer than a read of the stream blocks.
    let config = ConnectionManagerConfig::new().set_response_timeout(Some(Duration::from_secs(5)));
    ConnectionManager::new_lazy_with_config(redis::Client::open(url)?, config)
}

/// A worker process.
struct Process {
    name: String,
    child: Child,
    last_line: Arc<Mutex<String>>,
    fate: &'static str,
}

impl Process {
    fn start(name: &str, emulator: &Emulator, redis: &str, stream: &str) -> Result<Self, Box<dyn StdError>> {
        let (url, id, secret) = (
            emulator.base_url(),
            emulator.client_id(),
            emulator.client_secret(),
        );
        let mut child = Command::new(std::env::current_exe()?)
            .env(WORKER, format!("{name} {url} {id} {secret} {redis} {stream}"))
            .stdout(Stdio::piped())
            .spawn()?;
        let output = BufReader::new(child.stdout.take().ok_or("the output is piped")?);
        let last_line: Arc<Mutex<String>> = Arc::default();
        let kept = Arc::clone(&last_line);
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                if let Ok(mut kept) = kept.lock() {
                    *kept = line;
                }
            }
        });
        Ok(Self {
            name: name.to_owned(),
            child,
            last_line,
            fate: "done",
        })
    }

    /// Ends the process as `kill -9` does.
    fn kill(&mut self) -> std::io::Result<()> {
        self.fate = "killed";
        self.child.kill()
    }

    fn has_ended(&mut self) -> std::io::Result<bool> {
        Ok(self.child.try_wait()?.is_some())
    }

    /// Returns what the worker did, with the numbers of permits and of round trips to Redis for them.
    fn numbers(&self) -> Option<(Done, u64, u64)> {
        let line = self.last_line.lock().ok()?.clone();
        let mut fields = line.split(' ');
        let done = Done::parse(fields.next()?)?;
        Some((done, fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    }
}

fn print_table(processes: &[Process]) {
    println!(
        "\n{:<10}{:>8}{:>9}{:>10}{:>10}{:>12}{:>9}{:>13}  ended",
        "worker", "read", "claimed", "accepted", "rejected", "unfinished", "permits", "round trips"
    );
    for process in processes {
        let (done, permits, trips) = process.numbers().unwrap_or_default();
        println!(
            "{:<10}{:>8}{:>9}{:>10}{:>10}{:>12}{permits:>9}{trips:>13}  {}",
            process.name,
            done.read,
            done.claimed,
            done.accepted,
            done.rejected,
            done.unfinished,
            process.fate
        );
    }
}

/// Returns the number after an option.
fn number(option: &str, default: u64) -> Result<u64, Box<dyn StdError>> {
    let mut arguments = std::env::args().skip_while(|argument| argument != option);
    match (arguments.next(), arguments.next()) {
        (None, _) => Ok(default),
        (Some(_), Some(value)) => Ok(value.parse().map_err(|_| format!("{option} needs a number"))?),
        (Some(_), None) => Err(format!("{option} needs a number").into()),
    }
}
