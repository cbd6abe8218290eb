//! The setting of a limit.

use std::num::NonZeroU32;

/// The maximum number of requests that a client sends per minute.
///
/// All clones of a client share its limits. Calls wait for their turn; a call that cannot start before its deadline
/// fails without being sent.
///
/// ```
/// use sequencehq::{Client, Credentials, RateLimit};
///
/// // Leaves half of the API's limit to another program that uses the same key.
/// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
///     .rate_limit(RateLimit::per_minute(750))
///     .build()?;
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RateLimit(Option<NonZeroU32>);

impl RateLimit {
    /// Returns a limit of `requests` in any period of 60 seconds. Zero counts as one.
    ///
    /// ```
    /// use sequencehq::RateLimit;
    ///
    /// assert_eq!(RateLimit::per_minute(0), RateLimit::per_minute(1));
    /// ```
    pub fn per_minute(requests: u32) -> Self {
        Self(Some(NonZeroU32::new(requests).unwrap_or(NonZeroU32::MIN)))
    }

    /// Disables the limit. The API responds with 429 to requests above its own limit.
    ///
    /// ```
    /// use sequencehq::{Client, Credentials, RateLimit};
    ///
    /// // For a server of your own that does not limit requests.
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?)
    ///     .base_url("http://localhost:8080/api")
    ///     .rate_limit(RateLimit::none())
    ///     .build()?;
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn none() -> Self {
        Self(None)
    }

    pub(crate) fn requests_per_minute(self) -> Option<NonZeroU32> {
        self.0
    }
}
