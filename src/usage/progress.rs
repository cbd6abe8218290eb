//! How a run is going, and why it took no more.

use std::time::Duration;

/// How a run is going. Fit for a progress bar: [`settled`](Self::settled) is what is done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Items read from the input.
    pub taken: u64,
    /// Events that the server has.
    pub accepted: u64,
    /// Events that the API refused.
    pub rejected: u64,
    /// Items that were refused before anything was sent.
    pub refused: u64,
    /// Events that may have arrived.
    pub unknown: u64,
    /// Events that the server does not have.
    pub unsent: u64,
    /// Events that an earlier run had sent, according to the journal.
    pub skipped: u64,
    /// Events on their way.
    pub in_flight: usize,
    /// Time since the first event was asked for.
    pub elapsed: Duration,
}

impl Progress {
    /// Items whose outcome is known to you.
    pub fn settled(&self) -> u64 {
        self.accepted + self.rejected + self.refused + self.unknown + self.unsent + self.skipped
    }

    /// Accepted events for each second so far.
    pub fn per_second(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 {
            self.accepted as f64 / seconds
        } else {
            0.0
        }
    }
}

/// Why a run took no more from its input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The input was at its end.
    Exhausted,
    /// It was told to stop.
    Stopped,
    /// The API refused the key, or the pinned version does not have the operation: no event would have got through.
    Refused,
    /// Too many failures in a row.
    TooManyFailures,
    /// The input gave an error, and the sender was to stop there.
    InputFailed,
    /// The journal could not be written.
    JournalFailed,
}
