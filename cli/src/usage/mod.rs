//! `sequencehq usage import`: sends a file of usage events.

mod command;
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

use clap::ArgMatches;
use indicatif::{ProgressBar, ProgressStyle};
use sequencehq::types::UsageEventCreate;
use sequencehq::usage::{
    EndReason, InputError, Journal, Lines, Outcome, Progress, Sender, StopSignal, UnsentReason,
};

use crate::connect;
use crate::failure::Failure;
use crate::output;
use crate::safety;
pub(crate) use command::command;
use csv_lines::CsvLines;
use rejects::Rejects;

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
            if Path::new(&self.file).is_dir() {
                return Err(at(io::ErrorKind::IsADirectory.into()));
            }
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
                    output::note(&error.to_string());
                }
            }
        }
        output::line(&format!(
            "can be sent: {valid}, invalid: {invalid}; nothing was sent"
        ))?;
        match invalid {
            0 => Ok(()),
            1 => Err(Failure::Local("1 line is invalid".to_owned())),
            invalid => Err(Failure::Local(format!("{invalid} lines are invalid"))),
        }
    }

    async fn send(&self, client: &sequencehq::Client) -> Result<(), Failure> {
        let read = Arc::default();
        let mut lines = self.lines(&read)?;
        let stop = stop_on_interrupt();
        let mut sender = Sender::new(client)
            .max_in_flight(self.in_flight)
            // A file can be read again, but not what was taken out of a pipe.
            .report_remaining(!Path::new(&self.file).is_file())
            .stop_signal(&stop);
        let mut pending = Vec::new();
        if let Some(path) = &self.journal {
            let journal = Journal::open(path).map_err(|error| Failure::Local(error.to_string()))?;
            output::note(&format!("journal {}: {}", path.display(), journal.recovered()));
            pending = journal.pending();
            sender = sender.journal(&journal);
        }
        let mut rejects = Rejects::new(&self.rejects)?;
        // The line of each item that has no outcome yet.
        let positions: Rc<RefCell<HashMap<u64, u64>>> = Rc::default();
        let of_lines = Rc::clone(&positions);
        let unreadable: Rc<RefCell<Option<String>>> = Rc::default();
        let broken = Rc::clone(&unreadable);
        let mut position = pending.len() as u64;
        let numbered = std::iter::from_fn(move || {
            let event = lines.next()?;
            if let Some(error) = event.as_ref().err().filter(|error| is_end(error)) {
                *broken.borrow_mut() = Some(error.to_string());
            }
            of_lines.borrow_mut().insert(position, lines.line());
            position += 1;
            Some(event)
        });
        let mut outcomes = sender.send_all(pending.into_iter().map(Ok).chain(numbered));
        let bar = self.bar();
        let mut last_failure = None;
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
            last_failure = failure(outcome).or(last_failure);
        }
        bar.finish_and_clear();
        let done = outcomes.progress();
        self.report(&done, rejects)?;
        let unreadable = unreadable.borrow_mut().take();
        self.end(&done, outcomes.end_reason(), last_failure, unreadable)
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

    fn report(&self, done: &Progress, rejects: Rejects<'_>) -> Result<(), Failure> {
        let written = rejects.finish()?;
        output::line(&format!(
            "{} read: {} accepted, {} skipped, {} rejected, {} invalid, {} unknown, {} unsent",
            done.read, done.accepted, done.skipped, done.rejected, done.invalid, done.unknown, done.unsent
        ))?;
        if written {
            output::note(&format!("not accepted, with reasons: {}", self.rejects.display()));
        }
        Ok(())
    }

    /// Returns why the import is not complete.
    fn end(
        &self,
        done: &Progress,
        reason: Option<EndReason>,
        last_failure: Option<Failure>,
        unreadable: Option<String>,
    ) -> Result<(), Failure> {
        let again = match &self.journal {
            Some(_) => "Run it again to go on.",
            None => "Without a journal, another run sends every event again.",
        };
        if let Some(problem) = unreadable {
            let file = &self.file;
            return Err(Failure::Local(format!(
                "{file}: {problem}. Nothing was read after it. Mend it, and run the import again."
            )));
        }
        match (reason, last_failure) {
            (Some(EndReason::Stopped), _) => Err(Failure::Local(format!("the import was stopped. {again}"))),
            (Some(EndReason::Exhausted) | None, _) => match failed(done) {
                0 => Ok(()),
                1 => Err(Failure::Local("1 event was not accepted".to_owned())),
                failed => Err(Failure::Local(format!("{failed} events were not accepted"))),
            },
            (Some(_), failure) => {
                output::note(&format!("the import ended early. {again}"));
                Err(failure.unwrap_or_else(|| Failure::Local("the import is incomplete".to_owned())))
            }
        }
    }
}

/// Whether nothing can be read after a line.
fn is_end(error: &InputError) -> bool {
    std::error::Error::source(error).is_some_and(|source| source.is::<io::Error>())
}

/// Returns why an event was not sent, or may have been accepted. The last of these reasons ends an import early.
fn failure(outcome: Outcome<UsageEventCreate>) -> Option<Failure> {
    match outcome {
        Outcome::Unknown(it) => Some(it.error.into()),
        Outcome::Unsent(it) => match it.reason {
            UnsentReason::Failed(error) => Some(error.into()),
            UnsentReason::Stopped => None,
            reason => Some(Failure::Local(reason.to_string())),
        },
        _ => None,
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
            output::note("stopping: events in flight are completed; press Ctrl-C again to end at once");
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
