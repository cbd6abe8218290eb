//! From an HTTP request to its response: faults, credentials, version, route, operation.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use serde_json::json;

use crate::contract::{Found, NoRoute, Version, find};
use crate::operations::{self, Content, Problem};

use super::faults::{self, Kind};
use super::gate::{self, rounded_up};
use super::log::record;
use super::shared::Shared;
use super::wire::Connection;

/// The maximum size of a body, far above that of any body of this API.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

const HTML_502: &str = "<html>\n<head><title>502 Bad Gateway</title></head>\n<body><center><h1>502 Bad Gateway</h1></center></body>\n</html>\n";

/// Status, headers and body of a response.
struct Reply {
    status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

/// Answers one request.
pub(super) async fn answer(
    shared: Arc<Shared>,
    connection: Connection,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await;
    let body = body.map(http_body_util::Collected::to_bytes).map_err(|error| {
        Problem::invalid(format!(
            "body: it cannot be read, or exceeds {MAX_BODY_BYTES} bytes: {error}."
        ))
    });
    let version = gate::version(&parts.headers);
    let shown_version = *version.as_ref().unwrap_or(&Version::LATEST);
    let found = route(&parts.method, &parts.uri, shown_version);
    let operation = found.as_ref().ok().map(|found| found.operation);

    let logged = record(
        (&parts.method, &parts.uri),
        &parts.headers,
        operation,
        body.as_ref().cloned().unwrap_or_default(),
    );
    let number = shared.log().push(logged);
    let request_id = shared.new_request_id();
    let fault = faults::take(&mut shared.faults(), operation);
    if let Some(Kind::Delay(duration)) = &fault {
        shared.source.sleep(*duration).await;
    }
    let mut reply = match &fault {
        Some(Kind::Status {
            code,
            retry_after,
            body,
        }) => staged(*code, *retry_after, body.as_deref()),
        Some(Kind::Html502) => html_502(),
        Some(Kind::DropBefore) => Reply::empty(),
        Some(Kind::DropAfter | Kind::TruncateBody | Kind::Delay(_) | Kind::WrongShape) | None => {
            serve(&shared, &parts.headers, &parts.uri, version, found, body)
        }
    };
    if matches!(fault, Some(Kind::WrongShape)) {
        reply = Reply {
            status: reply.status,
            ..Reply::json(json!({"items": "no list", "id": 17}).to_string())
        };
    }
    let drops = matches!(fault, Some(Kind::DropBefore | Kind::DropAfter));
    if drops {
        connection.cut();
    } else if matches!(fault, Some(Kind::TruncateBody)) {
        connection.cut_after_body_bytes(reply.body.len() / 2);
    }
    shared
        .log()
        .set_status(number, (!drops).then(|| reply.status.as_u16()));
    // A response of a proxy has no headers of the API.
    if !matches!(fault, Some(Kind::Html502)) {
        reply.put("sequence-version", shown_version.name());
        reply.put("x-request-id", &request_id);
    }
    reply.into()
}

/// Without faults: every check in turn, and then the operation.
fn serve(
    shared: &Shared,
    headers: &HeaderMap,
    uri: &Uri,
    version: Result<Version, Problem>,
    found: Result<Found, Problem>,
    body: Result<Bytes, Problem>,
) -> Reply {
    let respond = || {
        shared.credentials.check(headers)?;
        shared
            .minute()
            .admit(shared.requests_per_minute, shared.source.now())?;
        let (version, found, body) = (version?, found?, body?);
        check_content_type(&found, headers, &body)?;
        let key = headers
            .get("idempotency-key")
            .map(|key| String::from_utf8_lossy(key.as_bytes()));
        Ok(shared.world.respond(&operations::Request {
            operation: found.operation,
            version,
            path: &found.path,
            query: uri.query().unwrap_or_default(),
            body: &body,
            key: key.as_deref(),
        }))
    };
    let response = respond().unwrap_or_else(|problem: Problem| operations::Response::from(problem));
    shared.changed.notify_one();
    Reply::from(response)
}

fn route(method: &Method, uri: &Uri, version: Version) -> Result<Found, Problem> {
    let path = uri
        .path()
        .strip_prefix("/api")
        .filter(|rest| rest.starts_with('/'));
    let Some(path) = path else {
        return Err(Problem::not_found(format!(
            "Every path of the API begins with `/api/`, unlike `{}`. The base URL is that of `base_url()`.",
            uri.path()
        )));
    };
    find(method.as_str(), path, version).map_err(|error| match error {
        NoRoute::Path(message) => Problem::not_found(message),
        NoRoute::Method(message) => Problem::method_not_allowed(message),
    })
}

fn check_content_type(found: &Found, headers: &HeaderMap, body: &Bytes) -> Result<(), Problem> {
    let is_json = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok()?.split(';').next())
        .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"));
    if found.operation.data().body.is_some() && !body.is_empty() && !is_json {
        return Err(Problem::invalid("Content-Type: send `application/json`."));
    }
    Ok(())
}

fn staged(code: u16, retry_after: Option<Duration>, body: Option<&str>) -> Reply {
    let problem =
        json!({"error": {"type": "InjectedFault", "message": format!("A test asked for status {code}.")}});
    let mut reply = Reply::json(body.map_or_else(|| problem.to_string(), str::to_owned));
    reply.status = StatusCode::from_u16(code).expect("the fault was checked when it was made");
    if let Some(delay) = retry_after {
        reply.headers.insert(RETRY_AFTER, rounded_up(delay).into());
    }
    reply
}

fn html_502() -> Reply {
    let mut reply = Reply::empty();
    reply.status = StatusCode::BAD_GATEWAY;
    reply
        .headers
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/html"));
    reply.body = Bytes::from_static(HTML_502.as_bytes());
    reply
}

impl Reply {
    fn empty() -> Self {
        Self {
            status: StatusCode::OK,
            headers: HeaderMap::new(),
            body: Bytes::new(),
        }
    }

    fn json(text: String) -> Self {
        let mut reply = Self::empty();
        reply
            .headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        reply.body = text.into();
        reply
    }

    /// Adds a header whose value has only characters that are valid in one.
    fn put(&mut self, name: &'static str, value: &str) {
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
        if !response.assumed.is_empty() {
            reply.put("x-emulator-assumption", &response.assumed.to_string());
        }
        reply
    }
}

impl From<Reply> for Response<Full<Bytes>> {
    fn from(reply: Reply) -> Self {
        let mut response = Self::new(Full::new(reply.body));
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }
}
