//! A way to say that it is enough.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

/// Tells a [`Sender`](crate::usage::Sender) to take no more events. Clones are one and the same.
///
/// What is in flight is finished and told. Hand a clone to the task that waits for Ctrl-C, and another to
/// [`Sender::stop_on`](crate::usage::Sender::stop_on).
#[derive(Clone)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Stop {
    /// One that was not asked for yet.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Asks for it. For good: it cannot be taken back.
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Was it asked for?
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Completes once it was asked for.
    pub(super) fn requested(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut receiver = self.0.subscribe();
        async move {
            if receiver.wait_for(|is_stopped| *is_stopped).await.is_err() {
                // Every handle is gone, so nobody will ask.
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Stop").field(&self.is_stopped()).finish()
    }
}
