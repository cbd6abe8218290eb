//! Sends a signed delivery.

use clap::ArgMatches;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{CONTENT_TYPE, HOST};
use hyper::{Method, Request, StatusCode, Uri};
use hyper_util::rt::TokioIo;
use sequencehq::webhook::{SIGNATURE_HEADER, Signer};
use tokio::net::TcpStream;

use crate::failure::Failure;

pub(super) async fn run(signer: &Signer, matches: &ArgMatches, body: Vec<u8>) -> Result<(), Failure> {
    let url = matches
        .get_one::<String>("url")
        .map(String::as_str)
        .unwrap_or_default();
    let parsed: Option<Uri> = url.parse().ok();
    let parsed = parsed.filter(|uri| uri.scheme_str() == Some("http"));
    let Some((uri, authority)) = parsed.and_then(|uri| Some((uri.clone(), uri.authority()?.clone()))) else {
        return Err(Failure::Input(format!(
            "`{url}` is not an http:// URL. Deliveries are sent to receivers on this machine, without encryption."
        )));
    };
    let address = format!("{}:{}", authority.host(), authority.port_u16().unwrap_or(80));
    let request = Request::builder()
        .method(Method::POST)
        .uri(uri.path_and_query().map_or("/", |path| path.as_str()))
        .header(HOST, authority.as_str())
        .header(CONTENT_TYPE, "application/json")
        .header(SIGNATURE_HEADER, signer.sign(&body))
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| Failure::Input(format!("{url}: {error}")))?;
    let failed = |error: String| Failure::Local(format!("{url}: {error}"));
    let status = deliver(&address, request).await.map_err(failed)?;
    println!("{status}");
    if status.is_success() {
        Ok(())
    } else {
        Err(Failure::Local(format!("the receiver answered with {status}")))
    }
}

async fn deliver(address: &str, request: Request<Full<Bytes>>) -> Result<StatusCode, String> {
    let stream = TcpStream::connect(address)
        .await
        .map_err(|error| error.to_string())?;
    let connection = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await;
    let (mut sender, connection) = connection.map_err(|error| error.to_string())?;
    tokio::spawn(connection);
    let response = sender
        .send_request(request)
        .await
        .map_err(|error| error.to_string())?;
    Ok(response.status())
}
