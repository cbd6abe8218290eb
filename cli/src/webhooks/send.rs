//! Sends a signed delivery.

use clap::ArgMatches;
use sequencehq::webhook::{SIGNATURE_HEADER, Signer};

use crate::failure::Failure;

pub(super) async fn run(signer: &Signer, matches: &ArgMatches, body: Vec<u8>) -> Result<(), Failure> {
    let url = matches.get_one::<String>("url").map(String::as_str).unwrap_or_default();
    if !url.starts_with("http://") {
        return Err(Failure::Input(format!(
            "`{url}` does not begin with http://. Deliveries are sent to receivers on this machine, without encryption."
        )));
    }
    let signature = signer.sign(&body);
    let request = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build();
    let sent = match request {
        Ok(client) => {
            let request = client.post(url).header(SIGNATURE_HEADER, signature);
            request.header("content-type", "application/json").body(body).send().await
        }
        Err(error) => Err(error),
    };
    let response = sent.map_err(|error| Failure::Local(format!("{url}: {error}")))?;
    println!("{}", response.status());
    if response.status().is_success() {
        Ok(())
    } else {
        Err(Failure::Local(format!("the receiver answered with {}", response.status())))
    }
}
