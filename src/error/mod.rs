//! The error returned by every call.

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use crate::config_error::ConfigError;
use crate::data::{BuildError, InvalidInput};
use crate::version::ApiVersion;

/// How much of an error's body is kept.
pub(crate) const KEPT_BODY: usize = 64 * 1024;
/// How much of the API's message an error prints.
const PRINTED_MESSAGE: usize = 300;

/// Why a call did not give its answer.
///
/// There is one error for every call. Ask it what you need to know: [`status`](Self::status) and
/// [`message`](Self::message) for what the API response, the `is_…` questions for what to do, and
/// [`may_have_acted`](Self::may_have_acted) before doing anything a second time.
///
/// It prints the operation, the status, the API's own type and message, the request id and the
/// number of attempts; never a secret, and never a whole body.
///
/// ```no_run
/// # #[cfg(feature = "invoices")]
/// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
/// match client.invoices().void("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9").await {
///     Ok(invoice) => println!("{} is void", invoice.id),
///     Err(error) if error.is_not_found() => println!("no such invoice"),
///     Err(error) if error.may_have_acted() => println!("look before you try again: {error}"),
///     Err(error) => return Err(error),
/// }
/// # Ok(())
/// # }
/// ```
pub struct Error(Box<Details>);

struct Details {
    kind: Kind,
    operation: Option<&'static str>,
    response: ErrorResponse,
    attempts: u32,
    waited: Duration,
    may_have_acted: bool,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What the server answered, as far as it did.
#[derive(Default)]
pub(crate) struct ErrorResponse {
    pub(crate) status: Option<StatusCode>,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    pub(crate) error_type: Option<String>,
    pub(crate) message: Option<String>,
    pub(crate) retry_after: Option<Duration>,
}

#[derive(Debug)]
pub(crate) enum Kind {
    Config(ConfigError),
    Input(InvalidInput),
    /// The pinned version does not have the operation.
    Version {
        pinned: ApiVersion,
        has: &'static [ApiVersion],
    },
    /// No connection: nothing was sent.
    Connect,
    /// Sent, at least in part, and then no whole answer.
    Interrupted,
    /// An attempt took too long.
    Timeout(Duration),
    /// The whole call took too long, the waits included.
    Deadline(Duration),
    /// The API answered with an error status.
    Status,
    /// The API sent the caller elsewhere.
    Redirect,
    /// A successful answer that is not what the document says.
    Decode {
        path: String,
    },
    /// A response larger than the client allows.
    TooLarge {
        limit: u64,
    },
    /// A response that would take more memory than the client allows.
    TooLargeDecoded {
        limit: usize,
    },
    /// A list gave the same cursor again.
    RepeatedCursor,
}

impl Error {
    pub(crate) fn new(kind: Kind, operation: &'static str) -> Self {
        let may_have_acted = match kind {
            // A redirect often follows something that was done.
            Kind::Interrupted
            | Kind::Timeout(_)
            | Kind::Decode { .. }
            | Kind::TooLarge { .. }
            | Kind::TooLargeDecoded { .. }
            | Kind::Redirect => true,
            Kind::Config(_)
            | Kind::Input(_)
            | Kind::Version { .. }
            | Kind::Connect
            | Kind::Deadline(_)
            | Kind::Status
            | Kind::RepeatedCursor => false,
        };
        Self(Box::new(Details {
            kind,
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
        if matches!(self.0.kind, Kind::Status) {
            // Only a refusal means that nothing was done. A server error does not tell what happened before it,
            // and a status that does not belong there (101, 600) means nothing at all.
            self.0.may_have_acted = response
                .status
                .is_none_or(|status| !status.is_client_error() || status == StatusCode::REQUEST_TIMEOUT);
        }
        self.0.response = response;
        self
    }

    /// Adds the beginning of a response's body.
    pub(crate) fn with_body(mut self, body: Bytes) -> Self {
        self.0.response.body = body;
        self
    }

    /// Adds the status and the headers of a response that was a success as far as they are concerned.
    pub(crate) fn with_head(mut self, status: StatusCode, headers: HeaderMap) -> Self {
        self.0.response.status = Some(status);
        self.0.response.headers = headers;
        self
    }

    /// Adds what the whole call went through. An earlier attempt may have acted even if the last did not.
    pub(crate) fn after(mut self, attempts: u32, waited: Duration, earlier_may_have_acted: bool) -> Self {
        self.0.attempts = attempts;
        self.0.waited = waited;
        self.0.may_have_acted |= earlier_may_have_acted;
        self
    }

    pub(crate) fn kind(&self) -> &Kind {
        &self.0.kind
    }

    /// The operation that failed, such as `invoice_void`. `None` for errors of configuration.
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation
    }

    /// The HTTP status, where the API answered.
    pub fn status(&self) -> Option<StatusCode> {
        self.0.response.status
    }

    /// The headers of the answer; empty where there was none.
    pub fn headers(&self) -> &HeaderMap {
        &self.0.response.headers
    }

    /// The id under which the API logged the request. Quote it to the vendor's support.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.0.response.headers)
    }

    /// The API version that the answer names.
    pub fn answered_version(&self) -> Option<&str> {
        answered_version(&self.0.response.headers)
    }

    /// The API's name for the error, such as `UnrecognisedApiVersion`. It documents few of them.
    pub fn error_type(&self) -> Option<&str> {
        self.0.response.error_type.as_deref()
    }

    /// What the API says went wrong, for people.
    pub fn message(&self) -> Option<&str> {
        self.0.response.message.as_deref()
    }

    /// The body of the answer as it came, at most its first 64 KiB. It is not printed by anything here, since
    /// it may hold what you would not log.
    pub fn body(&self) -> &[u8] {
        &self.0.response.body
    }

    /// Decodes the body of the answer, where an operation says more than type and message: the balances
    /// of a conflict in applying a credit note, for example.
    ///
    /// # Errors
    ///
    /// The body is not what `T` expects, or was cut at 64 KiB.
    pub fn body_as<T: DeserializeOwned>(&self) -> Result<T, serde_json::Error> {
        serde_json::from_slice(&self.0.response.body)
    }

    /// How long the API asks to wait, from `Retry-After` in seconds or as a date.
    pub fn retry_after(&self) -> Option<Duration> {
        self.0.response.retry_after
    }

    /// How often the call was attempted, the first time included. Zero if nothing was sent.
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// How long the call waited between attempts.
    pub fn waited(&self) -> Duration {
        self.0.waited
    }

    /// Where decoding failed, as a JSON path such as `items[3].grossTotal`.
    pub fn path(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Decode { path } => Some(path),
            _ => None,
        }
    }

    /// Might the server have acted without us hearing about it?
    ///
    /// `true` after a time-out, a connection that broke while the answer was awaited, a server error, a
    /// redirect, or an answer that could not be read, in any of the attempts. Look at the state of the resource before
    /// repeating a call that bills, sends or creates. `false` means that the server did not act: it
    /// refused, or was never reached.
    pub fn may_have_acted(&self) -> bool {
        self.0.may_have_acted
    }

    /// Was the input refused before anything was sent? The message says what to change.
    pub fn is_invalid_input(&self) -> bool {
        matches!(self.0.kind, Kind::Input(_))
    }

    /// Is the client not set up as it should be?
    pub fn is_config(&self) -> bool {
        matches!(self.0.kind, Kind::Config(_))
    }

    /// Does the pinned API version lack the operation? Nothing was sent. Pin a newer one.
    pub fn is_unsupported_version(&self) -> bool {
        matches!(self.0.kind, Kind::Version { .. })
    }

    /// Could no connection be made? Nothing was sent. Usually DNS, a firewall, a proxy or a wrong base URL.
    pub fn is_connect(&self) -> bool {
        matches!(self.0.kind, Kind::Connect)
    }

    /// Did the call take longer than allowed, in one attempt or in all?
    pub fn is_timeout(&self) -> bool {
        matches!(self.0.kind, Kind::Timeout(_) | Kind::Deadline(_))
    }

    /// Did the connection break while the answer was awaited or read?
    pub fn is_interrupted(&self) -> bool {
        matches!(self.0.kind, Kind::Interrupted)
    }

    /// Was a successful answer not what the document says? [`path`](Self::path) names the place. The
    /// server has acted; the vendor may have changed something.
    pub fn is_decode(&self) -> bool {
        matches!(self.0.kind, Kind::Decode { .. })
    }

    /// Was the answer larger than the client allows?
    pub fn is_too_large(&self) -> bool {
        matches!(self.0.kind, Kind::TooLarge { .. } | Kind::TooLargeDecoded { .. })
    }

    /// Status 400: the API refuses the request as it is.
    pub fn is_bad_request(&self) -> bool {
        self.status() == Some(StatusCode::BAD_REQUEST)
    }

    /// Status 401: client id or secret are wrong, or belong to the other environment.
    pub fn is_unauthorized(&self) -> bool {
        self.status() == Some(StatusCode::UNAUTHORIZED)
    }

    /// Status 403: the key may not do this.
    pub fn is_forbidden(&self) -> bool {
        self.status() == Some(StatusCode::FORBIDDEN)
    }

    /// Status 404: there is no such resource, for this key.
    pub fn is_not_found(&self) -> bool {
        self.status() == Some(StatusCode::NOT_FOUND)
    }

    /// Status 409: the resource is not in a state that allows this, or has changed meanwhile.
    pub fn is_conflict(&self) -> bool {
        self.status() == Some(StatusCode::CONFLICT)
    }

    /// Status 429: too many requests. The server did not act.
    pub fn is_rate_limited(&self) -> bool {
        self.status() == Some(StatusCode::TOO_MANY_REQUESTS)
    }

    /// Status 5xx: the API failed.
    pub fn is_server_error(&self) -> bool {
        self.status().is_some_and(|status| status.is_server_error())
    }
}

/// The request id, in whichever of the usual headers carries one.
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

/// The API version that an answer names.
pub(crate) fn answered_version(headers: &HeaderMap) -> Option<&str> {
    headers.get("sequence-version")?.to_str().ok()
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details {
            kind,
            operation,
            response,
            attempts,
            ..
        } = &*self.0;
        if let Some(operation) = operation {
            write!(f, "{operation}: ")?;
        }
        match kind {
            Kind::Config(error) => write!(f, "{error}")?,
            Kind::Input(InvalidInput { name, problem }) => {
                write!(f, "`{name}`: {problem}; nothing was sent")?
            }
            Kind::Version { pinned, has } => {
                let has: Vec<&str> = has.iter().map(|version| version.as_str()).collect();
                write!(
                    f,
                    "API version {pinned} does not have this operation; pin one of {} (Client::with_version); nothing was sent",
                    has.join(", "),
                )?;
            }
            Kind::Connect => f.write_str("no connection to the API")?,
            Kind::Interrupted => f.write_str("the connection broke before the whole answer had arrived")?,
            Kind::Timeout(limit) => write!(f, "no answer within {limit:?}")?,
            Kind::Deadline(limit) => write!(f, "not done by its deadline of {limit:?}")?,
            Kind::Status => self.write_status(f)?,
            Kind::Redirect => write!(
                f,
                "the API answered with a redirect ({}), which is not followed because it would carry the credentials along; check the base URL, or read `Location` from the error's headers",
                response.status.map_or(0, |status| status.as_u16()),
            )?,
            Kind::Decode { path } => {
                write!(
                    f,
                    "the answer ({}) does not fit the API document",
                    response.status.map_or(0, |s| s.as_u16())
                )?;
                if path != "." {
                    write!(f, " at `{path}`")?;
                }
            }
            Kind::TooLarge { limit } => write!(
                f,
                "the answer is larger than the {limit} bytes that the client allows"
            )?,
            Kind::TooLargeDecoded { limit } => write!(
                f,
                "the response would take more than the {limit} bytes of memory that the client allows; raise `max_response_bytes`"
            )?,
            Kind::RepeatedCursor => {
                f.write_str("the list gave the same cursor twice, so it would never end")?
            }
        }
        if let Some(source) = &self.0.source {
            write!(f, ": {source}")?;
        }
        if let Some(id) = self.request_id() {
            write!(f, " [request id {}]", excerpt(id, 100))?;
        }
        if *attempts > 1 {
            write!(f, " [{attempts} attempts]")?;
        }
        Ok(())
    }
}

impl Error {
    fn write_status(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let response = &self.0.response;
        if let Some(status) = response.status {
            write!(
                f,
                "{} {}",
                status.as_u16(),
                status.canonical_reason().unwrap_or("unknown status")
            )?;
        }
        match (&response.error_type, &response.message) {
            (Some(kind), Some(message)) => write!(
                f,
                ": {}: {}",
                excerpt(kind, 100),
                excerpt(message, PRINTED_MESSAGE)
            ),
            (None, Some(message)) => write!(f, ": {}", excerpt(message, PRINTED_MESSAGE)),
            (Some(kind), None) => write!(f, ": {}", excerpt(kind, 100)),
            (None, None) if response.body.is_empty() => Ok(()),
            (None, None) => {
                let content_type = response
                    .headers
                    .get(http::header::CONTENT_TYPE)
                    .and_then(|value| value.to_str().ok());
                write!(
                    f,
                    ": {} bytes of {}",
                    response.body.len(),
                    excerpt(content_type.unwrap_or("unknown type"), 60)
                )
            }
        }
    }
}

/// The beginning of a text on one line.
pub(crate) fn excerpt(text: &str, limit: usize) -> String {
    let mut short: String = text
        .chars()
        .take(limit)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    if text.chars().nth(limit).is_some() {
        short.push('…');
    }
    short
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Details {
            kind,
            operation,
            response,
            attempts,
            waited,
            may_have_acted,
            source,
        } = &*self.0;
        f.debug_struct("Error")
            .field("kind", kind)
            .field("operation", operation)
            .field("status", &response.status)
            .field("error_type", &response.error_type)
            .field(
                "message",
                &response
                    .message
                    .as_deref()
                    .map(|message| excerpt(message, PRINTED_MESSAGE)),
            )
            .field("request_id", &self.request_id())
            .field("body_bytes", &response.body.len())
            .field("attempts", attempts)
            .field("waited", waited)
            .field("may_have_acted", may_have_acted)
            .field("source", source)
            .finish()
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        // `Display` prints the source, so a report that walks the chain begins below it.
        self.0.source.as_ref().and_then(|source| source.source())
    }
}

impl From<ConfigError> for Error {
    fn from(error: ConfigError) -> Self {
        let mut config = Self::new(Kind::Config(error), "");
        config.0.operation = None;
        config
    }
}

impl From<BuildError> for Error {
    fn from(error: BuildError) -> Self {
        let mut input = Self::new(Kind::Input(error.into()), "");
        input.0.operation = None;
        input
    }
}
