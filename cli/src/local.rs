//! HTTP to servers on this machine, without encryption.

use http_body_util::{BodyExt as _, Full};
use hyper::body::Bytes;
use hyper::header::HOST;
use hyper::http::HeaderValue;
use hyper::{Request, Response, Uri};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// Why a request has no response.
#[derive(Debug)]
pub(crate) enum Broken {
    /// There is no connection, so nothing was sent.
    Unreached(String),
    /// The connection broke, and the server may have acted.
    Lost(String),
}

impl Broken {
    /// Returns the reason.
    pub(crate) fn into_text(self) -> String {
        match self {
            Self::Unreached(reason) | Self::Lost(reason) => reason,
        }
    }
}

/// Returns the URL if it is one of HTTP without encryption.
pub(crate) fn plain_url(url: &str) -> Option<Uri> {
    let uri: Uri = url.parse().ok()?;
    (uri.scheme_str() == Some("http") && uri.host().is_some()).then_some(uri)
}

/// Sends a request on a connection of its own, and returns the whole response.
pub(crate) async fn exchange(mut request: Request<Full<Bytes>>) -> Result<Response<Bytes>, Broken> {
    let unreached = |error: &dyn std::fmt::Display| Broken::Unreached(error.to_string());
    let lost = |error: hyper::Error| Broken::Lost(error.to_string());
    let authority = request.uri().authority().cloned();
    let authority = authority.ok_or_else(|| unreached(&"the URL has no host"))?;
    let host = HeaderValue::from_str(authority.as_str()).map_err(|error| unreached(&error))?;
    request.headers_mut().insert(HOST, host);
    // A request to the server itself has the path alone.
    let path = request.uri().path_and_query().cloned();
    *request.uri_mut() = path.map(Uri::from).unwrap_or_default();
    let address = format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80));
    let stream = TcpStream::connect(&address)
        .await
        .map_err(|error| unreached(&error))?;
    let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream))
        .await
        .map_err(|error| unreached(&error))?;
    tokio::spawn(connection);
    let (head, body) = sender.send_request(request).await.map_err(lost)?.into_parts();
    let body = body.collect().await.map_err(lost)?;
    Ok(Response::from_parts(head, body.to_bytes()))
}
