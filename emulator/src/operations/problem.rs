//! Refusals, in the shape that the API gives them.
//!
//! `{"error": {"type": "…", "message": "…"}}`. The vendor publishes one type, `UnrecognisedApiVersion`; the others are
//! specific to the emulator. Every message explains how to correct the request.

use serde_json::{Value, json};

use crate::assumptions::Assumed;
use crate::billing;
use crate::contract::Operation;
use crate::records::Kind;
use crate::store::CursorError;

/// A refused request. It changes nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// The status of the response.
    pub status: u16,
    /// The type of the error.
    pub kind: &'static str,
    /// What is wrong, and what to do.
    pub message: String,
    /// Seconds for the header `Retry-After`.
    pub retry_after: Option<u64>,
    /// What the refusal depends on.
    pub assumed: Assumed,
}

impl Problem {
    fn new(status: u16, kind: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            kind,
            message: message.into(),
            retry_after: None,
            assumed: Assumed::NONE,
        }
    }

    /// The request breaks a rule of the document or of the resource. Begin with `body.field:` or `query.name:`.
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(400, "InvalidRequest", message)
    }

    /// The arithmetic refuses what is at `path`, such as `body.amount`.
    pub(super) fn at(path: &str, error: billing::Error) -> Self {
        let problem = Self::from(error);
        Self {
            message: format!("{path}: {}.", problem.message),
            ..problem
        }
    }

    /// The resource is in a state that does not allow the call.
    pub fn illegal_state(message: impl Into<String>) -> Self {
        Self::new(400, "IllegalState", message)
    }

    /// The resource does not exist.
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(404, "NotFound", message)
    }

    /// There is no record with this id.
    pub fn no(kind: Kind, id: &str) -> Self {
        Self::not_found(format!(
            "There is no {} {id}. It was never created, or was deleted.",
            kind.name()
        ))
    }

    /// The path has other methods.
    pub fn method_not_allowed(message: impl Into<String>) -> Self {
        Self::new(405, "MethodNotAllowed", message)
    }

    /// The credentials are missing or wrong.
    pub fn unauthorized(message: impl Into<String>) -> Self {
        Self::new(401, "Unauthorized", message)
    }

    /// The request comes from where none is accepted.
    pub fn forbidden(message: impl Into<String>) -> Self {
        Self::new(403, "Forbidden", message)
    }

    /// The version does not exist.
    pub fn unrecognised_version(message: impl Into<String>) -> Self {
        Self::new(400, "UnrecognisedApiVersion", message)
    }

    /// There were too many requests.
    pub fn too_many_requests(limit: u32, retry_after: u64) -> Self {
        let message = format!(
            "More than {limit} requests within a minute; wait {retry_after} seconds before the next one."
        );
        Self {
            retry_after: Some(retry_after),
            ..Self::new(429, "TooManyRequests", message)
        }
    }

    /// The response depends on an assumption, and is refused for it.
    pub(super) fn assumed(message: impl Into<String>) -> Self {
        Self::new(501, "DependsOnAssumption", message)
    }

    /// The emulator does not support this part of the API.
    pub fn not_emulated(message: impl Into<String>) -> Self {
        Self::new(501, "NotEmulated", message)
    }

    /// Adds what the refusal depends on.
    #[must_use]
    pub fn assuming(mut self, assumed: impl Into<Assumed>) -> Self {
        self.assumed |= assumed.into();
        self
    }

    /// The body of the response.
    pub fn body(&self) -> Value {
        json!({"error": {"type": self.kind, "message": self.message}})
    }

    /// The body of the response of an operation. Those that change notification policies list errors too.
    pub(super) fn body_of(&self, operation: Operation) -> Value {
        let mut body = self.body();
        let lists_errors = matches!(
            operation,
            Operation::NotificationPolicyCreate
                | Operation::NotificationPolicyAddNotificationTypes
                | Operation::NotificationPolicyRemoveNotificationType
                | Operation::NotificationPolicyAddRecipients
                | Operation::NotificationPolicyRemoveRecipient
        );
        if self.status == 400 && lists_errors {
            body["errors"] = json!([{"key": "", "error": self.message}]);
        }
        body
    }
}

impl From<CursorError> for Problem {
    fn from(error: CursorError) -> Self {
        Self::invalid(error.to_string())
    }
}

impl From<billing::Error> for Problem {
    fn from(error: billing::Error) -> Self {
        let problem = Self::invalid(error.to_string());
        match error.assumption() {
            Some(assumption) => problem.assuming(assumption),
            None => problem,
        }
    }
}
