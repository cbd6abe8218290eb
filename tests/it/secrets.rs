//! Secrets in data: `Debug` shows none of them, wherever they are held.

use std::collections::BTreeSet;

use sequencehq::Client;
use sequencehq::types::*;
use serde_json::{Value, json};

#[allow(
    unused_imports,
    reason = "what fills a boolean, if a holder of a secret has one"
)]
use crate::arguments::flag;
use crate::coverage::document_server;
use crate::document::{self, DOCUMENT};
use crate::sample::{self, SECRET_IN_DATA, Shape};

type Shown = (
    &'static str,
    fn(Client, Value) -> Result<Vec<String>, Box<dyn std::error::Error>>,
);

/// The `Debug` of every type that reaches a secret, of its builder, and of the calls that hold one, as the
/// build wrote it.
fn every_secret() -> Vec<Shown> {
    #[allow(
        unused_variables,
        reason = "a type needs the JSON, a call the client, a builder neither"
    )]
    #[allow(deprecated, reason = "deprecated types keep secrets too")]
    let shown: &[Shown] = &include!(concat!(env!("OUT_DIR"), "/every_secret.rs"));
    shown.to_vec()
}

fn schema(name: &str) -> &'static Value {
    &DOCUMENT["components"]["schemas"][name]
}

/// The properties with `format: password` of `schema` and of everything below it.
fn secrets(schema: &Value, seen: &mut BTreeSet<String>, out: &mut BTreeSet<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(name) = schema["$ref"].as_str()
                && seen.insert(name.to_owned())
            {
                secrets(document::resolve(schema), seen, out);
            }
            for (name, property) in map {
                if property["format"] == "password" {
                    out.insert(name.clone());
                }
                secrets(property, seen, out);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| secrets(item, seen, out)),
        _ => {}
    }
}

fn secrets_of(schema: &Value) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    secrets(schema, &mut BTreeSet::new(), &mut out);
    out
}

/// The schemas that request bodies reach.
fn in_requests() -> BTreeSet<String> {
    fn reach(schema: &Value, out: &mut BTreeSet<String>) {
        match schema {
            Value::Object(map) => {
                if let Some(name) = document::reference(schema)
                    && out.insert(name.to_owned())
                {
                    reach(document::resolve(schema), out);
                }
                map.values().for_each(|value| reach(value, out));
            }
            Value::Array(items) => items.iter().for_each(|item| reach(item, out)),
            _ => {}
        }
    }
    let mut out = BTreeSet::new();
    for operation in document::operations() {
        document::body(operation)
            .into_iter()
            .for_each(|body| reach(body, &mut out));
    }
    out
}

/// Names of everything that holds a secret, worked out from the document: types, builders, calls.
fn holders() -> BTreeSet<String> {
    let requests = in_requests();
    let mut holders = BTreeSet::new();
    for (name, schema) in DOCUMENT["components"]["schemas"].as_object().expect("schemas") {
        if secrets_of(schema).is_empty() {
            continue;
        }
        holders.insert(name.clone());
        if requests.contains(name) && schema.get("oneOf").is_none() {
            holders.insert(format!("{name}Builder"));
        }
    }
    let calls = document::operations()
        .iter()
        .filter(|operation| document::body(operation).is_some_and(|body| !secrets_of(body).is_empty()));
    holders.extend(calls.map(|operation| operation.id.clone()));
    holders
}

#[tokio::test]
async fn debug_shows_no_secret_of_any_type_builder_or_call() {
    let server = document_server(Shape::Whole).await;
    let client = server.client();
    let all = every_secret();
    let covered: BTreeSet<String> = all.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(covered, holders(), "the build knows every holder of a secret");
    assert!(covered.contains("NotificationPolicyCreateBuilder"), "{covered:?}");
    for (name, shown) in all {
        let json = match schema(name) {
            Value::Null => Value::Null,
            _ => sample::value(
                &json!({"$ref": format!("#/components/schemas/{name}")}),
                Shape::Whole,
            ),
        };
        assert!(
            json.is_null() || json.to_string().contains(SECRET_IN_DATA),
            "{name}: the secret is in there"
        );
        for text in shown(client.clone(), json).expect("it decodes and can be built") {
            assert!(!text.contains(SECRET_IN_DATA), "{name}: {text}");
            // What the build fills a builder and a call with: the name of the argument, and a number.
            for secret in secrets_of(&DOCUMENT["components"]["schemas"]) {
                assert!(!text.contains(&format!("{secret} & ")), "{name}: {text}");
            }
            assert!(text.contains("<redacted>"), "{name}: {text}");
        }
    }
}

#[tokio::test]
async fn a_response_and_a_missing_secret_are_shown_as_they_are() {
    let server = document_server(Shape::Whole).await;
    let response = server
        .client()
        .notification_policies()
        .get("an-id")
        .send()
        .await
        .expect("answered");
    let shown = format!("{response:?} {response:#?}");
    assert!(
        shown.contains("<redacted>") && !shown.contains(SECRET_IN_DATA),
        "{shown}"
    );

    let policy = NotificationPolicyCreate::builder()
        .name("plain")
        .webhook_secret("hush");
    let shown = format!("{policy:?}");
    assert_eq!(
        shown,
        "NotificationPolicyCreateBuilder { name: Some(\"plain\"), channel: None, recipients: None, \
         notification_types: None, webhook_secret: Some(<redacted>) }"
    );
    let shown = format!("{:?}", NotificationPolicyCreate::builder());
    assert!(shown.contains("webhook_secret: None"), "{shown}");
}

#[test]
fn a_hidden_secret_still_encodes_compares_and_decodes() {
    let json = sample::value(
        &json!({"$ref": "#/components/schemas/NotificationPolicy"}),
        Shape::Whole,
    );
    let policy: NotificationPolicy = serde_json::from_value(json.clone()).expect("decodes");
    assert_eq!(policy.webhook_secret.as_deref(), Some(SECRET_IN_DATA));
    assert_eq!(serde_json::to_value(&policy).expect("encodes"), json);
    let mut other = policy.clone();
    other.webhook_secret = Some("another".to_owned());
    assert_ne!(policy, other);
}
