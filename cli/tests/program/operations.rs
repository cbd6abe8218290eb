//! Every operation of the document, run once.

use sequencehq_document::model::{self, Operation, ParameterType};
use sequencehq_document::names;
use sequencehq_document::sample::{self, Shape};
use sequencehq_emulator::contract::{Version, find};
use serde_json::Value;

use crate::support::Stage;

const NEWEST: &str = "2024-07-30";

fn kebab(name: &str) -> String {
    names::snake(name).trim_end_matches('_').replace('_', "-")
}

/// The command of an operation, with each of its parameters.
fn arguments(root: &Value, operation: &Operation) -> Vec<String> {
    let tags = model::tags(root);
    let tag = tags
        .iter()
        .find(|tag| tag.name == operation.tag)
        .expect("declared");
    let verb = names::method(&tag.resource, &operation.id).expect("its prefix");
    let mut arguments = vec![kebab(&tag.name), kebab(verb)];
    arguments.extend(operation.path_params.iter().map(|_| "an-id".to_owned()));
    for parameter in &operation.query {
        // A stream cannot begin before a cursor, and `offset` needs one.
        if ["after", "before", "offset"].contains(&parameter.name.as_str()) {
            continue;
        }
        let value = match &parameter.value_type {
            ParameterType::Named(name) => {
                let values = model::strings(&root["components"]["schemas"][name]["enum"]);
                let current = model::values_in(&root["components"]["schemas"][name], NEWEST);
                current
                    .first()
                    .or(values.first())
                    .cloned()
                    .unwrap_or_else(|| "an-id".to_owned())
            }
            ParameterType::Text => "some text".to_owned(),
            ParameterType::Boolean => "true".to_owned(),
            ParameterType::Int32 | ParameterType::Int64 => "10".to_owned(),
            ParameterType::Decimal => "19.90".to_owned(),
            ParameterType::Date => "2026-01-31".to_owned(),
            ParameterType::Instant => "2026-01-31T12:00:00Z".to_owned(),
        };
        arguments.extend([format!("--{}", kebab(&parameter.name)), value]);
    }
    if let Some(schema) = &operation.body {
        let mut body = sample::named(root, schema, Shape::Minimal);
        // What only some versions require is optional in the schema.
        let properties = root["components"]["schemas"][schema]["properties"].as_object();
        for (name, property) in properties.into_iter().flatten() {
            if model::strings(&property["x-required-in"])
                .iter()
                .any(|version| version == NEWEST)
            {
                body[name] = sample::value(root, property, Shape::Minimal);
            }
        }
        arguments.extend(["--body".to_owned(), body.to_string()]);
    }
    arguments
}

#[test]
fn every_operation_reaches_its_endpoint() {
    let stage = Stage::new();
    let root: Value = serde_json::from_str(sequencehq::document()).expect("JSON");
    let operations = model::operations(&root);
    for operation in &operations {
        let arguments = arguments(&root, operation);
        let before = stage.emulator.requests().len();
        let ran = stage.run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        let requests = &stage.emulator.requests()[before..];
        let [request] = requests else {
            panic!("{arguments:?}: {} requests: {ran:#?}", requests.len())
        };
        let path = request.path.strip_prefix("/api").expect("below the base URL");
        let found = find(&request.method, path, Version::LATEST).expect("known");
        assert_eq!(found.operation.id(), operation.id);
        let status = request.status.expect("a response");
        // What the made-up ids refer to does not exist, so most calls are refused.
        let expected = match status {
            200..=299 => 0,
            400..=499 => 4,
            501 => 6,
            _ => panic!("{}: {status}: {ran:#?}", operation.id),
        };
        assert_eq!(ran.status, expected, "{}: {ran:#?}", operation.id);
        assert_eq!(ran.err.is_empty(), status < 300, "{ran:#?}");
    }
    assert!(operations.len() > 170);
}
