//! From an HTTP request to its response: faults, credentials, version, route, operation.

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::request::Parts;
use http::{HeaderMap, Method, Request, Response, Uri};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use serde_json::json;
#[cfg(feature = "page")]
use tokio::sync::watch;

use crate::contract::{Found, NoRoute, Version, find};
use crate::operations::{self, Problem};

use super::control;
use super::exchange::{Exchange, Observer, Refusal};
use super::faults::{self, Kind};
use super::gate;
use super::log::{RecordedRequest, kept, record, recorded};
#[cfg(feature = "page")]
use super::page;
use super::reply::{Body, Reply};
use super::shared::Shared;
use super::wire::Connection;

/// The maximum size of a body, far above that of any body of this API.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// Where a request comes from.
pub(super) struct Client {
    pub(super) peer: SocketAddr,
    pub(super) connection: Connection,
    /// Becomes `true` when the server stops.
    #[cfg(feature = "page")]
    pub(super) stopped: watch::Receiver<bool>,
}

/// Answers one request, of the API or of the control.
pub(super) async fn answer(
    shared: Arc<Shared>,
    client: Client,
    request: Request<Incoming>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    if !control::is_for(&parts.uri) {
        let body = collected(body).await;
        return answer_api(&shared, &client.connection, parts, body).await.into();
    }
    match control::check(client.peer, &parts) {
        #[cfg(feature = "page")]
        Ok(()) if page::is_for_events(&parts) => page::events(shared, client.stopped),
        #[cfg(feature = "page")]
        Ok(()) if page::is_for(&parts) => page::answer(&shared, &parts, collected(body).await).into(),
        Ok(()) => control::answer(&shared, &parts, collected(body).await).into(),
        Err(problem) => control::reply(Err(problem)).into(),
    }
}

async fn collected(body: Incoming) -> Result<Bytes, Problem> {
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await;
    body.map(http_body_util::Collected::to_bytes).map_err(|error| {
        Problem::invalid(format!(
            "body: it cannot be read, or exceeds {MAX_BODY_BYTES} bytes: {error}."
        ))
    })
}

async fn answer_api(
    shared: &Shared,
    connection: &Connection,
    parts: Parts,
    body: Result<Bytes, Problem>,
) -> Reply {
    let version = gate::version(&parts.headers);
    let shown_version = *version.as_ref().unwrap_or(&Version::LATEST);
    let found = route(&parts.method, &parts.uri, shown_version);
    let operation = found.as_ref().ok().map(|found| found.operation);

    let mut logged = record(
        (&parts.method, &parts.uri),
        &parts.headers,
        operation,
        body.as_ref().cloned().unwrap_or_default(),
        (shared.new_request_id(), shared.source.now()),
    );
    let number = shared.log().push(logged.clone());
    let fault = faults::take(&mut shared.faults(), operation);
    if let Some(Kind::Delay(duration)) = &fault {
        shared.source.sleep(*duration).await;
    }
    let mut reply = match fault.as_ref().and_then(instead) {
        Some(reply) => reply,
        None => serve(shared, &parts, version, found, body),
    };
    if matches!(fault, Some(Kind::WrongShape)) {
        reply = Reply {
            status: reply.status,
            ..Reply::json(json!({"items": "no list", "id": 17}).to_string())
        };
    }
    // A response of a proxy has no headers of the API.
    if !matches!(fault, Some(Kind::Html502)) {
        reply.put("sequence-version", shown_version.name());
        reply.put("x-request-id", &logged.request_id);
    }
    logged.took = (shared.source.now() - logged.at).to_std().unwrap_or_default();
    logged.assumed = reply.assumed;
    logged.scripted = reply.is_scripted;
    logged.notes = std::mem::take(&mut reply.notes);
    logged.refusal = refusal(fault.as_ref(), &reply);
    if matches!(fault, Some(Kind::DropBefore | Kind::DropAfter)) {
        connection.cut();
        reply = Reply::empty();
    } else {
        logged.status = Some(reply.status.as_u16());
        logged.response = kept(&reply.body);
    }
    if matches!(fault, Some(Kind::TruncateBody)) {
        connection.cut_after_body_bytes(reply.body.len() / 2);
    }
    conclude(shared, number, logged, &reply);
    reply
}

/// The response of a fault that prevents the processing of the request.
fn instead(fault: &Kind) -> Option<Reply> {
    match fault {
        Kind::Status {
            code,
            retry_after,
            body,
        } => Some(Reply::staged(*code, *retry_after, body.as_deref())),
        Kind::Html502 => Some(Reply::html_502()),
        Kind::DropBefore => Some(Reply::empty()),
        Kind::DropAfter | Kind::TruncateBody | Kind::Delay(_) | Kind::WrongShape => None,
    }
}

/// The reason of a response that is not the one of the operation.
fn refusal(fault: Option<&Kind>, reply: &Reply) -> Option<Refusal> {
    let injected = |message| Some(Refusal::injected(message));
    match fault {
        Some(Kind::Html502) => injected("The response is a page of HTML."),
        Some(Kind::DropBefore) => injected("The connection was closed before the request was processed."),
        Some(Kind::DropAfter) => injected("The connection was closed after the request was processed."),
        Some(Kind::TruncateBody) => injected("The connection was closed in the middle of the response."),
        Some(Kind::WrongShape) => injected("The response has another shape."),
        Some(Kind::Status { code, .. }) => injected(&format!("The status is {code}.")),
        Some(Kind::Delay(_)) | None if reply.status.as_u16() < 400 => None,
        Some(Kind::Delay(_)) | None => Refusal::of_body(&reply.body),
    }
}

/// Completes the entry in the log, and calls the observer.
fn conclude(shared: &Shared, number: usize, logged: RecordedRequest, reply: &Reply) {
    if let Some(Observer(observe)) = &shared.observer {
        observe(&Exchange {
            request: &logged,
            headers: &recorded(&reply.headers),
            body: &reply.body,
        });
    }
    shared.log().complete(number, logged);
    shared.show_change();
}

/// Without faults: every check in turn, and then the operation.
fn serve(
    shared: &Shared,
    parts: &Parts,
    version: Result<Version, Problem>,
    found: Result<Found, Problem>,
    body: Result<Bytes, Problem>,
) -> Reply {
    let (headers, uri) = (&parts.headers, &parts.uri);
    let respond = || {
        shared.credentials.check(headers)?;
        shared
            .minute()
            .admit(shared.requests_per_minute, shared.source.now())?;
        let version = version?;
        if found.is_err()
            && let Some(reply) = unlisted(shared, parts, version)
        {
            return Ok(reply);
        }
        let (found, body) = (found?, body?);
        check_content_type(&found, headers, &body)?;
        let key = headers
            .get("idempotency-key")
            .map(|key| String::from_utf8_lossy(key.as_bytes()));
        let request = operations::Request {
            operation: found.operation,
            version,
            path: &found.path,
            query: uri.query().unwrap_or_default(),
            body: &body,
            key: key.as_deref(),
        };
        match scripted(shared, &request, uri)? {
            Some(reply) => Ok(reply),
            None => Ok(shared.world.respond(&request).into()),
        }
    };
    let reply = respond().unwrap_or_else(|problem: Problem| operations::Response::from(problem).into());
    shared.wake();
    reply
}

/// The answer that a test wrote for a request that passes the checks of the document.
fn scripted(shared: &Shared, request: &operations::Request<'_>, uri: &Uri) -> Result<Option<Reply>, Problem> {
    let mut scripts = shared.scripts();
    if !scripts.has(request.operation) {
        return Ok(None);
    }
    request.check()?;
    let path = uri.path().strip_prefix("/api").unwrap_or_default();
    Ok(scripts.take(request, path)?.map(Reply::scripted))
}

/// The answer that a test wrote for an endpoint that the document does not describe.
fn unlisted(shared: &Shared, parts: &Parts, version: Version) -> Option<Reply> {
    let path = parts.uri.path().strip_prefix("/api")?;
    let query = parts.uri.query().unwrap_or_default();
    let mut scripts = shared.scripts();
    let taken = scripts.take_unlisted(parts.method.as_str(), path, query, version);
    taken.map(Reply::scripted)
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
