//! The file with events that were not accepted.

use std::fs::File;
use std::io::{BufWriter, Write as _};
use std::path::Path;

use sequencehq::types::UsageEventCreate;
use sequencehq::usage::Outcome;
use serde_json::json;

use crate::failure::Failure;

/// Writes NDJSON. The file is created with its first line.
pub(super) struct Rejects<'a> {
    path: &'a Path,
    file: Option<BufWriter<File>>,
}

impl<'a> Rejects<'a> {
    pub(super) fn new(path: &'a Path) -> Self {
        Self { path, file: None }
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
        let failed = |error: std::io::Error| Failure::Local(format!("{}: {error}", self.path.display()));
        let file = match &mut self.file {
            Some(file) => file,
            none => none.insert(BufWriter::new(File::create(self.path).map_err(failed)?)),
        };
        let record = json!({"line": line, "outcome": kind, "reason": reason, "event": outcome.event()});
        writeln!(file, "{record}").map_err(failed)
    }

    /// Returns `true` if the file has lines.
    pub(super) fn finish(self) -> Result<bool, Failure> {
        let Some(mut file) = self.file else {
            return Ok(false);
        };
        file.flush()
            .map_err(|error| Failure::Local(format!("{}: {error}", self.path.display())))?;
        Ok(true)
    }
}
