//! Sends one call, with all its attempts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::Request;

use crate::clock::Timer;
use crate::data::InvalidInput;
use crate::error::{Error, Failure};
use crate::operation::{Content, Operation, Repeat};
use crate::transport::connection::Connection;
use crate::transport::keys::{Key, ProviderFailed};
use crate::transport::limits::Limits;
use crate::transport::received::{self, Body, Received};
use crate::transport::retry::{Budget, RetryPolicy, may_repeat};
use crate::version::ApiVersion;

const VERSION: HeaderName = HeaderName::from_static("sequence-version");
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// The longest URL that the HTTP library accepts.
const LONGEST_URL: usize = u16::MAX as usize - 1;

/// The settings of one call, with the client's defaults filled in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings<'a> {
    pub(crate) version: ApiVersion,
    pub(crate) limits: Limits,
    pub(crate) retry: &'a RetryPolicy,
    pub(crate) headers: &'a HeaderMap,
    pub(crate) idempotency_key: Option<&'a HeaderValue>,
}

/// Builds the request of a call. Every attempt builds an equal request.
pub(crate) type Build<'a> = &'a (dyn Fn(&Connection) -> Result<Request, InvalidInput> + Send + Sync);

impl Connection {
    /// Sends a request until it succeeds or fails with an error that is not retried.
    pub(crate) async fn send(
        &self,
        operation: &Operation,
        settings: Settings<'_>,
        build: Build<'_>,
    ) -> Result<Received, Error> {
        let exchange = self.exchange(operation, settings, build);
        #[cfg(feature = "tracing")]
        let exchange = traced(exchange, operation, settings.version);
        exchange.await
    }

    /// Returns the request of the first attempt, without credentials.
    pub(crate) fn preview(
        &self,
        operation: &Operation,
        settings: Settings<'_>,
        build: Build<'_>,
    ) -> Result<Request, Error> {
        Fixed::new(operation, settings).request(self, build)
    }

    async fn exchange(
        &self,
        operation: &Operation,
        settings: Settings<'_>,
        build: Build<'_>,
    ) -> Result<Received, Error> {
        let fixed = Fixed::new(operation, settings);
        let clock = &*self.clock;
        let budget = Budget::new(settings.retry, clock.now(), settings.limits.whole);
        let mut request = Some(fixed.request(self, build)?);
        let (mut attempt, mut waited, mut may_have_acted) = (0, Duration::ZERO, false);
        let mut is_renewed = false;
        loop {
            let limit = settings.limits.attempt.min(budget.left(clock.now()));
            let mut key = self.key(limit).await;
            if let Ok(key) = &mut key {
                let left = budget.left(clock.now());
                let permit = self.permit(operation.quota, key, left);
                let permit = Timer::new(clock, left).bound(permit).await;
                // A permit that comes at the deadline leaves no time for an attempt, which could be sent all the same.
                if !matches!(permit, Some(Ok(()))) || budget.left(clock.now()).is_zero() {
                    let mut error = Error::new(Failure::Timeout(settings.limits.whole), operation.id);
                    if let Some(Err(Some(denied))) = permit {
                        error = error.with_source(denied);
                    }
                    return Err(error.after(attempt, waited, may_have_acted));
                }
                // They may have been replaced in the meantime.
                *key = self.keys.current().unwrap_or_else(|| Arc::clone(key));
            }
            attempt += 1;
            let this_time = match request.take() {
                Some(request) => request,
                None => fixed.request(self, build)?,
            };
            let limit = settings.limits.attempt.min(budget.left(clock.now()));
            let result = match &key {
                Ok(key) => {
                    self.attempt(&fixed, attempt, key, this_time, limit, budget.ends())
                        .await
                }
                Err(failed) => Err(credentials_failed(operation, failed.clone())),
            };
            let mut error = match result {
                Ok(mut received) => {
                    received.meta.attempts = attempt;
                    received.meta.waited = waited;
                    return Ok(received);
                }
                Err(error) => error,
            };
            if error.is_rate_limited()
                && let Ok(key) = &key
            {
                self.throttled(operation.quota, key, error.retry_after());
            }
            if error.is_unauthorized()
                && !is_renewed
                && let Ok(key) = &key
            {
                is_renewed = true;
                match self.renewed(key, budget.left(clock.now())).await {
                    // The API has refused the attempt, so that every operation can be sent again.
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(failed) => error = error.with_source(failed),
                }
            }
            let wait = may_repeat(fixed.repeat, &error, may_have_acted)
                .then(|| budget.next_wait(attempt, error.retry_after(), clock.now(), fastrand::f64()))
                .flatten();
            let Some(wait) = wait else {
                return Err(error.after(attempt, waited, may_have_acted));
            };
            may_have_acted |= error.may_have_acted();
            #[cfg(feature = "tracing")]
            tracing::warn!(attempt, wait_ms = wait.as_millis() as u64, %error, "retrying");
            clock.sleep(wait).await;
            waited += wait;
        }
    }

    /// Returns the credentials for an attempt.
    async fn key(&self, limit: Duration) -> Result<Arc<Key>, ProviderFailed> {
        let found = Timer::new(&*self.clock, limit).bound(self.keys.get()).await;
        found.unwrap_or_else(|| Err(ProviderFailed::late(limit)))
    }

    /// Returns `true` if there are credentials other than those that the API rejected.
    async fn renewed(&self, rejected: &Arc<Key>, left: Duration) -> Result<bool, ProviderFailed> {
        let renewed = self.keys.renewed(rejected);
        match Timer::new(&*self.clock, left).bound(renewed).await {
            Some(result) => result.map(|key| key.is_some()),
            None => Err(ProviderFailed::late(left)),
        }
    }

    /// Makes one attempt, between its hooks.
    async fn attempt(
        &self,
        fixed: &Fixed<'_>,
        number: u32,
        key: &Key,
        mut request: Request,
        limit: Duration,
        ends: Instant,
    ) -> Result<Received, Error> {
        let operation = fixed.operation;
        let mut timer = Timer::new(&*self.clock, limit);
        let started = self.clock.now();
        self.hooks
            .before(operation, number, &mut request, &mut timer)
            .await?;
        let result = self.transfer(fixed, key, request, &mut timer, ends).await;
        let elapsed = self.clock.now().saturating_duration_since(started);
        self.hooks.after(operation, number, elapsed, result.as_ref());
        result
    }

    /// Sends a request and receives its response, from connecting to the last byte, or to the first byte of a download.
    async fn transfer(
        &self,
        fixed: &Fixed<'_>,
        key: &Key,
        mut request: Request,
        timer: &mut Timer<'_>,
        ends: Instant,
    ) -> Result<Received, Error> {
        let operation = fixed.operation;
        request
            .headers_mut()
            .insert(AUTHORIZATION, key.credentials.header());
        #[cfg(feature = "reqwest-client")]
        let sent_to = request.url().clone();
        let execute = self.requests.client().execute(request);
        let Some(result) = timer.bound(execute).await else {
            return Err(Error::new(Failure::AttemptTimeout(timer.limit()), operation.id));
        };
        let mut response = result.map_err(|error| sending_failed(error, operation))?;
        // Redacted here, so that code that prints the response later cannot leak a secret.
        key.redactor.headers(response.headers_mut());
        #[cfg(feature = "reqwest-client")]
        if *response.url() != sent_to {
            let headers = std::mem::take(response.headers_mut());
            return Err(Error::new(Failure::Redirect, operation.id).with_head(response.status(), headers));
        }
        let status = response.status();
        if !status.is_success() {
            return Err(received::failure(response, operation, timer, &key.redactor, &*self.clock).await);
        }
        let headers = std::mem::take(response.headers_mut());
        let body = if operation.content == Content::File {
            Ok(Body::Stream { response, ends })
        } else {
            received::whole(response, operation, fixed.settings.limits.bytes, timer)
                .await
                .map(Body::Whole)
        };
        match body {
            Ok(body) => Ok(Received {
                meta: received::meta(status, headers, fixed.settings.version),
                body,
                operation: *operation,
                limits: fixed.settings.limits,
                redactor: key.redactor.clone(),
                clock: Arc::clone(&self.clock),
            }),
            Err(error) => Err(error.with_head(status, headers)),
        }
    }
}

/// The parts of a call that are equal in all attempts.
struct Fixed<'a> {
    operation: &'a Operation,
    settings: Settings<'a>,
    repeat: Repeat,
    idempotency_key: Option<HeaderValue>,
}

impl<'a> Fixed<'a> {
    fn new(operation: &'a Operation, settings: Settings<'a>) -> Self {
        let is_keyed = operation.repeat == Repeat::WithKey;
        let idempotency_key = match settings.idempotency_key {
            Some(key) => Some(key.clone()),
            None => is_keyed.then(new_key),
        };
        let repeat = match operation.repeat {
            Repeat::WithKey if settings.version.honours_idempotency_key() => Repeat::Safe,
            Repeat::WithKey => Repeat::Never,
            repeat => repeat,
        };
        Self {
            operation,
            settings,
            repeat,
            idempotency_key,
        }
    }

    fn request(&self, connection: &Connection, build: Build<'_>) -> Result<Request, Error> {
        let invalid = |input| Error::new(Failure::Input(input), self.operation.id);
        let mut request = build(connection).map_err(invalid)?;
        check_url(request.url()).map_err(invalid)?;
        let headers = request.headers_mut();
        let own = self.settings.headers;
        let of_client = connection
            .headers
            .iter()
            .filter(|(name, _)| !own.contains_key(*name));
        for (name, value) in of_client.chain(own) {
            headers.append(name, value.clone());
        }
        headers.insert(VERSION, HeaderValue::from_static(self.settings.version.as_str()));
        if let Some(key) = &self.idempotency_key {
            headers.insert(IDEMPOTENCY_KEY, key.clone());
        }
        Ok(request)
    }
}

/// Runs the exchange in a span that records its result.
#[cfg(feature = "tracing")]
async fn traced(
    exchange: impl Future<Output = Result<Received, Error>>,
    operation: &Operation,
    version: ApiVersion,
) -> Result<Received, Error> {
    use tracing::Instrument as _;

    let span = tracing::info_span!(
        "sequence_call",
        operation = operation.id,
        version = version.as_str(),
        status = tracing::field::Empty,
        attempts = tracing::field::Empty,
        request_id = tracing::field::Empty,
        waited_ms = tracing::field::Empty,
        // Recorded by a shared limit that falls back to the share of this process.
        rate_limit = tracing::field::Empty,
    );
    let result = exchange.instrument(span.clone()).await;
    let (status, attempts, waited, request_id) = match &result {
        Ok(received) => (
            Some(received.meta.status),
            received.meta.attempts,
            received.meta.waited,
            crate::error::request_id(&received.meta.headers),
        ),
        Err(error) => (
            error.status(),
            error.attempts(),
            error.waited(),
            error.request_id(),
        ),
    };
    span.record("status", status.as_ref().map(http::StatusCode::as_u16));
    span.record("attempts", attempts);
    span.record("request_id", request_id);
    span.record("waited_ms", waited.as_millis() as u64);
    result
}

/// Returns an error for a URL that is too long to be sent, naming its longest part.
fn check_url(url: &url::Url) -> Result<(), InvalidInput> {
    let length = url.as_str().len();
    if length <= LONGEST_URL {
        return Ok(());
    }
    let longest = url
        .query_pairs()
        .map(|(name, value)| (value.len(), format!("the query parameter `{name}`")))
        .chain([(url.path().len(), "the path".to_owned())])
        .max_by_key(|(length, _)| *length);
    let part = longest.map_or_else(String::new, |(length, part)| {
        format!("; the longest part is {part} with {length} bytes")
    });
    Err(InvalidInput::new(
        "url",
        format!("the URL has {length} bytes, which exceeds the limit of {LONGEST_URL}{part}"),
    ))
}

fn credentials_failed(operation: &Operation, failed: ProviderFailed) -> Error {
    Error::new(Failure::Credentials, operation.id).with_source(failed)
}

/// Distinguishes a failure to connect from a connection that was lost.
fn sending_failed(error: reqwest::Error, operation: &Operation) -> Error {
    let kind = if error.is_connect() {
        Failure::Connect
    } else {
        Failure::Interrupted
    };
    Error::new(kind, operation.id).with_source(error.without_url())
}

fn new_key() -> HeaderValue {
    HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()).expect("a UUID is visible ASCII")
}
