//! A process of a scenario, which sends events as fast as the limit allows, until it is killed.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant, SystemTime};

use sequencehq::clock::{Clock, Sleep, SystemClock};
use sequencehq::shared_limit::{SharedLimit, Stats};
use sequencehq::types::UsageEventCreate;
use sequencehq::usage::Sender;
use sequencehq::{Client, Credentials, RateLimit};

const SETTINGS: &str = "SEQUENCEHQ_PROOF_WORKER";

/// The settings of a process, passed as one line.
#[derive(Clone, Debug)]
pub struct Settings {
    pub name: String,
    pub redis: String,
    pub api: String,
    pub limit: u32,
    pub minute: Duration,
    pub share: f64,
    /// How far the time of day of the process is off, in seconds.
    pub clock_off: i64,
}

pub fn settings() -> Option<Settings> {
    let line = std::env::var(SETTINGS).ok()?;
    let mut fields = line.split(' ');
    let mut next = || fields.next().expect("the parent passes all settings").to_owned();
    Some(Settings {
        name: next(),
        redis: next(),
        api: next(),
        limit: next().parse().expect("a number"),
        minute: Duration::from_millis(next().parse().expect("a number")),
        share: next().parse().expect("a number"),
        clock_off: next().parse().expect("a number"),
    })
}

/// A process that the scenario started.
pub struct Worker {
    process: Child,
    last_line: Arc<Mutex<String>>,
}

impl Worker {
    pub fn start(settings: &Settings) -> Self {
        let Settings {
            name,
            redis,
            api,
            limit,
            share,
            clock_off,
            ..
        } = settings;
        let minute = settings.minute.as_millis();
        let line = format!("{name} {redis} {api} {limit} {minute} {share} {clock_off}");
        let mut process = Command::new(std::env::current_exe().expect("the path is known"))
            .env(SETTINGS, line)
            .stdout(Stdio::piped())
            .spawn()
            .expect("this program can be started again");
        let output = BufReader::new(process.stdout.take().expect("piped"));
        let last_line: Arc<Mutex<String>> = Arc::default();
        let kept = Arc::clone(&last_line);
        std::thread::spawn(move || {
            for line in output.lines().map_while(Result::ok) {
                *kept.lock().expect("no panic") = line;
            }
        });
        Self { process, last_line }
    }

    /// The counters that the process printed last.
    pub fn stats(&self) -> Vec<u64> {
        let line = self.last_line.lock().expect("no panic").clone();
        line.split(' ').filter_map(|number| number.parse().ok()).collect()
    }

    /// Ends the process as `kill -9` does.
    pub fn kill(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.kill();
    }
}

/// A clock whose time of day is wrong.
#[derive(Debug)]
struct Off(i64);

impl Clock for Off {
    fn now(&self) -> Instant {
        SystemClock.now()
    }

    fn system_time(&self) -> SystemTime {
        let off = Duration::from_secs(self.0.unsigned_abs());
        if self.0 < 0 {
            SystemClock.system_time() - off
        } else {
            SystemClock.system_time() + off
        }
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        SystemClock.sleep(duration)
    }
}

pub async fn run(settings: Settings) {
    let limit = SharedLimit::builder()
        .events(RateLimit::per_minute(settings.limit))
        .fallback_share(settings.share)
        .minute(settings.minute)
        .clock(Off(settings.clock_off))
        .connect(&settings.redis)
        .expect("the settings are good");
    let client = Client::builder(Credentials::new("proof", "secret").expect("good"))
        .base_url(&settings.api)
        .user_agent(&settings.name)
        .clock(Off(settings.clock_off))
        .rate_limiter(Arc::new(limit.clone()))
        .build()
        .expect("the settings are good");
    tokio::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_millis(500)).await;
            let Stats {
                permits,
                fallback_permits,
                unused_permits,
                round_trips,
                failures,
                throttled,
                ..
            } = limit.stats();
            println!("{permits} {fallback_permits} {unused_permits} {round_trips} {failures} {throttled}");
        }
    });
    let name = settings.name;
    let events = (0_u64..).map(|number| {
        UsageEventCreate::builder()
            .customer_event_id(format!("{name}-{number}"))
            .customer_alias("acme")
            .event_type("api_call")
    });
    let mut outcomes = Sender::new(&client).max_in_flight(32).send_all(events);
    while let Some(outcome) = outcomes.next().await {
        assert!(outcome.is_accepted(), "{outcome}");
    }
}
