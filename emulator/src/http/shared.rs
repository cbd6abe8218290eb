//! The state that all connections share.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;
#[cfg(feature = "page")]
use tokio::sync::watch;

use crate::operations::World;
use crate::records::ids;
use crate::store::clock::Source;
use crate::store::{Commit, State};

use super::exchange::Observer;
use super::faults::Fault;
use super::gate::{Credentials, Minute};
use super::log::RequestLog;
#[cfg(feature = "page")]
use super::page::Notices;
use super::scripts::Queue;

/// The seed of the ids of requests, which differ from those of records.
const REQUEST_SEED: u64 = 0x5E9_0E2C_0001;

const DEFAULT_REQUEST_LOG: usize = 10_000;

/// What surrounds the account.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    pub(super) credentials: Credentials,
    pub(super) requests_per_minute: Option<u32>,
    pub(super) request_log: usize,
    pub(super) observer: Option<Observer>,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self {
            credentials: Credentials {
                client_id: "emulator-client".to_owned(),
                client_secret: "emulator-secret".to_owned(),
            },
            requests_per_minute: None,
            request_log: DEFAULT_REQUEST_LOG,
            observer: None,
        }
    }
}

/// The account and its surroundings.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) world: World,
    pub(super) credentials: Credentials,
    pub(super) requests_per_minute: Option<u32>,
    pub(super) observer: Option<Observer>,
    pub(super) source: Arc<dyn Source>,
    /// Wakes the delivery of webhooks.
    pub(super) changed: Notify,
    /// The account as it was at the start.
    pub(super) origin: Commit,
    snapshots: Mutex<BTreeMap<String, Commit>>,
    minute: Mutex<Minute>,
    faults: Mutex<Vec<Fault>>,
    scripts: Mutex<Queue>,
    log: Mutex<RequestLog>,
    requests: AtomicU64,
    /// What actions of the page came to.
    #[cfg(feature = "page")]
    notices: Mutex<Notices>,
    /// Wakes open pages.
    #[cfg(feature = "page")]
    pub(super) shown: watch::Sender<()>,
}

impl Shared {
    pub(super) fn new(world: World, origin: Commit, surroundings: Surroundings) -> Self {
        Self {
            source: world.store().read(State::source),
            origin,
            snapshots: Mutex::default(),
            world,
            credentials: surroundings.credentials,
            requests_per_minute: surroundings.requests_per_minute,
            observer: surroundings.observer,
            changed: Notify::new(),
            minute: Mutex::default(),
            faults: Mutex::default(),
            scripts: Mutex::default(),
            log: Mutex::new(RequestLog::new(surroundings.request_log)),
            requests: AtomicU64::new(0),
            #[cfg(feature = "page")]
            notices: Mutex::default(),
            #[cfg(feature = "page")]
            shown: watch::Sender::new(()),
        }
    }

    pub(super) fn minute(&self) -> MutexGuard<'_, Minute> {
        lock(&self.minute)
    }

    pub(super) fn faults(&self) -> MutexGuard<'_, Vec<Fault>> {
        lock(&self.faults)
    }

    /// The answers that a test wrote.
    pub(super) fn scripts(&self) -> MutexGuard<'_, Queue> {
        lock(&self.scripts)
    }

    pub(super) fn log(&self) -> MutexGuard<'_, RequestLog> {
        lock(&self.log)
    }

    #[cfg(feature = "page")]
    pub(super) fn notices(&self) -> MutexGuard<'_, Notices> {
        lock(&self.notices)
    }

    /// The copies of the account that are kept, by name.
    pub(super) fn snapshots(&self) -> MutexGuard<'_, BTreeMap<String, Commit>> {
        lock(&self.snapshots)
    }

    /// Wakes what waits for changes: the delivery of webhooks, and open pages.
    pub(super) fn wake(&self) {
        self.changed.notify_one();
        self.show_change();
    }

    /// Wakes open pages.
    pub(super) fn show_change(&self) {
        #[cfg(feature = "page")]
        self.shown.send_replace(());
    }

    /// Forgets everything that is not in the account: requests, their count, faults, and scripted answers.
    pub(super) fn forget(&self) {
        self.log().clear();
        self.faults().clear();
        self.scripts().clear();
        *self.minute() = Minute::default();
        self.requests.store(0, Ordering::Relaxed);
    }

    pub(super) fn new_request_id(&self) -> String {
        ids::id(REQUEST_SEED, self.requests.fetch_add(1, Ordering::Relaxed) + 1)
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
