//! The settings of a shared limit.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use redis::aio::{ConnectionLike, ConnectionManager, ConnectionManagerConfig};

use crate::clock::{Clock, SystemClock};
use crate::config_error::ConfigError;
use crate::shared_limit::limit::SharedLimit;
use crate::shared_limit::redis_store::{RedisStore, Scripts};
use crate::shared_limit::report::Change;
use crate::shared_limit::settings::Settings;
use crate::shared_limit::store::Store;
use crate::transport::RateLimit;

/// Builder for [`SharedLimit`].
///
/// | setting | default |
/// | --- | --- |
/// | [`requests`](Self::requests) | 1,500 per minute |
/// | [`events`](Self::events) | 12,000 per minute |
/// | [`fallback_share`](Self::fallback_share) | 0.05, for up to 20 processes |
/// | [`key_prefix`](Self::key_prefix) | `sequencehq` |
/// | [`on_change`](Self::on_change) | none |
///
/// All processes should use the same settings.
#[must_use]
pub struct SharedLimitBuilder(Settings);

impl SharedLimit {
    /// Creates a limit with the default settings. See [`SharedLimitBuilder::connect`].
    ///
    /// # Errors
    ///
    /// Returns an error if the URL is invalid, or outside of a Tokio runtime.
    pub fn connect(url: &str) -> Result<Self, ConfigError> {
        Self::builder().connect(url)
    }

    /// Returns a builder with the default settings.
    pub fn builder() -> SharedLimitBuilder {
        SharedLimitBuilder::new()
    }
}

impl SharedLimitBuilder {
    fn new() -> Self {
        Self(Settings {
            requests: RateLimit::per_minute(1_500),
            events: RateLimit::per_minute(12_000),
            fallback_share: 0.05,
            key_prefix: "sequencehq".to_owned(),
            on_change: None,
            clock: Arc::new(SystemClock),
            minute: Duration::from_secs(60),
        })
    }

    /// Sets the maximum number of requests per minute of all processes, not counting usage events. Default: 1,500.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), sequencehq::ConfigError> {
    /// use sequencehq::RateLimit;
    /// use sequencehq::shared_limit::SharedLimit;
    ///
    /// // Leaves a third of the limit to a program that does not use Redis.
    /// let limit = SharedLimit::builder().requests(RateLimit::per_minute(1_000)).connect("redis://localhost")?;
    /// # drop(limit);
    /// # Ok(())
    /// # }
    /// ```
    pub fn requests(mut self, limit: RateLimit) -> Self {
        self.0.requests = limit;
        self
    }

    /// Sets the maximum number of usage events per minute of all processes. Default: 12,000.
    pub fn events(mut self, limit: RateLimit) -> Self {
        self.0.events = limit;
        self
    }

    /// Sets the share of the limits that this process uses while Redis is not available, above 0 and at most 1.
    /// Default: 0.05.
    ///
    /// The shares of all processes should add up to 1: `1.0 / 20.0` for up to 20 equal processes.
    pub fn fallback_share(mut self, share: f64) -> Self {
        self.0.fallback_share = share;
        self
    }

    /// Sets the beginning of the names of the keys in Redis. Default: `sequencehq`.
    ///
    /// Processes with different prefixes do not share a limit.
    pub fn key_prefix(mut self, prefix: impl Into<String>) -> Self {
        self.0.key_prefix = prefix.into();
        self
    }

    /// Sets a function that is called when this process falls back to its share, and when it returns. It must not block.
    pub fn on_change(mut self, call: impl Fn(&Change) + Send + Sync + 'static) -> Self {
        self.0.on_change = Some(Arc::new(call));
        self
    }

    /// Sets the clock that this process waits with. Default: [`SystemClock`].
    ///
    /// Slots are spaced by the clock of the Redis server in any case.
    pub fn clock(mut self, clock: impl Clock) -> Self {
        self.0.clock = Arc::new(clock);
        self
    }

    /// Sets the period that the limits are for, so that a test need not last for minutes. All processes must agree.
    #[doc(hidden)]
    pub fn minute(mut self, minute: Duration) -> Self {
        self.0.minute = minute;
        self
    }

    /// Creates the limit with a connection manager. No connection is made yet. Call it within a Tokio runtime.
    ///
    /// The URL has the form `redis://[user:password@]host[:port][/database]`, or `rediss://…` with a TLS feature of the
    /// crate `redis`. The password does not occur in any output.
    ///
    /// ```
    /// use sequencehq::shared_limit::SharedLimit;
    ///
    /// let error = SharedLimit::builder().connect("localhost:6379").unwrap_err();
    /// assert!(error.to_string().contains("such as redis://localhost:6379"), "{error}");
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the URL or a setting is invalid, or outside of a Tokio runtime.
    pub fn connect(self, url: &str) -> Result<SharedLimit, ConfigError> {
        let invalid = |_| {
            ConfigError::InvalidSetting(
                "url",
                "expected a URL such as redis://localhost:6379; rediss:// requires a TLS feature of the crate `redis`",
            )
        };
        let client = redis::Client::open(url).map_err(invalid)?;
        // The connection manager would panic.
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(ConfigError::InvalidSetting(
                "connect",
                "must be called within a Tokio runtime",
            ));
        }
        // The limit has its own time limits and attempts, and falls back in the meantime.
        let config = ConnectionManagerConfig::new()
            .set_number_of_retries(0)
            .set_connection_timeout(Some(Duration::from_secs(2)))
            .set_response_timeout(Some(Duration::from_secs(2)));
        let manager = ConnectionManager::new_lazy_with_config(client, config).map_err(invalid)?;
        self.connection(manager)
    }

    /// Creates the limit with a connection of the crate [`redis`], such as one to a cluster.
    ///
    /// Clones of the connection must be cheap and share it, and it must reconnect by itself. A `MultiplexedConnection`
    /// does not; a `ConnectionManager` and a `ClusterConnection` do.
    ///
    /// ```no_run
    /// # fn example() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq::shared_limit::SharedLimit;
    /// use sequencehq::shared_limit::redis::{Client, aio::ConnectionManager, aio::ConnectionManagerConfig};
    ///
    /// let client = Client::open("redis://localhost:6379")?;
    /// let manager = ConnectionManager::new_lazy_with_config(client, ConnectionManagerConfig::new())?;
    /// let limit = SharedLimit::builder().connection(manager)?;
    /// # drop(limit);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if a setting is invalid.
    pub fn connection(
        self,
        connection: impl ConnectionLike + Clone + Send + Sync + 'static,
    ) -> Result<SharedLimit, ConfigError> {
        let settings = self.0;
        let share = settings.fallback_share;
        if !(share > 0.0 && share <= 1.0) {
            return Err(ConfigError::InvalidSetting(
                "fallback_share",
                "must be above 0 and at most 1, such as 0.05 for each of 20 processes",
            ));
        }
        let scripts = Arc::new(Scripts::new());
        let member: Arc<str> = uuid::Uuid::new_v4().to_string().into();
        let make_store = move |plan, keys| -> Box<dyn Store> {
            Box::new(RedisStore {
                connection: connection.clone(),
                scripts: Arc::clone(&scripts),
                plan,
                keys,
                member: Arc::clone(&member),
            })
        };
        Ok(SharedLimit::new(settings, Box::new(make_store)))
    }
}

impl fmt::Debug for SharedLimitBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedLimitBuilder")
            .field("requests", &self.0.requests)
            .field("events", &self.0.events)
            .field("fallback_share", &self.0.fallback_share)
            .field("key_prefix", &self.0.key_prefix)
            .finish_non_exhaustive()
    }
}
