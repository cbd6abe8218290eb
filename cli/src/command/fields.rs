//! The fields of a body, for help texts.

use std::fmt::Write as _;

use sequencehq_document::model;
use serde_json::Value;

use crate::catalog::{Catalog, plain};

/// The number of characters of the column with the names.
const NAMES: usize = 28;

/// Lists the fields of a body with their types, the required ones first.
pub(crate) fn listing(catalog: &Catalog, schema: &str) -> String {
    let schema = catalog.schema(schema);
    let mut out = String::from("Fields of the body:\n");
    let required = model::strings(&schema["required"]);
    let properties = || schema["properties"].as_object().into_iter().flatten();
    let is_required = |name: &String| required.contains(name);
    let first = properties().filter(|(name, _)| is_required(name));
    let rest = properties().filter(|(name, _)| !is_required(name));
    for (name, property) in first.chain(rest) {
        let kind = kind(catalog, property);
        let mark = if is_required(name) { ", required" } else { "" };
        let about = property["description"].as_str();
        let about = about.map(|text| format!("\n      {}", plain(model::first_sentence(text))));
        let _ = writeln!(out, "  {name:<NAMES$} {kind}{mark}{}", about.unwrap_or_default());
    }
    out
}

/// Returns the type of a value in a few words.
fn kind(catalog: &Catalog, node: &Value) -> String {
    let resolved = catalog.resolve(node);
    if resolved.get("oneOf").is_some() {
        return "object".to_owned();
    }
    match (resolved["type"].as_str(), resolved["format"].as_str()) {
        (Some("array"), _) => format!("list of {}", kind(catalog, &resolved["items"])),
        (Some("string"), Some("decimal")) => "decimal".to_owned(),
        (Some("string"), Some("date")) => "date".to_owned(),
        (Some("string"), Some("date-time")) => "timestamp".to_owned(),
        (Some("string"), _) => {
            let values = model::strings(&resolved["enum"]);
            if (1..=6).contains(&values.len()) {
                values.join("|")
            } else {
                "text".to_owned()
            }
        }
        (Some("object"), _) if resolved.get("properties").is_none() => "object with any names".to_owned(),
        (Some(other), _) => other.to_owned(),
        (None, _) => "any JSON".to_owned(),
    }
}
