//! A signal that stops a run.

use std::fmt;
use std::sync::Arc;

use tokio::sync::watch;

/// A signal that stops the runs of a [`Sender`](crate::usage::Sender). Clones share the signal.
///
/// A stopped run reads no more events; events in flight complete, and their outcomes are returned. Pass the signal to
/// [`Sender::stop_signal`](crate::usage::Sender::stop_signal), and a clone to the task that waits for Ctrl-C:
///
/// ```no_run
/// # async fn example(client: sequencehq::Client) {
/// use sequencehq::usage::{Sender, StopSignal};
///
/// let signal = StopSignal::new();
/// let sender = Sender::new(&client).stop_signal(&signal);
/// tokio::spawn(async move {
///     if tokio::signal::ctrl_c().await.is_ok() {
///         signal.stop();
///     }
/// });
/// # drop(sender);
/// # }
/// ```
#[derive(Clone)]
pub struct StopSignal(Arc<watch::Sender<bool>>);

impl StopSignal {
    /// Creates a signal that is not set.
    ///
    /// ```
    /// use sequencehq::usage::StopSignal;
    ///
    /// assert!(!StopSignal::new().is_stopped());
    /// ```
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Sets the signal, which cannot be reset.
    ///
    /// ```
    /// use sequencehq::usage::StopSignal;
    ///
    /// let signal = StopSignal::new();
    /// signal.clone().stop();
    /// assert!(signal.is_stopped());
    /// ```
    pub fn stop(&self) {
        self.0.send_replace(true);
    }

    /// Returns `true` if the signal is set.
    pub fn is_stopped(&self) -> bool {
        *self.0.borrow()
    }

    /// Returns a future that completes when the signal is set, so that one signal can stop other tasks too.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use sequencehq::usage::StopSignal;
    ///
    /// let signal = StopSignal::new();
    /// let stopped = signal.stopped();
    /// signal.stop();
    /// stopped.await;
    /// # }
    /// ```
    pub fn stopped(&self) -> impl Future<Output = ()> + Send + 'static {
        let mut receiver = self.0.subscribe();
        async move {
            if receiver.wait_for(|is_stopped| *is_stopped).await.is_err() {
                // Every handle is gone, so the signal can no longer be set.
                std::future::pending::<()>().await;
            }
        }
    }
}

impl Default for StopSignal {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for StopSignal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("StopSignal").field(&self.is_stopped()).finish()
    }
}
