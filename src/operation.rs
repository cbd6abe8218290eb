//! The description of an operation, generated from `openapi.yaml`.

use crate::version::ApiVersion;

/// One operation of the API.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Operation {
    /// The `operationId`; the path of a request that the document does not describe.
    pub(crate) id: &'static str,
    /// The API versions in which the operation exists.
    pub(crate) versions: &'static [ApiVersion],
    pub(crate) repeat: Repeat,
    pub(crate) quota: Quota,
    pub(crate) content: Content,
    pub(crate) route: Route,
    /// The routes in the versions in which they are different.
    pub(crate) former_routes: &'static [(ApiVersion, Route)],
    /// The parameters of the query.
    pub(crate) query: Defined,
    /// The fields of the JSON body.
    pub(crate) fields: Defined,
}

/// Names that the document defines, with the versions that have them.
pub(crate) type Defined = &'static [(&'static str, &'static [ApiVersion])];

/// The method and the path of an operation.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Route {
    pub(crate) method: &'static str,
    /// With the names of parameters in braces.
    pub(crate) path: &'static str,
}

impl Route {
    /// Returns the route of a request that the document does not describe.
    pub(crate) fn new(method: &http::Method, path: &'static str) -> Self {
        const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
        // The name of OpenTelemetry for any other method.
        let known = METHODS.into_iter().find(|known| *known == method.as_str());
        Self {
            method: known.unwrap_or("_OTHER"),
            path,
        }
    }
}

impl Operation {
    pub(crate) fn route(&self, version: ApiVersion) -> Route {
        let former = self.former_routes.iter().find(|(other, _)| *other == version);
        former.map_or(self.route, |(_, route)| *route)
    }
}

/// The effect of a request that the server receives twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// The effect is the same as that of one request.
    Safe,
    /// Safe if both requests have the same idempotency key, in the API versions that support it.
    WithKey,
    /// The request may be processed twice.
    Never,
}

/// The rate limit that a request counts against. The API counts them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Quota {
    /// The limit of all requests except usage events: 1,500 per minute.
    Requests,
    /// The limit of usage events: 12,000 per minute.
    Events,
}

#[cfg(feature = "metrics")]
impl Quota {
    /// The value of the label `quota`.
    pub(crate) fn label(self) -> &'static str {
        match self {
            Self::Requests => "requests",
            Self::Events => "events",
        }
    }
}

/// The body of a successful response.
#[allow(dead_code, reason = "the document need not use every form")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    Json,
    /// JSON that some versions send in an object with one of these members.
    Enclosed(&'static [&'static str]),
    /// JSON that was once a bare list, which is now in this member of an object.
    List(&'static str),
    Nothing,
    File,
}
