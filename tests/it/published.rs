//! Every example that the vendor publishes decodes, and loses nothing that the document knows.
//!
//! The published documents are not part of the project. Where they are at hand, name them:
//! `SEQUENCEHQ_PUBLISHED=2024-01-01.json:2024-07-30.json cargo test --features full --test it published`.

use std::sync::{Arc, Mutex};

use sequencehq::{ApiVersion, Client};
use sequencehq_document::model::Operation;
use serde_json::Value;

use crate::coverage::every_call;
use crate::document;
use crate::sample;
use crate::server::{Answer, Server};

#[tokio::test]
async fn every_published_example_decodes_and_loses_nothing() {
    let Some(paths) = std::env::var_os("SEQUENCEHQ_PUBLISHED") else {
        return;
    };
    let example: Arc<Mutex<Value>> = Arc::default();
    let server = {
        let example = Arc::clone(&example);
        Server::start(move |seen| {
            let status = document::find(seen).map_or(200, |operation| operation.status);
            Answer::json(status, &example.lock().expect("no holder panics"))
        })
        .await
    };
    let client = server.client();
    let (mut decoded, mut problems) = (0, Vec::new());
    for path in std::env::split_paths(&paths) {
        let published: Value =
            serde_json::from_slice(&std::fs::read(&path).expect("the file can be read")).expect("JSON");
        let version = path
            .file_stem()
            .and_then(|stem| stem.to_str())
            .expect("a version");
        for operation in document::operations() {
            for answer in examples(&published, operation, version) {
                *example.lock().expect("no holder panics") = answer.clone();
                let name = format!("{version} {}", operation.id);
                match call(&client, &operation.id).await {
                    Ok(received) => {
                        let schema = document::answer_schema(operation);
                        let whole =
                            as_written(&answer, &schema.expect("answers with examples have a schema"));
                        sample::lost(&whole, &received, &name, &mut problems);
                    }
                    Err(error) => problems.push(format!("{name}: {error}")),
                }
                decoded += 1;
            }
        }
    }
    assert!(decoded > 0, "the documents have no examples");
    assert!(
        problems.is_empty(),
        "{} problems in {decoded} examples:\n{}",
        problems.len(),
        problems.join("\n")
    );
}

async fn call(client: &Client, id: &str) -> Result<Value, sequencehq::Error> {
    // The newest version has every operation; what decodes is the same type.
    let client = client.with_api_version(ApiVersion::default());
    let (_, call) = every_call()
        .into_iter()
        .find(|(name, _)| *name == id)
        .expect("every operation has a call");
    call(client).await
}

/// The examples of an operation's success in a published document of `version`.
fn examples(published: &Value, operation: &Operation, version: &str) -> Vec<Value> {
    let Some((method, path)) = operation.endpoint(version) else {
        return Vec::new();
    };
    let responses = &published["paths"][path][method]["responses"];
    let successes = responses
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(status, _)| status.starts_with('2'));
    successes
        .flat_map(|(_, response)| {
            let content = &response["content"]["application/json"];
            let named = content["examples"]
                .as_object()
                .into_iter()
                .flatten()
                .map(|(_, one)| one["value"].clone());
            named.chain(content.get("example").cloned()).collect::<Vec<_>>()
        })
        .filter(|value| !value.is_null())
        .collect()
}

/// An answer as this crate writes it, with the fields that the document lacks.
fn as_written(value: &Value, schema: &Value) -> Value {
    let schema = document::resolve(schema);
    match value {
        Value::Object(fields) => {
            if let Some(mapping) = schema
                .pointer("/discriminator/mapping")
                .and_then(Value::as_object)
            {
                let tag = schema["discriminator"]["propertyName"]
                    .as_str()
                    .unwrap_or_default();
                let Some(target) = mapping.get(value[tag].as_str().unwrap_or_default()) else {
                    return value.clone();
                };
                return as_written(value, &serde_json::json!({ "$ref": target }));
            }
            let Some(properties) = schema["properties"].as_object() else {
                return value.clone();
            };
            let written = fields.iter().map(|(name, field)| {
                let property = properties.get(name);
                let field = property.map_or_else(|| field.clone(), |property| as_written(field, property));
                (name.clone(), field)
            });
            Value::Object(written.collect())
        }
        Value::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| as_written(item, &schema["items"]))
                .collect(),
        ),
        // The same instant, written as this crate writes it.
        Value::String(text) if schema["format"] == "date-time" => {
            let instant: sequencehq::DateTime<sequencehq::Utc> = text.parse().expect("instants are instants");
            serde_json::to_value(instant).expect("instants encode")
        }
        other => other.clone(),
    }
}
