//! Why a journal does not open.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a [`Journal`](crate::usage::Journal) does not open. The file is left as it was.
#[derive(Debug)]
#[non_exhaustive]
pub enum JournalError {
    /// Another process, or another `Journal` of this one, has it open.
    #[non_exhaustive]
    InUse {
        /// The journal.
        path: PathBuf,
    },
    /// The file is no journal. It is never overwritten: check the path.
    #[non_exhaustive]
    Foreign {
        /// The file.
        path: PathBuf,
    },
    /// The journal was written in a form that this version of the crate does not know.
    #[non_exhaustive]
    UnknownVersion {
        /// The journal.
        path: PathBuf,
        /// The version of its form.
        version: String,
    },
    /// A line that was once written whole has changed or is missing, so there may be events that were sent and are
    /// unknown here. Restore the file from a copy. Without one, start a new journal and read the input from its
    /// beginning: events with ids of their own or [derived](crate::usage::derived_id) ones supersede themselves.
    #[non_exhaustive]
    Damaged {
        /// The journal.
        path: PathBuf,
        /// The line, from one.
        line: u64,
        /// What is wrong with it.
        problem: String,
    },
    /// The file could not be read, written or locked.
    #[non_exhaustive]
    Io {
        /// The journal.
        path: PathBuf,
        /// What the operating system reported.
        source: io::Error,
    },
}

impl JournalError {
    /// The path of the journal.
    pub fn path(&self) -> &Path {
        match self {
            Self::InUse { path }
            | Self::Foreign { path }
            | Self::UnknownVersion { path, .. }
            | Self::Damaged { path, .. }
            | Self::Io { path, .. } => path,
        }
    }
}

impl fmt::Display for JournalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "journal {}: ", self.path().display())?;
        match self {
            Self::InUse { .. } => f.write_str("it is open elsewhere"),
            Self::Foreign { .. } => f.write_str("the file is no journal, and is left alone"),
            Self::UnknownVersion { version, .. } => {
                write!(f, "it has version {version:?}, and this crate reads version 1")
            }
            Self::Damaged { line, problem, .. } => write!(f, "line {line} is damaged: {problem}"),
            Self::Io { source, .. } => write!(f, "{source}"),
        }
    }
}

impl std::error::Error for JournalError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
