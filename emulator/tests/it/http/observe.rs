//! What an observer sees, and the log with it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sequencehq_emulator::{Exchange, Fault};
use serde_json::json;

use super::{authorization, on_new_year, raw, send, start};

#[tokio::test]
async fn a_calculation_lists_the_events_that_count_as_0_in_the_log() {
    let emulator = start(on_new_year()).await;
    let metric = json!({
        "name": "Calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM", "aggregationProperty": "n",
    });
    let metric = send(&emulator, "POST /usage-metrics", Some(&metric)).await;
    let metric: serde_json::Value = serde_json::from_str(&metric.body).expect("JSON");
    let mut ids = Vec::new();
    for count in [json!(7), json!("many")] {
        let event = json!({"customerAlias": "acme", "eventType": "call", "eventProperties": {"n": count}});
        let event = send(&emulator, "POST /usage-events", Some(&event)).await;
        let event: serde_json::Value = serde_json::from_str(&event.body).expect("JSON");
        ids.push(event["id"].as_str().expect("an id").to_owned());
    }
    let id = metric["id"].as_str().expect("an id");
    let query = "customerAliases=acme&periodStart=2026-01-01&periodEnd=2026-01-31";
    send(
        &emulator,
        &format!("GET /usage-metrics/{id}/calculate?{query}"),
        None,
    )
    .await;
    let requests = emulator.requests();
    let last = requests.last().expect("requests are kept");
    let note = format!("Counted as 0, since `n` is missing or not a number: {}.", ids[1]);
    assert_eq!(
        (&last.notes, last.assumed.to_string().contains("A29")),
        (&vec![note], true)
    );
}

type Seen = Arc<Mutex<Vec<(Option<u16>, usize, usize, Option<String>)>>>;

#[tokio::test]
async fn an_observer_sees_every_exchange_and_the_reason_of_a_refusal() {
    let seen = Seen::default();
    let sink = Arc::clone(&seen);
    let observer = move |exchange: &Exchange<'_>| {
        let request = exchange.request;
        assert_eq!(request.header("authorization"), Some("<redacted>"));
        let refusal = request.refusal.as_ref().map(ToString::to_string);
        let sizes = (exchange.headers.len(), exchange.body.len());
        sink.lock()
            .expect("no panic")
            .push((request.status, sizes.0, sizes.1, refusal));
    };
    let emulator = start(on_new_year().observe(observer)).await;
    let created = send(&emulator, "POST /products", Some(&json!({"name": "API"}))).await;
    send(&emulator, "GET /products/x", None).await;
    for fault in [
        Fault::drop_connection_after_acting(),
        Fault::html_502(),
        Fault::status(503),
        Fault::wrong_shape(),
        Fault::truncate_body(),
    ] {
        emulator.inject(fault);
        raw(&emulator, "GET /api/users", &authorization(&emulator), "").await;
    }
    let seen = seen.lock().expect("no panic");
    let statuses: Vec<_> = seen.iter().map(|(status, ..)| *status).collect();
    assert_eq!(
        statuses,
        [
            Some(201),
            Some(404),
            None,
            Some(502),
            Some(503),
            Some(200),
            Some(200)
        ]
    );
    let reasons: Vec<_> = seen.iter().map(|(.., reason)| reason.as_deref()).collect();
    assert_eq!(
        reasons,
        [
            None,
            Some("NotFound: There is no product x. It was never created, or was deleted."),
            Some("InjectedFault: The connection was closed after the request was processed."),
            Some("InjectedFault: The response is a page of HTML."),
            Some("InjectedFault: The status is 503."),
            Some("InjectedFault: The response has another shape."),
            Some("InjectedFault: The connection was closed in the middle of the response."),
        ]
    );
    assert_eq!(seen[0].2, created.body.len());
    assert_eq!(
        (seen[2].1, seen[2].2),
        (0, 0),
        "a dropped connection has no response"
    );
}

#[tokio::test]
async fn the_log_has_the_reason_of_a_refusal_and_what_a_response_depends_on() {
    let emulator = start(on_new_year()).await;
    let body = json!({"taxIdentifier": "1", "country": "GB"});
    send(&emulator, "POST /tax-registrations", Some(&body)).await;
    emulator.inject(Fault::delay(Duration::from_millis(20)));
    let refused = send(&emulator, "POST /products", Some(&json!({"name": 7}))).await;
    let log = emulator.requests();
    assert_eq!(
        (log[0].assumed.to_string().as_str(), &log[0].refusal),
        ("A72", &None)
    );
    let refusal = log[1].refusal.as_ref().expect("a reason");
    assert_eq!(refusal.kind, "InvalidRequest");
    assert_eq!(
        Some(refusal.message.as_str()),
        refused.json()["error"]["message"].as_str()
    );
    assert_eq!(refused.header("x-request-id"), Some(log[1].request_id.as_str()));
    assert!(log[1].took >= Duration::from_millis(20), "{:?}", log[1].took);
    assert!(log[1].at >= log[0].at);
}
