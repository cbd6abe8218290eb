//! The client: cheap to clone, safe to share, pinned to one API version.

mod accessors;
mod builder;
mod environment;

use std::fmt;
use std::sync::Arc;

pub use builder::ClientBuilder;
pub use environment::Environment;

use crate::call::Scope;
#[cfg(feature = "usage")]
use crate::clock::Clock;
use crate::config_error::ConfigError;
use crate::credentials::Credentials;
use crate::transport::Connection;
use crate::version::ApiVersion;

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
/// | time for one attempt | 30 s | [`attempt_timeout`](ClientBuilder::attempt_timeout), or on a call |
/// | time for each piece of a download | 30 s | [`read_timeout`](ClientBuilder::read_timeout), or on a call |
/// | time for a whole call | 120 s | [`timeout`](ClientBuilder::timeout), or on a call |
/// | retries | see [`RetryPolicy`](crate::RetryPolicy) | [`retry`](ClientBuilder::retry), or on a call |
/// | requests in a minute | 1,500, and 12,000 usage events | [`rate_limit`](ClientBuilder::rate_limit), [`event_rate_limit`](ClientBuilder::event_rate_limit) |
/// | size of a response | 8 MiB, and 33 MiB of memory when decoded | [`max_response_bytes`](ClientBuilder::max_response_bytes) |
#[derive(Clone)]
pub struct Client {
    connection: Arc<Connection>,
    version: ApiVersion,
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

    fn new(connection: Connection, version: ApiVersion) -> Self {
        Self {
            connection: Arc::new(connection),
            version,
        }
    }

    /// The same client pinned to another API version: a cheap clone that shares everything else.
    ///
    /// The older versions lack operations, creating customers among them. [`ApiVersion`] lists them; calling one
    /// is an error before anything is sent.
    pub fn with_version(&self, version: ApiVersion) -> Self {
        Self {
            connection: Arc::clone(&self.connection),
            version,
        }
    }

    /// The API version that this clone is pinned to.
    pub fn version(&self) -> ApiVersion {
        self.version
    }

    /// The base URL that calls are sent to.
    pub fn base_url(&self) -> &str {
        self.connection.base_url.as_str()
    }

    /// Replaces the credentials of this client and all its clones while they run.
    ///
    /// Attempts that were sent already keep the old ones; every later attempt uses the new ones.
    pub fn set_credentials(&self, credentials: Credentials) {
        self.connection.set_credentials(credentials);
    }

    /// What a call needs of its client.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            connection: Arc::clone(&self.connection),
            version: self.version,
        }
    }

    #[cfg(feature = "usage")]
    pub(crate) fn clock(&self) -> &Arc<dyn Clock> {
        &self.connection.clock
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("version", &self.version)
            .field("connection", &self.connection)
            .finish()
    }
}
