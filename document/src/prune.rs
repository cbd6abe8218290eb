//! Reduces a document to the operations of some features, to one operation or to one schema, and the components that
//! these reach.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::load::Document;
use crate::model::{self, last_segment};

/// Removes the tags and operations of all other features, and the components that nothing reaches any more. A tag
/// without a feature is kept.
pub fn to_features(mut document: Document, features: &BTreeSet<String>) -> Document {
    let kept: BTreeSet<String> = model::tags(&document.root)
        .into_iter()
        .filter(|tag| tag.feature.is_empty() || features.contains(&tag.feature))
        .map(|tag| tag.name)
        .collect();
    let root = &mut document.root;
    if let Some(tags) = root["tags"].as_array_mut() {
        tags.retain(|tag| tag["name"].as_str().is_some_and(|name| kept.contains(name)));
    }
    if let Some(paths) = root["paths"].as_object_mut() {
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.retain(|_, operation| {
                operation["tags"][0]
                    .as_str()
                    .is_some_and(|tag| kept.contains(tag))
            });
        }
        paths.retain(|_, item| item.as_object().is_some_and(|item| !item.is_empty()));
    }
    drop_unreached(root, Vec::new());
    document
}

/// Removes all other operations, and the components that nothing reaches any more.
pub fn to_operation(mut document: Document, path: &str, method: &str) -> Document {
    let root = &mut document.root;
    if let Some(paths) = root["paths"].as_object_mut() {
        paths.retain(|key, _| key == path);
        for item in paths.values_mut().filter_map(Value::as_object_mut) {
            item.retain(|key, _| key == method);
        }
    }
    drop_unreached(root, Vec::new());
    document
}

/// Removes all operations, and the components that the schema does not reach.
pub fn to_schema(mut document: Document, name: &str) -> Document {
    document.root["paths"] = json!({});
    drop_unreached(&mut document.root, vec![model::schema_reference(name)]);
    document
}

/// Removes the components that neither the paths nor the references in `start` reach.
fn drop_unreached(root: &mut Value, mut start: Vec<String>) {
    model::references(&root["paths"], "", &mut |_, reference| {
        start.push(reference.to_owned());
    });
    for operation in model::raw_operations(root) {
        let conflict = operation.raw["x-conflict"].as_str();
        start.extend(conflict.map(model::schema_reference));
    }
    let reached = model::reached(root, start);
    for (kind, components) in root["components"].as_object_mut().into_iter().flatten() {
        if let Some(components) = components.as_object_mut() {
            components.retain(|name, _| {
                kind == "securitySchemes"
                    || reached.iter().any(|reference| {
                        last_segment(reference) == name && reference.contains(&format!("/{kind}/"))
                    })
            });
        }
    }
}
