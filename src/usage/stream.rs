//! A run of a sender, as a stream of outcomes.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use futures_core::Stream;
use tokio::task::{Id as TaskId, JoinError, JoinSet};

use crate::error::{Error, Failure};
use crate::usage::event::{Event, IntoEvent};
use crate::usage::event::{check, sealed::Event as _};
use crate::usage::invalid::InvalidReason;
use crate::usage::journal::{self, Fingerprint, Known, Written};
use crate::usage::outcome::{Accepted, Invalid, Outcome, Rejected, Skipped, Unknown, Unsent, UnsentReason};
use crate::usage::progress::{EndReason, Progress};
use crate::usage::seen::Seen;
use crate::usage::sender::{Attempt, Duplicates, Sender};

/// The number of ids of the input that are remembered, at about 70 bytes each.
const REMEMBERED_IDS: usize = 1 << 20;
/// The number of outcomes returned without waiting before the task yields.
const MAX_READY_OUTCOMES: u32 = 128;

impl Sender {
    /// Sends the events of an iterator. Nothing is sent until the returned value is awaited or polled.
    ///
    /// The items are `UsageEventCreate`, `SeatEventCreate`, their builders, or results of these. The next item is
    /// requested only when it can be sent. The iterator must not block for long; read slow inputs in a separate task
    /// and [send a stream](Self::send_stream).
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, month_end: sequencehq::DateTime<sequencehq::Utc>) {
    /// use sequencehq::types::SeatEventCreate;
    /// use sequencehq::usage::Sender;
    ///
    /// let seats = [("acme", 12), ("globex", 40)].map(|(customer, total)| {
    ///     SeatEventCreate::builder()
    ///         .customer_alias(customer)
    ///         .seat_type("editor")
    ///         .event_timestamp(month_end)
    ///         .total(total)
    /// });
    /// let report = Sender::new(&client).send_all(seats).await;
    /// # drop(report);
    /// # }
    /// ```
    pub fn send_all<I>(&self, events: I) -> Outcomes<IterStream<I::IntoIter>>
    where
        I: IntoIterator,
        I::Item: IntoEvent,
    {
        let report_remaining = self.report_remaining.unwrap_or(true);
        Outcomes::new(self.clone(), IterStream(events.into_iter()), report_remaining)
    }

    /// Sends the events of a stream, such as the receiver of a channel. See [`send_all`](Self::send_all).
    ///
    /// ```no_run
    /// # async fn example<S>(client: sequencehq::Client, queue: S)
    /// # where S: futures_core::Stream<Item = sequencehq::types::UsageEventCreate> {
    /// let mut outcomes = sequencehq::usage::Sender::new(&client).send_stream(queue);
    /// while let Some(outcome) = outcomes.next().await {
    ///     println!("{outcome}");
    /// }
    /// # }
    /// ```
    pub fn send_stream<S>(&self, events: S) -> Outcomes<S>
    where
        S: Stream,
        S::Item: IntoEvent,
    {
        Outcomes::new(self.clone(), events, self.report_remaining.unwrap_or(false))
    }
}

/// A stream of the items of an iterator, created by [`Sender::send_all`].
#[derive(Clone, Debug)]
pub struct IterStream<I>(pub(super) I);

// The iterator is never pinned.
impl<I> Unpin for IterStream<I> {}

impl<I: Iterator> Stream for IterStream<I> {
    type Item = I::Item;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.get_mut().0.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

pub(super) type EventOf<S> = <<S as Stream>::Item as IntoEvent>::Event;
/// The result of sending an event: the id that the API assigned.
type SendResult<S> = Result<<EventOf<S> as Event>::Id, SendError>;

enum SendError {
    Journal(std::io::Error),
    Call(Error),
}

/// A run of a [`Sender`]: the outcomes as a stream, or a [`Report`](crate::usage::Report) when awaited.
///
/// Outcomes are returned in the order of completion, not in the order of the input. While the stream is not polled,
/// events in flight continue, and no new ones are read. Dropping the stream cancels the events in flight.
///
/// ```no_run
/// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
/// use sequencehq::usage::{Outcome, Sender};
///
/// let mut outcomes = Sender::new(&client).send_all(events);
/// while let Some(outcome) = outcomes.next().await {
///     if !outcome.is_accepted() {
///         eprintln!("{outcome}");
///     }
/// }
/// println!("{} accepted", outcomes.progress().accepted);
/// # }
/// ```
#[must_use = "streams do nothing unless polled or awaited"]
pub struct Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    pub(super) settings: Sender,
    report_remaining: bool,
    /// `None` after the end of the input, or if the rest of it is not read.
    input: Option<Pin<Box<S>>>,
    tasks: JoinSet<SendResult<S>>,
    /// The events are stored here and not in their tasks, so that a panic in a task loses none.
    in_flight: HashMap<TaskId, Identified<EventOf<S>>>,
    ids_in_flight: HashSet<String>,
    /// Waits until the event in flight with the same id is completed.
    blocked: Option<Identified<EventOf<S>>>,
    seen: Seen,
    stopped: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    end_reason: Option<EndReason>,
    counts: Progress,
    consecutive_failures: u32,
    ready_outcomes: u32,
    started: Option<Instant>,
    /// Completes when the journal is on disk, after the last outcome.
    flush: Option<Written>,
    is_flushed: bool,
}

/// An event with an id.
struct Identified<E> {
    position: u64,
    event: E,
    /// Identifies the event in the journal. `None` without a journal.
    fingerprint: Option<Fingerprint>,
}

impl<E: Event> Identified<E> {
    fn id(&self) -> &str {
        self.event
            .customer_event_id()
            .expect("an id is set when the event is read")
    }

    fn unsent(self, reason: UnsentReason) -> Outcome<E> {
        Outcome::Unsent(Unsent {
            position: self.position,
            event: self.event,
            reason,
        })
    }
}

/// The result of reading an item of the input.
enum Read<E: Event> {
    Event(Identified<E>),
    /// The outcome of an item that is not sent.
    Outcome(Outcome<E>),
    Pending,
    End,
}

/// An event to be sent, or the item and the reason why it is not sent.
type Checked<E> = Result<Identified<E>, (Option<E>, InvalidReason)>;

impl<S> Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    pub(super) fn new(settings: Sender, input: S, report_remaining: bool) -> Self {
        let stopped: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(settings.stop_signal.stopped());
        Self {
            report_remaining,
            input: Some(Box::pin(input)),
            tasks: JoinSet::new(),
            in_flight: HashMap::new(),
            ids_in_flight: HashSet::new(),
            blocked: None,
            seen: Seen::new(REMEMBERED_IDS),
            stopped: Some(stopped),
            end_reason: None,
            counts: Progress::default(),
            consecutive_failures: 0,
            ready_outcomes: 0,
            started: None,
            flush: None,
            is_flushed: false,
            settings,
        }
    }

    /// Returns the next outcome, or `None` at the end of the run.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// let mut outcomes = sequencehq::usage::Sender::new(&client).send_all(events);
    /// while let Some(outcome) = outcomes.next().await {
    ///     println!("{outcome}");
    /// }
    /// # }
    /// ```
    pub async fn next(&mut self) -> Option<Outcome<EventOf<S>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// Returns the progress of the run.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// let mut outcomes = sequencehq::usage::Sender::new(&client).send_all(events);
    /// while outcomes.next().await.is_some() {
    ///     eprint!("\r{:.0} per second", outcomes.progress().per_second());
    /// }
    /// # }
    /// ```
    pub fn progress(&self) -> Progress {
        let now = self.settings.client.clock().now();
        Progress {
            in_flight: self.in_flight.len(),
            elapsed: self
                .started
                .map(|started| now.saturating_duration_since(started))
                .unwrap_or_default(),
            ..self.counts
        }
    }

    /// Returns the events in flight with their positions, in no particular order.
    ///
    /// If the run is dropped now, these events may or may not be accepted.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// let mut outcomes = sequencehq::usage::Sender::new(&client).send_all(events);
    /// outcomes.next().await;
    /// for (position, event) in outcomes.in_flight() {
    ///     println!("{position}: {}", event.customer_alias);
    /// }
    /// # }
    /// ```
    pub fn in_flight(&self) -> impl Iterator<Item = (u64, &EventOf<S>)> {
        self.in_flight.values().map(|item| (item.position, &item.event))
    }

    /// Stops reading the input. Events in flight complete, and their outcomes are returned.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// use sequencehq::usage::{Outcome, Sender};
    ///
    /// let mut outcomes = Sender::new(&client).send_all(events);
    /// while let Some(outcome) = outcomes.next().await {
    ///     if let Outcome::Rejected(it) = outcome {
    ///         eprintln!("{}", it.error);
    ///         outcomes.stop();
    ///     }
    /// }
    /// # }
    /// ```
    pub fn stop(&mut self) {
        self.end_with(EndReason::Stopped);
    }

    /// Returns the reason why the run stopped reading its input, or `None` while it is reading.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// use sequencehq::usage::{EndReason, Sender};
    ///
    /// let mut outcomes = Sender::new(&client).send_all(events);
    /// while outcomes.next().await.is_some() {}
    /// if outcomes.end_reason() == Some(EndReason::Unauthorized) {
    ///     eprintln!("check the credentials");
    /// }
    /// # }
    /// ```
    pub fn end_reason(&self) -> Option<EndReason> {
        self.end_reason
    }

    fn end_with(&mut self, reason: EndReason) {
        self.end_reason.get_or_insert(reason);
        if !self.report_remaining {
            self.input = None;
        }
    }

    /// Sends events until the maximum is in flight. Returns an outcome that needs no request.
    fn fill(&mut self, context: &mut Context<'_>) -> Option<Outcome<EventOf<S>>> {
        while self.in_flight.len() < self.settings.max_in_flight {
            if self.settings.stop_signal.is_stopped() {
                self.end_with(EndReason::Stopped);
            }
            if self.end_reason.is_some() {
                return None;
            }
            let item = match self.blocked.take() {
                Some(item) => match self.skip(item) {
                    Ok(outcome) => return Some(outcome),
                    Err(item) => item,
                },
                None => match self.read(context) {
                    Read::Event(item) => item,
                    Read::Outcome(outcome) => return Some(outcome),
                    Read::Pending => return None,
                    Read::End => {
                        self.end_with(EndReason::Exhausted);
                        return None;
                    }
                },
            };
            if self.ids_in_flight.contains(item.id()) {
                self.blocked = Some(item);
                return None;
            }
            if let Some(before_attempt) = &self.settings.before_attempt {
                let attempt = Attempt {
                    position: item.position,
                    customer_event_id: item.id(),
                    event: &item.event,
                };
                if let Err(error) = before_attempt(&attempt) {
                    self.end_with(EndReason::JournalFailed);
                    return Some(item.unsent(UnsentReason::Journal(error)));
                }
            }
            self.send(item);
        }
        None
    }

    /// Reads and checks one item.
    fn read(&mut self, context: &mut Context<'_>) -> Read<EventOf<S>> {
        let Some(input) = &mut self.input else {
            return Read::End;
        };
        match input.as_mut().poll_next(context) {
            Poll::Pending => Read::Pending,
            Poll::Ready(None) => {
                self.input = None;
                Read::End
            }
            Poll::Ready(Some(item)) => {
                let position = self.counts.read;
                self.counts.read += 1;
                match self.check(position, item.into_event()) {
                    Ok(item) => match self.skip(item) {
                        Ok(outcome) => Read::Outcome(outcome),
                        Err(item) => Read::Event(item),
                    },
                    Err((event, reason)) => Read::Outcome(Outcome::Invalid(Invalid {
                        position,
                        event,
                        reason,
                    })),
                }
            }
        }
    }

    /// Returns the event with what identifies it, or the reason why it is not sent.
    fn check(&mut self, position: u64, event: Result<EventOf<S>, InvalidReason>) -> Checked<EventOf<S>> {
        let mut event = event.map_err(|reason| {
            if matches!(reason, InvalidReason::Input(_)) && self.settings.stop_on_input_error {
                self.end_with(EndReason::InputFailed);
            }
            (None, reason)
        })?;
        if let Err((field, problem)) = check(&event) {
            return Err((Some(event), InvalidReason::Field { field, problem }));
        }
        let fingerprint = match (&self.settings.journal, event.customer_event_id()) {
            (Some(_), None) => {
                let problem = "is missing; the journal needs it to recognize the event in the next run; \
                               set one, or use `Lines` or `derived_id`";
                let reason = InvalidReason::Field {
                    field: "customerEventId",
                    problem: problem.to_owned(),
                };
                return Err((Some(event), reason));
            }
            (None, None) => {
                *event.customer_event_id_mut() = Some(crate::call::new_event_id());
                None
            }
            (journal, Some(id)) => {
                if journal.is_some()
                    && let Err(error) = journal::readable(&event)
                {
                    let problem = format!("cannot be read again from the journal: {error}");
                    let field = "eventProperties";
                    return Err((Some(event), InvalidReason::Field { field, problem }));
                }
                let fingerprint = journal.is_some().then(|| Fingerprint::of(&event));
                if let Some(reason) = self.duplicate(position, id, fingerprint.as_ref()) {
                    return Err((Some(event), reason));
                }
                fingerprint
            }
        };
        Ok(Identified {
            position,
            event,
            fingerprint,
        })
    }

    /// Records the id of an event. Returns the reason why the event is not sent if another one has the same id.
    fn duplicate(
        &mut self,
        position: u64,
        id: &str,
        fingerprint: Option<&Fingerprint>,
    ) -> Option<InvalidReason> {
        if self.settings.duplicates != Duplicates::Deny {
            return None;
        }
        let known = match (&self.settings.journal, fingerprint) {
            (Some(journal), Some(fingerprint)) => journal.lookup(fingerprint),
            _ => Known::New,
        };
        let customer_event_id = id.to_owned();
        match (known, self.seen.insert(id, position)) {
            // The same event again: the journal has the same content, not only the same id.
            (Known::Accepted | Known::Pending, _) | (Known::New, None) => None,
            (_, Some(first_position)) => Some(InvalidReason::Duplicate {
                customer_event_id,
                first_position,
            }),
            (Known::Changed, None) => Some(InvalidReason::Changed { customer_event_id }),
        }
    }

    /// Returns the outcome of an event that was accepted earlier, otherwise the event.
    fn skip(&self, item: Identified<EventOf<S>>) -> Result<Outcome<EventOf<S>>, Identified<EventOf<S>>> {
        let known = match (&self.settings.journal, &item.fingerprint) {
            (Some(journal), Some(fingerprint)) => journal.lookup(fingerprint),
            _ => Known::New,
        };
        // While a correction with the same id is in flight, the event has to wait for it.
        if known != Known::Accepted || self.ids_in_flight.contains(item.id()) {
            return Err(item);
        }
        Ok(Outcome::Skipped(Skipped {
            position: item.position,
            customer_event_id: item.id().to_owned(),
        }))
    }

    fn send(&mut self, item: Identified<EventOf<S>>) {
        let call = item.event.clone().create(&self.settings.client);
        let written = match (&self.settings.journal, item.fingerprint) {
            (Some(journal), Some(fingerprint)) => Some(journal.attempt(&item.event, fingerprint)),
            _ => None,
        };
        let call = async move {
            if let Some(written) = written {
                written.await.map_err(SendError::Journal)?;
            }
            call.await.map_err(SendError::Call)
        };
        #[cfg(feature = "tracing")]
        let call = tracing::Instrument::in_current_span(call);
        // A task, because a call that is not polled would keep its place in the queue for permits and block all
        // other calls of the client.
        let id = self.tasks.spawn(call).id();
        self.ids_in_flight.insert(item.id().to_owned());
        self.in_flight.insert(id, item);
    }

    /// Returns the outcome of a completed call.
    fn complete(&mut self, joined: Result<(TaskId, SendResult<S>), JoinError>) -> Outcome<EventOf<S>> {
        let (task, result) = match joined {
            Ok(done) => done,
            // The task panicked, or the runtime is shutting down.
            Err(error) => {
                let operation = EventOf::<S>::OPERATION;
                let id = error.id();
                (
                    id,
                    Err(SendError::Call(
                        Error::new(Failure::Interrupted, operation).with_source(error),
                    )),
                )
            }
        };
        let item = self
            .in_flight
            .remove(&task)
            .expect("every task has an event until it is joined");
        self.ids_in_flight.remove(item.id());
        let outcome = match result {
            Ok(id) => {
                let customer_event_id = item.id().to_owned();
                if let (Some(journal), Some(fingerprint)) = (&self.settings.journal, item.fingerprint) {
                    journal.accepted(EventOf::<S>::KIND, customer_event_id.clone(), fingerprint);
                }
                Outcome::Accepted(Accepted {
                    position: item.position,
                    customer_event_id,
                    id,
                })
            }
            Err(SendError::Call(error)) => {
                let fingerprint = item.fingerprint;
                let outcome = self.classify(item, error);
                if let (Some(journal), Some(fingerprint), Outcome::Rejected(it)) =
                    (&self.settings.journal, fingerprint, &outcome)
                {
                    let id = it.event.customer_event_id().unwrap_or_default();
                    journal.rejected(EventOf::<S>::KIND, id.to_owned(), fingerprint);
                }
                outcome
            }
            Err(SendError::Journal(error)) => {
                self.end_with(EndReason::JournalFailed);
                item.unsent(UnsentReason::Journal(error))
            }
        };
        match outcome {
            Outcome::Unknown(_) | Outcome::Unsent(_) => self.consecutive_failures += 1,
            _ => self.consecutive_failures = 0,
        }
        if self
            .settings
            .max_consecutive_failures
            .is_some_and(|limit| self.consecutive_failures >= limit)
        {
            self.end_with(EndReason::TooManyFailures);
        }
        outcome
    }

    /// Returns the outcome of a failed call.
    fn classify(&mut self, item: Identified<EventOf<S>>, error: Error) -> Outcome<EventOf<S>> {
        let is_unauthorized = error.is_unauthorized() || error.is_forbidden();
        let end_reason = if error.is_unsupported_version() {
            Some(EndReason::UnsupportedVersion)
        } else {
            (is_unauthorized && self.settings.stop_when_unauthorized).then_some(EndReason::Unauthorized)
        };
        let fails_all_events = end_reason.is_some();
        if let Some(reason) = end_reason {
            self.end_with(reason);
        }
        // A redirect or a rate limit is not about the event.
        let fails_this_event = error.is_invalid_input()
            || error
                .status()
                .is_some_and(|status| status.is_client_error() && !error.is_rate_limited());
        let Identified { position, event, .. } = item;
        if error.may_have_acted() {
            Outcome::Unknown(Unknown {
                position,
                event,
                error,
            })
        } else if fails_this_event && !fails_all_events {
            Outcome::Rejected(Rejected {
                position,
                event,
                error,
            })
        } else {
            let reason = UnsentReason::Failed(error);
            Outcome::Unsent(Unsent {
                position,
                event,
                reason,
            })
        }
    }

    /// Returns the outcomes after the end: of the blocked event and of the rest of the input.
    fn poll_remaining(&mut self, context: &mut Context<'_>) -> Poll<Option<Outcome<EventOf<S>>>> {
        if let Some(item) = self.blocked.take() {
            let outcome = self.skip(item);
            return Poll::Ready(Some(
                outcome.unwrap_or_else(|item| item.unsent(UnsentReason::Stopped)),
            ));
        }
        Poll::Ready(match self.read(context) {
            Read::Event(item) => Some(item.unsent(UnsentReason::Stopped)),
            Read::Outcome(outcome) => Some(outcome),
            Read::Pending => return Poll::Pending,
            Read::End => None,
        })
    }

    /// Waits until the outcomes are on disk in the journal.
    fn flush(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(journal) = self.settings.journal.as_ref().filter(|_| !self.is_flushed) else {
            return Poll::Ready(());
        };
        let flush = self.flush.get_or_insert_with(|| journal.flush());
        let written = ready!(Pin::new(flush).poll(context));
        self.is_flushed = true;
        if written.is_err() {
            // Overrides every other reason, since events that were accepted would be sent again.
            self.end_reason = Some(EndReason::JournalFailed);
        }
        Poll::Ready(())
    }

    fn emit(&mut self, outcome: Outcome<EventOf<S>>) -> Poll<Option<Outcome<EventOf<S>>>> {
        #[cfg(feature = "metrics")]
        metrics::counter!(crate::observability::USAGE_EVENTS, "outcome" => outcome.name()).increment(1);
        let counts = &mut self.counts;
        *match &outcome {
            Outcome::Accepted(_) => &mut counts.accepted,
            Outcome::Rejected(_) => &mut counts.rejected,
            Outcome::Invalid(_) => &mut counts.invalid,
            Outcome::Unknown(_) => &mut counts.unknown,
            Outcome::Unsent(_) => &mut counts.unsent,
            Outcome::Skipped(_) => &mut counts.skipped,
        } += 1;
        if let Some(call) = &self.settings.on_progress {
            call(&self.progress());
        }
        Poll::Ready(Some(outcome))
    }
}

impl<S> Stream for Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    type Item = Outcome<EventOf<S>>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if this.started.is_none() {
            this.started = Some(this.settings.client.clock().now());
        }
        // An input with only invalid events must not block the thread.
        if this.ready_outcomes >= MAX_READY_OUTCOMES {
            this.ready_outcomes = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Some(stopped) = &mut this.stopped
            && stopped.as_mut().poll(context).is_ready()
        {
            this.stopped = None;
            this.end_with(EndReason::Stopped);
        }
        if this.end_reason.is_none()
            && let Some(outcome) = this.fill(context)
        {
            this.ready_outcomes += 1;
            return this.emit(outcome);
        }
        if let Poll::Ready(Some(joined)) = this.tasks.poll_join_next_with_id(context) {
            this.ready_outcomes = 0;
            let outcome = this.complete(joined);
            return this.emit(outcome);
        }
        if !this.in_flight.is_empty() || this.end_reason.is_none() {
            return Poll::Pending;
        }
        match this.poll_remaining(context) {
            Poll::Ready(Some(outcome)) => {
                this.ready_outcomes += 1;
                this.emit(outcome)
            }
            Poll::Ready(None) => this.flush(context).map(|()| None),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S> fmt::Debug for Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcomes")
            .field("progress", &self.progress())
            .field("end_reason", &self.end_reason)
            .finish_non_exhaustive()
    }
}
