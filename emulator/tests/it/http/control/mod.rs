//! The control beside the API.

mod account;
mod faults;
mod notifications;
mod respond;
#[cfg(feature = "program")]
mod seed;

use sequencehq_emulator::Emulator;
use sequencehq_emulator::contract::OPERATIONS;
use serde_json::{Value, json};

const README: &str = include_str!("../../../../README.md");

use super::{Reply, on_new_year, raw, send, start};

async fn control(emulator: &Emulator, request: &str, body: Option<&Value>) -> Reply {
    let (method, path) = request.split_once(' ').expect("method and path");
    let body = body.map(Value::to_string).unwrap_or_default();
    let reply = raw(emulator, &format!("{method} /_emulator/{path}"), "", &body).await;
    reply.expect("the connection holds")
}

/// The body of a successful response.
#[track_caller]
fn ok(reply: &Reply) -> Value {
    assert_eq!(reply.status, 200, "{}", reply.body);
    reply.json()
}

/// The message of a refusal with this status.
#[track_caller]
fn message(reply: &Reply, status: u16) -> String {
    assert_eq!(reply.status, status, "{}", reply.body);
    let message = reply.json()["error"]["message"].as_str().map(str::to_owned);
    message.expect("a message")
}

async fn product(emulator: &Emulator, name: &str) -> Value {
    let reply = send(emulator, "POST /products", Some(&json!({"name": name}))).await;
    assert_eq!(reply.status, 201, "{}", reply.body);
    reply.json()
}

#[tokio::test]
async fn the_index_lists_every_endpoint_and_each_answers() {
    let emulator = start(on_new_year()).await;
    let index = ok(&control(&emulator, "GET ", None).await);
    let items = index["items"].as_array().expect("a list");
    assert!(items.len() > 15, "{index}");
    for item in items {
        let (method, path) = (&item["method"], item["path"].as_str().expect("a path"));
        assert!(
            item["description"]
                .as_str()
                .is_some_and(|text| text.ends_with('.'))
        );
        let name = path.trim_start_matches("/_emulator/");
        let row = format!("{} {name}", method.as_str().expect("a method"));
        assert!(README.contains(&row), "the README lacks `{row}`");
        if method == "GET" {
            let path = path.trim_start_matches("/_emulator/");
            let reply = control(&emulator, &format!("GET {path}"), None).await;
            ok(&reply);
            assert_eq!(reply.header("cache-control"), Some("no-store"));
            assert_eq!(reply.header("x-frame-options"), Some("DENY"));
            let unknown = control(&emulator, &format!("GET {path}?limits=1"), None).await;
            assert!(message(&unknown, 400).starts_with("query.limits: "), "{path}");
        }
    }
    let health = ok(&control(&emulator, "GET health", None).await);
    assert_eq!(
        (&health["status"], &health["operations"]),
        (&json!("ok"), &json!(OPERATIONS.len()))
    );
    assert!(
        emulator.requests().is_empty(),
        "the log has requests of the API only"
    );
}

#[tokio::test]
async fn coverage_and_assumptions_are_those_of_the_tables() {
    let emulator = start(on_new_year()).await;
    let coverage = ok(&control(&emulator, "GET coverage", None).await);
    let items = coverage["items"].as_array().expect("a list");
    let void = items
        .iter()
        .find(|item| item["operation"] == "invoice_void")
        .expect("it exists");
    assert_eq!(
        (
            &void["vendorOperation"],
            &void["method"],
            &void["path"],
            &void["class"]
        ),
        (
            &json!("postInvoicesByIdVoid"),
            &json!("POST"),
            &json!("/invoices/{id}/void"),
            &json!("real")
        )
    );
    let classes = coverage["classes"].as_object().expect("a map");
    let sum: u64 = classes.values().filter_map(Value::as_u64).sum();
    assert_eq!((sum, items.len()), (OPERATIONS.len() as u64, OPERATIONS.len()));
    let assumptions = ok(&control(&emulator, "GET assumptions", None).await);
    assert_eq!(assumptions["items"].as_array().map(Vec::len), Some(78));
    assert_eq!(assumptions["items"][17]["assumption"], "A18");
    assert!(
        assumptions["items"][17]["rule"]
            .as_str()
            .is_some_and(|rule| rule.contains("package"))
    );
}

#[tokio::test]
async fn pages_of_other_origins_change_nothing() {
    let emulator = start(on_new_year()).await;
    product(&emulator, "API").await;
    for headers in [
        "origin: http://evil.example\r\n",
        "origin: null\r\n",
        "sec-fetch-site: cross-site\r\n",
        "host: evil.example\r\n",
    ] {
        let reply = raw(&emulator, "POST /_emulator/reset", headers, "")
            .await
            .expect("a response");
        assert_eq!(
            (reply.status, reply.error_type().as_str()),
            (403, "Forbidden"),
            "{headers}"
        );
        assert_eq!(reply.header("access-control-allow-origin"), None);
    }
    let page = send(&emulator, "GET /products", None).await;
    assert_eq!(page.json()["pagination"]["totalResultSize"], 1);
    let origin = format!("origin: {}\r\n", emulator.base_url().trim_end_matches("/api"));
    let own = raw(&emulator, "POST /_emulator/reset", &origin, "")
        .await
        .expect("a response");
    ok(&own);
}

#[tokio::test]
async fn requests_are_listed_with_the_reasons_of_refusals() {
    let emulator = start(on_new_year()).await;
    product(&emulator, "API").await;
    send(&emulator, "GET /products/x?limit=1", None).await;
    let all = ok(&control(&emulator, "GET requests", None).await);
    let items = all["items"].as_array().expect("a list");
    assert_eq!((items.len(), &all["total"]), (2, &json!(2)));
    assert_eq!(items[0]["body"], "{\"name\":\"API\"}");
    assert_eq!(
        (&items[0]["refusal"], &items[0]["status"]),
        (&json!(null), &json!(201))
    );
    let headers = items[0]["headers"].as_array().expect("a list");
    assert!(
        headers.contains(&json!(["authorization", "<redacted>"])),
        "{headers:?}"
    );
    let refused = ok(&control(&emulator, "GET requests?refused=true&limit=5", None).await);
    assert_eq!(refused["items"].as_array().map(Vec::len), Some(1));
    assert_eq!(refused["items"][0]["refusal"]["type"], "InvalidRequest");
    let newest = ok(&control(&emulator, "GET requests?limit=1", None).await);
    assert_eq!(newest["items"], json!([items[1]]));
    for (query, expected) in [
        ("limit=few", "query.limit: \"few\" is not a whole number."),
        (
            "refused=yes",
            "query.refused: \"yes\" is neither `true` nor `false`.",
        ),
        ("limit=1&limit=2", "query.limit: it occurs twice."),
    ] {
        let reply = control(&emulator, &format!("GET requests?{query}"), None).await;
        assert!(message(&reply, 400).starts_with(expected), "{query}");
    }
}
