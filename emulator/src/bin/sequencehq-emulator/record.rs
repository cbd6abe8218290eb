//! Files with every exchange (`--record`).
//!
//! Each is a JSON object with the request and the response. Headers with credentials are `<redacted>`, and so is
//! every member of a body whose name contains `secret`. A body that is JSON is in `json`, with all digits of its numbers;
//! other text in `text`, and other bytes in `base64`.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::PoisonError;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::SecondsFormat;
use sequencehq_emulator::Exchange;
use serde::Serialize;
use serde_json::value::RawValue;

/// The value of what is not recorded.
const REDACTED: &str = "<redacted>";

/// A folder for exchanges.
#[derive(Debug)]
pub(crate) struct Folder {
    path: PathBuf,
    /// The number of the last file.
    last: Mutex<u64>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Recorded<'e> {
    at: String,
    operation: Option<&'e str>,
    request: Request<'e>,
    /// Nothing if the connection was closed without one.
    response: Option<Response<'e>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    refusal: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    assumptions: Vec<String>,
}

#[derive(Serialize)]
struct Request<'e> {
    method: &'e str,
    path: &'e str,
    query: Option<&'e str>,
    headers: &'e [(String, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
}

#[derive(Serialize)]
struct Response<'e> {
    status: u16,
    headers: &'e [(String, String)],
    #[serde(skip_serializing_if = "Option::is_none")]
    body: Option<Body>,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Body {
    Json(Box<RawValue>),
    Text(String),
    Base64(String),
}

impl Folder {
    /// Opens a folder, and makes it if there is none. Numbers continue after those of its files.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        std::fs::create_dir_all(path)?;
        let mut last = 0;
        for entry in std::fs::read_dir(path)? {
            let name = entry?.file_name();
            let number = name
                .to_str()
                .and_then(|name| name.split('-').next()?.parse().ok());
            last = last.max(number.unwrap_or_default());
        }
        Ok(Self {
            path: path.to_owned(),
            last: Mutex::new(last),
        })
    }

    /// Writes an exchange.
    pub(crate) fn record(&self, exchange: &Exchange<'_>) -> io::Result<()> {
        let number = {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            *last += 1;
            *last
        };
        let name = exchange.request.operation_id.unwrap_or("unknown");
        let text = serde_json::to_string_pretty(&Recorded::of(exchange))?;
        let path = self.path.join(format!("{number:06}-{name}.json"));
        std::fs::write(&path, text + "\n").inspect_err(|_| {
            // What the disk had room for is not JSON.
            let _ = std::fs::remove_file(&path);
        })
    }
}

impl<'e> Recorded<'e> {
    fn of(exchange: &Exchange<'e>) -> Self {
        let request = exchange.request;
        let response = request.status.map(|status| Response {
            status,
            headers: exchange.headers,
            body: body(exchange.body),
        });
        Self {
            at: request.at.to_rfc3339_opts(SecondsFormat::Millis, true),
            operation: request.operation_id,
            request: Request {
                method: &request.method,
                path: &request.path,
                query: request.query.as_deref(),
                headers: &request.headers,
                body: body(&request.body),
            },
            response,
            refusal: request.refusal.as_ref().map(ToString::to_string),
            assumptions: request.assumed.iter().map(|one| one.to_string()).collect(),
        }
    }
}

/// A body as it is recorded; `None` if it is empty.
fn body(bytes: &[u8]) -> Option<Body> {
    if bytes.is_empty() {
        return None;
    }
    let Ok(text) = std::str::from_utf8(bytes) else {
        return Some(Body::Base64(STANDARD.encode(bytes)));
    };
    match serde_json::from_str::<&RawValue>(text) {
        Ok(raw) => RawValue::from_string(redacted(raw.get())).ok().map(Body::Json),
        Err(_) => Some(Body::Text(text.to_owned())),
    }
}

/// The text of a JSON value without its secrets. The rest is as it was, also the digits of numbers.
fn redacted(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    let mut rest = json;
    while let Some(start) = rest.find('"') {
        let (before, text) = rest.split_at(start);
        let (text, after) = first_value(text);
        out += before;
        out += text;
        rest = after;
        let Some(value) = after.trim_ascii_start().strip_prefix(':') else {
            continue;
        };
        if is_secret(text) {
            let value = value.trim_ascii_start();
            out += &after[..after.len() - value.len()];
            out += &format!("\"{REDACTED}\"");
            rest = first_value(value).1;
        }
    }
    out + rest
}

/// The value at the start of a text, and what follows it.
fn first_value(text: &str) -> (&str, &str) {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<&RawValue>();
    let _ = values.next();
    text.split_at(values.byte_offset())
}

/// Whether a name, in quotes, is that of a secret. Escapes could hide it, so the name is read before it is compared.
fn is_secret(name: &str) -> bool {
    let name: Result<String, _> = serde_json::from_str(name);
    // What cannot be read could be anything.
    name.map_or(true, |name| name.to_lowercase().contains("secret"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn recorded(bytes: &[u8]) -> String {
        serde_json::to_string(&body(bytes)).expect("plain data")
    }

    #[test]
    fn a_body_keeps_its_text_except_its_secrets() {
        for (bytes, expected) in [
            (&b""[..], "null"),
            (
                br#"{"a": 1.10, "b": 12345678901234567890.5}"#,
                r#"{"json":{"a": 1.10, "b": 12345678901234567890.5}}"#,
            ),
            (b"<html>", r#"{"text":"<html>"}"#),
            (b"\xff\x00", r#"{"base64":"/wA="}"#),
            (
                br#"{"n":1,"webhook\u0053ecret":"hush"}"#,
                r#"{"json":{"n":1,"webhook\u0053ecret":"<redacted>"}}"#,
            ),
            (
                br#"{"z": 1.10, "secret" : {"a": [1]} , "a": [12345678901234567890.5, 1e2], "b": "a \"secret\": 1"}"#,
                r#"{"json":{"z": 1.10, "secret" : "<redacted>" , "a": [12345678901234567890.5, 1e2], "b": "a \"secret\": 1"}}"#,
            ),
            (
                br#" {"x\ud800": 7, "secret": "a\"b", "Secret": -1.50e7} "#,
                r#"{"json":{"x\ud800": "<redacted>", "secret": "<redacted>", "Secret": "<redacted>"}}"#,
            ),
            (
                br#"{"items":[{"a":1},{"webhookSecret":"hush"},{"clientSecret":["hush"]}]}"#,
                r#"{"json":{"items":[{"a":1},{"webhookSecret":"<redacted>"},{"clientSecret":"<redacted>"}]}}"#,
            ),
        ] {
            assert_eq!(recorded(bytes), expected);
        }
    }
}
