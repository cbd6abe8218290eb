//! Where a journal is kept: the file, its lock, and what it takes to have something on the disk.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// After the name of a journal: the file that a compaction writes.
const COMPACTING: &str = ".compacting";
/// After the name of a journal: the file that is locked.
const LOCK: &str = ".lock";

/// What the writer needs. A trait, so that tests can let every step fail.
pub(super) trait Storage: Send + 'static {
    /// Adds at the end, in one call. If it fails, part of it may be there.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns once everything that was added is on the disk.
    fn sync(&mut self) -> io::Result<()>;

    /// Removes everything after this length.
    fn cut(&mut self, length: u64) -> io::Result<()>;

    /// Puts something else in the place of everything. At any moment, also after a crash, there is the old or the new.
    fn replace(&mut self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>)
    -> Result<(), NotReplaced>;
}

/// Why nothing else is there.
#[derive(Debug)]
pub(super) enum NotReplaced {
    /// The old is still there.
    Kept(io::Error),
    /// It cannot be known which of the two a power cut would leave.
    Unclear(io::Error),
}

/// A file of its own, locked.
#[derive(Debug)]
pub(super) struct Disk {
    path: PathBuf,
    file: File,
    /// Locked as long as it is open. Not the journal itself, because compaction puts another file in its place.
    _lock: File,
}

impl Disk {
    /// Returns `None` if another has it.
    pub(super) fn open(path: PathBuf) -> io::Result<Option<Self>> {
        let lock = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(beside(&path, LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // What a compaction left that was interrupted.
        match fs::remove_file(beside(&path, COMPACTING)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let file = open_journal(&path)?;
        Ok(Some(Self {
            path,
            file,
            _lock: lock,
        }))
    }

    /// The file, to read it from its beginning.
    pub(super) fn reader(&self) -> io::Result<File> {
        File::open(&self.path)
    }

    pub(super) fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Makes sure that the file is there after a power cut, and not only what is in it.
    pub(super) fn sync_directory(&self) -> io::Result<()> {
        sync_directory(&self.path)
    }
}

impl Storage for Disk {
    fn append(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.file.write_all(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.file.seek(SeekFrom::Start(length)).map(drop)
    }

    fn replace(
        &mut self,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), NotReplaced> {
        let new = beside(&self.path, COMPACTING);
        let mut written = || {
            let file = File::create(&new)?;
            // What was closed to others stays closed to them.
            file.set_permissions(self.file.metadata()?.permissions())?;
            let mut file = BufWriter::with_capacity(1 << 16, file);
            write(&mut file)?;
            file.into_inner()?.sync_all()?;
            fs::rename(&new, &self.path)
        };
        if let Err(error) = written() {
            // Without effect on the journal, and the next one to open it removes it too.
            let _ = fs::remove_file(&new);
            return Err(NotReplaced::Kept(error));
        }
        let reopened = open_journal(&self.path).and_then(|file| {
            self.file = file;
            sync_directory(&self.path)
        });
        reopened.map_err(NotReplaced::Unclear)
    }
}

/// Opens it to write at its end. Not in append mode, in which Windows does not allow to cut.
fn open_journal(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    let mut file = options
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .open(path)?;
    file.seek(SeekFrom::End(0))?;
    Ok(file)
}

/// The same name with something after it, in the same directory.
fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// The path without links, so that every name of a file leads to the same lock.
pub(super) fn real_path(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path names no file"))?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    Ok(fs::canonicalize(directory)?.join(name))
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path
        .parent()
        .expect("the path of a file has no links and names its directory");
    match File::open(directory)?.sync_all() {
        // Some file systems have no such thing.
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::InvalidInput | io::ErrorKind::Unsupported
            ) =>
        {
            Ok(())
        }
        done => done,
    }
}

/// Elsewhere, a directory cannot be opened, and its entries are written with the file.
#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
