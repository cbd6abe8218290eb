//! The error of webhook verification.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// The error returned when a webhook delivery is rejected.
///
/// Messages suggest what to check. They never contain a secret, a signature or a part of the header.
///
/// Log the error and respond with [`status`](Self::status) only: the sender is not authenticated.
///
/// ```
/// use sequencehq::webhook::{Secret, Verifier, WebhookError};
///
/// let verifier = Verifier::new(Secret::new("whsec_example")?);
/// let error = verifier.verify_and_parse(None::<&str>, b"{}").unwrap_err();
/// assert!(matches!(error, WebhookError::InvalidHeader(_)));
/// assert_eq!(error.status().as_u16(), 400);
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// The signature header is missing or malformed, with a description of the problem.
    ///
    /// Usually caused by a request that is not from Sequence, or by a proxy that drops or rewrites headers.
    InvalidHeader(&'static str),
    /// No signature in the header matches this body and one of the secrets.
    ///
    /// Usually caused by the secret of another policy or environment, or by a body that was parsed and re-encoded
    /// before verification.
    SignatureMismatch,
    /// The signature is valid but older than the tolerance.
    ///
    /// Usually caused by a replay, a local clock that is ahead, or a delivery that was delayed in a proxy.
    TooOld {
        /// The time since it was signed.
        age: Duration,
        /// The maximum age that the verifier accepts.
        tolerance: Duration,
    },
    /// The signature is valid but dated further in the future than the tolerance.
    ///
    /// Usually caused by a local clock that is behind.
    TooNew {
        /// How far in the future the signature is dated.
        ahead: Duration,
        /// The maximum difference that the verifier accepts.
        tolerance: Duration,
    },
    /// The body is larger than the limit of the verifier.
    TooLarge {
        /// The limit, in bytes.
        limit: usize,
    },
    /// The body cannot be decoded as an event, with the reason and its location.
    ///
    /// A resource that cannot be decoded is not an error: see
    /// [`Resource::Undecoded`](super::Resource::Undecoded).
    InvalidEvent(String),
    /// The resource of an event does not match the requested type, with the reason and its location.
    ///
    /// Returned by [`RawResource::decode`](super::RawResource::decode) only.
    InvalidResource(String),
}

impl WebhookError {
    /// Returns the HTTP status to respond with: 401 for a signature that is not accepted, 413 for a body that is
    /// too large, and 400 otherwise.
    ///
    /// ```
    /// use sequencehq::webhook::WebhookError;
    ///
    /// assert_eq!(WebhookError::SignatureMismatch.status(), 401);
    /// assert_eq!(WebhookError::TooLarge { limit: 1024 }.status(), 413);
    /// ```
    pub fn status(&self) -> StatusCode {
        match self {
            Self::SignatureMismatch | Self::TooOld { .. } | Self::TooNew { .. } => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::InvalidHeader(_) | Self::InvalidEvent(_) | Self::InvalidResource(_) => {
                StatusCode::BAD_REQUEST
            }
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::InvalidHeader(problem) => write!(f, "invalid Sequence-Signature header: {problem}"),
            Self::SignatureMismatch => f.write_str(
                "no signature matches: check that the secret belongs to the notification policy of this endpoint, \
                 and that the raw body is verified",
            ),
            Self::TooOld { age, tolerance } => write!(
                f,
                "the signature is {age:?} old, which exceeds the tolerance of {tolerance:?}: check the system clock, or whether the delivery is a replay",
            ),
            Self::TooNew { ahead, tolerance } => write!(
                f,
                "the signature is {ahead:?} in the future, which exceeds the tolerance of {tolerance:?}: check the system clock",
            ),
            Self::TooLarge { limit } => write!(
                f,
                "the body exceeds the limit of {limit} bytes: raise `max_body_bytes` if deliveries may be larger",
            ),
            Self::InvalidEvent(reason) => {
                write!(
                    f,
                    "the body is not an event ({reason}): check whether this crate is up to date"
                )
            }
            Self::InvalidResource(reason) => {
                write!(f, "the resource does not match the requested type: {reason}")
            }
        }
    }
}

impl std::error::Error for WebhookError {}
