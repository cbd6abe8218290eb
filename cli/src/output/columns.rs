//! The columns of a list if none are chosen.

use serde_json::Value;

use crate::catalog::Catalog;
use crate::command::Format;

/// The most columns of a table, which is for people.
const MOST: usize = 9;

/// Returns the columns for items of a schema: all of its fields for CSV, and those of one value for a table, without the
/// ids of other resources.
pub(crate) fn of_schema(catalog: &Catalog, schema: &Value, format: Format) -> Vec<String> {
    let properties = || schema["properties"].as_object().into_iter().flatten();
    if format != Format::Table {
        return properties().map(|(name, _)| name.clone()).collect();
    }
    let is_shown = |name: &str, property: &Value| {
        let resolved = catalog.resolve(property);
        let is_single = matches!(resolved["type"].as_str(), Some("string" | "integer" | "number" | "boolean"));
        let is_foreign = resolved["format"] == "id" || name.ends_with("Id");
        is_single && (name == "id" || !is_foreign)
    };
    let shown = properties().filter(|(name, property)| is_shown(name, property));
    shown.map(|(name, _)| name.clone()).take(MOST).collect()
}
