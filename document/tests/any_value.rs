//! Whatever stands at a place of the document, the check ends with faults or without, and never panics.

use sequencehq_document::{Document, escape, rules};
use serde_json::{Value, json};

const SMALL: &str = include_str!("small.yaml");

#[test]
fn no_value_makes_the_check_panic() {
    let small = Document::parse("small.yaml", SMALL).expect("the document is YAML");
    let mut places = Vec::new();
    collect(&small.root, "", &mut places);
    let values = [
        Value::Null,
        json!([null]),
        json!({"x": {}}),
        json!("é"),
        json!(-1.5),
    ];
    let mut refused = 0;
    for place in &places {
        for value in &values {
            let mut changed = small.clone();
            if let Some(old) = changed.root.pointer_mut(place) {
                *old = value.clone();
            }
            if let Err(faults) = rules::check(changed) {
                assert!(!faults.to_string().is_empty(), "{value} at {place}");
                refused += 1;
            }
        }
    }
    let all = places.len() * values.len();
    assert!(refused * 10 > all * 9, "{refused} of {all} values were refused");
}

/// The pointers of all values.
fn collect(value: &Value, at: &str, places: &mut Vec<String>) {
    places.push(at.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                collect(value, &format!("{at}/{}", escape(key)), places);
            }
        }
        Value::Array(list) => {
            for (index, value) in list.iter().enumerate() {
                collect(value, &format!("{at}/{index}"), places);
            }
        }
        _ => {}
    }
}
