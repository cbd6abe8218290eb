//! The format of recordings, which the emulator's program writes too (`--record`).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::recording::clean;
use crate::recording::json::Json;
use crate::redact::{REDACTED, Redactor};

/// A request and its response.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Exchange {
    pub(super) operation: Option<String>,
    pub(super) request: Sent,
    /// Nothing if the emulator closed the connection without one.
    pub(super) response: Option<Received>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Sent {
    pub(super) method: String,
    pub(super) path: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) query: Option<String>,
    #[serde(default)]
    pub(super) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Body>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Received {
    pub(super) status: u16,
    #[serde(default)]
    pub(super) headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) body: Option<Body>,
}

/// A body that is not empty.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Body {
    Json(Box<RawValue>),
    Text(String),
    Base64(String),
}

impl Sent {
    pub(super) fn of(request: &reqwest::Request, redactor: &Redactor) -> Self {
        let url = request.url();
        let body = request.body().and_then(reqwest::Body::as_bytes);
        Self {
            method: request.method().to_string(),
            path: redactor.text(url.path()).into_owned(),
            query: url.query().map(|query| redactor.text(query).into_owned()),
            headers: headers(request.headers(), redactor),
            body: Body::of(body.unwrap_or_default(), redactor),
        }
    }

    /// The value of a recorded header.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }
}

impl Received {
    pub(super) fn of(status: u16, received: &HeaderMap, body: &[u8], redactor: &Redactor) -> Self {
        Self {
            status,
            headers: headers(received, redactor),
            body: Body::of(body, redactor),
        }
    }
}

impl Body {
    fn of(bytes: &[u8], redactor: &Redactor) -> Option<Self> {
        if bytes.is_empty() {
            return None;
        }
        let Ok(text) = std::str::from_utf8(bytes) else {
            let is_clean = redactor.text(&String::from_utf8_lossy(bytes)) == String::from_utf8_lossy(bytes);
            return Some(match is_clean {
                true => Self::Base64(STANDARD.encode(bytes)),
                false => Self::Text(REDACTED.to_owned()),
            });
        };
        let Some(mut json) = Json::read(text) else {
            return Some(Self::Text(clean::clean(text, redactor).into_owned()));
        };
        clean::json(&mut json, redactor);
        let raw = RawValue::from_string(json.line());
        Some(raw.map_or_else(|_| Self::Text(REDACTED.to_owned()), Self::Json))
    }

    /// The bytes as they were received.
    pub(super) fn bytes(&self) -> Bytes {
        match self {
            Self::Json(raw) => raw.get().to_owned().into(),
            Self::Text(text) => text.clone().into(),
            Self::Base64(text) => STANDARD.decode(text).unwrap_or_default().into(),
        }
    }
}

fn headers(headers: &HeaderMap, redactor: &Redactor) -> Vec<(String, String)> {
    let recorded = clean::HEADERS.iter().flat_map(|name| {
        let values = headers.get_all(*name).iter();
        values.map(|value| {
            let text = String::from_utf8_lossy(value.as_bytes());
            ((*name).to_owned(), clean::clean(&text, redactor).into_owned())
        })
    });
    recorded.collect()
}
