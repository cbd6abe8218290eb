//! What all calls of a client share.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::operation::Quota;
use crate::redact::Redactor;
use crate::transport::limits::Limits;
use crate::transport::rate_limit::{Limiter, RateLimit};
use crate::transport::requests::Requests;
use crate::transport::retry::RetryPolicy;

/// What all clones of a client share.
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

/// The credentials of an attempt, and what removes them from the response.
pub(super) struct Key {
    pub(super) credentials: Credentials,
    pub(super) redactor: Redactor,
}

impl Connection {
    #[allow(
        clippy::too_many_arguments,
        reason = "each is a part of the client, named by the caller's variable"
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

    /// Replaces the credentials of later attempts. The earlier ones are still removed from responses.
    pub(crate) fn set_credentials(&self, credentials: Credentials) {
        let mut key = self.key.write().unwrap_or_else(PoisonError::into_inner);
        let redactor = credentials.redactor().after(&key.redactor);
        *key = Arc::new(Key {
            credentials,
            redactor,
        });
    }

    pub(super) fn key(&self) -> Arc<Key> {
        Arc::clone(&self.key.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn limiter(&self, quota: Quota) -> &Limiter {
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
