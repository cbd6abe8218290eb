//! Why a delivery is refused.

use std::fmt;
use std::time::Duration;

use http::StatusCode;

/// Why a delivery is not accepted. Every message says what to check; none holds a secret, a signature or
/// a part of the header.
///
/// Log it, and answer with [`status`](Self::status) and nothing else: whoever sent the delivery may be anyone.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum WebhookError {
    /// The signature header is missing, or is not what Sequence sends: what is wrong with it.
    ///
    /// Usually somebody else's request, or a proxy that drops or rewrites headers.
    Malformed(&'static str),
    /// No signature in the header belongs to this body and one of the secrets.
    ///
    /// Usually the secret of another policy or environment, or a body that was parsed and written anew before it
    /// came here.
    NoMatch,
    /// The signature is genuine, and was made too long ago.
    ///
    /// Usually a replay, a clock that is ahead, or a delivery that waited in a proxy.
    TooOld {
        /// How long ago it was signed.
        age: Duration,
        /// The age that the verifier allows.
        tolerance: Duration,
    },
    /// The signature is genuine, and is dated in the future. Usually a clock that is behind.
    TooNew {
        /// How far in the future it was signed.
        ahead: Duration,
        /// The difference that the verifier allows.
        tolerance: Duration,
    },
    /// The body is larger than the verifier allows.
    TooLarge {
        /// The size that is allowed, in bytes.
        limit: usize,
    },
    /// The delivery is genuine, and its body is not an event: what was expected where.
    ///
    /// A resource that cannot be decoded does not end here: see
    /// [`Resource::Undecoded`](super::Resource::Undecoded).
    NotAnEvent(String),
}

impl WebhookError {
    /// The status to answer with: 401 where the signature is not accepted, 413 for a body that is too large,
    /// else 400.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NoMatch | Self::TooOld { .. } | Self::TooNew { .. } => StatusCode::UNAUTHORIZED,
            Self::TooLarge { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Malformed(_) | Self::NotAnEvent(_) => StatusCode::BAD_REQUEST,
        }
    }
}

impl fmt::Display for WebhookError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Malformed(problem) => write!(f, "bad Sequence-Signature header: {problem}"),
            Self::NoMatch => f.write_str(
                "no signature matches: check that the secret is that of the policy which sends here, \
                 and that the body is verified byte for byte as it arrived",
            ),
            Self::TooOld { age, tolerance } => write!(
                f,
                "signed {age:?} ago, and {tolerance:?} are allowed: check the clock of this machine, or whether the delivery is a replay",
            ),
            Self::TooNew { ahead, tolerance } => write!(
                f,
                "signed {ahead:?} in the future, and {tolerance:?} are allowed: check the clock of this machine",
            ),
            Self::TooLarge { limit } => write!(
                f,
                "the body is larger than {limit} bytes: raise `max_body_bytes` if deliveries may be that large",
            ),
            Self::NotAnEvent(reason) => {
                write!(
                    f,
                    "the body is genuine and not an event ({reason}): check whether this crate is up to date"
                )
            }
        }
    }
}

impl std::error::Error for WebhookError {}
