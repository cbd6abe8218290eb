//! Every operation meets every kind of failure.

use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::types::{CreditNoteApplicationConflict, Invoice};
use sequencehq::{ErrorKind, RateLimit, RetryPolicy};
use sequencehq_document::model::Success;
use serde_json::json;

use crate::coverage::every_call;
use crate::document;
use crate::server::{Answer, SECRET, SOON, Server};

#[tokio::test]
async fn every_operation_explains_every_error_status() {
    for (status, may_have_acted) in [
        (400, false),
        (401, false),
        (403, false),
        (404, false),
        (409, false),
        (418, false),
        (429, false),
        (500, true),
        (503, true),
    ] {
        let body = json!({"error": {"type": "SomeType", "message": "some words"}});
        let server = Server::sequence(vec![Answer::json(status, &body).with("request-id", "req-7")]).await;
        let client = server.client();
        for (id, call) in every_call() {
            let error = call(client.clone()).await.expect_err("an error status");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{id}");
            assert_eq!(error.operation(), Some(id));
            assert_eq!(error.error_type(), Some("SomeType"), "{id}");
            assert_eq!(error.message(), Some("some words"), "{id}");
            assert_eq!(error.request_id(), Some("req-7"), "{id}");
            assert_eq!(error.may_have_acted(), may_have_acted, "{id}: {status}");
            assert_eq!(error.attempts(), 1, "{id}");
            assert_eq!(error.body_as::<serde_json::Value>().expect("kept"), body);
            let other = error.body_as::<Vec<u8>>().expect_err("another type");
            assert!(other.is_decode() && other.to_string().contains(id), "{other}");
            assert_eq!(other.status(), error.status());
            assert_eq!(other.request_id(), Some("req-7"));
            assert_eq!(other.may_have_acted(), may_have_acted, "{id}: {status}");
            let text = error.to_string();
            for part in [id, &status.to_string(), "SomeType: some words", "req-7"] {
                assert!(text.contains(part), "{text}");
            }
            let kind = match status {
                400 => ErrorKind::BadRequest,
                401 => ErrorKind::Unauthorized,
                403 => ErrorKind::Forbidden,
                404 => ErrorKind::NotFound,
                409 => ErrorKind::Conflict,
                418 => ErrorKind::OtherStatus,
                429 => ErrorKind::RateLimited,
                _ => ErrorKind::ServerError,
            };
            assert_eq!(error.kind(), kind, "{id}: {status}");
            assert_eq!(
                error.is_transient(),
                [429, 500, 503].contains(&status),
                "{id}: {status}"
            );
            let hint = "(check the client id, the client secret, and the environment that they belong to)";
            assert_eq!(text.contains(hint), status == 401, "{text}");
            let asked = [
                error.is_bad_request(),
                error.is_unauthorized(),
                error.is_forbidden(),
                error.is_not_found(),
                error.is_conflict(),
                error.is_rate_limited(),
                error.is_server_error(),
            ];
            let wanted = [400, 401, 403, 404, 409, 429, 500]
                .map(|code| status == code || (code == 500 && status == 503));
            assert_eq!(asked, wanted, "{id}: {status}");
        }
    }
}

#[tokio::test]
async fn the_page_of_a_proxy_keeps_its_status_and_is_not_printed() {
    let page = "<html>".to_owned() + &"proxy ".repeat(50_000);
    let server = Server::sequence(vec![
        Answer::text(502, "text/html", page.clone()).with("x-request-id", "via-proxy"),
    ])
    .await;
    let client = server.client();
    for (id, call) in every_call() {
        let error = call(client.clone()).await.expect_err("502");
        assert_eq!(error.status().map(|status| status.as_u16()), Some(502), "{id}");
        assert_eq!(error.request_id(), Some("via-proxy"), "{id}");
        assert_eq!(
            error.body(),
            &page.as_bytes()[..64 * 1024],
            "{id}: bounded, and the beginning"
        );
        assert!(error.may_have_acted(), "{id}");
        for text in [error.to_string(), format!("{error:?}")] {
            assert!(!text.contains("proxy proxy") && text.len() < 700, "{text}");
        }
        assert!(error.to_string().contains("text/html"), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_fit_names_the_place() {
    for (body, content) in [
        ("{\"items\": [", "truncated"),
        ("[1, 2]", "another shape"),
        ("", "nothing"),
        ("<html>", "a page"),
    ] {
        let server = Server::start(move |seen| {
            let operation = document::find(seen).expect("an operation");
            Answer::text(operation.status, "application/json", body).with("x-request-id", "req-9")
        })
        .await;
        let client = server.client();
        for operation in document::operations() {
            let (status, Success::Json(_)) = (operation.status, &operation.success) else {
                continue;
            };
            let (id, call) = every_call()
                .into_iter()
                .find(|(id, _)| *id == operation.id)
                .expect("covered");
            let error = call(client.clone()).await.expect_err(content);
            assert!(error.is_decode(), "{id}: {content}: {error:?}");
            assert!(error.may_have_acted(), "{id}: it succeeded");
            assert_eq!(error.status().map(|status| status.as_u16()), Some(status), "{id}");
            assert_eq!(error.request_id(), Some("req-9"), "{id}");
            assert_eq!(error.body(), body.as_bytes(), "{id}");
        }
    }
}

#[tokio::test]
async fn decoding_failures_have_a_json_path() {
    let good = crate::sample::value(
        &json!({"$ref": "#/components/schemas/Invoice"}),
        crate::sample::Shape::Whole,
    );
    let mut bad = good.clone();
    bad["grossTotal"] = json!("12,50");
    let page = json!({"items": [good, bad], "pagination": {}});
    let server = Server::sequence(vec![Answer::json(200, &page)]).await;
    let error = server
        .client()
        .invoices()
        .list()
        .await
        .expect_err("a comma is not a decimal point");
    assert_eq!(error.path(), Some("items[1].grossTotal"));
    let text = error.to_string();
    assert!(
        text.contains("at `items[1].grossTotal`") && text.contains("`12,50` is not a decimal"),
        "{text}"
    );
}

#[tokio::test]
async fn another_success_than_the_documented_one_is_a_success() {
    let invoice = crate::sample::value(
        &json!({"$ref": "#/components/schemas/Invoice"}),
        crate::sample::Shape::Minimal,
    );
    let server = Server::sequence(vec![Answer::json(202, &invoice)]).await;
    let response = server
        .client()
        .invoices()
        .get("an-id")
        .send()
        .await
        .expect("a success");
    assert_eq!(response.status(), 202);
    let _: Invoice = response.into_inner();
}

#[tokio::test]
async fn a_success_that_is_not_json_is_named() {
    for (content_type, names) in [
        ("text/html; charset=utf-8", true),
        ("text/plain", true),
        ("application/json; charset=utf-8", false),
        ("application/vnd.api+json", false),
    ] {
        let server = Server::sequence(vec![Answer::text(200, content_type, "<html>Sign in</html>")]).await;
        let error = server.client().invoices().get("an-id").await.expect_err("a page");
        assert!(
            error.is_decode() && error.kind() == ErrorKind::Decode,
            "{error:?}"
        );
        let text = error.to_string();
        let named = format!("the response (200) is `{content_type}` and not JSON; check the base URL");
        assert_eq!(text.contains(&named), names, "{text}");
        assert_eq!(text.contains("does not match the API schema"), !names, "{text}");
        assert!(!text.contains("Sign in"), "{text}");
    }
}

#[tokio::test]
async fn the_details_of_a_conflict_are_decoded_for_the_operation_that_documents_them() {
    let details = crate::sample::value(
        &json!({"$ref": "#/components/schemas/CreditNoteApplicationConflict"}),
        crate::sample::Shape::Whole,
    );
    for (status, body, of_operation) in [
        (409, details.clone(), true),
        (409, json!({"message": "another format"}), false),
        (400, details, false),
    ] {
        let server = Server::sequence(vec![Answer::json(status, &body)]).await;
        for (id, call) in every_call() {
            let error = call(server.client()).await.expect_err("an error status");
            let expected = of_operation && id == "credit_note_application_create";
            let conflict = error.conflict::<CreditNoteApplicationConflict>();
            assert_eq!(conflict.is_some(), expected, "{id}: {status}");
        }
    }
}

#[tokio::test]
async fn a_body_of_an_error_that_does_not_decode_is_quoted_without_secrets() {
    #[derive(Debug, serde::Deserialize)]
    #[allow(dead_code, reason = "it never decodes")]
    struct Gateway {
        code: u32,
    }
    for status in [200, 502] {
        let body = json!({ "code": format!("refused {SECRET}") });
        let server = Server::sequence(vec![Answer::json(status, &body)]).await;
        let error = server
            .client()
            .invoices()
            .get("an-id")
            .await
            .expect_err("an error");
        let undecodable = error
            .body_as::<Gateway>()
            .expect_err("a text in place of a number");
        let printed = format!("{undecodable} {undecodable:?}");
        assert!(!printed.contains(SECRET), "{printed}");
        assert!(printed.contains("refused <redacted>"), "{printed}");
    }
}

#[tokio::test]
async fn an_error_page_is_recognized_as_that_of_another_server() {
    let page = Answer::text(403, "text/html", "<html>Please sign in</html>");
    let server = Server::sequence(vec![page]).await;
    let error = server.client().invoices().get("an-id").await.expect_err("a page");
    assert_eq!(
        error.to_string(),
        "invoice_get: 403 Forbidden: 27 bytes of text/html, which a proxy or a gateway before the API may have sent"
    );
}

#[tokio::test]
async fn a_call_that_the_rate_limit_holds_back_names_the_reason() {
    for (answer, limit, reason) in [
        (
            Answer::status(429).with("retry-after", "30"),
            RateLimit::per_minute(1_500),
            "the API responded with 429, and the pause ends after the deadline of the call",
        ),
        (
            Answer::status(404),
            RateLimit::per_minute(1),
            "the rate limit of this process has no turn before the deadline of the call",
        ),
    ] {
        let server = Server::sequence(vec![answer]).await;
        let builder = server.builder().rate_limit(limit).clock(ManualClock::new());
        let client = builder.retry(RetryPolicy::none()).build().expect("good");
        client.invoices().get("an-id").await.expect_err("an error status");
        let call = client.invoices().get("an-id").timeout(Duration::from_secs(5));
        let error = call.await.expect_err("held back");
        assert!(error.is_timeout() && !error.may_have_acted(), "{error:?}");
        assert_eq!(
            error.to_string(),
            format!(
                "invoice_get: the call did not complete within its timeout of 5s; nothing was sent: {reason}"
            )
        );
        assert_eq!(server.count(), 1);
    }
}

#[tokio::test]
async fn an_attempt_that_the_time_limit_of_the_call_ends_names_that_limit() {
    let server = Server::sequence(vec![Answer::Silence]).await;
    for (attempt, whole, message) in [
        (30, 5, "the call did not complete within its timeout of 5s"),
        (4, 5, "the attempt did not complete within 4s"),
    ] {
        let clock = ManualClock::new();
        let builder = server.builder().clock(clock.clone()).retry(RetryPolicy::none());
        let client = builder.attempt_timeout(Duration::from_secs(attempt)).build();
        let call = client.expect("good").invoices().void("an-id");
        let call = tokio::spawn(call.timeout(Duration::from_secs(whole)).into_future());
        tokio::time::timeout(SOON, async {
            while !call.is_finished() {
                clock.advance(Duration::from_millis(1));
                tokio::task::yield_now().await;
            }
        })
        .await
        .expect("it ends");
        let error = call.await.expect("joined").expect_err("silence");
        assert!(error.is_timeout() && error.may_have_acted(), "{error:?}");
        assert_eq!(error.to_string(), format!("invoice_void: {message}"));
    }
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Server::sequence(vec![Answer::status(200)]).await;
    for status in [301, 302, 303, 307, 308] {
        let answer = Answer::text(status, "text/plain", "").with("location", &elsewhere.base_url);
        let server = Server::sequence(vec![answer]).await;
        let error = server
            .client()
            .invoices()
            .void("an-id")
            .await
            .expect_err("a redirect");
        assert!(
            error.to_string().contains("redirect") && error.to_string().contains("base URL"),
            "{error}"
        );
        assert_eq!(error.status().map(|status| status.as_u16()), Some(status));
    }
    assert!(elsewhere.seen().is_empty(), "no credentials travelled");
}

#[tokio::test]
async fn answers_are_bounded() {
    let server = Server::sequence(vec![Answer::text(200, "application/json", vec![b' '; 100_000])]).await;
    let client = server.builder().max_response_bytes(50_000).build().expect("good");
    let error = client.invoices().get("an-id").await.expect_err("too large");
    assert!(error.is_too_large() && error.may_have_acted());
    assert_eq!(error.body().len(), 50_000);
}

#[tokio::test]
async fn failures_of_the_connection_state_whether_anything_was_sent() {
    let server = Server::sequence(vec![Answer::Close]).await;
    let error = server
        .client()
        .invoices()
        .void("an-id")
        .await
        .expect_err("closed");
    assert!(error.is_interrupted() && error.may_have_acted(), "{error:?}");
    assert!(error.is_transient(), "{error:?}");

    let cut = Server::sequence(vec![Answer::Cut {
        status: 200,
        body: b"{\"id\":".to_vec(),
    }])
    .await;
    let error = cut.client().invoices().void("an-id").await.expect_err("cut");
    assert!(error.is_interrupted() && error.may_have_acted(), "{error:?}");
    assert_eq!(
        error.status().map(|status| status.as_u16()),
        Some(200),
        "the status is known all the same"
    );

    let base_url = server.base_url.clone();
    let address = base_url
        .strip_prefix("http://")
        .and_then(|rest| rest.strip_suffix("/api"));
    let address = address.expect("host and port").to_owned();
    drop(server);
    let unreachable = sequencehq::Client::builder(sequencehq::Credentials::new("a", "b").expect("good"))
        .base_url(base_url)
        .retry(sequencehq::RetryPolicy::none())
        .build()
        .expect("good");
    let error = unreachable
        .invoices()
        .void("an-id")
        .await
        .expect_err("no server listens");
    assert!(error.is_connect() && !error.may_have_acted(), "{error:?}");
    assert!(error.is_transient(), "{error:?}");
    let named = format!("could not connect to {address}: ");
    assert!(error.to_string().contains(&named), "{error}");
}

#[tokio::test]
async fn a_decoding_failure_quotes_little_and_no_secret() {
    let long = format!("\"{} {}\"", crate::server::SECRET, "x".repeat(100_000));
    let server = Server::sequence(vec![Answer::text(200, "application/json", long)]).await;
    let error = server
        .client()
        .invoices()
        .get("an-id")
        .await
        .expect_err("a string is not an invoice");
    for text in [error.to_string(), format!("{error:?}")] {
        assert!(
            text.len() < 2_000 && !text.contains(crate::server::SECRET),
            "{} characters",
            text.len()
        );
    }
}
