//! Setting a client up.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use crate::client::Client;
use crate::client::environment::{self, Environment};
use crate::clock::{Clock, SystemClock};
use crate::config_error::ConfigError;
use crate::credentials::Credentials;
use crate::transport::{Connection, Limits, RateLimit, RetryPolicy};
use crate::version::ApiVersion;

/// Sets a [`Client`] up. Its defaults are those of [`Client`]; [`build`](Self::build) checks everything.
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
    credentials: Credentials,
    base_url: String,
    version: ApiVersion,
    user_agent: Option<String>,
    connect_timeout: Duration,
    limits: Limits,
    retry: RetryPolicy,
    rate_limit: RateLimit,
    event_rate_limit: RateLimit,
    clock: Arc<dyn Clock>,
}

impl ClientBuilder {
    pub(super) fn new(credentials: Credentials) -> Self {
        Self {
            credentials,
            base_url: Environment::default().base_url().to_owned(),
            version: ApiVersion::default(),
            user_agent: None,
            connect_timeout: Duration::from_secs(10),
            limits: Limits::default(),
            retry: RetryPolicy::default(),
            rate_limit: RateLimit::per_minute(1_500),
            event_rate_limit: RateLimit::per_minute(12_000),
            clock: Arc::new(SystemClock),
        }
    }

    /// A builder from the environment, for changing what the environment does not say. See
    /// [`Client::from_env`] for the variables.
    ///
    /// # Errors
    ///
    /// A variable is missing or cannot be used.
    pub fn from_env() -> Result<Self, ConfigError> {
        Self::from_variables(|name| std::env::var(name).ok().filter(|value| !value.is_empty()))
    }

    fn from_variables(variable: impl Fn(&'static str) -> Option<String>) -> Result<Self, ConfigError> {
        let required = |name| variable(name).ok_or(ConfigError::MissingVariable(name));
        let mut builder = Self::new(Credentials::new(
            required("SEQUENCE_CLIENT_ID")?,
            required("SEQUENCE_CLIENT_SECRET")?,
        )?);
        if let Some(name) = variable("SEQUENCE_ENVIRONMENT") {
            let environment = Environment::named(&name).ok_or(ConfigError::InvalidVariable(
                "SEQUENCE_ENVIRONMENT",
                "expected `production` or `sandbox`; for another server set SEQUENCE_BASE_URL",
            ))?;
            builder = builder.environment(environment);
        }
        if let Some(url) = variable("SEQUENCE_BASE_URL") {
            environment::base_url(&url)
                .map_err(|reason| ConfigError::InvalidVariable("SEQUENCE_BASE_URL", reason))?;
            builder = builder.base_url(url);
        }
        if let Some(version) = variable("SEQUENCE_API_VERSION") {
            builder =
                builder.version(version.parse().map_err(|_| {
                    ConfigError::InvalidVariable("SEQUENCE_API_VERSION", ApiVersion::EXPECTED)
                })?);
        }
        Ok(builder)
    }

    /// One of the vendor's environments. Default: production.
    pub fn environment(self, environment: Environment) -> Self {
        self.base_url(environment.base_url())
    }

    /// Another base URL, path prefix included. It has to be `https`, except on a loopback address.
    pub fn base_url(mut self, url: impl Into<String>) -> Self {
        self.base_url = url.into();
        self
    }

    /// The API version to pin. Default: the newest that this crate knows. The older ones lack operations, which
    /// [`ApiVersion`] lists.
    pub fn version(mut self, version: ApiVersion) -> Self {
        self.version = version;
        self
    }

    /// Names your application in the `User-Agent`, before this crate's own name.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = Some(name.into());
        self
    }

    /// How long making a connection may take. Default: 10 s.
    pub fn connect_timeout(mut self, limit: Duration) -> Self {
        self.connect_timeout = limit;
        self
    }

    /// Sets the time limit of one attempt, from the connection to the last byte; for downloads, to the first byte of the
    /// body. Default: 30 s.
    pub fn attempt_timeout(mut self, limit: Duration) -> Self {
        self.limits.attempt = limit;
        self
    }

    /// Sets the time limit of each piece of a download. Default: 30 s.
    pub fn read_timeout(mut self, limit: Duration) -> Self {
        self.limits.read = limit;
        self
    }

    /// Sets the time limit of a whole call, with all attempts, waits and the download of a file. Default: 120 s.
    pub fn timeout(mut self, limit: Duration) -> Self {
        self.limits.whole = limit;
        self
    }

    /// Sets the size of the largest response that is read, in bytes. Default: 8 MiB, ten times the largest page.
    ///
    /// A response may take four times as much, and 1 MiB, when it is decoded. Downloads are limited only when they are
    /// collected with [`Download::bytes`](crate::Download::bytes).
    pub fn max_response_bytes(mut self, limit: u64) -> Self {
        self.limits.bytes = limit;
        self
    }

    /// When and how calls are attempted again. Default: see [`RetryPolicy`].
    pub fn retry(mut self, policy: RetryPolicy) -> Self {
        self.retry = policy;
        self
    }

    /// How many requests are sent in a minute, usage events not counted. Default: the API's 1,500.
    pub fn rate_limit(mut self, limit: RateLimit) -> Self {
        self.rate_limit = limit;
        self
    }

    /// How many usage events are sent in a minute. Default: the API's 12,000.
    pub fn event_rate_limit(mut self, limit: RateLimit) -> Self {
        self.event_rate_limit = limit;
        self
    }

    /// Another clock, for tests. Default: the system's.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.clock = Arc::new(clock);
        self
    }

    /// Makes the client. No connection is made yet.
    ///
    /// # Errors
    ///
    /// The base URL, the user agent or a limit cannot be used, or HTTPS could not be set up.
    pub fn build(self) -> Result<Client, ConfigError> {
        let base_url = environment::base_url(&self.base_url).map_err(ConfigError::InvalidBaseUrl)?;
        self.limits.check()?;
        if self.connect_timeout.is_zero() {
            return Err(ConfigError::InvalidSetting(
                "connect_timeout",
                "must be longer than zero",
            ));
        }
        let own = concat!("sequencehq-rust/", env!("CARGO_PKG_VERSION"));
        let user_agent = self
            .user_agent
            .as_ref()
            .map_or_else(|| own.to_owned(), |name| format!("{name} {own}"));
        let user_agent = http::HeaderValue::from_str(&user_agent)
            .map_err(|_| ConfigError::InvalidSetting("user_agent", "must be visible ASCII"))?;
        let http = reqwest::Client::builder()
            .user_agent(user_agent)
            .connect_timeout(self.connect_timeout)
            // A redirect would carry the credentials along, or turn a POST into a GET.
            .redirect(reqwest::redirect::Policy::none())
            // Retries are decided in `transport`, which knows the calls that are safe to repeat.
            .retry(reqwest::retry::never());
        let http = if base_url.scheme() == "http" {
            // No proxy may see the credentials, there are no certificates to check, and the name is not left to DNS.
            without_tls(http.no_proxy()).resolve_to_addrs("localhost", &LOOPBACK)
        } else {
            secure(http)?
        };
        let http = http
            .build()
            .map_err(|error| ConfigError::Tls(error.to_string()))?;
        let connection = Connection::new(
            http,
            base_url,
            self.credentials,
            self.limits,
            self.retry,
            self.rate_limit,
            self.event_rate_limit,
            self.clock,
        );
        Ok(Client::new(connection, self.version))
    }
}

/// What `localhost` means for a client. The port is that of the URL.
const LOOPBACK: [SocketAddr; 2] = [
    SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0),
    SocketAddr::new(IpAddr::V6(Ipv6Addr::LOCALHOST), 0),
];

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
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}

/// Rust's TLS with a provider of its own, so that nothing global is installed.
#[cfg(feature = "rustls")]
fn secure(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, ConfigError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(rustls_platform_verifier::BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| ConfigError::Tls(error.to_string()))?
        .with_no_client_auth();
    Ok(builder.tls_backend_preconfigured(config))
}

/// Trusts nobody, so that making a client needs no certificates on the machine.
#[cfg(feature = "rustls")]
fn without_tls(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("ring speaks the default versions")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth();
    builder.tls_backend_preconfigured(config)
}

#[cfg(not(feature = "rustls"))]
fn without_tls(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
}

#[cfg(not(feature = "rustls"))]
fn secure(builder: reqwest::ClientBuilder) -> Result<reqwest::ClientBuilder, ConfigError> {
    Ok(builder)
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
        assert_eq!(client.version(), ApiVersion::V2024_01_01);
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
