//! [`Event`] as an extractor for `axum` handlers.

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;

use axum::body::Body;
use axum::extract::{FromRef, FromRequest, Request};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use futures_core::Stream as _;
use http::{StatusCode, header};

use crate::webhook::error::WebhookError;
use crate::webhook::event::Event;
use crate::webhook::header::SIGNATURE_HEADER;
use crate::webhook::signature::Verifier;

/// Verifies the request body and decodes the event.
///
/// The size limit is that of the verifier
/// ([`max_body_bytes`](Verifier::max_body_bytes)); `DefaultBodyLimit` does not apply.
///
/// ```
/// use axum::Router;
/// use axum::http::StatusCode;
/// use axum::routing::post;
/// use sequencehq::webhook::{Event, Secret, Verifier};
///
/// async fn receive(event: Event) -> StatusCode {
///     println!("{}", event.notification_type());
///     StatusCode::NO_CONTENT
/// }
///
/// let verifier = Verifier::new(Secret::new("whsec_example")?);
/// let app: Router = Router::new().route("/webhooks/sequence", post(receive)).with_state(verifier);
/// # let _ = app;
/// # Ok::<(), sequencehq::ConfigError>(())
/// ```
///
/// For a custom state, implement `FromRef<YourState>` for `Verifier`. To log why a delivery is rejected, extract a
/// `Result<Event, Rejection>` and return the error from the handler.
impl<S> FromRequest<S> for Event
where
    Verifier: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Rejection;

    async fn from_request(request: Request, state: &S) -> Result<Self, Rejection> {
        let verifier = Verifier::from_ref(state);
        let (parts, body) = request.into_parts();
        if let Some(announced) = parts.headers.get(header::CONTENT_LENGTH) {
            let bytes = announced.to_str().ok().and_then(|length| length.parse().ok());
            verifier.check_size(bytes.unwrap_or(0))?;
        }
        let body = read(body, &verifier).await?;
        Ok(verifier.verify_and_parse(parts.headers.get_all(SIGNATURE_HEADER), &body)?)
    }
}

async fn read(body: Body, verifier: &Verifier) -> Result<BytesMut, Rejection> {
    let mut pieces = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(piece) = poll_fn(|context| Pin::new(&mut pieces).poll_next(context)).await {
        let piece = piece.map_err(Rejection::Interrupted)?;
        verifier.check_size(whole.len().saturating_add(piece.len()))?;
        whole.extend_from_slice(&piece);
    }
    Ok(whole)
}

/// The rejection of the [`Event`] extractor.
///
/// As a response, it has the status of [`WebhookError::status`] and a short body that reveals nothing useful to an
/// attacker who probes signatures. Its `Display` output has the full reason; write it to your log.
#[derive(Debug)]
#[non_exhaustive]
pub enum Rejection {
    /// Verification or decoding failed.
    Invalid(WebhookError),
    /// The body could not be read completely.
    Interrupted(axum::Error),
}

impl From<WebhookError> for Rejection {
    fn from(error: WebhookError) -> Self {
        Self::Invalid(error)
    }
}

impl IntoResponse for Rejection {
    fn into_response(self) -> Response {
        let status = match &self {
            Self::Invalid(error) => error.status(),
            Self::Interrupted(_) => StatusCode::BAD_REQUEST,
        };
        let message = match status {
            StatusCode::UNAUTHORIZED => "signature not accepted",
            StatusCode::PAYLOAD_TOO_LARGE => "body too large",
            _ => "not a signed event",
        };
        (status, message).into_response()
    }
}

impl fmt::Display for Rejection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(error) => error.fmt(f),
            Self::Interrupted(error) => write!(f, "the body could not be read completely: {error}"),
        }
    }
}

// `Display` includes the inner error, so there is no `source`: a report of the chain would print it twice.
impl std::error::Error for Rejection {}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll};

    use bytes::Bytes;

    use super::*;
    use crate::clock::ManualClock;
    use crate::webhook::{Secret, Signer};

    const BODY: &str =
        r#"{"notificationType":"INVOICE_CREATED","sequenceAccountId":"a-1","resourceId":"i-1"}"#;

    struct App {
        verifier: Verifier,
    }

    impl FromRef<App> for Verifier {
        fn from_ref(app: &App) -> Self {
            app.verifier.clone()
        }
    }

    fn secret() -> Secret {
        Secret::new("whsec_hush").expect("a good secret")
    }

    fn post(signature: Option<&str>, body: impl Into<Body>) -> Request {
        let mut request = Request::post("/").body(body.into()).expect("a request");
        if let Some(signature) = signature {
            request
                .headers_mut()
                .insert("Sequence-Signature", signature.parse().expect("a header value"));
        }
        request
    }

    /// The status and the body of the response; 200 for an event.
    async fn answer(app: &App, request: Request) -> (u16, String) {
        match Event::from_request(request, app).await {
            Ok(event) => (200, event.resource_id().unwrap_or_default().to_owned()),
            Err(rejection) => {
                let response = rejection.into_response();
                let status = response.status().as_u16();
                let body = axum::body::to_bytes(response.into_body(), 1000)
                    .await
                    .expect("short");
                (status, String::from_utf8(body.to_vec()).expect("text"))
            }
        }
    }

    #[tokio::test]
    async fn a_delivery_becomes_an_event_or_a_refusal_without_details() {
        let clock = ManualClock::new();
        let signer = Signer::new(secret()).clock(clock.clone());
        let app = App {
            verifier: Verifier::new(secret()).clock(clock.clone()).max_body_bytes(100),
        };
        let good = signer.sign(BODY.as_bytes());
        let refused = |status: u16, message: &str| (status, message.to_owned());

        assert_eq!(
            answer(&app, post(Some(&good), BODY)).await,
            (200, "i-1".to_owned())
        );
        assert_eq!(
            answer(&app, post(None, BODY)).await,
            refused(400, "not a signed event")
        );
        assert_eq!(
            answer(&app, post(Some("t=1"), BODY)).await,
            refused(400, "not a signed event")
        );
        assert_eq!(
            answer(&app, post(Some(&good), "{}")).await,
            refused(401, "signature not accepted")
        );
        let signature = signer.sign(b"{}");
        assert_eq!(
            answer(&app, post(Some(&signature), "{}")).await,
            refused(400, "not a signed event")
        );
        let large = " ".repeat(101);
        let signature = signer.sign(large.as_bytes());
        assert_eq!(
            answer(&app, post(Some(&signature), large)).await,
            refused(413, "body too large")
        );

        clock.advance(std::time::Duration::from_secs(301));
        assert_eq!(
            answer(&app, post(Some(&good), BODY)).await,
            refused(401, "signature not accepted")
        );
    }

    #[tokio::test]
    async fn a_body_that_announces_too_much_is_not_read() {
        let app = App {
            verifier: Verifier::new(secret()).max_body_bytes(100),
        };
        let mut request = post(None, BODY);
        request
            .headers_mut()
            .insert(header::CONTENT_LENGTH, header::HeaderValue::from_static("101"));
        assert_eq!(answer(&app, request).await.0, 413);
    }

    /// A stream that yields the same item forever.
    struct Always(fn() -> std::io::Result<Bytes>);

    impl futures_core::Stream for Always {
        type Item = std::io::Result<Bytes>;

        fn poll_next(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
            Poll::Ready(Some((self.0)()))
        }
    }

    #[tokio::test]
    async fn an_endless_body_is_cut_off() {
        let app = App {
            verifier: Verifier::new(secret()),
        };
        let endless = Always(|| Ok(Bytes::from_static(b"and so on ")));
        assert_eq!(answer(&app, post(None, Body::from_stream(endless))).await.0, 413);
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_refused() {
        let app = App {
            verifier: Verifier::new(secret()),
        };
        let broken = Always(|| Err(std::io::ErrorKind::ConnectionReset.into()));
        let rejection = Event::from_request(post(None, Body::from_stream(broken)), &app)
            .await
            .unwrap_err();
        assert!(
            rejection.to_string().contains("could not be read completely"),
            "{rejection}"
        );
        assert_eq!(rejection.into_response().status(), StatusCode::BAD_REQUEST);
    }
}
