//! Any single mistake in a valid body is refused, at its path.

use proptest::prelude::*;
use proptest::sample::Index;
use sequencehq_document::sample::Shape;
use sequencehq_emulator::contract::{Operation, Version};
use serde_json::{Value, json};

use super::samples::body;
use super::{check, everywhere, problems};

/// The members and items inside a value, as paths and pointers.
fn places(value: &Value, path: &str, pointer: &str) -> Vec<(String, String)> {
    let inside: Vec<(String, String, &Value)> = match value {
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (format!("{path}.{key}"), format!("{pointer}/{key}"), value))
            .collect(),
        Value::Array(values) => values
            .iter()
            .enumerate()
            .map(|(index, value)| (format!("{path}[{index}]"), format!("{pointer}/{index}"), value))
            .collect(),
        _ => Vec::new(),
    };
    let mut found = Vec::new();
    for (path, pointer, value) in inside {
        found.extend(places(value, &path, &pointer));
        found.push((path, pointer));
    }
    found
}

fn bodies() -> Vec<(Operation, Version)> {
    let has_body = |(operation, _): &(Operation, Version)| operation.data().body.is_some();
    everywhere().filter(has_body).collect()
}

/// Places that accept any value, and those below them.
fn is_free(path: &str) -> bool {
    ["eventProperties.", "propertyFilters.", "subRates["]
        .iter()
        .any(|free| path.contains(free))
}

/// A value of another type than `value`.
fn of_another_type(value: &Value) -> Value {
    match value {
        Value::Array(_) | Value::Object(_) => json!("text"),
        _ => json!([["deep"]]),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_value_of_another_type_is_refused_at_its_path(one: Index, place: Index) {
        let bodies = bodies();
        let (operation, version) = *one.get(&bodies);
        let mut body = body(operation, version, Shape::Whole).expect("a body");
        // What the version lacks is ignored, whatever it is.
        body = check(operation, version, &body).expect("the sample is valid");
        let places: Vec<_> = places(&body, "body", "").into_iter().filter(|(path, _)| !is_free(path)).collect();
        prop_assume!(!places.is_empty());
        let (path, pointer) = place.get(&places);
        let value = body.pointer_mut(pointer).expect("the place exists");
        *value = of_another_type(value);
        let problems = problems(operation, version, &body);
        prop_assert!(problems.len() == 1 && problems[0].starts_with(&format!("{path}: expected ")), "{path}: {problems:?}");
    }

    #[test]
    fn a_missing_member_is_refused_at_its_path(one: Index, place: Index) {
        // Samples are of the newest version; older ones require less.
        let mut bodies = bodies();
        bodies.retain(|(_, version)| *version == Version::LATEST);
        let (operation, version) = *one.get(&bodies);
        let mut body = body(operation, version, Shape::Minimal).expect("a body");
        body = check(operation, version, &body).expect("the sample is valid");
        // Of a minimal sample, every member is required.
        let is_required = |(path, _): &(String, String)| !is_free(path) && !path.ends_with(']');
        let places: Vec<_> = places(&body, "body", "").into_iter().filter(is_required).collect();
        prop_assume!(!places.is_empty());
        let (path, pointer) = place.get(&places);
        let (parent, key) = pointer.rsplit_once('/').expect("a pointer");
        let parent = body.pointer_mut(parent).and_then(Value::as_object_mut).expect("an object");
        parent.remove(key);
        let problems = problems(operation, version, &body);
        let is_named = problems.len() == 1 && problems[0].starts_with(&format!("{path}: expected "));
        prop_assert!(is_named && problems[0].contains("but the member is missing."), "{path}: {problems:?}");
    }
}
