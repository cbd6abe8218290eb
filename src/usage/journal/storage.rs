//! The storage of a journal: the file, its lock, and durable writes.

use std::ffi::OsString;
use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// The suffix of the file that a compaction writes.
const COMPACTING: &str = ".compacting";
/// The suffix of the file that is locked.
const LOCK: &str = ".lock";

/// The storage operations of the writer. A trait, so that tests can make each of them fail.
pub(in crate::usage) trait Storage: Send + 'static {
    /// Appends `bytes` in one call. After an error, a part of them may be written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<()>;

    /// Returns when everything that was appended is on disk.
    fn sync(&mut self) -> io::Result<()>;

    /// Truncates the file to `length`.
    fn truncate(&mut self, length: u64) -> io::Result<()>;

    /// Replaces the whole content atomically: after a crash, either the old or the new content is present.
    fn replace(&mut self, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>)
    -> Result<(), NotReplaced>;
}

/// The error of [`Storage::replace`].
#[derive(Debug)]
pub(in crate::usage) enum NotReplaced {
    /// The old content is still present.
    Kept(io::Error),
    /// It is unknown which content a power cut would leave.
    Unclear(io::Error),
}

/// A locked file.
#[derive(Debug)]
pub(in crate::usage) struct Disk {
    path: PathBuf,
    file: File,
    /// Locked while open. It is not the journal itself, because compaction replaces that file.
    _lock: File,
}

impl Disk {
    /// Returns `None` if the journal is locked elsewhere.
    pub(in crate::usage) fn open(path: PathBuf) -> io::Result<Option<Self>> {
        let lock = File::options()
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .open(with_suffix(&path, LOCK))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(error)) => return Err(error),
        }
        // Left by an interrupted compaction.
        match fs::remove_file(with_suffix(&path, COMPACTING)) {
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

    /// Opens the file for reading from its beginning.
    pub(super) fn reader(&self) -> io::Result<File> {
        File::open(&self.path)
    }

    pub(super) fn length(&self) -> io::Result<u64> {
        Ok(self.file.metadata()?.len())
    }

    /// Syncs the directory, so that a power cut does not remove the file.
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

    fn truncate(&mut self, length: u64) -> io::Result<()> {
        self.file.set_len(length)?;
        self.file.seek(SeekFrom::Start(length)).map(drop)
    }

    fn replace(
        &mut self,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> Result<(), NotReplaced> {
        let new = with_suffix(&self.path, COMPACTING);
        let mut written = || {
            let file = File::create(&new)?;
            // Readers and writers of the old file keep their permissions, and others get none.
            file.set_permissions(self.file.metadata()?.permissions())?;
            let mut file = BufWriter::with_capacity(1 << 16, file);
            write(&mut file)?;
            file.into_inner()?.sync_all()?;
            fs::rename(&new, &self.path)
        };
        if let Err(error) = written() {
            // A failure has no effect on the journal: opening it removes the file, too.
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

/// Opens the file for writing at its end. Not in append mode, which does not allow truncation on Windows.
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

/// Returns the path with `suffix` appended to the file name.
fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    name.into()
}

/// Resolves links, so that all paths of a file have the same lock.
pub(in crate::usage) fn real_path(path: &Path) -> io::Result<PathBuf> {
    match fs::canonicalize(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        found => return found,
    }
    let name = path
        .file_name()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path has no file name"))?;
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    Ok(fs::canonicalize(directory)?.join(name))
}

#[cfg(unix)]
fn sync_directory(path: &Path) -> io::Result<()> {
    let directory = path.parent().expect("a resolved path of a file has a directory");
    match File::open(directory)?.sync_all() {
        // Some file systems do not support this.
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

/// On other systems, a directory cannot be opened, and its entries are written with the file.
#[cfg(not(unix))]
fn sync_directory(_: &Path) -> io::Result<()> {
    Ok(())
}
