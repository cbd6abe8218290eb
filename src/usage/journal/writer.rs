//! The thread that writes: entries that wait at the same time share one write and one sync.

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

/// What the handles and the thread share.
#[derive(Debug)]
pub(super) struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Debug)]
pub(super) struct State {
    /// Knows everything that is queued already.
    pub(super) table: Table,
    queue: Vec<Record>,
    waiters: Vec<Waiter>,
    /// Wait for a compaction.
    compactions: Vec<Waiter>,
    is_closing: bool,
    /// Nothing can be written any more.
    broken: Option<Failure>,
}

type Waiter = oneshot::Sender<Result<(), Failure>>;

/// An error of the disk, for each of those that wait for it.
#[derive(Clone, Debug)]
struct Failure(Arc<io::Error>);

/// Completes once an entry is on the disk.
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
                broken: None,
            }),
            wake: Condvar::new(),
        }
    }

    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Queues an entry without waiting for it.
    pub(super) fn note(&self, change: impl FnOnce(&mut Table) -> Record) {
        let mut state = self.lock();
        let record = change(&mut state.table);
        if state.broken.is_none() {
            state.queue.push(record);
            self.wake.notify_one();
        }
    }

    /// Queues an entry to wait for.
    pub(super) fn write(&self, change: impl FnOnce(&mut Table) -> Record) -> Written {
        self.ask(|state, waiter| {
            let record = change(&mut state.table);
            state.queue.push(record);
            state.waiters.push(waiter);
        })
    }

    /// To wait for everything that is queued.
    pub(super) fn sync(&self) -> Written {
        self.ask(|state, waiter| state.waiters.push(waiter))
    }

    pub(super) fn compact(&self) -> Written {
        self.ask(|state, waiter| state.compactions.push(waiter))
    }

    fn ask(&self, add: impl FnOnce(&mut State, Waiter)) -> Written {
        let (waiter, written) = oneshot::channel();
        let mut state = self.lock();
        match &state.broken {
            // The receiver is right here.
            Some(failure) => _ = waiter.send(Err(failure.clone())),
            None => {
                add(&mut state, waiter);
                self.wake.notify_one();
            }
        }
        Written(written)
    }

    /// Lets the thread end once the queue is empty.
    pub(super) fn close(&self) {
        self.lock().is_closing = true;
        self.wake.notify_one();
    }

    /// Waits for something to do; `None` if there will be nothing more.
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

    fn break_with(&self, failure: Failure) {
        let mut state = self.lock();
        state.broken.get_or_insert(failure);
        state.queue.clear();
        for waiter in mem::take(&mut state.waiters)
            .into_iter()
            .chain(mem::take(&mut state.compactions))
        {
            let failure = state.broken.clone().unwrap_or_else(ended);
            // A dropped receiver needs no answer.
            let _ = waiter.send(Err(failure));
        }
    }
}

/// The file as the thread left it.
#[derive(Debug)]
pub(super) struct Log<S> {
    pub(super) storage: S,
    /// Bytes that are whole lines.
    pub(super) length: u64,
    /// Whole lines, the header among them.
    pub(super) lines: u64,
    /// Lines that are known to be on the disk.
    pub(super) durable: u64,
    pub(super) ends_with_checkpoint: bool,
    /// Outcomes that could not be written, to be tried again with the next entries.
    pub(super) retained: Vec<Record>,
    /// Bytes beyond which it is compacted.
    pub(super) compact_at: u64,
    pub(super) threshold: u64,
}

/// How writing failed.
enum Fault {
    /// As if it had not been tried.
    Undone(Failure),
    /// What is on the disk is unknown.
    Broken(Failure),
}

impl<S: Storage> Log<S> {
    /// Adds these entries, and returns once they are on the disk if asked to.
    fn commit(&mut self, records: Vec<Record>, syncs: bool) -> Result<(), Fault> {
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
                // An attempt is not made without its entry, but an outcome stays one.
                records.retain(|record| !record.is_attempt());
                self.retained = records;
                // The next line would be written onto half of this one.
                return Err(match self.storage.cut(self.length) {
                    Ok(()) => Fault::Undone(Failure::new(error)),
                    Err(_) => Fault::Broken(Failure::new(error)),
                });
            }
            self.length += bytes.len() as u64;
            self.lines += records.len() as u64;
            self.ends_with_checkpoint = matches!(records.last(), Some(Record::Checkpoint));
        }
        if syncs && self.durable < self.lines {
            // After a failed sync, a second one can succeed although the first one's data is gone.
            self.storage
                .sync()
                .map_err(|error| Fault::Broken(Failure::new(error)))?;
            self.durable = self.lines;
        }
        Ok(())
    }

    /// Replaces the file by the shortest equivalent one.
    fn replace(&mut self, mut records: Vec<Record>) -> Result<(), NotReplaced> {
        records.push(Record::Checkpoint);
        let mut length = HEADER.len() as u64;
        self.storage.replace(&mut |out| {
            out.write_all(HEADER.as_bytes())?;
            let mut bytes = Vec::new();
            for (number, record) in (2..).zip(&records) {
                bytes.clear();
                // The file has its name only after all of it is on the disk: nothing in it can be torn.
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

    /// The last entries. What a later opening finds damaged before the checkpoint is no torn tail.
    fn close(&mut self) {
        if !self.ends_with_checkpoint || !self.retained.is_empty() {
            let written = self.commit(Vec::new(), true);
            // Without them the file is as after a crash, and opens all the same.
            let _ = written.and_then(|()| self.commit(vec![Record::Checkpoint], true));
        }
    }
}

/// The work of the thread.
pub(super) fn run<S: Storage>(shared: &Shared, mut log: Log<S>) {
    // A thread that panics would leave everyone waiting.
    let ended = Ended(shared);
    while let Some(mut state) = shared.next() {
        let is_due = log.length >= log.compact_at || !state.compactions.is_empty();
        let records = mem::take(&mut state.queue);
        let mut waiters = mem::take(&mut state.waiters);
        let compactions = mem::take(&mut state.compactions);
        // What is queued is in the table, and so in the new file.
        let table = is_due.then(|| state.table.records());
        drop(state);

        let mut not_compacted = None;
        if let Some(table) = table {
            let replaced = log.replace(table);
            log.compact_at = log.threshold.max(log.length.saturating_mul(2));
            match replaced {
                Ok(()) => {
                    answer(waiters.into_iter().chain(compactions), Ok(()));
                    continue;
                }
                Err(NotReplaced::Kept(error)) => not_compacted = Some(Failure::new(error)),
                Err(NotReplaced::Unclear(error)) => {
                    shared
                        .lock()
                        .waiters
                        .extend(waiters.into_iter().chain(compactions));
                    shared.break_with(Failure::new(error));
                    return;
                }
            }
        }
        let committed = log.commit(records, !waiters.is_empty());
        match committed {
            Ok(()) => answer(waiters, Ok(())),
            Err(Fault::Undone(failure)) => answer(waiters, Err(failure)),
            Err(Fault::Broken(failure)) => {
                waiters.extend(compactions);
                shared.lock().waiters.extend(waiters);
                shared.break_with(failure);
                return;
            }
        }
        if let Some(failure) = not_compacted {
            answer(compactions, Err(failure));
        }
    }
    log.close();
    drop(ended);
}

fn answer(waiters: impl IntoIterator<Item = Waiter>, result: Result<(), Failure>) {
    for waiter in waiters {
        // A dropped receiver needs no answer.
        let _ = waiter.send(result.clone());
    }
}

struct Ended<'a>(&'a Shared);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        self.0.break_with(ended());
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
