//! Sends one call, with all its attempts.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{AUTHORIZATION, HeaderMap, HeaderName, HeaderValue};
use reqwest::Request;

use crate::clock::Timer;
use crate::data::InvalidInput;
use crate::error::{Error, Failure};
use crate::operation::{Content, Operation, Repeat};
use crate::response::Meta;
use crate::transport::connection::Connection;
use crate::transport::hooks::Attempt;
use crate::transport::keys::{Key, ProviderFailed};
use crate::transport::limits::Limits;
use crate::transport::observe;
use crate::transport::rate_limit::Denied;
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
        observe::call(self, operation, settings.version, exchange).await
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
        let mut so_far = SoFar::default();
        loop {
            let mut key = self.key(&fixed, &budget).await;
            if let Ok(key) = &mut key {
                let permit = self.permitted(&fixed, &budget, key).await;
                permit.map_err(|error| so_far.failed(error))?;
                // They may have been replaced in the meantime.
                *key = self.keys.current().unwrap_or_else(|| Arc::clone(key));
            }
            so_far.attempts += 1;
            let this_time = match request.take() {
                Some(request) => request,
                None => fixed.request(self, build)?,
            };
            let result = match &key {
                Ok(key) => {
                    let attempt = self.attempt(&fixed, so_far.attempts, key, this_time, &budget);
                    observe::attempt(self, operation, settings.version, so_far.attempts, attempt).await
                }
                Err(failed) => {
                    Err(Error::new(Failure::Credentials, operation.id).with_source(failed.clone()))
                }
            };
            let mut error = match result {
                Ok(received) => return Ok(so_far.succeeded(received)),
                Err(error) => error,
            };
            if let Ok(key) = &key
                && error.is_rate_limited()
            {
                self.throttled(operation.quota, key, error.retry_after());
            }
            if let Ok(key) = &key
                && error.is_unauthorized()
                && !so_far.is_renewed
            {
                so_far.is_renewed = true;
                match self.renewed(key, fixed.limit(&budget, clock.now())).await {
                    // The API has refused the attempt, so that every operation can be sent again.
                    Ok(true) => continue,
                    Ok(false) => {}
                    Err(failed) => error = error.with_source(failed),
                }
            }
            let wait = may_repeat(fixed.repeat, &error, so_far.may_have_acted)
                .then(|| budget.next_wait(so_far.attempts, error.retry_after(), clock.now(), fastrand::f64()))
                .flatten();
            let Some(wait) = wait else {
                return Err(so_far.failed(error));
            };
            observe::retrying(so_far.attempts, wait, &error);
            so_far.may_have_acted |= error.may_have_acted();
            clock.sleep(wait).await;
            so_far.waited += wait;
        }
    }

    /// Waits for the rate limit. Returns an error if no attempt can start before the deadline.
    async fn permitted(&self, fixed: &Fixed<'_>, budget: &Budget<'_>, key: &Key) -> Result<(), Error> {
        let (clock, operation) = (&*self.clock, fixed.operation);
        let left = budget.left(clock.now());
        let mut timer = Timer::new(clock, left);
        let permit = timer.bound(self.permit(operation.quota, key, left));
        let permit = observe::permit(self, operation.quota, permit).await;
        // A permit that comes at the deadline leaves no time for an attempt, which could be sent all the same.
        if matches!(permit, Some(Ok(()))) && !budget.left(clock.now()).is_zero() {
            return Ok(());
        }
        let error = Error::new(Failure::Timeout(fixed.settings.limits.whole), operation.id);
        Err(match permit {
            Some(Err(denied)) => error.with_source(denied),
            None => error.with_source(Denied::new("the rate limit gave no permit until then")),
            Some(Ok(())) => error,
        })
    }

    /// Returns the credentials for an attempt.
    async fn key(&self, fixed: &Fixed<'_>, budget: &Budget<'_>) -> Result<Arc<Key>, ProviderFailed> {
        let limit = fixed.limit(budget, self.clock.now());
        let found = Timer::new(&*self.clock, limit).bound(self.keys.get()).await;
        found.unwrap_or_else(|| Err(ProviderFailed::late(limit)))
    }

    /// Returns `true` if there are credentials other than those that the API rejected.
    async fn renewed(&self, rejected: &Arc<Key>, limit: Duration) -> Result<bool, ProviderFailed> {
        let renewed = self.keys.renewed(rejected);
        match Timer::new(&*self.clock, limit).bound(renewed).await {
            Some(result) => result.map(|key| key.is_some()),
            None => Err(ProviderFailed::late(limit)),
        }
    }

    /// Makes one attempt, between its hooks.
    async fn attempt(
        &self,
        fixed: &Fixed<'_>,
        number: u32,
        key: &Key,
        mut request: Request,
        budget: &Budget<'_>,
    ) -> Result<Received, Error> {
        let (operation, version) = (fixed.operation, fixed.settings.version);
        let started = self.clock.now();
        let mut timer = Timer::new(&*self.clock, fixed.limit(budget, started));
        let attempt = Attempt {
            operation: operation.id,
            number,
            route: operation.route(version),
        };
        self.hooks.before(attempt, &mut request, &mut timer).await?;
        #[cfg(feature = "opentelemetry")]
        observe::propagate(request.headers_mut());
        let result = self
            .transfer(fixed, key, request, &mut timer, budget.ends())
            .await
            .map_err(|error| error.of_call(fixed.settings.limits.attempt, fixed.settings.limits.whole));
        let elapsed = self.clock.now().saturating_duration_since(started);
        self.hooks.after(attempt, elapsed, result.as_ref());
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
        let execute = self.execute(operation, request, &key.redactor);
        let Some(result) = timer.bound(execute).await else {
            return Err(Error::new(Failure::AttemptTimeout(timer.limit()), operation.id));
        };
        let mut response = result?;
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
            received::whole(
                response,
                operation,
                fixed.settings.limits.bytes,
                timer,
                &key.redactor,
            )
            .await
            .map(Body::Whole)
        };
        match body {
            Ok(body) => Ok(Received {
                meta: Meta {
                    body: body.whole().filter(|_| fixed.settings.limits.keeps_body).cloned(),
                    ..received::meta(status, headers, fixed.settings.version)
                },
                body,
                operation: *operation,
                limits: fixed.settings.limits,
                redactor: key.redactor.clone(),
                clock: Arc::clone(&self.clock),
                #[cfg(feature = "blocking")]
                runtime: Arc::clone(&self.runtime),
            }),
            Err(error) => Err(error.with_head(status, headers)),
        }
    }
}

/// The totals of a call until now.
#[derive(Default)]
struct SoFar {
    attempts: u32,
    waited: Duration,
    /// An earlier attempt may have been processed.
    may_have_acted: bool,
    /// The credentials were renewed after a 401.
    is_renewed: bool,
}

impl SoFar {
    fn succeeded(&self, mut received: Received) -> Received {
        received.meta.attempts = self.attempts;
        received.meta.waited = self.waited;
        received
    }

    fn failed(&self, error: Error) -> Error {
        error.after(self.attempts, self.waited, self.may_have_acted)
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

    /// Returns the time limit of an attempt that starts now.
    fn limit(&self, budget: &Budget<'_>, now: Instant) -> Duration {
        self.settings.limits.attempt.min(budget.left(now))
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

fn new_key() -> HeaderValue {
    HeaderValue::from_str(&uuid::Uuid::new_v4().to_string()).expect("a UUID is visible ASCII")
}
