//! The outcome of one event.

use std::fmt;

use crate::error::Error;
use crate::usage::event::Event;
use crate::usage::invalid::InvalidReason;

/// The outcome of one item of the input.
///
/// `Display` prints one line with the position, the id and the reason, and never the event itself.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sequencehq::ConfigError> {
/// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
/// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
/// use sequencehq::usage::{Outcome, Sender, parse_line};
///
/// let mut outcomes = Sender::new(&client).send_all([parse_line("{}")]);
/// while let Some(outcome) = outcomes.next().await {
///     match outcome {
///         Outcome::Accepted(_) | Outcome::Skipped(_) => {}
///         Outcome::Rejected(it) => println!("correct event {}: {}", it.position, it.error),
///         Outcome::Invalid(it) => println!("correct item {}: {}", it.position, it.reason),
///         Outcome::Unknown(_) | Outcome::Unsent(_) => println!("send it again"),
///     }
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub enum Outcome<E: Event> {
    /// The API accepted the event.
    Accepted(Accepted<E>),
    /// The API rejected the event. It would reject the same event again.
    Rejected(Rejected<E>),
    /// The item is invalid, so nothing was sent.
    Invalid(Invalid<E>),
    /// The event was sent and may have been accepted. Send it again: its id makes this safe.
    Unknown(Unknown<E>),
    /// The event was not processed, for a reason that is not the event itself. Send it again.
    Unsent(Unsent<E>),
    /// The event was accepted in an earlier run, according to the [journal](crate::usage::Journal).
    Skipped(Skipped),
}

/// An event that the API accepted.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Accepted<E: Event> {
    /// The position in the input, from zero.
    pub position: u64,
    /// Your id of the event, or the random one that the sender set.
    pub customer_event_id: String,
    /// The id that the API assigned.
    pub id: E::Id,
}

/// An event that the API rejected.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rejected<E> {
    /// The position in the input, from zero.
    pub position: u64,
    /// The event, with the id that it was sent with.
    pub event: E,
    /// The error returned by the API.
    pub error: Error,
}

/// An item that is invalid. Nothing was sent for it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Invalid<E> {
    /// The position in the input, from zero.
    pub position: u64,
    /// The event, unless the item could not be converted to one.
    pub event: Option<E>,
    /// The reason why the item is invalid.
    pub reason: InvalidReason,
}

/// An event that may have been accepted.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unknown<E> {
    /// The position in the input, from zero.
    pub position: u64,
    /// The event, with the id that it was sent with.
    pub event: E,
    /// The error of the call.
    pub error: Error,
}

/// An event that was not sent, or certainly not processed.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unsent<E> {
    /// The position in the input, from zero.
    pub position: u64,
    /// The event, with its id.
    pub event: E,
    /// The reason why it was not sent or not processed.
    pub reason: UnsentReason,
}

/// An event that was accepted with the same content in an earlier run, according to the
/// [journal](crate::usage::Journal). It was not sent again.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Skipped {
    /// The position in the input, from zero.
    pub position: u64,
    /// Your id of the event.
    pub customer_event_id: String,
}

/// The reason of an [`Unsent`] event.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sequencehq::ConfigError> {
/// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
/// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
/// # let event = sequencehq::types::UsageEventCreate::builder().customer_alias("acme").event_type("api_call");
/// use sequencehq::usage::{Sender, StopSignal, UnsentReason};
///
/// let signal = StopSignal::new();
/// signal.stop();
/// let report = Sender::new(&client).stop_signal(&signal).send_all([event]).await;
/// assert!(matches!(report.unsent[0].reason, UnsentReason::Stopped));
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum UnsentReason {
    /// The run stopped before the event was sent.
    Stopped,
    /// The API was not reached, was rate limiting, or rejected the credentials.
    Failed(Error),
    /// The journal could not be written, so the event was not attempted.
    Journal(std::io::Error),
}

impl<E: Event> Outcome<E> {
    /// Returns the name of the variant in lower case, such as `accepted`, for logs and metrics.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Accepted(_) => "accepted",
            Self::Rejected(_) => "rejected",
            Self::Invalid(_) => "invalid",
            Self::Unknown(_) => "unknown",
            Self::Unsent(_) => "unsent",
            Self::Skipped(_) => "skipped",
        }
    }

    /// Returns the position of the item in the input, from zero.
    pub fn position(&self) -> u64 {
        match self {
            Self::Accepted(it) => it.position,
            Self::Rejected(it) => it.position,
            Self::Invalid(it) => it.position,
            Self::Unknown(it) => it.position,
            Self::Unsent(it) => it.position,
            Self::Skipped(it) => it.position,
        }
    }

    /// Returns the event, or `None` if it was accepted or skipped, or if the item could not be converted to an event.
    pub fn event(&self) -> Option<&E> {
        match self {
            Self::Accepted(_) | Self::Skipped(_) => None,
            Self::Invalid(it) => it.event.as_ref(),
            Self::Rejected(it) => Some(&it.event),
            Self::Unknown(it) => Some(&it.event),
            Self::Unsent(it) => Some(&it.event),
        }
    }

    /// Returns the `customerEventId` of the event, or `None` for an invalid item without one.
    pub fn customer_event_id(&self) -> Option<&str> {
        match self {
            Self::Accepted(it) => Some(&it.customer_event_id),
            Self::Skipped(it) => Some(&it.customer_event_id),
            other => other.event()?.customer_event_id(),
        }
    }

    /// Returns `true` if the event was accepted in this run. [`Skipped`](Self::Skipped) events were accepted earlier.
    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }
}

/// Prints one line without the event itself, which may contain data that must not be logged.
impl<E: Event> fmt::Display for Outcome<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}", self.position())?;
        if let Some(id) = self.customer_event_id() {
            write!(f, " ({})", id.escape_debug())?;
        }
        match self {
            Self::Accepted(it) => write!(f, ": accepted as {}", it.id),
            Self::Rejected(it) => write!(f, ": rejected: {}", it.error),
            Self::Invalid(it) => write!(f, ": invalid: {}", it.reason),
            Self::Unknown(it) => write!(f, ": unknown: {}", it.error),
            Self::Unsent(it) => write!(f, ": unsent: {}", it.reason),
            Self::Skipped(_) => f.write_str(": skipped: accepted in an earlier run"),
        }
    }
}

impl fmt::Display for UnsentReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("the run stopped before the event was sent"),
            Self::Failed(error) => write!(f, "{error}"),
            Self::Journal(error) => write!(f, "the journal could not be written: {error}"),
        }
    }
}

impl std::error::Error for UnsentReason {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Stopped => None,
            Self::Failed(error) => error.source(),
            Self::Journal(error) => Some(error),
        }
    }
}
