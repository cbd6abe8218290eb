//! Injected faults, and the end of an emulator.

use crate::story::{Story, TODAY};
use reqwest::Method;
use sequencehq::clock::ManualClock;
use sequencehq::emulator::{Emulator, Fault};
use serde_json::json;
use std::time::Duration;

#[tokio::test]
async fn a_status_fault_strikes_its_operation_as_often_as_asked() {
    let story = Story::begin().await;
    let fault = Fault::status(503)
        .retry_after(Duration::from_millis(1_500))
        .on("invoice_create")
        .times(2);
    story.emulator.inject(fault);
    story.get("/invoices").await.expect(200);
    let body = json!({"customerId": story.customer_id, "currency": "GBP"});
    for _ in 0..2 {
        let reply = story.post("/invoices", body.clone()).await.expect(503);
        assert_eq!(reply.header("retry-after"), Some("2"));
    }
    story.post("/invoices", body).await.expect(201);
    assert_eq!(
        story.get("/invoices").await.json()["pagination"]["totalResultSize"],
        1
    );
    let statuses: Vec<_> = story.emulator.requests().iter().map(|r| r.status).collect();
    assert_eq!(statuses, [200, 503, 503, 201, 200].map(Some));
}

#[tokio::test]
async fn a_body_of_your_own_is_sent_as_it_is() {
    let story = Story::begin().await;
    story.emulator.inject(Fault::status(500).body("oops"));
    let response = story
        .request(Method::GET, "/invoices")
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 500);
    assert_eq!(response.text().await.expect("a body"), "oops");
}

#[tokio::test]
async fn a_proxy_answers_html_and_no_version() {
    let story = Story::begin().await;
    story.emulator.inject(Fault::html_502());
    let response = story
        .request(Method::GET, "/invoices")
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 502);
    assert_eq!(response.headers()["content-type"], "text/html");
    assert!(!response.headers().contains_key("sequence-version"));
    assert!(response.text().await.expect("a body").starts_with("<html>"));
}

#[tokio::test]
async fn a_dropped_connection_leaves_open_whether_it_happened() {
    let cases = [
        (Fault::drop_connection_before_acting(), 0),
        (Fault::drop_connection_after_acting(), 1),
    ];
    for (fault, invoices) in cases {
        let story = Story::begin().await;
        story.get("/invoices").await.expect(200);
        story.emulator.inject(fault.on("invoice_create"));
        let body = json!({"customerId": story.customer_id, "currency": "GBP"});
        let answer = story.request(Method::POST, "/invoices").json(&body).send().await;
        assert!(answer.is_err(), "{answer:?}");
        let page = story.get("/invoices").await.expect(200).json();
        assert_eq!(page["pagination"]["totalResultSize"], invoices);
        assert_eq!(story.emulator.requests()[1].status, None);
    }
}

#[tokio::test]
async fn a_truncated_body_breaks_off_after_good_headers() {
    let story = Story::begin().await;
    let id = story.draft().await;
    story.emulator.inject(Fault::truncate_body());
    let response = story
        .request(Method::GET, &format!("/invoices/{id}"))
        .send()
        .await
        .expect("headers");
    assert_eq!(response.status(), 200);
    assert!(response.content_length().expect("a length") > 100);
    assert!(response.bytes().await.is_err());
    story.get("/invoices").await.expect(200);
}

#[tokio::test]
async fn a_wrong_shape_has_the_right_status() {
    let story = Story::begin().await;
    story.emulator.inject(Fault::wrong_shape());
    let response = story
        .request(Method::GET, "/invoices")
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 200);
    let bytes = response.bytes().await.expect("a body");
    assert!(Emulator::check_answer("invoice_list", 200, &bytes).is_err());
}

#[tokio::test]
async fn a_delayed_request_still_happens() {
    let story = Story::begin().await;
    story.emulator.inject(Fault::delay(Duration::from_millis(1)));
    story.get("/invoices").await.expect(200);
}

#[tokio::test]
async fn a_retry_after_beyond_every_clock_is_still_an_answer() {
    let story = Story::begin().await;
    story
        .emulator
        .inject(Fault::status(503).retry_after(Duration::MAX));
    let reply = story.get("/invoices").await.expect(503);
    assert_eq!(reply.header("retry-after"), Some("18446744073709551615"));
    story.get("/invoices").await.expect(200);
}

#[tokio::test]
async fn a_delay_and_the_rate_limit_go_by_the_clock_of_the_emulator() {
    let clock = ManualClock::new();
    let builder = Emulator::builder()
        .clock(clock.clone())
        .requests_per_minute(Some(1));
    let emulator = builder.start().await.expect("a free port");
    let asked = || {
        let url = format!("{}/invoices", emulator.base_url());
        let request = reqwest::Client::new().get(url);
        request
            .basic_auth(emulator.client_id(), Some(emulator.client_secret()))
            .send()
    };
    emulator.inject(Fault::delay(Duration::from_secs(3_600)));
    let delayed = tokio::spawn(asked());
    while clock.sleeps().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!delayed.is_finished());
    clock.advance(Duration::from_secs(3_600));
    let answer = delayed.await.expect("joined").expect("an answer");
    assert_eq!(answer.status(), 200);

    let refused = asked().await.expect("an answer");
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "60");
    clock.advance(Duration::from_secs(60));
    assert_eq!(asked().await.expect("an answer").status(), 200);
}

#[tokio::test]
#[should_panic(expected = "no operation is called `invoice_craete`; perhaps `invoice_create` is meant")]
async fn a_fault_on_no_operation_is_a_mistake_of_the_test() {
    let story = Story::begin().await;
    story.emulator.inject(Fault::status(500).on("invoice_craete"));
}

#[tokio::test]
async fn a_fault_on_the_vendors_name_of_an_operation_strikes() {
    let story = Story::begin().await;
    story.emulator.inject(Fault::status(500).on("getInvoices"));
    story.get("/invoices").await.expect(500);
    story.get("/invoices").await.expect(200);
}

#[tokio::test]
async fn dropping_it_closes_the_port_and_ends_every_task() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let today = TODAY.parse().expect("a date");
    let emulator = Emulator::builder().today(today).start().await.expect("a port");
    let url = format!("{}/invoices", emulator.base_url());
    // One request that waits for an hour, on a connection by hand so that only the server has tasks.
    emulator.inject(Fault::delay(Duration::from_secs(3_600)));
    let address = emulator
        .base_url()
        .trim_start_matches("http://")
        .trim_end_matches("/api");
    let stream = tokio::net::TcpStream::connect(address).await.expect("it listens");
    let idle = tokio::net::TcpStream::connect(address).await.expect("it listens");
    stream.writable().await.expect("a connection");
    stream
        .try_write(b"GET /api/invoices HTTP/1.1\r\nhost: localhost\r\n\r\n")
        .expect("a short request fits");
    while emulator.requests().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(tasks() >= 2);

    drop(emulator);
    for _ in 0..100_000 {
        if tasks() > 0 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(tasks(), 0);
    for stream in [stream, idle] {
        stream.readable().await.expect("an end");
        let end = stream.try_read(&mut [0; 16]);
        assert!(!matches!(end, Ok(1..)), "{end:?}");
    }
    let refused = reqwest::get(url).await.expect_err("the port is closed");
    assert!(refused.is_connect());
}

#[test]
fn without_a_runtime_it_says_so() {
    let mut start = std::pin::pin!(Emulator::start());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match start.as_mut().poll(&mut context) {
        std::task::Poll::Ready(Err(error)) => assert!(error.to_string().contains("runtime"), "{error}"),
        other => panic!("{other:?}"),
    }
}
