//! Properties and the types of their values.

use serde_json::Value;

use super::Checker;

const STRING_FORMATS: [&str; 6] = ["decimal", "date", "date-time", "id", "binary", "password"];
pub(super) const NO_PLAIN_SECRET: &str = "`format: password` is supported only for string properties that are not nullable, and not in lists, maps or components";

impl Checker<'_> {
    /// A required text or decimal in a request has an example, which the example of the call uses.
    pub(super) fn example(&mut self, schema: &Value, pointer: &str) {
        let example = &schema["example"];
        let is_needed = match (schema["type"].as_str(), schema["format"].as_str()) {
            (Some("array"), _) => {
                if !example.is_array() {
                    self.example(&schema["items"], pointer);
                }
                return;
            }
            (_, Some("decimal")) => true,
            (Some("string"), None) => schema.get("enum").is_none(),
            _ => false,
        };
        if is_needed && example.as_str().is_none_or(|text| text.trim().is_empty()) {
            self.fault(
                pointer,
                "is required in a request, but has no `example` (a string)",
            );
        }
    }

    pub(super) fn property(&mut self, property: &Value, pointer: &str) {
        if let Some(all) = property.get("allOf") {
            let wraps_one = all
                .as_array()
                .is_some_and(|all| all.len() == 1 && all[0].get("$ref").is_some());
            if !wraps_one {
                self.fault(
                    pointer,
                    "`allOf` is supported only for a single reference with its own description",
                );
            }
            return;
        }
        if property.get("properties").is_some() {
            self.fault(pointer, "is an inline object: define it under components/schemas");
        }
        if property["enum"]
            .as_array()
            .is_some_and(|values| values.len() != 1)
        {
            self.fault(pointer, "is an inline enum: define it under components/schemas");
        }
        for keyword in ["oneOf", "anyOf", "pattern", "default"] {
            if property.get(keyword).is_some() {
                self.fault(pointer, format!("`{keyword}` is not supported here"));
            }
        }
        self.scalar(property, pointer);
        if property["type"] == "array" {
            if property.get("items").is_none() {
                self.fault(pointer, "an array needs `items`");
            }
            if property["items"]["format"] == "decimal" {
                self.fault(
                    pointer,
                    "arrays of decimals are not supported: use a schema that contains the decimal",
                );
            }
        }
    }

    /// Secrets are redacted only in plain string properties; elsewhere they would be printed.
    pub(super) fn no_secret_but_text(&mut self, property: &Value, pointer: &str) {
        let is_plain = property["type"] == "string" && property["nullable"] != true;
        if property["format"] == "password" && !is_plain {
            self.fault(pointer, NO_PLAIN_SECRET);
        }
        for nested in ["items", "additionalProperties"] {
            if property[nested]["format"] == "password" {
                self.fault(&format!("{pointer}/{nested}"), NO_PLAIN_SECRET);
            }
        }
    }

    pub(super) fn scalar(&mut self, schema: &Value, pointer: &str) {
        let (kind, format) = (schema["type"].as_str(), schema["format"].as_str());
        let known = match (kind, format) {
            (_, None) => kind != Some("integer") && kind != Some("number"),
            (Some("string"), Some(format)) => STRING_FORMATS.contains(&format),
            (Some("number"), Some(format)) => format == "decimal",
            (Some("integer"), Some(format)) => format == "int32" || format == "int64",
            _ => false,
        };
        if !known {
            self.fault(pointer, format!("unknown type and format {kind:?} {format:?}"));
        }
    }
}
