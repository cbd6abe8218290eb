//! What the client knows about an operation, from `openapi.yaml`.

use crate::version::ApiVersion;

/// One operation of the API.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    /// The API versions that have the operation.
    pub(crate) versions: &'static [ApiVersion],
    pub(crate) repeat: Repeat,
    pub(crate) quota: Quota,
    pub(crate) content: Content,
}

/// What happens when the server receives a request twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// The same as when it receives it once.
    Safe,
    /// The same as once if both carry one idempotency key, in the API versions that honour it.
    WithKey,
    /// It may act twice.
    Never,
}

/// The rate limit that a request counts against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Quota {
    Requests,
    Events,
}

/// The body of a successful response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Json,
    Nothing,
    File,
}
