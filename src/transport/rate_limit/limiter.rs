//! The interface between the transport and a limiter.

use std::error::Error as StdError;
use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use crate::operation::Quota;

/// Decides when an attempt may start.
///
/// Implement it to share a limit that this crate does not know, such as that of a gateway, and set it with
/// [`ClientBuilder::rate_limiter`](crate::ClientBuilder::rate_limiter). Every attempt asks for one permit, retries too.
///
/// ```
/// use std::sync::Arc;
/// use std::sync::atomic::{AtomicU64, Ordering};
///
/// use sequencehq::rate_limit::{InProcess, PermitFuture, PermitRequest, RateLimiter, Throttled};
/// use sequencehq::{Client, Credentials, RateLimit};
///
/// /// Counts the attempts and the responses with 429.
/// #[derive(Debug)]
/// struct Counting {
///     inner: InProcess,
///     attempts: AtomicU64,
///     throttled: AtomicU64,
/// }
///
/// impl RateLimiter for Counting {
///     fn permit<'a>(&'a self, request: PermitRequest<'a>) -> PermitFuture<'a> {
///         self.attempts.fetch_add(1, Ordering::Relaxed);
///         self.inner.permit(request)
///     }
///
///     fn throttled(&self, report: Throttled<'_>) {
///         self.throttled.fetch_add(1, Ordering::Relaxed);
///         self.inner.throttled(report);
///     }
/// }
///
/// let counting = Arc::new(Counting {
///     inner: InProcess::new(RateLimit::per_minute(1_500), RateLimit::per_minute(12_000)),
///     attempts: AtomicU64::new(0),
///     throttled: AtomicU64::new(0),
/// });
/// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
///     .rate_limiter(counting.clone())
///     .build()?;
/// # drop(client);
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
pub trait RateLimiter: fmt::Debug + Send + Sync + 'static {
    /// Waits for a permit for one attempt.
    ///
    /// Return an error as soon as it is certain that no permit comes within [`PermitRequest::within`]: the call then
    /// fails with a timeout without being sent. The future is dropped at that time, or earlier if the caller drops the
    /// call; a permit that was taken for it should go to another one. Callers that wait should be served in order.
    fn permit<'a>(&'a self, request: PermitRequest<'a>) -> PermitFuture<'a>;

    /// Is called after each response with 429. It must not block.
    ///
    /// A retry of the call waits for the delay of the response in any case. Slow down all others.
    fn throttled(&self, report: Throttled<'_>);
}

/// The future returned by [`RateLimiter::permit`].
pub type PermitFuture<'a> = Pin<Box<dyn Future<Output = Result<Permit, Denied>> + Send + 'a>>;

/// What the client asks a [`RateLimiter`] for.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct PermitRequest<'a> {
    /// The limit that the attempt counts against.
    pub quota: Quota,
    /// The time until the deadline of the call. A permit after it is of no use.
    pub within: Duration,
    /// The base URL of the client, which is that of the environment unless it was set.
    pub base_url: &'a str,
    /// The client id of the API key. The API counts the requests of each key.
    pub client_id: &'a str,
}

impl<'a> PermitRequest<'a> {
    /// Creates a request as a client makes it, for tests of a limiter.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() {
    /// use std::time::Duration;
    ///
    /// use sequencehq::rate_limit::{InProcess, PermitRequest, Quota, RateLimiter as _};
    /// use sequencehq::{Environment, RateLimit};
    ///
    /// let limiter = InProcess::new(RateLimit::per_minute(1), RateLimit::none());
    /// let soon = Duration::from_secs(1);
    /// let request = PermitRequest::new(Quota::Requests, soon, Environment::Sandbox.base_url(), "my-client");
    /// assert!(limiter.permit(request).await.is_ok());
    /// assert!(limiter.permit(request).await.is_err(), "one a minute");
    /// # }
    /// ```
    pub fn new(quota: Quota, within: Duration, base_url: &'a str, client_id: &'a str) -> Self {
        Self {
            quota,
            within,
            base_url,
            client_id,
        }
    }
}

/// A response with 429, reported to a [`RateLimiter`].
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Throttled<'a> {
    /// The limit that the attempt counted against.
    pub quota: Quota,
    /// The delay that the response requests, if any.
    pub retry_after: Option<Duration>,
    /// The base URL of the client.
    pub base_url: &'a str,
    /// The client id of the API key.
    pub client_id: &'a str,
}

impl<'a> Throttled<'a> {
    /// Creates a report as a client makes it, for tests of a limiter.
    pub fn new(quota: Quota, retry_after: Option<Duration>, base_url: &'a str, client_id: &'a str) -> Self {
        Self {
            quota,
            retry_after,
            base_url,
            client_id,
        }
    }
}

/// The permission to start one attempt.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Permit {}

impl Permit {
    /// Creates a permit.
    pub fn new() -> Self {
        Self {}
    }
}

/// The reason why a [`RateLimiter`] gives no permit in time. The error of the call prints it.
///
/// ```
/// use sequencehq::rate_limit::Denied;
///
/// assert_eq!(Denied::new("the queue is full").to_string(), "the queue is full");
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Denied {
    reason: String,
}

impl Denied {
    /// Creates an error with a reason, which must not contain secrets.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.reason)
    }
}

impl StdError for Denied {}
