//! What a limit asks Redis for.

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

pub(super) type Stored<'a, T> = Pin<Box<dyn Future<Output = Result<T, StoreError>> + Send + 'a>>;

/// The state that all processes share.
pub(super) trait Store: Send + Sync + 'static {
    /// Connects, if there is no connection.
    fn ready(&self) -> Stored<'_, ()>;

    /// Reserves slots.
    fn acquire(&self, ask: Ask) -> Stored<'_, Grant>;

    /// Pauses all processes, and halves the rate afterwards.
    fn pause(&self, length: Duration) -> Stored<'_, ()>;
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Ask {
    pub(super) wanted: u32,
    /// The end of the slots as last seen, in microseconds of the clock of the server. Zero if unknown.
    pub(super) known_end: u64,
    /// Whether this is the first exchange after an outage.
    pub(super) after_outage: bool,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Grant {
    pub(super) slots: u32,
    /// The time until the first slot, in microseconds. Negative if it is due.
    pub(super) first_micros: i64,
    pub(super) interval: Duration,
    pub(super) end: u64,
    /// The number of processes that asked recently.
    pub(super) processes: u32,
    /// The time until a pause after a 429 ends. Then there are no slots.
    pub(super) paused: Duration,
}

/// A reason for which Redis gave no answer. It never contains an address or a password.
#[derive(Clone, Debug)]
pub(super) struct StoreError(pub(super) String);
