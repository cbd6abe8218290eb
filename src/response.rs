//! A successful answer with everything around its value.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::error::{answered_version, request_id};
use crate::version::ApiVersion;

/// The whole answer of a call: the value, and what came along.
///
/// Awaiting a call gives the value alone; `.send()` gives this.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// let response = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").send().await?;
/// println!("{} {:?} {:?}", response.status(), response.request_id(), response.status);
/// let invoice = response.into_inner();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    meta: Meta,
}

/// What came with a response. Its headers hold no secret of the client.
#[derive(Clone)]
pub(crate) struct Meta {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) requested: ApiVersion,
    pub(crate) attempts: u32,
    pub(crate) waited: Duration,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, meta: Meta) -> Self {
        Self { value, meta }
    }

    /// The value alone.
    pub fn into_inner(self) -> T {
        self.value
    }

    /// The HTTP status, such as 200 or 201.
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// The headers of the answer.
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// The id under which the API logged the request, in whichever of the usual headers carries one.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.meta.headers)
    }

    /// The API version that the answer was made with, as the API names it.
    pub fn answered_version(&self) -> Option<&str> {
        answered_version(&self.meta.headers)
    }

    /// Does the answer name another version than the one that was asked for?
    ///
    /// An API key can be pinned to a version by the vendor. The types decode every supported version, so this
    /// is no error; fields of the newer version may be absent.
    pub fn is_version_mismatch(&self) -> bool {
        self.answered_version()
            .is_some_and(|version| version != self.meta.requested.as_str())
    }

    /// How often the call was attempted, the first time included.
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// How long the call waited between attempts.
    pub fn waited(&self) -> Duration {
        self.meta.waited
    }

    pub(crate) fn meta(&self) -> &Meta {
        &self.meta
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            value: change(self.value),
            meta: self.meta,
        }
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("meta", &self.meta)
            .finish()
    }
}

/// Headers are left out: they are many, and may hold cookies.
impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta")
            .field("status", &self.status)
            .field("request_id", &request_id(&self.headers))
            .field("answered_version", &answered_version(&self.headers))
            .field("requested_version", &self.requested)
            .field("attempts", &self.attempts)
            .field("waited", &self.waited)
            .finish_non_exhaustive()
    }
}
