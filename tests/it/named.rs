//! Calls by name, compared with the typed calls of the same operations.

#![cfg(feature = "operations")]

use sequencehq::types::Customer;
use sequencehq::{ApiVersion, Client, Error, OperationCall, RetryPolicy};
use sequencehq_document::model::{List, Operation};
use sequencehq_document::sample;
use serde_json::{Value, json};

use crate::arguments::percent_decoded;
use crate::coverage::{Calling, document_server, every_call};
use crate::document::{self, DOCUMENT};
use crate::sample::Shape;
use crate::server::{Answer, Seen, Server};

/// The call by name with the arguments of a request in the default version.
fn repeated(client: &Client, operation: &Operation, seen: &Seen) -> OperationCall {
    let mut call = client.operation(&operation.id);
    let path = seen.path().strip_prefix("/api").expect("below the base URL");
    for (part, value) in operation.path.split('/').zip(path.split('/')) {
        if let Some(name) = part.strip_prefix('{').and_then(|part| part.strip_suffix('}')) {
            call = call.argument(name, percent_decoded(value));
        }
    }
    let query = seen.query();
    for parameter in &operation.query {
        let sent = query.iter().filter(|(name, _)| *name == parameter.name);
        let values: Vec<String> = sent.map(|(_, value)| value.clone()).collect();
        let items: Vec<String> = values
            .iter()
            .flat_map(|value| value.split(','))
            .map(str::to_owned)
            .collect();
        call = match (parameter.list, values.first()) {
            (_, None) => call,
            (List::Single, Some(value)) => call.argument(&parameter.name, value),
            (List::Commas, _) if parameter.encode_items => {
                let items: Vec<String> = items.iter().map(|item| percent_decoded(item)).collect();
                call.argument(&parameter.name, items)
            }
            (List::Commas, _) => call.argument(&parameter.name, items),
            (List::Repeated, _) => call.argument(&parameter.name, values),
        };
    }
    if !seen.body.is_empty() {
        let body: &serde_json::value::RawValue = serde_json::from_slice(&seen.body).expect("JSON");
        call = call.body(body);
    }
    call
}

async fn sent(call: OperationCall, operation: &Operation) -> Result<(), Error> {
    match operation.success {
        sequencehq_document::model::Success::Pdf => call.download().await.map(drop),
        _ => call.await.map(drop),
    }
}

/// The typed call of an operation, and the request that it sends.
async fn typed_call(made_up: &Server, operation: &Operation) -> (impl Fn(Client) -> Calling + use<>, Seen) {
    let mut all = every_call().into_iter();
    let (_, typed) = all.find(|(id, _)| *id == operation.id).expect("covered");
    typed(made_up.client()).await.expect("answered");
    let sent = made_up.seen().pop().expect("sent");
    (typed, sent)
}

type Pairs = Vec<(String, String)>;

fn comparable(seen: &Seen) -> (String, String, Pairs, Pairs, String) {
    let mut query = seen.query();
    query.sort();
    let random = ["idempotency-key"];
    let headers = seen
        .headers
        .iter()
        .filter(|(name, _)| !random.contains(&name.as_str()));
    let mut headers: Vec<_> = headers.cloned().collect();
    headers.sort();
    let body = String::from_utf8_lossy(&seen.body).into_owned();
    (seen.method.clone(), seen.path().to_owned(), query, headers, body)
}

#[tokio::test]
async fn every_operation_by_name_is_the_typed_call_in_every_version() {
    let made_up = document_server(Shape::Minimal).await;
    let other = Server::sequence(vec![Answer::status(404)]).await;
    for operation in document::operations() {
        let (typed, arguments) = typed_call(&made_up, operation).await;
        sent(repeated(&made_up.client(), operation, &arguments), operation)
            .await
            .expect("answered");

        for version in ApiVersion::ALL {
            let client = other.client().with_api_version(*version);
            let before = other.count();
            let typed = typed(client.clone()).await.expect_err("404");
            let named = sent(repeated(&client, operation, &arguments), operation).await;
            let named = named.expect_err("404");
            assert_eq!(named.to_string(), typed.to_string(), "{version}");
            match &other.seen()[before..] {
                [] => assert_eq!(named.attempts(), 0),
                [typed, named] => assert_eq!(comparable(typed), comparable(named), "{}", operation.id),
                more => panic!("{} {version}: {} requests", operation.id, more.len()),
            }
            let is_keyed = |seen: &&Seen| seen.header("idempotency-key").is_some();
            assert_eq!(other.seen()[before..].iter().filter(is_keyed).count() % 2, 0);
        }
    }
}

#[tokio::test]
async fn every_operation_by_name_is_repeated_like_the_typed_call() {
    let server = Server::sequence(vec![Answer::status(503)]).await;
    let made_up = document_server(Shape::Minimal).await;
    let clock = sequencehq::clock::ManualClock::running();
    let builder = server.builder().retry(RetryPolicy::default()).clock(clock);
    let client = builder.build().expect("good");
    for operation in document::operations() {
        let (typed, arguments) = typed_call(&made_up, operation).await;
        let typed = typed(client.clone()).await.expect_err("503");
        let named = sent(repeated(&client, operation, &arguments), operation)
            .await
            .expect_err("503");
        assert_eq!(named.attempts(), typed.attempts(), "{}", operation.id);
        assert_eq!(named.may_have_acted(), typed.may_have_acted(), "{}", operation.id);
    }
}

#[tokio::test]
async fn mistakes_are_named_and_nothing_is_sent() {
    let server = Server::sequence(vec![Answer::status(404)]).await;
    let client = server.client();
    let named = |name| client.operation(name);
    let invoice = json!({"customerId": "c-1", "currency": "GBP"});
    for (call, message) in [
        (
            named("invoice_viod"),
            "`invoice_viod` is unknown; did you mean `invoice_void`?",
        ),
        (named("invoice_void"), "`id`: is required"),
        (
            named("invoice_void").argument("id", ".."),
            "`id`: must not be `.` or `..`",
        ),
        (
            named("invoice_get").argument("id", "list-summary"),
            "`id`: must not be `list-summary`",
        ),
        (
            named("invoice_list").argument("invoiceStatsu", "SENT"),
            "did you mean `invoiceStatus`?",
        ),
        (
            named("invoice_list").argument("limit", 101),
            "`limit`: 101 is not between 1 and 100",
        ),
        (
            named("invoice_list").argument("dueBefore", "soon"),
            "`dueBefore`: `soon` is not a date",
        ),
        (named("invoice_create"), "`body`: is required"),
        (
            named("invoice_create").body(&json!({})),
            "missing: `customerId`, `currency`",
        ),
        (
            named("invoice_list").body(&invoice),
            "`body`: the operation has none",
        ),
        (
            named("invoice_create").body(&json!({"total": 1})),
            "`total` is not a field",
        ),
        (
            named("invoice_download").argument("id", "i"),
            "responds with a file; use `download`",
        ),
        (named("invoice_list").header("host", "x"), "`host` is reserved"),
    ] {
        let error = call.await.expect_err(message);
        assert!(
            error.is_invalid_input() && error.to_string().contains(message),
            "{error}"
        );
    }
    let error = named("invoice_list").download().await.expect_err("JSON");
    assert!(
        error.to_string().contains("does not respond with a file"),
        "{error}"
    );
    let error = named("invoice_void")
        .argument("id", "i")
        .items::<Value>()
        .try_collect()
        .await;
    assert!(error.expect_err("one").to_string().contains("is not paginated"));
    let old = client.with_api_version(ApiVersion::V2024_01_01);
    let error = old
        .operation("product_archive")
        .argument("id", "p")
        .await
        .expect_err("not there");
    assert!(error.is_unsupported_version(), "{error}");
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn an_event_without_an_id_has_the_same_one_in_every_attempt() {
    let good = Answer::json(200, &json!({}));
    let server = Server::sequence(vec![Answer::status(503), good]).await;
    let clock = sequencehq::clock::ManualClock::running();
    let builder = server.builder().retry(RetryPolicy::default()).clock(clock);
    let client = builder.build().expect("good");
    let body: Box<serde_json::value::RawValue> = serde_json::from_str(
        r#"{"customerAlias": "acme", "eventType": "call", "eventProperties": {"n": 1.10000000000000000001}}"#,
    )
    .expect("JSON");
    client
        .operation("usage_event_create")
        .body(&body)
        .await
        .expect("the second attempt");
    let [first, second] = &server.seen()[..] else {
        panic!("two attempts")
    };
    assert_eq!(first.body, second.body);
    assert!(
        first.json()["customerEventId"]
            .as_str()
            .is_some_and(|id| id.len() == 36)
    );
    let text = String::from_utf8(first.body.clone()).expect("JSON");
    assert!(text.contains("1.10000000000000000001"), "{text}");
}

#[tokio::test]
async fn a_list_by_name_is_a_stream_of_exact_items() {
    let server = Server::start(|seen| {
        let is_second = seen.query().contains(&("after".to_owned(), "p2".to_owned()));
        let page = if is_second {
            r#"{"items":[{"n":2.50}],"pagination":{"totalResultSize":2}}"#
        } else {
            r#"{"items":[{"n":1.10}],"pagination":{"after":"p2","totalResultSize":2}}"#
        };
        Answer::text(200, "application/json", page)
    })
    .await;
    let call = server.client().operation("invoice_list").argument("limit", 1);
    let items = call
        .items::<Box<serde_json::value::RawValue>>()
        .try_collect()
        .await
        .expect("two pages");
    let texts: Vec<&str> = items.iter().map(|item| item.get()).collect();
    assert_eq!(texts, [r#"{"n":1.10}"#, r#"{"n":2.50}"#]);
}

#[tokio::test]
async fn a_response_by_name_has_the_form_of_the_newest_version_in_every_version() {
    let customer = sample::named(&DOCUMENT, "Customer", Shape::Minimal);
    let sent = customer.clone();
    let server = Server::start(move |seen| match (seen.path(), seen.header("sequence-version")) {
        ("/api/customers", Some("2024-01-01")) => Answer::json(201, &json!({"customer": sent})),
        ("/api/customers", _) => Answer::json(201, &sent),
        _ => Answer::text(200, "application/json", " [] "),
    })
    .await;
    let body = json!({
        "legalName": "Acme Ltd",
        "taxStatus": "TAXED",
        "address": {"line1": "1 High Street", "town": "London", "postcode": "N1 1AA", "country": "GB"},
        "email": "ada@acme.example",
        "billingEmails": ["bob@acme.example"],
    });
    for version in [ApiVersion::V2024_01_01, ApiVersion::V2024_05_09] {
        let client = server.client().with_api_version(version);
        let create = client.operation("customer_create").body(&body).keep_body(true);
        assert_eq!(create.clone().await.expect("created"), customer, "{version}");
        let typed = create.send::<Customer>().await.expect("created");
        let as_sent: Value = serde_json::from_slice(typed.body().expect("kept")).expect("JSON");
        assert_eq!(
            as_sent.get("customer").is_some(),
            version == ApiVersion::V2024_01_01
        );
    }
    let list = server.client().operation("invoice_currency_conversion_list");
    let list = list.argument("id", "i-1").await.expect("listed");
    assert_eq!(list, json!({"items": []}), "it was once a bare list");
}

#[test]
fn the_document_is_the_one_that_the_crate_was_built_from() {
    let document: Value = serde_json::from_str(sequencehq::document()).expect("JSON");
    let paths = document["paths"].as_object().expect("paths");
    let operations: usize = paths
        .values()
        .filter_map(Value::as_object)
        .map(serde_json::Map::len)
        .sum();
    assert_eq!(operations, document::operations().len());
}

#[cfg(feature = "emulator")]
#[tokio::test]
async fn every_operation_by_name_passes_the_checks_of_the_emulator() {
    let made_up = document_server(Shape::Minimal).await;
    let emulator = sequencehq::emulator::Emulator::start()
        .await
        .expect("a free port");
    let builder = emulator
        .client_builder()
        .rate_limit(sequencehq::RateLimit::none());
    let client = builder.retry(RetryPolicy::none()).build().expect("good");
    for operation in document::operations() {
        let (_, arguments) = typed_call(&made_up, operation).await;
        if let Err(error) = sent(repeated(&client, operation, &arguments), operation).await {
            assert!(
                error.status().is_some() && !error.is_decode(),
                "{}: {error}",
                operation.id
            );
        }
        let request = emulator.requests().pop().expect("recorded");
        let path = request.path.strip_prefix("/api").expect("below the base URL");
        let version = sequencehq_emulator::contract::Version::LATEST;
        let found = sequencehq_emulator::contract::find(&request.method, path, version).expect("known");
        assert_eq!(found.operation.id(), operation.id);
        assert!(
            request.status.is_some_and(|status| status < 500 || status == 501),
            "{}",
            operation.id
        );
    }
}
