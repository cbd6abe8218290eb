//! The client, a handle that is shared by its clones.

use std::fmt;
use std::sync::Arc;

#[cfg(feature = "operations")]
use crate::call::named::OperationCall;
use crate::call::{Scope, UntypedCall};
#[cfg(feature = "usage")]
use crate::clock::Clock;
use crate::credentials::Credentials;
use crate::transport::Connection;
#[cfg(all(feature = "blocking", feature = "usage"))]
use crate::transport::OwnRuntime;
use crate::version::ApiVersion;

/// A client for the Sequence API.
///
/// Clones are cheap and share connections, credentials and rate limits: create one client and clone it
/// wherever it is needed. It has an accessor for each resource, whose methods return calls that are sent when awaited.
///
/// Create it with [`from_env`](Self::from_env), [`builder`](Self::builder) or
/// [`builder_with_provider`](Self::builder_with_provider).
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
/// The page [`guide::in_production`](crate::guide::in_production) has the reasons, and when to change them.
///
/// | setting | default | set with |
/// | --- | --- | --- |
/// | environment | production | [`environment`](crate::ClientBuilder::environment), [`base_url`](crate::ClientBuilder::base_url) |
/// | API version | the newest known | [`api_version`](crate::ClientBuilder::api_version), [`with_api_version`](Self::with_api_version) |
/// | connect timeout | 10 s | [`connect_timeout`](crate::ClientBuilder::connect_timeout) |
/// | proxy | that of `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` | [`proxy`](crate::ClientBuilder::proxy), [`no_proxy`](crate::ClientBuilder::no_proxy) |
/// | root certificates | those of the operating system, or of `SSL_CERT_FILE` | [`root_certificate`](crate::ClientBuilder::root_certificate) |
/// | client certificate | none | [`client_certificate`](crate::ClientBuilder::client_certificate) |
/// | timeout of one attempt | 30 s | [`attempt_timeout`](crate::ClientBuilder::attempt_timeout), or on a call |
/// | timeout of each chunk of a download | 30 s | [`read_timeout`](crate::ClientBuilder::read_timeout), or on a call |
/// | timeout of a whole call | 120 s | [`timeout`](crate::ClientBuilder::timeout), or on a call |
/// | retries | see [`RetryPolicy`](crate::RetryPolicy) | [`retry`](crate::ClientBuilder::retry), or on a call |
/// | requests per minute | 1,500, and 12,000 usage events | [`rate_limit`](crate::ClientBuilder::rate_limit), [`event_rate_limit`](crate::ClientBuilder::event_rate_limit), [`rate_limiter`](crate::ClientBuilder::rate_limiter) |
/// | maximum size of a response | 8 MiB, and 33 MiB of memory when decoded | [`max_response_bytes`](crate::ClientBuilder::max_response_bytes) |
/// | bodies of responses | not kept | [`keep_body`](crate::ClientBuilder::keep_body), or on a call |
#[derive(Clone)]
pub struct Client {
    connection: Arc<Connection>,
    version: ApiVersion,
}

impl Client {
    pub(in crate::client) fn new(connection: Connection, version: ApiVersion) -> Self {
        Self {
            connection: Arc::new(connection),
            version,
        }
    }

    /// Returns a clone of this client that is pinned to another API version and shares everything else.
    ///
    /// Older versions lack some operations, such as creating customers; [`ApiVersion`] lists them. Calling one
    /// returns an error before anything is sent.
    ///
    /// ```
    /// use sequencehq::{ApiVersion, Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?).build()?;
    /// let older = client.with_api_version(ApiVersion::V2024_01_01);
    /// assert_eq!(older.api_version(), ApiVersion::V2024_01_01);
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn with_api_version(&self, version: ApiVersion) -> Self {
        Self {
            connection: Arc::clone(&self.connection),
            version,
        }
    }

    /// Returns the API version that this client is pinned to.
    ///
    /// ```
    /// use sequencehq::{ApiVersion, Client, Credentials};
    ///
    /// let client = Client::builder(Credentials::new("my-client", "my-secret")?).build()?;
    /// assert_eq!(client.api_version(), ApiVersion::default());
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn api_version(&self) -> ApiVersion {
        self.version
    }

    /// Returns the base URL that calls are sent to.
    pub fn base_url(&self) -> &str {
        self.connection.base_url.as_str()
    }

    /// Replaces the credentials of this client and all its clones.
    ///
    /// For credentials that change regularly, pass a [`CredentialsProvider`](crate::CredentialsProvider) to
    /// [`builder_with_provider`](Self::builder_with_provider) instead. If there is one, it is asked again after a 401.
    ///
    /// Attempts already sent keep the old credentials; all later attempts use the new ones, including retries of
    /// calls in progress.
    ///
    /// ```no_run
    /// use sequencehq::{Client, Credentials};
    ///
    /// let client = Client::from_env()?;
    /// client.set_credentials(Credentials::new("my-client", "the new secret")?);
    /// # Ok::<(), sequencehq::ConfigError>(())
    /// ```
    pub fn set_credentials(&self, credentials: Credentials) {
        self.connection.set_credentials(credentials);
    }

    /// Returns a call of an endpoint that this version of the crate does not know.
    ///
    /// `path` is relative to the base URL, with its parameters in braces: `/new-things/{id}`. It is a part of your
    /// program; values are set with [`segment`](UntypedCall::segment) and [`query`](UntypedCall::query), which encode
    /// them. [`UntypedCall`] has the details and an example.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// use sequencehq::http::Method;
    ///
    /// let thing = client
    ///     .request(Method::POST, "/new-things/{id}/close")
    ///     .segment("id", "a-1")
    ///     .json(&serde_json::json!({ "reason": "done" }))
    ///     .await?;
    /// println!("{}", thing["status"]);
    /// # Ok(())
    /// # }
    /// ```
    pub fn request(&self, method: http::Method, path: &'static str) -> UntypedCall {
        UntypedCall::new(&self.scope(), method, path)
    }

    /// Returns a call by the name of its operation, such as `invoice_void`, with JSON in and JSON out.
    ///
    /// The name is the `operationId` in the [`document`](crate::document): the resource and the method of its accessor.
    /// An unknown name is an error when the call is sent, with a suggestion. [`OperationCall`] has the details.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let call = client.operation("invoice_list").argument("invoiceStatus", "SENT");
    /// let mut sent = call.items::<serde_json::Value>();
    /// while let Some(invoice) = sent.try_next().await? {
    ///     println!("{}", invoice["invoiceNumber"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "operations")]
    pub fn operation(&self, name: &str) -> OperationCall {
        OperationCall::new(&self.scope(), name, crate::calls::ENTRIES)
    }

    /// Returns the parts of the client that a call needs.
    pub(crate) fn scope(&self) -> Scope {
        Scope {
            connection: Arc::clone(&self.connection),
            version: self.version,
        }
    }

    #[cfg(all(feature = "blocking", feature = "usage"))]
    pub(crate) fn runtime(&self) -> &Arc<OwnRuntime> {
        &self.connection.runtime
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
