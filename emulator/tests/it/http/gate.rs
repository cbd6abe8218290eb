//! Credentials, versions, paths, the rate limit and the log.

use sequencehq_emulator::{Emulator, StartError};
use serde_json::json;

use super::{authorization, on_new_year, raw, send, start};

#[tokio::test]
async fn only_the_right_credentials_open() {
    let emulator = start(Emulator::builder().credentials("me", "p:ss wörd")).await;
    assert_eq!(send(&emulator, "GET /products", None).await.status, 200);
    for header in [
        "",
        "authorization: Bearer token\r\n",
        "authorization: Basic %%%\r\n",
        "authorization: Basic bWU6eA==\r\n",
    ] {
        let reply = raw(&emulator, "GET /api/products", header, "")
            .await
            .expect("a response");
        assert_eq!(
            (reply.status, reply.error_type().as_str()),
            (401, "Unauthorized"),
            "{header}"
        );
        assert_eq!(reply.header("www-authenticate"), Some("Basic realm=\"Sequence\""));
    }
}

#[tokio::test]
async fn credentials_that_no_client_can_have_are_refused() {
    for (id, secret) in [
        ("a:b", "hush"),
        ("", "hush"),
        ("id", ""),
        ("id\n", "hush"),
        ("id", "hush\n"),
    ] {
        let error = Emulator::builder()
            .credentials(id, secret)
            .start()
            .await
            .expect_err("refused");
        assert!(matches!(error, StartError::Credentials(_)), "{error:?}");
        assert!(!format!("{error} {error:?}").contains("hush"), "{error:?}");
    }
    let builder = Emulator::builder().credentials("me", "hush");
    assert!(!format!("{builder:?}").contains("hush"), "{builder:?}");
}

#[tokio::test]
async fn the_version_that_is_asked_for_is_answered() {
    let emulator = start(on_new_year()).await;
    let headers = |version: &str| format!("{}sequence-version: {version}\r\n", authorization(&emulator));
    let old = raw(&emulator, "GET /api/products", &headers("2024-01-01"), "")
        .await
        .expect("a response");
    assert_eq!(
        (old.status, old.header("sequence-version")),
        (200, Some("2024-01-01"))
    );
    let unknown = raw(&emulator, "GET /api/products", &headers("2020-01-01"), "")
        .await
        .expect("a response");
    assert_eq!(
        (unknown.status, unknown.error_type().as_str()),
        (400, "UnrecognisedApiVersion")
    );
    let newest = send(&emulator, "GET /products", None).await;
    assert_eq!(newest.header("sequence-version"), Some("2024-07-30"));
}

#[tokio::test]
async fn paths_and_methods_that_do_not_exist_are_told_apart() {
    let emulator = start(on_new_year()).await;
    assert_eq!(send(&emulator, "GET /nowhere", None).await.status, 404);
    assert_eq!(send(&emulator, "DELETE /products", None).await.status, 405);
    let outside = raw(&emulator, "GET /products", &authorization(&emulator), "")
        .await
        .expect("a response");
    assert_eq!(outside.status, 404);
    assert!(outside.body.contains("`/api/`"), "{}", outside.body);
}

#[tokio::test]
async fn bodies_are_json_and_say_so() {
    let emulator = start(on_new_year()).await;
    let created = send(&emulator, "POST /products", Some(&json!({"name": "API"}))).await;
    assert_eq!(
        (created.status, created.json()["name"].as_str()),
        (201, Some("API"))
    );
    assert_eq!(created.header("content-type"), Some("application/json"));
    let untold = raw(&emulator, "POST /api/products", &authorization(&emulator), "{}")
        .await
        .expect("a response");
    assert_eq!(untold.status, 400);
    assert!(untold.body.contains("application/json"), "{}", untold.body);
}

#[tokio::test]
async fn beyond_the_rate_limit_is_429() {
    let emulator = start(on_new_year().requests_per_minute(Some(1))).await;
    assert_eq!(send(&emulator, "GET /products", None).await.status, 200);
    let refused = send(&emulator, "GET /products", None).await;
    assert_eq!(refused.status, 429);
    assert!(refused.header("retry-after").is_some());
}

#[tokio::test]
async fn the_log_keeps_the_last_requests_without_credentials() {
    let emulator = start(on_new_year().request_log(2)).await;
    for path in ["GET /users", "GET /products?limit=1", "GET /nowhere"] {
        send(&emulator, path, None).await;
    }
    let log = emulator.requests();
    let shown: Vec<_> = log.iter().map(|one| (one.operation_id, one.status)).collect();
    assert_eq!(shown, [(Some("product_list"), Some(200)), (None, Some(404))]);
    assert_eq!(
        (log[0].path.as_str(), log[0].query.as_deref()),
        ("/api/products", Some("limit=1"))
    );
    assert_eq!(log[0].header("authorization"), Some("<redacted>"));
}

#[tokio::test]
async fn answers_name_the_assumptions_that_they_depend_on() {
    let emulator = start(on_new_year()).await;
    let body = json!({"taxIdentifier": "1", "country": "GB"});
    let created = send(&emulator, "POST /tax-registrations", Some(&body)).await;
    assert_eq!(created.header("x-emulator-assumption"), Some("A72"));
    assert_eq!(
        send(&emulator, "GET /products", None)
            .await
            .header("x-emulator-assumption"),
        None
    );
}

#[tokio::test]
async fn a_taken_port_is_an_error_and_a_stopped_one_is_free() {
    let emulator = start(on_new_year()).await;
    let port = emulator
        .base_url()
        .rsplit(':')
        .next()
        .and_then(|rest| rest.strip_suffix("/api"))
        .map(str::parse);
    let port = port.expect("a port").expect("a number");
    let taken = Emulator::builder().port(port).start().await.expect_err("taken");
    assert!(matches!(taken, StartError::Bind(_)), "{taken:?}");
    emulator.stop().await;
    let again = start(Emulator::builder().port(port)).await;
    assert_eq!(send(&again, "GET /products", None).await.status, 200);
}

#[test]
fn outside_of_a_runtime_it_does_not_start() {
    let mut starting = std::pin::pin!(Emulator::builder().start());
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let started = starting.as_mut().poll(&mut context);
    assert!(
        matches!(started, std::task::Poll::Ready(Err(StartError::NoRuntime))),
        "{started:?}"
    );
}

#[tokio::test]
async fn ids_and_answers_are_the_same_in_every_run() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let emulator = start(on_new_year()).await;
        let reply = send(&emulator, "POST /products", Some(&json!({"name": "API"}))).await;
        runs.push((reply.header("x-request-id").map(str::to_owned), reply.body));
    }
    assert_eq!(runs[0], runs[1]);
}
