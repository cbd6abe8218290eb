//! Every outcome of a run, in memory.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::usage::{
    Accepted, End, Event, IntoEvent, Outcome, Outcomes, Progress, Refused, Rejected, Skipped, Unknown, Unsent,
};

/// Every outcome of a run. The lists are in the order of the input.
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<E: Event> {
    /// What the server has.
    pub accepted: Vec<Accepted<E>>,
    /// What the API refused.
    pub rejected: Vec<Rejected<E>>,
    /// What was refused before anything was sent.
    pub refused: Vec<Refused<E>>,
    /// What may have arrived.
    pub unknown: Vec<Unknown<E>>,
    /// What the server does not have.
    pub unsent: Vec<Unsent<E>>,
    /// What an earlier run had sent, according to the journal.
    pub skipped: Vec<Skipped>,
    /// The numbers, and the time it took.
    pub progress: Progress,
    /// Why no more was taken.
    pub end: End,
}

impl<E: Event> Report<E> {
    fn new() -> Self {
        Self {
            accepted: Vec::new(),
            rejected: Vec::new(),
            refused: Vec::new(),
            unknown: Vec::new(),
            unsent: Vec::new(),
            skipped: Vec::new(),
            progress: Progress::default(),
            end: End::Exhausted,
        }
    }

    /// Was the input read to its end, and does the server have all of it?
    pub fn is_complete(&self) -> bool {
        let held = self.accepted.len() + self.skipped.len();
        self.end == End::Exhausted && held as u64 == self.progress.settled()
    }

    /// The unknown and the unsent events with their ids, in the order of the input: what can be sent again as it is.
    pub fn into_resendable(self) -> Vec<E> {
        let unknown = self.unknown.into_iter().map(|it| (it.position, it.event));
        let unsent = self.unsent.into_iter().map(|it| (it.position, it.event));
        let mut events: Vec<(u64, E)> = unknown.chain(unsent).collect();
        events.sort_by_key(|(position, _)| *position);
        events.into_iter().map(|(_, event)| event).collect()
    }

    fn add(&mut self, outcome: Outcome<E>) {
        match outcome {
            Outcome::Accepted(it) => self.accepted.push(it),
            Outcome::Rejected(it) => self.rejected.push(it),
            Outcome::Refused(it) => self.refused.push(it),
            Outcome::Unknown(it) => self.unknown.push(it),
            Outcome::Unsent(it) => self.unsent.push(it),
            Outcome::Skipped(it) => self.skipped.push(it),
        }
    }

    fn finish(&mut self, progress: Progress, end: End) {
        self.accepted.sort_by_key(|it| it.position);
        self.rejected.sort_by_key(|it| it.position);
        self.refused.sort_by_key(|it| it.position);
        self.unknown.sort_by_key(|it| it.position);
        self.unsent.sort_by_key(|it| it.position);
        self.skipped.sort_by_key(|it| it.position);
        (self.progress, self.end) = (progress, end);
    }
}

/// The numbers, and why it ended if that was not the end of the input.
impl<E: Event> fmt::Display for Report<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress {
            taken,
            accepted,
            rejected,
            refused,
            unknown,
            unsent,
            skipped,
            ..
        } = self.progress;
        write!(
            f,
            "{taken} taken: {accepted} accepted, {rejected} rejected, {refused} refused before sending, {unknown} unknown, {unsent} unsent"
        )?;
        if skipped > 0 {
            write!(f, ", {skipped} skipped")?;
        }
        f.write_str(match self.end {
            End::Exhausted => "",
            End::Stopped => "; stopped on request",
            End::Refused => "; stopped because the API lets no event in",
            End::TooManyFailures => "; stopped after too many failures in a row",
            End::InputFailed => "; stopped because the input failed",
            End::JournalFailed => "; stopped because the journal failed",
        })
    }
}

/// The future of a [`Report`]. Made by awaiting [`Outcomes`].
#[must_use = "nothing is sent until it is awaited"]
pub struct Collect<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    outcomes: Outcomes<S>,
    report: Option<Report<<S::Item as IntoEvent>::Event>>,
}

impl<S> Collect<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    pub(super) fn new(outcomes: Outcomes<S>) -> Self {
        Self {
            outcomes,
            report: Some(Report::new()),
        }
    }
}

impl<S> Future for Collect<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    type Output = Report<<S::Item as IntoEvent>::Event>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        loop {
            let outcome = ready!(Pin::new(&mut this.outcomes).poll_next(context));
            let report = this
                .report
                .as_mut()
                .expect("a future is not polled after its end");
            match outcome {
                Some(outcome) => report.add(outcome),
                None => break,
            }
        }
        let mut report = this.report.take().expect("it was there in the loop");
        let end = this.outcomes.end().expect("a stream that ended has a reason");
        report.finish(this.outcomes.progress(), end);
        Poll::Ready(report)
    }
}

impl<S> fmt::Debug for Collect<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Collect")
            .field("outcomes", &self.outcomes)
            .finish_non_exhaustive()
    }
}
