//! The schemas of the document, reduced to what decides whether a value is valid.

use std::sync::LazyLock;

use serde_json::{Map, Value};

use super::{Version, versions};

static SCHEMAS: LazyLock<Map<String, Value>> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/schemas.json")))
        .expect("the build script writes an object")
});

/// Returns the values of an enum in all versions, or `None` if the schema is not an enum.
pub(super) fn every_value(schema: &str) -> Option<Vec<&'static str>> {
    let values = SCHEMAS.get(schema)?.get("enum")?.as_array()?;
    Some(values.iter().filter_map(Value::as_str).collect())
}

/// Returns the values of an enum in one version, or `None` if the schema is not an enum.
pub fn enum_values(schema: &str, version: Version) -> Option<Vec<&'static str>> {
    let mut values = every_value(schema)?;
    values.retain(|value| !versions::lacks_value(schema, version, value));
    Some(values)
}

#[cfg(test)]
mod tests {
    use super::{Version, enum_values};

    #[test]
    fn an_enum_has_the_values_of_the_version() {
        let statuses = |version| enum_values("InvoicePaymentStatus", version).expect("an enum");
        let oldest = Version::all().next().expect("there are versions");
        assert!(statuses(oldest).contains(&"FAILED"));
        assert!(!statuses(Version::LATEST).contains(&"FAILED"));
        assert!(statuses(Version::LATEST).contains(&"PAID"));
        assert_eq!(enum_values("Invoice", Version::LATEST), None);
    }
}
