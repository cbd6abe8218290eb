//! Why an item of the input is not sent.

use std::fmt;

use crate::data::BuildError;

/// Why an item was refused before anything was sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum Refusal {
    /// A field has a value that cannot be right. It goes by its name in the API.
    #[non_exhaustive]
    Field {
        /// The field, such as `eventType`.
        field: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// A builder misses required fields.
    Incomplete(BuildError),
    /// The id was there before in this run. See [`Duplicates`](crate::usage::Duplicates).
    #[non_exhaustive]
    Duplicate {
        /// The id.
        customer_event_id: String,
        /// Where it stood first.
        first: u64,
    },
    /// The [journal](crate::usage::Journal) has the id with other content, which this event would supersede. See
    /// [`Duplicates`](crate::usage::Duplicates).
    #[non_exhaustive]
    Changed {
        /// The id.
        customer_event_id: String,
    },
    /// The input gave an error instead of an event.
    Input(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { field, problem } => write!(f, "`{field}`: {problem}"),
            Self::Incomplete(error) => write!(f, "{error}"),
            Self::Duplicate {
                customer_event_id,
                first,
            } => write!(
                f,
                "`customerEventId`: {customer_event_id:?} stood at position {first} already, and would be superseded"
            ),
            Self::Changed { customer_event_id } => write!(
                f,
                "`customerEventId`: {customer_event_id:?} was sent before with other content, which would be superseded"
            ),
            Self::Input(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for Refusal {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // These print their cause as their own message.
            Self::Incomplete(error) => error.source(),
            Self::Input(error) => error.source(),
            Self::Field { .. } | Self::Duplicate { .. } | Self::Changed { .. } => None,
        }
    }
}
