//! The number of callers that wait for a permit.

use std::sync::atomic::{AtomicU32, Ordering};

/// A place in the queue of waiting calls, released on drop.
pub(crate) struct Queue<'a> {
    waiting: &'a AtomicU32,
    /// The number of calls that waited before.
    pub(crate) before: u32,
}

impl<'a> Queue<'a> {
    pub(crate) fn join(waiting: &'a AtomicU32) -> Self {
        Self {
            waiting,
            before: waiting.fetch_add(1, Ordering::Relaxed),
        }
    }
}

impl Drop for Queue<'_> {
    fn drop(&mut self) {
        self.waiting.fetch_sub(1, Ordering::Relaxed);
    }
}
