//! Unions, their discriminators and their members.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::Checker;
use crate::load::escape;
use crate::model;

impl Checker<'_> {
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
            let own = model::resolve(&self.document.root, own);
            if own["type"] != "string" {
                self.fault(
                    pointer,
                    format!("`{tag}` of `{name}` is not a text, as a discriminator is: write `type: string`"),
                );
            }
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
}
