//! The rules for a document: `small.yaml` keeps all of them, and each file in `cases` breaks one.
//!
//! A case is a JSON Patch (RFC 6902: `add`, `replace`, `remove`) of `small.yaml`, and every fault that this causes,
//! without the name of the file. `UPDATE_CASES=1` writes the faults that were found into the cases, for review.

use std::path::{Path, PathBuf};

use sequencehq_document::{Document, rules};
use serde_json::{Value, json};

const SMALL: &str = include_str!("small.yaml");

#[test]
fn the_small_document_keeps_every_rule() {
    if let Err(faults) = rules::check(small()) {
        panic!("{faults}");
    }
}

#[test]
fn the_shipped_document_keeps_every_rule() {
    let document = Document::read(&sequencehq_document::shipped()).expect("the document is YAML");
    if let Err(faults) = rules::check(document) {
        panic!("{faults}");
    }
}

#[test]
fn each_broken_rule_is_named_with_its_place_and_nothing_else_is() {
    let mut wrong = Vec::new();
    let cases = cases();
    assert!(cases.len() > 70, "only {} cases were found", cases.len());
    for path in cases {
        let case = Document::read(&path).unwrap_or_else(|faults| panic!("{faults}"));
        let found = faults(&case);
        let expected: Vec<&str> = texts(&case.root["faults"]);
        if found == expected && !found.is_empty() {
            continue;
        }
        wrong.push(format!("{}:\n  {}", case.name, found.join("\n  ")));
        if std::env::var_os("UPDATE_CASES").is_some() {
            update(&path, &found);
        }
    }
    assert!(wrong.is_empty(), "these faults were found:\n{}", wrong.join("\n"));
}

fn small() -> Document {
    Document::parse("small.yaml", SMALL).expect("the document is YAML")
}

fn cases() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases");
    let entries = std::fs::read_dir(folder).expect("the cases are here");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    paths
}

/// The faults of `small.yaml` after the patch of `case`.
fn faults(case: &Document) -> Vec<String> {
    let mut document = small();
    for operation in case.root["patch"].as_array().expect("a case has a patch") {
        patch(&mut document.root, operation).unwrap_or_else(|| panic!("{}: {operation}", case.name));
    }
    let Err(faults) = rules::check(document) else {
        return Vec::new();
    };
    let text = |fault: &sequencehq_document::Fault| fault.to_string();
    let mut found: Vec<String> = faults.0.iter().map(text).collect();
    for fault in &mut found {
        *fault = fault.trim_start_matches("small.yaml:").to_owned();
    }
    found
}

/// One operation of a JSON Patch; `None` if it does not apply.
fn patch(root: &mut Value, operation: &Value) -> Option<()> {
    let path = operation["path"].as_str()?;
    if operation["op"] == "move" {
        let from = operation["from"].as_str()?;
        let value = root.pointer(from)?.clone();
        patch(root, &json!({"op": "remove", "path": from}))?;
        return patch(root, &json!({"op": "add", "path": path, "value": value}));
    }
    let (parent, key) = path.rsplit_once('/')?;
    let key = key.replace("~1", "/").replace("~0", "~");
    let parent = root.pointer_mut(parent)?;
    let value = operation.get("value").cloned();
    match (operation["op"].as_str()?, parent) {
        ("add", Value::Object(map)) => map.insert(key, value?).is_none().then_some(()),
        ("add", Value::Array(list)) if key == "-" => {
            list.push(value?);
            Some(())
        }
        ("replace", parent) => {
            let place = match parent {
                Value::Object(map) => map.get_mut(&key),
                Value::Array(list) => list.get_mut(key.parse::<usize>().ok()?),
                _ => None,
            };
            *place? = value?;
            Some(())
        }
        ("remove", Value::Object(map)) => map.shift_remove(&key).map(|_| ()),
        _ => None,
    }
}

fn texts(list: &Value) -> Vec<&str> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).collect()
}

fn update(path: &Path, faults: &[String]) {
    let text = std::fs::read_to_string(path).expect("the case can be read");
    let head = text.split("faults:").next().unwrap_or_default();
    let lines = faults
        .iter()
        .map(|fault| format!("  - '{}'\n", fault.replace('\'', "''")));
    let text = format!("{head}faults:\n{}", lines.collect::<String>());
    std::fs::write(path, text).expect("the case can be written");
}
