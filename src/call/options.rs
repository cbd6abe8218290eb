//! The options of a single call.

use std::time::Duration;

use http::{HeaderMap, HeaderValue};
use serde::Serialize;

use crate::call::extra::Extra;
use crate::data::InvalidInput;
use crate::transport::{Limits, RetryPolicy, headers};
use crate::version::ApiVersion;

/// The options of one call. Unset options use the client's settings.
#[derive(Clone, Debug, Default)]
pub(crate) struct Options {
    attempt_timeout: Option<Duration>,
    read_timeout: Option<Duration>,
    timeout: Option<Duration>,
    keep_body: Option<bool>,
    pub(super) retry: Option<RetryPolicy>,
    pub(super) version: Option<ApiVersion>,
    pub(super) headers: HeaderMap,
    pub(super) idempotency_key: Option<HeaderValue>,
    pub(super) extra: Extra,
    /// The first invalid option. Sending the call returns it as an error.
    pub(super) problem: Option<InvalidInput>,
}

/// The maximum number of headers that a caller can add. Servers usually reject fewer than that.
const MOST_HEADERS: usize = 100;

impl Options {
    pub(crate) fn header(&mut self, name: &str, value: &str) {
        match headers::allowed(name, value) {
            Ok(_) if self.headers.len() >= MOST_HEADERS => {
                self.invalid("header", format!("at most {MOST_HEADERS} headers can be added"));
            }
            Ok((name, value)) => {
                self.headers.append(name, value);
            }
            Err(problem) => self.invalid("header", problem),
        }
    }

    pub(crate) fn idempotency_key(&mut self, key: &str) {
        if key.is_empty() || key.len() > 255 {
            self.invalid("idempotency_key", "must have 1 to 255 characters");
        } else if let Ok(mut value) = HeaderValue::from_str(key) {
            value.set_sensitive(true);
            self.idempotency_key = Some(value);
        } else {
            self.invalid(
                "idempotency_key",
                "contains characters that are not allowed in a header",
            );
        }
    }

    pub(crate) fn extra_query(&mut self, name: &str, value: &impl Serialize) {
        if let Err(problem) = self.extra.query(name, value) {
            self.reject(problem);
        }
    }

    pub(crate) fn extra_field(&mut self, name: &str, value: &impl Serialize) {
        if let Err(problem) = self.extra.field(name, value) {
            self.reject(problem);
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

    pub(crate) fn keep_body(&mut self, keep: bool) {
        self.keep_body = Some(keep);
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
            keeps_body: self.keep_body.unwrap_or(client.keeps_body),
        }
    }

    fn checked(&mut self, name: &'static str, limit: Duration) -> Option<Duration> {
        if limit.is_zero() {
            self.invalid(name, "must be longer than zero");
        }
        Some(limit)
    }

    fn invalid(&mut self, name: &'static str, problem: impl Into<String>) {
        self.reject(InvalidInput::new(name, problem));
    }

    /// Keeps the first invalid option or argument.
    pub(super) fn reject(&mut self, input: InvalidInput) {
        self.problem.get_or_insert(input);
    }
}

/// Adds a setter for each option.
macro_rules! option_methods {
    () => {
        /// Sets the time limit of one attempt. Default: the client's.
        ///
        /// It covers the time from connecting to the last byte of the response; for downloads, to the first byte of
        /// the body.
        #[inline]
        pub fn attempt_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.attempt_timeout(limit);
            self
        }

        /// Sets the time limit for each chunk of a download. Default: the client's. It has no effect on other calls.
        #[inline]
        pub fn read_timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.read_timeout(limit);
            self
        }

        /// Sets the time limit of the whole call, including all attempts, waits and the download of a file. Default:
        /// the client's.
        #[inline]
        pub fn timeout(mut self, limit: ::std::time::Duration) -> Self {
            self.call.options.timeout(limit);
            self
        }

        /// Sets whether the response keeps the bytes of its body, for [`Response::body`](crate::Response::body). Default:
        /// the client's, which is `false`. It has no effect on downloads.
        #[inline]
        pub fn keep_body(mut self, keep: bool) -> Self {
            self.call.options.keep_body(keep);
            self
        }

        /// Sets the retry policy of this call. Default: the client's.
        ///
        /// No policy retries a call that could be processed twice.
        #[inline]
        pub fn retry(mut self, policy: crate::transport::RetryPolicy) -> Self {
            self.call.options.retry(policy);
            self
        }

        /// Sets the API version of this call. Default: the client's.
        #[inline]
        pub fn api_version(mut self, version: crate::version::ApiVersion) -> Self {
            self.call.options.version(version);
            self
        }

        /// Adds a header.
        ///
        /// Sending the call fails if the header is invalid, set by the client itself, or changes how a request is sent.
        #[inline]
        pub fn header(mut self, name: &str, value: &str) -> Self {
            self.call.options.header(name, value);
            self
        }

        /// Sets the `Idempotency-Key` header, 1 to 255 characters.
        ///
        /// The API documents the header only for creating customer aliases, where the client generates a key by default;
        /// set your own to repeat the call from another process. For other calls the header is sent, but retries do not
        /// rely on it.
        #[inline]
        pub fn idempotency_key(mut self, key: &str) -> Self {
            self.call.options.idempotency_key(key);
            self
        }

        /// Adds a query parameter that this version of the crate does not know: a text, a number, a boolean, or a list of
        /// them, which is sent as a parameter for each item. It is percent-encoded, and a list sends it with each page.
        ///
        /// Sending the call fails if the name is that of a parameter of the operation in the pinned version, or if it is set
        /// twice. The [guide](crate::guide#send-what-the-crate-does-not-know) has an example.
        #[inline]
        pub fn extra_query(mut self, name: &str, value: impl ::serde::Serialize) -> Self {
            self.call.options.extra_query(name, &value);
            self
        }

        /// Adds a field of the JSON body that this version of the crate does not know. The value is sent as it is encoded.
        ///
        /// Sending the call fails if it has no JSON object as its body, if the name is that of a field of the body in the
        /// pinned version, or if it is set twice. The [guide](crate::guide#send-what-the-crate-does-not-know) has an example.
        #[inline]
        pub fn extra_field(mut self, name: &str, value: impl ::serde::Serialize) -> Self {
            self.call.options.extra_field(name, &value);
            self
        }
    };
}

pub(crate) use option_methods;

#[cfg(test)]
mod tests {
    use super::*;

    fn problem_of(set: impl FnOnce(&mut Options)) -> Option<String> {
        let mut options = Options::default();
        set(&mut options);
        options.problem.map(|problem| format!("{problem:?}"))
    }

    #[test]
    fn unset_limits_are_those_of_the_client() {
        let client = Limits {
            attempt: Duration::from_secs(1),
            read: Duration::from_secs(2),
            whole: Duration::from_secs(3),
            bytes: 4,
            keeps_body: true,
        };
        let mut options = Options::default();
        let limits = |options: &Options| {
            let limits = options.limits(client);
            (
                limits.attempt.as_secs(),
                limits.read.as_secs(),
                limits.whole.as_secs(),
                limits.bytes,
            )
        };
        assert_eq!(limits(&options), (1, 2, 3, 4));
        options.attempt_timeout(Duration::from_secs(10));
        assert_eq!(limits(&options), (10, 2, 3, 4));
        options.read_timeout(Duration::from_secs(20));
        assert_eq!(limits(&options), (10, 20, 3, 4));
        options.timeout(Duration::from_secs(30));
        assert_eq!(limits(&options), (10, 20, 30, 4));
        assert!(options.limits(client).keeps_body);
        options.keep_body(false);
        assert!(!options.limits(client).keeps_body);
        assert!(options.problem.is_none());
    }

    #[test]
    fn a_limit_of_zero_is_invalid_by_name() {
        let attempt = problem_of(|options| options.attempt_timeout(Duration::ZERO));
        let read = problem_of(|options| options.read_timeout(Duration::ZERO));
        let whole = problem_of(|options| options.timeout(Duration::ZERO));
        for (problem, name) in [
            (attempt, "attempt_timeout"),
            (read, "read_timeout"),
            (whole, "timeout"),
        ] {
            let problem = problem.expect(name);
            assert!(
                problem.contains(name) && problem.contains("longer than zero"),
                "{problem}"
            );
        }
    }

    #[test]
    fn an_idempotency_key_has_1_to_255_characters() {
        for length in [1, 254, 255] {
            let mut options = Options::default();
            options.idempotency_key(&"k".repeat(length));
            assert!(options.problem.is_none(), "{length}");
            let key = options.idempotency_key.expect("set");
            assert!(key.len() == length && key.is_sensitive(), "{length}");
        }
        for length in [0, 256, 257, 300] {
            let problem = problem_of(|options| options.idempotency_key(&"k".repeat(length)));
            assert!(problem.is_some_and(|problem| problem.contains("255")), "{length}");
        }
        assert!(problem_of(|options| options.idempotency_key("a\nb")).is_some());
    }

    #[test]
    fn a_hundred_headers_can_be_added_and_no_more() {
        let mut options = Options::default();
        for _ in 0..MOST_HEADERS {
            options.header("x-many", "1");
        }
        assert!(options.problem.is_none());
        assert_eq!(options.headers.len(), MOST_HEADERS);
        options.header("x-many", "1");
        assert!(options.problem.is_some());
        assert_eq!(options.headers.len(), MOST_HEADERS);
    }

    #[test]
    fn the_first_problem_is_the_one_that_is_returned() {
        let problem = problem_of(|options| {
            options.header("host", "example.com");
            options.timeout(Duration::ZERO);
        });
        assert!(problem.is_some_and(|problem| problem.contains("`host` is reserved")));
    }
}
