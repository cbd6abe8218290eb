//! A run: events in, outcomes out.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use futures_core::Stream;
use tokio::task::{Id as TaskId, JoinError, JoinSet};

use crate::error::{Error, Kind};
use crate::usage::event::{check, sealed::Event as _};
use crate::usage::journal::{Fingerprint, Known, Written};
use crate::usage::seen::Seen;
use crate::usage::{
    Accepted, Collect, Duplicates, End, Entry, Event, IntoEvent, NotSent, Outcome, Progress, Refusal,
    Refused, Rejected, Sender, Skipped, Unknown, Unsent,
};

/// How many ids of the input are remembered, at some 70 bytes each.
const REMEMBERED_IDS: usize = 1 << 20;
/// How many outcomes may come without waiting before others get a turn.
const WITHOUT_WAITING: u32 = 128;

/// The events of an iterator, as a stream.
#[derive(Clone, Debug)]
pub struct Source<I>(pub(super) I);

/// It never moves the iterator.
impl<I> Unpin for Source<I> {}

impl<I: Iterator> Stream for Source<I> {
    type Item = I::Item;

    fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<I::Item>> {
        Poll::Ready(self.get_mut().0.next())
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.0.size_hint()
    }
}

type EventOf<S> = <<S as Stream>::Item as IntoEvent>::Event;
/// What a task gives: the server's id.
type Called<S> = Result<<EventOf<S> as Event>::Id, Failed>;

/// Why there is none.
enum Failed {
    Journal(std::io::Error),
    Call(Error),
}

/// A run of a [`Sender`]: the outcomes as a stream, or a [`Report`](crate::usage::Report) when awaited.
///
/// Outcomes are returned in the order of completion, not in the order of the input. While it is not polled, what
/// is in flight goes on, and nothing new is taken. Dropping it cancels what is in flight.
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
/// println!("{:?} after {:?}", outcomes.end(), outcomes.progress());
/// # }
/// ```
#[must_use = "nothing is sent until it is polled or awaited"]
pub struct Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    settings: Sender,
    tells_rest: bool,
    /// `None` once there is nothing more to read, or nobody wants to.
    input: Option<Pin<Box<S>>>,
    tasks: JoinSet<Called<S>>,
    /// What is on its way; the events stay here, so that not even a panic in a task loses one.
    flights: HashMap<TaskId, Flight<EventOf<S>>>,
    ids_in_flight: HashSet<String>,
    /// Waits for the event with the same id to be settled.
    held: Option<Flight<EventOf<S>>>,
    seen: Seen,
    stop_requested: Option<Pin<Box<dyn Future<Output = ()> + Send>>>,
    end: Option<End>,
    counts: Progress,
    failures: u32,
    without_waiting: u32,
    started: Option<Instant>,
    /// Waits for the journal after the last outcome.
    flush: Option<Written>,
    is_flushed: bool,
}

/// An event with its id, and where it came from.
struct Flight<E> {
    position: u64,
    event: E,
    /// By which the journal knows it; `None` without one.
    fingerprint: Option<Fingerprint>,
}

impl<E: Event> Flight<E> {
    fn id(&self) -> &str {
        self.event
            .customer_event_id()
            .expect("the id was fixed when the event was taken")
    }

    fn unsent(self, reason: NotSent) -> Outcome<E> {
        Outcome::Unsent(Unsent {
            position: self.position,
            event: self.event,
            reason,
        })
    }
}

/// What reading the input gives.
enum Taken<E: Event> {
    Event(Flight<E>),
    /// It is not sent.
    Outcome(Outcome<E>),
    Nothing,
    End,
}

impl<S> Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    pub(super) fn new(settings: Sender, input: S, tells_rest: bool) -> Self {
        let stop_requested: Pin<Box<dyn Future<Output = ()> + Send>> = Box::pin(settings.stop.requested());
        Self {
            tells_rest,
            input: Some(Box::pin(input)),
            tasks: JoinSet::new(),
            flights: HashMap::new(),
            ids_in_flight: HashSet::new(),
            held: None,
            seen: Seen::new(REMEMBERED_IDS),
            stop_requested: Some(stop_requested),
            end: None,
            counts: Progress::default(),
            failures: 0,
            without_waiting: 0,
            started: None,
            flush: None,
            is_flushed: false,
            settings,
        }
    }

    /// The next outcome; `None` at the end.
    pub async fn next(&mut self) -> Option<Outcome<EventOf<S>>> {
        std::future::poll_fn(|context| Pin::new(&mut *self).poll_next(context)).await
    }

    /// How the run is going.
    pub fn progress(&self) -> Progress {
        let now = self.settings.client.clock().now();
        Progress {
            in_flight: self.flights.len(),
            elapsed: self
                .started
                .map(|started| now.saturating_duration_since(started))
                .unwrap_or_default(),
            ..self.counts
        }
    }

    /// The events that are on their way, with their positions, in no order. If the run is dropped now,
    /// these are the ones that may or may not arrive.
    pub fn in_flight(&self) -> impl Iterator<Item = (u64, &EventOf<S>)> {
        self.flights
            .values()
            .map(|flight| (flight.position, &flight.event))
    }

    /// Takes no more events. What is in flight is finished and told.
    pub fn stop(&mut self) {
        self.end_with(End::Stopped);
    }

    /// Why no more is taken; `None` as long as there may be more.
    pub fn end(&self) -> Option<End> {
        self.end
    }

    fn end_with(&mut self, end: End) {
        self.end.get_or_insert(end);
        if !self.tells_rest {
            self.input = None;
        }
    }

    /// Fills what is free in flight. Gives an outcome where one is known at once.
    fn fill(&mut self, context: &mut Context<'_>) -> Option<Outcome<EventOf<S>>> {
        while self.flights.len() < self.settings.in_flight {
            if self.settings.stop.is_stopped() {
                self.end_with(End::Stopped);
            }
            if self.end.is_some() {
                return None;
            }
            let flight = match self.held.take() {
                Some(flight) => match self.skip(flight) {
                    Ok(outcome) => return Some(outcome),
                    Err(flight) => flight,
                },
                None => match self.take(context) {
                    Taken::Event(flight) => flight,
                    Taken::Outcome(outcome) => return Some(outcome),
                    Taken::Nothing => return None,
                    Taken::End => {
                        self.end_with(End::Exhausted);
                        return None;
                    }
                },
            };
            if self.ids_in_flight.contains(flight.id()) {
                self.held = Some(flight);
                return None;
            }
            if let Some(before_attempt) = &self.settings.before_attempt {
                let entry = Entry {
                    position: flight.position,
                    customer_event_id: flight.id(),
                    event: &flight.event,
                };
                if let Err(error) = before_attempt(&entry) {
                    self.end_with(End::JournalFailed);
                    return Some(flight.unsent(NotSent::Journal(error)));
                }
            }
            self.launch(flight);
        }
        None
    }

    /// Reads one item and checks it.
    fn take(&mut self, context: &mut Context<'_>) -> Taken<EventOf<S>> {
        let Some(input) = &mut self.input else {
            return Taken::End;
        };
        let item = match input.as_mut().poll_next(context) {
            Poll::Pending => return Taken::Nothing,
            Poll::Ready(None) => {
                self.input = None;
                return Taken::End;
            }
            Poll::Ready(Some(item)) => item,
        };
        let position = self.counts.taken;
        self.counts.taken += 1;
        let refused = |event, reason| {
            Taken::Outcome(Outcome::Refused(Refused {
                position,
                event,
                reason,
            }))
        };
        let mut event = match item.into_event() {
            Ok(event) => event,
            Err(reason) => {
                if matches!(reason, Refusal::Input(_)) && self.settings.stops_at_input_error {
                    self.end_with(End::InputFailed);
                }
                return refused(None, reason);
            }
        };
        if let Err((field, problem)) = check(&event) {
            return refused(Some(event), Refusal::Field { field, problem });
        }
        let Some(id) = event.customer_event_id() else {
            if self.settings.journal.is_some() {
                let problem = "it is missing, and the journal could not recognize the event in the next run; \
                               set one, or use `Lines` or `derived_id`";
                let reason = Refusal::Field {
                    field: "customerEventId",
                    problem: problem.to_owned(),
                };
                return refused(Some(event), reason);
            }
            *event.id_slot() = Some(crate::call::new_event_id());
            return Taken::Event(Flight {
                position,
                event,
                fingerprint: None,
            });
        };
        let (fingerprint, known) = match &self.settings.journal {
            Some(journal) => {
                let fingerprint = Fingerprint::of(&event);
                (Some(fingerprint), journal.look(&fingerprint))
            }
            None => (None, Known::New),
        };
        if self.settings.duplicates == Duplicates::Refuse {
            let first = self.seen.note(id, position);
            let customer_event_id = id.to_owned();
            match (known, first) {
                // The same event again: the journal knows its content, not only its id.
                (Known::Accepted | Known::Unsettled, _) | (Known::New, None) => {}
                (_, Some(first)) => {
                    let reason = Refusal::Duplicate {
                        customer_event_id,
                        first,
                    };
                    return refused(Some(event), reason);
                }
                (Known::Changed, None) => {
                    return refused(Some(event), Refusal::Changed { customer_event_id });
                }
            }
        }
        let flight = Flight {
            position,
            event,
            fingerprint,
        };
        match self.skip(flight) {
            Ok(outcome) => Taken::Outcome(outcome),
            Err(flight) => Taken::Event(flight),
        }
    }

    /// The outcome of an event that need not be sent, because the server has it.
    fn skip(&self, flight: Flight<EventOf<S>>) -> Result<Outcome<EventOf<S>>, Flight<EventOf<S>>> {
        let known = match (&self.settings.journal, &flight.fingerprint) {
            (Some(journal), Some(fingerprint)) => journal.look(fingerprint),
            _ => Known::New,
        };
        // While a correction is in flight under its id, it has to wait for that.
        if known != Known::Accepted || self.ids_in_flight.contains(flight.id()) {
            return Err(flight);
        }
        Ok(Outcome::Skipped(Skipped {
            position: flight.position,
            customer_event_id: flight.id().to_owned(),
        }))
    }

    fn launch(&mut self, flight: Flight<EventOf<S>>) {
        let call = flight.event.clone().create(&self.settings.client);
        let written = match (&self.settings.journal, flight.fingerprint) {
            (Some(journal), Some(fingerprint)) => Some(journal.attempt(&flight.event, fingerprint)),
            _ => None,
        };
        let call = async move {
            if let Some(written) = written {
                written.await.map_err(Failed::Journal)?;
            }
            call.await.map_err(Failed::Call)
        };
        #[cfg(feature = "tracing")]
        let call = tracing::Instrument::in_current_span(call);
        // A task, because a call that nobody polls would keep its place in the queue for
        // permits, and with it everybody else who uses the client.
        let id = self.tasks.spawn(call).id();
        self.ids_in_flight.insert(flight.id().to_owned());
        self.flights.insert(id, flight);
    }

    /// What became of a call.
    fn settle(&mut self, joined: Result<(TaskId, Called<S>), JoinError>) -> Outcome<EventOf<S>> {
        let (task, result) = match joined {
            Ok(done) => done,
            // It panicked, or the runtime is shutting down and took it along.
            Err(error) => {
                let operation = EventOf::<S>::OPERATION;
                let id = error.id();
                (
                    id,
                    Err(Failed::Call(
                        Error::new(Kind::Interrupted, operation).with_source(error),
                    )),
                )
            }
        };
        let flight = self
            .flights
            .remove(&task)
            .expect("every task has its flight until it is joined");
        self.ids_in_flight.remove(flight.id());
        let outcome = match result {
            Ok(id) => {
                let customer_event_id = flight.id().to_owned();
                if let (Some(journal), Some(fingerprint)) = (&self.settings.journal, flight.fingerprint) {
                    journal.accepted(EventOf::<S>::KIND, customer_event_id.clone(), fingerprint);
                }
                Outcome::Accepted(Accepted {
                    position: flight.position,
                    customer_event_id,
                    id,
                })
            }
            Err(Failed::Call(error)) => {
                let fingerprint = flight.fingerprint;
                let outcome = self.judge(flight, error);
                if let (Some(journal), Some(fingerprint), Outcome::Rejected(it)) =
                    (&self.settings.journal, fingerprint, &outcome)
                {
                    let id = it.event.customer_event_id().unwrap_or_default();
                    journal.rejected(EventOf::<S>::KIND, id.to_owned(), fingerprint);
                }
                outcome
            }
            Err(Failed::Journal(error)) => {
                self.end_with(End::JournalFailed);
                flight.unsent(NotSent::Journal(error))
            }
        };
        match outcome {
            Outcome::Unknown(_) | Outcome::Unsent(_) => self.failures += 1,
            _ => self.failures = 0,
        }
        if self
            .settings
            .max_failures
            .is_some_and(|limit| self.failures >= limit)
        {
            self.end_with(End::TooManyFailures);
        }
        outcome
    }

    /// Whose fault is it, and could the server have acted?
    fn judge(&mut self, flight: Flight<EventOf<S>>, error: Error) -> Outcome<EventOf<S>> {
        let refuses_all = error.is_unauthorized() || error.is_forbidden();
        let is_about_all =
            (refuses_all && self.settings.stops_when_refused) || error.is_unsupported_version();
        if is_about_all {
            self.end_with(End::Refused);
        }
        // Neither a redirect nor a full minute says anything about the event.
        let is_about_this = error.is_invalid_input()
            || error
                .status()
                .is_some_and(|status| status.is_client_error() && !error.is_rate_limited());
        let Flight { position, event, .. } = flight;
        if error.may_have_acted() {
            Outcome::Unknown(Unknown {
                position,
                event,
                error,
            })
        } else if is_about_this && !is_about_all {
            Outcome::Rejected(Rejected {
                position,
                event,
                error,
            })
        } else {
            let reason = NotSent::Failed(error);
            Outcome::Unsent(Unsent {
                position,
                event,
                reason,
            })
        }
    }

    /// What remains to be told after the end: an event that was waiting, and the rest of the input.
    fn rest(&mut self, context: &mut Context<'_>) -> Poll<Option<Outcome<EventOf<S>>>> {
        if let Some(flight) = self.held.take() {
            let outcome = self.skip(flight);
            return Poll::Ready(Some(
                outcome.unwrap_or_else(|flight| flight.unsent(NotSent::Stopped)),
            ));
        }
        Poll::Ready(match self.take(context) {
            Taken::Event(flight) => Some(flight.unsent(NotSent::Stopped)),
            Taken::Outcome(outcome) => Some(outcome),
            Taken::Nothing => return Poll::Pending,
            Taken::End => None,
        })
    }

    /// Waits until the outcomes are in the journal.
    fn flush(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(journal) = self.settings.journal.as_ref().filter(|_| !self.is_flushed) else {
            return Poll::Ready(());
        };
        let flush = self.flush.get_or_insert_with(|| journal.flush());
        let written = ready!(Pin::new(flush).poll(context));
        self.is_flushed = true;
        if written.is_err() {
            // Over every other reason: what was sent would be sent again.
            self.end = Some(End::JournalFailed);
        }
        Poll::Ready(())
    }

    fn tell(&mut self, outcome: Outcome<EventOf<S>>) -> Poll<Option<Outcome<EventOf<S>>>> {
        let counts = &mut self.counts;
        *match &outcome {
            Outcome::Accepted(_) => &mut counts.accepted,
            Outcome::Rejected(_) => &mut counts.rejected,
            Outcome::Refused(_) => &mut counts.refused,
            Outcome::Unknown(_) => &mut counts.unknown,
            Outcome::Unsent(_) => &mut counts.unsent,
            Outcome::Skipped(_) => &mut counts.skipped,
        } += 1;
        if let Some(watch) = &self.settings.watcher {
            watch(&self.progress());
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
        // An input of nothing but bad events must not keep the thread to itself.
        if this.without_waiting >= WITHOUT_WAITING {
            this.without_waiting = 0;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        if let Some(requested) = &mut this.stop_requested
            && requested.as_mut().poll(context).is_ready()
        {
            this.stop_requested = None;
            this.end_with(End::Stopped);
        }
        if this.end.is_none()
            && let Some(outcome) = this.fill(context)
        {
            this.without_waiting += 1;
            return this.tell(outcome);
        }
        if let Poll::Ready(Some(joined)) = this.tasks.poll_join_next_with_id(context) {
            this.without_waiting = 0;
            let outcome = this.settle(joined);
            return this.tell(outcome);
        }
        if !this.flights.is_empty() || this.end.is_none() {
            return Poll::Pending;
        }
        match this.rest(context) {
            Poll::Ready(Some(outcome)) => {
                this.without_waiting += 1;
                this.tell(outcome)
            }
            Poll::Ready(None) => this.flush(context).map(|()| None),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S> IntoFuture for Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    type Output = crate::usage::Report<EventOf<S>>;
    type IntoFuture = Collect<S>;

    fn into_future(self) -> Collect<S> {
        Collect::new(self)
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
            .field("end", &self.end)
            .finish_non_exhaustive()
    }
}
