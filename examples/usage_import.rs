//! Imports usage events from an NDJSON or CSV file.
//!
//! ```text
//! cargo run --features emulator --example usage_import
//! cargo run --features emulator --example usage_import -- --help
//! ```
//!
//! By default, it runs against the embedded emulator with generated sample data, without credentials or network
//! access. If `SEQUENCE_CLIENT_ID` and `SEQUENCE_CLIENT_SECRET` are set, it imports the given file into the
//! vendor's sandbox. It runs against production only with `SEQUENCE_ENVIRONMENT=production` and the flag
//! `--production`, because customers are billed for the events it sends.
//!
//! A file can be imported again at any time, such as after a crash: every event supersedes itself. To that end, an
//! event without a `customerEventId` is given a derived one (`derived_id`). The position in the derived id is the
//! number of earlier lines with the same content, and not the line number that `Lines` uses: each of several
//! identical lines is counted, lines may be moved and added, and a changed line is a different event. Do not split
//! a file with identical lines in two. An event requires an `eventTimestamp`, because the server would otherwise
//! use the time of the last import.
//!
//! With `--journal`, events that an earlier import has sent are skipped instead of sent again, even after a crash.

#![allow(clippy::print_stdout, reason = "the example prints its results")]

use std::cell::RefCell;
use std::collections::HashMap;
use std::error::Error as StdError;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Cursor, Read, Write};
use std::path::PathBuf;
use std::process::ExitCode;
use std::rc::Rc;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use sequencehq::emulator::{Emulator, Fault};
use sequencehq::types::UsageEventCreate;
use sequencehq::usage::{Journal, Outcome, Progress, Sender, StopSignal, derived_id, parse_line};
use sequencehq::{Client, ClientBuilder, Environment, RateLimit};
use serde_json::{Value, json};

const HELP: &str = "usage: usage_import [FILE] [--csv | --ndjson] [--journal FILE] [--rejects FILE] [--in-flight N] [--production]

  FILE            the events to import, one per line
  --csv           read FILE as CSV (default if its extension is .csv)
  --ndjson        read FILE as NDJSON (default otherwise)
  --journal FILE  record sent events, so that the next import skips them
  --rejects FILE  write events that were not accepted, with the reason, as NDJSON (default: FILE.rejects.ndjson)
  --in-flight N   maximum number of events in flight (default: 64)
  --production    confirm that customers may be billed in production

NDJSON lines have the fields of the API: customerAlias, eventType, eventTimestamp, and optionally customerEventId and
eventProperties. CSV columns have the same names, except for one column properties.NAME per property. Empty cells are
omitted.

A file can be imported again at any time: an event supersedes itself or, with a journal, is skipped. Ctrl-C stops the
import when the events in flight are completed.

If SEQUENCE_CLIENT_ID is not set, the example runs against an emulator in this process, with sample data unless FILE is
given. Otherwise it runs against the vendor's sandbox, or against production with SEQUENCE_ENVIRONMENT=production and
--production. The exit status is 1 if any event in FILE was not accepted.";

/// The same for all files, so that a file can be renamed between two imports.
const SOURCE: &str = "usage_import";

const SAMPLE_LINES: usize = 3_000;

#[derive(Default)]
struct Options {
    file: Option<PathBuf>,
    csv: Option<bool>,
    journal: Option<PathBuf>,
    rejects: Option<PathBuf>,
    in_flight: Option<usize>,
    production: bool,
}

#[tokio::main]
async fn main() -> Result<ExitCode, Box<dyn StdError>> {
    let Some(options) = options()? else {
        println!("{HELP}");
        return Ok(ExitCode::SUCCESS);
    };
    let (client, emulator) = set_the_stage(&options).await?;
    let stop = StopSignal::new();
    tokio::spawn({
        let stop = stop.clone();
        async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                stop.stop();
            }
        }
    });
    let mut sender = Sender::new(&client)
        .max_in_flight(options.in_flight.unwrap_or(64))
        .stop_signal(&stop);
    // Events that were in flight when the last import ended are sent first.
    let mut pending = Vec::new();
    if let Some(path) = &options.journal {
        let journal = Journal::open(path)?;
        println!("Journal {}: {}", journal.path().display(), journal.recovered());
        pending = journal.pending();
        sender = sender.journal(&journal);
    }

    if let Some(file) = &options.file {
        let is_csv = options
            .csv
            .unwrap_or_else(|| file.extension().is_some_and(|extension| extension == "csv"));
        let lines = BufReader::new(File::open(file)?).lines().count();
        let rejects = options.rejects.clone().unwrap_or_else(|| {
            let mut name = file.clone().into_os_string();
            name.push(".rejects.ndjson");
            name.into()
        });
        let done = import(&sender, pending, File::open(file)?, is_csv, lines, rejects).await?;
        let is_complete = done.accepted + done.skipped == done.read && !stop.is_stopped();
        return Ok(if is_complete {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        });
    }

    let rejects = options.rejects.clone();
    let rejects = rejects.unwrap_or_else(|| std::env::temp_dir().join("usage_import.rejects.ndjson"));
    let emulator = emulator.ok_or("FILE is required")?;
    println!(
        "Importing {SAMPLE_LINES} lines of sample data, four of them invalid, over an unreliable network"
    );
    for fault in [
        Fault::status(503).times(20),
        Fault::status(429).retry_after(Duration::from_secs(1)),
        Fault::drop_connection_after_acting().times(5),
        Fault::status(422).body(r#"{"error":{"type":"Staged","message":"A fault was injected."}}"#),
    ] {
        emulator.inject(fault.on("usage_event_create"));
    }
    import(
        &sender,
        pending,
        Cursor::new(sample()),
        false,
        SAMPLE_LINES,
        rejects.clone(),
    )
    .await?;
    let first = count(&client).await?;
    println!("The server has {first} events. Importing the same file again:");
    import(
        &sender,
        Vec::new(),
        Cursor::new(sample()),
        false,
        SAMPLE_LINES,
        rejects,
    )
    .await?;
    let second = count(&client).await?;
    println!(
        "The server has {second} events: no duplicates, and the events that failed at first are included."
    );
    Ok(ExitCode::SUCCESS)
}

/// Returns how many events count on the server.
async fn count(client: &Client) -> Result<i64, sequencehq::Error> {
    let page = client.usage_events().list().limit(1).await?;
    Ok(page.pagination.total_result_size.unwrap_or_default())
}

/// Sends all events, shows the progress, and writes events that were not accepted to `rejects`.
async fn import(
    sender: &Sender,
    pending: Vec<UsageEventCreate>,
    input: impl Read + 'static,
    is_csv: bool,
    lines: usize,
    rejects: PathBuf,
) -> Result<Progress, Box<dyn StdError>> {
    let bar = ProgressBar::new(lines as u64);
    bar.set_style(ProgressStyle::with_template(
        "{bar:30} {pos}/{len} {per_sec} eta {eta} {msg}",
    )?);
    let records: Box<dyn Iterator<Item = Record>> = if is_csv {
        Box::new(csv_records(input))
    } else {
        Box::new(ndjson_records(input))
    };
    // The line of each item without an outcome.
    let line_numbers: Rc<RefCell<HashMap<u64, u64>>> = Rc::default();
    let mut identify = Identify::default();
    let from_journal = pending.len();
    let read = records.enumerate().map({
        let line_numbers = Rc::clone(&line_numbers);
        move |(position, (line, text))| {
            line_numbers
                .borrow_mut()
                .insert((from_journal + position) as u64, line);
            let event = text.and_then(|text| parse_line(&text).map_err(|error| error.to_string()))?;
            identify.event(event)
        }
    });
    let events = pending.into_iter().map(Ok).chain(read);

    let mut not_accepted = None;
    let mut outcomes = sender.send_all(events);
    while let Some(outcome) = outcomes.next().await {
        let progress = outcomes.progress();
        bar.set_position(progress.completed());
        let failed = progress.completed() - progress.accepted - progress.skipped;
        bar.set_message(format!("{failed} not accepted, {} in flight", progress.in_flight));
        let line = line_numbers.borrow_mut().remove(&outcome.position());
        if let Some((kind, reason)) = why_not(&outcome) {
            let file = match &mut not_accepted {
                Some(file) => file,
                none => none.insert(BufWriter::new(File::create(&rejects)?)),
            };
            let record = json!({"line": line, "outcome": kind, "reason": reason, "event": outcome.event()});
            writeln!(file, "{record}")?;
        }
    }
    let done = outcomes.progress();
    bar.finish_and_clear();
    println!(
        "  {} lines: {} accepted, {} rejected, {} invalid, {} unknown, {} unsent, {} skipped; {:.0} per second",
        done.read,
        done.accepted,
        done.rejected,
        done.invalid,
        done.unknown,
        done.unsent,
        done.skipped,
        done.per_second(),
    );
    if let Some(mut file) = not_accepted {
        file.flush()?;
        println!(
            "  Events that were not accepted, with reasons: {}",
            rejects.display()
        );
    }
    Ok(done)
}

fn why_not(outcome: &Outcome<UsageEventCreate>) -> Option<(&'static str, String)> {
    match outcome {
        Outcome::Accepted(_) | Outcome::Skipped(_) => None,
        Outcome::Rejected(it) => Some(("rejected", it.error.to_string())),
        Outcome::Invalid(it) => Some(("invalid", it.reason.to_string())),
        Outcome::Unknown(it) => Some(("unknown", it.error.to_string())),
        Outcome::Unsent(it) => Some(("unsent", it.reason.to_string())),
    }
}

/// A line number, starting at one, and an event as JSON.
type Record = (u64, Result<String, String>);

fn ndjson_records(input: impl Read) -> impl Iterator<Item = Record> {
    let lines = (1..).zip(BufReader::new(input).lines());
    lines
        .map(|(number, line)| (number, line.map_err(|error| error.to_string())))
        .filter(|(_, line)| !line.as_ref().is_ok_and(|text| text.trim().is_empty()))
}

fn csv_records(input: impl Read) -> impl Iterator<Item = Record> {
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input);
    // If the header is invalid, every record fails with its error.
    let header = reader.headers().cloned().map_err(|error| error.to_string());
    reader.into_records().map(move |record| {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                let line = error.position().map_or(0, csv::Position::line);
                return (line, Err(error.to_string()));
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let header = header.as_ref().map_err(Clone::clone);
        (line, header.map(|header| as_json(header, &record)))
    })
}

/// Converts a row to a line of NDJSON.
fn as_json(header: &csv::StringRecord, record: &csv::StringRecord) -> String {
    let (mut fields, mut properties) = (Vec::new(), Vec::new());
    for (name, cell) in header.iter().zip(record).filter(|(_, cell)| !cell.is_empty()) {
        match name.strip_prefix("properties.") {
            // Numbers keep their text, so that no digit is lost.
            Some(property) if is_number_or_bool(cell) => {
                properties.push(format!("{}:{cell}", json!(property)))
            }
            Some(property) => properties.push(format!("{}:{}", json!(property), json!(cell))),
            None => fields.push(format!("{}:{}", json!(name), json!(cell))),
        }
    }
    fields.push(format!(r#""eventProperties":{{{}}}"#, properties.join(",")));
    format!("{{{}}}", fields.join(","))
}

fn is_number_or_bool(cell: &str) -> bool {
    serde_json::from_str::<Value>(cell).is_ok_and(|value| value.is_number() || value.is_boolean())
}

/// Assigns ids to events without one. The same file content always yields the same ids.
#[derive(Default)]
struct Identify(HashMap<String, u64>);

impl Identify {
    fn event(&mut self, mut event: UsageEventCreate) -> Result<UsageEventCreate, String> {
        if event.event_timestamp.is_none() {
            return Err(
                "`eventTimestamp`: is missing, so another import would move the event in time".to_owned(),
            );
        }
        if event.customer_event_id.is_none() {
            let content = serde_json::to_value(&event).map_err(|error| error.to_string())?;
            let content = canonical(&content);
            let times = self.0.entry(derived_id(SOURCE, 0, &content)).or_default();
            event.customer_event_id = Some(derived_id(SOURCE, *times, &content));
            *times += 1;
        }
        Ok(event)
    }
}

/// Encodes JSON with sorted names, so that their order in the file does not matter.
fn canonical(value: &Value) -> String {
    match value {
        Value::Object(fields) => {
            let mut fields: Vec<_> = fields.iter().collect();
            fields.sort_by_key(|(name, _)| *name);
            let fields: Vec<String> = fields
                .into_iter()
                .map(|(name, value)| format!("{}:{}", json!(name), canonical(value)))
                .collect();
            format!("{{{}}}", fields.join(","))
        }
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(canonical).collect();
            format!("[{}]", items.join(","))
        }
        other => other.to_string(),
    }
}

/// Selects emulator, sandbox or production from the environment and the options.
async fn set_the_stage(options: &Options) -> Result<(Client, Option<Emulator>), Box<dyn StdError>> {
    if std::env::var_os("SEQUENCE_CLIENT_ID").is_none() {
        let emulator = Emulator::start().await?;
        println!("Running against the embedded emulator at {}", emulator.base_url());
        // The emulator has no rate limit, so the example need not wait for one.
        let client = emulator
            .client_builder()
            .event_rate_limit(RateLimit::none())
            .build()?;
        return Ok((client, Some(emulator)));
    }
    if options.file.is_none() {
        return Err("FILE is required; sample data is only sent to the emulator".into());
    }
    let wants_production = std::env::var("SEQUENCE_ENVIRONMENT").is_ok_and(|name| name == "production");
    let builder = ClientBuilder::from_env()?;
    let builder = match (wants_production, options.production) {
        (true, true) => builder,
        (true, false) => {
            return Err("customers are billed for these events; pass --production to confirm".into());
        }
        // A custom base URL is used as it is.
        _ if std::env::var_os("SEQUENCE_BASE_URL").is_some() => builder,
        _ => builder.environment(Environment::Sandbox),
    };
    let client = builder.build()?;
    println!("Running against {}", client.base_url());
    Ok((client, None))
}

/// Parses the arguments. Returns `None` for `--help`.
fn options() -> Result<Option<Options>, Box<dyn StdError>> {
    let mut options = Options::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--csv" => options.csv = Some(true),
            "--ndjson" => options.csv = Some(false),
            "--production" => options.production = true,
            "--journal" => {
                options.journal = Some(arguments.next().ok_or("--journal requires a file")?.into())
            }
            "--rejects" => {
                options.rejects = Some(arguments.next().ok_or("--rejects requires a file")?.into())
            }
            "--in-flight" => {
                let number = arguments.next().ok_or("--in-flight requires a number")?;
                options.in_flight = Some(number.parse().map_err(|_| "--in-flight requires a number")?);
            }
            "--help" | "-h" => return Ok(None),
            other if !other.starts_with('-') && options.file.is_none() => options.file = Some(other.into()),
            other => return Err(format!("unknown argument `{other}`\n{HELP}").into()),
        }
    }
    Ok(Some(options))
}

/// Returns a month of sample data with four invalid lines.
fn sample() -> String {
    let mut lines = String::new();
    for number in 0..SAMPLE_LINES {
        let time = format!(
            "2026-03-{:02}T{:02}:{:02}:00Z",
            number % 28 + 1,
            number % 24,
            number % 60
        );
        let customer = ["acme", "globex", "initech"][number % 3];
        lines += &match number {
            700 => r#"{"customerAlias":"acme","eventType":"api_call""#.to_owned(),
            1_400 => format!(r#"{{"customerAlias":"acme","eventType":" ","eventTimestamp":"{time}"}}"#),
            2_100 => {
                r#"{"customerAlias":"acme","eventType":"api_call","eventTimestamp":"yesterday"}"#.to_owned()
            }
            2_800 => format!(r#"{{"customerAlias":"acme","eventType":"api_call","timestamp":"{time}"}}"#),
            _ => json!({
                "customerAlias": customer,
                "eventType": "api_call",
                "eventTimestamp": time,
                "eventProperties": {"bytes": number * 37 % 1_009, "region": "eu-west-1"},
            })
            .to_string(),
        };
        lines.push('\n');
    }
    lines
}
