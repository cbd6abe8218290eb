//! The error of opening a journal.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The error returned if a [`Journal`](crate::usage::Journal) cannot be opened. The file is not changed.
///
/// ```
/// use sequencehq::usage::{Journal, JournalError};
///
/// # let directory = std::env::temp_dir().join(format!("sequencehq-journal-error-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let path = directory.join("notes.txt");
/// std::fs::write(&path, "Buy milk.")?;
/// let error = Journal::open(&path).expect_err("a text file is not a journal");
/// assert!(matches!(error, JournalError::NotAJournal { .. }));
/// # std::fs::remove_dir_all(directory)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalError {
    /// The journal is already open, in this process or another.
    #[non_exhaustive]
    InUse {
        /// The path of the journal.
        path: PathBuf,
    },
    /// The file is not a journal. It is never overwritten; check the path.
    #[non_exhaustive]
    NotAJournal {
        /// The path of the file.
        path: PathBuf,
    },
    /// The journal has a format version that this version of the crate does not support.
    #[non_exhaustive]
    UnsupportedVersion {
        /// The path of the journal.
        path: PathBuf,
        /// The version of the format.
        version: String,
    },
    /// A line that was written completely has changed or is missing, so events that were sent may be unknown.
    ///
    /// Restore the file from a backup. Without one, start a new journal and read the input from its beginning: events
    /// with ids of their own or [derived](crate::usage::derived_id) ones supersede themselves.
    #[non_exhaustive]
    Corrupt {
        /// The path of the journal.
        path: PathBuf,
        /// The line number, from one.
        line: u64,
        /// A description of the problem.
        problem: String,
    },
    /// The file could not be read, written or locked.
    #[non_exhaustive]
    Io {
        /// The path of the journal.
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
}

impl JournalError {
    /// Returns the path of the journal.
    pub fn path(&self) -> &Path {
        match self {
            Self::InUse { path }
            | Self::NotAJournal { path }
            | Self::UnsupportedVersion { path, .. }
            | Self::Corrupt { path, .. }
            | Self::Io { path, .. } => path,
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "journal {}: ", self.path().display())?;
        match self {
            Self::InUse { .. } => f.write_str("is already open"),
            Self::NotAJournal { .. } => f.write_str("is not a journal, and is not overwritten"),
            Self::UnsupportedVersion { version, .. } => {
                write!(
                    f,
                    "has format version {version:?}, but only version 1 is supported"
                )
            }
            Self::Corrupt { line, problem, .. } => write!(f, "line {line} is corrupt: {problem}"),
            Self::Io { source, .. } => write!(f, "{source}"),
        }
    }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // `Display` prints the error itself.
            Self::Io { source, .. } => source.source(),
            _ => None,
        }
    }
}
