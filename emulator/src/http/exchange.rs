//! A request with the response to it, for logs and recordings.

use std::fmt;
use std::sync::Arc;

use bytes::Bytes;
use serde_json::Value;

use super::log::RecordedRequest;

/// A request and the response to it, for [`Builder::observe`](crate::Builder::observe).
#[derive(Clone, Copy)]
#[non_exhaustive]
pub struct Exchange<'e> {
    /// The request.
    pub request: &'e RecordedRequest,
    /// Names in lower case, and values of the headers of the response. Empty if the connection was dropped.
    pub headers: &'e [(String, String)],
    /// The body of the response. Empty if the connection was dropped.
    pub body: &'e Bytes,
}

impl fmt::Debug for Exchange<'_> {
    /// Shows the size of the body instead of the body, in which there may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("request", &self.request)
            .field("headers", &self.headers)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .finish()
    }
}

/// The reason why a request was not processed.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The type of the error, such as `InvalidRequest`.
    pub kind: String,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.kind, self.message)
    }
}

impl Refusal {
    /// The reason in the body of a response, if it has one.
    pub(super) fn of_body(body: &[u8]) -> Option<Self> {
        let body: Value = serde_json::from_slice(body).ok()?;
        let text = |name: &str| Some(body.get("error")?.get(name)?.as_str()?.to_owned());
        Some(Self {
            kind: text("type")?,
            message: text("message")?,
        })
    }

    /// The failure of a proxy or a network that a fault emulates.
    pub(super) fn injected(message: &str) -> Self {
        Self {
            kind: "InjectedFault".to_owned(),
            message: message.to_owned(),
        }
    }
}

/// A function that is called after every request.
#[derive(Clone)]
pub(super) struct Observer(pub(super) Arc<dyn Fn(&Exchange<'_>) + Send + Sync>);

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer")
    }
}
