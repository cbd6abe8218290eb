//! Requests that are shown instead of sent.

use std::io::{self, Write as _};

use crate::json::Json;

/// Prints a request as it is sent, without credentials.
pub(crate) fn request(request: &http::Request<impl AsRef<[u8]>>) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{} {}", request.method(), request.uri())?;
    for (name, value) in request.headers() {
        writeln!(out, "{name}: {}", String::from_utf8_lossy(value.as_bytes()))?;
    }
    let body = String::from_utf8_lossy(request.body().as_ref()).into_owned();
    if !body.is_empty() {
        let pretty = Json::parse(&body).map_or(body, |json| json.pretty());
        writeln!(out, "\n{pretty}")?;
    }
    out.flush()
}
