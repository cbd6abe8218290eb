//! Small documents for every kind of difference, in both directions.

use sequencehq_document::Document;
use serde_json::{Value, json};

use super::compare::{Difference, compare};
use super::document::Published;
use super::listed::Places;
use super::rules::{self, Rule};

mod details;
mod insisted;
mod judging;
mod mutations;
mod operations;
mod report;
mod schemas;
mod since;
mod snippet;
mod unions;
mod versions;
mod withdrawn;
mod write;

const OLD: &str = "2024-01-01";
const NEW: &str = "2024-07-30";

/// A document with one operation.
fn operation(method: &str, path: &str, content: Value) -> Value {
    let mut operation = json!({
        "operationId": "thing_get",
        "x-versions": [NEW],
        "responses": {"200": {"description": "."}},
    });
    for (key, value) in content.as_object().unwrap() {
        operation[key] = value.clone();
    }
    json!({"openapi": "3.0.3", "x-versions": [NEW], "paths": {path: {method: operation}}})
}

fn answers(schema: Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    operation(
        "get",
        "/things/{id}",
        json!({"responses": {"200": {"content": content}}}),
    )
}

fn takes(schema: Value) -> Value {
    let content = json!({"application/json": {"schema": schema}});
    operation(
        "post",
        "/things",
        json!({"requestBody": {"required": true, "content": content}}),
    )
}

fn asks(parameter: Value) -> Value {
    operation("get", "/things", json!({"parameters": [parameter]}))
}

fn object(required: &[&str], properties: Value) -> Value {
    json!({"type": "object", "required": required, "properties": properties})
}

/// The snapshots of `version`, oldest first.
fn published(version: &str, roots: &[&Value]) -> Vec<Published> {
    let one = |(index, root): (usize, &&Value)| Published {
        version: version.to_owned(),
        name: format!("{version}.{index}.json"),
        date: None,
        root: (*root).clone(),
    };
    roots.iter().enumerate().map(one).collect()
}

/// Each difference in one line: severity, kind, location, ours, theirs.
fn lines<'a: 'c, 'c>(differences: impl IntoIterator<Item = &'c Difference<'a>>) -> Vec<String> {
    let line = |one: &Difference<'_>| {
        format!(
            "{} {} {}: {} / {}",
            one.severity, one.kind, one.location, one.ours, one.theirs
        )
    };
    differences.into_iter().map(line).collect()
}

/// The differences between our document and one published document of the newest version.
fn found(ours: &Value, theirs: &Value) -> Vec<String> {
    let published = published(NEW, &[theirs]);
    lines(&compare(ours, &published).differences)
}

fn rules(text: &str) -> Vec<Rule> {
    rules::parse(&Document::parse("drift.yaml", text).unwrap()).unwrap()
}

fn places(text: &str) -> Places {
    Places::parse(&Document::parse("drift.places.yaml", text).unwrap()).unwrap()
}
