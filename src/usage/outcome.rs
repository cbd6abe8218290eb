//! What became of one event.

use std::fmt;

use crate::error::Error;
use crate::usage::{Event, Refusal};

/// What became of one item of the input. Positions count from zero.
#[derive(Debug)]
pub enum Outcome<E: Event> {
    /// The server has it.
    Accepted(Accepted<E>),
    /// The API refused it. Sent again as it is, it would be refused again.
    Rejected(Rejected<E>),
    /// It was never sent, because it cannot be right.
    Refused(Refused<E>),
    /// It was sent, and nobody knows whether it arrived. Send it again: its id makes that safe.
    Unknown(Unknown<E>),
    /// The server does not have it, through no fault of its own. Send it again.
    Unsent(Unsent<E>),
    /// An earlier run sent it, according to the [journal](crate::usage::Journal), and the server has it.
    Skipped(Skipped),
}

/// An event that the server has.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Accepted<E: Event> {
    /// Where it stood in the input.
    pub position: u64,
    /// Your id, or the one that the sender made.
    pub customer_event_id: String,
    /// The server's id.
    pub id: E::Id,
}

/// An event that the API refused.
#[derive(Debug)]
#[non_exhaustive]
pub struct Rejected<E> {
    /// Where it stood in the input.
    pub position: u64,
    /// The event, with the id it was sent with.
    pub event: E,
    /// What the API says about it.
    pub error: Error,
}

/// An item that was refused before anything was sent.
#[derive(Debug)]
#[non_exhaustive]
pub struct Refused<E> {
    /// Where it stood in the input.
    pub position: u64,
    /// The event, where the item is one.
    pub event: Option<E>,
    /// What is wrong with it.
    pub reason: Refusal,
}

/// An event that may have arrived.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unknown<E> {
    /// Where it stood in the input.
    pub position: u64,
    /// The event, with the id it was sent with.
    pub event: E,
    /// How its last attempt ended.
    pub error: Error,
}

/// An event that the server does not have.
#[derive(Debug)]
#[non_exhaustive]
pub struct Unsent<E> {
    /// Where it stood in the input.
    pub position: u64,
    /// The event, with the id that it would have been sent with.
    pub event: E,
    /// Why it was not sent.
    pub reason: NotSent,
}

/// An event that was not sent, because the [journal](crate::usage::Journal) has it as accepted, with the same content.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Skipped {
    /// Where it stood in the input.
    pub position: u64,
    /// Your id.
    pub customer_event_id: String,
}

/// Why an event was not sent, or sent in vain.
#[derive(Debug)]
#[non_exhaustive]
pub enum NotSent {
    /// The sender had stopped before its turn.
    Stopped,
    /// The server was not reached, had too many requests, or refused the key rather than the event.
    Failed(Error),
    /// The journal could not be written, so it was not attempted.
    Journal(std::io::Error),
}

impl<E: Event> Outcome<E> {
    /// Where the item stood in the input, from zero.
    pub fn position(&self) -> u64 {
        match self {
            Self::Accepted(it) => it.position,
            Self::Rejected(it) => it.position,
            Self::Refused(it) => it.position,
            Self::Unknown(it) => it.position,
            Self::Unsent(it) => it.position,
            Self::Skipped(it) => it.position,
        }
    }

    /// The event, unless it was accepted (now or earlier) or never was one.
    pub fn event(&self) -> Option<&E> {
        match self {
            Self::Accepted(_) | Self::Skipped(_) => None,
            Self::Refused(it) => it.event.as_ref(),
            Self::Rejected(it) => Some(&it.event),
            Self::Unknown(it) => Some(&it.event),
            Self::Unsent(it) => Some(&it.event),
        }
    }

    /// The id of the event, as it was or would have been sent. `None` where the item was refused without one.
    pub fn customer_event_id(&self) -> Option<&str> {
        match self {
            Self::Accepted(it) => Some(&it.customer_event_id),
            Self::Skipped(it) => Some(&it.customer_event_id),
            other => other.event()?.customer_event_id(),
        }
    }

    /// Was it accepted in this run? The server also has what was [skipped](Self::Skipped).
    pub fn is_accepted(&self) -> bool {
        matches!(self, Self::Accepted(_))
    }
}

/// What happened, in one line without the event itself, which may hold what you would not log.
impl<E: Event> fmt::Display for Outcome<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "event {}", self.position())?;
        if let Some(id) = self.customer_event_id() {
            write!(f, " ({})", id.escape_debug())?;
        }
        match self {
            Self::Accepted(it) => write!(f, ": accepted as {}", it.id),
            Self::Rejected(it) => write!(f, ": rejected: {}", it.error),
            Self::Refused(it) => write!(f, ": refused: {}", it.reason),
            Self::Unknown(it) => write!(f, ": unknown: {}", it.error),
            Self::Unsent(it) => write!(f, ": unsent: {}", it.reason),
            Self::Skipped(_) => f.write_str(": skipped: accepted in an earlier run"),
        }
    }
}

impl fmt::Display for NotSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Stopped => f.write_str("the sender had stopped before its turn"),
            Self::Failed(error) => write!(f, "{error}"),
            Self::Journal(error) => write!(f, "the journal could not be written: {error}"),
        }
    }
}

impl std::error::Error for NotSent {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Stopped => None,
            Self::Failed(error) => error.source(),
            Self::Journal(error) => Some(error),
        }
    }
}
