//! The public dependencies: crates whose types or traits are part of the public API.
//!
//! An incompatible version of such a crate is an incompatible version of this one, so a new one is a decision. The
//! reviewed listing is `tests/golden/public_dependencies.txt`. It is compared with the JSON output of rustdoc.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use super::command::{cargo, run};
use super::rustdoc;

const LISTING: &str = "tests/golden/public_dependencies.txt";
const STANDARD: [&str; 3] = ["alloc", "core", "std"];

/// Compares the listing with the public API.
pub(super) fn check(target: &Path) -> Result<(), String> {
    let arguments = ["rustdoc", "--quiet", "--lib", "--features", "full"];
    let json = ["--", "-Z", "unstable-options", "--output-format", "json"];
    run(rustdoc::with_unstable_options(cargo(&arguments).args(json))?)?;

    let path = target.join("doc/sequencehq.json");
    let text = std::fs::read(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let api: Value = serde_json::from_slice(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    let listing = std::fs::read_to_string(LISTING).map_err(|error| format!("{LISTING}: {error}"))?;
    compare(&listing, &foreign_crates(&api))
}

/// Returns the other crates in the public API, each with an item that uses it.
fn foreign_crates(api: &Value) -> BTreeMap<String, String> {
    let mut crates = BTreeMap::new();
    for item in api["index"]
        .as_object()
        .into_iter()
        .flat_map(|index| index.values())
    {
        // A trait that another crate implements for all types, such as `tracing::Instrument`, is not part of this API.
        let is_blanket = !item["inner"]["impl"]["blanket_impl"].is_null();
        if is_blanket || item["crate_id"] != 0 {
            continue;
        }
        let mut ids = Vec::new();
        collect_ids(&item["inner"], &mut ids);
        for id in ids {
            let name = api["paths"][id.to_string()]["path"][0].as_str();
            let Some(name) = name.filter(|name| *name != "sequencehq" && !STANDARD.contains(name)) else {
                continue;
            };
            crates.entry(name.to_owned()).or_insert_with(|| described(item));
        }
    }
    crates
}

/// Returns the ids of all types and traits that an item names.
fn collect_ids(value: &Value, ids: &mut Vec<u64>) {
    match value {
        Value::Object(fields) => {
            ids.extend(fields.get("id").and_then(Value::as_u64));
            fields.values().for_each(|value| collect_ids(value, ids));
        }
        Value::Array(values) => values.iter().for_each(|value| collect_ids(value, ids)),
        _ => {}
    }
}

fn described(item: &Value) -> String {
    let file = item["span"]["filename"].as_str().unwrap_or("generated code");
    let line = &item["span"]["begin"][0];
    match item["name"].as_str() {
        Some(name) => format!("`{name}` at {file}:{line}"),
        None => format!("{file}:{line}"),
    }
}

fn compare(listing: &str, found: &BTreeMap<String, String>) -> Result<(), String> {
    let listed: Vec<&str> = listing
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    let new = found
        .iter()
        .filter(|(name, _)| !listed.contains(&name.as_str()))
        .map(|(name, user)| format!("`{name}` is new in the public API, for example in {user}"));
    let gone = listed
        .iter()
        .filter(|name| !found.contains_key(**name))
        .map(|name| format!("`{name}` is no longer in the public API"));
    let differences: Vec<String> = new.chain(gone).collect();
    if differences.is_empty() {
        return Ok(());
    }
    Err(format!(
        "\n{}\nif this is intended, change {LISTING}",
        differences.join("\n")
    ))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn api() -> Value {
        json!({
            "index": {
                "1": {"crate_id": 0, "name": "rate", "span": {"filename": "src/a.rs", "begin": [7, 1]},
                      "inner": {"function": {"sig": {"output": {"resolved_path": {
                          "path": "Vec", "id": 3, "args": {"angle_bracketed": {"args": [
                              {"type": {"resolved_path": {"path": "Decimal", "id": 4, "args": null}}}]}}}}}}}},
                "2": {"crate_id": 0, "name": null, "span": null,
                      "inner": {"impl": {"blanket_impl": {"generic": "T"}, "trait": {"path": "Instrument", "id": 5}}}},
                "9": {"crate_id": 20, "name": "instrument", "span": null,
                      "inner": {"function": {"sig": {"output": {"resolved_path": {"path": "Span", "id": 5}}}}}},
                "6": {"crate_id": 0, "name": "own", "span": null, "links": {"`other`": 7},
                      "inner": {"struct_field": {"resolved_path": {"path": "Own", "id": 8}}}},
            },
            "paths": {
                "3": {"path": ["alloc", "vec", "Vec"]},
                "4": {"path": ["rust_decimal", "decimal", "Decimal"]},
                "5": {"path": ["tracing", "Instrument"]},
                "7": {"path": ["serde_json", "Value"]},
                "8": {"path": ["sequencehq", "Own"]},
            },
        })
    }

    #[test]
    fn crates_of_types_in_signatures_are_public_and_those_of_blanket_impls_and_links_are_not() {
        let found = foreign_crates(&api());
        let expected = ("rust_decimal".to_owned(), "`rate` at src/a.rs:7".to_owned());
        assert_eq!(found, BTreeMap::from([expected]));
    }

    #[test]
    fn a_crate_that_is_not_listed_and_one_that_is_listed_without_need_are_differences() {
        let found = foreign_crates(&api());
        assert_eq!(compare("# reviewed\nrust_decimal\n", &found), Ok(()));
        let problem = compare("chrono\n", &found).unwrap_err();
        for part in ["`rust_decimal` is new", "src/a.rs:7", "`chrono` is no longer"] {
            assert!(problem.contains(part), "{problem}");
        }
    }
}
