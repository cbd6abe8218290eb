//! Responses before they are sent.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};
use http_body_util::Full;
use serde_json::json;

use crate::assumptions::Assumed;
use crate::operations::{self, Content};

use super::gate::rounded_up;

const HTML_502: &str = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad Gateway</h1></center></body>\n</html>\n";

/// Status, headers and body of a response.
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) assumed: Assumed,
    /// For the log.
    pub(super) notes: Vec<String>,
    /// Whether a test wrote it.
    pub(super) is_scripted: bool,
}

impl Reply {
    /// 200 without a body.
    pub(super) fn empty() -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            assumed: Assumed::NONE,
            notes: Vec::new(),
            is_scripted: false,
        }
    }

    /// 200 with JSON.
    pub(super) fn json(text: String) -> Self {
        let mut reply = Self::empty();
        reply
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        reply.body = text.into();
        reply
    }

    /// The status that a test asked for.
    pub(super) fn staged(code: u16, retry_after: Option<Duration>, body: Option<&str>) -> Self {
        let problem = json!({"error": {"type": "InjectedFault", "message": format!("A test asked for status {code}.")}});
        let mut reply = Self::json(body.map_or_else(|| problem.to_string(), str::to_owned));
        reply.status = StatusCode::from_u16(code).expect("the fault was checked when it was made");
        if let Some(delay) = retry_after {
            reply.headers.insert(RETRY_AFTER, rounded_up(delay).into());
        }
        reply
    }

    /// An answer that a test wrote, marked as such.
    pub(super) fn scripted(response: operations::Response) -> Self {
        let mut reply = Self::from(response);
        reply.is_scripted = true;
        reply.put("x-emulator-scripted", "true");
        reply
    }

    /// A page of HTML, as proxies answer.
    pub(super) fn html_502() -> Self {
        let mut reply = Self::empty();
        reply.status = StatusCode::BAD_GATEWAY;
        reply
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
        reply.body = Bytes::from_static(HTML_502.as_bytes());
        reply
    }

    /// Adds a header whose value has only characters that are valid in one.
    pub(super) fn put(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(name, value);
        }
    }
}

impl From<operations::Response> for Reply {
    fn from(response: operations::Response) -> Self {
        let mut reply = match response.content {
            Content::Json(text) => Self::json(text),
            Content::Empty => Self::empty(),
            Content::Pdf { file_name, bytes } => {
                let mut reply = Self::empty();
                reply
                    .headers
                    .insert(CONTENT_TYPE, HeaderValue::from_static("application/pdf"));
                reply.put(
                    "content-disposition",
                    &format!("attachment; filename=\"{file_name}\""),
                );
                reply.body = bytes.into();
                reply
            }
        };
        reply.status =
            StatusCode::from_u16(response.status).expect("operations answer with statuses of HTTP");
        if let Some(seconds) = response.retry_after {
            reply.headers.insert(RETRY_AFTER, seconds.into());
        }
        if reply.status == StatusCode::UNAUTHORIZED {
            reply.headers.insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"Sequence\""),
            );
        }
        reply.assumed = response.assumed;
        reply.notes = response.notes;
        if !response.assumed.is_empty() {
            reply.put("x-emulator-assumption", &response.assumed.to_string());
        }
        reply
    }
}

/// The body of a response on the wire.
#[cfg(not(feature = "page"))]
pub(super) type Body = Full<Bytes>;
/// The body of a response on the wire: bytes, or the events of an open page.
#[cfg(feature = "page")]
pub(super) type Body = http_body_util::Either<Full<Bytes>, super::page::Events>;

impl From<Reply> for Response<Body> {
    fn from(reply: Reply) -> Self {
        let body = Full::new(reply.body);
        #[cfg(feature = "page")]
        let body = Body::Left(body);
        let mut response = Self::new(body);
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }
}
