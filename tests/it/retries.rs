//! What is attempted again, and what never is.

use std::collections::BTreeSet;
use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::types::{Currency, InvoiceCreate};
use sequencehq::{Client, RetryPolicy};
use serde_json::json;

use crate::coverage::{every_call, success};
use crate::document;
use crate::sample::{self, Shape};
use crate::server::{Answer, SOON, Server};

fn good() -> Answer {
    Answer::json(
        200,
        &sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal),
    )
}

fn patient(server: &Server, clock: &ManualClock) -> Client {
    server
        .builder()
        .retry(RetryPolicy::default())
        .clock(clock.clone())
        .build()
        .expect("good")
}

#[tokio::test]
async fn a_safe_call_is_retried_and_reports_its_attempts() {
    let server = Server::sequence(vec![Answer::status(503), Answer::Close, good()]).await;
    let clock = ManualClock::running();
    let response = patient(&server, &clock)
        .invoices()
        .get("an-id")
        .send()
        .await
        .expect("the third attempt");
    assert_eq!(response.attempts(), 3);
    assert_eq!(
        response.waited(),
        clock.sleeps().iter().sum::<std::time::Duration>()
    );
    assert_eq!(server.seen().len(), 3);
}

#[tokio::test]
async fn a_call_may_have_a_policy_of_its_own() {
    let server = Server::sequence(vec![Answer::status(503)]).await;
    let client = patient(&server, &ManualClock::running());
    let call = client.invoices().get("an-id").retry(RetryPolicy::none());
    assert_eq!(call.await.expect_err("not repeated").attempts(), 1);
    let error = client.invoices().get("an-id").await.expect_err("always 503");
    assert_eq!(error.attempts(), 4, "the policy of the client is unchanged");
}

#[tokio::test]
async fn attempts_run_out() {
    let server = Server::sequence(vec![Answer::status(503)]).await;
    let clock = ManualClock::running();
    let error = patient(&server, &clock)
        .invoices()
        .get("an-id")
        .await
        .expect_err("always 503");
    assert_eq!((error.attempts(), server.seen().len()), (4, 4));
    assert_eq!(error.waited(), clock.sleeps().iter().sum::<std::time::Duration>());
    assert!(error.to_string().contains("4 attempts"), "{error}");
}

#[tokio::test]
async fn a_call_that_could_act_twice_is_sent_once() {
    for answer in [
        Answer::status(500),
        Answer::status(503),
        Answer::status(408),
        Answer::Close,
        Answer::Cut {
            status: 200,
            body: Vec::new(),
        },
    ] {
        let server = Server::sequence(vec![answer.clone(), good()]).await;
        let client = patient(&server, &ManualClock::running());
        let error = client.invoices().void("an-id").await.expect_err("not repeated");
        assert!(error.may_have_acted(), "{answer:?}");
        assert_eq!(server.seen().len(), 1, "{answer:?}");

        let server = Server::sequence(vec![answer.clone(), good()]).await;
        let client = patient(&server, &ManualClock::running());
        let body = InvoiceCreate::builder().customer_id("c").currency(Currency::Gbp);
        client.invoices().create(body).await.expect_err("not repeated");
        assert_eq!(server.seen().len(), 1, "{answer:?}");
    }
}

#[tokio::test]
async fn an_activation_that_may_have_acted_is_not_repeated_although_it_is_a_put() {
    for answer in [Answer::status(503), Answer::Close] {
        let server = Server::sequence(vec![answer.clone(), good()]).await;
        let client = patient(&server, &ManualClock::running());
        let schedules = client.billing_schedules();
        let error = schedules.activate("an-id").await.expect_err("not repeated");
        assert!(error.may_have_acted(), "{answer:?}");
        assert_eq!(server.seen()[0].method, "PUT");
        assert_eq!(server.count(), 1, "{answer:?}");
    }
}

#[tokio::test]
async fn every_operation_is_repeated_exactly_where_its_document_allows_it() {
    let operations = document::operations();
    let mut asked = BTreeSet::new();
    let server = Server::start(move |seen| {
        let operation = document::find(seen).expect("an operation");
        if asked.insert(operation.id.clone()) {
            Answer::status(503)
        } else {
            success(operation, Shape::Minimal)
        }
    })
    .await;
    let client = patient(&server, &ManualClock::running());
    let mut never = 0;
    for (id, call) in every_call() {
        let operation = operations.iter().find(|operation| operation.id == id);
        let operation = operation.expect("covered");
        let repeatable = match document::raw(operation)["x-repeat"].as_str() {
            Some("never") => false,
            Some("safe" | "event-id" | "idempotency-key") => true,
            Some(other) => panic!("{id}: unknown x-repeat {other}"),
            None => {
                assert_eq!(operation.method, "get", "{id}: only reading needs no decision");
                true
            }
        };
        let before = server.count();
        let result = call(client.clone()).await;
        let attempts = server.count() - before;
        assert_eq!(attempts, if repeatable { 2 } else { 1 }, "{id}");
        assert_eq!(result.is_ok(), repeatable, "{id}: {result:?}");
        never += usize::from(!repeatable);
    }
    assert!(never > 0, "some operations act");
}

#[tokio::test]
async fn a_call_that_could_act_twice_is_repeated_after_429() {
    let server = Server::sequence(vec![Answer::status(429).with("retry-after", "7"), good()]).await;
    let clock = ManualClock::running();
    let response = patient(&server, &clock)
        .invoices()
        .void("an-id")
        .send()
        .await
        .expect("the second attempt");
    assert_eq!(response.attempts(), 2);
    assert_eq!(
        clock.sleeps(),
        [Duration::from_secs(7)],
        "the API decides the wait"
    );
}

#[tokio::test]
async fn what_will_not_pass_is_not_repeated() {
    for status in [400, 401, 403, 404, 409, 501] {
        let server = Server::sequence(vec![Answer::status(status), good()]).await;
        patient(&server, &ManualClock::running())
            .invoices()
            .get("an-id")
            .await
            .expect_err("final");
        assert_eq!(server.seen().len(), 1, "{status}");
    }
}

#[tokio::test]
async fn a_wait_beyond_the_deadline_is_not_begun() {
    let server = Server::sequence(vec![Answer::status(429).with("retry-after", "30"), good()]).await;
    let clock = ManualClock::running();
    let call = patient(&server, &clock)
        .invoices()
        .get("an-id")
        .timeout(Duration::from_secs(20));
    assert!(call.await.expect_err("no time for it").is_rate_limited());
    assert!(clock.sleeps().is_empty());
}

#[tokio::test]
async fn a_call_whose_permit_comes_at_its_deadline_is_not_sent() {
    let server = Server::sequence(vec![good()]).await;
    let clock = ManualClock::running();
    let client = server
        .builder()
        .rate_limit(sequencehq::RateLimit::per_minute(1))
        .clock(clock.clone())
        .build()
        .expect("good");
    client.invoices().get("an-id").await.expect("the first permit");
    let error = client
        .invoices()
        .get("an-id")
        .timeout(Duration::from_secs(60))
        .await
        .expect_err("the second permit comes after a minute");
    assert!(error.is_timeout() && !error.may_have_acted(), "{error:?}");
    assert_eq!((error.attempts(), server.count()), (0, 1));
}

#[tokio::test]
async fn a_server_that_swallows_everything_holds_no_call_beyond_its_deadline() {
    let server = Server::sequence(vec![Answer::Silence]).await;
    let clock = ManualClock::new();
    let client = patient(&server, &clock);
    let started = sequencehq::clock::Clock::now(&clock);
    let call = client
        .invoices()
        .get("an-id")
        .attempt_timeout(Duration::from_secs(5))
        .timeout(Duration::from_secs(12));
    let call = tokio::spawn(async move { call.await });
    tokio::time::timeout(SOON, async {
        while !call.is_finished() {
            clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the call ends");
    let error = call.await.expect("joined").expect_err("silence");
    assert!(error.is_timeout() && error.may_have_acted(), "{error:?}");
    let took = sequencehq::clock::Clock::now(&clock) - started;
    assert!(took < Duration::from_secs(14), "{took:?}");
}

#[tokio::test]
async fn aliases_carry_one_idempotency_key_in_every_attempt() {
    use sequencehq::types::CustomerAliasCreate;

    let alias = sample::value(
        &json!({"$ref": "#/components/schemas/CustomerAlias"}),
        Shape::Minimal,
    );
    let server = Server::sequence(vec![
        Answer::Close,
        Answer::status(503),
        Answer::json(201, &alias),
    ])
    .await;
    let client = patient(&server, &ManualClock::running());
    let body = CustomerAliasCreate::builder().customer_id("c").value("a");
    client
        .customer_aliases()
        .create(body)
        .await
        .expect("the third attempt");
    let keys: Vec<_> = server
        .seen()
        .iter()
        .map(|seen| seen.header("idempotency-key").map(str::to_owned))
        .collect();
    assert_eq!(keys.len(), 3);
    assert!(
        keys[0].as_ref().is_some_and(|key| key.len() == 36) && keys.iter().all(|key| *key == keys[0]),
        "{keys:?}"
    );
}

#[tokio::test]
async fn usage_events_carry_one_id_in_every_attempt() {
    use sequencehq::types::UsageEventCreate;

    let event = sample::value(
        &json!({"$ref": "#/components/schemas/UsageEvent"}),
        Shape::Minimal,
    );
    let server = Server::sequence(vec![
        Answer::Close,
        Answer::status(500),
        Answer::json(201, &event),
    ])
    .await;
    let client = patient(&server, &ManualClock::running());
    let body = UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("api_call")
        .build()
        .expect("complete");
    client
        .usage_events()
        .create(body.clone())
        .await
        .expect("the third attempt");
    client.usage_events().create(body).await.expect("another event");
    let ids: Vec<String> = server
        .seen()
        .iter()
        .map(|seen| seen.json()["customerEventId"].as_str().expect("an id").to_owned())
        .collect();
    assert_eq!(ids.len(), 4);
    assert!(
        ids[0] == ids[1] && ids[1] == ids[2] && ids[2] != ids[3],
        "{ids:?}"
    );
}

#[tokio::test]
async fn a_status_counts_even_if_its_body_never_comes() {
    let server = Server::sequence(vec![
        Answer::Stall {
            status: 429,
            body: Vec::new(),
        },
        good(),
    ])
    .await;
    let clock = ManualClock::new();
    let client = patient(&server, &clock);
    let call = tokio::spawn(async move { client.invoices().void("an-id").send().await });
    tokio::time::timeout(SOON, async {
        while !call.is_finished() {
            clock.advance(Duration::from_millis(500));
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the call ends");
    let response = call
        .await
        .expect("joined")
        .expect("429 means that the server did not act");
    assert_eq!(response.attempts(), 2);
}
