//! What was found when a journal was opened.

use std::fmt;

/// What [`Journal::open`](crate::usage::Journal::open) found.
///
/// Prints as one line for a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// Bytes at the end that were removed: a write that a crash or a full disk had cut short. Zero after a clean
    /// exit. Nothing is lost with them, because no event is attempted before its entry is on the disk.
    pub torn_bytes: u64,
    /// The `customerEventId` of each event that was about to be attempted and has no outcome, in the order of their
    /// attempts. [`Journal::unsettled`](crate::usage::Journal::unsettled) returns the events.
    pub unsettled: Vec<String>,
    /// Accepted events that are remembered, and skipped if the input has them again.
    pub accepted: usize,
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            torn_bytes,
            unsettled,
            accepted,
        } = self;
        write!(f, "{accepted} accepted, {} to send again", unsettled.len())?;
        if *torn_bytes > 0 {
            write!(f, "; removed {torn_bytes} bytes of an unfinished write")?;
        }
        Ok(())
    }
}
