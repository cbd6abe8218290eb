//! Operations: their ids, tags, versions and extensions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Checker;
use super::parameters::path_problem;
use crate::load::escape;
use crate::model;
use crate::names;
use crate::near;
use crate::routes;

/// The repeat rules of a POST or PATCH.
const REPEATS: [&str; 3] = ["never", "event-id", "idempotency-key"];
/// The repeat rules of a PUT or DELETE.
const REPLACEMENT_REPEATS: [&str; 2] = ["safe", "never"];

impl Checker<'_> {
    pub(super) fn operations(&mut self) {
        let root = &self.document.root;
        let tags: BTreeMap<String, String> = model::tags(root)
            .into_iter()
            .map(|tag| (tag.name, tag.resource))
            .collect();
        let mut ids = BTreeSet::new();
        let mut vendor_ids: BTreeMap<&str, &str> = BTreeMap::new();
        for raw in model::raw_operations(root) {
            let (pointer, operation) = (raw.pointer(), raw.raw);
            for key in ["operationId", "summary", "description", "x-vendor-id"] {
                self.require_text(operation, &pointer, key);
            }
            let id = operation["operationId"].as_str().unwrap_or_default();
            if !id.is_empty() && !ids.insert(id.to_owned()) {
                self.fault(
                    &pointer,
                    format!("operationId `{id}` is used twice: rename one of them"),
                );
            }
            if let Some(vendor) = operation["x-vendor-id"].as_str()
                && let Some(other) = vendor_ids.insert(vendor, id)
            {
                self.fault(
                    &pointer,
                    format!("x-vendor-id `{vendor}` is also that of `{other}`: correct one of them"),
                );
            }
            self.operation_tag(operation, &pointer, id, &tags);
            self.operation_versions(operation, &pointer, raw.path);
            self.operation_extensions(operation, &pointer, raw.method);
            self.parameters(operation, &pointer, raw.path);
            self.body(operation, &pointer);
            self.responses(operation, &pointer);
        }
        for path in root["paths"].as_object().into_iter().flat_map(Map::keys) {
            let pointer = format!("/paths/{}", escape(path));
            self.path(path, &pointer);
        }
    }

    /// Each endpoint has one operation in each version. The generator knows an endpoint once, whatever the version.
    pub(super) fn endpoints(&mut self) {
        let mut seen: BTreeMap<(String, String), String> = BTreeMap::new();
        for operation in model::operations(&self.document.root) {
            let now = (operation.method.clone(), operation.path.clone());
            let mut own: BTreeSet<(String, String)> = operation.former.values().cloned().collect();
            own.insert(now);
            for (method, path) in own {
                let form = (method.clone(), routes::anonymous(&path));
                let Some(other) = seen.insert(form, operation.id.clone()) else {
                    continue;
                };
                let pointer = format!("/paths/{}/{}", escape(&operation.path), operation.method);
                let endpoint = format!("{} {path}", method.to_uppercase());
                self.fault(
                    &pointer,
                    format!("`{endpoint}` is also the endpoint of `{other}`, which is not supported: remove one of them"),
                );
            }
        }
    }

    pub(super) fn operation_tag(
        &mut self,
        operation: &Value,
        pointer: &str,
        id: &str,
        tags: &BTreeMap<String, String>,
    ) {
        let named = model::strings(&operation["tags"]);
        let [tag] = named.as_slice() else {
            self.fault(
                pointer,
                format!(
                    "has {} tags instead of one: name the tag whose accessor has the call",
                    named.len()
                ),
            );
            return;
        };
        match tags.get(tag) {
            None => {
                let hint = near::hint(tag, tags.keys().map(String::as_str));
                let problem =
                    format!("tag `{tag}` is not declared under `tags`{hint}: declare it, or use another one");
                self.fault(pointer, problem);
            }
            // The tag has a fault of its own.
            Some(resource) if resource.is_empty() => {}
            Some(resource) => {
                if !id.is_empty() && (!names::is_snake(id) || names::method(resource, id).is_none()) {
                    self.fault(
                        pointer,
                        format!("operationId `{id}` is not `{resource}_verb` in snake_case: the verb is the name of its method"),
                    );
                }
            }
        }
    }

    pub(super) fn operation_versions(&mut self, operation: &Value, pointer: &str, path: &str) {
        let versions = model::strings(&operation["x-versions"]);
        if versions.is_empty() {
            self.fault(
                pointer,
                "has no x-versions: list the API versions that have the operation",
            );
        }
        let is_known = |version: &String| self.versions.all.contains(version);
        let all = &self.versions.all;
        if !versions.is_empty() && versions.iter().all(is_known) && all.is_sorted() {
            self.known_versions(&operation["x-versions"], &format!("{pointer}/x-versions"));
        }
        for version in versions
            .iter()
            .chain(operation["x-former"].as_object().into_iter().flat_map(Map::keys))
        {
            if !self.versions.all.is_empty() && !self.versions.all.contains(version) {
                let known = self.versions.all.join(", ");
                self.fault(
                    pointer,
                    format!("unknown version `{version}`: use one of {known}"),
                );
            }
        }
        for (version, endpoint) in operation["x-former"].as_object().into_iter().flatten() {
            let endpoint = endpoint.as_str().unwrap_or_default();
            let former = endpoint
                .split_once(' ')
                .filter(|(method, path)| {
                    model::METHODS.contains(&method.to_ascii_lowercase().as_str())
                        && path_problem(path).is_none()
                })
                .filter(|_| versions.contains(version));
            let Some((_, former)) = former else {
                let message = format!(
                    "x-former `{version}: {endpoint}` is not `version: METHOD /path` of a listed version"
                );
                self.fault(pointer, message);
                continue;
            };
            let count = |path| model::path_parameters(path).count();
            if count(former) != count(path) {
                self.fault(
                    pointer,
                    format!(
                        "x-former `{version}: {endpoint}` has {} parameters, the path {}: they must agree, in the same order",
                        count(former),
                        count(path),
                    ),
                );
            }
        }
    }

    pub(super) fn operation_extensions(&mut self, operation: &Value, pointer: &str, method: &str) {
        if let Some(conflict) = operation.get("x-conflict") {
            let schemas = &self.document.root["components"]["schemas"];
            if conflict.as_str().is_none_or(|name| schemas.get(name).is_none()) {
                self.fault(
                    pointer,
                    format!("the x-conflict {conflict} is not the name of a schema: define it under components/schemas"),
                );
            }
        }
        self.envelopes(operation, pointer);
        if let Some(member) = operation["x-bare-list"].as_str() {
            self.bare_list(operation, pointer, member);
        }
        if operation
            .get("x-rate-limit")
            .is_some_and(|limit| limit != "events")
        {
            self.fault(pointer, "x-rate-limit is not `events`: write that, or remove it");
        }
        self.repeat(operation, pointer, method);
    }

    fn has_event_id(&self, operation: &Value) -> bool {
        let body = operation.pointer("/requestBody/content/application~1json/schema");
        let body = model::resolve(&self.document.root, body.unwrap_or(&Value::Null));
        is_plain_optional(body, "customerEventId", "string")
    }

    pub(super) fn repeat(&mut self, operation: &Value, pointer: &str, method: &str) {
        let replaces = matches!(method, "put" | "delete");
        let known = if replaces {
            &REPLACEMENT_REPEATS[..]
        } else {
            &REPEATS[..]
        };
        match operation.get("x-repeat").map(Value::as_str) {
            Some(_) if method == "get" => {
                self.fault(
                    pointer,
                    "x-repeat is not allowed on get, which is always safe to repeat",
                );
            }
            None if method != "get" => {
                self.fault(
                    pointer,
                    format!(
                        "has no x-repeat: specify whether {method} may be repeated ({})",
                        known.join(", ")
                    ),
                );
            }
            Some(Some("idempotency-key")) if self.versions.idempotency_key.is_empty() => {
                self.fault(
                    pointer,
                    "x-repeat is `idempotency-key`, but the document has no x-idempotency-key-since",
                );
            }
            Some(repeat) if !repeat.is_some_and(|repeat| known.contains(&repeat)) => {
                self.fault(
                    pointer,
                    format!(
                        "unknown x-repeat `{}`: use one of {}",
                        repeat.unwrap_or_default(),
                        known.join(", ")
                    ),
                );
            }
            _ => {}
        }
        if operation["x-repeat"] == "event-id" && !self.has_event_id(operation) {
            self.fault(
                pointer,
                "x-repeat is `event-id`, but the request body has no optional `customerEventId` (`type: string`)",
            );
        }
        let needs_reason = replaces && operation["x-repeat"] == "never";
        if needs_reason {
            self.require_text(operation, pointer, "x-repeat-reason");
        } else if operation.get("x-repeat-reason").is_some() {
            self.fault(
                pointer,
                "x-repeat-reason is allowed only on a PUT or DELETE with `x-repeat: never`",
            );
        }
    }
}

/// Whether an object has an optional property of a type, under the name that the client expects.
pub(super) fn is_plain_optional(object: &Value, name: &str, kind: &str) -> bool {
    let property = &object["properties"][name];
    property["type"] == kind
        && property["nullable"] != true
        && property.get("x-rust-name").is_none()
        && !model::strings(&object["required"])
            .iter()
            .any(|required| required == name)
}
