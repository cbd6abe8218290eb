//! Receives webhooks with `axum`: verifies, deduplicates, responds, and processes events afterwards.
//!
//! ```text
//! cargo run --example webhook_receiver --features axum
//! SEQUENCE_WEBHOOK_SECRET=whsec_… cargo run --example webhook_receiver --features axum
//! ```
//!
//! Without a secret in the environment, it posts signed deliveries to itself, checks the responses, and exits. With
//! a secret, it listens on 127.0.0.1:8080 for deliveries that your HTTPS proxy forwards to /webhooks/sequence.
//! During a rotation, set SEQUENCE_WEBHOOK_SECRET_OLD to the previous secret.

#![allow(clippy::print_stdout)]

use std::collections::{HashSet, VecDeque};
use std::error::Error;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::{FromRef, State};
use axum::http::StatusCode;
use axum::routing::post;
use sequencehq::webhook::{Event, Rejection, Resource, Secret, Signer, Verifier};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone)]
struct App {
    verifier: Verifier,
    inbox: Arc<Inbox>,
}

impl FromRef<App> for Verifier {
    fn from_ref(app: &App) -> Self {
        app.verifier.clone()
    }
}

/// Accepts each event once and queues it for the worker.
///
/// Deliveries have no id, so the hash of the content is used instead. In production, use a table: insert
/// the fingerprint (unique) and the event as JSON, commit before the response, and let the worker read the table.
/// An alternative key is notification type, id and `updatedAt` of the resource. It also detects a repeat
/// whose JSON was re-encoded differently, but must be built for each kind of resource.
struct Inbox {
    seen: Mutex<Seen>,
    queue: SyncSender<Event>,
}

/// The latest fingerprints. Bounded, because repeats arrive soon or not at all.
#[derive(Default)]
struct Seen {
    fingerprints: HashSet<String>,
    in_order: VecDeque<String>,
}

const REMEMBERED: usize = 100_000;
const QUEUED: usize = 1_000;

impl Inbox {
    fn new() -> (Self, Receiver<Event>) {
        let (queue, events) = sync_channel(QUEUED);
        (
            Self {
                seen: Mutex::default(),
                queue,
            },
            events,
        )
    }

    fn accept(&self, event: Event) -> StatusCode {
        let fingerprint = event.fingerprint();
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        if seen.fingerprints.contains(&fingerprint) {
            // A success status, so that Sequence does not send it again.
            return StatusCode::OK;
        }
        match self.queue.try_send(event) {
            Ok(()) => {}
            // Not remembered, so that the next delivery is accepted.
            Err(TrySendError::Full(_) | TrySendError::Disconnected(_)) => {
                return StatusCode::SERVICE_UNAVAILABLE;
            }
        }
        seen.remember(fingerprint);
        StatusCode::ACCEPTED
    }
}

impl Seen {
    fn remember(&mut self, fingerprint: String) {
        if self.in_order.len() == REMEMBERED
            && let Some(oldest) = self.in_order.pop_front()
        {
            self.fingerprints.remove(&oldest);
        }
        self.in_order.push_back(fingerprint.clone());
        self.fingerprints.insert(fingerprint);
    }
}

/// Responds immediately. The extractor verifies the raw bytes before anything parses them.
async fn receive(State(app): State<App>, event: Result<Event, Rejection>) -> Result<StatusCode, Rejection> {
    let event = event.inspect_err(|rejection| eprintln!("rejected: {rejection}"))?;
    Ok(app.inbox.accept(event))
}

/// Processes queued events. They may arrive in any order: compare `updatedAt`, or fetch the resource.
fn work(events: &Receiver<Event>) {
    for event in events {
        match event.resource() {
            #[cfg(feature = "invoices")]
            Some(Resource::Invoice(invoice)) => {
                println!("processed: invoice {} is {}", invoice.id, invoice.status)
            }
            Some(Resource::Undecoded { reason, .. }) => {
                println!(
                    "processed: {}, resource to be fetched by its id ({reason})",
                    event.notification_type()
                );
            }
            _ => println!("processed: {}", event.notification_type()),
        }
    }
}

fn app(verifier: Verifier) -> Router {
    let (inbox, events) = Inbox::new();
    std::thread::spawn(move || work(&events));
    Router::new()
        .route("/webhooks/sequence", post(receive))
        .with_state(App {
            verifier,
            inbox: Arc::new(inbox),
        })
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let Ok(secret) = std::env::var("SEQUENCE_WEBHOOK_SECRET") else {
        return test_itself().await;
    };
    let mut verifier = Verifier::new(Secret::new(secret)?);
    if let Ok(former) = std::env::var("SEQUENCE_WEBHOOK_SECRET_OLD") {
        verifier = verifier.with_secret(Secret::new(former)?);
    }
    let listener = TcpListener::bind("127.0.0.1:8080").await?;
    println!("listening on http://{}/webhooks/sequence", listener.local_addr()?);
    axum::serve(listener, app(verifier)).await?;
    Ok(())
}

/// Signs deliveries as Sequence does and posts them over a socket.
async fn test_itself() -> Result<(), Box<dyn Error>> {
    let (secret, former) = (Secret::new("whsec_new")?, Secret::new("whsec_old")?);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let verifier = Verifier::new(secret.clone()).with_secret(former.clone());
    tokio::spawn(async move { axum::serve(listener, app(verifier)).await });

    let created = r#"{"notificationType":"CUSTOMER_CREATED","sequenceAccountId":"a-1","resourceId":"c-1"}"#;
    let updated = r#"{"notificationType":"CUSTOMER_UPDATED","sequenceAccountId":"a-1","resourceId":"c-1"}"#;
    let unknown = r#"{"notificationType":"MOON_LANDED","sequenceAccountId":"a-1","resource":{"crew":2}}"#;
    let signer = Signer::new(secret);
    #[allow(clippy::disallowed_methods, reason = "an example uses the system clock")]
    let stale = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
    for (what, signature, body, wanted) in [
        ("a delivery", signer.sign(created.as_bytes()), created, 202),
        (
            "the same delivery with a new signature",
            signer.sign(created.as_bytes()),
            created,
            200,
        ),
        (
            "an event of an unknown type",
            signer.sign(unknown.as_bytes()),
            unknown,
            202,
        ),
        (
            "a delivery signed with the previous secret",
            Signer::new(former).sign(updated.as_bytes()),
            updated,
            202,
        ),
        ("a forged body", signer.sign(created.as_bytes()), unknown, 401),
        (
            "a stale signature",
            signer.sign_at(created.as_bytes(), stale),
            created,
            401,
        ),
        ("a body that is not an event", signer.sign(b"{}"), "{}", 400),
        ("a malformed signature header", "t=now".to_owned(), created, 400),
    ] {
        let status = deliver(address, &signature, body).await?;
        println!("{status}: {what}");
        if status != wanted {
            return Err(format!("{what}: expected status {wanted}, got {status}").into());
        }
    }
    Ok(())
}

/// Posts a delivery and returns the status of the response.
async fn deliver(address: std::net::SocketAddr, signature: &str, body: &str) -> Result<u16, Box<dyn Error>> {
    let mut connection = TcpStream::connect(address).await?;
    let request = format!(
        "POST /webhooks/sequence HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\nSequence-Signature: {signature}\r\n\r\n{body}",
        body.len(),
    );
    connection.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    connection.read_to_string(&mut answer).await?;
    let status = answer.split(' ').nth(1).ok_or("the response has no status")?;
    Ok(status.parse()?)
}
