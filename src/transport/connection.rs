//! What all calls of a client share.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::HeaderMap;

use crate::clock::Clock;
use crate::credentials::{Credentials, CredentialsSource};
#[cfg(feature = "blocking")]
use crate::transport::blocking::OwnRuntime;
use crate::transport::hooks::Hooks;
use crate::transport::keys::{Key, Keys};
use crate::transport::limits::Limits;
use crate::transport::rate_limit::{Active, Denied, PermitRequest, Quota, RateLimiter as _, Throttled};
use crate::transport::requests::Requests;
use crate::transport::retry::RetryPolicy;

/// What all clones of a client share.
pub(crate) struct Connection {
    pub(crate) requests: Requests,
    /// Whether the HTTP client may have sent a request before the one that failed to connect.
    pub(super) may_follow_redirects: bool,
    pub(crate) base_url: url::Url,
    pub(super) keys: Keys,
    /// Sent with every request, unless a call has a header of that name.
    pub(super) headers: HeaderMap,
    pub(super) hooks: Hooks,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    pub(super) limiter: Active,
    pub(crate) clock: Arc<dyn Clock>,
    #[cfg(feature = "recording")]
    pub(super) tape: crate::recording::Tape,
    /// For code without async.
    #[cfg(feature = "blocking")]
    pub(crate) runtime: Arc<OwnRuntime>,
}

/// What a connection is made of.
pub(crate) struct Parts {
    pub(crate) http: reqwest::Client,
    pub(crate) may_follow_redirects: bool,
    pub(crate) base_url: url::Url,
    pub(crate) credentials: CredentialsSource,
    pub(crate) headers: HeaderMap,
    pub(crate) hooks: Hooks,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    pub(crate) limiter: Active,
    pub(crate) clock: Arc<dyn Clock>,
    #[cfg(feature = "recording")]
    pub(crate) tape: crate::recording::Tape,
}

impl Connection {
    pub(crate) fn new(parts: Parts) -> Self {
        Self {
            requests: Requests::new(parts.base_url.as_str(), parts.http),
            may_follow_redirects: parts.may_follow_redirects,
            base_url: parts.base_url,
            keys: Keys::new(parts.credentials),
            headers: parts.headers,
            hooks: parts.hooks,
            limits: parts.limits,
            retry: parts.retry,
            limiter: parts.limiter,
            clock: parts.clock,
            #[cfg(feature = "recording")]
            tape: parts.tape,
            #[cfg(feature = "blocking")]
            runtime: Arc::default(),
        }
    }

    /// Replaces the credentials of later attempts. The earlier ones are still removed from responses.
    pub(crate) fn set_credentials(&self, credentials: Credentials) {
        self.keys.set(credentials);
    }

    /// Waits for a permit for one attempt. Returns the reason if none comes in time.
    pub(super) async fn permit(&self, quota: Quota, key: &Key, within: Duration) -> Result<(), Denied> {
        match &self.limiter {
            Active::InProcess(limiter) => {
                let limiter = limiter.of(quota);
                let permitted = limiter.permit(within).await;
                permitted.then_some(()).ok_or_else(|| limiter.denied())
            }
            Active::Given(limiter) => {
                let client_id = key.credentials.client_id();
                let request = PermitRequest::new(quota, within, self.base_url.as_str(), client_id);
                limiter.permit(request).await.map(drop)
            }
        }
    }

    /// Reports a 429 to the limiter.
    pub(super) fn throttled(&self, quota: Quota, key: &Key, retry_after: Option<Duration>) {
        let client_id = key.credentials.client_id();
        let report = Throttled::new(quota, retry_after, self.base_url.as_str(), client_id);
        match &self.limiter {
            Active::InProcess(limiter) => limiter.throttled(report),
            Active::Given(limiter) => limiter.throttled(report),
        }
    }
}

impl fmt::Debug for Connection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connection")
            .field("base_url", &self.base_url.as_str())
            .field("credentials", &self.keys)
            .field("limits", &self.limits)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
