//! Sends requests: permits, attempts, waits, time limits and bounded responses.
//!
//! A call builds a request with [`Requests`] and passes it to [`Connection::send`], which makes the attempts and
//! returns a [`Received`] or an error. No other code of the client accesses the network.

mod exchange;
mod rate_limit;
mod received;
mod requests;
mod retry;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

pub(crate) use exchange::Settings;
pub(crate) use rate_limit::Limiter;
pub use rate_limit::RateLimit;
pub(crate) use received::{Body, Received};
pub(crate) use requests::Requests;
pub use retry::RetryPolicy;

use crate::clock::Clock;
use crate::config_error::ConfigError;
use crate::credentials::Credentials;
use crate::operation::Quota;
use crate::redact::Redactor;

/// The state shared by all clones of a client.
pub(crate) struct Connection {
    pub(crate) requests: Requests,
    pub(crate) base_url: url::Url,
    key: RwLock<Arc<Key>>,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    pub(crate) request_limiter: Limiter,
    pub(crate) event_limiter: Limiter,
    pub(crate) clock: Arc<dyn Clock>,
}

/// The credentials of an attempt, and the redactor that removes them from the response.
struct Key {
    credentials: Credentials,
    redactor: Redactor,
}

/// The time limits of a call and the size limit of its response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// For one attempt; for a download, until its first byte.
    pub(crate) attempt: Duration,
    /// For each piece of a download.
    pub(crate) read: Duration,
    /// For the whole call.
    pub(crate) whole: Duration,
    pub(crate) bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            attempt: Duration::from_secs(30),
            read: Duration::from_secs(30),
            whole: Duration::from_secs(120),
            bytes: 8 * 1024 * 1024,
        }
    }
}

impl Limits {
    pub(crate) fn check(&self) -> Result<(), ConfigError> {
        for (name, limit) in [
            ("attempt_timeout", self.attempt),
            ("read_timeout", self.read),
            ("timeout", self.whole),
        ] {
            if limit.is_zero() {
                return Err(ConfigError::InvalidSetting(name, "must be longer than zero"));
            }
        }
        if self.bytes == 0 {
            return Err(ConfigError::InvalidSetting(
                "max_response_bytes",
                "must be greater than zero",
            ));
        }
        Ok(())
    }

    /// Returns the memory limit of a decoded response: a small multiple of the JSON's size, plus room for a few sparse
    /// structs.
    pub(crate) fn decoded_bytes(&self) -> usize {
        const SPARSE: u64 = 1024 * 1024;
        let bytes = self.bytes.saturating_mul(4).saturating_add(SPARSE);
        usize::try_from(bytes).unwrap_or(usize::MAX)
    }
}

impl Connection {
    #[allow(
        clippy::too_many_arguments,
        reason = "each argument is a part of the client, and callers pass variables of the same name"
    )]
    pub(crate) fn new(
        http: reqwest::Client,
        base_url: url::Url,
        credentials: Credentials,
        limits: Limits,
        retry: RetryPolicy,
        rate_limit: RateLimit,
        event_rate_limit: RateLimit,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self {
            requests: Requests::new(base_url.as_str(), http),
            base_url,
            key: RwLock::new(Arc::new(Key {
                redactor: credentials.redactor(),
                credentials,
            })),
            limits,
            retry,
            request_limiter: Limiter::new(rate_limit, Arc::clone(&clock)),
            event_limiter: Limiter::new(event_rate_limit, Arc::clone(&clock)),
            clock,
        }
    }

    /// Replaces the credentials for later attempts. The earlier ones are still redacted in responses.
    pub(crate) fn set_credentials(&self, credentials: Credentials) {
        let mut key = self.key.write().unwrap_or_else(PoisonError::into_inner);
        let redactor = credentials.redactor().after(&key.redactor);
        *key = Arc::new(Key {
            credentials,
            redactor,
        });
    }

    fn key(&self) -> Arc<Key> {
        Arc::clone(&self.key.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn limiter(&self, quota: Quota) -> &Limiter {
        match quota {
            Quota::Requests => &self.request_limiter,
            Quota::Events => &self.event_limiter,
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("base_url", &self.base_url.as_str())
            .field("credentials", &self.key().credentials)
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
