//! Calls of endpoints that the document does not describe.

use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::http::Method;
use sequencehq::{ApiVersion, Client, RetryPolicy};
use serde_json::{Value, json};

use crate::server::{Answer, SECRET, Server};

fn patient(server: &Server) -> Client {
    let builder = server.builder().retry(RetryPolicy::default());
    builder.clock(ManualClock::running()).build().expect("good")
}

#[tokio::test]
async fn a_request_is_sent_as_it_is_written_with_what_every_call_has() {
    let server = Server::sequence(vec![Answer::json(200, &json!({"id": "t-1"}))]).await;
    let value = server
        .client()
        .request(Method::POST, "/new-things/{id}/parts/{part}")
        .segment("part", "a/b ä")
        .segment("id", 7)
        .query("tag", "a&b=c")
        .query("tag", "d")
        .json(&json!({"total": "1.50"}))
        .api_version(ApiVersion::V2024_05_09)
        .idempotency_key("key-1")
        .header("x-mine", "1")
        .await
        .expect("200");
    assert_eq!(value, json!({"id": "t-1"}));
    let seen = server.seen().pop().expect("sent");
    assert_eq!(
        (&*seen.method, &*seen.target),
        (
            "POST",
            "/api/new-things/7/parts/a%2Fb%20%C3%A4?tag=a%26b%3Dc&tag=d"
        )
    );
    assert_eq!(seen.json(), json!({"total": "1.50"}));
    for (name, value) in [
        ("content-type", "application/json"),
        ("accept", "application/json"),
        ("sequence-version", "2024-05-09"),
        ("idempotency-key", "key-1"),
        ("x-mine", "1"),
    ] {
        assert_eq!(seen.header(name), Some(value));
    }
    assert!(
        seen.header("authorization")
            .is_some_and(|value| value.starts_with("Basic "))
    );
}

#[tokio::test]
async fn nothing_is_sent_to_a_place_that_the_path_does_not_show() {
    let server = Server::sequence(vec![Answer::json(200, &json!({}))]).await;
    let client = server.client();
    let get = |path| client.request(Method::GET, path);
    for (call, message) in [
        (get("https://example.com/x"), "must begin with `/`"),
        (get("//example.com/x"), "must not have an empty segment"),
        (get("/a/../b"), "must not have `.` or `..`"),
        (get("/a/%2e%2e/b"), "segments have letters"),
        (get("/a?b=c"), "segments have letters"),
        (
            get("/a/{id}").segment("id", ".."),
            "`id`: must not be `.` or `..`",
        ),
        (get("/a/{id}").segment("id", ""), "`id`: must not be empty"),
        (get("/a/{id}"), "`id`: is missing; set it with `segment`"),
        (
            get("/a/{id}").segment("ID", "1"),
            "`/a/{id}` has no parameter `{ID}`",
        ),
        (
            get("/a").timeout(Duration::ZERO),
            "`timeout`: must be longer than zero",
        ),
        (get("/a").header("host", "example.com"), "`host` is reserved"),
    ] {
        let error = call.await.expect_err(message);
        assert!(
            error.is_invalid_input() && error.to_string().contains(message),
            "{error}"
        );
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_request_that_may_have_acted_is_repeated_only_if_it_is_declared_safe() {
    let answers = || vec![Answer::status(503), Answer::json(200, &json!(1))];
    for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE] {
        let server = Server::sequence(answers()).await;
        let call = patient(&server).request(method.clone(), "/new-things");
        let error = call.await.expect_err("not repeated");
        assert!(
            error.may_have_acted() && error.attempts() == 1,
            "{method}: {error}"
        );

        let server = Server::sequence(answers()).await;
        let call = patient(&server).request(method, "/new-things").safe_to_repeat();
        assert_eq!(call.send::<u8>().await.expect("repeated").attempts(), 2);
    }
    let server = Server::sequence(vec![Answer::status(429), Answer::json(200, &json!(1))]).await;
    let call = patient(&server).request(Method::POST, "/new-things");
    assert_eq!(call.send::<u8>().await.expect("not processed").attempts(), 2);
}

#[tokio::test]
async fn a_response_is_json_a_type_bytes_a_file_or_nothing() {
    let server = Server::start(|seen| match seen.path() {
        "/api/empty" => Answer::text(202, "text/plain", ""),
        "/api/file" => Answer::text(200, "application/pdf", "%PDF-1.7"),
        _ => Answer::json(200, &json!({"name": "x"})),
    })
    .await;
    let client = server.client();
    let get = |path| client.request(Method::GET, path);

    #[derive(Debug, serde::Deserialize)]
    struct Thing {
        name: String,
    }
    assert_eq!(get("/thing").send::<Thing>().await.expect("a thing").name, "x");
    let error = get("/thing").send::<Vec<Thing>>().await.expect_err("an object");
    assert!(error.is_decode() && error.may_have_acted(), "{error}");

    let empty = get("/empty").send::<()>().await.expect("nothing");
    assert_eq!(empty.status().as_u16(), 202);
    assert_eq!(get("/empty").await.expect("nothing"), Value::Null);

    assert_eq!(
        get("/file").bytes().await.expect("bytes").into_inner(),
        "%PDF-1.7"
    );
    let mut file = get("/file").download().await.expect("a file").into_inner();
    assert_eq!(
        file.chunk().await.expect("arrives").expect("not empty"),
        "%PDF-1.7"
    );
    assert_eq!(server.seen().last().expect("sent").header("accept"), Some("*/*"));
}

#[tokio::test]
async fn a_list_is_a_stream_over_all_pages() {
    let server = Server::start(|seen| {
        let query = seen.query();
        let after = query
            .iter()
            .find(|(name, _)| name == "after")
            .map(|(_, value)| &**value);
        Answer::json(
            200,
            &match after {
                None => json!({"items": [1, 2], "pagination": {"after": "p&2", "totalResultSize": 3}}),
                Some("p&2") => json!({"items": [3], "pagination": {"after": null}}),
                Some(_) => json!({"items": [4]}),
            },
        )
    })
    .await;
    let client = server.client();
    let list = || client.request(Method::GET, "/new-things").query("limit", 2);
    let mut items = list().items::<u8>();
    let mut seen = Vec::new();
    while let Some(item) = items.try_next().await.expect("a page") {
        seen.push(item);
    }
    assert_eq!((seen, items.total()), (vec![1, 2, 3], Some(3)));
    for request in server.seen() {
        assert!(request.query().contains(&("limit".to_owned(), "2".to_owned())));
    }
    let rest = list().query("after", "elsewhere").items::<u8>();
    assert_eq!(rest.try_collect().await.expect("a page"), [4]);
    let error = list().query("before", "x").items::<u8>().try_collect().await;
    assert!(error.expect_err("runs forward").to_string().contains("`before`"));
}

#[tokio::test]
async fn an_error_has_the_facts_of_every_error() {
    let body = json!({"error": {"type": "SomeType", "message": format!("some words {SECRET}")}});
    let server = Server::sequence(vec![Answer::json(409, &body).with("x-request-id", "req-7")]).await;
    let call = server
        .client()
        .request(Method::PUT, "/new-things/{id}")
        .segment("id", "a-1");
    let error = call.await.expect_err("409");
    assert!(error.is_conflict() && !error.may_have_acted());
    assert_eq!(error.operation(), Some("/new-things/{id}"));
    assert_eq!(
        (error.error_type(), error.request_id()),
        (Some("SomeType"), Some("req-7"))
    );
    let text = format!("{error} {error:?}");
    assert!(text.contains("some words") && !text.contains(SECRET), "{text}");
}

#[tokio::test]
async fn a_preview_is_the_request_without_credentials() {
    let server = Server::sequence(vec![Answer::json(200, &json!({}))]).await;
    let call = server
        .client()
        .request(Method::POST, "/a/{id}")
        .segment("id", "b c");
    let call = call.query("d", "e").json(&json!({"f": 1}));
    let preview = call.preview().expect("can be sent");
    assert_eq!(
        preview.uri().to_string(),
        format!("{}/a/b%20c?d=e", server.base_url)
    );
    assert_eq!(
        (preview.method(), &preview.body()[..]),
        (&Method::POST, &br#"{"f":1}"#[..])
    );
    assert!(preview.headers().contains_key("sequence-version"));
    assert!(!preview.headers().contains_key("authorization"));
    assert!(call.clone().segment("g", 1).preview().is_err());
    assert_eq!(server.count(), 0);
}
