//! `sequencehq usage import`: sends a file of usage events.

mod csv_lines;
mod rejects;

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal as _, Read};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use indicatif::{ProgressBar, ProgressStyle};
use sequencehq::usage::{Journal, Lines, Progress, Sender, StopSignal};

use crate::connect;
use crate::failure::Failure;
use crate::safety;
use csv_lines::CsvLines;
use rejects::Rejects;

const ABOUT: &str = "Sends usage events from a file, safe to repeat";

const LONG: &str = "\
Sends usage events from a file, as fast as the rate limit allows.

NDJSON has an event on each line, with the fields of the API: customerAlias, eventType, eventTimestamp, and optionally \
customerEventId and eventProperties. CSV has columns with the same names, and a column properties.NAME for each property.

The journal records what was sent. After a crash or Ctrl-C, run the same command again: accepted events are skipped, and \
those in flight are sent again under their ids, so none is billed twice. An event without an id gets one that is derived from \
the name of the source, its line and its content.";

pub(crate) fn command() -> Command {
    let import = Command::new("import")
        .about(ABOUT)
        .long_about(LONG)
        .arg(
            Arg::new("file")
                .value_name("FILE")
                .required(true)
                .help("File with events; `-` is standard input"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(["ndjson", "csv"])
                .help("Format of the file; by default that of its extension, and NDJSON for others"),
        )
        .arg(
            Arg::new("source")
                .long("source")
                .value_name("NAME")
                .help("Name from which ids are derived [default: the name of the file]"),
        )
        .arg(
            Arg::new("journal")
                .long("journal")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("File that records what was sent [default: FILE.journal]"),
        )
        .arg(
            Arg::new("no-journal")
                .long("no-journal")
                .action(ArgAction::SetTrue)
                .conflicts_with("journal")
                .help("Records nothing; a repeated import sends every event again"),
        )
        .arg(
            Arg::new("rejects")
                .long("rejects")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("File for events that were not accepted, with reasons [default: FILE.rejects.ndjson]"),
        )
        .arg(
            Arg::new("in-flight")
                .long("in-flight")
                .value_name("NUMBER")
                .value_parser(value_parser!(u16).range(1..=1_000))
                .default_value("64")
                .help("Events that are sent at the same time"),
        );
    Command::new("usage")
        .about("Bulk usage: `import` sends a file of events")
        .arg_required_else_help(true)
        .subcommand_required(true)
        .subcommand(import)
}

/// What an import reads and writes.
struct Import {
    file: String,
    source: String,
    is_csv: bool,
    journal: Option<PathBuf>,
    rejects: PathBuf,
    in_flight: usize,
}

pub(crate) async fn run(matches: &ArgMatches) -> Result<(), Failure> {
    let import = Import::of(matches)?;
    let connected = connect::client(matches)?;
    if matches.get_flag("dry-run") {
        return import.check();
    }
    if connected.is_production && !matches.get_flag("yes") {
        safety::confirm(&format!("`usage import` ({})", import.file))?;
    }
    import.send(&connected.client).await
}

impl Import {
    fn of(matches: &ArgMatches) -> Result<Self, Failure> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
        let file = text("file").unwrap_or_default();
        let is_input = file == "-";
        let name = Path::new(&file)
            .file_name()
            .map(|name| name.to_string_lossy().into_owned());
        let source = text("source").or(if is_input { None } else { name }).ok_or_else(|| {
            Failure::Input(
                "standard input has no name from which ids could be derived. Add `--source NAME`, the same for each \
                 import of the same events."
                    .to_owned(),
            )
        })?;
        let beside =
            |suffix: &str| PathBuf::from(format!("{}.{suffix}", if is_input { &source } else { &file }));
        let is_csv = match text("format").as_deref() {
            Some(format) => format == "csv",
            None => Path::new(&file)
                .extension()
                .is_some_and(|extension| extension.eq_ignore_ascii_case("csv")),
        };
        let journal = path("journal").unwrap_or_else(|| beside("journal"));
        Ok(Self {
            is_csv,
            journal: (!matches.get_flag("no-journal")).then_some(journal),
            rejects: path("rejects").unwrap_or_else(|| beside("rejects.ndjson")),
            in_flight: matches.get_one::<u16>("in-flight").copied().unwrap_or(64).into(),
            file,
            source,
        })
    }

    /// Opens the file. The counter has the number of bytes that were read.
    fn lines(&self, read: &Arc<AtomicU64>) -> Result<Lines<Box<dyn BufRead>>, Failure> {
        let input: Box<dyn Read> = if self.file == "-" {
            Box::new(io::stdin())
        } else {
            let at = |error| Failure::Input(format!("{}: {error}", self.file));
            Box::new(File::open(&self.file).map_err(at)?)
        };
        let counted = Counted {
            inner: input,
            read: Arc::clone(read),
        };
        let reader: Box<dyn BufRead> = if self.is_csv {
            Box::new(BufReader::new(CsvLines::new(counted)))
        } else {
            Box::new(BufReader::new(counted))
        };
        Ok(Lines::new(&self.source, reader))
    }

    /// Reads everything and sends nothing.
    fn check(&self) -> Result<(), Failure> {
        let (mut valid, mut invalid) = (0_u64, 0_u64);
        for event in self.lines(&Arc::default())? {
            match event {
                Ok(_) => valid += 1,
                Err(error) => {
                    invalid += 1;
                    eprintln!("{error}");
                }
            }
        }
        println!("{valid} events can be sent, {invalid} lines are invalid; nothing was sent");
        if invalid == 0 {
            Ok(())
        } else {
            Err(Failure::Local(format!("{invalid} lines are invalid")))
        }
    }

    async fn send(&self, client: &sequencehq::Client) -> Result<(), Failure> {
        let read = Arc::default();
        let mut lines = self.lines(&read)?;
        let stop = stop_on_interrupt();
        let mut sender = Sender::new(client)
            .max_in_flight(self.in_flight)
            .stop_signal(&stop);
        let mut pending = Vec::new();
        if let Some(path) = &self.journal {
            let journal = Journal::open(path)
                .map_err(|error| Failure::Local(format!("{}: {error}", path.display())))?;
            eprintln!("journal {}: {}", path.display(), journal.recovered());
            pending = journal.pending();
            sender = sender.journal(&journal);
        }
        // The line of each item that has no outcome yet.
        let positions: Rc<RefCell<HashMap<u64, u64>>> = Rc::default();
        let of_lines = Rc::clone(&positions);
        let mut position = pending.len() as u64;
        let numbered = std::iter::from_fn(move || {
            let event = lines.next()?;
            of_lines.borrow_mut().insert(position, lines.line());
            position += 1;
            Some(event)
        });
        let mut outcomes = sender.send_all(pending.into_iter().map(Ok).chain(numbered));
        let bar = self.bar();
        let mut rejects = Rejects::new(&self.rejects);
        while let Some(outcome) = outcomes.next().await {
            let progress = outcomes.progress();
            bar.set_position(read.load(Ordering::Relaxed));
            bar.set_message(format!(
                "{} accepted, {} not",
                progress.accepted + progress.skipped,
                failed(&progress)
            ));
            let line = positions.borrow_mut().remove(&outcome.position());
            rejects.add(line, &outcome)?;
        }
        bar.finish_and_clear();
        self.report(&outcomes.progress(), rejects, stop.is_stopped())
    }

    fn bar(&self) -> ProgressBar {
        let bytes = std::fs::metadata(&self.file).map(|file| file.len());
        let bar = match bytes {
            _ if !io::stderr().is_terminal() => ProgressBar::hidden(),
            Ok(bytes) => ProgressBar::new(bytes),
            Err(_) => ProgressBar::no_length(),
        };
        if let Ok(style) = ProgressStyle::with_template("{bar:30} {percent}% eta {eta} {msg}") {
            bar.set_style(style);
        }
        bar
    }

    fn report(&self, done: &Progress, rejects: Rejects<'_>, is_stopped: bool) -> Result<(), Failure> {
        println!(
            "{} read: {} accepted, {} skipped, {} rejected, {} invalid, {} unknown, {} unsent",
            done.read, done.accepted, done.skipped, done.rejected, done.invalid, done.unknown, done.unsent
        );
        let written = rejects.finish()?;
        if written {
            eprintln!("not accepted, with reasons: {}", self.rejects.display());
        }
        let problem = match (failed(done), is_stopped) {
            (0, false) => return Ok(()),
            (_, true) => "the import was stopped. Run it again to go on.".to_owned(),
            (failed, false) => format!("{failed} events were not accepted"),
        };
        Err(Failure::Local(problem))
    }
}

fn failed(progress: &Progress) -> u64 {
    progress.completed() - progress.accepted - progress.skipped
}

/// Returns a signal that is set by Ctrl-C. A second one ends the program.
fn stop_on_interrupt() -> StopSignal {
    let stop = StopSignal::new();
    let signal = stop.clone();
    tokio::spawn(async move {
        if tokio::signal::ctrl_c().await.is_ok() {
            eprintln!("stopping: events in flight are completed; press Ctrl-C again to end at once");
            signal.stop();
            if tokio::signal::ctrl_c().await.is_ok() {
                std::process::exit(130);
            }
        }
    });
    stop
}

/// Counts the bytes that are read.
struct Counted<R> {
    inner: R,
    read: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.read.fetch_add(count as u64, Ordering::Relaxed);
        Ok(count)
    }
}
