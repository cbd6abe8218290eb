//! A receiver of webhooks within the process, for tests.

use std::convert::Infallible;
use std::fmt;
use std::io;
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use serde_json::json;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, JoinSet};

use crate::contract::{Operation, Version};
use crate::store::State;

use super::emulator::Emulator;
use super::shared::Shared;
use super::signature::SIGNATURE_HEADER;
use super::waits::{NotDelivered, PATIENCE};

/// The largest body that is received, far above that of any notification.
const MAX_BODY_BYTES: usize = 16 * 1024 * 1024;

/// A webhook as it arrived.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Webhook {
    /// The value of the header `Sequence-Signature`.
    pub signature: String,
    /// The body, byte by byte as it was signed.
    pub body: Bytes,
    /// When it arrived, by the clock of the account.
    pub at: DateTime<Utc>,
}

impl fmt::Debug for Webhook {
    /// Shows the size of the body instead of the body, in which there may be secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Webhook")
            .field("signature", &self.signature)
            .field("body", &format_args!("{} bytes", self.body.len()))
            .field("at", &self.at)
            .finish()
    }
}

/// Receives every webhook of an emulated account; see [`Emulator::receive_webhooks`].
///
/// It answers each with 204, and keeps it until it is read. Dropping it closes its port and deletes its notification policy.
pub struct Receiver {
    shared: Arc<Shared>,
    url: String,
    policy: String,
    secret: String,
    arrived: mpsc::UnboundedReceiver<Webhook>,
    accepting: JoinHandle<()>,
}

impl Emulator {
    /// Starts a receiver on a free port of 127.0.0.1, and creates a notification policy that sends it every type of
    /// notification.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = sequencehq_emulator::Emulator::builder().start().await?;
    /// let mut hooks = emulator.receive_webhooks().await?;
    /// emulator.add_customer("Acme Ltd");
    /// let webhook = hooks.next().await?;
    /// assert!(webhook.signature.starts_with("t="));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if no port is free.
    pub async fn receive_webhooks(&self) -> io::Result<Receiver> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let url = format!("http://{}/webhooks", listener.local_addr()?);
        let body = json!({"name": "Receiver of a test", "channel": "WEBHOOK", "recipients": [url]});
        let create = Operation::NotificationPolicyCreate;
        let created = self
            .shared
            .world
            .call(create, Version::LATEST, &[], "", Some(&body));
        let policy = created.json_body();
        let text = |name: &str| policy[name].as_str().map(str::to_owned);
        let (Some(id), Some(secret)) = (text("id"), text("webhookSecret")) else {
            return Err(io::Error::other(format!("no policy was created: {policy}")));
        };
        let (sender, arrived) = mpsc::unbounded_channel();
        let shared = Arc::clone(&self.shared);
        Ok(Receiver {
            accepting: tokio::spawn(accept(listener, Arc::clone(&shared), sender)),
            shared,
            url,
            policy: id,
            secret,
            arrived,
        })
    }
}

impl Receiver {
    /// The URL that the notification policy has as its recipient.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// The secret of the notification policy, which signs the webhooks.
    pub fn secret(&self) -> &str {
        &self.secret
    }

    /// The id of the notification policy.
    pub fn policy_id(&self) -> &str {
        &self.policy
    }

    /// Returns the next webhook, and waits for it, at most 10 seconds.
    ///
    /// # Errors
    ///
    /// Returns an error with all deliveries of the account if none arrives.
    pub async fn next(&mut self) -> Result<Webhook, NotDelivered> {
        self.next_within(PATIENCE).await
    }

    /// Returns the next webhook, and waits for it, at most this time by the [`Source`](crate::Source) of the emulator.
    ///
    /// # Errors
    ///
    /// Returns an error with all deliveries of the account if none arrives.
    pub async fn next_within(&mut self, limit: Duration) -> Result<Webhook, NotDelivered> {
        self.shared.wake();
        let arrived = tokio::select! {
            biased;
            arrived = self.arrived.recv() => arrived,
            () = self.shared.source.timer(limit) => None,
        };
        arrived.ok_or_else(|| NotDelivered::new(&self.shared, None, limit))
    }

    /// Returns the next webhook if it has arrived.
    pub fn try_next(&mut self) -> Option<Webhook> {
        self.arrived.try_recv().ok()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.accepting.abort();
        let delete = Operation::NotificationPolicyDelete;
        let parameter = delete.data().path.last().map_or("id", |parameter| parameter.name);
        let path = [(parameter, self.policy.as_str())];
        self.shared.world.call(delete, Version::LATEST, &path, "", None);
        self.shared.wake();
    }
}

impl fmt::Debug for Receiver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver")
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>, sender: mpsc::UnboundedSender<Webhook>) {
    let mut connections = JoinSet::new();
    loop {
        // A connection that broke before it was accepted needs no handling.
        if let Ok((stream, _)) = listener.accept().await {
            connections.spawn(serve(stream, Arc::clone(&shared), sender.clone()));
        }
        while connections.try_join_next().is_some() {}
    }
}

async fn serve(stream: TcpStream, shared: Arc<Shared>, sender: mpsc::UnboundedSender<Webhook>) {
    let service = service_fn(move |request: Request<Incoming>| {
        let (shared, sender) = (Arc::clone(&shared), sender.clone());
        async move { Ok::<_, Infallible>(receive(&shared, &sender, request).await) }
    });
    // The sender retries after a broken connection.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn receive(
    shared: &Shared,
    sender: &mpsc::UnboundedSender<Webhook>,
    request: Request<Incoming>,
) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::default());
    *response.status_mut() = StatusCode::NO_CONTENT;
    let (parts, body) = request.into_parts();
    let body = Limited::new(body, MAX_BODY_BYTES).collect().await;
    let (Some(signature), Ok(body)) = (signature(&parts.headers), body) else {
        *response.status_mut() = StatusCode::BAD_REQUEST;
        return response;
    };
    let webhook = Webhook {
        signature,
        body: body.to_bytes(),
        at: shared.world.store().read(State::now),
    };
    // The reader exists as long as this task.
    let _ = sender.send(webhook);
    response
}

fn signature(headers: &HeaderMap) -> Option<String> {
    let value = headers.get(SIGNATURE_HEADER)?.to_str().ok()?;
    Some(value.to_owned())
}
