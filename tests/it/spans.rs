//! What a call tells `tracing`, and what it keeps to itself.

#![cfg(feature = "tracing")]

use std::fmt;
use std::sync::{Arc, Mutex};

use sequencehq::RetryPolicy;
use sequencehq::clock::ManualClock;
use serde_json::json;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Metadata, Subscriber};

use crate::sample::{self, Shape};
use crate::server::{Answer, SECRET, Server};

/// How often the test tries to see every place.
const ROUNDS: usize = 5;

/// Writes down every field of every span and event.
#[derive(Clone, Default)]
struct Notes(Arc<Mutex<Vec<String>>>);

impl Visit for Notes {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.0
            .lock()
            .expect("no holder panics")
            .push(format!("{}={value:?}", field.name()));
    }
}

impl Subscriber for Notes {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("sequencehq")
    }

    fn new_span(&self, span: &Attributes<'_>) -> Id {
        span.record(&mut self.clone());
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, values: &Record<'_>) {
        values.record(&mut self.clone());
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut self.clone());
    }

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

#[tokio::test]
async fn a_span_describes_its_call_without_secrets_or_bodies() {
    let mut invoice = sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Whole);
    invoice["memo"] = json!("a memo that must not be logged");
    let busy = Answer::text(503, "text/plain", SECRET).with("x-request-id", SECRET);
    let good = Answer::json(200, &invoice).with("x-request-id", &format!("req-1 {SECRET}"));
    let server = Server::sequence(vec![[busy, good]; ROUNDS].concat()).await;
    let client = server
        .builder()
        .retry(RetryPolicy::default())
        .clock(ManualClock::running())
        .build()
        .expect("good");
    // A place that another test registers at the moment at which the subscriber is installed stays disabled until the
    // next one is installed.
    let mut noted = String::new();
    for _ in 0..ROUNDS {
        let notes = Notes::default();
        let guard = tracing::subscriber::set_default(notes.clone());
        client.invoices().get("an-id").await.expect("the second attempt");
        drop(guard);
        noted = notes.0.lock().expect("no holder panics").join(" ");
        if noted.contains("attempt=1") {
            break;
        }
    }
    for part in [
        "sequence.operation=\"invoice_get\"",
        "sequence.api_version=\"2024-07-30\"",
        "http.response.status_code=503",
        "http.response.status_code=200",
        "http.request.resend_count=1",
        "sequence.request_id=\"req-1 <redacted>\"",
        "attempt=1",
    ] {
        assert!(noted.contains(part), "`{part}` is not in: {noted}");
    }
    assert!(!noted.contains(SECRET) && !noted.contains("a memo"), "{noted}");
}
