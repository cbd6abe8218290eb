//! Sends a signed delivery.

use clap::ArgMatches;
use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::CONTENT_TYPE;
use hyper::{Method, Request};
use sequencehq::webhook::{SIGNATURE_HEADER, Signer};

use crate::failure::Failure;
use crate::local::{self, Broken};

pub(super) async fn run(signer: &Signer, matches: &ArgMatches, body: Vec<u8>) -> Result<(), Failure> {
    let url = matches
        .get_one::<String>("url")
        .map(String::as_str)
        .unwrap_or_default();
    let Some(uri) = local::plain_url(url) else {
        return Err(Failure::Input(format!(
            "`{url}` is not an http:// URL. Deliveries are sent to receivers on this machine, without encryption."
        )));
    };
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
    println!("{status}");
    if status.is_success() {
        Ok(())
    } else {
        Err(Failure::Local(format!("the receiver answered with {status}")))
    }
}
