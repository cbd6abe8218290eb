//! Values: the types of properties, of the items in lists and of the entries in maps.

use serde_json::{Map, Value};

use super::Checker;
use crate::near;

const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "array", "object"];
const STRING_FORMATS: [&str; 4] = ["decimal", "date", "date-time", "password"];
const INTEGER_FORMATS: [&str; 2] = ["int32", "int64"];
/// Keywords that would be ignored, or become types that the client does not support.
const UNSUPPORTED: [(&str, &str); 5] = [
    ("oneOf", "define the union under components/schemas"),
    (
        "anyOf",
        "define a union (`oneOf` with a discriminator) under components/schemas",
    ),
    ("not", "remove it"),
    ("pattern", "remove it"),
    ("default", "remove it, and name the default in the description"),
];
pub(super) const NO_PLAIN_SECRET: &str = "`format: password` is supported only for string properties that are not nullable, and not in lists, maps or components: change the type";

/// Where a value occurs, which limits its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// The value of a property.
    Property,
    /// An item of a list.
    Item,
    /// A value in a map.
    Entry,
    /// A parameter, or an item in the list of one.
    Parameter,
}

impl Place {
    fn plural(self) -> &'static str {
        match self {
            Self::Property => "properties",
            Self::Item => "lists",
            Self::Entry => "maps",
            Self::Parameter => "parameters",
        }
    }
}

impl Checker<'_> {
    /// Checks the type of a value. What holds for a property holds for the items and entries in it.
    pub(super) fn value(&mut self, schema: &Value, pointer: &str, place: Place) {
        let Some(keys) = schema.as_object() else {
            return;
        };
        if let Some(all) = keys.get("allOf") {
            self.wrapped_reference(all, pointer, place);
            self.referred_example(schema, pointer);
            return;
        }
        if keys.contains_key("$ref") {
            return;
        }
        self.inline(schema, pointer, place);
        self.fitting_keys(schema, pointer);
        match schema["type"].as_str() {
            None => self.free_form(keys, pointer),
            Some("array") => self.list(schema, pointer, place),
            Some("object") => self.map(schema, pointer, place),
            Some(_) => self.scalar(schema, pointer, place),
        }
    }

    /// Only a property has a description of its own, which is what the wrapper is for.
    fn wrapped_reference(&mut self, all: &Value, pointer: &str, place: Place) {
        let wraps_one = all
            .as_array()
            .is_some_and(|all| all.len() == 1 && all[0].get("$ref").is_some());
        if !wraps_one {
            self.fault(
                pointer,
                "`allOf` is supported only for a single reference with its own description: define a schema with all properties",
            );
        } else if place != Place::Property {
            self.fault(
                pointer,
                format!(
                    "`allOf` is not supported in {}: write its `$ref` here",
                    place.plural()
                ),
            );
        }
    }

    /// Objects, enums and ids are named, so that their types have names; other keywords would be ignored.
    pub(super) fn inline(&mut self, schema: &Value, pointer: &str, place: Place) {
        let unnamed = |what: &str| format!("is an inline {what}: define it under components/schemas");
        if schema.get("properties").is_some() {
            self.fault(pointer, unnamed("object"));
        }
        // The enum of a property is checked with the unions, whose discriminators are enums of one value.
        if schema.get("enum").is_some() && place != Place::Property {
            self.fault(pointer, unnamed("enum"));
        }
        if schema["format"] == "id" {
            self.fault(pointer, unnamed("id"));
        }
        for (keyword, advice) in UNSUPPORTED {
            if schema.get(keyword).is_some() {
                self.fault(pointer, format!("`{keyword}` is not supported here: {advice}"));
            }
        }
        if schema["nullable"] == true && place != Place::Property {
            let places = place.plural();
            self.fault(
                pointer,
                format!("`nullable` is not supported in {places}: remove it"),
            );
        }
    }

    /// Keys of another type would be ignored, or make the generator fail.
    pub(super) fn fitting_keys(&mut self, schema: &Value, pointer: &str) {
        let Some(kind) = schema["type"].as_str().filter(|kind| TYPES.contains(kind)) else {
            return;
        };
        for (key, fits) in [
            ("items", kind == "array"),
            ("additionalProperties", kind == "object"),
            ("format", !matches!(kind, "array" | "object")),
        ] {
            if schema.get(key).is_some() && !fits {
                self.fault(
                    pointer,
                    format!("`{key}` does not fit `type: {kind}`: remove it, or correct the type"),
                );
            }
        }
        let example = &schema["example"];
        let fits = match (kind, schema["format"].as_str()) {
            _ if example.is_null() => true,
            (_, Some("decimal")) => example.as_str().is_some_and(is_decimal),
            ("string", _) => example.is_string(),
            ("integer", _) => example.is_i64(),
            ("boolean", _) => example.is_boolean(),
            ("array", _) => example.as_array().is_some_and(Vec::is_empty),
            _ => false,
        };
        if !fits {
            let wanted = match (kind, schema["format"].as_str()) {
                (_, Some("decimal")) => "a decimal in quotes, such as `'2.50'`",
                ("string", _) => "a text",
                ("integer", _) => "an integer",
                ("boolean", _) => "`true` or `false`",
                ("array", _) => "`[]`; examples of items are in `items`",
                _ => "absent",
            };
            self.fault(
                pointer,
                format!("the example {example} does not fit: it must be {wanted}"),
            );
        }
    }

    /// A value without a type is any JSON.
    fn free_form(&mut self, keys: &Map<String, Value>, pointer: &str) {
        let typed = ["format", "items", "enum", "additionalProperties", "required"];
        if let Some(keyword) = typed.into_iter().find(|keyword| keys.contains_key(*keyword)) {
            self.fault(
                pointer,
                format!(
                    "has `{keyword}` but no `type`, without which it would be free-form JSON: add the type"
                ),
            );
        }
    }

    fn list(&mut self, schema: &Value, pointer: &str, place: Place) {
        if place != Place::Property {
            self.not_nested("a list", pointer, place);
        }
        let here = format!("{pointer}/items");
        match schema.get("items") {
            None => self.fault(pointer, "an array needs `items`: add the type of its items"),
            Some(items) => self.value(items, &here, Place::Item),
        }
    }

    fn map(&mut self, schema: &Value, pointer: &str, place: Place) {
        if schema.get("properties").is_some() {
            return;
        }
        if place != Place::Property {
            self.not_nested("an object", pointer, place);
        }
        match schema.get("additionalProperties") {
            None | Some(Value::Bool(true)) => {}
            Some(Value::Bool(false)) => self.closed(pointer),
            Some(entry) => self.value(entry, &format!("{pointer}/additionalProperties"), Place::Entry),
        }
    }

    fn not_nested(&mut self, what: &str, pointer: &str, place: Place) {
        let places = place.plural();
        self.fault(
            pointer,
            format!(
                "{what} directly in {places} is not supported: define an object with properties under \
                 components/schemas, or write `{{}}` for free-form JSON"
            ),
        );
    }

    /// The generator would make a type that rejects unknown fields.
    pub(super) fn closed(&mut self, pointer: &str) {
        self.fault(
            pointer,
            "`additionalProperties: false` would reject every field that the API adds: remove it",
        );
    }

    pub(super) fn scalar(&mut self, schema: &Value, pointer: &str, place: Place) {
        let (kind, format) = (schema["type"].as_str().unwrap_or_default(), schema.get("format"));
        let text = format.map(|format| format.as_str().unwrap_or("?"));
        let problem = match (kind, text) {
            ("string" | "boolean", None) => None,
            ("string", Some("id")) => None,
            ("string", Some(format)) if STRING_FORMATS.contains(&format) => None,
            ("string", Some(format)) => Some(format!(
                "`{format}` is not a format of a string{}: use one of {}, or none",
                near::hint(format, STRING_FORMATS),
                STRING_FORMATS.join(", "),
            )),
            ("integer", Some(format)) if INTEGER_FORMATS.contains(&format) => None,
            ("integer", _) => Some("an integer needs `format: int32` or `format: int64`".to_owned()),
            ("number", Some("decimal" | "password")) => None,
            ("number", _) => Some("a number needs `format: decimal`, which keeps it exact".to_owned()),
            ("boolean", Some(format)) => Some(format!("`{format}` is not a format of a boolean: remove it")),
            _ => Some(format!(
                "`{kind}` is not a type{}: use one of {}",
                near::hint(kind, TYPES),
                TYPES.join(", "),
            )),
        };
        if let Some(problem) = problem {
            self.fault(pointer, problem);
        } else if matches!(place, Place::Item | Place::Entry) && text == Some("decimal") {
            self.exact_numbers("decimals", pointer, place);
        } else if place == Place::Entry && kind == "integer" {
            self.exact_numbers("integers", pointer, place);
        }
    }

    /// Only fields, and integers in lists, have decoders that accept every exact form of a number.
    fn exact_numbers(&mut self, what: &str, pointer: &str, place: Place) {
        let places = place.plural();
        self.fault(
            pointer,
            format!("{places} of {what} are not supported: write `{{}}` for free-form JSON, or leave the property out"),
        );
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
                "is required in a request, but has no `example` (a string): add one, for the example of the call",
            );
        }
    }
}

fn is_decimal(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let all = |digits: &str| !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit());
    all(whole) && all(fraction) && digits.len() <= 28
}
