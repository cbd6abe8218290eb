//! The client: cheap to clone, safe to share, pinned to one API version.

mod builder;
mod environment;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

pub use builder::ClientBuilder;
pub use environment::Environment;

use crate::clock::Clock;
use crate::transport::{Limiter, Limits, RetryPolicy};
use crate::{ApiVersion, ConfigError, Credentials};

/// A client of the Sequence API.
///
/// Clones are cheap and share connections, credentials and rate limits: make one and clone it to
/// wherever it is needed. Its accessors, one for each resource, give calls that are sent when awaited.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example() -> Result<(), sequencehq::Error> {
/// use sequencehq::{Client, types::InvoiceStatus};
///
/// let client = Client::from_env()?;
/// let mut sent = client.invoices().list().invoice_status(InvoiceStatus::Sent).items();
/// while let Some(invoice) = sent.try_next().await? {
///     println!("{} {}", invoice.id, invoice.gross_total);
/// }
/// # Ok(())
/// # }
/// ```
///
/// # Defaults
///
/// | what | default | change it with |
/// | --- | --- | --- |
/// | environment | production | [`environment`](ClientBuilder::environment), [`base_url`](ClientBuilder::base_url) |
/// | API version | the newest known | [`version`](ClientBuilder::version), [`with_version`](Self::with_version) |
/// | time for a connection | 10 s | [`connect_timeout`](ClientBuilder::connect_timeout) |
/// | time for one attempt | 30 s | [`timeout`](ClientBuilder::timeout), or on a call |
/// | time for a whole call | 120 s | [`deadline`](ClientBuilder::deadline), or on a call |
/// | retries | see [`RetryPolicy`] | [`retry`](ClientBuilder::retry), or on a call |
/// | requests in a minute | 1,500, and 12,000 usage events | [`rate_limit`](ClientBuilder::rate_limit), [`event_rate_limit`](ClientBuilder::event_rate_limit) |
/// | size of an answer | 64 MiB | [`max_response_bytes`](ClientBuilder::max_response_bytes) |
#[derive(Clone)]
pub struct Client {
    shared: Arc<Shared>,
    version: ApiVersion,
}

/// What all clones of a client share.
pub(crate) struct Shared {
    pub(crate) http: reqwest::Client,
    pub(crate) base_url: url::Url,
    pub(crate) credentials: RwLock<Arc<Credentials>>,
    pub(crate) limits: Limits,
    pub(crate) retry: RetryPolicy,
    pub(crate) requests: Limiter,
    pub(crate) events: Limiter,
    pub(crate) clock: Arc<dyn Clock>,
}

impl Client {
    /// Starts a client with these credentials.
    pub fn builder(credentials: Credentials) -> ClientBuilder {
        ClientBuilder::new(credentials)
    }

    /// A client from the environment.
    ///
    /// | variable | meaning | without it |
    /// | --- | --- | --- |
    /// | `SEQUENCE_CLIENT_ID` | client id of the API key | an error |
    /// | `SEQUENCE_CLIENT_SECRET` | client secret of the API key | an error |
    /// | `SEQUENCE_ENVIRONMENT` | `production` or `sandbox` | `production` |
    /// | `SEQUENCE_BASE_URL` | another base URL; wins over the environment | |
    /// | `SEQUENCE_API_VERSION` | API version to pin | the newest known |
    ///
    /// # Errors
    ///
    /// A variable is missing or cannot be used; the message names it.
    pub fn from_env() -> Result<Self, ConfigError> {
        ClientBuilder::from_env()?.build()
    }

    pub(crate) fn new(shared: Shared, version: ApiVersion) -> Self {
        Self {
            shared: Arc::new(shared),
            version,
        }
    }

    /// The same client pinned to another API version: a cheap clone that shares everything else.
    ///
    /// The older versions lack operations, creating customers among them. [`ApiVersion`] lists them; calling one
    /// is an error before anything is sent.
    pub fn with_version(&self, version: ApiVersion) -> Self {
        Self {
            shared: Arc::clone(&self.shared),
            version,
        }
    }

    /// The API version that this clone is pinned to.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The base URL that calls are sent to.
    pub fn base_url(&self) -> &str {
        self.shared.base_url.as_str()
    }

    /// Replaces the credentials of this client and all its clones while they run.
    ///
    /// Attempts that were sent already keep the old ones; every later attempt uses the new ones.
    pub fn set_credentials(&self, credentials: Credentials) {
        *self
            .shared
            .credentials
            .write()
            .unwrap_or_else(PoisonError::into_inner) = Arc::new(credentials);
    }

    pub(crate) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }
}

impl Shared {
    /// The credentials at this moment.
    pub(crate) fn credentials(&self) -> Arc<Credentials> {
        self.credentials
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("base_url", &self.base_url())
            .field("version", &self.version)
            .field("credentials", &self.shared.credentials())
            .field("limits", &self.shared.limits)
            .field("retry", &self.shared.retry)
            .finish_non_exhaustive()
    }
}
