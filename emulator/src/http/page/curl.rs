//! A request as a command for a shell.

use std::fmt::Write as _;

use crate::http::gate::Credentials;
use crate::http::log::RecordedRequest;

/// Headers that `curl` sends by itself, and that belong to one connection.
const OWN: [&str; 7] = [
    "accept-encoding",
    "authorization",
    "connection",
    "content-length",
    "host",
    "transfer-encoding",
    "user-agent",
];

/// The command that repeats a request. Without the secret it reads it from a variable.
pub(super) fn command(request: &RecordedRequest, credentials: &Credentials, with_secret: bool) -> String {
    let host = request.header("host").unwrap_or("127.0.0.1");
    let query = request
        .query
        .as_ref()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    let address = format!("http://{host}{}{query}", request.path);
    let mut text = format!("curl -X {} {}", request.method, quoted(&address));
    if with_secret {
        let pair = format!("{}:{}", credentials.client_id, credentials.client_secret);
        let _ = write!(text, " \\\n  -u {}", quoted(&pair));
    } else {
        let _ = write!(
            text,
            " \\\n  -u {}\"$SEQUENCE_CLIENT_SECRET\"",
            quoted(&format!("{}:", credentials.client_id))
        );
    }
    let headers = request.headers.iter();
    let sent = headers.filter(|(name, value)| {
        !OWN.contains(&name.as_str()) && (name.as_str(), value.as_str()) != ("accept", "*/*")
    });
    for (name, value) in sent {
        let _ = write!(text, " \\\n  -H {}", quoted(&format!("{name}: {value}")));
    }
    if !request.body.is_empty() {
        let _ = write!(
            text,
            " \\\n  --data-binary {}",
            quoted(&String::from_utf8_lossy(&request.body))
        );
    }
    text
}

/// A word of a shell.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use chrono::DateTime;
    use http::{HeaderMap, Method};

    use super::*;
    use crate::http::log::record;

    fn request() -> RecordedRequest {
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("host", "127.0.0.1:4010"),
            ("authorization", "Basic aHVzaA=="),
            ("content-type", "application/json"),
            ("idempotency-key", "it's"),
            ("content-length", "3"),
        ] {
            headers.insert(name, value.parse().expect("a value"));
        }
        let uri = "/api/products?a=1&b=2".parse().expect("a path");
        let body = Bytes::from_static(br#"{"name": "it's $HOME"}"#);
        record(
            (&Method::POST, &uri),
            &headers,
            None,
            body,
            (String::new(), DateTime::UNIX_EPOCH),
        )
    }

    fn credentials() -> Credentials {
        Credentials {
            client_id: "id".to_owned(),
            client_secret: "hush".to_owned(),
        }
    }

    #[test]
    fn a_command_repeats_the_request_and_reads_the_secret_from_a_variable() {
        assert_eq!(
            command(&request(), &credentials(), false),
            r#"curl -X POST 'http://127.0.0.1:4010/api/products?a=1&b=2' \
  -u 'id:'"$SEQUENCE_CLIENT_SECRET" \
  -H 'content-type: application/json' \
  -H 'idempotency-key: it'\''s' \
  --data-binary '{"name": "it'\''s $HOME"}'"#
        );
    }

    #[test]
    fn a_command_has_the_secret_only_if_that_is_asked_for() {
        assert!(!command(&request(), &credentials(), false).contains("hush"));
        assert!(command(&request(), &credentials(), true).contains("-u 'id:hush'"));
    }
}
