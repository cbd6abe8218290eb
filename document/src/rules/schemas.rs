//! Named schemas: enums, unions and objects.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Checker;
use super::values::{NO_PLAIN_SECRET, Place};
use crate::load::escape;
use crate::{model, names, nesting};

impl Checker<'_> {
    pub(super) fn schemas(&mut self) {
        let root = &self.document.root;
        let requests = model::request_schemas(root);
        for (name, schema) in model::schemas(root) {
            let pointer = format!("/components/schemas/{}", escape(name));
            self.require_text(schema, &pointer, "description");
            self.differences(schema, &pointer, requests.contains(name));
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

    pub(super) fn union(&mut self, schema: &Value, pointer: &str) {
        let tag = schema
            .pointer("/discriminator/propertyName")
            .and_then(Value::as_str);
        let mapping = schema
            .pointer("/discriminator/mapping")
            .and_then(Value::as_object);
        let (Some(tag), Some(mapping)) = (tag, mapping) else {
            self.fault(
                pointer,
                "a union needs a `discriminator` with `propertyName` and `mapping`",
            );
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
                format!("the example {example} is not a value of the discriminator: use one of them"),
            );
        }
        if !self.members_agree(schema, mapping, pointer) {
            return;
        }
        let mut mapped = BTreeSet::new();
        for (kind, target) in mapping {
            let name = model::last_segment(target.as_str().unwrap_or_default());
            let member = &self.document.root["components"]["schemas"][name];
            let Some(own) = member["properties"].get(tag) else {
                self.fault(
                    pointer,
                    format!("a member of the union has no property `{tag}`: add the discriminator"),
                );
                continue;
            };
            if own.get("enum").is_some_and(|values| *values != json!([kind])) {
                self.fault(
                    pointer,
                    format!(
                        "`{kind}` is mapped to `{name}`, whose `{tag}` is {}: make them agree",
                        own["enum"]
                    ),
                );
            }
            if !mapped.insert(name) {
                self.fault(
                    pointer,
                    format!(
                        "`{name}` is mapped twice, which is not supported: define a schema for each value"
                    ),
                );
            }
        }
    }

    /// Checks that `oneOf` and the mapping have the same schemas, each once.
    fn members_agree(&mut self, schema: &Value, mapping: &Map<String, Value>, pointer: &str) -> bool {
        let listed = schema["oneOf"].as_array().into_iter().flatten();
        let listed: Vec<&str> = listed.filter_map(|one| one["$ref"].as_str()).collect();
        let mapped: Vec<&str> = mapping.values().filter_map(Value::as_str).collect();
        let only = |left: &[&str], right: &[&str]| {
            let only = left.iter().find(|one| !right.contains(one));
            only.map(|one| (*one).to_owned())
        };
        let problem = if let Some(one) = mapped.iter().find(|one| !one.contains('/')) {
            let reference = model::schema_reference(one);
            format!("the mapping of the discriminator has `{one}`: write `{reference}`")
        } else if let Some(one) = only(&listed, &mapped) {
            format!(
                "`oneOf` has `{one}`, which the mapping of the discriminator lacks: add it, with its value"
            )
        } else if let Some(one) = only(&mapped, &listed) {
            format!(
                "the mapping of the discriminator has `{one}`, which `oneOf` lacks: list it there as `$ref`"
            )
        } else if let Some(one) = listed
            .iter()
            .enumerate()
            .find_map(|(index, one)| listed[..index].contains(one).then_some(one))
        {
            format!("`oneOf` has `{one}` twice: remove one of them")
        } else {
            return true;
        };
        self.fault(pointer, problem);
        false
    }

    /// The discriminator is written by the union, and removed from the types of its members.
    pub(super) fn members(&mut self) {
        let root = &self.document.root;
        let mut members = BTreeMap::new();
        for (union, schema) in model::schemas(root) {
            let tag = schema["discriminator"]["propertyName"]
                .as_str()
                .unwrap_or_default();
            let listed = schema["oneOf"].as_array().into_iter().flatten();
            let listed = listed.filter_map(|member| member["$ref"].as_str());
            members.extend(listed.map(|member| (member.to_owned(), (union, tag))));
        }
        model::references(root, "", &mut |pointer, reference| {
            let is_in_union = pointer.contains("/oneOf/");
            if let (Some((union, tag)), false) = (members.get(reference), is_in_union) {
                let member = model::last_segment(reference);
                let message = format!(
                    "`{member}` is a member of the union `{union}`, which alone writes its `{tag}`: refer to `{union}`"
                );
                self.fault(pointer, message);
            }
        });
        for (name, schema) in model::schemas(root) {
            let union = members.get(&model::schema_reference(name));
            for (property, value) in schema["properties"].as_object().into_iter().flatten() {
                // A member that lacks the discriminator has a fault of its own.
                let is_tag =
                    union.is_some_and(|(_, tag)| property == tag || schema["properties"].get(*tag).is_none());
                let values = value["enum"].as_array().map_or(0, Vec::len);
                if value.get("enum").is_some() && !(is_tag && values == 1) {
                    let pointer = format!(
                        "/components/schemas/{}/properties/{}",
                        escape(name),
                        escape(property)
                    );
                    self.fault(&pointer, "is an inline enum: define it under components/schemas");
                }
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
