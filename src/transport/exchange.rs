//! One call with all its attempts.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::Method;
use http::header::{AUTHORIZATION, HeaderName, HeaderValue};
use progenitor_client::{ClientHooks, OperationInfo};
use reqwest::{Request, Response};
use url::Url;

use crate::ApiVersion;
use crate::call::{Operation, Options, Repeat};
use crate::client::Shared;
use crate::clock::{self, Clock};
use crate::error::{Error, Kind};
use crate::generated::RawClient;
use crate::response::Meta;
use crate::transport::retry::{Budget, may_repeat};
use crate::transport::{Limiter, Limits, RetryPolicy, answer};

const VERSION: HeaderName = HeaderName::from_static("sequence-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// The state of one call. The generated client carries it to the hooks.
#[derive(Clone, Debug)]
pub(crate) struct Exchange(Arc<Inner>);

struct Inner {
    shared: Arc<Shared>,
    operation: &'static Operation,
    version: ApiVersion,
    method: Method,
    url: Url,
    headers: http::HeaderMap,
    limits: Limits,
    retry: RetryPolicy,
    repeat: Repeat,
    outcome: Mutex<Option<Result<Meta, Error>>>,
}

impl Exchange {
    pub(crate) fn new(
        shared: &Arc<Shared>,
        operation: &'static Operation,
        options: &Options,
        version: ApiVersion,
        method: Method,
        url: Url,
    ) -> Self {
        let mut headers = options.headers.clone();
        headers.insert(VERSION, HeaderValue::from_static(version.as_str()));
        let mut repeat = operation.repeat;
        let key = options.idempotency_key.clone();
        if let Some(key) = key.or_else(|| (repeat == Repeat::WithKey).then(new_key)) {
            headers.insert(IDEMPOTENCY_KEY, key);
        }
        if repeat == Repeat::WithKey {
            // The API documents the header in its newest version only.
            repeat = if version == ApiVersion::V2024_07_30 {
                Repeat::Safe
            } else {
                Repeat::Never
            };
        }
        Self(Arc::new(Inner {
            shared: Arc::clone(shared),
            operation,
            version,
            method,
            url,
            headers,
            limits: Limits {
                attempt: options.timeout.unwrap_or(shared.limits.attempt),
                whole: options.deadline.unwrap_or(shared.limits.whole),
                bytes: shared.limits.bytes,
            },
            retry: options.retry.clone().unwrap_or_else(|| shared.retry.clone()),
            repeat,
            outcome: Mutex::new(None),
        }))
    }

    pub(crate) fn operation(&self) -> &'static Operation {
        self.0.operation
    }

    /// Somebody else's words as an error may print them: short, and without the secret.
    pub(crate) fn shown(&self, text: &str) -> String {
        crate::error::excerpt(&self.0.shared.credentials().redact(text), 300)
    }

    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.0.shared.clock
    }

    pub(crate) fn limits(&self) -> Limits {
        self.0.limits
    }

    fn limiter(&self) -> &Limiter {
        if self.0.operation.is_event {
            &self.0.shared.events
        } else {
            &self.0.shared.requests
        }
    }

    /// How the call went; `None` if it was never sent.
    pub(crate) fn take_outcome(&self) -> Option<Result<Meta, Error>> {
        self.0
            .outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
    }

    /// Writes what is equal in all attempts.
    fn prepare(&self, request: &mut Request) {
        let inner = &*self.0;
        let mut url = inner.url.clone();
        url.set_query(request.url().query().filter(|query| !query.is_empty()));
        *request.url_mut() = url;
        *request.method_mut() = inner.method.clone();
        // The generator's own idea of a version.
        request.headers_mut().remove("api-version");
        let headers = request.headers_mut();
        for name in inner.headers.keys() {
            headers.remove(name);
        }
        for (name, value) in &inner.headers {
            headers.append(name, value.clone());
        }
    }

    /// Makes the attempts and remembers how they went. The generated client gets a response in any case; what it
    /// makes of one that stands for a failure is not looked at.
    async fn run(&self, request: Request) -> Response {
        let (outcome, response) = match self.attempts(request).await {
            Ok((meta, response)) => (Ok(meta), response),
            Err(error) => (Err(error), answer::stand_in()),
        };
        *self.0.outcome.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
        response
    }

    async fn attempts(&self, request: Request) -> Result<(Meta, Response), Error> {
        let inner = &*self.0;
        let clock = &*inner.shared.clock;
        let budget = Budget::new(&inner.retry, clock.now(), inner.limits.whole);
        let (mut attempt, mut waited, mut may_have_acted) = (0, Duration::ZERO, false);
        loop {
            let left = budget.left(clock.now());
            if clock::within(clock, left, self.limiter().permit(left)).await != Some(true) || left.is_zero() {
                let error = Error::new(Kind::Deadline(inner.limits.whole), inner.operation.id);
                return Err(error.after(attempt, waited, may_have_acted));
            }
            attempt += 1;
            // Bodies are JSON in memory, so a request can always be sent again.
            let this_time = request
                .try_clone()
                .expect("a request with a body in memory can be cloned");
            let limit = inner.limits.attempt.min(budget.left(clock.now()));
            let error = match self.attempt(this_time, limit).await {
                Ok((status, headers, response)) => {
                    let meta = Meta {
                        status,
                        headers,
                        pinned: inner.version,
                        attempts: attempt,
                        waited,
                    };
                    return Ok((meta, response));
                }
                Err(error) => error,
            };
            if error.is_rate_limited() {
                self.limiter().slow_down(error.retry_after());
            }
            let wait = may_repeat(inner.repeat, &error, may_have_acted)
                .then(|| budget.next_wait(attempt, error.retry_after(), clock.now(), fastrand::f64()))
                .flatten();
            let Some(wait) = wait else {
                return Err(error.after(attempt, waited, may_have_acted));
            };
            may_have_acted |= error.may_have_acted();
            #[cfg(feature = "tracing")]
            tracing::warn!(attempt, wait_ms = wait.as_millis() as u64, %error, "attempting again");
            clock.sleep(wait).await;
            waited += wait;
        }
    }

    /// One attempt, from the connection to the last byte.
    async fn attempt(&self, mut request: Request, limit: Duration) -> Result<answer::Read, Error> {
        let inner = &*self.0;
        let operation = inner.operation;
        let credentials = inner.shared.credentials();
        request.headers_mut().insert(AUTHORIZATION, credentials.header());
        let clock = &*inner.shared.clock;
        let started = clock.now();
        let execute = inner.shared.http.execute(request);
        let Some(result) = clock::within(clock, limit, execute).await else {
            return Err(Error::new(Kind::Timeout(limit), operation.id));
        };
        let response = result.map_err(|error| sending_failed(error, operation))?;
        // From here on status and headers are known, whatever becomes of the body.
        let bounds = answer::Bounds {
            bytes: inner.limits.bytes,
            attempt: limit,
            left: limit.saturating_sub(clock.now() - started),
        };
        answer::read(response, operation, bounds, &credentials, clock).await
    }
}

/// Tells a connection that was never made from one that broke.
fn sending_failed(error: reqwest::Error, operation: &Operation) -> Error {
    let kind = if error.is_connect() {
        Kind::Connect
    } else {
        Kind::Interrupted
    };
    Error::new(kind, operation.id).with_source(error.without_url())
}

fn new_key() -> HeaderValue {
    HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()).expect("a UUID is visible ASCII")
}

impl ClientHooks<Exchange> for RawClient {
    async fn pre<E>(
        &self,
        request: &mut Request,
        _: &OperationInfo,
    ) -> Result<(), progenitor_client::Error<E>> {
        self.inner.prepare(request);
        Ok(())
    }

    #[cfg(not(feature = "tracing"))]
    async fn exec(&self, request: Request, _: &OperationInfo) -> reqwest::Result<Response> {
        Ok(self.inner.run(request).await)
    }

    #[cfg(feature = "tracing")]
    async fn exec(&self, request: Request, info: &OperationInfo) -> reqwest::Result<Response> {
        use tracing::Instrument as _;

        let span = tracing::info_span!(
            "sequence_call",
            operation = info.operation_id,
            version = self.inner.0.version.as_str(),
            status = tracing::field::Empty,
            attempts = tracing::field::Empty,
            request_id = tracing::field::Empty,
            waited_ms = tracing::field::Empty,
        );
        let response = self.inner.run(request).instrument(span.clone()).await;
        let outcome = self
            .inner
            .0
            .outcome
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (status, attempts, waited, request_id) = match &*outcome {
            Some(Ok(meta)) => (
                Some(meta.status),
                meta.attempts,
                meta.waited,
                crate::error::request_id(&meta.headers),
            ),
            Some(Err(error)) => (
                error.status(),
                error.attempts(),
                error.waited(),
                error.request_id(),
            ),
            None => (None, 0, Duration::ZERO, None),
        };
        span.record("status", status.as_ref().map(http::StatusCode::as_u16));
        span.record("attempts", attempts);
        span.record("request_id", request_id);
        span.record("waited_ms", waited.as_millis() as u64);
        Ok(response)
    }
}

impl std::fmt::Debug for Inner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Exchange")
            .field("operation", &self.operation.id)
            .finish_non_exhaustive()
    }
}
