//! Why a data file cannot be used.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// The error returned for a data file that cannot be used. The file is unchanged.
#[derive(Debug)]
pub(crate) struct DataError {
    path: PathBuf,
    problem: Problem,
}

#[derive(Debug)]
pub(super) enum Problem {
    /// It is open already.
    InUse,
    /// It is of another kind.
    NotData,
    /// It has another version of the format.
    Version(String),
    /// A complete line was changed or is missing.
    Damaged { number: u64, problem: String },
    /// A record has another shape than those of this version.
    Foreign { number: u64, problem: String },
    /// The operating system refuses.
    Io(io::Error),
}

impl DataError {
    pub(super) fn new(path: &Path, problem: Problem) -> Self {
        Self {
            path: path.to_owned(),
            problem,
        }
    }
}

impl From<io::Error> for Problem {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for DataError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "--data: {}: {}", self.path.display(), self.problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InUse => f.write_str("another emulator has it open. Stop that one, or use another file"),
            Self::NotData => f.write_str(
                "it is not a data file of the emulator, so it is not overwritten. Use another file",
            ),
            Self::Version(version) => write!(
                f,
                "it has format version {version}, but this emulator supports version 1. Use the emulator that wrote it, or another file"
            ),
            Self::Damaged { number, problem } => write!(
                f,
                "line {number} is damaged: {problem}. Restore the file from a copy, or use another file"
            ),
            Self::Foreign { number, problem } => write!(
                f,
                "line {number} was written by an emulator with other records: {problem}. Use that one, or another file"
            ),
            Self::Io(error) if error.kind() == io::ErrorKind::IsADirectory => {
                f.write_str("it is a folder. Use a file, which is created if it does not exist")
            }
            Self::Io(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for DataError {}
