//! A file that records which events were attempted, and their outcomes.

mod error;
mod exact;
mod fingerprint;
pub(super) mod format;
mod recovered;
mod replay;
pub(super) mod storage;
mod table;
#[cfg(test)]
mod tests;
mod writer;

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use serde_json::value::RawValue;

use self::replay::{Replay, ReplayError};
use self::storage::{Disk, Storage};
use self::table::Table;
use self::writer::{Log, Shared};
use crate::types::{SeatEventCreate, UsageEventCreate};
use crate::usage::event::{Event, EventKind, line};

pub use self::error::JournalError;
pub use self::recovered::Recovered;

pub(super) use self::fingerprint::Fingerprint;
pub(super) use self::table::Known;
pub(super) use self::writer::Written;

/// A file that records which events were attempted and their outcomes, so that a run can be repeated after a crash and
/// each event is billed once.
///
/// With [`Sender::journal`](crate::usage::Sender::journal), an event is attempted only after an entry with its id and its
/// content is on disk, and each outcome is recorded. In the next run:
///
/// - [`pending`](Self::pending) returns the events that were attempted and have no outcome. Send them first.
/// - Events of the input that were accepted before are not sent; their outcome is [`Skipped`](crate::usage::Skipped). The
///   input can therefore be read again from its beginning.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = sequencehq::emulator::Emulator::start().await?;
/// # let client = emulator.client();
/// # let directory = std::env::temp_dir().join(format!("sequencehq-doc-{}", std::process::id()));
/// # std::fs::create_dir_all(&directory)?;
/// # let path = directory.join("usage.journal");
/// # let file = || r#"{"customerAlias":"acme","eventType":"api_call"}"#.as_bytes();
/// use sequencehq::usage::{Journal, Lines, Sender};
///
/// # for run in 0..2 {
/// let journal = Journal::open(&path)?;
/// eprintln!("{}", journal.recovered());
///
/// let input = Lines::new("usage/2026-03.ndjson", file());
/// let events = journal.pending().into_iter().map(Ok).chain(input);
/// let report = Sender::new(&client).journal(&journal).send_all(events).await;
/// assert!(report.is_complete(), "{report}");
/// # assert_eq!((report.accepted.len(), report.skipped.len()), [(1, 0), (0, 1)][run]);
/// # }
/// # assert_eq!(client.usage_events().list().await?.items.len(), 1);
/// # std::fs::remove_dir_all(directory)?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
///
/// # Ids
///
/// The next run recognizes an event by its id, so with a journal an event without an id is
/// [invalid](crate::usage::InvalidReason::Field). Set ids of your own, read files with [`Lines`](crate::usage::Lines), or
/// call [`derived_id`](crate::usage::derived_id). Then nothing is billed twice even if the journal is lost: events are sent
/// again with the same ids and supersede themselves.
///
/// If an event has the id of an earlier one and different content, it is invalid
/// ([`InvalidReason::Changed`](crate::usage::InvalidReason::Changed)). With
/// [`Duplicates::Supersede`](crate::usage::Duplicates::Supersede), it is sent as a correction.
///
/// # Outcomes
///
/// | outcome | in the next run |
/// | --- | --- |
/// | accepted | skipped |
/// | rejected | not in `pending`; sent again if the input contains it, since the cause may be gone |
/// | unknown, or unsent after an attempt | in `pending` |
/// | skipped, invalid, or unsent without an attempt | unchanged |
///
/// # The file
///
/// The file has lines of text with checksums, which can be read but not edited. It contains the events, so protect it as
/// you protect those. While open, it is locked with an empty file whose name ends in `.lock`, which is not removed: a
/// second `Journal`, in any process, returns [`JournalError::InUse`]. Other files and corrupt journals are never
/// overwritten ([`JournalError::NotAJournal`], [`JournalError::Corrupt`]). An incomplete line at the end, left by a crash or
/// a full disk, is removed and reported by [`recovered`](Self::recovered).
///
/// The file is compacted during use to the events without an outcome and a line of about 95 bytes for each of the last
/// 1,048,576 accepted events. If the input contains an older one, it is sent again and supersedes itself.
///
/// # Speed
///
/// Entries are written by a thread, and those that wait at the same time share one sync (group commit). The maximum rate is
/// the number of events in flight divided by the duration of a sync: 12,800 per second with 64 in flight and 5 ms, far
/// above the limit of the API of 12,000 per minute. Syncs cannot be disabled, because an entry that a power cut can remove
/// does not protect its event.
///
/// Clones share the journal. Dropping the last clone, including those of each [`Sender`](crate::usage::Sender) and run,
/// writes the remaining entries, unlocks the file, and blocks for about the duration of a sync.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

/// Builder for [`Journal`].
///
/// | setting | default |
/// | --- | --- |
/// | [`compact_at_bytes`](Self::compact_at_bytes) | 16 MiB |
/// | [`max_remembered`](Self::max_remembered) | 1,048,576 accepted events |
///
/// ```no_run
/// use sequencehq::usage::Journal;
///
/// let journal = Journal::builder().compact_at_bytes(64 << 20).max_remembered(10_000_000).open("usage.journal")?;
/// # Ok::<(), sequencehq::usage::JournalError>(())
/// ```
#[derive(Clone, Debug)]
#[must_use]
pub struct JournalBuilder {
    compact_at: u64,
    remember: usize,
}

struct Inner {
    path: PathBuf,
    recovered: Recovered,
    shared: Arc<Shared>,
    writer: Option<JoinHandle<()>>,
}

impl Journal {
    /// Opens or creates a journal with the default settings.
    ///
    /// Blocks while it reads the file: milliseconds, or a second for a hundred megabytes.
    ///
    /// ```
    /// use sequencehq::usage::{Journal, JournalError};
    ///
    /// # let directory = std::env::temp_dir().join(format!("sequencehq-journal-open-{}", std::process::id()));
    /// # std::fs::create_dir_all(&directory)?;
    /// # let path = directory.join("usage.journal");
    /// let journal = Journal::open(&path)?;
    /// assert!(matches!(Journal::open(&path), Err(JournalError::InUse { .. })));
    /// # drop(journal);
    /// # std::fs::remove_dir_all(directory)?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the journal is already open, if the file is not a journal or is corrupt, or if an operation on
    /// the file fails.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::builder().open(path)
    }

    /// Returns a builder with the default settings. See [`JournalBuilder`].
    pub fn builder() -> JournalBuilder {
        JournalBuilder {
            compact_at: 16 << 20,
            remember: 1 << 20,
        }
    }

    /// Returns the path of the file, absolute and with links resolved.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// Returns the state of the file when it was opened.
    ///
    /// ```no_run
    /// let journal = sequencehq::usage::Journal::open("usage.journal")?;
    /// println!("{}", journal.recovered()); // 9500 accepted, 64 pending
    /// # Ok::<(), sequencehq::usage::JournalError>(())
    /// ```
    pub fn recovered(&self) -> &Recovered {
        &self.0.recovered
    }

    /// Returns the events of one kind that were attempted and have no outcome, in the order of their attempts.
    ///
    /// They have their ids, so sending them again bills nothing twice. After a crash, these are the events that were in
    /// flight. During a run, they include the events in flight.
    ///
    /// Of several events with the same id, only the last is returned, since it supersedes the others.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq::types::UsageEventCreate;
    /// use sequencehq::usage::{Journal, Sender};
    ///
    /// let journal = Journal::open("usage.journal")?;
    /// let pending: Vec<UsageEventCreate> = journal.pending();
    /// let report = Sender::new(&client).journal(&journal).send_all(pending).await;
    /// # drop(report);
    /// # Ok(())
    /// # }
    /// ```
    pub fn pending<E: Event>(&self) -> Vec<E> {
        let attempts = self.0.shared.lock().table.pending();
        let own = attempts.into_iter().filter(|attempt| attempt.kind == E::KIND);
        own.map(|attempt| {
            event(&attempt.json).expect("every entry was checked on opening or encoded from an event")
        })
        .collect()
    }

    /// Waits until all recorded outcomes are on disk. A run does this at its end.
    ///
    /// # Errors
    ///
    /// Returns an error if the file cannot be written.
    pub async fn sync(&self) -> io::Result<()> {
        self.0.shared.sync().await
    }

    /// Compacts the file. Usually not needed, since the file is compacted when it reaches
    /// [`compact_at_bytes`](JournalBuilder::compact_at_bytes).
    ///
    /// The new file is written next to the old one and then renamed, so that a crash at any time leaves one of them
    /// intact. Events in flight wait until it is complete.
    ///
    /// ```no_run
    /// # async fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// // Before the file is copied to an archive.
    /// let journal = sequencehq::usage::Journal::open("usage.journal")?;
    /// journal.compact().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the new file cannot be written. The old one remains in use if possible.
    pub async fn compact(&self) -> io::Result<()> {
        self.0.shared.compact().await
    }

    pub(super) fn lookup(&self, event: &Fingerprint) -> Known {
        self.0.shared.lock().table.lookup(event)
    }

    /// Records an attempt. The event may be sent when the returned future completes.
    pub(super) fn attempt<E: Event>(&self, event: &E, fingerprint: Fingerprint) -> Written {
        let (json, kind): (Arc<str>, _) = (line(event).into(), E::KIND);
        let Fingerprint { key, content } = fingerprint;
        self.0.shared.write(|table| {
            table.attempt(key, content, kind, &json);
            format::Record::Attempt { kind, content, json }
        })
    }

    /// Records that the API accepted the last attempt with this id.
    pub(super) fn accepted(&self, kind: EventKind, id: String, fingerprint: Fingerprint) {
        self.0.shared.enqueue(|table| {
            table.accept(fingerprint.key);
            format::Record::Accepted { kind, id }
        });
    }

    /// Records that the API rejected the last attempt with this id.
    pub(super) fn rejected(&self, kind: EventKind, id: String, fingerprint: Fingerprint) {
        self.0.shared.enqueue(|table| {
            table.reject(fingerprint.key);
            format::Record::Rejected { kind, id }
        });
    }

    pub(super) fn flush(&self) -> Written {
        self.0.shared.sync()
    }

    /// Starts the writer after the entries were read.
    fn start<S: Storage>(
        builder: &JournalBuilder,
        path: PathBuf,
        storage: S,
        replay: Replay,
    ) -> Result<Self, ReplayError> {
        let pending = replay.table.pending();
        let recovered = Recovered {
            torn_bytes: replay.torn,
            pending: pending
                .iter()
                .map(|attempt| id(attempt.kind, &attempt.json))
                .collect(),
            accepted: replay.table.accepted(),
        };
        let log = Log {
            storage,
            length: replay.length,
            lines: replay.lines,
            durable: replay.lines,
            ends_with_checkpoint: replay.ends_with_checkpoint,
            retained: Vec::new(),
            compact_at: builder.compact_at.max(replay.table.size().saturating_mul(2)),
            threshold: builder.compact_at,
        };
        let shared = Arc::new(Shared::new(replay.table));
        let writer = thread::Builder::new()
            .name("sequencehq-journal".to_owned())
            .spawn({
                let shared = Arc::clone(&shared);
                move || writer::run(&shared, log)
            })?;
        Ok(Self(Arc::new(Inner {
            path,
            recovered,
            shared,
            writer: Some(writer),
        })))
    }
}

impl JournalBuilder {
    /// Sets the size in bytes at which the file is compacted. Default: 16 MiB.
    ///
    /// If more than half of the file has to be kept, the file is compacted at twice the kept size.
    pub fn compact_at_bytes(mut self, bytes: u64) -> Self {
        self.compact_at = bytes;
        self
    }

    /// Sets the number of accepted events that are remembered. Default: 1,048,576.
    ///
    /// Each uses about 100 bytes of memory and of the file. The oldest are forgotten first. If the input contains a forgotten
    /// event, it is sent again and supersedes itself.
    pub fn max_remembered(mut self, events: usize) -> Self {
        self.remember = events;
        self
    }

    /// Opens or creates the journal.
    ///
    /// # Errors
    ///
    /// Same as [`Journal::open`].
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Journal, JournalError> {
        let path = path.as_ref();
        let public = |error| {
            let path = path.to_owned();
            match error {
                ReplayError::Io(source) => JournalError::Io { path, source },
                ReplayError::NotAJournal => JournalError::NotAJournal { path },
                ReplayError::Version(version) => JournalError::UnsupportedVersion { path, version },
                ReplayError::Corrupt { line, problem } => JournalError::Corrupt { path, line, problem },
            }
        };
        match self.try_open(path) {
            Ok(Some(journal)) => Ok(journal),
            Ok(None) => Err(JournalError::InUse {
                path: path.to_owned(),
            }),
            Err(error) => Err(public(error)),
        }
    }

    fn try_open(&self, path: &Path) -> Result<Option<Journal>, ReplayError> {
        let path = storage::real_path(path)?;
        // Checked before the lock file is created next to a file that is not a journal.
        match File::open(&path) {
            Ok(file) if file.metadata()?.len() > 0 => replay::check_header(&mut BufReader::new(file))?,
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
        let Some(mut disk) = Disk::open(path.clone())? else {
            return Ok(None);
        };
        if disk.length()? == 0 {
            create(&mut disk)?;
        }
        let replay = replay::read(BufReader::new(disk.reader()?), Table::new(self.remember))?;
        for attempt in replay.table.pending() {
            check(attempt.kind, &attempt.json)?;
        }
        if replay.torn > 0 {
            disk.truncate(replay.length)?;
        }
        // From here on, everything that was read counts as synced.
        disk.sync()?;
        disk.sync_directory()?;
        Journal::start(self, path, disk, replay).map(Some)
    }
}

/// Creates a journal without entries, atomically.
fn create(disk: &mut Disk) -> io::Result<()> {
    let replaced = disk.replace(&mut |out| out.write_all(format::HEADER.as_bytes()));
    replaced.map_err(|error| match error {
        storage::NotReplaced::Kept(error) | storage::NotReplaced::Unclear(error) => error,
    })
}

/// Returns an error for an event that could not be read from its entry, such as one that is nested too deep.
pub(super) fn readable<E: Event>(event: &E) -> Result<(), serde_json::Error> {
    self::event::<E>(&line(event)).map(drop)
}

fn event<E: Event>(json: &str) -> Result<E, serde_json::Error> {
    let json: &RawValue = serde_json::from_str(json)?;
    E::from_json(exact::read(json)?)
}

fn check(kind: EventKind, json: &str) -> io::Result<()> {
    let checked = match kind {
        EventKind::Usage => event::<UsageEventCreate>(json).map(drop),
        EventKind::Seat => event::<SeatEventCreate>(json).map(drop),
    };
    checked.map_err(|error| {
        let problem = format!("an event cannot be decoded: {error}");
        io::Error::new(io::ErrorKind::InvalidData, problem)
    })
}

fn id(kind: EventKind, json: &str) -> String {
    let id = match kind {
        EventKind::Usage => event(json).map(|event: UsageEventCreate| event.customer_event_id),
        EventKind::Seat => event(json).map(|event: SeatEventCreate| event.customer_event_id),
    };
    id.ok().flatten().expect("every entry was checked to have an id")
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.close();
        if let Some(writer) = self.writer.take() {
            // If the thread panicked, every waiter has received an error.
            let _ = writer.join();
        }
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal")
            .field("path", &self.0.path)
            .field("recovered", &self.0.recovered)
            .finish_non_exhaustive()
    }
}
