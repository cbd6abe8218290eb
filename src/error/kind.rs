//! The kinds of errors, to match on.

use std::fmt;

use http::StatusCode;

use crate::error::details::{Error, Failure};

/// The kind of an [`Error`], returned by [`Error::kind`].
///
/// Each failure has one kind. New kinds are not a breaking change, so a `match` needs an arm for all others. The `is_…`
/// questions of [`Error`] are the same classification, one kind at a time.
///
/// The kind does not state whether the request may have been processed: check
/// [`Error::may_have_acted`] before you repeat a call.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// use sequencehq::ErrorKind;
///
/// match client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
///     Ok(invoice) => println!("{}", invoice.status),
///     Err(error) => match error.kind() {
///         ErrorKind::NotFound => println!("no such invoice"),
///         ErrorKind::Connect | ErrorKind::Timeout | ErrorKind::ServerError => println!("try again later: {error}"),
///         _ => return Err(error),
///     },
/// }
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The client is misconfigured.
    Config,
    /// The input was rejected before anything was sent.
    InvalidInput,
    /// The operation does not exist in the pinned API version.
    UnsupportedVersion,
    /// The [`CredentialsProvider`](crate::CredentialsProvider) failed. Nothing was sent.
    Credentials,
    /// A [`Hook`](crate::Hook) failed before the attempt. Nothing was sent.
    Hook,
    /// No connection could be made. Nothing was sent.
    Connect,
    /// The connection was lost before the response was complete.
    Interrupted,
    /// An attempt or the whole call exceeded its time limit.
    Timeout,
    /// Status 400: the request is invalid.
    BadRequest,
    /// Status 401: the credentials are wrong, or belong to another environment.
    Unauthorized,
    /// Status 403: the API key lacks the permission.
    Forbidden,
    /// Status 404: the resource does not exist, or is not visible to this API key.
    NotFound,
    /// Status 409: the state of the resource does not allow the operation.
    Conflict,
    /// Status 429: too many requests.
    RateLimited,
    /// Status 5xx: the API failed.
    ServerError,
    /// Another status that is not a success.
    OtherStatus,
    /// A redirect, which is not followed.
    Redirect,
    /// A successful response that does not match the API schema, or a web page in place of a PDF.
    Decode,
    /// The response exceeds the size limit of the client.
    TooLarge,
    /// The file of [`Download::save`](crate::Download::save) cannot be written.
    File,
    /// A call was waited for inside async code, or the runtime for code without async cannot be started (feature
    /// `blocking`). Nothing was sent.
    Blocking,
    /// The `recording` that the client replays has no response to the request (feature `recording`). Nothing was sent.
    NotRecorded,
    /// A list returned the same cursor twice.
    RepeatedCursor,
}

impl ErrorKind {
    /// Returns the name of the kind in lower case, such as `rate_limited`, for logs and metrics.
    ///
    /// ```
    /// use sequencehq::ErrorKind;
    ///
    /// assert_eq!(ErrorKind::RateLimited.as_str(), "rate_limited");
    /// assert_eq!(ErrorKind::RateLimited.to_string(), "rate_limited");
    /// ```
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Config => "config",
            Self::InvalidInput => "invalid_input",
            Self::UnsupportedVersion => "unsupported_version",
            Self::Credentials => "credentials",
            Self::Hook => "hook",
            Self::Connect => "connect",
            Self::Interrupted => "interrupted",
            Self::Timeout => "timeout",
            Self::BadRequest => "bad_request",
            Self::Unauthorized => "unauthorized",
            Self::Forbidden => "forbidden",
            Self::NotFound => "not_found",
            Self::Conflict => "conflict",
            Self::RateLimited => "rate_limited",
            Self::ServerError => "server_error",
            Self::OtherStatus => "other_status",
            Self::Redirect => "redirect",
            Self::Decode => "decode",
            Self::TooLarge => "too_large",
            Self::File => "file",
            Self::Blocking => "blocking",
            Self::NotRecorded => "not_recorded",
            Self::RepeatedCursor => "repeated_cursor",
        }
    }

    fn of_status(status: StatusCode) -> Self {
        match status {
            StatusCode::BAD_REQUEST => Self::BadRequest,
            StatusCode::UNAUTHORIZED => Self::Unauthorized,
            StatusCode::FORBIDDEN => Self::Forbidden,
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::CONFLICT => Self::Conflict,
            StatusCode::TOO_MANY_REQUESTS => Self::RateLimited,
            status if status.is_server_error() => Self::ServerError,
            _ => Self::OtherStatus,
        }
    }
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Error {
    /// Returns the kind of the error, to match on. See [`ErrorKind`].
    ///
    /// ```
    /// use sequencehq::{Credentials, Error, ErrorKind};
    ///
    /// let error = Error::from(Credentials::new("my-client", "").unwrap_err());
    /// assert_eq!(error.kind(), ErrorKind::Config);
    /// ```
    pub fn kind(&self) -> ErrorKind {
        match self.failure() {
            Failure::Config(_) => ErrorKind::Config,
            Failure::Input(_) => ErrorKind::InvalidInput,
            Failure::Version { .. } => ErrorKind::UnsupportedVersion,
            Failure::Credentials => ErrorKind::Credentials,
            Failure::Hook => ErrorKind::Hook,
            Failure::Connect { .. } => ErrorKind::Connect,
            Failure::Interrupted => ErrorKind::Interrupted,
            Failure::AttemptTimeout(_) | Failure::Timeout(_) => ErrorKind::Timeout,
            Failure::Status => self.status().map_or(ErrorKind::OtherStatus, ErrorKind::of_status),
            Failure::Redirect => ErrorKind::Redirect,
            Failure::Decode { .. } | Failure::WebPage => ErrorKind::Decode,
            Failure::TooLarge { .. } | Failure::TooLargeDecoded { .. } => ErrorKind::TooLarge,
            Failure::File { .. } => ErrorKind::File,
            #[cfg(feature = "blocking")]
            Failure::InsideAsync | Failure::Runtime => ErrorKind::Blocking,
            #[cfg(feature = "recording")]
            Failure::NotRecorded { .. } => ErrorKind::NotRecorded,
            Failure::RepeatedCursor => ErrorKind::RepeatedCursor,
        }
    }

    /// Returns `true` if the same call may succeed later: the connection failed, a time limit passed, the API was overloaded or
    /// failed (408, 429, 500, 502, 503, 504), or credentials or a hook were not available.
    ///
    /// The client has already retried such a call, as far as its [`RetryPolicy`](crate::RetryPolicy) and the rules for
    /// repeats permit. Use it in a queue, to distinguish what is tried again in a minute from what a person has to look at.
    /// It does not state whether the request may have been processed: check [`may_have_acted`](Self::may_have_acted) too.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq::RetryPolicy;
    /// use sequencehq::emulator::{Emulator, Fault};
    ///
    /// let emulator = Emulator::start().await?;
    /// let client = emulator.client_builder().retry(RetryPolicy::none()).build()?;
    ///
    /// emulator.inject(Fault::status(503));
    /// assert!(client.customers().list().await.unwrap_err().is_transient()); // try again later
    /// assert!(!client.customers().get("unknown").await.unwrap_err().is_transient()); // 404: it stays
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    pub fn is_transient(&self) -> bool {
        match self.failure() {
            Failure::Credentials
            | Failure::Hook
            | Failure::Connect { .. }
            | Failure::Interrupted
            | Failure::AttemptTimeout(_)
            | Failure::Timeout(_) => true,
            Failure::Status => self.status().is_some_and(|status| {
                matches!(
                    status,
                    StatusCode::REQUEST_TIMEOUT
                        | StatusCode::TOO_MANY_REQUESTS
                        | StatusCode::INTERNAL_SERVER_ERROR
                        | StatusCode::BAD_GATEWAY
                        | StatusCode::SERVICE_UNAVAILABLE
                        | StatusCode::GATEWAY_TIMEOUT
                )
            }),
            _ => false,
        }
    }
}
