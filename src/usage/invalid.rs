//! The reasons why an item of the input is invalid.

use std::fmt;

use crate::data::BuildError;

/// The reason why an item of the input is invalid.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sequencehq::ConfigError> {
/// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
/// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
/// use sequencehq::types::UsageEventCreate;
/// use sequencehq::usage::{InvalidReason, Sender};
///
/// let event = UsageEventCreate::builder().customer_alias(" ").event_type("api_call");
/// let report = Sender::new(&client).send_all([event]).await;
/// let reason = &report.invalid[0].reason;
/// assert!(matches!(reason, InvalidReason::Field { field: "customerAlias", .. }));
/// assert_eq!(reason.to_string(), "`customerAlias`: is blank");
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
#[non_exhaustive]
pub enum InvalidReason {
    /// A field has an invalid value.
    #[non_exhaustive]
    Field {
        /// The name of the field in the API, such as `eventType`.
        field: &'static str,
        /// A description of the problem.
        problem: String,
    },
    /// A builder lacks required fields.
    Incomplete(BuildError),
    /// An earlier event of this run has the same id. See [`Duplicates`](crate::usage::Duplicates).
    #[non_exhaustive]
    Duplicate {
        /// The id.
        customer_event_id: String,
        /// The position of the earlier event in the input.
        first_position: u64,
    },
    /// The [journal](crate::usage::Journal) has the id with different content, which this event would supersede. See
    /// [`Duplicates`](crate::usage::Duplicates).
    #[non_exhaustive]
    Changed {
        /// The id.
        customer_event_id: String,
    },
    /// The input returned an error instead of an event.
    Input(Box<dyn std::error::Error + Send + Sync>),
}

impl fmt::Display for InvalidReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Field { field, problem } => write!(f, "`{field}`: {problem}"),
            Self::Incomplete(error) => write!(f, "{error}"),
            Self::Duplicate {
                customer_event_id,
                first_position,
            } => write!(
                f,
                "`customerEventId`: {customer_event_id:?} was already used at position {first_position}, and this event would supersede that one"
            ),
            Self::Changed { customer_event_id } => write!(
                f,
                "`customerEventId`: {customer_event_id:?} was sent before with different content, which this event would supersede"
            ),
            Self::Input(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for InvalidReason {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            // These print their cause as their own message.
            Self::Incomplete(error) => error.source(),
            Self::Input(error) => error.source(),
            Self::Field { .. } | Self::Duplicate { .. } | Self::Changed { .. } => None,
        }
    }
}
