//! The state of a journal when it was opened.

use std::fmt;

/// The state that [`Journal::open`](crate::usage::Journal::open) found in the file.
///
/// `Display` prints one line for a log:
///
/// ```
/// use sequencehq::usage::Recovered;
///
/// assert_eq!(Recovered::default().to_string(), "0 accepted, 0 pending");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Recovered {
    /// The number of bytes that were removed from the end: a write that was interrupted by a crash or a full disk. Zero
    /// after a clean exit. No event is lost, because none is attempted before its entry is on disk.
    pub torn_bytes: u64,
    /// The `customerEventId` of each event that may have been attempted and has no outcome, in the order of the attempts.
    /// [`Journal::pending`](crate::usage::Journal::pending) returns the events.
    pub pending: Vec<String>,
    /// The number of accepted events that are remembered. They are skipped if the input contains them again.
    pub accepted: usize,
}

impl fmt::Display for Recovered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            torn_bytes,
            pending,
            accepted,
        } = self;
        write!(f, "{accepted} accepted, {} pending", pending.len())?;
        if *torn_bytes > 0 {
            write!(f, "; removed {torn_bytes} bytes of an incomplete write")?;
        }
        Ok(())
    }
}
