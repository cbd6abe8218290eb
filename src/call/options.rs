//! The options of a single call.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::data::InvalidInput;
use crate::error::excerpt;
use crate::transport::{Limits, RetryPolicy};
use crate::version::ApiVersion;

/// The options of one call. Unset options are those of the client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    attempt_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    timeout: Option<Duration>,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) version: Option<ApiVersion>,
    pub(super) headers: HeaderMap,
    pub(super) idempotency_key: Option<HeaderValue>,
    /// The first option that cannot be used. Sending the call returns it as an error.
    pub(super) problem: Option<InvalidInput>,
}

/// The headers that are written by the client, or that would change how the request is sent.
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
/// More headers of a caller than this are refused. Servers refuse far fewer.
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
                self.refuse("header", format!("more than {MOST_HEADERS} headers were added"));
            }
            (Ok(name), Ok(mut value)) => {
                // It may be a secret, so it is not printed.
                value.set_sensitive(true);
                self.headers.append(name, value);
            }
            (Err(_), _) => self.refuse(
                "header",
                format!("`{}` is not a header name", excerpt(name, 100).escape_debug()),
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

    /// The limits of the call, where `client` has those of its client.
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

/// Adds the setters of the options.
macro_rules! option_methods {
    () => {
        /// Sets the time limit of one attempt, from the connection to the last byte; for downloads, to the first byte of the
        /// body. Default: the client's.
        pub fn attempt_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.attempt_timeout(limit);
            self
        }

        /// Sets the time limit of each piece of a download. Default: the client's. No effect on other calls.
        pub fn read_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.read_timeout(limit);
            self
        }

        /// Sets the time limit of the whole call, with all attempts, waits and the download of a file. Default: the
        /// client's.
        pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.timeout(limit);
            self
        }

        /// Sets when this call is retried. Default: the client's policy.
        ///
        /// No policy retries a call that could act twice.
        pub fn retry(mut self, policy: crate::transport::RetryPolicy) -> Self {
            self.call.options.retry(policy);
            self
        }

        /// Sets the API version of this call. Default: the client's.
        pub fn version(mut self, version: crate::version::ApiVersion) -> Self {
            self.call.options.version(version);
            self
        }

        /// Adds a header. Headers that the client writes, or that change how a request is sent, are refused.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.call.options.header(name, value);
            self
        }

        /// Sends an `Idempotency-Key` of 1 to 255 characters.
        ///
        /// The API documents the header for creating customer aliases only, where the client sends one anyway; a key of your
        /// own lets another process repeat the call. Elsewhere the header is sent, but no retry relies on it.
        pub fn idempotency_key(mut self, key: &str) -> Self {
            self.call.options.idempotency_key(key);
            self
        }
    };
}

pub(crate) use option_methods;
