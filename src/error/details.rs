//! The error, its details, and questions about it.

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::config_error::ConfigError;
use crate::data::place::{self, Undecodable};
use crate::data::{BuildError, Conflict, InvalidInput};
use crate::error::excerpt::excerpt;
use crate::redact::Redactor;
use crate::version::ApiVersion;

/// The number of bytes of an error's body that are kept.
pub(crate) const KEPT_BODY: usize = 64 * 1024;
/// The number of characters of the API's message that `Display` and `Debug` print.
pub(super) const PRINTED_MESSAGE: usize = 300;

/// The error returned by every API call.
///
/// [`status`](Self::status) and [`message`](Self::message) describe the API's response, [`kind`](Self::kind) and the `is_…`
/// predicates classify the failure, and [`may_have_acted`](Self::may_have_acted) indicates whether the
/// request may have been processed. Check it before repeating a call.
///
/// `Display` prints the operation, the status, the API's error type and message, the request id and the
/// number of attempts. If the API was not reached, it prints the cause: a name that was not resolved, a certificate that is
/// not trusted, or a proxy that refused. It never prints a secret or a whole body.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// match client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
///     Ok(invoice) => println!("{} is void", invoice.id),
///     Err(error) if error.is_not_found() => println!("no such invoice"),
///     Err(error) if error.may_have_acted() => println!("read the invoice first: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(pub(super) Box<Details>);

pub(super) struct Details {
    pub(super) failure: Failure,
    pub(super) operation: Option<&'static str>,
    pub(super) response: ErrorResponse,
    pub(super) attempts: u32,
    pub(super) waited: Duration,
    pub(super) may_have_acted: bool,
    pub(super) source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// The parts of an error response that were received.
#[derive(Clone, Default)]
pub(crate) struct ErrorResponse {
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) error_type: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
    /// Removes the credentials from what is quoted of the body.
    pub(crate) redactor: Option<Redactor>,
}

/// What failed, with the details that `Display` prints.
#[derive(Debug)]
pub(crate) enum Failure {
    Config(ConfigError),
    Input(InvalidInput),
    /// The operation does not exist in the pinned version.
    Version {
        pinned: ApiVersion,
        has: &'static [ApiVersion],
    },
    /// The provider of credentials failed, so nothing was sent.
    Credentials,
    /// A hook failed before an attempt, so nothing was sent.
    Hook,
    /// No connection was made, so nothing was sent.
    Connect {
        /// The host, and the port if it is not that of the scheme.
        to: String,
    },
    /// The request was sent, at least in part, and the response is missing or incomplete.
    Interrupted,
    /// An attempt exceeded its time limit.
    AttemptTimeout(Duration),
    /// The whole call, including waits, exceeded its time limit.
    Timeout(Duration),
    /// The API responded with an error status.
    Status,
    /// The API responded with a redirect.
    Redirect,
    /// A successful response that does not match the API schema.
    Decode {
        path: String,
    },
    /// A web page in place of a PDF.
    WebPage,
    /// A response that exceeds the client's size limit.
    TooLarge {
        limit: u64,
    },
    /// A response that exceeds the client's memory limit when decoded.
    TooLargeDecoded {
        limit: usize,
    },
    /// The file of a download cannot be written.
    File {
        path: String,
    },
    /// A call was waited for inside async code.
    #[cfg(feature = "blocking")]
    InsideAsync,
    /// The runtime for code without async could not be started.
    #[cfg(feature = "blocking")]
    Runtime,
    /// The recording that is replayed has no response, so nothing was sent.
    #[cfg(feature = "recording")]
    NotRecorded {
        message: String,
    },
    /// A list returned a cursor that it had returned before.
    RepeatedCursor,
}

impl Error {
    pub(crate) fn new(failure: Failure, operation: &'static str) -> Self {
        let may_have_acted = match failure {
            // Servers often redirect after they have processed a request.
            Failure::Interrupted
            | Failure::AttemptTimeout(_)
            | Failure::Decode { .. }
            | Failure::WebPage
            | Failure::TooLarge { .. }
            | Failure::TooLargeDecoded { .. }
            | Failure::Redirect => true,
            Failure::Config(_)
            | Failure::Input(_)
            | Failure::Version { .. }
            | Failure::Credentials
            | Failure::Hook
            | Failure::Connect { .. }
            | Failure::Timeout(_)
            | Failure::Status
            | Failure::File { .. }
            | Failure::RepeatedCursor => false,
            #[cfg(feature = "blocking")]
            Failure::InsideAsync | Failure::Runtime => false,
            #[cfg(feature = "recording")]
            Failure::NotRecorded { .. } => false,
        };
        Self(Box::new(Details {
            failure,
            operation: Some(operation),
            response: ErrorResponse::default(),
            attempts: 0,
            waited: Duration::ZERO,
            may_have_acted,
            source: None,
        }))
    }

    pub(crate) fn with_source(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    pub(crate) fn with_response(mut self, response: ErrorResponse) -> Self {
        if matches!(self.0.failure, Failure::Status) {
            // Only a client error guarantees that nothing was done. A server error leaves open what happened
            // before it, and so does a status that is not expected here (101, 600).
            self.0.may_have_acted = response
                .status
                .is_none_or(|status| !status.is_client_error() || status == StatusCode::REQUEST_TIMEOUT);
        }
        self.0.response = response;
        self
    }

    /// Adds the first bytes of a response's body.
    pub(crate) fn with_body(mut self, body: &Bytes, redactor: &Redactor) -> Self {
        self.0.response.body = body.slice(..body.len().min(KEPT_BODY));
        self.0.response.redactor = Some(redactor.clone());
        self
    }

    /// Adds the status and headers of a response whose status was a success.
    pub(crate) fn with_head(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        self.0.response.status = Some(status);
        self.0.response.headers = headers;
        self
    }

    /// Adds the totals of the whole call. An earlier attempt may have been processed even if the last one was not.
    pub(crate) fn after(mut self, attempts: u32, waited: Duration, earlier_may_have_acted: bool) -> Self {
        self.0.attempts = attempts;
        self.0.waited = waited;
        self.0.may_have_acted |= earlier_may_have_acted;
        self
    }

    /// Names the time limit of the call if it left less time for the attempt than the limit of an attempt.
    pub(crate) fn of_call(mut self, attempt: Duration, whole: Duration) -> Self {
        if matches!(self.0.failure, Failure::AttemptTimeout(limit) if limit < attempt) {
            self.0.failure = Failure::Timeout(whole);
        }
        self
    }

    /// Returns the `Content-Type` of the response.
    pub(super) fn content_type(&self) -> Option<&str> {
        let value = self.headers().get(http::header::CONTENT_TYPE)?;
        value.to_str().ok()
    }

    pub(crate) fn failure(&self) -> &Failure {
        &self.0.failure
    }

    /// Returns the id of the operation that failed, such as `invoice_void`, or `None` for configuration errors.
    ///
    /// ```
    /// # #[cfg(feature = "invoices")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
    /// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
    /// let error = client.invoices().void("..").await.unwrap_err(); // an id that would change the path
    /// assert_eq!(error.operation(), Some("invoice_void"));
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "invoices"))]
    /// # fn main() {}
    /// ```
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// Returns the HTTP status, or `None` if no response was received.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     match error.status() {
    ///         Some(status) => println!("the API responded with {status}"),
    ///         None => println!("no response"),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.status
    }

    /// Returns the headers of the response, which are empty if there was none.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     if let Some(date) = error.headers().get("date") {
    ///         println!("{}", String::from_utf8_lossy(date.as_bytes()));
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        &self.0.response.headers
    }

    /// Returns the request id from the response headers. Include it when you contact the vendor's support.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     eprintln!("request id: {}", error.request_id().unwrap_or("none"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.response.headers)
    }

    /// Returns the API version named in the response.
    pub fn api_version(&self) -> Option<&str> {
        api_version(&self.0.response.headers)
    }

    /// Returns the error type from the response, such as `UnrecognisedApiVersion`. The API documents few of them.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     if error.error_type() == Some("UnrecognisedApiVersion") {
    ///         eprintln!("pin another version");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn error_type(&self) -> Option<&str> {
        self.0.response.error_type.as_deref()
    }

    /// Returns the human-readable message from the response.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     eprintln!("{}", error.message().unwrap_or("no message"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn message(&self) -> Option<&str> {
        self.0.response.message.as_deref()
    }

    /// Returns the raw body of the response, up to its first 64 KiB.
    ///
    /// `Display` and `Debug` never print it, since it may contain sensitive data.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     if error.is_server_error() {
    ///         std::fs::write("error.body", error.body()).expect("the directory is writable");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn body(&self) -> &[u8] {
        &self.0.response.body
    }

    /// Decodes the body of the response.
    ///
    /// Use it for errors of a proxy or a gateway with a format of its own. [`conflict`](Self::conflict) decodes the details
    /// that an operation of the API documents.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     let body: serde_json::Value = error.body_as()?;
    ///     println!("{}", body["error"]);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if the body does not match `T` or was truncated at 64 KiB. It is about the same response as
    /// `self`, with the JSON path of the mismatch, and [`is_decode`](Self::is_decode) is `true`.
    pub fn body_as<T: DeserializeOwned>(&self) -> Result<T, Error> {
        let response = &self.0.response;
        place::decode(&response.body).map_err(|Undecodable { path, error }| {
            // The error quotes the value that it found, which may be a secret.
            let error = error.to_string();
            let redactor = response.redactor.as_ref();
            let clean = redactor.map_or(Cow::from(&*error), |redactor| redactor.text(&error));
            let mut undecodable = Self::new(Failure::Decode { path }, "")
                .with_source(excerpt(&clean, PRINTED_MESSAGE))
                .with_response(response.clone())
                .after(self.0.attempts, self.0.waited, false);
            undecodable.0.operation = self.0.operation;
            undecodable.0.may_have_acted = self.0.may_have_acted;
            undecodable
        })
    }

    /// Returns the details of a conflict (409), if the operation that failed documents the type `T` for them.
    ///
    /// The documentation of a call names its type. Returns `None` for any other error, and for a body that does not match;
    /// [`body_as`](Self::body_as) returns the reason.
    ///
    /// ```no_run
    /// # #[cfg(feature = "credit-notes")]
    /// # async fn example(
    /// #     client: sequencehq::Client,
    /// #     body: sequencehq::types::CreditNoteApplicationCreate,
    /// # ) -> Result<(), sequencehq::Error> {
    /// use sequencehq::types::CreditNoteApplicationConflict;
    ///
    /// if let Err(error) = client.credit_note_applications().create(body).await {
    ///     match error.conflict::<CreditNoteApplicationConflict>() {
    ///         Some(now) => println!("the balances have changed: {now:?}"),
    ///         None => return Err(error),
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn conflict<T: Conflict>(&self) -> Option<T> {
        let is_documented =
            self.is_conflict() && self.operation().is_some_and(|id| T::OPERATIONS.contains(&id));
        is_documented.then(|| self.body_as().ok()).flatten()
    }

    /// Returns the delay requested by the API in `Retry-After`, given as seconds or as a date.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     if let Some(delay) = error.retry_after() {
    ///         tokio::time::sleep(delay).await;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.response.retry_after
    }

    /// Returns the number of attempts, including the first. Zero if nothing was sent.
    ///
    /// ```
    /// # #[cfg(feature = "invoices")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
    /// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
    /// let error = client.invoices().void("..").await.unwrap_err(); // an id that would change the path
    /// assert_eq!(error.attempts(), 0);
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "invoices"))]
    /// # fn main() {}
    /// ```
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Returns the total time spent waiting between attempts.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     eprintln!("{} attempts, waited for {:.1} s", error.attempts(), error.waited().as_secs_f64());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn waited(&self) -> Duration {
        self.0.waited
    }

    /// Returns the JSON path at which decoding failed, such as `items[3].grossTotal`.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// if let Err(error) = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     if let Some(path) = error.path() {
    ///         eprintln!("the response has an unexpected value at {path}");
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn path(&self) -> Option<&str> {
        match &self.0.failure {
            Failure::Decode { path } => Some(path),
            _ => None,
        }
    }

    /// Returns `true` if the server may have processed the request.
    ///
    /// This is the case if any attempt ended with a timeout, a connection lost while waiting for the response,
    /// a server error, a redirect, or a response that could not be read. Check the state of the resource before
    /// you repeat a call that bills, sends or creates something. `false` means that the request was not
    /// processed: the server rejected it or was never reached.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let id = "6cedbb5e-4f77-4217-b8d4-020e7e4d33c9";
    /// let sent = match client.invoices().mark_as_sent(id).await {
    ///     Err(error) if error.may_have_acted() => client.invoices().get(id).await?, // check the status before retrying
    ///     result => result?,
    /// };
    /// println!("{}", sent.status);
    /// # Ok(())
    /// # }
    /// ```
    pub fn may_have_acted(&self) -> bool {
        self.0.may_have_acted
    }

    /// Returns `true` if the input was rejected before anything was sent.
    ///
    /// The message names the argument and the problem.
    ///
    /// ```
    /// # #[cfg(feature = "invoices")] {
    /// use sequencehq::{Error, types::InvoiceCreate};
    ///
    /// let error = Error::from(InvoiceCreate::builder().memo("Thanks").build().unwrap_err());
    /// assert!(error.is_invalid_input());
    /// assert!(!error.may_have_acted());
    /// assert_eq!(error.attempts(), 0);
    /// # }
    /// ```
    pub fn is_invalid_input(&self) -> bool {
        matches!(self.0.failure, Failure::Input(_))
    }

    /// Returns `true` if the client is misconfigured. See [`ConfigError`] for the causes.
    ///
    /// ```
    /// use sequencehq::{Credentials, Error};
    ///
    /// let error = Error::from(Credentials::new("my-client", "").unwrap_err());
    /// assert!(error.is_config());
    /// assert_eq!(error.operation(), None);
    /// ```
    pub fn is_config(&self) -> bool {
        matches!(self.0.failure, Failure::Config(_))
    }

    /// Returns `true` if the operation does not exist in the pinned API version.
    ///
    /// Nothing was sent. Pin a newer version.
    ///
    /// ```
    /// # #[cfg(feature = "products")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
    /// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
    /// use sequencehq::ApiVersion;
    ///
    /// let older = client.with_api_version(ApiVersion::V2024_01_01);
    /// let error = older.products().archive("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await.unwrap_err();
    /// assert!(error.is_unsupported_version());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "products"))]
    /// # fn main() {}
    /// ```
    pub fn is_unsupported_version(&self) -> bool {
        matches!(self.0.failure, Failure::Version { .. })
    }

    /// Returns `true` if no connection could be made.
    ///
    /// Nothing was sent. The usual causes are DNS, a firewall, a proxy or a wrong base URL.
    ///
    /// ```
    /// # #[cfg(feature = "invoices")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let credentials = sequencehq::Credentials::new("my-client", "my-secret")?;
    /// # let client = sequencehq::Client::builder(credentials).base_url("http://localhost:1").build()?;
    /// use sequencehq::RetryPolicy;
    ///
    /// // Nothing listens on this port.
    /// let error = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").retry(RetryPolicy::none()).await.unwrap_err();
    /// assert!(error.is_connect());
    /// assert!(!error.may_have_acted());
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "invoices"))]
    /// # fn main() {}
    /// ```
    pub fn is_connect(&self) -> bool {
        matches!(self.0.failure, Failure::Connect { .. })
    }

    /// Returns `true` if an attempt or the whole call exceeded its time limit.
    ///
    /// Check [`may_have_acted`](Self::may_have_acted) before you repeat the call.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// match client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     Ok(invoice) => println!("{}", invoice.status),
    ///     Err(error) if error.is_timeout() => println!("the API is slow; try again later"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.failure, Failure::AttemptTimeout(_) | Failure::Timeout(_))
    }

    /// Returns `true` if the connection was lost while waiting for the response or reading it.
    ///
    /// The server may have processed the request.
    pub fn is_interrupted(&self) -> bool {
        matches!(self.0.failure, Failure::Interrupted)
    }

    /// Returns `true` if a successful response did not match the API schema.
    ///
    /// [`path`](Self::path) returns the location of the mismatch. The server has processed the request; the
    /// usual cause is a change on the vendor's side.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// match client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     Ok(invoice) => println!("{}", invoice.status),
    ///     Err(error) if error.is_decode() => println!("update this crate: {error}"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_decode(&self) -> bool {
        matches!(self.0.failure, Failure::Decode { .. } | Failure::WebPage)
    }

    /// Returns `true` if the response exceeded the client's size limit.
    ///
    /// Raise [`max_response_bytes`](crate::ClientBuilder::max_response_bytes), or request smaller pages. The server
    /// may have processed the request.
    pub fn is_too_large(&self) -> bool {
        matches!(
            self.0.failure,
            Failure::TooLarge { .. } | Failure::TooLargeDecoded { .. }
        )
    }

    /// Returns `true` for status 400: the request is invalid.
    ///
    /// See [`message`](Self::message) for the reason.
    pub fn is_bad_request(&self) -> bool {
        self.status() == Some(StatusCode::BAD_REQUEST)
    }

    /// Returns `true` for status 401: the client id or secret is wrong, or belongs to another environment.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// match client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     Ok(invoice) => println!("{}", invoice.status),
    ///     Err(error) if error.is_unauthorized() => println!("check SEQUENCE_CLIENT_SECRET"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Returns `true` for status 403: the API key lacks the permission.
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(StatusCode::FORBIDDEN)
    }

    /// Returns `true` for status 404: the resource does not exist, or is not visible to this API key.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// match client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     Ok(invoice) => println!("{}", invoice.status),
    ///     Err(error) if error.is_not_found() => println!("no such invoice"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Returns `true` for status 409: the state of the resource does not allow the operation, or has changed in
    /// the meantime.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// match client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     Ok(invoice) => println!("{}", invoice.status),
    ///     Err(error) if error.is_conflict() => println!("not possible in this state: {error}"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(StatusCode::CONFLICT)
    }

    /// Returns `true` for status 429: too many requests were sent. The request was not processed.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// match client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     Ok(invoice) => println!("{}", invoice.status),
    ///     Err(error) if error.is_rate_limited() => println!("another program uses the same API key"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Returns `true` for status 5xx: the API failed, possibly after processing the request.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// match client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
    ///     Ok(invoice) => println!("{}", invoice.status),
    ///     Err(error) if error.is_server_error() => println!("the API failed: {error}"),
    ///     Err(error) => return Err(error),
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status.is_server_error())
    }
}

/// Returns the request id from the first of the usual headers that is present.
pub(crate) fn request_id(headers: &HeaderMap) -> Option<&str> {
    const NAMES: [&str; 6] = [
        "x-request-id",
        "request-id",
        "sequence-request-id",
        "x-correlation-id",
        "x-amzn-requestid",
        "cf-ray",
    ];
    NAMES.iter().find_map(|name| headers.get(*name)?.to_str().ok())
}

/// Returns the API version named in a response.
pub(crate) fn api_version(headers: &HeaderMap) -> Option<&str> {
    headers.get("sequence-version")?.to_str().ok()
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // `Display` prints the source and its cause. The chain continues below it, for code that searches it for a type.
        self.0.source.as_ref().and_then(|source| source.source())
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        let mut config = Self::new(Failure::Config(error), "");
        config.0.operation = None;
        config
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        let mut input = Self::new(Failure::Input(error.into()), "");
        input.0.operation = None;
        input
    }
}
