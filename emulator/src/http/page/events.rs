//! Open pages learn of changes by server-sent events, and then load themselves again.
//!
//! An event has no content: what changed is on the page. However often something changes, there is one event in a while.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::request::Parts;
use http::{HeaderValue, Method, Response};
use http_body_util::Either;
use hyper::body::{Body, Frame};
use tokio::sync::{mpsc, watch};

use crate::http::reply;

use super::{BASE, Shared};

/// The time between two events.
const PAUSE: Duration = Duration::from_millis(150);

/// Begins the response; a browser that loses it connects again after a second.
const BEGIN: &[u8] = b"retry: 1000\n\n";
const EVENT: &[u8] = b"data: change\n\n";

/// The events of a page, as the body of a response. It ends when the server stops.
pub(in crate::http) struct Events(mpsc::Receiver<&'static [u8]>);

/// Whether a request is for the events.
pub(in crate::http) fn is_for(parts: &Parts) -> bool {
    parts.method == Method::GET && parts.uri.path().strip_prefix(BASE) == Some("/events")
}

/// Answers with events until the page is closed, or the server stops.
pub(in crate::http) fn events(shared: Arc<Shared>, stopped: watch::Receiver<bool>) -> Response<reply::Body> {
    let (sender, receiver) = mpsc::channel(1);
    tokio::spawn(feed(shared, stopped, sender));
    let mut response = Response::new(Either::Right(Events(receiver)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/event-stream"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

async fn feed(shared: Arc<Shared>, mut stopped: watch::Receiver<bool>, sender: mpsc::Sender<&'static [u8]>) {
    let mut changes = shared.shown.subscribe();
    let feeding = async {
        let mut part = BEGIN;
        while sender.send(part).await.is_ok() && changes.changed().await.is_ok() {
            part = EVENT;
            shared.source.sleep(PAUSE).await;
        }
    };
    tokio::select! {
        () = feeding => {}
        _ = stopped.wait_for(|stopped| *stopped) => {}
        () = sender.closed() => {}
    }
}

impl Body for Events {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let part = self.0.poll_recv(cx);
        part.map(|part| part.map(|part| Ok(Frame::data(Bytes::from_static(part)))))
    }
}
