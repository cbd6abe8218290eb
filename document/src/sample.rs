//! Generates JSON values that match a schema: whole, minimal, with nulls, from the future.
//!
//! The values are fixed, so equal schemas give equal samples. A schema that contains itself ends at the second
//! round: optional properties are left out there, and lists and maps are empty.
//!
//! ```
//! use sequencehq_document::{Document, model, sample::{self, Shape}};
//! use serde_json::json;
//!
//! let document = Document::parse("x.yaml", r"
//! components:
//!   schemas:
//!     Parcel:
//!       type: object
//!       required: [weight]
//!       properties:
//!         weight: {type: string, format: decimal}
//!         due: {type: string, format: date}
//! ")?;
//! let parcel = |shape| sample::named(&document.root, "Parcel", shape);
//! assert_eq!(parcel(Shape::Whole), json!({"weight": "12.50", "due": "2026-01-31"}));
//! assert_eq!(parcel(Shape::Minimal), json!({"weight": "12.50"}));
//! assert_eq!(parcel(Shape::Nulls), json!({"weight": "12.50", "due": null}));
//! # Ok::<(), sequencehq_document::Faults>(())
//! ```

use serde_json::{Map, Value, json};

use crate::{model, nesting};

/// The extent of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Every property, with values that the document knows.
    Whole,
    /// The required properties only.
    Minimal,
    /// The required properties, and `null` for every other.
    Nulls,
    /// Every property, with values and properties that the document does not know.
    Future,
}

/// The property that [`Shape::Future`] adds to every object.
pub const FUTURE_PROPERTY: &str = "fieldOfTheFuture";

/// The value of every property with `format: password`, for tests that look for it.
pub const SECRET: &str = "a-secret-in-data-that-must-never-show";

/// Returns a value of the named schema.
///
/// # Panics
///
/// If the document does not keep the [rules](crate::rules) for schemas.
pub fn named(root: &Value, name: &str, shape: Shape) -> Value {
    value(root, &json!({ "$ref": model::schema_reference(name) }), shape)
}

/// Returns a value of `schema`, whose references point into `root`.
///
/// # Panics
///
/// If the schema does not keep the [rules](crate::rules).
pub fn value(root: &Value, schema: &Value, shape: Shape) -> Value {
    property(root, "", schema, shape)
}

/// Returns a value of `schema` for a property or parameter called `name`, which decides what its text is.
///
/// # Panics
///
/// If the schema does not keep the [rules](crate::rules).
pub fn property(root: &Value, name: &str, schema: &Value, shape: Shape) -> Value {
    let mut sampler = Sampler {
        root,
        shape,
        above: Vec::new(),
    };
    sampler.value(name, schema)
}

struct Sampler<'a> {
    root: &'a Value,
    shape: Shape,
    /// The named schemas around the present one.
    above: Vec<String>,
}

impl Sampler<'_> {
    /// A value of `schema`, for the property `name`.
    fn value(&mut self, name: &str, schema: &Value) -> Value {
        let Some(target) = model::reference(schema) else {
            return self.own(name, schema);
        };
        self.above.push(target.to_owned());
        let root = self.root;
        let value = self.own(name, &root["components"]["schemas"][target]);
        self.above.pop();
        value
    }

    fn own(&mut self, name: &str, schema: &Value) -> Value {
        if let Some(values) = schema["enum"].as_array() {
            return self.enumerated(values);
        }
        if schema.get("oneOf").is_some() {
            return self.union(schema);
        }
        match (
            schema["type"].as_str().unwrap_or_default(),
            schema["format"].as_str().unwrap_or_default(),
        ) {
            ("string", "decimal") => json!("12.50"),
            ("string", "date") => json!("2026-01-31"),
            ("string", "date-time") => json!("2026-01-31T09:30:00Z"),
            ("string", "id") => json!("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9"),
            ("string", "password") => json!(SECRET),
            ("string", _) => json!(text(name)),
            ("number", _) => json!(12.5),
            ("integer", _) => json!(1),
            ("boolean", _) => json!(true),
            ("array", _) if self.is_again(&schema["items"]) => json!([]),
            ("array", _) => json!([self.value(name, &schema["items"])]),
            ("object", _) => self.object(schema),
            _ => json!({"anything": [1, "two"]}),
        }
    }

    fn enumerated(&self, values: &[Value]) -> Value {
        // An enum of one value is a discriminator.
        if self.shape == Shape::Future && values.len() > 1 {
            let text = values[0].as_str().expect("enum values are text");
            return json!(format!("{text}_OF_THE_FUTURE"));
        }
        values[0].clone()
    }

    fn union(&mut self, schema: &Value) -> Value {
        let tag = schema["discriminator"]["propertyName"]
            .as_str()
            .expect("a union has a discriminator");
        if self.shape == Shape::Future {
            return json!({ tag: "KIND_OF_THE_FUTURE", "depth": {"of": ["anything", 1, null]} });
        }
        let named = self.above.last();
        let (name, target) = named
            .and_then(|union| nesting::first_member(self.root, union))
            .or_else(|| nesting::members(schema).first().copied())
            .expect("a discriminator has a mapping");
        let mut member = self.value("", &json!({ "$ref": model::schema_reference(target) }));
        member[tag] = json!(name);
        member
    }

    fn object(&mut self, schema: &Value) -> Value {
        let Some(properties) = schema["properties"].as_object() else {
            let entry = &schema["additionalProperties"];
            if self.is_again(entry) {
                return json!({});
            }
            let is_typed = entry.as_object().is_some_and(|entry| !entry.is_empty());
            let entry = if is_typed {
                self.value("", entry)
            } else {
                json!("value")
            };
            return json!({ "key": entry });
        };
        let required = model::strings(&schema["required"]);
        let mut object = Map::new();
        for (name, property) in properties {
            let is_optional = !required.contains(name);
            match self.shape {
                Shape::Minimal if is_optional => {}
                Shape::Nulls if is_optional => {
                    object.insert(name.clone(), Value::Null);
                }
                _ if is_optional && self.is_again(property) => {}
                _ => {
                    object.insert(name.clone(), self.value(name, property));
                }
            }
        }
        if self.shape == Shape::Future {
            object.insert(FUTURE_PROPERTY.to_owned(), json!({"deep": [1, null]}));
        }
        Value::Object(object)
    }

    /// Whether `schema` refers to a schema around it.
    fn is_again(&self, schema: &Value) -> bool {
        model::reference(schema).is_some_and(|name| self.above.iter().any(|above| above == name))
    }
}

/// A plausible text for a property or parameter called `name`.
fn text(name: &str) -> &'static str {
    match name {
        "email" => "billing@example.com",
        "recipient" => "https://example.com/hook",
        "country" => "GB",
        _ => "text",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Shape, named, property, value};
    use crate::Document;

    fn document() -> Document {
        Document::parse(
            "x.yaml",
            "
components:
  schemas:
    Speed: {type: string, enum: [FAST, SLOW]}
    Box: {type: object, required: [form, side], properties: {form: {type: string, enum: [BOX]}, side: {type: integer}}}
    Form:
      oneOf: [{$ref: '#/components/schemas/Box'}]
      discriminator: {propertyName: form, mapping: {BOX: '#/components/schemas/Box'}}
    Node:
      type: object
      required: [children]
      properties:
        parent: {$ref: '#/components/schemas/Node'}
        children: {type: array, items: {$ref: '#/components/schemas/Node'}}
        by_name: {type: object, additionalProperties: {$ref: '#/components/schemas/Node'}}
    Not: {type: object, required: [way], properties: {way: {$ref: '#/components/schemas/Way'}}}
    Way:
      oneOf: [{$ref: '#/components/schemas/Not'}, {$ref: '#/components/schemas/Box'}]
      discriminator: {propertyName: form, mapping: {NOT: '#/components/schemas/Not', BOX: '#/components/schemas/Box'}}
",
        )
        .expect("YAML")
    }

    #[test]
    fn the_future_has_values_kinds_and_properties_that_the_document_lacks() {
        let root = document().root;
        assert_eq!(named(&root, "Speed", Shape::Whole), json!("FAST"));
        assert_eq!(named(&root, "Speed", Shape::Future), json!("FAST_OF_THE_FUTURE"));
        assert_eq!(named(&root, "Form", Shape::Future)["form"], "KIND_OF_THE_FUTURE");
        let future = named(&root, "Box", Shape::Future);
        assert_eq!(future["form"], "BOX", "a discriminator stays");
        assert!(future["fieldOfTheFuture"].is_object());
    }

    #[test]
    fn a_union_is_sampled_as_its_first_member() {
        let root = document().root;
        assert_eq!(
            named(&root, "Form", Shape::Minimal),
            json!({"form": "BOX", "side": 1})
        );
    }

    #[test]
    fn a_schema_that_contains_itself_ends() {
        let root = document().root;
        assert_eq!(
            named(&root, "Node", Shape::Whole),
            json!({"children": [], "by_name": {}})
        );
        let way = json!({"form": "BOX", "side": 1});
        assert_eq!(named(&root, "Not", Shape::Whole), json!({ "way": way }));
    }

    #[test]
    fn a_text_suits_its_name() {
        let text = json!({"type": "string"});
        assert_eq!(
            property(&json!({}), "email", &text, Shape::Whole),
            "billing@example.com"
        );
        assert_eq!(property(&json!({}), "memo", &text, Shape::Whole), "text");
    }

    #[test]
    fn maps_and_free_form_values_are_not_empty() {
        let root = document().root;
        let typed = json!({"type": "object", "additionalProperties": {"type": "boolean"}});
        assert_eq!(value(&root, &typed, Shape::Whole), json!({"key": true}));
        let free = json!({"type": "object"});
        assert_eq!(value(&root, &free, Shape::Whole), json!({"key": "value"}));
        assert!(value(&root, &json!({}), Shape::Whole).is_object());
    }
}
