//! Limiters that are given to a client.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sequencehq::rate_limit::{
    Denied, InProcess, Permit, PermitFuture, PermitRequest, Quota, RateLimiter, Throttled,
};
use sequencehq::types::UsageEventCreate;
use sequencehq::{Credentials, RateLimit};
use serde_json::json;

use crate::sample::{self, Shape};
use crate::server::{Answer, Server};

/// Records what it is asked for, and denies what `denies` returns a reason for.
#[derive(Debug, Default)]
struct Recorder {
    denies: Option<&'static str>,
    asked: Mutex<Vec<(Quota, String, String)>>,
    within: Mutex<Vec<Duration>>,
    throttled: Mutex<Vec<(Quota, Option<Duration>)>>,
}

impl RateLimiter for Recorder {
    fn permit<'a>(&'a self, request: PermitRequest<'a>) -> PermitFuture<'a> {
        let asked = (
            request.quota,
            request.base_url.to_owned(),
            request.client_id.to_owned(),
        );
        self.asked.lock().expect("no panic").push(asked);
        self.within.lock().expect("no panic").push(request.within);
        let result = self
            .denies
            .map_or_else(|| Ok(Permit::new()), |reason| Err(Denied::new(reason)));
        Box::pin(std::future::ready(result))
    }

    fn throttled(&self, report: Throttled<'_>) {
        let report = (report.quota, report.retry_after);
        self.throttled.lock().expect("no panic").push(report);
    }
}

fn resource(schema: &str) -> Answer {
    let schema = json!({"$ref": format!("#/components/schemas/{schema}")});
    Answer::json(200, &sample::value(&schema, Shape::Minimal))
}

#[tokio::test]
async fn every_attempt_asks_the_limiter_for_a_permit_of_its_quota_and_key() {
    let server = Server::sequence(vec![
        Answer::status(429).with("retry-after", "0"),
        resource("Invoice"),
        resource("UsageEvent"),
    ])
    .await;
    let limiter = Arc::new(Recorder::default());
    let client = server
        .builder()
        .retry(sequencehq::RetryPolicy::default())
        .clock(sequencehq::clock::ManualClock::running())
        .timeout(Duration::from_secs(7))
        .rate_limiter(limiter.clone())
        .build()
        .expect("good");
    client.invoices().get("an-id").await.expect("the second attempt");
    client.set_credentials(Credentials::new("another-client", "another-secret").expect("good"));
    let event = UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("call");
    client.usage_events().create(event).await.expect("accepted");

    let asked = limiter.asked.lock().expect("no panic").clone();
    let quotas: Vec<Quota> = asked.iter().map(|(quota, ..)| *quota).collect();
    assert_eq!(quotas, [Quota::Requests, Quota::Requests, Quota::Events]);
    assert!(asked.iter().all(|(_, url, _)| {
        server.seen()[0]
            .header("host")
            .is_some_and(|host| url.contains(host))
    }));
    let ids: Vec<&str> = asked.iter().map(|(_, _, id)| id.as_str()).collect();
    assert_eq!(ids[0], ids[1]);
    assert_eq!(ids[2], "another-client");
    assert_eq!(
        limiter.within.lock().expect("no panic")[0],
        Duration::from_secs(7)
    );
    assert_eq!(
        *limiter.throttled.lock().expect("no panic"),
        [(Quota::Requests, Some(Duration::ZERO))]
    );
}

#[tokio::test]
async fn a_denied_call_is_not_sent_and_its_error_has_the_reason() {
    let server = Server::sequence(vec![resource("Invoice")]).await;
    let limiter = Arc::new(Recorder {
        denies: Some("the night is for batches"),
        ..Recorder::default()
    });
    let client = server.builder().rate_limiter(limiter).build().expect("good");
    let error = client.invoices().get("an-id").await.expect_err("denied");
    assert!(error.is_timeout() && !error.may_have_acted(), "{error}");
    assert!(error.to_string().contains("the night is for batches"), "{error}");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn clients_can_share_the_limiter_of_a_process() {
    let server = Server::sequence(vec![resource("Invoice")]).await;
    let limiter = Arc::new(InProcess::new(RateLimit::per_minute(1), RateLimit::none()));
    let client = || {
        let builder = server.builder().rate_limiter(limiter.clone());
        builder.timeout(Duration::from_secs(2)).build().expect("good")
    };
    client().invoices().get("an-id").await.expect("the first");
    let error = client().invoices().get("an-id").await.expect_err("one a minute");
    assert!(error.is_timeout(), "{error}");
    assert_eq!(server.count(), 1);
}
