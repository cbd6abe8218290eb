//! Named schemas: enums, unions and objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Checker;
use super::values::{NO_PLAIN_SECRET, Place};
use crate::load::escape;
use crate::{model, nesting};

impl Checker<'_> {
    pub(super) fn schemas(&mut self) {
        let root = &self.document.root;
        let requests = model::request_schemas(root);
        for (name, schema) in model::schemas(root) {
            let pointer = format!("/components/schemas/{}", escape(name));
            self.require_text(schema, &pointer, "description");
            self.known_extensions(schema, &pointer, &["x-values"]);
            if !name.starts_with(|first: char| first.is_ascii_uppercase())
                || !name.chars().all(|letter| letter.is_ascii_alphanumeric())
            {
                self.fault(&pointer, format!("schema `{name}` is not in PascalCase"));
            }
            if schema.get("enum").is_some() {
                self.enumeration(schema, &pointer);
            } else if schema.get("oneOf").is_some() {
                self.union(schema, &pointer);
            } else if schema["format"] == "id" {
                self.scalar(schema, &pointer, Place::Property);
            } else {
                self.object(schema, &pointer, requests.contains(name));
            }
        }
        for name in nesting::endless(root) {
            self.fault(
                &format!("/components/schemas/{}", escape(name)),
                format!(
                    "every `{name}` contains another `{name}`, without end: make a property on the way optional, or a list"
                ),
            );
        }
    }

    pub(super) fn enumeration(&mut self, schema: &Value, pointer: &str) {
        let example = &schema["example"];
        if !example.is_null()
            && !schema["enum"]
                .as_array()
                .is_some_and(|values| values.contains(example))
        {
            self.fault(
                pointer,
                format!("the example {example} is not a value of the enum"),
            );
        }
        let values: BTreeSet<String> = model::strings(&schema["enum"]).into_iter().collect();
        if schema["enum"]
            .as_array()
            .is_none_or(|all| all.len() != values.len())
        {
            self.fault(pointer, "an enum value is repeated or not a string (quote it)");
        }
        let Some(described) = schema.get("x-values") else {
            return;
        };
        let described: BTreeSet<String> = described
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .cloned()
            .collect();
        for value in values.symmetric_difference(&described) {
            self.fault(
                &format!("{pointer}/x-values"),
                format!("only one of enum and x-values has `{value}`"),
            );
        }
    }

    pub(super) fn union(&mut self, schema: &Value, pointer: &str) {
        let tag = schema
            .pointer("/discriminator/propertyName")
            .and_then(Value::as_str);
        let mapping = schema
            .pointer("/discriminator/mapping")
            .and_then(Value::as_object);
        let (Some(tag), Some(mapping)) = (tag, mapping) else {
            self.fault(pointer, "a union needs a discriminator with a mapping");
            return;
        };
        let example = &schema["example"];
        if !example.is_null()
            && !example
                .as_str()
                .is_some_and(|example| mapping.contains_key(example))
        {
            self.fault(
                pointer,
                format!("the example {example} is not a value of the discriminator"),
            );
        }
        let listed: BTreeSet<&str> = schema["oneOf"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(|one| one["$ref"].as_str())
            .collect();
        let mapped: BTreeSet<&str> = mapping.values().filter_map(Value::as_str).collect();
        if listed != mapped {
            self.fault(
                pointer,
                "oneOf and the discriminator's mapping refer to different schemas",
            );
        }
        for target in mapping.values() {
            let target = target
                .as_str()
                .and_then(|target| self.document.root.pointer(target.strip_prefix('#')?));
            if target.is_none_or(|member| member["properties"].get(tag).is_none()) {
                self.fault(pointer, format!("a member of the union has no property `{tag}`"));
            }
        }
    }

    pub(super) fn object(&mut self, schema: &Value, pointer: &str, in_request: bool) {
        if schema["format"] == "password" {
            self.fault(pointer, NO_PLAIN_SECRET);
            return;
        }
        let Some(properties) = schema["properties"]
            .as_object()
            .filter(|_| schema["type"] == "object")
        else {
            self.fault(
                pointer,
                "is neither an enum, an id, a union nor an object (`type: object` with `properties`): write its type \
                 where the value occurs, without a name",
            );
            return;
        };
        match schema.get("additionalProperties") {
            None => {}
            Some(Value::Bool(false)) => self.closed(pointer),
            Some(_) => self.fault(
                pointer,
                "has `additionalProperties` beside `properties`, which is not supported: remove one of them",
            ),
        }
        let required = model::strings(&schema["required"]);
        for (name, property) in properties {
            let here = format!("{pointer}/properties/{}", escape(name));
            self.property(property, &here, in_request, required.contains(name));
        }
        for name in required {
            if !properties.contains_key(&name) {
                self.fault(
                    &format!("{pointer}/required"),
                    format!("`{name}` is required but not a property"),
                );
            }
        }
    }

    fn property(&mut self, property: &Value, pointer: &str, in_request: bool, is_required: bool) {
        if property.get("$ref").is_none() {
            self.require_text(property, pointer, "description");
        }
        self.known_extensions(property, pointer, &[]);
        self.value(property, pointer, Place::Property);
        if in_request && is_required {
            self.example(property, pointer);
        }
        self.no_secret_but_text(property, pointer);
        if property["nullable"] != true {
            return;
        }
        if !in_request || is_required {
            self.fault(
                pointer,
                "`nullable` is supported only for optional properties of request bodies",
            );
        } else if property["format"] == "decimal" {
            self.fault(pointer, "`nullable` is not supported for decimals: remove it");
        }
    }
}
