//! What goes wrong, in the shape in which the API says so.
//!
//! `{"error": {"type": "…", "message": "…"}}`. The vendor publishes one type,
//! `UnrecognisedApiVersion`; the others are the emulator's own. Every message
//! says what to do about it.

use http::StatusCode;
use serde_json::{Value, json};

/// A refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub(super) status: StatusCode,
    pub(super) kind: &'static str,
    pub(super) message: String,
    /// Seconds for the header `Retry-After`.
    pub(super) retry_after: Option<u64>,
}

impl Problem {
    fn new(status: StatusCode, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
            retry_after: None,
        }
    }

    /// The request breaks a rule of the document or of the resource.
    pub(super) fn invalid(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "InvalidRequest", message)
    }

    /// The resource is in a state that does not allow the call. Status 400, the only
    /// refusal that the vendor publishes for these operations.
    pub(super) fn illegal_state(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "IllegalState", message)
    }

    pub(super) fn not_found(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "NotFound", message)
    }

    pub(super) fn method_not_allowed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message)
    }

    pub(super) fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized", message)
    }

    pub(super) fn unrecognised_version(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "UnrecognisedApiVersion", message)
    }

    pub(super) fn too_many_requests(limit: u32, retry_after: u64) -> Self {
        let message = format!(
            "More than {limit} requests within a minute; wait {retry_after} seconds before the next one."
        );
        Self {
            retry_after: Some(retry_after),
            ..Self::new(StatusCode::TOO_MANY_REQUESTS, "TooManyRequests", message)
        }
    }

    /// The real API can do this; the emulator cannot.
    pub(super) fn not_imitated(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "NotImitated", message)
    }

    pub(super) fn body(&self) -> Value {
        json!({"error": {"type": self.kind, "message": self.message}})
    }
}
