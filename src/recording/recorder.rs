//! Writes exchanges to a file.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::recording::exchange::Exchange;
use crate::recording::json::Json;

/// How a file ends, which each exchange is written before.
const END: &[u8] = b"\n]\n";

/// A file to which a client writes its requests and their responses, for [`ClientBuilder::record`](crate::ClientBuilder::record).
///
/// Clones write to the same file. See the [module](crate::recording) for what is recorded.
#[derive(Clone)]
pub struct Recorder(Arc<Shared>);

struct Shared {
    path: PathBuf,
    state: Mutex<State>,
}

struct State {
    file: File,
    count: usize,
    /// The first failure. Nothing is written after it.
    failed: Option<io::Error>,
}

impl Recorder {
    /// Creates a file, and the folders that it is in. An existing file is replaced.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub fn create(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref().to_owned();
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let mut file = File::create(&path)?;
        file.write_all(b"[")?;
        file.write_all(END)?;
        let state = State {
            file,
            count: 0,
            failed: None,
        };
        Ok(Self(Arc::new(Shared {
            path,
            state: Mutex::new(state),
        })))
    }

    /// Returns how many exchanges were recorded.
    ///
    /// The file is complete after every exchange, so this only has to be called to notice a disk that is full: a call whose
    /// response cannot be recorded succeeds all the same, since the API has acted.
    ///
    /// # Errors
    ///
    /// Returns an error if an exchange could not be written. Those after it were not recorded.
    pub fn finish(&self) -> io::Result<usize> {
        let mut state = self.state();
        match state.failed.take() {
            Some(error) => {
                state.failed = Some(io::Error::new(error.kind(), error.to_string()));
                Err(error)
            }
            None => Ok(state.count),
        }
    }

    pub(super) fn add(&self, exchange: &Exchange) {
        let mut state = self.state();
        if state.failed.is_none()
            && let Err(error) = state.append(exchange)
        {
            state.failed = Some(error);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn append(&mut self, exchange: &Exchange) -> io::Result<()> {
        let text = serde_json::to_string(exchange)?;
        let text = Json::read(&text).map_or(text, |json| json.pretty(1));
        let mut bytes = Vec::with_capacity(text.len() + 8);
        bytes.extend_from_slice(if self.count == 0 { b"\n  " } else { b",\n  " });
        bytes.extend_from_slice(text.as_bytes());
        bytes.extend_from_slice(END);
        let end = self.file.seek(SeekFrom::End(0))?;
        self.file.seek(SeekFrom::Start(end - END.len() as u64))?;
        self.file.write_all(&bytes)?;
        self.count += 1;
        Ok(())
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorder")
            .field("path", &self.0.path)
            .field("count", &self.state().count)
            .finish()
    }
}
