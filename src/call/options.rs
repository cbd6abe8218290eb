//! The options of a single call.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::data::InvalidInput;
use crate::error::excerpt;
use crate::transport::{Limits, RetryPolicy};
use crate::version::ApiVersion;

/// The options of one call. Unset options use the client's settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    attempt_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    timeout: Option<Duration>,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) version: Option<ApiVersion>,
    pub(super) headers: HeaderMap,
    pub(super) idempotency_key: Option<HeaderValue>,
    /// The first invalid option. Sending the call returns it as an error.
    pub(super) problem: Option<InvalidInput>,
}

/// Headers that the client sets itself, or that change how a request is sent.
const RESERVED: [&str; 17] = [
    "accept",
    "authorization",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "expect",
    "host",
    "idempotency-key",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "sequence-version",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// The maximum number of headers that a caller can add. Servers usually reject fewer than that.
const MOST_HEADERS: usize = 100;

impl Options {
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        let parsed = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        );
        match parsed {
            (Ok(name), _) if RESERVED.contains(&name.as_str()) => {
                self.refuse("header", format!("`{name}` is reserved for the client"));
            }
            (Ok(_), Ok(_)) if self.headers.len() >= MOST_HEADERS => {
                self.refuse("header", format!("at most {MOST_HEADERS} headers can be added"));
            }
            (Ok(name), Ok(mut value)) => {
                // The value may be a secret, so `Debug` must not print it.
                value.set_sensitive(true);
                self.headers.append(name, value);
            }
            (Err(_), _) => self.refuse(
                "header",
                format!(
                    "`{}` is not a valid header name",
                    excerpt(name, 100).escape_debug()
                ),
            ),
            (Ok(name), Err(_)) => {
                self.refuse(
                    "header",
                    format!("the value of `{name}` contains characters that are not allowed in a header"),
                );
            }
        }
    }

    pub(crate) fn idempotency_key(&mut self, key: &str) {
        if key.is_empty() || key.len() > 255 {
            self.refuse("idempotency_key", "must have 1 to 255 characters");
        } else if let Ok(mut value) = HeaderValue::from_str(key) {
            value.set_sensitive(true);
            self.idempotency_key = Some(value);
        } else {
            self.refuse(
                "idempotency_key",
                "contains characters that are not allowed in a header",
            );
        }
    }

    pub(crate) fn attempt_timeout(&mut self, limit: Duration) {
        self.attempt_timeout = self.checked("attempt_timeout", limit);
    }

    pub(crate) fn read_timeout(&mut self, limit: Duration) {
        self.read_timeout = self.checked("read_timeout", limit);
    }

    pub(crate) fn timeout(&mut self, limit: Duration) {
        self.timeout = self.checked("timeout", limit);
    }

    pub(crate) fn retry(&mut self, policy: RetryPolicy) {
        self.retry = Some(policy);
    }

    pub(crate) fn version(&mut self, version: ApiVersion) {
        self.version = Some(version);
    }

    /// Returns the limits of the call. `client` provides those that are not set.
    pub(super) fn limits(&self, client: Limits) -> Limits {
        Limits {
            attempt: self.attempt_timeout.unwrap_or(client.attempt),
            read: self.read_timeout.unwrap_or(client.read),
            whole: self.timeout.unwrap_or(client.whole),
            bytes: client.bytes,
        }
    }

    fn checked(&mut self, name: &'static str, limit: Duration) -> Option<Duration> {
        if limit.is_zero() {
            self.refuse(name, "must be longer than zero");
        }
        Some(limit)
    }

    fn refuse(&mut self, name: &'static str, problem: impl Into<String>) {
        self.problem
            .get_or_insert_with(|| InvalidInput::new(name, problem));
    }
}

/// Adds a setter for each option.
macro_rules! option_methods {
    () => {
        /// Sets the time limit of one attempt. Default: the client's.
        ///
        /// It covers the time from connecting to the last byte of the response; for downloads, to the first byte of
        /// the body.
        pub fn attempt_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.attempt_timeout(limit);
            self
        }

        /// Sets the time limit for each chunk of a download. Default: the client's. It has no effect on other calls.
        pub fn read_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.read_timeout(limit);
            self
        }

        /// Sets the time limit of the whole call, including all attempts, waits and the download of a file. Default:
        /// the client's.
        pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.timeout(limit);
            self
        }

        /// Sets the retry policy of this call. Default: the client's.
        ///
        /// No policy retries a call that could be processed twice.
        pub fn retry(mut self, policy: crate::transport::RetryPolicy) -> Self {
            self.call.options.retry(policy);
            self
        }

        /// Sets the API version of this call. Default: the client's.
        pub fn version(mut self, version: crate::version::ApiVersion) -> Self {
            self.call.options.version(version);
            self
        }

        /// Adds a header.
        ///
        /// Sending the call fails if the header is invalid, set by the client itself, or changes how a request is sent.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.call.options.header(name, value);
            self
        }

        /// Sets the `Idempotency-Key` header, 1 to 255 characters.
        ///
        /// The API documents the header only for creating customer aliases, where the client generates a key by default;
        /// set your own to repeat the call from another process. For other calls the header is sent, but retries do not
        /// rely on it.
        pub fn idempotency_key(mut self, key: &str) -> Self {
            self.call.options.idempotency_key(key);
            self
        }
    };
}

pub(crate) use option_methods;
