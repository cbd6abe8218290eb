//! The locked file of a rollup.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::usage::journal::JournalError;
use crate::usage::journal::storage::{Disk, NotReplaced, Storage as _, real_path};
use crate::usage::rollup::error::RollupError;

/// The beginning of the first line, before the version of the format.
pub(super) const NAME: &str = "sequencehq-rollup ";

/// A locked file.
pub(super) struct StateFile {
    pub(super) path: PathBuf,
    disk: Disk,
}

impl StateFile {
    /// Opens or creates the file, and returns its content unless it is new.
    pub(super) fn open(path: &Path) -> Result<(Self, Option<String>), RollupError> {
        let error = |source| RollupError::io(path, source);
        let real = real_path(path).map_err(error)?;
        // Checked before the lock file is created next to a file that is not a journal.
        let is_other = match fs::read(&real) {
            Ok(bytes) => !bytes.is_empty() && !bytes.starts_with(NAME.as_bytes()),
            Err(missing) if missing.kind() == io::ErrorKind::NotFound => false,
            Err(source) => return Err(error(source)),
        };
        if is_other {
            return Err(RollupError::Journal(JournalError::NotAJournal {
                path: path.to_owned(),
            }));
        }
        let Some(disk) = Disk::open(real.clone()).map_err(error)? else {
            return Err(RollupError::Journal(JournalError::InUse {
                path: path.to_owned(),
            }));
        };
        // Read after the lock, since another rollup could have written it until then.
        let content = fs::read_to_string(&real).map_err(error)?;
        let content = (!content.is_empty()).then_some(content);
        Ok((
            Self {
                path: path.to_owned(),
                disk,
            },
            content,
        ))
    }

    /// Replaces the content atomically.
    pub(super) fn replace(
        &mut self,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), RollupError> {
        let replaced = self.disk.replace(write);
        replaced.map_err(|(NotReplaced::Kept(error) | NotReplaced::Unclear(error))| {
            RollupError::io(&self.path, error)
        })
    }

    pub(super) fn corrupt(&self, line: usize, problem: impl Into<String>) -> RollupError {
        RollupError::Journal(JournalError::Corrupt {
            path: self.path.clone(),
            line: line as u64,
            problem: problem.into(),
        })
    }
}
