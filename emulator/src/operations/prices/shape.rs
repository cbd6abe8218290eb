//! The shapes of prices. Records have that of the newest version; the oldest has other names.

use serde_json::{Map, Value, json};

use crate::contract::{self, Operation, Version};

use super::super::checks;

/// The first version with seat metrics and `integrationIds`.
const WITH_METRICS: &str = "2024-05-09";

/// Names within a seat-based structure, and what the oldest version has in place of them.
const SEATS: [[&str; 2]; 2] = [
    ["seatMetricId", "seatTypeId"],
    ["contractedMinimumSeats", "includedSeats"],
];

/// Gives a body the shape of a record, and adds the defaults.
pub(in super::super) fn complete(map: &mut Map<String, Value>) {
    if let Some(structure) = map.get_mut("structure").and_then(Value::as_object_mut) {
        for [name, oldest] in SEATS {
            rename(structure, oldest, name);
        }
    }
    rename(map, "parameters", "customMetricParameters");
    if let Some(external) = map.remove("externalIds") {
        let ids = ids(&external, ["key", "value"], ["service", "id"]);
        map.insert("integrationIds".to_owned(), ids);
        checks::link(map);
    }
    for list in ["customMetricParameters", "integrationIds"] {
        map.entry(list).or_insert(json!([]));
    }
    map.entry("status").or_insert("ACTIVE".into());
}

/// The price as a version has it, alone or within another resource.
pub(in super::super) fn shown(version: Version, mut price: Map<String, Value>) -> Value {
    if version.name() < WITH_METRICS {
        if let Some(structure) = price.get_mut("structure").and_then(Value::as_object_mut) {
            for [name, oldest] in SEATS {
                rename(structure, name, oldest);
            }
            tiers_of_the_oldest(structure);
        }
        rename(&mut price, "customMetricParameters", "parameters");
        let external = price.remove("integrationIds").unwrap_or_default();
        let external = ids(&external, ["service", "id"], ["key", "value"]);
        price.insert("externalIds".to_owned(), external);
    }
    contract::keep(Operation::PriceGet, version, &mut price);
    price.into()
}

/// Gives all tiers the members that the oldest version has for them: none bounds its price, and each has its kind.
fn tiers_of_the_oldest(structure: &mut Map<String, Value>) {
    let tiers = structure.get_mut("tiers").and_then(Value::as_array_mut);
    for tier in tiers.into_iter().flatten().filter_map(Value::as_object_mut) {
        tier.remove("minPrice");
        tier.remove("maxPrice");
        tier.entry("isPricePercentage").or_insert(false.into());
    }
}

fn rename(map: &mut Map<String, Value>, from: &str, to: &str) {
    if let Some(value) = map.remove(from) {
        map.insert(to.to_owned(), value);
    }
}

/// The ids in connected services under other names.
fn ids(ids: &Value, from: [&str; 2], to: [&str; 2]) -> Value {
    let ids = ids.as_array().into_iter().flatten();
    ids.map(|id| json!({to[0]: id[from[0]], to[1]: id[from[1]]}))
        .collect()
}
