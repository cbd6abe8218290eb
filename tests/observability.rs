//! Reads back the spans and metrics that `sequencehq::observability` documents.
//!
//! A binary of its own, since the subscriber is one for the process.

#![allow(missing_docs, reason = "the modules of a test are read by nobody else")]
#![allow(
    clippy::disallowed_methods,
    reason = "the server of the tests can delay a response"
)]

#[path = "support/server.rs"]
#[allow(unreachable_pub, reason = "shared with other tests")]
mod server;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshot};
use opentelemetry::trace::{SpanId, SpanKind, Status, TracerProvider as _};
use opentelemetry_sdk::trace::{InMemorySpanExporter, SdkTracerProvider, SpanData};
use sequencehq::clock::ManualClock;
use sequencehq::usage::{Lines, Sender};
use sequencehq::{ApiVersion, RateLimit, RetryPolicy, observability};
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt as _;

use crate::server::{Answer, SECRET, Server};

/// Installs the exporter for the process, and returns what it exported.
fn exporter() -> &'static InMemorySpanExporter {
    static EXPORTER: OnceLock<InMemorySpanExporter> = OnceLock::new();
    EXPORTER.get_or_init(|| {
        let exporter = InMemorySpanExporter::default();
        let provider = SdkTracerProvider::builder()
            .with_simple_exporter(exporter.clone())
            .build();
        let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("test"));
        let subscriber = tracing_subscriber::registry().with(layer);
        tracing::subscriber::set_global_default(subscriber).expect("the only one");
        exporter
    })
}

/// Returns the spans of the call to a server, the call first and its attempts in order.
fn spans_of(server: &Server) -> (SpanData, Vec<SpanData>) {
    let port = url::Url::parse(&server.base_url).expect("a URL").port();
    let all = exporter().get_finished_spans().expect("exported");
    let mut own = all
        .into_iter()
        .filter(|span| attribute(span, "server.port") == port.map(|port| port.to_string()));
    let mut attempts: Vec<SpanData> = own.by_ref().collect();
    // The call ends last.
    let call = attempts.pop().expect("a call");
    (call, attempts)
}

fn attribute(span: &SpanData, name: &str) -> Option<String> {
    let found = span.attributes.iter().find(|pair| pair.key.as_str() == name);
    found.map(|pair| pair.value.to_string())
}

/// Checks the attributes of a span. `None` stands for an attribute that is absent.
fn expect(span: &SpanData, expected: &[(&str, Option<&str>)]) {
    for (name, value) in expected {
        assert_eq!(
            attribute(span, name).as_deref(),
            *value,
            "{name} of {}",
            span.name
        );
    }
}

#[tokio::test]
async fn a_call_and_its_attempts_are_spans_by_the_conventions() {
    exporter();
    let busy = Answer::status(503).with("x-request-id", "req-1");
    let gone = Answer::status(404).with("x-request-id", SECRET);
    let server = Server::sequence(vec![busy, Answer::Close, gone]).await;
    let client = server
        .builder()
        .retry(RetryPolicy::default())
        .clock(ManualClock::running())
        .build()
        .expect("good");
    let error = client.invoices().get("an-id").await.expect_err("as scripted");
    assert!(error.is_not_found());

    let (call, attempts) = spans_of(&server);
    assert_eq!(
        (&*call.name, &call.span_kind),
        ("invoice_get", &SpanKind::Internal)
    );
    assert_eq!(call.parent_span_id, SpanId::INVALID);
    assert!(matches!(call.status, Status::Error { .. }), "{:?}", call.status);
    expect(
        &call,
        &[
            ("http.request.method", Some("GET")),
            ("url.template", Some("/invoices/{id}")),
            ("server.address", Some("127.0.0.1")),
            ("http.response.status_code", Some("404")),
            ("http.request.resend_count", Some("2")),
            ("error.type", Some("404")),
            ("sequence.operation", Some("invoice_get")),
            ("sequence.api_version", Some("2024-07-30")),
            ("sequence.request_id", Some("<redacted>")),
            ("url.full", None),
        ],
    );
    assert_eq!(attempts.len(), 3);
    for (number, (span, (status, error))) in attempts
        .iter()
        .zip([(Some("503"), "503"), (None, "interrupted"), (Some("404"), "404")])
        .enumerate()
    {
        assert_eq!(
            (&*span.name, &span.span_kind),
            ("GET /invoices/{id}", &SpanKind::Client)
        );
        assert_eq!(span.parent_span_id, call.span_context.span_id());
        let resends = (number > 0).then(|| number.to_string());
        expect(
            span,
            &[
                ("http.request.method", Some("GET")),
                ("url.template", Some("/invoices/{id}")),
                ("server.address", Some("127.0.0.1")),
                ("http.response.status_code", status),
                ("http.request.resend_count", resends.as_deref()),
                ("error.type", Some(error)),
            ],
        );
        // The server sees the span of the attempt.
        let ids = &span.span_context;
        let parent = format!("00-{}-{}-01", ids.trace_id(), ids.span_id());
        assert_eq!(server.seen()[number].header("traceparent"), Some(parent.as_str()));
    }
    let events: Vec<String> = call.events.iter().map(|event| format!("{event:?}")).collect();
    assert!(
        events
            .iter()
            .any(|event| event.contains("call failed") && event.contains("404")),
        "{events:?}"
    );
    assert!(!format!("{call:?}{attempts:?}").contains(SECRET));
}

#[tokio::test]
async fn a_call_that_succeeds_at_once_has_no_error_and_no_resend() {
    exporter();
    let server = Server::sequence(vec![Answer::text(200, "application/pdf", "%PDF")]).await;
    let own = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    let call = server.client().invoices().download("an-id");
    call.header("traceparent", own).await.expect("begun");
    let (call, attempts) = spans_of(&server);
    for span in [&call, &attempts[0]] {
        assert_eq!(span.status, Status::Unset);
        expect(
            span,
            &[
                ("http.response.status_code", Some("200")),
                ("error.type", None),
                ("http.request.resend_count", None),
            ],
        );
    }
    assert_eq!(
        server.seen()[0].header("traceparent"),
        Some(own),
        "the caller's own"
    );
}

#[cfg(feature = "redis")]
#[tokio::test]
async fn the_span_of_a_call_shows_that_the_shared_limit_was_not_available() {
    exporter();
    let server = Server::sequence(vec![Answer::status(404)]).await;
    // Port 1 of this machine refuses connections.
    let limit = sequencehq::shared_limit::SharedLimit::builder()
        .clock(ManualClock::running())
        .connect("redis://127.0.0.1:1")
        .expect("well-formed");
    let builder = server.builder().rate_limiter(std::sync::Arc::new(limit.clone()));
    let client = builder.build().expect("good");
    client.invoices().get("an-id").await.expect_err("as scripted");

    assert!(limit.stats().is_fallback);
    let (call, _) = spans_of(&server);
    expect(&call, &[("rate_limit", Some("fallback"))]);
}

#[tokio::test]
async fn a_route_is_that_of_the_pinned_version() {
    exporter();
    let server = Server::sequence(vec![Answer::status(404)]).await;
    let older = server.client().with_api_version(ApiVersion::V2024_01_01);
    let error = older.invoices().finalize("an-id").await.expect_err("as scripted");
    assert!(error.is_not_found(), "{error}");
    let (call, _) = spans_of(&server);
    let seen = &server.seen()[0];
    let template = attribute(&call, "url.template").expect("a template");
    assert_eq!(seen.target, format!("/api{}", template.replace("{id}", "an-id")));
    expect(&call, &[("http.request.method", Some(&seen.method))]);
}

/// The values of the counters, and the numbers and sums of the histograms, by name and labels.
fn values(snapshot: Snapshot) -> BTreeMap<String, (u64, f64)> {
    let mut values = BTreeMap::new();
    for (key, _, _, value) in snapshot.into_vec() {
        let (_, key) = key.into_parts();
        let labels: Vec<String> = key
            .labels()
            .map(|label| format!("{}={}", label.key(), label.value()))
            .collect();
        let value = match value {
            DebugValue::Counter(count) => (count, 0.0),
            DebugValue::Histogram(all) => {
                (all.len() as u64, all.iter().map(|value| value.into_inner()).sum())
            }
            DebugValue::Gauge(_) => panic!("{key} is a gauge"),
        };
        values.insert(format!("{}{{{}}}", key.name(), labels.join(",")), value);
    }
    values
}

#[tokio::test]
async fn calls_attempts_waits_and_429s_are_counted() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    observability::describe();
    let busy = Answer::status(429).with("retry-after", "7");
    let server = Server::sequence(vec![busy, Answer::text(200, "application/pdf", "%PDF")]).await;
    let client = server
        .builder()
        .rate_limit(RateLimit::per_minute(60_000))
        .retry(RetryPolicy::default())
        .clock(ManualClock::running())
        .build()
        .expect("good");
    client.invoices().download("an-id").await.expect("begun");
    let invalid = client.invoices().download("..").await;
    assert!(invalid.expect_err("nothing was sent").is_invalid_input());

    let values = values(snapshotter.snapshot());
    let count = |name: &str| values.get(name).map_or(0, |(count, _)| *count);
    for (name, expected) in [
        ("sequencehq_calls_total{operation=invoice_download,outcome=ok}", 1),
        (
            "sequencehq_calls_total{operation=invoice_download,outcome=invalid_input}",
            1,
        ),
        (
            "sequencehq_attempts_total{operation=invoice_download,outcome=rate_limited,status=429}",
            1,
        ),
        (
            "sequencehq_attempts_total{operation=invoice_download,outcome=ok,status=200}",
            1,
        ),
        (
            "sequencehq_attempt_duration_seconds{operation=invoice_download,outcome=ok}",
            1,
        ),
        ("sequencehq_rate_limited_total{operation=invoice_download}", 1),
        ("sequencehq_limiter_wait_seconds{quota=requests}", 2),
    ] {
        assert_eq!(count(name), expected, "{name} in {values:?}");
    }
    let (calls, seconds) = values["sequencehq_call_duration_seconds{operation=invoice_download,outcome=ok}"];
    assert!(calls == 1 && (7.0..60.0).contains(&seconds), "{seconds} s");
}

#[tokio::test]
async fn usage_events_are_counted_by_outcome() {
    let recorder = DebuggingRecorder::new();
    let snapshotter = recorder.snapshotter();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let server = Server::start(|seen| {
        let event = seen.json();
        if event["customerAlias"] == json!("bad") {
            return Answer::status(400);
        }
        let mut stored = event;
        stored["id"] = json!("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9");
        stored["sequenceAccountId"] = json!("6cedbb5e-4f77-4217-b8d4-020e7e4d33ca");
        Answer::json(200, &stored)
    })
    .await;
    let line = |customer: &str, id: &str| {
        json!({
            "customerAlias": customer, "customerEventId": id, "eventType": "call",
            "eventTimestamp": "2026-01-31T12:00:00Z", "eventProperties": {},
        })
        .to_string()
    };
    let lines = [
        line("good", "1"),
        line("bad", "2"),
        "not JSON".to_owned(),
        line("good", "3"),
    ]
    .join("\n");
    let input = Lines::new("lines", std::io::Cursor::new(lines));
    let report = Sender::new(&server.client()).send_all(input).await;
    let values = values(snapshotter.snapshot());
    for (outcome, expected, reported) in [
        ("accepted", 2, report.accepted.len()),
        ("rejected", 1, report.rejected.len()),
        ("invalid", 1, report.invalid.len()),
    ] {
        let name = format!("sequencehq_usage_events_total{{outcome={outcome}}}");
        assert_eq!(
            values.get(&name).map(|(count, _)| *count),
            Some(expected),
            "{values:?}"
        );
        assert_eq!(reported as u64, expected, "{report}");
    }
}

#[test]
fn the_page_lists_every_metric_and_every_field() {
    let page = include_str!("../src/observability.rs");
    let code = include_str!("../src/transport/observe.rs");
    let mut names: BTreeSet<String> = [
        observability::CALLS,
        observability::CALL_DURATION,
        observability::ATTEMPTS,
        observability::ATTEMPT_DURATION,
        observability::LIMITER_WAIT,
        observability::LIMITER_FALLBACK,
        observability::RATE_LIMITED,
        observability::USAGE_EVENTS,
    ]
    .map(str::to_owned)
    .into();
    for line in code.lines() {
        let Some((name, _)) = line.trim().split_once(" = ") else {
            continue;
        };
        if name.contains('.') && !name.contains(' ') {
            names.insert(name.replace("r#", ""));
        }
    }
    assert!(names.len() > 15, "{names:?}");
    for name in names {
        assert!(page.contains(&format!("`{name}`")), "{name} is not on the page");
    }
}
