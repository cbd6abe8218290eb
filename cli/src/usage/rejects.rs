//! The file with events that were not accepted.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, BufWriter, Write as _};
use std::path::Path;

use sequencehq::types::UsageEventCreate;
use sequencehq::usage::Outcome;
use serde_json::json;

use crate::failure::Failure;

/// How each line of such a file begins.
const START: &str = "{\"line\":";

/// Writes NDJSON. The file is created with its first line.
pub(super) struct Rejects<'a> {
    path: &'a Path,
    file: Option<BufWriter<File>>,
}

impl<'a> Rejects<'a> {
    /// Removes the file of an earlier import, most of which may have been accepted since. Another file is not touched.
    pub(super) fn new(path: &'a Path) -> Result<Self, Failure> {
        let rejects = Self { path, file: None };
        if !path.is_file() {
            return Ok(rejects);
        }
        let mut line = String::new();
        let read = File::open(path).and_then(|file| BufReader::new(file).read_line(&mut line));
        match read {
            Ok(0) => Ok(rejects),
            Ok(_) if line.starts_with(START) => {
                std::fs::remove_file(path).map_err(|error| rejects.failed(&error))?;
                Ok(rejects)
            }
            Ok(_) => Err(Failure::Input(format!(
                "{}: it is not a file of rejected events, so it is not overwritten. Name another one with --rejects.",
                path.display()
            ))),
            Err(error) => Err(rejects.failed(&error)),
        }
    }

    /// Adds an outcome, unless the event was accepted.
    pub(super) fn add(
        &mut self,
        line: Option<u64>,
        outcome: &Outcome<UsageEventCreate>,
    ) -> Result<(), Failure> {
        let (kind, reason) = match outcome {
            Outcome::Accepted(_) | Outcome::Skipped(_) => return Ok(()),
            Outcome::Rejected(it) => ("rejected", it.error.to_string()),
            Outcome::Invalid(it) => ("invalid", it.reason.to_string()),
            Outcome::Unknown(it) => ("unknown", it.error.to_string()),
            Outcome::Unsent(it) => ("unsent", it.reason.to_string()),
        };
        let failed = |error| Failure::Local(format!("{}: {error}", self.path.display()));
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(File::create(self.path).map_err(failed)?)),
        };
        let record = json!({"outcome": kind, "reason": reason, "event": outcome.event()}).to_string();
        let line = line.map_or_else(|| "null".to_owned(), |line| line.to_string());
        writeln!(file, "{START}{line},{}", record.trim_start_matches('{')).map_err(failed)
    }

    /// Returns `true` if the file has lines.
    pub(super) fn finish(mut self) -> Result<bool, Failure> {
        let flushed = self.file.as_mut().map(|file| file.flush());
        match flushed {
            Some(Err(error)) => Err(self.failed(&error)),
            flushed => Ok(flushed.is_some()),
        }
    }

    fn failed(&self, error: &io::Error) -> Failure {
        Failure::Local(format!("{}: {error}", self.path.display()))
    }
}
