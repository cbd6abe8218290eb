//! Named schemas: enums and objects.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::Checker;
use super::values::{NO_PLAIN_SECRET, Place};
use crate::load::escape;
use crate::{model, names, nesting};

impl Checker<'_> {
    pub(super) fn schemas(&mut self) {
        let root = &self.document.root;
        let requests = model::request_schemas(root);
        let responses = model::response_schemas(root);
        for (name, schema) in model::schemas(root) {
            let pointer = format!("/components/schemas/{}", escape(name));
            self.require_text(schema, &pointer, "description");
            let is_answer = responses.contains(name) && !requests.contains(name);
            self.differences(schema, &pointer, is_answer);
            if !names::is_camel(name) {
                let camel = names::camel(name);
                self.fault(
                    &pointer,
                    format!("schema `{name}` is not in PascalCase: write `{camel}`"),
                );
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
    }

    /// Values end, although their schemas may contain themselves.
    pub(super) fn recursion(&mut self) {
        let root = &self.document.root;
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
                format!("the example {example} is not a value of the enum: use one of them"),
            );
        }
        if schema["type"] != "string" {
            self.fault(pointer, "an enum needs `type: string`");
        }
        let all = model::strings(&schema["enum"]);
        let values: BTreeSet<String> = all.iter().cloned().collect();
        if values.is_empty() {
            self.fault(pointer, "an enum has no values");
        } else if all.len() != values.len() {
            self.fault(pointer, "an enum value is repeated: remove one of them");
        }
        let Some(described) = schema.get("x-values") else {
            return;
        };
        for (value, text) in described.as_object().into_iter().flatten() {
            if text.as_str().is_some_and(|text| text.trim().is_empty()) {
                self.fault(
                    &format!("{pointer}/x-values/{}", escape(value)),
                    "has no meaning: describe the value",
                );
            }
        }
        let described: BTreeSet<String> = described
            .as_object()
            .into_iter()
            .flat_map(Map::keys)
            .cloned()
            .collect();
        for value in values.symmetric_difference(&described) {
            self.fault(
                &format!("{pointer}/x-values"),
                format!("only one of `enum` and `x-values` has `{value}`: describe every value, or none"),
            );
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
        for key in ["format", "items"] {
            if schema.get(key).is_some() {
                self.fault(
                    pointer,
                    format!("`{key}` does not fit `type: object`: remove it, or correct the type"),
                );
            }
        }
        match schema.get("additionalProperties") {
            None => {}
            Some(Value::Bool(false)) => self.closed(pointer),
            Some(_) => self.fault(
                pointer,
                "has `additionalProperties` beside `properties`, which is not supported: remove one of them",
            ),
        }
        let required = model::strings(&schema["required"]);
        for (index, name) in required.iter().enumerate() {
            if required[..index].contains(name) {
                self.fault(
                    &format!("{pointer}/required"),
                    format!("`{name}` is listed twice: remove one of them"),
                );
            }
        }
        for (name, property) in properties {
            let here = format!("{pointer}/properties/{}", escape(name));
            self.property(property, &here, in_request, required.contains(name));
        }
        for name in required {
            if !properties.contains_key(&name) {
                self.fault(
                    &format!("{pointer}/required"),
                    format!("`{name}` is required but not a property: add it, or do not require it"),
                );
            }
        }
    }

    fn property(&mut self, property: &Value, pointer: &str, in_request: bool, is_required: bool) {
        if property.get("$ref").is_none() {
            self.require_text(property, pointer, "description");
        }
        self.value(property, pointer, Place::Property);
        if in_request && is_required {
            self.example(property, pointer);
            if property["deprecated"] == true {
                self.fault(
                    pointer,
                    "a required property of a request cannot be deprecated, because every request has it: make it optional, or \
                     remove `deprecated`",
                );
            }
        }
        self.no_secret_but_text(property, pointer);
        if property["nullable"] != true {
            return;
        }
        if !in_request || is_required {
            self.fault(
                pointer,
                "`nullable` is supported only for optional properties of request bodies: remove it",
            );
        } else if property["format"] == "decimal" {
            self.fault(pointer, "`nullable` is not supported for decimals: remove it");
        }
    }
}
