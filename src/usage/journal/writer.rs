//! The thread that writes the file. Entries that wait at the same time share one write and one sync.

use std::fmt;
use std::io;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};

use tokio::sync::oneshot;

use super::format::{HEADER, Record};
use super::storage::{NotReplaced, Storage};
use super::table::Table;

/// The state shared by the handles and the thread.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Debug)]
pub(super) struct State {
    /// Includes all queued entries.
    pub(super) table: Table,
    queue: Vec<Record>,
    waiters: Vec<Waiter>,
    /// The callers that wait for a compaction.
    compactions: Vec<Waiter>,
    is_closing: bool,
    /// The error after which nothing more is written.
    failed: Option<Failure>,
}

type Waiter = oneshot::Sender<Result<(), Failure>>;

/// An I/O error that can be returned to several waiters.
#[derive(Clone, Debug)]
struct Failure(Arc<io::Error>);

/// A future that completes when an entry is on disk.
#[derive(Debug)]
pub(in crate::usage) struct Written(oneshot::Receiver<Result<(), Failure>>);

impl Future for Written {
    type Output = io::Result<()>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.0).poll(context).map(|written| match written {
            Ok(result) => result.map_err(io::Error::from),
            Err(_) => Err(ended().into()),
        })
    }
}

impl Shared {
    pub(super) fn new(table: Table) -> Self {
        Self {
            state: Mutex::new(State {
                table,
                queue: Vec::new(),
                waiters: Vec::new(),
                compactions: Vec::new(),
                is_closing: false,
                failed: None,
            }),
            wake: Condvar::new(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an entry without waiting for it.
    pub(super) fn enqueue(&self, change: impl FnOnce(&mut Table) -> Record) {
        let mut state = self.lock();
        let record = change(&mut state.table);
        if state.failed.is_none() {
            state.queue.push(record);
            self.wake.notify_one();
        }
    }

    /// Queues an entry and returns a future that completes when it is on disk.
    pub(super) fn write(&self, change: impl FnOnce(&mut Table) -> Record) -> Written {
        self.request(|state, waiter| {
            let record = change(&mut state.table);
            state.queue.push(record);
            state.waiters.push(waiter);
        })
    }

    /// Returns a future that completes when all queued entries are on disk.
    pub(super) fn sync(&self) -> Written {
        self.request(|state, waiter| state.waiters.push(waiter))
    }

    pub(super) fn compact(&self) -> Written {
        self.request(|state, waiter| state.compactions.push(waiter))
    }

    fn request(&self, add: impl FnOnce(&mut State, Waiter)) -> Written {
        let (waiter, written) = oneshot::channel();
        let mut state = self.lock();
        match &state.failed {
            // The receiver exists, so sending does not fail.
            Some(failure) => _ = waiter.send(Err(failure.clone())),
            None => {
                add(&mut state, waiter);
                self.wake.notify_one();
            }
        }
        Written(written)
    }

    /// Makes the thread end when the queue is empty.
    pub(super) fn close(&self) {
        self.lock().is_closing = true;
        self.wake.notify_one();
    }

    /// Waits for work. Returns `None` after the journal is closed.
    fn next(&self) -> Option<MutexGuard<'_, State>> {
        let state = self.lock();
        let state = self.wake.wait_while(state, |state| {
            state.queue.is_empty()
                && state.waiters.is_empty()
                && state.compactions.is_empty()
                && !state.is_closing
        });
        let state = state.unwrap_or_else(PoisonError::into_inner);
        let is_done = state.queue.is_empty() && state.waiters.is_empty() && state.compactions.is_empty();
        (!is_done).then_some(state)
    }

    fn fail(&self, failure: Failure) {
        let mut state = self.lock();
        state.failed.get_or_insert(failure);
        state.queue.clear();
        for waiter in mem::take(&mut state.waiters)
            .into_iter()
            .chain(mem::take(&mut state.compactions))
        {
            let failure = state.failed.clone().unwrap_or_else(ended);
            // The receiver may have been dropped.
            let _ = waiter.send(Err(failure));
        }
    }
}

/// The file and its state on disk.
#[derive(Debug)]
pub(super) struct Log<S> {
    pub(super) storage: S,
    /// The number of bytes in complete lines.
    pub(super) length: u64,
    /// The number of complete lines, including the header.
    pub(super) lines: u64,
    /// The number of lines that were synced.
    pub(super) durable: u64,
    pub(super) ends_with_checkpoint: bool,
    /// Outcomes that could not be written. They are retried with the next entries.
    pub(super) retained: Vec<Record>,
    /// The size in bytes at which the file is compacted next.
    pub(super) compact_at: u64,
    pub(super) threshold: u64,
}

/// The error of [`Log::commit`].
enum CommitError {
    /// Nothing was written.
    RolledBack(Failure),
    /// The state on disk is unknown.
    Fatal(Failure),
}

impl<S: Storage> Log<S> {
    /// Appends entries and, if `syncs` is set, waits until they are on disk.
    fn commit(&mut self, records: Vec<Record>, syncs: bool) -> Result<(), CommitError> {
        let mut records = mem::take(&mut self.retained)
            .into_iter()
            .chain(records)
            .collect::<Vec<_>>();
        let mut bytes = Vec::new();
        for (number, record) in (self.lines + 1..).zip(&records) {
            record.write(number, self.durable, &mut bytes);
        }
        if !bytes.is_empty() {
            if let Err(error) = self.storage.append(&bytes) {
                // An attempt without an entry is not made, but an outcome remains valid.
                records.retain(|record| !record.is_attempt());
                self.retained = records;
                // Otherwise the next line would be appended to a part of this one.
                return Err(match self.storage.truncate(self.length) {
                    Ok(()) => CommitError::RolledBack(Failure::new(error)),
                    Err(_) => CommitError::Fatal(Failure::new(error)),
                });
            }
            self.length += bytes.len() as u64;
            self.lines += records.len() as u64;
            self.ends_with_checkpoint = matches!(records.last(), Some(Record::Checkpoint));
        }
        if syncs && self.durable < self.lines {
            // After a failed sync, a second one can succeed although the data of the first is lost.
            self.storage
                .sync()
                .map_err(|error| CommitError::Fatal(Failure::new(error)))?;
            self.durable = self.lines;
        }
        Ok(())
    }

    /// Replaces the file with the shortest equivalent one.
    fn replace(&mut self, mut records: Vec<Record>) -> Result<(), NotReplaced> {
        records.push(Record::Checkpoint);
        let mut length = HEADER.len() as u64;
        self.storage.replace(&mut |out| {
            out.write_all(HEADER.as_bytes())?;
            let mut bytes = Vec::new();
            for (number, record) in (2..).zip(&records) {
                bytes.clear();
                // The file is renamed after it was synced, so none of its lines can be torn.
                record.write(number, number - 1, &mut bytes);
                length += bytes.len() as u64;
                out.write_all(&bytes)?;
            }
            Ok(())
        })?;
        self.length = length;
        self.lines = records.len() as u64 + 1;
        self.durable = self.lines;
        self.ends_with_checkpoint = true;
        self.retained.clear();
        Ok(())
    }

    /// Writes a checkpoint, so that an invalid line before it is later recognized as corrupt.
    fn close(&mut self) {
        if !self.ends_with_checkpoint || !self.retained.is_empty() {
            let written = self.commit(Vec::new(), true);
            // Without a checkpoint, the file is in the state after a crash, which is valid.
            let _ = written.and_then(|()| self.commit(vec![Record::Checkpoint], true));
        }
    }
}

/// The main function of the thread.
pub(super) fn run<S: Storage>(shared: &Shared, mut log: Log<S>) {
    // Notifies all waiters, also if the thread panics.
    let guard = FailOnDrop(shared);
    while let Some(mut state) = shared.next() {
        let is_due = log.length >= log.compact_at || !state.compactions.is_empty();
        let records = mem::take(&mut state.queue);
        let mut waiters = mem::take(&mut state.waiters);
        let compactions = mem::take(&mut state.compactions);
        // The table includes the queued entries, so the new file does too.
        let table = is_due.then(|| state.table.records());
        drop(state);

        let mut not_compacted = None;
        if let Some(table) = table {
            let replaced = log.replace(table);
            log.compact_at = log.threshold.max(log.length.saturating_mul(2));
            match replaced {
                Ok(()) => {
                    notify(waiters.into_iter().chain(compactions), Ok(()));
                    continue;
                }
                Err(NotReplaced::Kept(error)) => not_compacted = Some(Failure::new(error)),
                Err(NotReplaced::Unclear(error)) => {
                    shared
                        .lock()
                        .waiters
                        .extend(waiters.into_iter().chain(compactions));
                    shared.fail(Failure::new(error));
                    return;
                }
            }
        }
        let committed = log.commit(records, !waiters.is_empty());
        match committed {
            Ok(()) => notify(waiters, Ok(())),
            Err(CommitError::RolledBack(failure)) => notify(waiters, Err(failure)),
            Err(CommitError::Fatal(failure)) => {
                waiters.extend(compactions);
                shared.lock().waiters.extend(waiters);
                shared.fail(failure);
                return;
            }
        }
        if let Some(failure) = not_compacted {
            notify(compactions, Err(failure));
        }
    }
    log.close();
    drop(guard);
}

fn notify(waiters: impl IntoIterator<Item = Waiter>, result: Result<(), Failure>) {
    for waiter in waiters {
        // The receiver may have been dropped.
        let _ = waiter.send(result.clone());
    }
}

struct FailOnDrop<'a>(&'a Shared);

impl Drop for FailOnDrop<'_> {
    fn drop(&mut self) {
        self.0.fail(ended());
    }
}

fn ended() -> Failure {
    Failure::new(io::Error::other("the thread that writes the journal has ended"))
}

impl Failure {
    fn new(error: io::Error) -> Self {
        Self(Arc::new(error))
    }
}

impl From<Failure> for io::Error {
    fn from(failure: Failure) -> Self {
        Self::new(failure.0.kind(), failure)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Failure {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source()
    }
}
