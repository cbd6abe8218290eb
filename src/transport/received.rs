//! Reads responses within bounds and converts them into values or errors.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::clock::{Clock, Timer};
use crate::data::bounded;
use crate::data::place::{self, Undecodable};
use crate::error::{Error, ErrorResponse, Failure, KEPT_BODY, excerpt};
use crate::operation::{Content, Operation};
use crate::redact::Redactor;
use crate::response::{Meta, Response};
#[cfg(feature = "blocking")]
use crate::transport::blocking::OwnRuntime;
use crate::transport::limits::Limits;
use crate::version::ApiVersion;

/// The number of characters of a decoding error that are kept.
const KEPT_SOURCE: usize = 300;

/// The most memory that is reserved for a body before it arrives.
const MOST_RESERVED: usize = 8 * 1024 * 1024;

/// A successful response before its body is decoded.
pub(crate) struct Received {
    pub(crate) meta: Meta,
    pub(crate) body: Body,
    pub(crate) operation: Operation,
    pub(crate) limits: Limits,
    pub(crate) redactor: Redactor,
    pub(crate) clock: Arc<dyn Clock>,
    #[cfg(feature = "blocking")]
    pub(crate) runtime: Arc<OwnRuntime>,
}

pub(crate) enum Body {
    Whole(Bytes),
    /// A body that is read in chunks, before the deadline of the call.
    Stream {
        response: reqwest::Response,
        ends: Instant,
    },
}

impl Body {
    pub(super) fn whole(&self) -> Option<&Bytes> {
        match self {
            Self::Whole(body) => Some(body),
            Self::Stream { .. } => None,
        }
    }
}

impl Received {
    /// Decodes the value in the body, in each form in which the API has sent it. Errors have the body as it was sent.
    pub(crate) fn json<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let Body::Whole(body) = &self.body else {
            unreachable!("only files are streamed, see `Connection::attempt`")
        };
        let content = content(body, self.operation.content);
        let room = self.limits.decoded_bytes();
        match bounded::within(room, || place::decode(&content)) {
            (Ok(value), _) => Ok(Response::new(value, self.meta)),
            (Err(_), true) => Err(self.failed(Failure::TooLargeDecoded { limit: room }, body)),
            (Err(Undecodable { path, error }), false) => {
                // The error quotes the value that it found, which may be long or a secret.
                let source = excerpt(&self.redactor.text(&error.to_string()), KEPT_SOURCE);
                Err(self.failed(Failure::Decode { path }, body).with_source(source))
            }
        }
    }

    /// Decodes the body. An empty one decodes like `null`.
    pub(crate) fn json_or_null<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        match &self.body {
            Body::Whole(body) if body.is_empty() => self.without_body().json(),
            _ => self.json(),
        }
    }

    /// Replaces the body with `null`.
    pub(crate) fn without_body(mut self) -> Self {
        self.body = Body::Whole(Bytes::from_static(b"null"));
        self
    }

    /// Returns the body as it was received.
    pub(crate) fn bytes(self) -> Response<Bytes> {
        let Body::Whole(body) = self.body else {
            unreachable!("only files are streamed, see `Connection::attempt`")
        };
        Response::new(body, self.meta)
    }

    /// Ignores the body.
    pub(crate) fn nothing(self) -> Response<()> {
        Response::new((), self.meta)
    }

    fn failed(&self, kind: Failure, body: &Bytes) -> Error {
        Error::new(kind, self.operation.id)
            .with_body(body, &self.redactor)
            .with_head(self.meta.status, self.meta.headers.clone())
            .after(self.meta.attempts, self.meta.waited, false)
    }
}

/// Returns the part of a body that is decoded.
fn content(body: &Bytes, form: Content) -> Bytes {
    match form {
        Content::Json | Content::Nothing | Content::File => body.clone(),
        Content::Enclosed(members) => {
            let inner = members.iter().find_map(|member| enclosed(body, member));
            inner.map_or_else(|| body.clone(), |inner| body.slice_ref(inner))
        }
        Content::List(member) => listed(body, member),
    }
}

/// Returns a bare list as an object with the list in `member`, and anything else as it is.
fn listed(body: &Bytes, member: &str) -> Bytes {
    if body.trim_ascii_start().first() != Some(&b'[') {
        return body.clone();
    }
    let parts: [&[u8]; 5] = [b"{\"", member.as_bytes(), b"\":", body, b"}"];
    parts.concat().into()
}

/// Returns the value of the first member of an object, if that has the name.
fn enclosed<'b>(body: &'b [u8], member: &str) -> Option<&'b [u8]> {
    let key = format!("\"{member}\"");
    let rest = body.trim_ascii_start().strip_prefix(b"{")?;
    let rest = rest.trim_ascii_start().strip_prefix(key.as_bytes())?;
    let rest = rest.trim_ascii_start().strip_prefix(b":")?;
    let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<&RawValue>();
    Some(values.next()?.ok()?.get().as_bytes())
}

pub(super) fn meta(status: StatusCode, headers: HeaderMap, requested: ApiVersion) -> Meta {
    Meta {
        status,
        headers,
        requested,
        attempts: 1,
        waited: Duration::ZERO,
        body: None,
    }
}

/// Reads a body of at most `limit` bytes.
pub(super) async fn whole(
    response: reqwest::Response,
    operation: &Operation,
    limit: u64,
    timer: &mut Timer<'_>,
    redactor: &Redactor,
) -> Result<Bytes, Error> {
    match timer.bound(collect(response, limit)).await {
        Some(Ok(Collected::Whole(body))) => Ok(body),
        Some(Ok(Collected::Cut(body))) => {
            Err(Error::new(Failure::TooLarge { limit }, operation.id).with_body(&body, redactor))
        }
        Some(Err(error)) => {
            Err(Error::new(Failure::Interrupted, operation.id).with_source(error.without_url()))
        }
        None => Err(Error::new(Failure::AttemptTimeout(timer.limit()), operation.id)),
    }
}

/// Returns the error for a response that is not a success. Its headers are already redacted.
pub(super) async fn failure(
    mut response: reqwest::Response,
    operation: &Operation,
    timer: &mut Timer<'_>,
    redactor: &Redactor,
    clock: &dyn Clock,
) -> Error {
    let status = response.status();
    let headers = std::mem::take(response.headers_mut());
    let retry_after = retry_after(&headers, clock);
    let kind = if status.is_redirection() {
        Failure::Redirect
    } else {
        Failure::Status
    };
    // The status is known even if the body is incomplete or never arrives.
    let body = match timer.bound(collect(response, KEPT_BODY as u64)).await {
        Some(Ok(Collected::Whole(body) | Collected::Cut(body))) => body,
        Some(Err(_)) | None => Bytes::new(),
    };
    let (error_type, message) = problem(&body);
    let clean = |text: Option<String>| text.map(|text| redactor.text(&text).into_owned());
    Error::new(kind, operation.id).with_response(ErrorResponse {
        status: Some(status),
        headers,
        body,
        error_type: clean(error_type),
        message: clean(message),
        retry_after,
        redactor: Some(redactor.clone()),
    })
}

/// Returns the delay requested by `Retry-After`, in seconds or as a date.
fn retry_after(headers: &HeaderMap, clock: &dyn Clock) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(clock.system_time()).unwrap_or_default())
}

enum Collected {
    Whole(Bytes),
    /// The first bytes of a longer body.
    Cut(Bytes),
}

async fn collect(mut response: reqwest::Response, limit: u64) -> reqwest::Result<Collected> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let Some(first) = response.chunk().await? else {
        return Ok(Collected::Whole(Bytes::new()));
    };
    if first.len() > limit {
        return Ok(Collected::Cut(first.slice(..limit)));
    }
    // Most responses arrive in one chunk, which is not copied.
    let Some(second) = response.chunk().await? else {
        return Ok(Collected::Whole(first));
    };
    let received = first.len() + second.len();
    let mut body = BytesMut::with_capacity(room(response.content_length(), limit, received));
    body.extend_from_slice(&first);
    let mut next = Some(second);
    while let Some(piece) = next {
        let room = limit - body.len();
        body.extend_from_slice(&piece[..piece.len().min(room)]);
        if piece.len() > room {
            return Ok(Collected::Cut(body.freeze()));
        }
        next = response.chunk().await?;
    }
    Ok(Collected::Whole(body.freeze()))
}

/// Returns how much memory to reserve for a body of which a part was received. What the server announces need not be true.
fn room(announced: Option<u64>, limit: usize, received: usize) -> usize {
    let announced = announced.map_or(0, |length| usize::try_from(length).unwrap_or(usize::MAX));
    announced.min(limit).min(MOST_RESERVED).max(received)
}

/// Returns the type and the message of an error, from any of the formats that the API is known to use.
fn problem(body: &[u8]) -> (Option<String>, Option<String>) {
    let Ok(json) = serde_json::from_slice::<serde_json::Value>(body) else {
        return (None, None);
    };
    let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
    let listed = || {
        let parts: Vec<String> = json["errors"]
            .as_array()?
            .iter()
            .filter_map(|item| {
                let error = item["error"]
                    .as_str()
                    .or(item["message"].as_str())
                    .or(item.as_str())?;
                Some(match item["key"].as_str() {
                    Some(key) if !key.is_empty() => format!("{key}: {error}"),
                    _ => error.to_owned(),
                })
            })
            .collect();
        (!parts.is_empty()).then(|| parts.join("; "))
    };
    let error_type = text(&json["error"]["type"]).or_else(|| text(&json["type"]));
    let message = text(&json["error"]["message"])
        .or_else(|| text(&json["message"]))
        .or_else(|| text(&json["error"]))
        .or_else(listed);
    (error_type, message)
}

impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Received")
            .field("operation", &self.operation.id)
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shape_of_an_error_body_is_understood() {
        for (body, kind, message) in [
            (r#"{"error":{"type":"T","message":"M"}}"#, Some("T"), Some("M")),
            (r#"{"message":"M"}"#, None, Some("M")),
            (r#"{"error":"M"}"#, None, Some("M")),
            (
                r#"{"errors":[{"key":"name","error":"is empty"},{"key":"","error":"bad"}]}"#,
                None,
                Some("name: is empty; bad"),
            ),
            (r#"{"errors":[]}"#, None, None),
            ("<html>", None, None),
            ("[]", None, None),
            ("", None, None),
        ] {
            let (found_kind, found_message) = problem(body.as_bytes());
            assert_eq!(
                (found_kind.as_deref(), found_message.as_deref()),
                (kind, message),
                "{body}"
            );
        }
    }

    #[test]
    fn retry_after_is_seconds_or_a_date() {
        let clock = crate::clock::ManualClock::new();
        let ask = |value: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(http::header::RETRY_AFTER, http::HeaderValue::from_static(value));
            retry_after(&headers, &clock)
        };
        let seconds = |count| Some(std::time::Duration::from_secs(count));
        assert_eq!(ask("7"), seconds(7));
        assert_eq!(ask("Thu, 01 Jan 2026 00:00:09 GMT"), seconds(9));
        assert_eq!(ask("Thu, 01 Jan 2015 00:00:00 GMT"), seconds(0));
        assert_eq!(ask("soon"), None);
        assert_eq!(ask("-1"), None);
    }

    /// What is collected from a body that arrives in these pieces, and whether it is whole.
    async fn collected(pieces: &[usize], limit: u64) -> (usize, bool) {
        struct Pieces(std::collections::VecDeque<usize>);
        impl futures_core::Stream for Pieces {
            type Item = Result<Bytes, std::convert::Infallible>;

            fn poll_next(
                mut self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Self::Item>> {
                std::task::Poll::Ready(self.0.pop_front().map(|length| Ok(vec![b'.'; length].into())))
            }
        }
        let body = reqwest::Body::wrap_stream(Pieces(pieces.iter().copied().collect()));
        match collect(http::Response::new(body).into(), limit).await {
            Ok(Collected::Whole(body)) => (body.len(), true),
            Ok(Collected::Cut(body)) => (body.len(), false),
            Err(error) => panic!("no connection can break: {error}"),
        }
    }

    #[tokio::test]
    async fn a_body_of_exactly_the_limit_is_whole_and_a_longer_one_is_cut_there() {
        for pieces in [&[10][..], &[4, 6], &[9, 1], &[3, 3, 4], &[1; 10]] {
            assert_eq!(collected(pieces, 11).await, (10, true), "{pieces:?}");
            assert_eq!(collected(pieces, 10).await, (10, true), "{pieces:?}");
            assert_eq!(collected(pieces, 9).await, (9, false), "{pieces:?}");
            assert_eq!(collected(pieces, 1).await, (1, false), "{pieces:?}");
        }
        assert_eq!(collected(&[], 10).await, (0, true));
    }

    #[test]
    fn a_length_that_is_announced_reserves_no_memory_beyond_a_bound() {
        let whole = usize::MAX;
        assert_eq!(room(None, whole, 10), 10);
        assert_eq!(room(Some(5_000), whole, 10), 5_000);
        assert_eq!(room(Some(5_000), 1_000, 10), 1_000);
        assert_eq!(room(Some(5), whole, 10), 10, "a length that is wrong");
        assert_eq!(room(Some(u64::MAX), whole, 10), MOST_RESERVED);
        assert_eq!(room(Some(u64::MAX), whole, 2 * MOST_RESERVED), 2 * MOST_RESERVED);
    }

    #[tokio::test]
    async fn a_body_that_never_ends_is_an_error_with_the_limit_of_the_attempt() {
        static OPERATION: Operation = Operation {
            id: "parcel_get",
            versions: &[],
            repeat: crate::operation::Repeat::Safe,
            quota: crate::operation::Quota::Requests,
            content: Content::Json,
            route: crate::operation::Route {
                method: "GET",
                path: "/parcels/{id}",
            },
            former_routes: &[],
            query: &[],
            fields: &[],
        };
        struct Endless;
        impl futures_core::Stream for Endless {
            type Item = Result<Bytes, std::convert::Infallible>;

            fn poll_next(
                self: std::pin::Pin<&mut Self>,
                _: &mut std::task::Context<'_>,
            ) -> std::task::Poll<Option<Self::Item>> {
                std::task::Poll::Pending
            }
        }
        let clock = crate::clock::ManualClock::new();
        let mut timer = Timer::new(&clock, Duration::from_secs(5));
        clock.advance(Duration::from_secs(5));
        let body = reqwest::Body::wrap_stream(Endless);
        let redactor = Redactor::new("my-client", "my-secret");
        let error = whole(
            http::Response::new(body).into(),
            &OPERATION,
            10,
            &mut timer,
            &redactor,
        )
        .await
        .expect_err("no byte arrives");
        assert!(
            matches!(error.failure(), Failure::AttemptTimeout(limit) if limit.as_secs() == 5),
            "{error}"
        );
    }
}
