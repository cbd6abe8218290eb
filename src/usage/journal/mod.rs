//! A file that remembers which events were attempted, and what became of them.

mod error;
mod exact;
mod fingerprint;
mod format;
mod recovered;
mod replay;
mod storage;
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

use self::replay::{Replay, Trouble};
use self::storage::{Disk, Storage};
use self::table::Table;
use self::writer::{Log, Shared};
use crate::types::{SeatEventCreate, UsageEventCreate};
use crate::usage::Event;
use crate::usage::event::Kind;

pub use self::error::JournalError;
pub use self::recovered::Recovered;

pub(super) use self::fingerprint::Fingerprint;
pub(super) use self::table::Known;
pub(super) use self::writer::Written;

/// A file that remembers which events were attempted and what became of them, so that a run can be repeated after a crash
/// and each event is billed once.
///
/// With [`Sender::journal`](crate::usage::Sender::journal), no event is attempted before the disk has an entry with
/// its id and its content, and each outcome is noted. On the next run:
///
/// - [`unsettled`](Self::unsettled) returns the events that were attempted and have no outcome. Send them first.
/// - Events of the input that were accepted before are not sent, and have the outcome
///   [`Skipped`](crate::usage::Skipped). So the input can be read again from its beginning.
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
/// let events = journal.unsettled().into_iter().map(Ok).chain(input);
/// let report = Sender::new(&client).journal(&journal).send_all(events).await;
/// assert!(report.is_complete(), "{report}");
/// # assert_eq!((report.accepted.len(), report.skipped.len()), [(1, 0), (0, 1)][run]);
/// # }
/// # assert_eq!(emulator.usage_events().len(), 1);
/// # std::fs::remove_dir_all(directory)?;
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
///
/// # Ids
///
/// An id is how the next run recognizes an event, so with a journal every event needs one: an event without is
/// [refused](crate::usage::Refusal::Field). Set your own, read files with [`Lines`](crate::usage::Lines), or call
/// [`derived_id`](crate::usage::derived_id). Then even a lost journal bills nothing twice: events are sent again under the
/// ids that they had, and supersede themselves.
///
/// An event under an id that is known with other content is refused as
/// [`Refusal::Changed`](crate::usage::Refusal::Changed), or, with
/// [`Duplicates::Supersede`](crate::usage::Duplicates::Supersede), sent as a correction.
///
/// # What an outcome leaves
///
/// | outcome | on the next run |
/// | --- | --- |
/// | accepted | skipped |
/// | rejected | not in `unsettled`; sent again if the input has it again, since the cause may be gone |
/// | unknown, or unsent after an attempt | in `unsettled` |
/// | skipped, refused, or unsent without an attempt | as before |
///
/// # The file
///
/// Lines of text with checksums, readable and not meant to be edited. It holds the events themselves, so keep it where you
/// would keep those. Opening locks it, by an empty file with `.lock` after the name that stays: a second `Journal`, in any
/// process, does not open ([`JournalError::InUse`]). Another file is never overwritten, nor a damaged one
/// ([`JournalError::Foreign`], [`JournalError::Damaged`]). The unfinished line that a crash or a full disk can leave at the
/// end is removed, and [`recovered`](Self::recovered) reports it.
///
/// The file is compacted while it is used: it keeps the events without an outcome, and a line of about 95
/// bytes for each accepted one, of which the last 1,048,576 are remembered. An older one would be sent again and supersede
/// itself.
///
/// # Speed
///
/// A thread writes. Entries that wait at the same time share one sync (a group commit), so that the number of events in
/// flight divided by the time of a sync is the limit: at 64 in flight and 5 ms that is 12,800 a second, where the API
/// takes 12,000 a minute. There is no option to go without syncs, because an entry that a power cut can remove does
/// not protect its event.
///
/// Clones are the same journal. Dropping the last one, and every [`Sender`](crate::usage::Sender) and run that uses it,
/// writes what is left, unlocks the file, and blocks for about as long as a sync.
#[derive(Clone)]
pub struct Journal(Arc<Inner>);

/// Builder for [`Journal`].
///
/// | setting | default |
/// | --- | --- |
/// | [`compact_at`](Self::compact_at) | 16 MiB |
/// | [`remember`](Self::remember) | 1,048,576 accepted events |
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
    /// Opens or creates a journal with the defaults. Same as `Journal::builder().open(path)`.
    ///
    /// Blocks while it reads the file: milliseconds, or a second for a hundred megabytes.
    ///
    /// # Errors
    ///
    /// The journal is open elsewhere, the file is no journal or a damaged one, or the operating system refuses.
    pub fn open(path: impl AsRef<Path>) -> Result<Self, JournalError> {
        Self::builder().open(path)
    }

    /// Starts with the defaults.
    pub fn builder() -> JournalBuilder {
        JournalBuilder {
            compact_at: 16 << 20,
            remember: 1 << 20,
        }
    }

    /// The path of the file, absolute and without links.
    pub fn path(&self) -> &Path {
        &self.0.path
    }

    /// What was found on opening. It does not change afterwards.
    pub fn recovered(&self) -> &Recovered {
        &self.0.recovered
    }

    /// Returns the events of one kind that were attempted and have no outcome, in the order of their attempts.
    ///
    /// They have the ids that they were attempted with, so sending them again bills nothing twice. After a crash, that
    /// is what was in flight. During a run, it also has what is in flight now.
    ///
    /// Of several events under one id, only the last is returned, since it supersedes the others.
    pub fn unsettled<E: Event>(&self) -> Vec<E> {
        let attempts = self.0.shared.lock().table.unsettled();
        let own = attempts.into_iter().filter(|attempt| attempt.kind == E::KIND);
        own.map(|attempt| event(&attempt.json).expect("it was read on opening, or written from an event"))
            .collect()
    }

    /// Waits until all outcomes that were noted are on the disk. A run does so at its end.
    ///
    /// # Errors
    ///
    /// The file could not be written.
    pub async fn sync(&self) -> io::Result<()> {
        self.0.shared.sync().await
    }

    /// Compacts the file now. Not needed, since a journal does so when it has grown to
    /// [`compact_at`](JournalBuilder::compact_at).
    ///
    /// The new file is written beside the old one and put in its place, so that a crash at any time leaves one of them
    /// whole. Events in flight wait for it.
    ///
    /// # Errors
    ///
    /// The new file could not be written. The old one stays in use if it can.
    pub async fn compact(&self) -> io::Result<()> {
        self.0.shared.compact().await
    }

    pub(super) fn look(&self, event: &Fingerprint) -> Known {
        self.0.shared.lock().table.look(event)
    }

    /// Notes that an event is about to be attempted, which may be done once this completes.
    pub(super) fn attempt<E: Event>(&self, event: &E, fingerprint: Fingerprint) -> Written {
        let json = serde_json::to_string(event).expect("texts, numbers and JSON can be written as JSON");
        let (json, kind): (Arc<str>, _) = (json.into(), E::KIND);
        let Fingerprint { key, content } = fingerprint;
        self.0.shared.write(|table| {
            table.attempt(key, content, kind, &json);
            format::Record::Attempt { kind, content, json }
        })
    }

    /// Notes that the server has what was attempted last under this id.
    pub(super) fn accepted(&self, kind: Kind, id: String, fingerprint: Fingerprint) {
        self.0.shared.note(|table| {
            table.accept(fingerprint.key);
            format::Record::Accepted { kind, id }
        });
    }

    /// Notes that the API refused what was attempted last under this id.
    pub(super) fn rejected(&self, kind: Kind, id: String, fingerprint: Fingerprint) {
        self.0.shared.note(|table| {
            table.reject(fingerprint.key);
            format::Record::Rejected { kind, id }
        });
    }

    pub(super) fn flush(&self) -> Written {
        self.0.shared.sync()
    }

    /// Goes on where the storage ends.
    fn start<S: Storage>(
        builder: &JournalBuilder,
        path: PathBuf,
        storage: S,
        replay: Replay,
    ) -> Result<Self, Trouble> {
        let unsettled = replay.table.unsettled();
        let recovered = Recovered {
            torn_bytes: replay.torn,
            unsettled: unsettled
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
    /// The size in bytes at which the file is compacted. Where what has to be kept is more than half of that, it is compacted
    /// at twice what has to be kept.
    pub fn compact_at(mut self, bytes: u64) -> Self {
        self.compact_at = bytes;
        self
    }

    /// How many accepted events are remembered, the oldest being forgotten first. Each takes about 100 bytes of memory, and
    /// of the file. An event that is forgotten and comes again is sent again, and supersedes itself.
    pub fn remember(mut self, events: usize) -> Self {
        self.remember = events;
        self
    }

    /// Opens or creates the journal.
    ///
    /// # Errors
    ///
    /// As [`Journal::open`].
    pub fn open(&self, path: impl AsRef<Path>) -> Result<Journal, JournalError> {
        let path = path.as_ref();
        let trouble = |trouble| {
            let path = path.to_owned();
            match trouble {
                Trouble::Io(source) => JournalError::Io { path, source },
                Trouble::Foreign => JournalError::Foreign { path },
                Trouble::Version(version) => JournalError::UnknownVersion { path, version },
                Trouble::Damaged { line, problem } => JournalError::Damaged { path, line, problem },
            }
        };
        match self.try_open(path) {
            Ok(Some(journal)) => Ok(journal),
            Ok(None) => Err(JournalError::InUse {
                path: path.to_owned(),
            }),
            Err(error) => Err(trouble(error)),
        }
    }

    fn try_open(&self, path: &Path) -> Result<Option<Journal>, Trouble> {
        let path = storage::real_path(path)?;
        // Before anything is created beside a file of another.
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
        for attempt in replay.table.unsettled() {
            check(attempt.kind, &attempt.json)?;
        }
        if replay.torn > 0 {
            disk.cut(replay.length)?;
        }
        // From here on, all that was read counts as being on the disk.
        disk.sync()?;
        disk.sync_directory()?;
        Journal::start(self, path, disk, replay).map(Some)
    }
}

/// Writes a journal without entries, as a whole.
fn create(disk: &mut Disk) -> io::Result<()> {
    let replaced = disk.replace(&mut |out| out.write_all(format::HEADER.as_bytes()));
    replaced.map_err(|error| match error {
        storage::NotReplaced::Kept(error) | storage::NotReplaced::Unclear(error) => error,
    })
}

fn event<E: Event>(json: &str) -> Result<E, serde_json::Error> {
    let json: &RawValue = serde_json::from_str(json)?;
    E::from_json(exact::read(json)?)
}

fn check(kind: Kind, json: &str) -> io::Result<()> {
    let checked = match kind {
        Kind::Usage => event::<UsageEventCreate>(json).map(drop),
        Kind::Seat => event::<SeatEventCreate>(json).map(drop),
    };
    checked.map_err(|error| {
        let problem = format!("an event in it does not decode: {error}");
        io::Error::new(io::ErrorKind::InvalidData, problem)
    })
}

fn id(kind: Kind, json: &str) -> String {
    let id = match kind {
        Kind::Usage => event(json).map(|event: UsageEventCreate| event.customer_event_id),
        Kind::Seat => event(json).map(|event: SeatEventCreate| event.customer_event_id),
    };
    id.ok().flatten().expect("every entry was read, with its id")
}

impl Drop for Inner {
    fn drop(&mut self) {
        self.shared.close();
        if let Some(writer) = self.writer.take() {
            // If it panicked, every waiter has its error.
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
