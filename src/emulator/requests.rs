//! What was asked of the emulator, for tests that look at the wire.

use bytes::Bytes;

/// Stands in for the value of the `Authorization` header.
pub(super) const REDACTED: &str = "<redacted>";

/// One request that reached the emulator, whatever became of it.
#[derive(Debug, Clone)]
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
    /// Names in lower case, and values. `authorization` has the value `<redacted>`.
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
