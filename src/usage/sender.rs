//! The settings of a bulk sender.

use std::fmt;
use std::io;
use std::sync::Arc;

use crate::client::Client;
use crate::usage::event::line;
use crate::usage::journal::Journal;
use crate::usage::progress::Progress;
use crate::usage::stop::StopSignal;

type BeforeAttempt = Arc<dyn Fn(&Attempt<'_>) -> io::Result<()> + Send + Sync>;
type OnProgress = Arc<dyn Fn(&Progress) + Send + Sync>;

/// Sends usage or seat events in bulk. See the [module](crate::usage) for its guarantees.
///
/// | setting | default |
/// | --- | --- |
/// | [`max_in_flight`](Self::max_in_flight) | 64, enough for 12,000 events per minute at 300 ms each |
/// | [`duplicates`](Self::duplicates) | an event with a repeated id is invalid |
/// | [`stop_when_unauthorized`](Self::stop_when_unauthorized) | yes, at 401 and 403 |
/// | [`max_consecutive_failures`](Self::max_consecutive_failures) | 100 |
/// | [`stop_on_input_error`](Self::stop_on_input_error) | no: the error is reported and the run continues |
/// | [`report_remaining`](Self::report_remaining) | yes for iterators, no for streams |
/// | [`journal`](Self::journal) | none |
///
/// Rate limits, retries and timeouts are those of the client. A call waits for its permit within its timeout
/// (120 s by default), so if more events are in flight than the rate limit admits in that time, the others are unsent.
///
/// ```no_run
/// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
/// use sequencehq::usage::Sender;
///
/// let sender = Sender::new(&client)
///     .max_in_flight(128)
///     .max_consecutive_failures(Some(10));
/// let report = sender.send_all(events).await;
/// println!("{report}");
/// # }
/// ```
#[derive(Clone)]
#[must_use]
pub struct Sender {
    pub(super) client: Client,
    pub(super) max_in_flight: usize,
    pub(super) duplicates: Duplicates,
    pub(super) stop_when_unauthorized: bool,
    pub(super) stop_on_input_error: bool,
    pub(super) max_consecutive_failures: Option<u32>,
    pub(super) report_remaining: Option<bool>,
    pub(super) stop_signal: StopSignal,
    pub(super) journal: Option<Journal>,
    pub(super) before_attempt: Option<BeforeAttempt>,
    pub(super) on_progress: Option<OnProgress>,
}

/// The treatment of an event whose `customerEventId` occurred before, in the same run or, with a [`Journal`], in an
/// earlier one.
///
/// With a journal, an event with the same id and the same content is the same event: it is skipped if it was accepted,
/// regardless of this setting.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
/// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
/// use sequencehq::usage::{Duplicates, Sender};
///
/// // For an input with corrections, which come after the events that they correct.
/// let sender = Sender::new(&client).duplicates(Duplicates::Supersede);
/// # drop(sender);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Duplicates {
    /// The later event is [invalid](crate::usage::InvalidReason::Duplicate) and is not sent: it would replace the first,
    /// and usage would go unbilled. The last 1,048,576 ids of the input are remembered, except those that the sender
    /// generates.
    #[default]
    Deny,
    /// The later event is sent after the earlier one is completed, and supersedes it. If the outcome of the earlier
    /// event is unknown, it may still arrive after its correction: send the correction again.
    Supersede,
}

/// An event before its first attempt, passed to [`Sender::before_attempt`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Attempt<'a> {
    /// The position in the input, from zero.
    pub position: u64,
    /// The id that the event is sent with.
    pub customer_event_id: &'a str,
    pub(super) event: &'a dyn WriteJson,
}

impl Attempt<'_> {
    /// Returns the event as one line of JSON, which [`parse_line`](crate::usage::parse_line) parses.
    ///
    /// ```
    /// # fn example(client: sequencehq::Client) {
    /// use std::io::Write as _;
    ///
    /// let sender = sequencehq::usage::Sender::new(&client).before_attempt(|attempt| {
    ///     let mut log = std::fs::File::options().append(true).create(true).open("attempts.ndjson")?;
    ///     writeln!(log, "{}", attempt.to_json())
    /// });
    /// # drop(sender);
    /// # }
    /// ```
    pub fn to_json(&self) -> String {
        self.event.json()
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("position", &self.position)
            .field("customer_event_id", &self.customer_event_id)
            .finish_non_exhaustive()
    }
}

pub(super) trait WriteJson {
    fn json(&self) -> String;
}

impl<T: serde::Serialize> WriteJson for T {
    fn json(&self) -> String {
        line(self)
    }
}

impl Sender {
    /// Creates a sender with the default settings.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            max_in_flight: 64,
            duplicates: Duplicates::default(),
            stop_when_unauthorized: true,
            stop_on_input_error: false,
            max_consecutive_failures: Some(100),
            report_remaining: None,
            stop_signal: StopSignal::new(),
            journal: None,
            before_attempt: None,
            on_progress: None,
        }
    }

    /// Sets the maximum number of events in flight. Zero counts as one. Default: 64.
    pub fn max_in_flight(mut self, events: usize) -> Self {
        self.max_in_flight = events.max(1);
        self
    }

    /// Sets the treatment of events with a repeated id. Default: [`Duplicates::Deny`].
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// use sequencehq::usage::{Duplicates, Sender};
    ///
    /// let sender = Sender::new(&client).duplicates(Duplicates::Supersede);
    /// let report = sender.send_all(events).await;
    /// # drop(report);
    /// # }
    /// ```
    pub fn duplicates(mut self, duplicates: Duplicates) -> Self {
        self.duplicates = duplicates;
        self
    }

    /// Sets whether a run stops when the API rejects the credentials (401, 403). Default: `true`.
    ///
    /// Otherwise every event is sent, and those with such a response are [rejected](crate::usage::Rejected).
    pub fn stop_when_unauthorized(mut self, stop: bool) -> Self {
        self.stop_when_unauthorized = stop;
        self
    }

    /// Sets whether a run stops at the first `Err` in its input. Default: `false`.
    ///
    /// In either case, the error is reported as [`Invalid`](crate::usage::Invalid) with its position.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sequencehq::ConfigError> {
    /// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
    /// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
    /// use sequencehq::usage::{Sender, parse_line};
    ///
    /// let lines = ["not JSON", "not JSON either"].map(parse_line);
    /// let report = Sender::new(&client).send_all(lines.clone()).await;
    /// assert_eq!(report.invalid.len(), 2);
    ///
    /// let sender = Sender::new(&client).stop_on_input_error(true).report_remaining(false);
    /// assert_eq!(sender.send_all(lines).await.invalid.len(), 1);
    /// # Ok(())
    /// # }
    /// ```
    pub fn stop_on_input_error(mut self, stop: bool) -> Self {
        self.stop_on_input_error = stop;
        self
    }

    /// Sets the number of consecutive failures after which a run stops. `None` disables the limit. Default: 100.
    ///
    /// A failure is an event that is [unknown](crate::usage::Unknown) or [unsent](crate::usage::Unsent). Many in a row
    /// mean that the API is unavailable, and the rest of the input would fail too.
    pub fn max_consecutive_failures(mut self, failures: Option<u32>) -> Self {
        self.max_consecutive_failures = failures;
        self
    }

    /// Sets whether a stopped run reads the rest of its input and reports each event as unsent.
    ///
    /// Default: `true` for iterators, `false` for streams, which may never end. Set it to `false` for an iterator that
    /// never ends. To keep the rest of the input, pass `&mut input`.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// let mut input = events.into_iter();
    /// let sender = sequencehq::usage::Sender::new(&client).report_remaining(false);
    /// let report = sender.send_all(&mut input).await;
    /// println!("{report}; {} not read", input.len());
    /// # }
    /// ```
    pub fn report_remaining(mut self, report: bool) -> Self {
        self.report_remaining = Some(report);
        self
    }

    /// Sets a signal that stops runs from elsewhere. See [`StopSignal`] for an example.
    pub fn stop_signal(mut self, signal: &StopSignal) -> Self {
        self.stop_signal = signal.clone();
        self
    }

    /// Sets the journal, which makes a run safe to repeat after a crash.
    ///
    /// No event is attempted before its entry is on disk. Events that were accepted in an earlier run are
    /// [skipped](crate::usage::Skipped). If the journal cannot be written, the event is not attempted, its outcome is
    /// [unsent](crate::usage::UnsentReason::Journal), and the run stops. When the run ends, all outcomes are on disk.
    ///
    /// Every event needs an id: one without is [invalid](crate::usage::Invalid), and so is one that is nested too deep to be
    /// read again. See [`Journal`] for an example.
    pub fn journal(mut self, journal: &Journal) -> Self {
        self.journal = Some(journal.clone());
        self
    }

    /// Sets a function that is called before the first attempt of each event. If it returns an error, the event is not
    /// attempted, its outcome is [unsent](crate::usage::UnsentReason::Journal), and the run stops.
    ///
    /// Use it to keep records of your own, such as rows that are written in a transaction with others. To survive a
    /// crash, use a [`Journal`](Self::journal) instead: a file that is only appended to can end in a torn line after a
    /// crash or on a full disk, and loses unsynced data in a power cut.
    ///
    /// The function is called on the thread that polls the run and should return quickly.
    ///
    /// ```
    /// # fn example(client: sequencehq::Client) {
    /// use std::sync::mpsc;
    ///
    /// let (attempted, attempts) = mpsc::channel();
    /// let sender = sequencehq::usage::Sender::new(&client).before_attempt(move |attempt| {
    ///     attempted.send(attempt.customer_event_id.to_owned()).map_err(std::io::Error::other)
    /// });
    /// # drop((sender, attempts));
    /// # }
    /// ```
    pub fn before_attempt(
        mut self,
        call: impl Fn(&Attempt<'_>) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.before_attempt = Some(Arc::new(call));
        self
    }

    /// Sets a function that is called after each outcome. [`Outcomes::progress`](crate::usage::Outcomes::progress) returns the same numbers on demand.
    ///
    /// ```
    /// # fn example(client: sequencehq::Client) {
    /// let sender = sequencehq::usage::Sender::new(&client)
    ///     .on_progress(|progress| eprint!("\r{} of {}", progress.completed(), progress.read));
    /// # drop(sender);
    /// # }
    /// ```
    pub fn on_progress(mut self, call: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.on_progress = Some(Arc::new(call));
        self
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("client", &self.client)
            .field("max_in_flight", &self.max_in_flight)
            .field("duplicates", &self.duplicates)
            .field("max_consecutive_failures", &self.max_consecutive_failures)
            .field("stop_signal", &self.stop_signal)
            .finish_non_exhaustive()
    }
}
