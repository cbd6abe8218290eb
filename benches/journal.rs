//! What a journal costs a sender. Results and how to read them: BENCHMARKS.md.
//!
//! `cargo bench --features emulator --bench journal` measures; `-- --short`, or running it as a test, only goes through
//! everything once. The journal is put into the directory that `TMPDIR` names, so choose one on the disk in question.

#![allow(clippy::print_stdout, reason = "a benchmark's result is what it prints")]
#![allow(clippy::disallowed_methods, reason = "real time is what a benchmark measures")]

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;
use std::time::{Duration, Instant};

use sequencehq::RateLimit;
use sequencehq::emulator::Emulator;
use sequencehq::types::UsageEventCreate;
use sequencehq::usage::{Journal, Sender};

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let said = |word: &str| arguments.iter().any(|argument| argument == word);
    let (events, rounds) = match said("--short") || !said("--bench") {
        true => (100, 1),
        false => (12_000, 5),
    };
    let directory = std::env::temp_dir().join(format!("sequencehq-bench-{}", std::process::id()));
    fs::create_dir_all(&directory).expect("a place for files");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime");

    println!("one sync of a line: {:.2?}", sync(&directory, events / 20));
    println!(
        "{:>9}  {:>12}  {:>12}  {:>13}",
        "in flight", "without", "with", "with, a minute"
    );
    for in_flight in [1, 8, 64] {
        let events = if in_flight == 1 { events / 4 } else { events };
        // The sides take turns, and the fastest round of each counts.
        let mut best = [Duration::MAX; 2];
        for round in 0..rounds {
            for (side, best) in best.iter_mut().enumerate() {
                let path = (side == 1).then(|| directory.join(format!("{in_flight}-{round}.journal")));
                let time = runtime.block_on(run(events, in_flight, path.as_deref()));
                *best = time.min(*best);
            }
        }
        let [without, with] = best;
        let each = |time: Duration| time / u32::try_from(events).expect("few");
        let a_minute = events as f64 / with.as_secs_f64() * 60.0;
        println!(
            "{in_flight:>9}  {:>12.2?}  {:>12.2?}  {a_minute:>14.0}",
            each(without),
            each(with)
        );
    }
    fs::remove_dir_all(directory).expect("it was created above");
}

/// What the disk takes for one entry by itself.
fn sync(directory: &Path, times: usize) -> Duration {
    let mut file = File::create(directory.join("sync")).expect("created");
    let line = [b'x'; 200];
    let began = Instant::now();
    for _ in 0..times {
        file.write_all(&line).expect("written");
        file.sync_data().expect("synced");
    }
    began.elapsed() / u32::try_from(times).expect("few")
}

/// The time to send so many events and have all outcomes.
async fn run(events: usize, in_flight: usize, journal: Option<&Path>) -> Duration {
    let emulator = Emulator::start().await.expect("a free port");
    let builder = emulator.client_builder().event_rate_limit(RateLimit::none());
    let client = builder.build().expect("good");
    let mut sender = Sender::new(&client).max_in_flight(in_flight);
    if let Some(path) = journal {
        sender = sender.journal(&Journal::open(path).expect("created"));
    }
    let input = (0..events).map(|number| {
        UsageEventCreate::builder()
            .customer_event_id(format!("call-{number}"))
            .customer_alias("acme")
            .event_type("api_call")
            .event_properties([("bytes", number)])
    });
    let began = Instant::now();
    let report = sender.send_all(input).await;
    let time = began.elapsed();
    assert!(report.is_complete(), "{report}");
    time
}
