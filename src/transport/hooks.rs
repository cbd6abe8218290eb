//! Hooks: code of the user's before and after each attempt.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};
use reqwest::Request;

use crate::clock::Timer;
use crate::config_error::ConfigError;
use crate::error::{Error, Failure};
use crate::operation::Route;
use crate::transport::headers;
use crate::transport::received::Received;

/// The error of a [`Hook`], of any type.
pub type HookError = Box<dyn std::error::Error + Send + Sync>;

/// The future returned by [`Hook::before`].
pub type HookFuture<'a> = Pin<Box<dyn Future<Output = Result<(), HookError>> + Send + 'a>>;

/// Code that runs before and after each attempt, to sign requests, to measure them, or to inject failures in tests.
///
/// Add it with [`ClientBuilder::hook`](crate::ClientBuilder::hook). Both methods do nothing by default. Several hooks
/// run in the order in which they were added, and after the attempt in reverse. A hook runs for every attempt, so a
/// call that is retried runs it several times.
///
/// ```
/// use sequencehq::{AttemptRequest, AttemptResult, Client, Credentials, Hook, HookFuture};
///
/// /// Signs each request for a gateway, and prints how long each attempt took.
/// struct Gateway;
///
/// impl Hook for Gateway {
///     fn before<'a>(&'a self, request: &'a mut AttemptRequest<'_>) -> HookFuture<'a> {
///         Box::pin(async move {
///             let signature = format!("{} {} {}", request.method(), request.url(), request.body().len());
///             request.set_header("x-gateway-signature", &signature)?;
///             Ok(())
///         })
///     }
///
///     fn after(&self, result: &AttemptResult<'_>) {
///         println!("{} #{}: {:?} in {:?}", result.operation(), result.number(), result.status(), result.elapsed());
///     }
/// }
///
/// let client = Client::builder(Credentials::new("my-client", "my-secret")?).hook(Gateway).build()?;
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
pub trait Hook: Send + Sync + 'static {
    /// Runs before an attempt is sent. Its time counts towards the time limit of the attempt.
    ///
    /// # Errors
    ///
    /// An error fails the attempt, and nothing is sent. It is retried like a failure to connect, so that a signing
    /// service that is briefly unavailable does not fail the call.
    fn before<'a>(&'a self, request: &'a mut AttemptRequest<'_>) -> HookFuture<'a> {
        let _ = request;
        Box::pin(std::future::ready(Ok(())))
    }

    /// Runs after an attempt: when its response was read, or for a download when it began, or when the attempt failed.
    ///
    /// It does not run if the call is dropped during the attempt, or if `before` failed.
    fn after(&self, result: &AttemptResult<'_>) {
        let _ = result;
    }
}

/// What identifies an attempt.
#[derive(Clone, Copy)]
pub(super) struct Attempt {
    /// The id of the operation.
    pub(super) operation: &'static str,
    /// Within its call, from one.
    pub(super) number: u32,
    pub(super) route: Route,
}

/// The request of an attempt before it is sent, passed to [`Hook::before`].
///
/// It does not contain the credentials of the client, which are added afterwards.
pub struct AttemptRequest<'a> {
    attempt: Attempt,
    request: &'a mut Request,
}

impl AttemptRequest<'_> {
    /// Returns the id of the operation, such as `invoice_void`.
    pub fn operation(&self) -> &'static str {
        self.attempt.operation
    }

    /// Returns the number of the attempt within its call, from one.
    pub fn number(&self) -> u32 {
        self.attempt.number
    }

    /// Returns the path with the names of its parameters, such as `/invoices/{id}/void`.
    pub fn url_template(&self) -> &'static str {
        self.attempt.route.path
    }

    /// Returns the HTTP method.
    pub fn method(&self) -> &Method {
        self.request.method()
    }

    /// Returns the URL, with path and query.
    pub fn url(&self) -> &str {
        self.request.url().as_str()
    }

    /// Returns the headers that were set so far.
    pub fn headers(&self) -> &HeaderMap {
        self.request.headers()
    }

    /// Returns the body, which is JSON, or is empty.
    pub fn body(&self) -> &[u8] {
        self.request
            .body()
            .and_then(reqwest::Body::as_bytes)
            .unwrap_or_default()
    }

    /// Sets a header of this attempt, and replaces an earlier value.
    ///
    /// # Errors
    ///
    /// Returns an error if the header is invalid, set by the client itself, or changes how a request is sent.
    pub fn set_header(&mut self, name: &str, value: &str) -> Result<(), ConfigError> {
        let (name, value) = headers::allowed(name, value).map_err(ConfigError::InvalidHeader)?;
        self.request.headers_mut().insert(name, value);
        Ok(())
    }
}

impl fmt::Debug for AttemptRequest<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptRequest")
            .field("operation", &self.attempt.operation)
            .field("number", &self.attempt.number)
            .field("method", self.method())
            .finish_non_exhaustive()
    }
}

/// The result of an attempt, passed to [`Hook::after`].
pub struct AttemptResult<'a> {
    attempt: Attempt,
    elapsed: Duration,
    result: Result<&'a Received, &'a Error>,
}

impl<'a> AttemptResult<'a> {
    /// Returns the id of the operation, such as `invoice_void`.
    pub fn operation(&self) -> &'static str {
        self.attempt.operation
    }

    /// Returns the number of the attempt within its call, from one.
    pub fn number(&self) -> u32 {
        self.attempt.number
    }

    /// Returns the path with the names of its parameters, such as `/invoices/{id}/void`.
    pub fn url_template(&self) -> &'static str {
        self.attempt.route.path
    }

    /// Returns the HTTP method, such as `POST`.
    pub fn method(&self) -> &'static str {
        self.attempt.route.method
    }

    /// Returns the time since the attempt began, with that of [`Hook::before`].
    pub fn elapsed(&self) -> Duration {
        self.elapsed
    }

    /// Returns the status of the response, or `None` if none was received.
    pub fn status(&self) -> Option<StatusCode> {
        match self.result {
            Ok(received) => Some(received.meta.status),
            Err(error) => error.status(),
        }
    }

    /// Returns the headers of the response, which are empty if there was none.
    pub fn headers(&self) -> &'a HeaderMap {
        match self.result {
            Ok(received) => &received.meta.headers,
            Err(error) => error.headers(),
        }
    }

    /// Returns the error if the attempt failed. The call may be retried.
    pub fn error(&self) -> Option<&'a Error> {
        self.result.err()
    }
}

impl fmt::Debug for AttemptResult<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AttemptResult")
            .field("operation", &self.attempt.operation)
            .field("number", &self.attempt.number)
            .field("elapsed", &self.elapsed)
            .field("status", &self.status())
            .field("error", &self.error())
            .finish()
    }
}

/// The hooks of a client, in the order in which they were added.
#[derive(Clone, Default)]
pub(crate) struct Hooks(Vec<Arc<dyn Hook>>);

impl Hooks {
    pub(crate) fn add(&mut self, hook: impl Hook) {
        self.0.push(Arc::new(hook));
    }

    pub(super) async fn before(
        &self,
        attempt: Attempt,
        request: &mut Request,
        timer: &mut Timer<'_>,
    ) -> Result<(), Error> {
        let failed = |source: HookError| Error::new(Failure::Hook, attempt.operation).with_source(source);
        for hook in &self.0 {
            let mut request = AttemptRequest {
                attempt,
                request: &mut *request,
            };
            match timer.bound(hook.before(&mut request)).await {
                Some(result) => result.map_err(failed)?,
                None => {
                    let limit = timer.limit();
                    return Err(failed(format!("it did not complete within {limit:?}").into()));
                }
            }
        }
        Ok(())
    }

    pub(super) fn after(&self, attempt: Attempt, elapsed: Duration, result: Result<&Received, &Error>) {
        for hook in self.0.iter().rev() {
            hook.after(&AttemptResult {
                attempt,
                elapsed,
                result,
            });
        }
    }
}
