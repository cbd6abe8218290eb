//! All outcomes of a run, collected in memory.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures_core::Stream;

use crate::usage::event::{Event, IntoEvent};
use crate::usage::outcome::{Accepted, Invalid, Outcome, Rejected, Skipped, Unknown, Unsent};
use crate::usage::progress::{EndReason, Progress};
use crate::usage::stream::Outcomes;

/// All outcomes of a run. Each list is in the order of the input.
///
/// `Display` prints the numbers and the reason why the run ended early, if it did.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sequencehq::ConfigError> {
/// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
/// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
/// use sequencehq::usage::{Sender, parse_line};
///
/// let report = Sender::new(&client).send_all([parse_line("{}")]).await;
/// for it in &report.invalid {
///     println!("item {}: {}", it.position, it.reason);
/// }
/// assert_eq!(report.to_string(), "1 read: 0 accepted, 0 rejected, 1 invalid, 0 unknown, 0 unsent");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub struct Report<E: Event> {
    /// Events that the API accepted.
    pub accepted: Vec<Accepted<E>>,
    /// Events that the API rejected.
    pub rejected: Vec<Rejected<E>>,
    /// Items that are invalid and were not sent.
    pub invalid: Vec<Invalid<E>>,
    /// Events that may have been accepted.
    pub unknown: Vec<Unknown<E>>,
    /// Events that were not sent, or certainly not processed.
    pub unsent: Vec<Unsent<E>>,
    /// Events that were accepted in an earlier run, according to the journal.
    pub skipped: Vec<Skipped>,
    /// The number of events with each outcome, and the duration of the run.
    pub progress: Progress,
    /// The reason why the run stopped reading its input.
    pub end_reason: EndReason,
}

impl<E: Event> Report<E> {
    fn new() -> Self {
        Self {
            accepted: Vec::new(),
            rejected: Vec::new(),
            invalid: Vec::new(),
            unknown: Vec::new(),
            unsent: Vec::new(),
            skipped: Vec::new(),
            progress: Progress::default(),
            end_reason: EndReason::Exhausted,
        }
    }

    /// Returns `true` if the input was read to its end and every event was accepted, now or in an earlier run.
    ///
    /// ```
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// let report = sequencehq::usage::Sender::new(&client).send_all(events).await;
    /// if !report.is_complete() {
    ///     eprintln!("{report}");
    /// }
    /// # }
    /// ```
    pub fn is_complete(&self) -> bool {
        let accepted = self.accepted.len() + self.skipped.len();
        self.end_reason == EndReason::Exhausted && accepted as u64 == self.progress.completed()
    }

    /// Returns the unknown and the unsent events, in the order of the input.
    ///
    /// They have their ids, so they can be sent again without being billed twice. Rejected and invalid events need a
    /// correction first.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client, events: Vec<sequencehq::types::UsageEventCreate>) {
    /// let sender = sequencehq::usage::Sender::new(&client);
    /// let first = sender.send_all(events).await;
    /// let second = sender.send_all(first.into_resendable()).await;
    /// # drop(second);
    /// # }
    /// ```
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
            Outcome::Invalid(it) => self.invalid.push(it),
            Outcome::Unknown(it) => self.unknown.push(it),
            Outcome::Unsent(it) => self.unsent.push(it),
            Outcome::Skipped(it) => self.skipped.push(it),
        }
    }

    fn finish(&mut self, progress: Progress, end_reason: EndReason) {
        self.accepted.sort_by_key(|it| it.position);
        self.rejected.sort_by_key(|it| it.position);
        self.invalid.sort_by_key(|it| it.position);
        self.unknown.sort_by_key(|it| it.position);
        self.unsent.sort_by_key(|it| it.position);
        self.skipped.sort_by_key(|it| it.position);
        (self.progress, self.end_reason) = (progress, end_reason);
    }
}

/// Prints the numbers, and the reason if the run ended before its input.
impl<E: Event> fmt::Display for Report<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Progress {
            read,
            accepted,
            rejected,
            invalid,
            unknown,
            unsent,
            skipped,
            ..
        } = self.progress;
        write!(
            f,
            "{read} read: {accepted} accepted, {rejected} rejected, {invalid} invalid, {unknown} unknown, {unsent} unsent"
        )?;
        if skipped > 0 {
            write!(f, ", {skipped} skipped")?;
        }
        f.write_str(match self.end_reason {
            EndReason::Exhausted => "",
            EndReason::Stopped => "; stopped on request",
            EndReason::Unauthorized => "; stopped because the API rejected the credentials",
            EndReason::UnsupportedVersion => "; stopped because the API version does not have the operation",
            EndReason::TooManyFailures => "; stopped after too many consecutive failures",
            EndReason::InputFailed => "; stopped because the input failed",
            EndReason::JournalFailed => "; stopped because the journal failed",
        })
    }
}

/// The future of a [`Report`], created by awaiting [`Outcomes`].
#[must_use = "futures do nothing unless polled"]
pub struct ReportFuture<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    outcomes: Outcomes<S>,
    report: Option<Report<<S::Item as IntoEvent>::Event>>,
}

impl<S> ReportFuture<S>
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

impl<S> Future for ReportFuture<S>
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
        let mut report = this
            .report
            .take()
            .expect("it is present until the future completes");
        let end_reason = this
            .outcomes
            .end_reason()
            .expect("a stream that ended has a reason");
        report.finish(this.outcomes.progress(), end_reason);
        Poll::Ready(report)
    }
}

impl<S> fmt::Debug for ReportFuture<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReportFuture")
            .field("outcomes", &self.outcomes)
            .finish_non_exhaustive()
    }
}

impl<S> IntoFuture for Outcomes<S>
where
    S: Stream,
    S::Item: IntoEvent,
{
    type Output = Report<<S::Item as IntoEvent>::Event>;
    type IntoFuture = ReportFuture<S>;

    fn into_future(self) -> ReportFuture<S> {
        ReportFuture::new(self)
    }
}
