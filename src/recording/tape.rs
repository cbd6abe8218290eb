//! The recorder and the replay of a client, between its attempts and the network.

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use reqwest::{Request, Response, ResponseBuilderExt as _};

use crate::recording::difference::{NotRecorded, Wanted};
use crate::recording::exchange::{Exchange, Received, Sent};
use crate::recording::recorder::Recorder;
use crate::recording::replay::Replay;
use crate::redact::Redactor;

/// What a client records to and replays from.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tape {
    pub(crate) recorder: Option<Recorder>,
    pub(crate) replay: Option<Replay>,
}

/// A request that is recorded once it has a response.
pub(crate) struct Open<'t> {
    recorder: &'t Recorder,
    operation: &'static str,
    sent: Sent,
}

impl Tape {
    /// Returns the recorded response to a request; `None` if the client does not replay.
    pub(crate) fn replayed(
        &self,
        request: &Request,
        redactor: &Redactor,
    ) -> Option<Result<Response, NotRecorded>> {
        let replay = self.replay.as_ref()?;
        let wanted = Wanted::of(&Sent::of(request, redactor));
        Some(replay.take(&wanted).map(|received| response(request, received)))
    }

    /// Begins to record a request; `None` if the client does not record.
    pub(crate) fn begin(
        &self,
        operation: &'static str,
        request: &Request,
        redactor: &Redactor,
    ) -> Option<Open<'_>> {
        let recorder = self.recorder.as_ref()?;
        Some(Open {
            recorder,
            operation,
            sent: Sent::of(request, redactor),
        })
    }
}

impl Open<'_> {
    /// Records the response, and returns an equal one.
    pub(crate) async fn complete(self, response: Response, redactor: &Redactor) -> reqwest::Result<Response> {
        let (status, url) = (response.status(), response.url().clone());
        let headers = response.headers().clone();
        let body = response.bytes().await?;
        self.recorder.add(&Exchange {
            operation: Some(self.operation.to_owned()),
            request: self.sent,
            response: Some(Received::of(status.as_u16(), &headers, &body, redactor)),
        });
        Ok(at(url, status, headers, body))
    }
}

fn response(request: &Request, received: &Received) -> Response {
    let body = received
        .body
        .as_ref()
        .map_or_else(Bytes::new, |body| body.bytes());
    let mut headers = HeaderMap::new();
    headers.insert(CONTENT_LENGTH, body.len().into());
    for (name, value) in &received.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    let status = StatusCode::from_u16(received.status).unwrap_or(StatusCode::BAD_GATEWAY);
    at(request.url().clone(), status, headers, body)
}

/// A response of a URL: one of another would be a redirect that was followed.
fn at(url: url::Url, status: StatusCode, headers: HeaderMap, body: Bytes) -> Response {
    let response = http::Response::builder().url(url).status(status).body(body);
    let mut response = response.expect("a URL and a status are valid by their types");
    *response.headers_mut() = headers;
    response.into()
}
