//! What a single call may do differently from its client.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

use crate::error::InvalidInput;
use crate::{ApiVersion, RetryPolicy};

/// The options of one call. What is not set comes from the client.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    pub(crate) timeout: Option<Duration>,
    pub(crate) deadline: Option<Duration>,
    pub(crate) retry: Option<RetryPolicy>,
    pub(crate) version: Option<ApiVersion>,
    pub(crate) headers: HeaderMap,
    pub(crate) idempotency_key: Option<HeaderValue>,
    /// What was wrong with an option. It is told when the call is sent.
    pub(crate) problem: Option<InvalidInput>,
}

/// The headers that the client writes itself.
const RESERVED: [&str; 8] = [
    "authorization",
    "sequence-version",
    "idempotency-key",
    "content-type",
    "content-length",
    "host",
    "transfer-encoding",
    "accept",
];

impl Options {
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        let parsed = (
            HeaderName::from_bytes(name.as_bytes()),
            HeaderValue::from_str(value),
        );
        match parsed {
            (Ok(name), _) if RESERVED.contains(&name.as_str()) => {
                self.refuse("header", format!("`{name}` is written by the client itself"));
            }
            (Ok(name), Ok(mut value)) => {
                // Nobody knows what it is, so nobody shows it.
                value.set_sensitive(true);
                self.headers.append(name, value);
            }
            (Err(_), _) => self.refuse(
                "header",
                format!("`{}` is not a header name", name.escape_debug()),
            ),
            (Ok(name), Err(_)) => {
                self.refuse(
                    "header",
                    format!("the value of `{name}` contains characters that a header cannot carry"),
                );
            }
        }
    }

    pub(crate) fn idempotency_key(&mut self, key: &str) {
        if key.is_empty() || key.len() > 255 {
            self.refuse("idempotency_key", "it has to have 1 to 255 characters");
        } else if let Ok(value) = HeaderValue::from_str(key) {
            self.idempotency_key = Some(value);
        } else {
            self.refuse(
                "idempotency_key",
                "it contains characters that a header cannot carry",
            );
        }
    }

    pub(crate) fn time_limit(&mut self, name: &'static str, limit: Duration) {
        if limit.is_zero() {
            self.refuse(name, "it has to be longer than zero");
        }
    }

    fn refuse(&mut self, name: &'static str, problem: impl Into<String>) {
        self.problem
            .get_or_insert_with(|| InvalidInput::new(name, problem));
    }
}

/// Gives a call the setters of its options.
macro_rules! option_methods {
    () => {
        /// How long one attempt of this call may take. Default: the client's.
        pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.time_limit("timeout", limit);
            self.call.options.timeout = Some(limit);
            self
        }

        /// How long this call may take with all attempts and waits. Default: the client's.
        pub fn deadline(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.time_limit("deadline", limit);
            self.call.options.deadline = Some(limit);
            self
        }

        /// When this call is attempted again. Default: the client's policy.
        ///
        /// No policy makes a call be repeated that could act twice.
        pub fn retry(mut self, policy: crate::RetryPolicy) -> Self {
            self.call.options.retry = Some(policy);
            self
        }

        /// The API version of this call. Default: the client's.
        pub fn version(mut self, version: crate::ApiVersion) -> Self {
            self.call.options.version = Some(version);
            self
        }

        /// Sends one more header. The headers that the client writes itself are refused.
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.call.options.header(name, value);
            self
        }

        /// Sends an `Idempotency-Key`, 1 to 255 characters.
        ///
        /// The API documents it for creating customer aliases only, where one is sent anyway; giving your own
        /// lets another process repeat the call. Elsewhere the header is sent but not relied upon.
        pub fn idempotency_key(mut self, key: &str) -> Self {
            self.call.options.idempotency_key(key);
            self
        }
    };
}

pub(crate) use option_methods;
