//! Every operation of the document, called once through the public API over HTTP.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use sequencehq::types::*;
use sequencehq::{Client, Error};
use serde_json::Value;

use crate::document::{self, Operation};
use crate::sample::{self, Shape};
use crate::server::{Answer, Seen, Server};

type Calling = Pin<Box<dyn Future<Output = Result<Value, Error>> + Send>>;
type Call = (&'static str, fn(Client) -> Calling);

/// Every call with every argument, as the build wrote it.
pub fn every_call() -> Vec<Call> {
    let calls: &[Call] = &include!(concat!(env!("OUT_DIR"), "/every_call.rs"));
    calls.to_vec()
}

/// A server that answers each operation with a made-up answer of its document.
pub async fn document_server(shape: Shape) -> Server {
    let operations = document::operations();
    Server::start(move |seen| {
        let operation = find(&operations, seen)
            .unwrap_or_else(|| panic!("{} {} is no operation", seen.method, seen.target));
        success(operation, shape)
    })
    .await
}

pub fn success(operation: &Operation, shape: Shape) -> Answer {
    let (status, schema, is_pdf) = operation.success();
    match schema {
        Some(schema) => Answer::json(status, &sample::value(schema, shape)),
        None if is_pdf => Answer::text(status, "application/pdf", "%PDF-1.7 made up"),
        None => Answer::Full {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        },
    }
}

pub fn find<'a>(operations: &'a [Operation], seen: &Seen) -> Option<&'a Operation> {
    let path = seen.path().strip_prefix("/api")?;
    let parts: Vec<&str> = path.split('/').collect();
    let matching = operations.iter().filter(|operation| {
        let template: Vec<&str> = operation.path.split('/').collect();
        operation.method == seen.method
            && template.len() == parts.len()
            && template
                .iter()
                .zip(&parts)
                .all(|(want, have)| want.starts_with('{') || want == have)
    });
    // A literal segment is more specific than a parameter.
    matching.min_by_key(|operation| operation.path.matches('{').count())
}

#[tokio::test]
async fn every_operation_goes_out_as_documented_and_comes_back_whole() {
    let server = document_server(Shape::Whole).await;
    let client = server.client();
    let operations = document::operations();
    let calls = every_call();
    let called: BTreeSet<&str> = calls.iter().map(|(id, _)| *id).collect();
    let documented: BTreeSet<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(called, documented);

    for (id, call) in calls {
        let before = server.seen().len();
        let answer = call(client.clone())
            .await
            .unwrap_or_else(|error| panic!("{error}"));
        let seen = server.seen()[before..].to_vec();
        let [seen] = seen.as_slice() else {
            panic!("{id} was sent {} times", seen.len())
        };
        let operation = find(&operations, seen).expect("the server found it");
        assert_eq!(operation.id, id, "{} {}", seen.method, seen.target);
        check_request(operation, seen);
        let (_, schema, _) = operation.success();
        if let Some(schema) = schema {
            let mut lost = Vec::new();
            sample::lost(&sample::value(schema, Shape::Whole), &answer, id, &mut lost);
            assert!(lost.is_empty(), "{lost:#?}");
        }
    }
}

fn check_request(operation: &Operation, seen: &Seen) {
    let id = &operation.id;
    assert_eq!(seen.header("sequence-version"), Some("2024-07-30"), "{id}");
    assert!(
        seen.header("authorization")
            .is_some_and(|value| value.starts_with("Basic ")),
        "{id}"
    );
    assert_eq!(seen.header("api-version"), None, "{id}");
    assert!(
        seen.header("user-agent")
            .is_some_and(|value| value.starts_with("sequencehq-rust/")),
        "{id}"
    );

    let wanted: BTreeSet<String> = operation
        .parameters("query")
        .iter()
        .map(|parameter| parameter["name"].as_str().expect("named").to_owned())
        .collect();
    let sent: BTreeSet<String> = seen.query().into_iter().map(|(name, _)| name).collect();
    assert_eq!(sent, wanted, "{id}: query");

    match operation.body() {
        None => assert!(seen.body.is_empty(), "{id} has no body"),
        Some(schema) => {
            assert_eq!(seen.header("content-type"), Some("application/json"), "{id}");
            let properties = document::resolve(schema)["properties"]
                .as_object()
                .expect("bodies are objects");
            let body = seen.json();
            let sent: BTreeSet<&String> = body.as_object().expect("bodies are objects").keys().collect();
            assert_eq!(sent, properties.keys().collect(), "{id}: body");
        }
    }
}

#[tokio::test]
async fn answers_of_yesterday_and_tomorrow_decode_and_lose_nothing() {
    for shape in [Shape::Minimal, Shape::Nulls, Shape::Future] {
        let server = document_server(shape).await;
        let client = server.client();
        for operation in document::operations() {
            let (_, Some(schema), _) = operation.success() else {
                continue;
            };
            let (_, call) = every_call()
                .into_iter()
                .find(|(id, _)| *id == operation.id)
                .expect("covered");
            let answer = call(client.clone())
                .await
                .unwrap_or_else(|error| panic!("{shape:?}: {error}"));
            let mut lost = Vec::new();
            sample::lost(&sample::value(schema, shape), &answer, &operation.id, &mut lost);
            assert!(lost.is_empty(), "{shape:?}: {lost:#?}");
        }
    }
}
