//! Delivers webhooks to receivers on this machine.
//!
//! Each notification is attempted until the receiver answers with a status from 200 to 299, five times in total, after 1, 4,
//! 16 and 64 seconds of the account's time (A75). Notifications about one resource reach a recipient in order. Only
//! plain HTTP to a loopback address is used, so that no notification leaves the machine. E-mails are recorded, never sent.

use std::collections::HashSet;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use http::Uri;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::records::{self, Attempt, Facet, Kind, NotificationPolicy, time};
use crate::store::State;

use super::shared::Shared;
use super::signature::{SIGNATURE_HEADER, signature};

/// How long a receiver may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// The waits between attempts, in seconds (A75).
const WAITS: [i64; 4] = [1, 4, 16, 64];

/// A delivered or pending notification.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// The recipient, as the policy names it.
    pub recipient: String,
    /// The notification type, such as `INVOICE_CREATED`.
    pub notification_type: String,
    /// The body, byte by byte as it was signed.
    pub body: Vec<u8>,
    /// The value of the header `Sequence-Signature` of each attempt, and the status of the receiver, if it was reached.
    pub attempts: Vec<(String, Option<u16>)>,
    /// Whether another attempt will be made.
    pub is_pending: bool,
}

impl Delivery {
    /// The status of the last attempt.
    pub fn status(&self) -> Option<u16> {
        self.attempts.last()?.1
    }

    /// Whether the receiver answered the last attempt with a status from 200 to 299.
    pub fn is_delivered(&self) -> bool {
        self.status().is_some_and(|status| (200..300).contains(&status))
    }

    /// The signature of the last attempt.
    pub fn signature(&self) -> Option<&str> {
        Some(&self.attempts.last()?.0)
    }
}

impl From<records::Delivery> for Delivery {
    fn from(record: records::Delivery) -> Self {
        let attempts = record.attempts.into_iter();
        Self {
            recipient: record.recipient,
            notification_type: record.notification_type,
            body: record.body.into_bytes(),
            attempts: attempts
                .map(|attempt| (attempt.signature, attempt.status))
                .collect(),
            is_pending: record.due.is_some(),
        }
    }
}

/// Counts attempts, for what waits for them.
#[derive(Clone, Debug)]
pub(super) struct Attempts(watch::Sender<u64>);

impl Default for Attempts {
    fn default() -> Self {
        Self(watch::channel(0).0)
    }
}

impl Attempts {
    /// Waits until nothing is due.
    pub(super) async fn settled(&self, shared: &Shared) {
        let mut changes = self.0.subscribe();
        while shared.world.store().read(next).is_some_and(|next| next.is_due) {
            if changes.changed().await.is_err() {
                return;
            }
        }
    }
}

impl Attempts {
    /// Waits until this many were delivered, and returns them.
    pub(super) async fn delivered(&self, shared: &Shared, count: usize) -> Vec<Delivery> {
        let mut changes = self.0.subscribe();
        loop {
            let deliveries = all(shared).into_iter().filter(Delivery::is_delivered);
            let delivered: Vec<Delivery> = deliveries.collect();
            // The sender exists as long as the server.
            if delivered.len() >= count || changes.changed().await.is_err() {
                return delivered;
            }
        }
    }
}

/// Every notification of the account, oldest first.
pub(super) fn all(shared: &Shared) -> Vec<Delivery> {
    let stored = shared
        .world
        .store()
        .read(|state| state.all::<records::Delivery>());
    stored.into_iter().map(Delivery::from).collect()
}

/// The next attempt.
struct Next {
    delivery: records::Delivery,
    secret: Option<String>,
    is_due: bool,
    wait: Duration,
}

/// Returns the attempt that is due, otherwise the one that is due first. Notifications about one resource stay in order.
fn next(state: &State) -> Option<Next> {
    let now = state.now();
    let mut seen = HashSet::new();
    let mut first: Option<(i64, records::Delivery)> = None;
    for row in state.rows_with(Kind::Delivery, Facet::Status, "due") {
        let delivery = state.get::<records::Delivery>(row.id())?;
        if !seen.insert((delivery.recipient.clone(), delivery.resource.clone())) {
            continue;
        }
        let due = delivery.due.unwrap_or_default();
        if first.as_ref().is_none_or(|(other, _)| due < *other) {
            first = Some((due, delivery));
        }
        if due <= now.timestamp_micros() {
            break;
        }
    }
    let (due, delivery) = first?;
    let policy = state.get::<NotificationPolicy>(&delivery.policy);
    let due = DateTime::from_timestamp_micros(due).unwrap_or(now);
    Some(Next {
        delivery,
        secret: policy.and_then(|policy| policy.webhook_secret),
        is_due: due <= now,
        wait: (due - now).to_std().unwrap_or_default(),
    })
}

/// Delivers what is due, until it is aborted.
pub(super) async fn deliver(shared: Arc<Shared>, attempts: Attempts) {
    loop {
        let changed = shared.changed.notified();
        let (next, is_running) = shared
            .world
            .store()
            .read(|state| (next(state), state.is_running()));
        match next {
            Some(next) if next.is_due => {
                attempt(&shared, next).await;
                attempts.0.send_modify(|count| *count += 1);
                shared.show_change();
            }
            Some(next) if is_running => {
                tokio::select! {
                    () = changed => {}
                    () = shared.source.sleep(next.wait) => {}
                }
            }
            _ => changed.await,
        }
    }
}

async fn attempt(shared: &Shared, next: Next) {
    let Next {
        mut delivery, secret, ..
    } = next;
    let attempted = delivery.clone();
    delivery.due = None;
    let now: DateTime<Utc> = shared.world.store().read(State::now);
    if let Some(secret) = secret {
        let signature = signature(&secret, now, delivery.body.as_bytes());
        let (status, is_here) = match receiver(&delivery.recipient) {
            Some(receiver) => {
                let post = post(&receiver, &signature, delivery.body.as_bytes());
                let status = tokio::select! {
                    status = post => status,
                    () = shared.source.timer(PATIENCE) => None,
                };
                (status, true)
            }
            None => (None, false),
        };
        let wait = WAITS.get(delivery.attempts.len()).copied();
        if is_here && !status.is_some_and(|status| (200..300).contains(&status)) {
            delivery.due = wait.map(|wait| (now + TimeDelta::seconds(wait)).timestamp_micros());
        }
        delivery.attempts.push(Attempt {
            at: time::instant(now),
            signature,
            status,
        });
    }
    let stored = shared.world.store().write(|tx| {
        // The account may have been reset in the meantime, with the same ids.
        if tx.get(&delivery.id) == Some(attempted) {
            tx.put(&delivery);
        }
        Ok::<_, std::convert::Infallible>(())
    });
    let Ok(()) = stored;
}

/// Returns the URL and the address of a receiver on this machine.
///
/// `localhost` is never resolved: a resolver could return another machine.
fn receiver(recipient: &str) -> Option<(Uri, SocketAddr)> {
    let uri: Uri = recipient.parse().ok()?;
    let host = uri.host()?.trim_start_matches('[').trim_end_matches(']');
    let address = match host {
        "localhost" => Ipv4Addr::LOCALHOST.into(),
        _ => host.parse::<IpAddr>().ok()?,
    };
    let is_here = uri.scheme_str() == Some("http") && address.is_loopback();
    let address = SocketAddr::new(address, uri.port_u16().unwrap_or(80));
    is_here.then_some((uri, address))
}

/// Posts, and returns the status.
async fn post((uri, address): &(Uri, SocketAddr), signature: &str, body: &[u8]) -> Option<u16> {
    let mut stream = TcpStream::connect(address).await.ok()?;
    let target = uri.path_and_query().map_or("/", http::uri::PathAndQuery::as_str);
    let head = format!(
        "POST {target} HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n{SIGNATURE_HEADER}: {signature}\r\nconnection: close\r\n\r\n",
        uri.authority()?,
        body.len(),
    );
    stream.write_all(head.as_bytes()).await.ok()?;
    stream.write_all(body).await.ok()?;
    let mut answer = Vec::new();
    // The first line has the status.
    while !answer.contains(&b'\n') && answer.len() < 1_024 {
        if stream.read_buf(&mut answer).await.ok()? == 0 {
            break;
        }
    }
    std::str::from_utf8(&answer)
        .ok()?
        .split(' ')
        .nth(1)?
        .get(..3)?
        .parse()
        .ok()
}
