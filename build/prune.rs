//! Keeps what the enabled features need: their operations, and the schemas that these reach.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::load::Document;
use crate::model::{self, last_segment};

/// The features that Cargo enabled, by name.
pub fn enabled_features() -> BTreeSet<String> {
    std::env::vars()
        .filter_map(|(name, _)| {
            Some(
                name.strip_prefix("CARGO_FEATURE_")?
                    .to_ascii_lowercase()
                    .replace('_', "-"),
            )
        })
        .collect()
}

/// Drops the tags of other features, their operations, and the components that nothing reaches any more.
pub fn to_features(mut document: Document, features: &BTreeSet<String>) -> Document {
    let kept: BTreeSet<String> = model::tags(&document.root)
        .into_iter()
        .filter(|tag| features.contains(&tag.feature))
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
    drop_unreached(root);
    document
}

fn drop_unreached(root: &mut Value) {
    let mut reached = BTreeSet::new();
    let mut open = Vec::new();
    model::references(&root["paths"], "", &mut |_, reference| {
        open.push(reference.to_owned())
    });
    for (_, _, _, operation) in model::raw_operations(root) {
        if let Some(name) = operation["x-conflict"].as_str() {
            open.push(format!("#/components/schemas/{name}"));
        }
    }
    while let Some(reference) = open.pop() {
        if let Some(target) = reference
            .strip_prefix('#')
            .and_then(|pointer| root.pointer(pointer))
            && reached.insert(reference.clone())
        {
            model::references(target, "", &mut |_, next| open.push(next.to_owned()));
        }
    }
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
