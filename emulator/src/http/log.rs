//! The log of requests, for tests that look at the wire.
//!
//! It keeps the last 10,000 requests, or as many as [`Builder::request_log`](super::Builder::request_log) sets.

use std::collections::VecDeque;
use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};

use crate::assumptions::Assumed;
use crate::contract::Operation;

use super::exchange::Refusal;

/// How many bytes of a response are kept.
const MOST_RESPONSE: usize = 8 * 1024;

/// The value of a header that carries credentials.
const REDACTED: &str = "<redacted>";

/// A header with one of these in its name is treated as a credential.
const CREDENTIAL_NAMES: [&str; 8] = [
    "api-key",
    "apikey",
    "auth",
    "cookie",
    "credential",
    "password",
    "secret",
    "token",
];

/// A request that reached the emulator.
///
/// Its `Debug` shows the sizes of the bodies instead of the bodies, in which there may be secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// The `operationId`; `None` if no operation fits.
    pub operation_id: Option<&'static str>,
    /// Method, in capitals.
    pub method: String,
    /// Path as sent, with `/api` and with its percent-encoding.
    pub path: String,
    /// Query as sent, without the question mark.
    pub query: Option<String>,
    /// Names in lower case, and values.
    ///
    /// Headers that carry credentials have the value `<redacted>`: `authorization`, `proxy-authorization`, `cookie`,
    /// `x-api-key`, and every other whose name contains `api-key`, `auth`, `cookie`, `credential`, `password`,
    /// `secret` or `token`.
    pub headers: Vec<(String, String)>,
    /// The body, byte by byte.
    pub body: Bytes,
    /// The first 8 KiB of the body of the response. Empty until there is one, and if the connection was dropped.
    pub response: Bytes,
    /// The status of the response. `None` until there is one, and if the connection was dropped.
    pub status: Option<u16>,
    /// Whether a test scripted the response. See [`Emulator::respond`](crate::Emulator::respond).
    pub scripted: bool,
    /// The reason, if the request was refused or an injected fault prevented its response.
    pub refusal: Option<Refusal>,
    /// The assumptions that the response depends on.
    pub assumed: Assumed,
    /// What else is worth knowing, such as the events that a calculation counted as 0.
    pub notes: Vec<String>,
    /// The id in the header `X-Request-Id` of the response.
    pub request_id: String,
    /// The time of arrival, by the clock of the system or the [`Source`](crate::Builder::source) that was set.
    pub at: DateTime<Utc>,
    /// The time until the response. Zero until there is one.
    pub took: Duration,
}

impl RecordedRequest {
    /// Value of a header; the name may be in upper or lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }
}

impl fmt::Debug for RecordedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            operation_id,
            method,
            path,
            query,
            headers,
            body,
            response,
            status,
            scripted,
            refusal,
            assumed,
            notes,
            request_id,
            at,
            took,
        } = self;
        f.debug_struct("RecordedRequest")
            .field("operation_id", operation_id)
            .field("method", method)
            .field("path", path)
            .field("query", query)
            .field("headers", headers)
            .field("body", &format_args!("{} bytes", body.len()))
            .field("response", &format_args!("{} bytes", response.len()))
            .field("status", status)
            .field("scripted", scripted)
            .field("refusal", refusal)
            .field("assumed", assumed)
            .field("notes", notes)
            .field("request_id", request_id)
            .field("at", at)
            .field("took", took)
            .finish()
    }
}

/// The last requests, oldest first.
#[derive(Debug)]
pub(super) struct RequestLog {
    requests: VecDeque<RecordedRequest>,
    /// How many requests were dropped from the front.
    dropped: usize,
    most: usize,
}

impl RequestLog {
    pub(super) fn new(most: usize) -> Self {
        Self {
            requests: VecDeque::new(),
            dropped: 0,
            most,
        }
    }

    /// Adds a request, and returns its number for [`complete`](Self::complete).
    pub(super) fn push(&mut self, request: RecordedRequest) -> usize {
        let number = self.dropped + self.requests.len();
        self.requests.push_back(request);
        while self.requests.len() > self.most {
            self.requests.pop_front();
            self.dropped += 1;
        }
        number
    }

    /// Replaces a request, if it is still kept.
    pub(super) fn complete(&mut self, number: usize, request: RecordedRequest) {
        let place = number.checked_sub(self.dropped);
        if let Some(kept) = place.and_then(|place| self.requests.get_mut(place)) {
            *kept = request;
        }
    }

    /// Drops all requests.
    pub(super) fn clear(&mut self) {
        self.dropped += self.requests.len();
        self.requests.clear();
    }

    /// How many requests are kept.
    pub(super) fn len(&self) -> usize {
        self.requests.len()
    }

    /// The requests, newest first.
    pub(super) fn newest(&self) -> impl Iterator<Item = &RecordedRequest> {
        self.requests.iter().rev()
    }

    pub(super) fn all(&self) -> Vec<RecordedRequest> {
        self.requests.iter().cloned().collect()
    }
}

/// The part of a response that is kept, without the rest of it.
pub(super) fn kept(body: &Bytes) -> Bytes {
    match body.get(..MOST_RESPONSE) {
        Some(start) => Bytes::copy_from_slice(start),
        None => body.clone(),
    }
}

/// A request as it is recorded when it arrives.
pub(super) fn record(
    (method, uri): (&Method, &Uri),
    headers: &HeaderMap,
    operation: Option<Operation>,
    body: Bytes,
    (request_id, at): (String, DateTime<Utc>),
) -> RecordedRequest {
    RecordedRequest {
        operation_id: operation.map(Operation::id),
        method: method.to_string(),
        path: uri.path().to_owned(),
        query: uri.query().map(str::to_owned),
        headers: recorded(headers),
        body,
        response: Bytes::new(),
        status: None,
        scripted: false,
        refusal: None,
        assumed: Assumed::NONE,
        notes: Vec::new(),
        request_id,
        at,
        took: Duration::ZERO,
    }
}

/// Headers as they may be recorded.
pub(super) fn recorded(headers: &HeaderMap) -> Vec<(String, String)> {
    let headers = headers.iter();
    headers
        .map(|(name, value)| (name.to_string(), recordable(name, value)))
        .collect()
}

/// The value of a header as it may be recorded.
fn recordable(name: &HeaderName, value: &HeaderValue) -> String {
    // `http` writes names in lower case.
    if CREDENTIAL_NAMES.iter().any(|part| name.as_str().contains(part)) {
        REDACTED.to_owned()
    } else {
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(name: &'static str) -> String {
        recordable(&HeaderName::from_static(name), &HeaderValue::from_static("hush"))
    }

    fn request(path: &str) -> RecordedRequest {
        let uri = path.parse().expect("a path");
        let arrival = (String::new(), DateTime::UNIX_EPOCH);
        record(
            (&Method::GET, &uri),
            &HeaderMap::new(),
            None,
            Bytes::new(),
            arrival,
        )
    }

    #[test]
    fn headers_with_credentials_are_not_recorded() {
        for name in [
            "authorization",
            "proxy-authorization",
            "cookie",
            "set-cookie",
            "x-api-key",
            "apikey",
            "x-auth-token",
            "x-csrf-token",
            "x-amz-security-token",
            "client-secret",
        ] {
            assert_eq!(shown(name), REDACTED, "{name}");
        }
        for name in ["content-type", "idempotency-key", "sequence-version", "x-trace"] {
            assert_eq!(shown(name), "hush", "{name}");
        }
    }

    #[test]
    fn the_log_keeps_the_last_requests() {
        let mut log = RequestLog::new(2);
        for (number, path) in ["/1", "/2", "/3"].into_iter().enumerate() {
            assert_eq!(log.push(request(path)), number);
        }
        for (number, path, status) in [(0, "/1", 500), (2, "/3", 200)] {
            let completed = RecordedRequest {
                status: Some(status),
                ..request(path)
            };
            log.complete(number, completed);
        }
        let kept: Vec<_> = log
            .all()
            .into_iter()
            .map(|request| (request.path, request.status))
            .collect();
        assert_eq!(kept, [("/2".to_owned(), None), ("/3".to_owned(), Some(200))]);
    }

    #[test]
    fn debug_shows_no_body() {
        let request = RecordedRequest {
            body: Bytes::from_static(b"{\"webhookSecret\":\"hush\"}"),
            ..request("/api/x")
        };
        let shown = format!("{request:?}");
        assert!(
            !shown.contains("hush") && shown.contains("body: 24 bytes"),
            "{shown}"
        );
    }
}
