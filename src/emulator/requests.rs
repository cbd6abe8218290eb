//! What was asked of the emulator, for tests that look at the wire.

use std::fmt;

use bytes::Bytes;
use http::{HeaderName, HeaderValue};

/// Stands in for the value of a header that carries credentials.
const REDACTED: &str = "<redacted>";

/// A header with one of these in its name carries credentials, whatever else the name says.
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

/// One request that reached the emulator, whatever became of it.
///
/// Its `Debug` shows the size of the body instead of the body, in which there may be secrets.
#[derive(Clone)]
#[non_exhaustive]
pub struct RecordedRequest {
    /// `operationId` of the document; `None` where no operation fits.
    pub operation_id: Option<String>,
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
    /// Status of the answer. `None` while there is none, and for good where the connection was dropped.
    pub status: Option<u16>,
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
            status,
        } = self;
        f.debug_struct("RecordedRequest")
            .field("operation_id", operation_id)
            .field("method", method)
            .field("path", path)
            .field("query", query)
            .field("headers", headers)
            .field("body", &format_args!("{} bytes", body.len()))
            .field("status", status)
            .finish()
    }
}

/// The value of a header as it may be recorded.
pub(super) fn recordable(name: &HeaderName, value: &HeaderValue) -> String {
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

    fn recorded(name: &'static str) -> String {
        recordable(&HeaderName::from_static(name), &HeaderValue::from_static("hush"))
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
            assert_eq!(recorded(name), REDACTED, "{name}");
        }
        for name in ["content-type", "idempotency-key", "sequence-version", "x-trace"] {
            assert_eq!(recorded(name), "hush", "{name}");
        }
    }

    #[test]
    fn debug_shows_no_body() {
        let request = RecordedRequest {
            operation_id: None,
            method: "POST".to_owned(),
            path: "/api/x".to_owned(),
            query: None,
            headers: Vec::new(),
            body: Bytes::from_static(b"{\"webhookSecret\":\"hush\"}"),
            status: None,
        };
        let shown = format!("{request:?}");
        assert!(
            !shown.contains("hush") && shown.contains("body: 24 bytes"),
            "{shown}"
        );
    }
}
