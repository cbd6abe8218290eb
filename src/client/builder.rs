//! The builder of the client.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::client::environment::{self, Environment};
use crate::client::handle::Client;
use crate::client::http_client::Http;
use crate::clock::{Clock, SystemClock};
use crate::config_error::ConfigError;
use crate::credentials::{Credentials, CredentialsProvider, CredentialsSource};
use crate::transport::rate_limit::{InProcess, RateLimiter};
use crate::transport::{Active, Connection, Hooks, Limits, Parts, RateLimit, RetryPolicy};
use crate::version::ApiVersion;

/// Builder for [`Client`].
///
/// The defaults are listed in the documentation of [`Client`]. [`build`](Self::build) validates all settings.
///
/// ```
/// use sequencehq::{Client, Credentials, Environment};
/// use std::time::Duration;
///
/// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
///     .environment(Environment::Sandbox)
///     .timeout(Duration::from_secs(10))
///     .user_agent("my-billing/1.0")
///     .build()?;
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
#[derive(Clone)]
#[must_use]
pub struct ClientBuilder {
    credentials: CredentialsSource,
    base_url: String,
    version: ApiVersion,
    pub(super) http: Http,
    pub(super) hooks: Hooks,
    limits: Limits,
    retry: RetryPolicy,
    rate_limit: RateLimit,
    event_rate_limit: RateLimit,
    rate_limiter: Option<Arc<dyn RateLimiter>>,
    clock: Arc<dyn Clock>,
    #[cfg(feature = "recording")]
    pub(super) tape: crate::recording::Tape,
}

impl Client {
    /// Returns a builder for a client with the given credentials.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials, Environment};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .environment(Environment::Sandbox)
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder::new(CredentialsSource::Fixed(credentials))
    }

    /// Returns a builder for a client with credentials from a provider, which is asked before the first call and after a
    /// 401. See [`CredentialsProvider`].
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder_with_provider(|| async {
    ///     let secret = std::fs::read_to_string("/run/secrets/sequence")?;
    ///     Ok(Credentials::new("my-client", secret.trim_end())?)
    /// })
    /// .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn builder_with_provider(provider: impl CredentialsProvider) -> ClientBuilder {
        ClientBuilder::new(CredentialsSource::Provider(Arc::new(provider)))
    }

    /// Creates a client from environment variables.
    ///
    /// | variable | meaning | if unset |
    /// | --- | --- | --- |
    /// | `SEQUENCE_CLIENT_ID` | client id of the API key | an error |
    /// | `SEQUENCE_CLIENT_SECRET` | client secret of the API key | an error |
    /// | `SEQUENCE_ENVIRONMENT` | `production` or `sandbox` | `production` |
    /// | `SEQUENCE_BASE_URL` | base URL; overrides `SEQUENCE_ENVIRONMENT` | that of the environment |
    /// | `SEQUENCE_API_VERSION` | API version to pin | the newest known |
    ///
    /// ```no_run
    /// let client = sequencehq::Client::from_env()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a variable is missing or invalid. The message names the variable.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }
}

impl ClientBuilder {
    pub(super) fn new(credentials: CredentialsSource) -> Self {
        Self {
            credentials,
            base_url: Environment::default().base_url().to_owned(),
            version: ApiVersion::default(),
            http: Http::default(),
            hooks: Hooks::default(),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            rate_limit: RateLimit::per_minute(1_500),
            event_rate_limit: RateLimit::per_minute(12_000),
            rate_limiter: None,
            clock: Arc::new(SystemClock),
            #[cfg(feature = "recording")]
            tape: crate::recording::Tape::default(),
        }
    }

    /// Creates a builder from environment variables.
    ///
    /// Use it to change settings that have no variable. [`Client::from_env`] lists the variables.
    ///
    /// ```no_run
    /// use sequencehq::ClientBuilder;
    /// use std::time::Duration;
    ///
    /// let client = ClientBuilder::from_env()?.timeout(Duration::from_secs(30)).build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a variable is missing or invalid.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_variables(variable: impl Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let required = |name| variable(name).ok_or(ConfigError::MissingVariable(name));
        let credentials = Credentials::new(
            required("SEQUENCE_CLIENT_ID")?,
            required("SEQUENCE_CLIENT_SECRET")?,
        )?;
        let mut builder = Self::new(CredentialsSource::Fixed(credentials));
        if let Some(name) = variable("SEQUENCE_ENVIRONMENT") {
            let environment = name.parse::<Environment>().map_err(|_| {
                ConfigError::InvalidVariable(
                    "SEQUENCE_ENVIRONMENT",
                    "expected `production` or `sandbox`; for another server set SEQUENCE_BASE_URL",
                )
            })?;
            builder = builder.environment(environment);
        }
        if let Some(url) = variable("SEQUENCE_BASE_URL") {
            environment::base_url(&url)
                .map_err(|reason| ConfigError::InvalidVariable("SEQUENCE_BASE_URL", reason))?;
            builder = builder.base_url(url);
        }
        if let Some(version) = variable("SEQUENCE_API_VERSION") {
            builder =
                builder.api_version(version.parse().map_err(|_| {
                    ConfigError::InvalidVariable("SEQUENCE_API_VERSION", ApiVersion::EXPECTED)
                })?);
        }
        Ok(builder)
    }

    /// Sets the environment of the API. Default: production.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials, Environment};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .environment(Environment::Sandbox)
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn environment(self, environment: Environment) -> Self {
        self.base_url(environment.base_url())
    }

    /// Sets the base URL, including the path prefix. Default: that of the production environment.
    ///
    /// The scheme must be `https`, except for `localhost` and loopback addresses.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .base_url("http://localhost:8080/api")
    ///     .build()?;
    /// assert_eq!(client.base_url(), "http://localhost:8080/api");
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// Sets the pinned API version. Default: the newest version known to this crate.
    ///
    /// Older versions lack some operations; see [`ApiVersion`].
    ///
    /// ```
    /// use sequencehq::{ApiVersion, Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .api_version(ApiVersion::V2024_05_09)
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn api_version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Sets the time limit of one attempt. Default: 30 s.
    ///
    /// It covers the time from connecting to the last byte of the response; for downloads, to the first byte of
    /// the body.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    /// use std::time::Duration;
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .attempt_timeout(Duration::from_secs(5))
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.limits.attempt = limit;
        self
    }

    /// Sets the time limit for each chunk of a download. Default: 30 s.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    /// use std::time::Duration;
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .read_timeout(Duration::from_secs(5))
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.limits.read = limit;
        self
    }

    /// Sets the time limit of a whole call, including all attempts, waits and the download of a file. Default: 120 s.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials};
    /// use std::time::Duration;
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .timeout(Duration::from_secs(20))
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limits.whole = limit;
        self
    }

    /// Sets the maximum size of a response in bytes. Default: 8 MiB, ten times the largest page.
    ///
    /// The decoded value may use four times as much memory, plus 1 MiB. Downloads are limited only if they are
    /// collected with [`Download::bytes`](crate::Download::bytes).
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.limits.bytes = limit;
        self
    }

    /// Sets whether responses keep the bytes of their bodies, for [`Response::body`](crate::Response::body). Default: `false`.
    ///
    /// A body is then in memory as long as its response. A call can set it for itself.
    pub fn keep_body(mut self, keep: bool) -> Self {
        self.limits.keeps_body = keep;
        self
    }

    /// Sets the retry policy. Default: see [`RetryPolicy`].
    ///
    /// ```
    /// use sequencehq::{Client, Credentials, RetryPolicy};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .retry(RetryPolicy::default().max_attempts(6))
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// Sets the maximum number of requests per minute, not counting usage events. Default: 1,500, the API's limit.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials, RateLimit};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .rate_limit(RateLimit::per_minute(500)) // a third of the limit, for one of three programs
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = limit;
        self
    }

    /// Sets the maximum number of usage events per minute. Default: 12,000, the API's limit.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials, RateLimit};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .event_rate_limit(RateLimit::per_minute(6_000))
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn event_rate_limit(mut self, limit: RateLimit) -> Self {
        self.event_rate_limit = limit;
        self
    }

    /// Sets a limiter of your own, in place of [`rate_limit`](Self::rate_limit) and
    /// [`event_rate_limit`](Self::event_rate_limit), which then have no effect. Default: one within this client.
    ///
    /// Use it to share the limits of the API between clients, or between processes with `sequencehq::shared_limit`.
    ///
    /// ```
    /// use std::sync::Arc;
    ///
    /// use sequencehq::rate_limit::InProcess;
    /// use sequencehq::{Client, Credentials, RateLimit};
    ///
    /// let limiter = Arc::new(InProcess::new(RateLimit::per_minute(1_500), RateLimit::per_minute(12_000)));
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .rate_limiter(limiter)
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn rate_limiter(mut self, limiter: Arc<dyn RateLimiter>) -> Self {
        self.rate_limiter = Some(limiter);
        self
    }

    /// Sets the clock, for tests. Default: the system clock.
    ///
    /// ```
    /// use sequencehq::clock::ManualClock;
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .clock(ManualClock::running())
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Builds the client. No connection is made yet.
    ///
    /// ```
    /// use sequencehq::{Client, ConfigError, Credentials};
    ///
    /// let builder = Client::builder(Credentials::new("my-client", "my-secret")?).base_url("http://api.example.com");
    /// assert!(matches!(builder.build(), Err(ConfigError::InvalidBaseUrl(_))), "HTTPS is required");
    /// # Ok::<(), ConfigError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a setting is invalid, or if TLS cannot be initialized.
    pub fn build(self) -> Result<Client, ConfigError> {
        let base_url = environment::base_url(&self.base_url).map_err(ConfigError::InvalidBaseUrl)?;
        self.limits.check()?;
        let limiter = match self.rate_limiter {
            Some(limiter) => Active::Given(limiter),
            None => {
                let clock = Arc::clone(&self.clock);
                Active::InProcess(Box::new(InProcess::with_clock(
                    self.rate_limit,
                    self.event_rate_limit,
                    clock,
                )))
            }
        };
        let connection = Connection::new(Parts {
            http: self.http.client(&base_url)?,
            may_follow_redirects: self.http.may_follow_redirects(),
            base_url,
            credentials: self.credentials,
            headers: self.http.headers()?,
            hooks: self.hooks,
            limits: self.limits,
            retry: self.retry,
            limiter,
            clock: self.clock,
            #[cfg(feature = "recording")]
            tape: self.tape,
        });
        Ok(Client::new(connection, self.version))
    }
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientBuilder")
            .field("credentials", &self.credentials)
            .field(
                "base_url",
                &environment::base_url(&self.base_url)
                    .as_ref()
                    .map(url::Url::as_str),
            )
            .field("version", &self.version)
            .field("http", &self.http)
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .field("rate_limit", &self.rate_limit)
            .field("event_rate_limit", &self.event_rate_limit)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn variables(given: &'static [(&'static str, &'static str)]) -> impl Fn(&'static str) -> Option<String> {
        |name| {
            given
                .iter()
                .find(|(key, _)| *key == name)
                .map(|(_, value)| (*value).to_owned())
        }
    }

    const KEY: [(&str, &str); 2] = [
        ("SEQUENCE_CLIENT_ID", "id"),
        ("SEQUENCE_CLIENT_SECRET", "hush-hush"),
    ];

    #[cfg(any(feature = "rustls", feature = "native-tls"))]
    #[test]
    fn the_environment_sets_everything() {
        let builder = ClientBuilder::from_variables(variables(&[
            KEY[0],
            KEY[1],
            ("SEQUENCE_ENVIRONMENT", "sandbox"),
            ("SEQUENCE_API_VERSION", "2024-01-01"),
        ]))
        .expect("complete");
        let client = builder.build().expect("good");
        assert_eq!(client.base_url(), "https://sandbox.sequencehq.com/api");
        assert_eq!(client.api_version(), ApiVersion::V2024_01_01);
        assert!(!format!("{client:?}").contains("hush-hush"));
    }

    #[test]
    fn a_base_url_wins_over_the_environment() {
        let builder = ClientBuilder::from_variables(variables(&[
            KEY[0],
            KEY[1],
            ("SEQUENCE_ENVIRONMENT", "sandbox"),
            ("SEQUENCE_BASE_URL", "http://localhost:1/api"),
        ]))
        .expect("complete");
        assert_eq!(
            builder.build().expect("good").base_url(),
            "http://localhost:1/api"
        );
    }

    #[test]
    fn what_is_missing_or_wrong_is_named() {
        for (given, message) in [
            (&KEY[..1], "SEQUENCE_CLIENT_SECRET is not set"),
            (
                &[KEY[0], KEY[1], ("SEQUENCE_ENVIRONMENT", "prod")],
                "SEQUENCE_ENVIRONMENT is invalid: expected `production` or `sandbox`",
            ),
            (
                &[KEY[0], KEY[1], ("SEQUENCE_API_VERSION", "2023-01-01")],
                "SEQUENCE_API_VERSION is invalid: expected one of 2024-01-01",
            ),
        ] {
            let given: &'static [(&str, &str)] = given;
            let error = ClientBuilder::from_variables(variables(given)).expect_err(message);
            assert!(error.to_string().contains(message), "{error}");
        }
    }
}
