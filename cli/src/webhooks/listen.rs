//! A receiver that prints verified events.

use std::convert::Infallible;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use clap::ArgMatches;
use http_body_util::{BodyExt as _, Empty, Limited};
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use sequencehq::webhook::{Event, SIGNATURE_HEADER, Verifier};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use crate::failure::Failure;
use crate::output;

/// The largest body that is read.
const MOST_BYTES: usize = 1024 * 1024;

type Verified = Result<Event, String>;

pub(super) async fn run(verifier: Verifier, matches: &ArgMatches) -> Result<(), Failure> {
    let port = matches.get_one::<u16>("port").copied().unwrap_or_default();
    let wanted = matches.get_one::<u64>("count").copied();
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let listener = TcpListener::bind(address).await;
    let listener = listener.map_err(|error| {
        Failure::Local(format!(
            "{address}: {error}. Use another --port, such as 0 for any that is free."
        ))
    })?;
    output::note(&format!("listening on http://{}", listener.local_addr()?));
    let (events, mut verified) = mpsc::channel::<Verified>(64);
    let serving = tokio::spawn(serve(listener, Arc::new(verifier), events));
    let mut count = 0;
    loop {
        let event = tokio::select! {
            event = verified.recv() => event,
            _ = tokio::signal::ctrl_c() => None,
        };
        match event {
            None => return Ok(()),
            Some(Err(problem)) => output::note(&format!("refused: {problem}")),
            Some(Ok(event)) => {
                output::line(&super::pretty(event.json()))?;
                count += 1;
                if wanted == Some(count) {
                    serving.abort();
                    break;
                }
            }
        }
    }
    // Each connection has a sender, and ends after its response.
    let answered = async { while verified.recv().await.is_some() {} };
    tokio::select! {
        () = answered => {}
        _ = tokio::signal::ctrl_c() => {}
    }
    Ok(())
}

async fn serve(listener: TcpListener, verifier: Arc<Verifier>, events: mpsc::Sender<Verified>) {
    while let Ok((stream, _)) = listener.accept().await {
        let (verifier, events) = (Arc::clone(&verifier), events.clone());
        let service = service_fn(move |request| receive(request, Arc::clone(&verifier), events.clone()));
        tokio::spawn(async move {
            let mut http = hyper::server::conn::http1::Builder::new();
            let connection = http
                .keep_alive(false)
                .serve_connection(TokioIo::new(stream), service);
            // A connection that breaks concerns its sender alone.
            let _ = connection.await;
        });
    }
}

async fn receive(
    request: Request<Incoming>,
    verifier: Arc<Verifier>,
    events: mpsc::Sender<Verified>,
) -> Result<Response<Empty<Bytes>>, Infallible> {
    let (head, body) = request.into_parts();
    let (status, event) = if head.method != Method::POST {
        (
            StatusCode::METHOD_NOT_ALLOWED,
            Err(format!("{} {}", head.method, head.uri)),
        )
    } else {
        match Limited::new(body, MOST_BYTES).collect().await {
            Err(error) => (StatusCode::BAD_REQUEST, Err(error.to_string())),
            Ok(body) => {
                match verifier.verify_and_parse(head.headers.get_all(SIGNATURE_HEADER), &body.to_bytes()) {
                    Ok(event) => (StatusCode::NO_CONTENT, Ok(event)),
                    Err(error) => (error.status(), Err(error.to_string())),
                }
            }
        }
    };
    // The program ends once it has enough events.
    let _ = events.send(event).await;
    let mut response = Response::new(Empty::new());
    *response.status_mut() = status;
    Ok(response)
}
