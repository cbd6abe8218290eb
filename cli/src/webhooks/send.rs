//! Sends a signed delivery.

use clap::ArgMatches;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request};
use sequencehq::webhook::{SIGNATURE_HEADER, Signer};

use crate::failure::Failure;
use crate::local::{self, Broken};
use crate::{connect, output};

pub(super) async fn run(signer: &Signer, matches: &ArgMatches, body: Vec<u8>) -> Result<(), Failure> {
    let url = matches
        .get_one::<String>("url")
        .map(String::as_str)
        .unwrap_or_default();
    let uri = local::plain_url(url).filter(|uri| uri.host().is_some_and(connect::is_local));
    let uri = uri.ok_or_else(|| {
        Failure::Input(format!(
            "`{url}` is not an http:// URL of this machine. Deliveries are sent without encryption, so only to a receiver such as \
             http://localhost:3000/webhooks."
        ))
    })?;
    let request = Request::builder()
        .method(Method::POST)
        .uri(uri)
        .header(CONTENT_TYPE, "application/json")
        .header(SIGNATURE_HEADER, signer.sign(&body))
        .body(Full::new(Bytes::from(body)))
        .map_err(|error| Failure::Input(format!("{url}: {error}")))?;
    let response = local::exchange(request).await.map_err(Broken::into_text);
    let response = response.map_err(|error| Failure::Local(format!("{url}: {error}")))?;
    let status = response.status();
    output::line(&status.to_string())?;
    if status.is_success() {
        Ok(())
    } else {
        Err(Failure::Local(format!("the receiver answered with {status}")))
    }
}
