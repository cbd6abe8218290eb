//! Every operation of the document, called once through the public API over HTTP.

use std::collections::BTreeSet;
use std::future::Future;
use std::pin::Pin;

use sequencehq::types::*;
use sequencehq::{Client, Error};
use sequencehq_document::model::{Operation, Success};
use sequencehq_document::sample::named;
use serde_json::Value;

use crate::arguments::{Expected, ROUNDS, flag, percent_decoded};
use crate::document::{self, DOCUMENT};
use crate::sample::{self, Shape};
use crate::server::{Answer, Seen, Server};

pub type Calling = Pin<Box<dyn Future<Output = Result<Value, Error>> + Send>>;
type Call = (&'static str, fn(Client, u32) -> Calling);

/// Every call with every argument, as the build wrote it.
pub fn every_call() -> Vec<(&'static str, impl Fn(Client) -> Calling)> {
    every_call_of_round(0)
}

/// The same with other booleans in each round.
pub fn every_call_of_round(round: u32) -> Vec<(&'static str, impl Fn(Client) -> Calling)> {
    #[allow(unused_variables, reason = "the round matters to calls with booleans only")]
    #[allow(deprecated, reason = "deprecated calls are covered too")]
    let calls: &[Call] = &include!(concat!(env!("OUT_DIR"), "/every_call.rs"));
    calls
        .iter()
        .map(|&(id, call)| (id, move |client| call(client, round)))
        .collect()
}

/// A server that answers each operation with a made-up answer of its document.
pub async fn document_server(shape: Shape) -> Server {
    Server::start(move |seen| {
        let operation = document::find(seen)
            .unwrap_or_else(|| panic!("{} {} is not an operation", seen.method, seen.target));
        success(operation, shape)
    })
    .await
}

pub fn success(operation: &Operation, shape: Shape) -> Answer {
    let status = operation.status;
    match &operation.success {
        Success::Json(schema) => Answer::json(status, &named(&DOCUMENT, schema, shape)),
        Success::Pdf => Answer::text(status, "application/pdf", "%PDF-1.7 made up"),
        Success::Nothing => Answer::Full {
            status,
            headers: Vec::new(),
            body: Vec::new(),
        },
    }
}

#[tokio::test]
async fn every_argument_goes_out_in_its_own_place_and_the_answer_comes_back_whole() {
    let server = document_server(Shape::Whole).await;
    let client = server.client();
    let operations = document::operations();
    for round in 0..ROUNDS {
        let calls = every_call_of_round(round);
        let called: BTreeSet<&str> = calls.iter().map(|(id, _)| *id).collect();
        let documented: BTreeSet<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
        assert_eq!(called, documented);

        for (id, call) in calls {
            let before = server.count();
            let answer = call(client.clone())
                .await
                .unwrap_or_else(|error| panic!("{error}"));
            let seen = server.seen()[before..].to_vec();
            let [seen] = seen.as_slice() else {
                panic!("{id} was sent {} times", seen.len())
            };
            let operation = document::find(seen).expect("the server found it");
            assert_eq!(operation.id, id, "{} {}", seen.method, seen.target);
            check_request(operation, seen, round);
            if let Success::Json(schema) = &operation.success {
                let mut lost = Vec::new();
                sample::lost(&named(&DOCUMENT, schema, Shape::Whole), &answer, id, &mut lost);
                assert!(lost.is_empty(), "{lost:#?}");
            }
        }
    }
}

/// Otherwise the test above could not notice that two arguments were swapped.
#[test]
fn no_two_arguments_of_a_call_have_the_same_value() {
    let few = |text: &str| {
        text == "true" || text == "false" || text.chars().all(|c| c.is_ascii_uppercase() || "_\"".contains(c))
    };
    for operation in document::operations() {
        let expected = Expected::of(operation, 0);
        let mut seen = BTreeSet::new();
        for value in crate::arguments::values(&expected) {
            let is_literal = operation.path.split('/').any(|part| part == value);
            assert!(
                few(&value) || is_literal || value == "\"anything\"" || seen.insert(value.clone()),
                "{}: {value} twice",
                operation.id
            );
        }
    }
}

fn check_request(operation: &Operation, seen: &Seen, round: u32) {
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

    let expected = Expected::of(operation, round);
    let path: Vec<String> = seen
        .path()
        .strip_prefix("/api/")
        .expect("below the base URL")
        .split('/')
        .map(percent_decoded)
        .collect();
    assert_eq!(path, expected.path, "{id}: path");

    let mut query = seen.query();
    query.sort_by(|(left, _), (right, _)| left.cmp(right));
    assert_eq!(query, expected.query, "{id}: query");

    match expected.body {
        None => assert!(seen.body.is_empty(), "{id} has no body"),
        Some(body) => {
            assert_eq!(seen.header("content-type"), Some("application/json"), "{id}");
            assert_eq!(seen.json(), body, "{id}: body");
        }
    }
}

#[tokio::test]
async fn answers_of_yesterday_and_tomorrow_decode_and_lose_nothing() {
    for shape in [Shape::Minimal, Shape::Nulls, Shape::Future] {
        let server = document_server(shape).await;
        let client = server.client();
        for operation in document::operations() {
            let Success::Json(schema) = &operation.success else {
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
            let sent = named(&DOCUMENT, schema, shape);
            sample::lost(&sent, &answer, &operation.id, &mut lost);
            assert!(lost.is_empty(), "{shape:?}: {lost:#?}");
        }
    }
}
