//! A response: value, status, headers and metadata.

use std::fmt;
use std::ops::Deref;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};

use crate::error::{api_version, request_id};
use crate::version::ApiVersion;

/// A response: value, status, headers and metadata.
///
/// Returned by `.send()`; awaiting a call returns only the value. It dereferences to the value.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// let response = client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").send().await?;
/// println!("{} {:?}", response.status(), response.request_id());
/// println!("{:?}", response.invoice_number); // a field of the invoice
/// let invoice = response.into_inner();
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Response<T> {
    value: T,
    meta: Meta,
}

/// The metadata of a response. The headers are already redacted.
#[derive(Clone)]
pub(crate) struct Meta {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) requested: ApiVersion,
    pub(crate) attempts: u32,
    pub(crate) waited: Duration,
    /// The body as it was received, if the call keeps it.
    pub(crate) body: Option<Bytes>,
}

impl<T> Response<T> {
    pub(crate) fn new(value: T, meta: Meta) -> Self {
        Self { value, meta }
    }

    /// Converts the response into its value.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let response = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").send().await?;
    /// let invoice = response.into_inner();
    /// println!("{}", invoice.gross_total);
    /// # Ok(())
    /// # }
    /// ```
    pub fn into_inner(self) -> T {
        self.value
    }

    /// Returns the HTTP status, such as 200 or 201.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let response = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").send().await?;
    /// assert!(response.status().is_success());
    /// # Ok(())
    /// # }
    /// ```
    pub fn status(&self) -> StatusCode {
        self.meta.status
    }

    /// Returns the headers of the response.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let response = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").send().await?;
    /// if let Some(date) = response.headers().get("date") {
    ///     println!("{}", String::from_utf8_lossy(date.as_bytes()));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn headers(&self) -> &HeaderMap {
        &self.meta.headers
    }

    /// Returns the request id from the response headers. Include it when you contact the vendor's support.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let response = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").send().await?;
    /// println!("{}", response.request_id().unwrap_or("no request id"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.meta.headers)
    }

    /// Returns the API version named in the response.
    pub fn api_version(&self) -> Option<&str> {
        api_version(&self.meta.headers)
    }

    /// Returns `true` if the response names another API version than the requested one.
    ///
    /// The vendor can pin an API key to a version. The types decode every supported version, so a mismatch is not
    /// an error, but fields of newer versions may be absent.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let response = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").send().await?;
    /// if response.is_version_mismatch() {
    ///     println!("the response has version {}", response.api_version().unwrap_or("unknown"));
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn is_version_mismatch(&self) -> bool {
        self.api_version()
            .is_some_and(|version| version != self.meta.requested.as_str())
    }

    /// Returns the number of attempts, including the first.
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// let response = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").send().await?;
    /// if response.attempts() > 1 {
    ///     println!("retried; waited for {:.1} s", response.waited().as_secs_f64());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn attempts(&self) -> u32 {
        self.meta.attempts
    }

    /// Returns the total time spent waiting between attempts.
    pub fn waited(&self) -> Duration {
        self.meta.waited
    }

    /// Returns the body as it was received, or `None` unless the call or the client keeps it
    /// ([`keep_body`](crate::ClientBuilder::keep_body)).
    ///
    /// It is not printed by `Debug`, since it may contain secrets. The pages of a list have it too, through
    /// [`Page::response`](crate::Page::response).
    ///
    /// ```no_run
    /// # #[cfg(feature = "invoices")]
    /// # async fn example(client: sequencehq::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// let call = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").keep_body(true);
    /// let response = call.send().await?;
    /// if let Some(body) = response.body() {
    ///     std::fs::write("invoice.json", body)?;
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn body(&self) -> Option<&Bytes> {
        self.meta.body.as_ref()
    }

    pub(crate) fn meta(&self) -> &Meta {
        &self.meta
    }

    pub(crate) fn map<U>(self, change: impl FnOnce(T) -> U) -> Response<U> {
        Response {
            value: change(self.value),
            meta: self.meta,
        }
    }
}

impl<T> Deref for Response<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: fmt::Debug> fmt::Debug for Response<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Response")
            .field("value", &self.value)
            .field("meta", &self.meta)
            .finish()
    }
}

/// Omits the headers, which are numerous and may contain cookies, and the body.
impl fmt::Debug for Meta {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Meta")
            .field("status", &self.status)
            .field("request_id", &request_id(&self.headers))
            .field("api_version", &api_version(&self.headers))
            .field("requested_version", &self.requested)
            .field("attempts", &self.attempts)
            .field("waited", &self.waited)
            .finish_non_exhaustive()
    }
}
