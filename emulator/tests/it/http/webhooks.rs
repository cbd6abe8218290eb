//! Delivery of webhooks.

use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use sequencehq_emulator::{Emulator, Sleep, Source};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{on_new_year, send, start};

/// A receiver that answers with each of its statuses in turn, then with 200.
pub(crate) struct Receiver {
    pub(crate) url: String,
    received: Arc<Mutex<Vec<String>>>,
}

impl Receiver {
    pub(crate) async fn start(statuses: &'static [u16]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/hook?a=b", listener.local_addr().expect("an address"));
        let received = Arc::new(Mutex::new(Vec::new()));
        let (sink, mut statuses) = (Arc::clone(&received), statuses.iter().copied());
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let mut request = Vec::new();
                while !is_complete(&request) {
                    assert!(stream.read_buf(&mut request).await.expect("a request") > 0);
                }
                sink.lock()
                    .expect("no panic")
                    .push(String::from_utf8_lossy(&request).into_owned());
                let status = statuses.next().unwrap_or(200);
                let answer = format!("HTTP/1.1 {status} Whatever\r\ncontent-length: 0\r\n\r\n");
                stream
                    .write_all(answer.as_bytes())
                    .await
                    .expect("the sender reads");
            }
        });
        Self { url, received }
    }

    pub(crate) fn count(&self) -> usize {
        self.received.lock().expect("no panic").len()
    }
}

fn is_complete(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    length.and_then(|length| length.parse().ok()) == Some(body.len())
}

pub(crate) async fn subscribe(emulator: &Emulator, recipient: &str, types: Option<Value>) -> Value {
    let mut body = json!({"name": "Hooks", "channel": "WEBHOOK", "recipients": [recipient], "webhookSecret": "whsec_test"});
    if let Some(types) = types {
        body["notificationTypes"] = types;
    }
    let created = send(emulator, "POST /notifications/policies", Some(&body)).await;
    assert_eq!(created.status, 201, "{}", created.body);
    created.json()
}

/// Changes the account, which announces MERCHANT_UPDATED.
async fn change(emulator: &Emulator) {
    let page = send(emulator, "GET /sequence-accounts", None).await.json();
    let id = page["items"][0]["id"].as_str().expect("an id").to_owned();
    let changed = send(
        emulator,
        &format!("PUT /sequence-accounts/{id}"),
        Some(&json!({"companyName": "New"})),
    )
    .await;
    assert_eq!(changed.status, 200, "{}", changed.body);
}

#[tokio::test]
async fn localhost_is_the_loopback_address_and_other_names_are_not_reached() {
    let (emulator, receiver) = (start(on_new_year()).await, Receiver::start(&[]).await);
    subscribe(&emulator, &receiver.url.replace("127.0.0.1", "localhost"), None).await;
    subscribe(
        &emulator,
        &receiver.url.replace("127.0.0.1", "hooks.localhost"),
        None,
    )
    .await;
    change(&emulator).await;
    emulator.settle().await;
    let statuses: Vec<_> = emulator
        .deliveries()
        .iter()
        .map(|delivery| (delivery.status(), delivery.is_pending))
        .collect();
    assert_eq!(statuses, [(Some(200), false), (None, false)]);
    assert_eq!(receiver.count(), 1);
}

#[tokio::test]
async fn a_webhook_is_signed_and_posted_once() {
    let (emulator, receiver) = (start(on_new_year()).await, Receiver::start(&[]).await);
    subscribe(&emulator, &receiver.url, None).await;
    change(&emulator).await;
    emulator.settle().await;
    let deliveries = emulator.deliveries();
    assert_eq!(deliveries.len(), 1);
    assert_eq!(
        (deliveries[0].status(), deliveries[0].is_pending),
        (Some(200), false)
    );
    let request = receiver.received.lock().expect("no panic")[0].clone();
    assert!(request.starts_with("POST /hook?a=b HTTP/1.1\r\n"), "{request}");
    let signature = deliveries[0].signature().expect("an attempt");
    assert!(
        request.contains(&format!("Sequence-Signature: {signature}\r\n")),
        "{request}"
    );
    assert!(signature.starts_with("t=1767268800000,s="), "{signature}");
    let body: Value = serde_json::from_slice(&deliveries[0].body).expect("JSON");
    assert_eq!(
        (
            body["notificationType"].as_str(),
            body["resource"]["companyName"].as_str()
        ),
        (Some("MERCHANT_UPDATED"), Some("New"))
    );
    assert_eq!(body["resourceId"], body["resource"]["id"]);
}

#[tokio::test]
async fn a_failing_receiver_is_tried_five_times_by_the_clock_of_the_account() {
    let (emulator, receiver) = (start(on_new_year()).await, Receiver::start(&[500; 9]).await);
    subscribe(&emulator, &receiver.url, None).await;
    change(&emulator).await;
    for (attempts, wait) in [(1, 1), (2, 4), (3, 16), (4, 64), (5, 3_600)] {
        emulator.settle().await;
        assert_eq!(receiver.count(), attempts);
        assert_eq!(emulator.deliveries()[0].is_pending, attempts < 5);
        emulator
            .advance(Duration::from_millis(wait * 1_000 - 1))
            .expect("forward");
        emulator.settle().await;
        assert_eq!(receiver.count(), attempts, "too early");
        emulator.advance(Duration::from_millis(1)).expect("forward");
    }
    emulator.settle().await;
    assert_eq!(emulator.deliveries()[0].attempts.len(), 5);
}

/// A source whose waits end at once, since they move its time.
#[derive(Debug, Default)]
struct Impatient(AtomicI64);

impl Source for Impatient {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0.load(Ordering::Relaxed)).expect("within the calendar")
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        let millis = duration.as_millis().try_into().expect("a short wait");
        self.0.fetch_add(millis, Ordering::Relaxed);
        Box::pin(std::future::ready(()))
    }

    fn timer(&self, _: Duration) -> Sleep {
        Box::pin(std::future::pending())
    }
}

#[tokio::test]
async fn waits_that_end_at_once_do_not_end_an_attempt() {
    let receiver = Receiver::start(&[]).await;
    let emulator = start(Emulator::builder().source(Impatient::default())).await;
    subscribe(&emulator, &receiver.url, None).await;
    for _ in 0..20 {
        change(&emulator).await;
    }
    emulator.settle().await;
    let deliveries = emulator.deliveries();
    assert!(
        deliveries.iter().all(|delivery| delivery.attempts.len() == 1),
        "{deliveries:?}"
    );
    assert_eq!(receiver.count(), 20);
}

#[tokio::test]
async fn a_customer_that_is_added_is_announced_at_once() {
    let (emulator, receiver) = (start(on_new_year()).await, Receiver::start(&[]).await);
    subscribe(&emulator, &receiver.url, None).await;
    emulator.add_customer("Acme Ltd");
    while receiver.count() == 0 {
        tokio::task::yield_now().await;
    }
    let deliveries = emulator.deliveries();
    assert_eq!(deliveries[0].notification_type, "CUSTOMER_CREATED");
}

#[tokio::test]
async fn later_news_wait_for_earlier_ones_of_the_resource() {
    let (emulator, receiver) = (start(on_new_year()).await, Receiver::start(&[500]).await);
    subscribe(&emulator, &receiver.url, None).await;
    for _ in 0..2 {
        change(&emulator).await;
    }
    emulator.settle().await;
    assert_eq!(receiver.count(), 1);
    emulator.advance(Duration::from_secs(1)).expect("forward");
    emulator.settle().await;
    assert_eq!(receiver.count(), 3);
    assert!(
        emulator
            .deliveries()
            .iter()
            .all(|delivery| delivery.status() == Some(200))
    );
}

#[tokio::test]
async fn only_wanted_types_are_sent_and_only_to_this_machine() {
    let (emulator, receiver) = (start(on_new_year()).await, Receiver::start(&[]).await);
    subscribe(&emulator, &receiver.url, Some(json!(["INVOICE_CREATED"]))).await;
    subscribe(
        &emulator,
        "https://example.com/hook",
        Some(json!(["MERCHANT_UPDATED"])),
    )
    .await;
    change(&emulator).await;
    emulator.settle().await;
    assert_eq!(receiver.count(), 0);
    let deliveries = emulator.deliveries();
    let shown: Vec<_> = deliveries
        .iter()
        .map(|one| (one.recipient.as_str(), one.status(), one.is_pending))
        .collect();
    assert_eq!(shown, [("https://example.com/hook", None, false)]);
}
