//! Secrets stay inside, and no input or response gets more than it should (issue 9).

use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::{Client, ConfigError, Credentials};
use serde_json::json;

use crate::coverage::every_call;
use crate::document;
use crate::sample::{self, Shape};
use crate::server::{Answer, SECRET, SOON, Server};

fn invoice() -> serde_json::Value {
    sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal)
}

/// `test-client:…` and the secret, as a gateway may quote them.
fn echoes() -> Vec<String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, STANDARD_NO_PAD};

    let pair = format!("test-client:{SECRET}");
    vec![
        SECRET.to_owned(),
        STANDARD.encode(&pair),
        STANDARD_NO_PAD.encode(&pair),
        STANDARD.encode(SECRET),
        STANDARD_NO_PAD.encode(SECRET),
    ]
}

#[tokio::test]
async fn a_secret_echoed_in_a_header_is_not_printed() {
    for echo in echoes() {
        for status in [200, 404, 503] {
            let answer = Answer::json(status, &invoice())
                .with("x-request-id", &format!("req {echo}"))
                .with("content-type", &format!("text/{echo}"))
                .with("sequence-version", &echo)
                .with("x-other", &echo);
            let server = Server::sequence(vec![answer]).await;
            let printed = match server.client().invoices().get("an-id").send().await {
                Ok(response) => format!("{response:?} {:?}", response.headers()),
                Err(error) => format!("{error} {error:?} {:?} {:?}", error.headers(), error.request_id()),
            };
            assert!(!printed.contains(&echo), "{status}: {printed}");
            assert!(printed.contains("req <redacted>"), "{status}: {printed}");
        }
    }
}

#[tokio::test]
async fn headers_of_a_response_are_not_printed() {
    let answer = Answer::json(200, &invoice()).with("set-cookie", "session=hush");
    let server = Server::sequence(vec![answer]).await;
    let response = server
        .client()
        .invoices()
        .get("an-id")
        .send()
        .await
        .expect("an invoice");
    assert_eq!(response.headers()["set-cookie"], "session=hush", "they are there");
    assert!(!format!("{response:?}").contains("session=hush"));
}

#[tokio::test]
async fn the_secret_of_before_a_rotation_is_not_printed() {
    let quote = json!({"error": {"type": "Echo", "message": format!("bad key \"{SECRET}\" and new-secret")}});
    let server = Server::sequence(vec![
        Answer::json(401, &quote),
        Answer::json(401, &quote),
        Answer::json(200, &json!({"id": format!("{SECRET} new-secret")})),
    ])
    .await;
    let client = server.client();
    let pending = client.invoices().get("an-id");
    client.set_credentials(Credentials::new("test-client", "new-secret").expect("good"));
    for error in [
        pending.await.expect_err("401"),
        client.invoices().get("an-id").await.expect_err("401"),
        client.invoices().get("an-id").await.expect_err("incomplete"),
    ] {
        let printed = format!("{error} {error:?} {:?}", error.message());
        assert!(
            !printed.contains(SECRET) && !printed.contains("new-secret"),
            "{printed}"
        );
    }
}

#[tokio::test]
async fn a_secret_that_serde_escapes_is_not_printed() {
    let secret = "hush \"quoted\" \\ and é";
    let server = Server::sequence(vec![Answer::json(200, &json!(secret))]).await;
    let client = server.client();
    client.set_credentials(Credentials::new("test-client", secret).expect("good"));
    let error = client
        .invoices()
        .get("an-id")
        .await
        .expect_err("a string is not an invoice");
    let printed = format!("{error} {error:?}");
    assert!(
        !printed.contains("hush") && printed.contains("<redacted>"),
        "{printed}"
    );
}

#[test]
fn configuration_errors_never_quote_a_value() {
    let builder = || Client::builder(Credentials::new("id", "secret").expect("good"));
    for url in [
        "sk_live_hush",
        "https://user:hush@example.com",
        "http://hush.example.com",
        "https://example.com?key=hush",
        "hush://example.com",
    ] {
        let error = builder().base_url(url).build().expect_err(url);
        for printed in [
            error.to_string(),
            format!("{error:?}"),
            sequencehq::Error::from(error).to_string(),
            format!("{:?}", builder().base_url(url)),
        ] {
            assert!(!printed.contains("hush"), "{printed}");
        }
    }
    let version = "hush".parse::<sequencehq::ApiVersion>().expect_err("no version");
    assert_eq!(
        version,
        ConfigError::InvalidSetting("api_version", "expected one of 2024-01-01 2024-05-09 2024-07-30")
    );
}

#[tokio::test]
async fn only_a_clear_refusal_means_that_nothing_was_done() {
    for (status, may_have_acted) in [
        (101, true),
        (300, true),
        (400, false),
        (408, true),
        (409, false),
        (429, false),
        (499, false),
        (500, true),
        (600, true),
        (999, true),
    ] {
        let server = Server::sequence(vec![Answer::status(status)]).await;
        let error = server
            .client()
            .invoices()
            .void("an-id")
            .await
            .expect_err("no success");
        assert_eq!(error.may_have_acted(), may_have_acted, "{status}: {error}");
    }
}

#[tokio::test]
async fn input_that_is_too_long_is_refused_before_sending() {
    let server = Server::sequence(vec![Answer::json(200, &invoice())]).await;
    let client = server.builder().build().expect("good");
    let by_id = client
        .invoices()
        .get("é".repeat(20_000))
        .await
        .expect_err("too long");
    let by_search = client
        .invoices()
        .list()
        .limit(7)
        .search("x".repeat(70_000))
        .await
        .expect_err("too long");
    for (error, part) in [(by_id, "the path"), (by_search, "the query parameter `search`")] {
        let text = error.to_string();
        assert!(error.is_invalid_input() && !error.may_have_acted(), "{text}");
        assert_eq!(error.attempts(), 0, "{text}");
        assert!(text.contains("65534") && text.contains(part), "{text}");
    }
    let headers = (0..40_000).fold(client.invoices().get("an-id"), |call, _| {
        call.header("x-many", "1")
    });
    let error = headers.await.expect_err("too many");
    assert!(error.is_invalid_input(), "{error}");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn no_value_of_a_path_parameter_calls_another_operation() {
    let server = Server::sequence(vec![Answer::json(200, &invoice())]).await;
    let invoices = server.client().invoices();
    for literal in ["list-summary", "render-settings", "summary"] {
        let error = invoices.get(literal).await.expect_err(literal);
        assert!(
            error.is_invalid_input() && error.to_string().contains(literal),
            "{error}"
        );
    }
    assert_eq!(server.count(), 0);
    invoices
        .get("list-summaries")
        .await
        .expect("any other value is sent");

    // The same for each operation, from the document: a literal at the place of a parameter is never sent.
    let operations = document::operations();
    let mut checked = 0;
    for operation in operations {
        let own: Vec<&str> = operation.path.split('/').collect();
        for other in operations.iter().filter(|other| other.method == operation.method) {
            let theirs: Vec<&str> = other.path.split('/').collect();
            let is_sibling = own.len() == theirs.len()
                && own != theirs
                && own
                    .iter()
                    .zip(&theirs)
                    .all(|(own, theirs)| own == theirs || own.starts_with('{'));
            if is_sibling {
                checked += 1;
                assert!(
                    refused_literals(&operation.id)
                        .iter()
                        .any(|literal| theirs.contains(&literal.as_str())),
                    "{} reaches {}",
                    operation.id,
                    other.id
                );
            }
        }
    }
    assert!(checked >= 3, "the document has such paths");
}

/// The literals that the generated code refuses for an operation, read from its source.
fn refused_literals(operation: &str) -> Vec<String> {
    let code = include_str!(concat!(env!("OUT_DIR"), "/calls.rs"));
    let start = code
        .find(&format!("id: \"{operation}\""))
        .expect("each operation has code");
    let request = &code[start..];
    let request = &request[..request.find("fn receive").expect("each operation receives")];
    request
        .split("segment(")
        .skip(1)
        .filter_map(|call| call.split_once("&[")?.1.split_once(']'))
        .flat_map(|(list, _)| {
            list.split(',')
                .map(|literal| literal.trim().trim_matches('"').to_owned())
        })
        .filter(|literal| !literal.is_empty())
        .collect()
}

#[tokio::test]
async fn the_time_limit_of_a_call_bounds_its_download() {
    let server = Server::sequence(vec![Answer::Drip { status: 200 }]).await;
    let clock = ManualClock::new();
    let client = server.builder().clock(clock.clone()).build().expect("good");
    let download = client
        .invoices()
        .download("an-id")
        .timeout(Duration::from_secs(60))
        .await
        .expect("begun");
    let reading = tokio::spawn(download.bytes());
    tokio::time::timeout(SOON, async {
        while !reading.is_finished() {
            clock.advance(Duration::from_millis(100));
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("the download ends");
    let error = reading.await.expect("joined").expect_err("it never ends");
    assert!(error.is_timeout() && error.to_string().contains("60s"), "{error}");
}

#[test]
fn a_hostile_response_takes_a_small_multiple_of_its_limit() {
    const LIMIT: usize = 1024 * 1024;
    let padded = |head: &str, item: &str, tail: &str| {
        let count = (LIMIT - head.len() - tail.len()) / item.len() - 1;
        format!("{head}{}{tail}", item.repeat(count))
    };
    let mut rate =
        sample::value(&json!({"$ref": "#/components/schemas/TaxRate"}), Shape::Minimal).to_string();
    rate.truncate(rate.len() - 1);
    let (nested, objects) = (
        format!("{rate},\"subRates\":[["),
        format!("{rate},\"subRates\":["),
    );
    for (operation, body) in [
        (
            "customer_custom_property_key_list",
            padded(r#"{"items":["#, r#""","#, r#"""]}"#),
        ),
        ("tax_rate_get", padded(&nested, "0,", "0]]}")),
        ("tax_rate_get", padded(&objects, "{},", "{}]}")),
        ("tax_rate_get", padded(&objects, "[],", "[]]}")),
    ] {
        let calls = every_call();
        let (_, call) = calls.iter().find(|(id, _)| *id == operation).expect("covered");
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .expect("a runtime");
        // The server has a thread of its own; what is counted happens on this one.
        let server = runtime.block_on(async {
            tokio::spawn(Server::sequence(vec![Answer::text(
                200,
                "application/json",
                body,
            )]))
            .await
            .expect("started")
        });
        let client = server
            .builder()
            .max_response_bytes(LIMIT as u64)
            .build()
            .expect("good");
        let mut result = None;
        let taken = allocation_counter::measure(|| {
            result = Some(runtime.block_on(call(client)));
        });
        let error = result.expect("it ran").expect_err("too large");
        assert!(
            error.is_too_large() && error.may_have_acted(),
            "{operation}: {error}"
        );
        assert!(error.to_string().contains("max_response_bytes"), "{error}");
        let limit = 12 * LIMIT as u64;
        assert!(taken.bytes_max < limit, "{operation}: {} bytes", taken.bytes_max);
    }
}

#[tokio::test]
async fn headers_that_change_how_a_request_is_sent_are_refused() {
    let server = Server::sequence(vec![Answer::json(200, &invoice())]).await;
    let invoices = server.client().invoices();
    for name in [
        "Authorization",
        "Connection",
        "Content-Encoding",
        "Content-Length",
        "Content-Type",
        "Expect",
        "Host",
        "Idempotency-Key",
        "Keep-Alive",
        "Proxy-Authorization",
        "Sequence-Version",
        "TE",
        "Trailer",
        "Transfer-Encoding",
        "Upgrade",
    ] {
        let error = invoices.get("an-id").header(name, "x").await.expect_err(name);
        assert!(error.is_invalid_input(), "{error}");
    }
    assert_eq!(server.count(), 0);
    invoices
        .get("an-id")
        .header("x-tenant", "seven")
        .await
        .expect("any other header");
    assert_eq!(server.seen()[0].header("x-tenant"), Some("seven"));
}

#[tokio::test]
async fn localhost_is_this_machine() {
    let server = Server::sequence(vec![Answer::json(200, &invoice())]).await;
    let base_url = server.base_url.replace("127.0.0.1", "localhost");
    let client = server.builder().base_url(base_url).build().expect("good");
    client.invoices().get("an-id").await.expect("the name is pinned");
}
