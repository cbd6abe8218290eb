//! Answers requests from a recording.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use crate::recording::difference::{NotRecorded, Recorded, Wanted};
use crate::recording::exchange::{Exchange, Received};

/// Responses from a recording, for [`ClientBuilder::replay`](crate::ClientBuilder::replay).
///
/// Clones use up the same recording. See the [module](crate::recording) for how requests are matched.
#[derive(Clone)]
pub struct Replay(Arc<Shared>);

struct Shared {
    path: PathBuf,
    exchanges: Vec<Recorded>,
    /// Which exchanges were used.
    used: Mutex<Vec<bool>>,
}

/// The error returned if a recording cannot be read.
#[derive(Debug)]
#[non_exhaustive]
pub enum ReplayError {
    /// The file or folder cannot be read.
    Read(PathBuf, io::Error),
    /// A file is not a recording.
    Format(PathBuf, serde_json::Error),
}

impl fmt::Display for ReplayError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read(path, _) => write!(
                f,
                "the recording {} cannot be read; record it with `ClientBuilder::record`",
                path.display()
            ),
            Self::Format(path, _) => write!(f, "{} is not a recording", path.display()),
        }
    }
}

impl std::error::Error for ReplayError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read(_, error) => Some(error),
            Self::Format(_, error) => Some(error),
        }
    }
}

impl Replay {
    /// Reads a recording: a file of a [`Recorder`](crate::recording::Recorder), or a folder of such files, in the order of their
    /// names, such as the program of the emulator writes with `--record`.
    ///
    /// # Errors
    ///
    /// Returns an error if a file cannot be read, or is not a recording.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, ReplayError> {
        let path = path.as_ref().to_owned();
        let mut exchanges = Vec::new();
        for file in files(&path).map_err(|error| ReplayError::Read(path.clone(), error))? {
            let text = fs::read_to_string(&file).map_err(|error| ReplayError::Read(file.clone(), error))?;
            let recorded = read(&text).map_err(|error| ReplayError::Format(file, error))?;
            exchanges.extend(recorded.into_iter().filter_map(Recorded::new));
        }
        let used = Mutex::new(vec![false; exchanges.len()]);
        Ok(Self(Arc::new(Shared {
            path,
            exchanges,
            used,
        })))
    }

    /// Returns the requests whose responses were not used, in the order of the recording, such as `POST /api/invoices`.
    ///
    /// At the end of a test, it shows calls that the program no longer makes.
    pub fn unused(&self) -> Vec<String> {
        let used = self.0.used.lock().unwrap_or_else(PoisonError::into_inner);
        let exchanges = self.0.exchanges.iter().zip(used.iter());
        let unused = exchanges.filter(|(_, used)| !**used);
        unused.map(|(exchange, _)| exchange.wanted.line()).collect()
    }

    /// Returns the first unused response to a request.
    pub(super) fn take(&self, wanted: &Wanted) -> Result<&Received, NotRecorded> {
        let exchanges = &self.0.exchanges;
        let mut used = self.0.used.lock().unwrap_or_else(PoisonError::into_inner);
        let fitting = exchanges
            .iter()
            .zip(used.iter_mut())
            .find(|(exchange, used)| !**used && exchange.wanted.fits(wanted));
        match fitting {
            Some((exchange, used)) => {
                *used = true;
                Ok(&exchange.response)
            }
            None => Err(NotRecorded::new(&self.0.path, exchanges, wanted)),
        }
    }
}

impl fmt::Debug for Replay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replay")
            .field("path", &self.0.path)
            .field("exchanges", &self.0.exchanges.len())
            .field("unused", &self.unused().len())
            .finish()
    }
}

/// The file, or the files of a folder by name.
fn files(path: &Path) -> io::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(path)? {
        let file = entry?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Reads a list of exchanges, or one.
fn read(text: &str) -> serde_json::Result<Vec<Exchange>> {
    if text.trim_start().starts_with('{') {
        Ok(vec![serde_json::from_str(text)?])
    } else {
        serde_json::from_str(text)
    }
}
