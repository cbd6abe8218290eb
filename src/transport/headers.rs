//! The headers that callers may set.

use http::{HeaderName, HeaderValue};

use crate::error::excerpt;

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

/// Returns a header that a caller may set, or the reason why it may not. `Debug` does not print its value, which may be
/// a secret.
pub(crate) fn allowed(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), String> {
    let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else {
        return Err(format!(
            "`{}` is not a valid header name",
            excerpt(name, 100).escape_debug()
        ));
    };
    if RESERVED.contains(&name.as_str()) {
        return Err(format!("`{name}` is reserved for the client"));
    }
    let Ok(mut value) = HeaderValue::from_str(value) else {
        return Err(format!(
            "the value of `{name}` contains characters that are not allowed in a header"
        ));
    };
    value.set_sensitive(true);
    Ok((name, value))
}
