//! Dropping a call ends it, and nothing outlives the client.

use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::{Client, Error, Response};
use serde_json::json;

use crate::sample::{self, Shape};
use crate::server::{Answer, SOON, Server};

fn is_send_and_static<T: Send + 'static>(_: &T) {}

#[tokio::test]
async fn calls_futures_and_streams_can_go_anywhere() {
    fn shared<T: Send + Sync + Clone>() {}
    fn sent<T: Send + Sync>() {}
    shared::<Client>();
    sent::<Error>();
    sent::<Response<sequencehq::types::Invoice>>();
    sent::<sequencehq::Download>();
    let server = Server::sequence(vec![Answer::status(404)]).await;
    let invoices = server.client().invoices();
    is_send_and_static(&invoices.get("i").into_future());
    is_send_and_static(&invoices.get("i").send());
    is_send_and_static(&invoices.list().items());
    is_send_and_static(&invoices.list().pages());
}

#[test]
fn every_public_type_can_cross_threads() {
    use sequencehq::types::{Invoice, UsageEventCreate};

    fn shared<T: Send + Sync + Clone + 'static>() {}
    fn sent<T: Send + Sync + 'static>() {}
    shared::<sequencehq::ClientBuilder>();
    shared::<sequencehq::Credentials>();
    shared::<sequencehq::ConfigError>();
    shared::<sequencehq::Page<Invoice>>();
    shared::<sequencehq::RetryPolicy>();
    shared::<ManualClock>();
    #[cfg(feature = "webhook")]
    {
        use sequencehq::webhook::{Event, Resource, Secret, Signer, Verifier, WebhookError};
        shared::<Event>();
        shared::<Resource>();
        shared::<Secret>();
        shared::<Signer>();
        shared::<Verifier>();
        shared::<WebhookError>();
    }
    use sequencehq::usage::{
        InvalidReason, Journal, JournalError, LineError, Lines, Outcome, Progress, Report, Sender, StopSignal,
    };
    shared::<Journal>();
    shared::<LineError>();
    shared::<Progress>();
    shared::<Sender>();
    shared::<StopSignal>();
    sent::<InvalidReason>();
    sent::<JournalError>();
    sent::<Lines<std::io::BufReader<std::fs::File>>>();
    sent::<Outcome<UsageEventCreate>>();
    sent::<Report<UsageEventCreate>>();
}

#[tokio::test]
async fn a_run_of_a_sender_can_be_spawned() {
    let server = Server::sequence(vec![]).await;
    let sender = sequencehq::usage::Sender::new(&server.client());
    let run = sender.send_all(Vec::<sequencehq::types::UsageEventCreate>::new());
    is_send_and_static(&run);
    is_send_and_static(&run.into_future());
}

#[tokio::test]
async fn a_dropped_call_is_not_attempted_again() {
    let server = Server::sequence(vec![Answer::status(503)]).await;
    let clock = ManualClock::new();
    let client = server
        .builder()
        .clock(clock.clone())
        .retry(sequencehq::RetryPolicy::default())
        .build()
        .expect("good");
    let call = tokio::spawn(async move { client.invoices().get("i").await });
    wait_until(|| !clock.sleeps().is_empty()).await;
    call.abort();
    assert!(call.await.expect_err("aborted").is_cancelled());
    for _ in 0..100 {
        clock.advance(Duration::from_secs(60));
        tokio::task::yield_now().await;
    }
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn a_dropped_stream_takes_its_task_along() {
    let page = json!({
        "items": [sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal)],
        "pagination": {"after": "next"},
    });
    let server = Server::sequence(vec![Answer::json(200, &page), Answer::Silence]).await;
    let mut pages = server.client().invoices().list().pages();
    pages.try_next().await.expect("first").expect("a page");
    wait_until(|| server.count() == 2).await;
    let before = tokio::runtime::Handle::current().metrics().num_alive_tasks();
    drop(pages);
    wait_until(|| tokio::runtime::Handle::current().metrics().num_alive_tasks() < before).await;
}

#[tokio::test]
async fn a_body_that_trickles_in_ends_with_the_attempt() {
    let server = Server::sequence(vec![Answer::Stall {
        status: 200,
        body: b"{\"id\":".to_vec(),
    }])
    .await;
    let clock = ManualClock::new();
    let client = server
        .builder()
        .clock(clock.clone())
        .retry(sequencehq::RetryPolicy::none())
        .build()
        .expect("good");
    let call = tokio::spawn(async move {
        client
            .invoices()
            .get("i")
            .attempt_timeout(Duration::from_secs(5))
            .await
    });
    tokio::time::timeout(SOON, async {
        while !call.is_finished() {
            clock.advance(Duration::from_millis(200));
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the call ends");
    assert!(call.await.expect("joined").expect_err("half a body").is_timeout());
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let mut answer = Answer::status(200);
    for _ in 0..2_000 {
        answer = answer.with("x-bomb", &"b".repeat(1_000));
    }
    let server = Server::sequence(vec![answer]).await;
    let error = server
        .client()
        .invoices()
        .get("i")
        .await
        .expect_err("two megabytes of headers");
    assert!(error.is_interrupted(), "{error:?}");
}

async fn wait_until(mut done: impl FnMut() -> bool) {
    tokio::time::timeout(SOON, async {
        while !done() {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it happens soon");
}
