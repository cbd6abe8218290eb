//! Reads what the server says, within bounds, and turns it into a response or an error.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, StatusCode};
use progenitor_client::{ByteStream, ResponseValue};
use reqwest::Response;
use serde::de::DeserializeOwned;

use crate::call::Operation;
use crate::clock::{self, Clock};
use crate::error::{Error, InvalidInput, KEPT_BODY, Kind, Said};
use crate::generated::RawClient;
use crate::response::Meta;
use crate::{Credentials, Download};

/// A success: its real status and headers, and what the generated client shall decode.
pub(super) type Read = (StatusCode, HeaderMap, Response);

/// What the generated client gets in place of an answer that failed.
pub(super) fn stand_in() -> Response {
    let mut response = http::Response::new(Bytes::new());
    *response.status_mut() = StatusCode::from_u16(999).expect("a status has three digits");
    Response::from(response)
}

/// How much of an answer is read, and for how long.
#[derive(Clone, Copy)]
pub(super) struct Bounds {
    pub(super) bytes: u64,
    /// The time limit of the attempt.
    pub(super) attempt: Duration,
    /// What is left of it.
    pub(super) left: Duration,
}

/// Reads the answer of one attempt.
pub(super) async fn read(
    mut response: Response,
    operation: &'static Operation,
    bounds: Bounds,
    credentials: &Credentials,
    clock: &dyn Clock,
) -> Result<Read, Error> {
    let status = response.status();
    if !status.is_success() {
        return Err(failed(response, operation, bounds, credentials, clock).await);
    }
    // The generated client looks at the status only.
    let headers = std::mem::take(response.headers_mut());
    let documented =
        StatusCode::from_u16(operation.status).expect("the document has statuses of three digits");
    if operation.is_download {
        // The generated client insists on the documented status; another success is as good.
        let mut whole = http::Response::<reqwest::Body>::from(response);
        *whole.status_mut() = documented;
        return Ok((status, headers, Response::from(whole)));
    }
    let said = |body| Said {
        status: Some(status),
        headers: headers.clone(),
        body,
        ..Said::default()
    };
    let limit = bounds.bytes;
    let whole = match clock::within(clock, bounds.left, collect(response, limit)).await {
        Some(Ok(Collected::Whole(body))) => body,
        Some(Ok(Collected::Cut(body))) => {
            let kept = body.slice(..body.len().min(KEPT_BODY));
            return Err(Error::new(Kind::TooLarge { limit }, operation.id).with_said(said(kept)));
        }
        Some(Err(error)) => {
            let error = Error::new(Kind::Interrupted, operation.id).with_source(error.without_url());
            return Err(error.with_said(said(Bytes::new())));
        }
        None => {
            let error = Error::new(Kind::Timeout(bounds.attempt), operation.id);
            return Err(error.with_said(said(Bytes::new())));
        }
    };
    let mut decodable = http::Response::new(if operation.has_body { whole } else { Bytes::new() });
    *decodable.status_mut() = documented;
    Ok((status, headers, Response::from(decodable)))
}

/// The error of an answer that is no success.
async fn failed(
    response: Response,
    operation: &'static Operation,
    bounds: Bounds,
    credentials: &Credentials,
    clock: &dyn Clock,
) -> Error {
    let status = response.status();
    let headers = response.headers().clone();
    let retry_after = retry_after(&headers, clock);
    let kind = if status.is_redirection() {
        Kind::Redirect
    } else {
        Kind::Status
    };
    // A body that breaks off, or never comes, does not make the status less known.
    let body = match clock::within(clock, bounds.left, collect(response, KEPT_BODY as u64)).await {
        Some(Ok(Collected::Whole(body) | Collected::Cut(body))) => body,
        Some(Err(_)) | None => Bytes::new(),
    };
    let (error_type, message) = words(&body);
    let redact = |text: Option<String>| text.map(|text| credentials.redact(&text));
    let said = Said {
        status: Some(status),
        headers,
        body,
        error_type: redact(error_type),
        message: redact(message),
        retry_after,
    };
    Error::new(kind, operation.id).with_said(said)
}

/// How long the API asks to wait: seconds, or a date.
fn retry_after(headers: &HeaderMap, clock: &dyn Clock) -> Option<Duration> {
    let text = headers.get(http::header::RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = httpdate::parse_http_date(text).ok()?;
    Some(date.duration_since(clock.wall()).unwrap_or_default())
}

enum Collected {
    Whole(Bytes),
    /// The first bytes of something longer.
    Cut(Bytes),
}

async fn collect(mut response: Response, limit: u64) -> reqwest::Result<Collected> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let Some(first) = response.chunk().await? else {
        return Ok(Collected::Whole(Bytes::new()));
    };
    if first.len() > limit {
        return Ok(Collected::Cut(first.slice(..limit)));
    }
    // Most answers arrive in one piece, which is not copied.
    let Some(second) = response.chunk().await? else {
        return Ok(Collected::Whole(first));
    };
    let expected = response
        .content_length()
        .and_then(|length| usize::try_from(length).ok())
        .unwrap_or(0);
    let mut body = BytesMut::with_capacity(
        expected.clamp(first.len() + second.len(), limit.max(first.len() + second.len())),
    );
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

/// The API's name and text for an error, from any of the shapes that it is known to use.
fn words(body: &[u8]) -> (Option<String>, Option<String>) {
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

/// The value of a call, or why there is none.
pub(crate) fn finish<T: DeserializeOwned, E>(
    client: RawClient,
    result: Result<ResponseValue<T>, progenitor_client::Error<E>>,
) -> Result<crate::Response<T>, Error> {
    let meta = settle(&client, &result)?;
    let error = match result {
        Ok(value) => return Ok(crate::Response::new(value.into_inner(), meta)),
        Err(progenitor_client::Error::InvalidResponsePayload(body, _)) => {
            undecodable::<T>(&client, &meta, body)
        }
        Err(_) => unexpected(&client),
    };
    Err(error.after(meta.attempts, meta.waited, false))
}

/// The success of a call that answers nothing.
pub(crate) fn finish_empty<E>(
    client: RawClient,
    result: Result<ResponseValue<()>, progenitor_client::Error<E>>,
) -> Result<crate::Response<()>, Error> {
    let meta = settle(&client, &result)?;
    match result {
        Ok(_) => Ok(crate::Response::new((), meta)),
        Err(_) => Err(unexpected(&client)),
    }
}

/// The file that a call answers.
pub(crate) fn finish_download<E>(
    client: RawClient,
    result: Result<ResponseValue<ByteStream>, progenitor_client::Error<E>>,
) -> Result<crate::Response<Download>, Error> {
    let meta = settle(&client, &result)?;
    let exchange = &client.inner;
    match result {
        Ok(stream) => {
            let limits = exchange.limits();
            let download = Download::new(
                stream.into_inner_stream(),
                meta.clone(),
                std::sync::Arc::clone(exchange.clock()),
                limits.attempt,
                limits.bytes,
                exchange.operation().id,
            );
            Ok(crate::Response::new(download, meta))
        }
        Err(_) => Err(unexpected(&client)),
    }
}

/// What the exchange remembers, or the error that it ended with.
fn settle<T, E>(client: &RawClient, result: &Result<T, progenitor_client::Error<E>>) -> Result<Meta, Error> {
    match client.inner.take_outcome() {
        Some(outcome) => outcome,
        // It failed before the exchange began: the request could not be put together.
        None => {
            let problem = match result {
                Err(progenitor_client::Error::CommunicationError(error)) => error.to_string(),
                _ => "the request could not be put together".to_owned(),
            };
            Err(Error::new(
                Kind::Input(InvalidInput::new("body", problem)),
                client.inner.operation().id,
            ))
        }
    }
}

/// Decodes again, this time with an eye on the place where it fails.
fn undecodable<T: DeserializeOwned>(client: &RawClient, meta: &Meta, body: Bytes) -> Error {
    let mut deserializer = serde_json::Deserializer::from_slice(&body);
    let (path, source) = match serde_path_to_error::deserialize::<_, T>(&mut deserializer) {
        Err(error) => {
            // How decimals are read is nobody's business (see `crate::data::wire`).
            let path = error
                .path()
                .to_string()
                .replace(crate::data::wire::RAW_SEGMENT, "");
            (path, Some(error.into_inner()))
        }
        // The value was whole, so something follows it.
        Ok(_) => (".".to_owned(), deserializer.end().err()),
    };
    let said = Said {
        status: Some(meta.status),
        headers: meta.headers.clone(),
        body: body.slice(..body.len().min(KEPT_BODY)),
        ..Said::default()
    };
    let error = Error::new(Kind::Decode { path }, client.inner.operation().id).with_said(said);
    match source {
        // It quotes what it found, which may be long, or secret.
        Some(source) => error.with_source(client.inner.shown(&source.to_string())),
        None => error,
    }
}

/// The generated client refused what the transport had prepared for it.
fn unexpected(client: &RawClient) -> Error {
    Error::new(Kind::Decode { path: ".".to_owned() }, client.inner.operation().id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_api_is_understood_in_all_its_ways_of_complaining() {
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
            let (found_kind, found_message) = words(body.as_bytes());
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
}
