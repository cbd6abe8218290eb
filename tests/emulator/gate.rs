//! Credentials, versions, paths, and the rate limit.

use crate::story::Story;
use reqwest::Method;
use sequencehq::emulator::{Emulator, EmulatorError};
use serde_json::json;

#[tokio::test]
async fn only_the_right_credentials_open() {
    let story = Story::with(Emulator::builder().credentials("me", "p:ss wörd")).await;
    story.get("/invoices").await.expect(200);
    let url = format!("{}/invoices", story.emulator.base_url());
    let wrong = [
        story.http.get(&url),
        story.http.get(&url).basic_auth("me", Some("other")),
        story.http.get(&url).basic_auth("me", None::<&str>),
        story.http.get(&url).bearer_auth("token"),
        story.http.get(&url).header("authorization", "Basic %%%"),
    ];
    for request in wrong {
        let reply = story.send(request).await.expect(401);
        assert_eq!(reply.error().0, "Unauthorized");
        assert!(reply.header("www-authenticate").is_some());
    }
}

#[tokio::test]
async fn credentials_that_no_client_can_have_are_refused_at_the_start() {
    for (id, secret) in [
        ("a:b", "secret"),
        ("", "secret"),
        ("id", ""),
        ("id\n", "secret"),
        ("id", "hush\n"),
    ] {
        let started = Emulator::builder().credentials(id, secret).start().await;
        let error = started.expect_err("refused");
        assert!(matches!(error, EmulatorError::Credentials(_)), "{error:?}");
        let source = std::error::Error::source(&error).expect("the reason");
        assert!(
            !format!("{error} {source} {error:?}").contains("hush"),
            "{error}: {source}"
        );
    }
    let emulator = Emulator::builder()
        .credentials("a", "b:c")
        .start()
        .await
        .expect("started");
    emulator.client().invoices().list().await.expect("they are good");
}

#[tokio::test]
async fn no_header_with_credentials_is_recorded() {
    let story = Story::begin().await;
    let mut request = story.request(Method::GET, "/invoices");
    for name in [
        "cookie",
        "proxy-authorization",
        "x-api-key",
        "set-cookie",
        "x-auth-token",
    ] {
        request = request.header(name, "hush");
    }
    story.send(request.header("x-trace", "t-1")).await.expect(200);
    let recorded = story.emulator.requests().pop().expect("recorded");
    assert_eq!(recorded.header("x-trace"), Some("t-1"));
    assert_eq!(recorded.header("authorization"), Some("<redacted>"));
    assert_eq!(recorded.header("cookie"), Some("<redacted>"));
    assert!(
        recorded.headers.iter().all(|(_, value)| value != "hush"),
        "{recorded:?}"
    );
}

#[tokio::test]
async fn the_version_asked_for_is_the_version_answered() {
    let story = Story::begin().await;
    assert_eq!(
        story.get("/invoices").await.header("sequence-version"),
        Some("2024-07-30")
    );
    for version in ["2024-01-01", "2024-05-09", "2024-07-30"] {
        let request = story
            .request(Method::GET, "/invoices")
            .header("Sequence-Version", version);
        let reply = story.send(request).await.expect(200);
        assert_eq!(reply.header("sequence-version"), Some(version));
    }
    for version in ["2020-01-01", "latest", ""] {
        let request = story
            .request(Method::GET, "/invoices")
            .header("Sequence-Version", version);
        let reply = story.send(request).await.expect(400);
        assert_eq!(reply.error().0, "UnrecognisedApiVersion");
    }
}

#[tokio::test]
async fn an_operation_exists_only_in_its_versions() {
    let story = Story::begin().await;
    let id = story.draft().await;
    let body = json!({"invoiceId": id, "paymentProvider": "NONE"});
    let cases = [
        ("2024-01-01", format!("/invoices/{id}/mark-as-sent"), 404),
        ("2024-01-01", "/payments/settings/invoices".to_owned(), 404),
        ("2024-01-01", "/invoice-settings".to_owned(), 201),
        ("2024-07-30", "/invoice-settings".to_owned(), 404),
        ("2024-07-30", format!("/invoices/{id}/mark-as-sent"), 200),
    ];
    for (version, path, expected) in cases {
        let request = story.request(Method::POST, &path).json(&body);
        let reply = story.send(request.header("sequence-version", version)).await;
        assert_eq!(reply.status, expected, "{version} {path}");
        if expected == 404 {
            let (_, message) = reply.error();
            assert!(message.contains(version), "{message}");
        }
    }
}

#[tokio::test]
async fn what_is_no_operation_says_so() {
    let story = Story::begin().await;
    story.get("/nowhere").await.expect(404);
    story.get("/invoices/").await.expect(404);
    let (_, message) = story.delete("/invoices").await.expect(405).error();
    assert!(message.contains("GET, POST"), "{message}");
    let root = story.emulator.base_url().trim_end_matches("/api").to_owned();
    let request = story.http.get(format!("{root}/invoices"));
    let request = request.basic_auth(story.emulator.client_id(), Some(story.emulator.client_secret()));
    let (_, message) = story.send(request).await.expect(404).error();
    assert!(message.contains("/api/"), "{message}");
}

#[tokio::test]
async fn beyond_the_rate_limit_is_429_with_a_delay() {
    let story = Story::with(Emulator::builder().requests_per_minute(Some(2))).await;
    for _ in 0..2 {
        story.get("/invoices").await.expect(200);
    }
    let reply = story.get("/invoices").await.expect(429);
    let delay: u64 = reply
        .header("retry-after")
        .and_then(|t| t.parse().ok())
        .expect("seconds");
    assert!((1..=60).contains(&delay));
}

#[tokio::test]
async fn requests_are_recorded_without_the_secret() {
    let story = Story::begin().await;
    let request = story
        .request(Method::GET, "/invoices?limit=5")
        .header("X-Trace", "abc");
    story.send(request).await.expect(200);
    story.get("/nowhere").await.expect(404);
    let requests = story.emulator.requests();
    let first = &requests[0];
    assert_eq!(first.operation_id.as_deref(), Some("invoice_list"));
    assert_eq!(
        (first.method.as_str(), first.path.as_str()),
        ("GET", "/api/invoices")
    );
    assert_eq!(
        (first.query.as_deref(), first.status),
        (Some("limit=5"), Some(200))
    );
    assert_eq!(first.header("x-trace"), Some("abc"));
    assert_eq!(first.header("Authorization"), Some("<redacted>"));
    assert_eq!(
        (requests[1].operation_id.as_deref(), requests[1].status),
        (None, Some(404))
    );
}

#[tokio::test]
async fn debug_shows_no_secret() {
    let builder = Emulator::builder().credentials("me", "hush-7d1f");
    assert!(!format!("{builder:?}").contains("hush-7d1f"));
    let emulator = builder.start().await.expect("a port");
    assert!(!format!("{emulator:?}").contains("hush-7d1f"));
}
