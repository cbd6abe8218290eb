//! How events are sent.

use std::fmt;
use std::io;
use std::sync::Arc;

use futures_core::Stream;

use crate::client::Client;
use crate::usage::stream::{Outcomes, Source};
use crate::usage::{IntoEvent, Journal, Progress, Stop};

type BeforeAttempt = Arc<dyn Fn(&Entry<'_>) -> io::Result<()> + Send + Sync>;
type Watcher = Arc<dyn Fn(&Progress) + Send + Sync>;

/// Sends events in bulk. See the [module](crate::usage) for what it promises.
///
/// | what | default |
/// | --- | --- |
/// | [`in_flight`](Self::in_flight) | 64, enough for 12,000 a minute at 300 ms each |
/// | [`duplicates`](Self::duplicates) | refuse the later one |
/// | [`stop_when_refused`](Self::stop_when_refused) | yes, at 401 and 403 |
/// | [`max_failures_in_a_row`](Self::max_failures_in_a_row) | 100 |
/// | [`stop_at_input_error`](Self::stop_at_input_error) | no: tell it and read on |
/// | [`tell_rest`](Self::tell_rest) | of iterators, not of streams |
/// | [`journal`](Self::journal) | none |
///
/// Rate limits, retries and time limits are those of the client. A call waits for its permit within its deadline
/// (120 s), so more events in flight than the rate limit admits in that time come back as unsent.
#[derive(Clone)]
#[must_use]
pub struct Sender {
    pub(super) client: Client,
    pub(super) in_flight: usize,
    pub(super) duplicates: Duplicates,
    pub(super) stops_when_refused: bool,
    pub(super) stops_at_input_error: bool,
    pub(super) max_failures: Option<u32>,
    pub(super) tells_rest: Option<bool>,
    pub(super) stop: Stop,
    pub(super) journal: Option<Journal>,
    pub(super) before_attempt: Option<BeforeAttempt>,
    pub(super) watcher: Option<Watcher>,
}

/// What happens to an event whose `customerEventId` was there before in the same run, or, with a [`Journal`], in an
/// earlier one.
///
/// With a journal, an event with the same content as before is the same event: it is skipped once the server has it,
/// whatever is set here.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Duplicates {
    /// It is refused, because two facts under one id are one fact less on the invoice. The last 1,048,576 ids of the
    /// input are remembered; ids that the sender makes are not counted.
    #[default]
    Refuse,
    /// It is sent once the earlier one is settled, and supersedes it. For inputs that hold corrections. Where the earlier
    /// one is told as unknown, it may still arrive after its correction: send the correction again then.
    Supersede,
}

/// An event that is about to be attempted for the first time, for [`Sender::before_attempt`].
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Entry<'a> {
    /// Where it stood in the input, from zero.
    pub position: u64,
    /// The id that it will be sent with.
    pub customer_event_id: &'a str,
    pub(super) event: &'a dyn WriteJson,
}

impl Entry<'_> {
    /// The whole event as one line of JSON. [`parse_line`](crate::usage::parse_line) reads it back.
    pub fn to_json(&self) -> String {
        self.event.json()
    }
}

impl fmt::Debug for Entry<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
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
        serde_json::to_string(self).expect("texts, numbers and JSON can be written as JSON")
    }
}

impl Sender {
    /// Sends with this client, and otherwise the defaults.
    pub fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            in_flight: 64,
            duplicates: Duplicates::default(),
            stops_when_refused: true,
            stops_at_input_error: false,
            max_failures: Some(100),
            tells_rest: None,
            stop: Stop::new(),
            journal: None,
            before_attempt: None,
            watcher: None,
        }
    }

    /// How many events are on their way at once at most. Zero counts as one.
    pub fn in_flight(mut self, events: usize) -> Self {
        self.in_flight = events.max(1);
        self
    }

    /// What happens to an event whose id was there before.
    pub fn duplicates(mut self, duplicates: Duplicates) -> Self {
        self.duplicates = duplicates;
        self
    }

    /// Whether the sender takes no more events when the API refuses the key (401, 403). Without it
    /// every event is tried, and one that gets such an answer is told as rejected.
    pub fn stop_when_refused(mut self, stops: bool) -> Self {
        self.stops_when_refused = stops;
        self
    }

    /// Whether the sender takes no more events once the input has given an `Err`. Either way the error is told as
    /// [`Refused`](crate::usage::Refused), with its position.
    pub fn stop_at_input_error(mut self, stops: bool) -> Self {
        self.stops_at_input_error = stops;
        self
    }

    /// Takes no more events after this many in a row that are unknown or failed without the API's
    /// judgement: the server is gone, and the rest of the input would go the same way. `None` never does.
    pub fn max_failures_in_a_row(mut self, failures: Option<u32>) -> Self {
        self.max_failures = failures;
        self
    }

    /// Whether the input is read to its end after the sender has stopped, to tell each event as unsent.
    ///
    /// Default: for iterators, but not for streams, which may never end. An iterator that never
    /// ends needs `false`. To keep the rest, pass `&mut input`.
    pub fn tell_rest(mut self, tells: bool) -> Self {
        self.tells_rest = Some(tells);
        self
    }

    /// Takes no more events once this is asked for. Without it, nobody can but [`Outcomes::stop`].
    pub fn stop_on(mut self, stop: &Stop) -> Self {
        self.stop = stop.clone();
        self
    }

    /// Keeps a journal, so that the run can be repeated after a crash and each event is billed once.
    ///
    /// No event is attempted before its entry is on the disk. Events that an earlier run had sent are
    /// [skipped](crate::usage::Skipped). If the journal cannot be written, the event is not attempted, its outcome is
    /// [unsent](crate::usage::NotSent::Journal), and no more are taken. When the outcomes end, all of them are on the disk.
    ///
    /// Every event needs an id then; one without is refused. See [`Journal`] for an example.
    pub fn journal(mut self, journal: &Journal) -> Self {
        self.journal = Some(journal.clone());
        self
    }

    /// Calls this before the first attempt of each event, with the id that it will have. If it fails,
    /// the event is not attempted, its outcome is [unsent](crate::usage::NotSent::Journal), and no more are taken.
    ///
    /// For records of your own, such as a table that is written in one transaction with others. To survive a crash, use a
    /// [`Journal`](Self::journal): a file that is only appended to can end in half a line after a crash or on a full
    /// disk, and loses what was not synced when the power fails.
    ///
    /// It runs in the task that polls, so it should be quick.
    ///
    /// ```
    /// # fn example(client: sequencehq::Client) {
    /// use std::sync::mpsc;
    ///
    /// let (attempted, attempts) = mpsc::channel();
    /// let sender = sequencehq::usage::Sender::new(&client).before_attempt(move |entry| {
    ///     attempted.send(entry.customer_event_id.to_owned()).map_err(std::io::Error::other)
    /// });
    /// # drop((sender, attempts));
    /// # }
    /// ```
    pub fn before_attempt(
        mut self,
        call: impl Fn(&Entry<'_>) -> io::Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.before_attempt = Some(Arc::new(call));
        self
    }

    /// Calls this after each outcome. [`Outcomes::progress`] tells the same when asked.
    pub fn on_progress(mut self, watch: impl Fn(&Progress) + Send + Sync + 'static) -> Self {
        self.watcher = Some(Arc::new(watch));
        self
    }

    /// Sends the events of an iterator: `UsageEventCreate`, `SeatEventCreate`, their builders, or
    /// results of those. Nothing happens until what it gives is awaited or polled.
    ///
    /// The iterator is asked for the next event only when there is room for it. It should not block for
    /// long; read slow inputs in a task of their own and [send the stream](Self::send_stream).
    pub fn send_all<I>(&self, events: I) -> Outcomes<Source<I::IntoIter>>
    where
        I: IntoIterator,
        I::Item: IntoEvent,
    {
        let tells_rest = self.tells_rest.unwrap_or(true);
        Outcomes::new(self.clone(), Source(events.into_iter()), tells_rest)
    }

    /// Sends the events of a stream, as [`send_all`](Self::send_all) does those of an iterator.
    pub fn send_stream<S>(&self, events: S) -> Outcomes<S>
    where
        S: Stream,
        S::Item: IntoEvent,
    {
        Outcomes::new(self.clone(), events, self.tells_rest.unwrap_or(false))
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender")
            .field("client", &self.client)
            .field("in_flight", &self.in_flight)
            .field("duplicates", &self.duplicates)
            .field("stop", &self.stop)
            .finish_non_exhaustive()
    }
}
