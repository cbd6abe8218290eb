//! The file that keeps an account over restarts (`--data`).
//!
//! Every commit is a line that is written before its request is answered, so a killed program loses nothing that was
//! answered; a power cut may lose what the operating system had not written yet. A line that was cut off is removed when the
//! file is opened. Other damage, and files of other kinds, are refused and never overwritten.
//!
//! The file is locked while it is open. It is rewritten when it is opened, if most of it is out of date.

mod error;
mod format;
mod progress;
mod read;

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufReader, Write as _};
use std::path::{Path, PathBuf};

use sequencehq_emulator::operations::World;
use sequencehq_emulator::store::Journal;
use sequencehq_emulator::store::clock::{Source as _, SystemSource};

pub(crate) use error::DataError;
use error::Problem;
use progress::{Part, Progress};

/// A file is rewritten only above this size.
const SMALL: u64 = 1 << 20;
/// A file is rewritten if it is this many times as large as what it has to keep.
const MUCH: u64 = 4;

/// An open file.
#[derive(Debug)]
pub(crate) struct Data {
    file: File,
    /// The file that this one replaced, which stays locked: another emulator may have opened it before.
    _former: Option<File>,
    path: PathBuf,
    /// How many commits were read; `None` for a new file.
    pub(crate) commits: Option<u64>,
    /// How many bytes of a line without an end were removed.
    pub(crate) torn: u64,
}

impl Data {
    /// Opens a file, and replaces the account by the one in it. A new file gets the account as it is. If reading lasts, `report`
    /// is called now and then with what is done.
    ///
    /// # Errors
    ///
    /// If the file is open already, is not of this kind, or is damaged. It is then unchanged.
    pub(crate) fn open(path: &Path, world: &World, report: impl Fn(Part)) -> Result<Self, DataError> {
        let failed = |problem| DataError::new(path, problem);
        Self::try_open(path, world, report).map_err(failed)
    }

    fn try_open(path: &Path, world: &World, report: impl Fn(Part)) -> Result<Self, Problem> {
        let file = open(path)?;
        // Links stay links if the file is rewritten.
        let path = path.canonicalize()?;
        let length = file.metadata()?.len();
        if length == 0 {
            let data = Self {
                file,
                _former: None,
                path,
                commits: None,
                torn: 0,
            };
            return data.rewritten(world);
        }
        let mut progress = Progress::new(length, SystemSource.now());
        let read = read::read(BufReader::new(&file), world, |done| {
            if let Some(part) = progress.report(done, SystemSource.now()) {
                report(part);
            }
        })?;
        if read.torn > 0 {
            file.set_len(read.length)?;
        }
        let data = Self {
            file,
            _former: None,
            path,
            commits: Some(read.commits),
            torn: read.torn,
        };
        let needed = || world.store().whole().to_line().len() as u64;
        if read.length > SMALL && read.length > needed().saturating_mul(MUCH) {
            return data.rewritten(world);
        }
        Ok(data)
    }

    /// Replaces the file by one with the account as it is. A crash at any time leaves one of the two.
    fn rewritten(self, world: &World) -> Result<Self, Problem> {
        let mut name = self.path.clone().into_os_string();
        name.push(".new");
        let beside = PathBuf::from(name);
        let mut file = open(&beside)?;
        // A rewrite that was interrupted left it.
        file.set_len(0)?;
        file.write_all(format::HEADER.as_bytes())?;
        file.write_all(&format::line(&world.store().whole().to_line()))?;
        file.sync_all()?;
        std::fs::rename(&beside, &self.path)?;
        #[cfg(unix)]
        if let Some(folder) = self.path.parent() {
            File::open(folder)?.sync_all()?;
        }
        Ok(Self {
            file,
            _former: Some(self.file),
            ..self
        })
    }

    /// Returns a journal that appends each commit, and calls `failed` if one cannot be written.
    pub(crate) fn journal(&self, failed: impl Fn(&str) + Send + Sync + 'static) -> io::Result<Journal> {
        let mut file = self.file.try_clone()?;
        let path = self.path.clone();
        Ok(Box::new(move |commit| {
            if let Err(error) = file.write_all(&format::line(&commit.to_line())) {
                failed(&DataError::new(&path, error.into()).to_string());
            }
        }))
    }

    /// Waits until everything is on the disk.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }
}

/// Opens and locks a file for reading and appending.
fn open(path: &Path) -> Result<File, Problem> {
    let file = OpenOptions::new()
        .read(true)
        .append(true)
        .create(true)
        .open(path)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(Problem::InUse),
        Err(TryLockError::Error(error)) => Err(error.into()),
    }
}
