//! Request bodies, and the names of the schemas in them.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use crate::load::escape;
use crate::model::{self, Operation, Success};
use crate::names;

impl Checker<'_> {
    pub(super) fn body(&mut self, operation: &Value, pointer: &str) {
        let Some(body) = operation.get("requestBody") else {
            return;
        };
        if pointer.ends_with("/get") {
            self.fault(
                &format!("{pointer}/requestBody"),
                "a GET has no body, which servers ignore: send parameters in the query, or use POST",
            );
            return;
        }
        let content = body["content"].as_object();
        let is_reference = body.pointer("/content/application~1json/schema/$ref").is_some();
        if !is_reference || content.is_none_or(|content| content.len() != 1) {
            self.fault(
                pointer,
                "the request body is not `application/json` alone with a reference: define its schema under components/schemas",
            );
        }
        if body["required"] != true {
            self.fault(
                pointer,
                "the request body is not `required: true`: add it, because calls always send one",
            );
        }
        let schema = body
            .pointer("/content/application~1json/schema")
            .unwrap_or(&Value::Null);
        let schema = model::resolve(&self.document.root, schema);
        if is_reference && schema.get("properties").or(schema.get("oneOf")).is_none() {
            self.fault(
                pointer,
                "the request body is neither an object nor a union, which is not supported",
            );
        }
    }

    /// A body has the name of its operation, or of another operation of the same tag that has it as well.
    pub(super) fn body_names(&mut self) {
        let named = |operation: &Operation| Some(names::camel(&operation.id)) == operation.body;
        let all = model::operations(&self.document.root);
        let tags = model::tags(&self.document.root);
        for own in &all {
            let Some(body) = own.body.as_ref().filter(|_| own.method != "get") else {
                continue;
            };
            // An id that breaks its own rule has no name for the body.
            let tag = tags.iter().find(|tag| tag.name == own.tag);
            let is_named = tag.is_some_and(|tag| names::method(&tag.resource, &own.id).is_some());
            if !names::is_snake(&own.id) || !is_named {
                continue;
            }
            let is_shared = all
                .iter()
                .any(|other| other.body.as_ref() == Some(body) && own.tag == other.tag && named(other));
            let needs_its_own = ["_create", "_update", "_patch"]
                .iter()
                .any(|verb| own.id.ends_with(verb));
            if !named(own) && (needs_its_own || !is_shared) {
                let wanted = names::camel(&own.id);
                self.fault(
                    &format!("/paths/{}/{}", escape(&own.path), own.method),
                    format!("the request body is `{body}`: name it after its operation, `{wanted}`"),
                );
            }
        }
    }

    /// An object that is sent only as a part of bodies ends in `Input`, and no other schema does.
    pub(super) fn input_names(&mut self) {
        let root = &self.document.root;
        let operations = model::operations(root);
        let bodies: BTreeSet<&str> = operations.iter().filter_map(|one| one.body.as_deref()).collect();
        let received = operations.iter().flat_map(|one| {
            let success = match &one.success {
                Success::Json(name) => Some(name),
                Success::Nothing | Success::Pdf => None,
            };
            success
                .into_iter()
                .chain(&one.conflict)
                .chain(one.errors.values())
        });
        let received = model::reached(root, received.map(|name| model::schema_reference(name)));
        let sent = model::request_schemas(root);
        for (name, schema) in model::schemas(root) {
            let is_part = sent.contains(name)
                && !bodies.contains(name.as_str())
                && !received.contains(&model::schema_reference(name))
                && schema.get("properties").is_some();
            let pointer = format!("/components/schemas/{}", escape(name));
            if is_part && !name.ends_with("Input") {
                self.fault(
                    &pointer,
                    format!("`{name}` is only a part of request bodies: let its name end in `Input`"),
                );
            } else if !is_part && name.ends_with("Input") {
                self.fault(
                    &pointer,
                    format!("`{name}` ends in `Input`, but is not only a part of request bodies: rename it"),
                );
            }
        }
    }
}
