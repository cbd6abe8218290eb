//! The progress of a run, and the reason why it ended.

use std::time::Duration;

/// The progress of a run.
///
/// For a progress bar, use [`completed`](Self::completed).
///
/// ```
/// # fn example(client: sequencehq::Client) {
/// let sender = sequencehq::usage::Sender::new(&client).on_progress(|progress| {
///     eprint!("\r{} sent, {:.0} per second", progress.completed(), progress.per_second());
/// });
/// # drop(sender);
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Progress {
    /// Items read from the input.
    pub read: u64,
    /// Events that the API accepted.
    pub accepted: u64,
    /// Events that the API rejected.
    pub rejected: u64,
    /// Items that are invalid and were not sent.
    pub invalid: u64,
    /// Events that may have been accepted.
    pub unknown: u64,
    /// Events that were not sent, or certainly not processed.
    pub unsent: u64,
    /// Events that were accepted in an earlier run, according to the journal.
    pub skipped: u64,
    /// Events in flight.
    pub in_flight: usize,
    /// The time since the run was first polled.
    pub elapsed: Duration,
}

impl Progress {
    /// Returns the number of items whose outcome was returned.
    ///
    /// ```
    /// use sequencehq::usage::Progress;
    ///
    /// let mut progress = Progress::default();
    /// (progress.read, progress.accepted, progress.rejected, progress.in_flight) = (10, 6, 1, 3);
    /// assert_eq!(progress.completed(), 7);
    /// ```
    pub fn completed(&self) -> u64 {
        self.accepted + self.rejected + self.invalid + self.unknown + self.unsent + self.skipped
    }

    /// Returns the average number of accepted events per second.
    ///
    /// ```
    /// use sequencehq::usage::Progress;
    /// use std::time::Duration;
    ///
    /// let mut progress = Progress::default();
    /// assert_eq!(progress.per_second(), 0.0);
    /// (progress.accepted, progress.elapsed) = (1_000, Duration::from_secs(5));
    /// assert_eq!(progress.per_second(), 200.0);
    /// ```
    pub fn per_second(&self) -> f64 {
        let seconds = self.elapsed.as_secs_f64();
        if seconds > 0.0 {
            self.accepted as f64 / seconds
        } else {
            0.0
        }
    }
}

/// The reason why a run stopped reading its input.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sequencehq::ConfigError> {
/// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
/// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
/// use sequencehq::usage::{EndReason, Sender, parse_line};
///
/// let sender = Sender::new(&client).stop_on_input_error(true);
/// let report = sender.send_all([parse_line("not JSON")]).await;
/// assert_eq!(report.end_reason, EndReason::InputFailed);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum EndReason {
    /// The input was read to its end.
    Exhausted,
    /// The run was stopped by [`StopSignal`](crate::usage::StopSignal) or
    /// [`Outcomes::stop`](crate::usage::Outcomes::stop).
    Stopped,
    /// The API rejected the credentials (401, 403), and with them every event.
    Unauthorized,
    /// The pinned API version does not have the operation.
    UnsupportedVersion,
    /// Too many consecutive events failed. See
    /// [`max_consecutive_failures`](crate::usage::Sender::max_consecutive_failures).
    TooManyFailures,
    /// The input returned an error. See [`stop_on_input_error`](crate::usage::Sender::stop_on_input_error).
    InputFailed,
    /// The journal could not be written.
    JournalFailed,
}
