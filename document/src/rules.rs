//! Checks the rules stated at the head of the document, and reports all violations at once.
//!
//! A document that passes can be read by [`crate::model`] without further checks.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::load::{Document, Fault, Faults, escape};
use crate::model::{self, Success, Versions};

const ROOT_EXTENSIONS: [&str; 3] = ["x-versions", "x-idempotency-key-since", "x-not-offered"];
const OPERATION_EXTENSIONS: [&str; 8] = [
    "x-vendor-id",
    "x-versions",
    "x-former",
    "x-paginated",
    "x-repeat",
    "x-repeat-reason",
    "x-rate-limit",
    "x-conflict",
];
/// The repeat rules of a POST or PATCH.
const REPEATS: [&str; 3] = ["never", "event-id", "idempotency-key"];
/// The repeat rules of a PUT or DELETE.
const REPLACEMENT_REPEATS: [&str; 2] = ["safe", "never"];
const STRING_FORMATS: [&str; 6] = ["decimal", "date", "date-time", "id", "binary", "password"];
const NO_PLAIN_SECRET: &str = "`format: password` is supported only for string properties that are not nullable, and not in lists, maps or components";

/// Checks every rule, and returns the document unchanged.
///
/// # Errors
///
/// Returns all faults of the document, sorted by line.
pub fn check(document: Document) -> Result<Document, Faults> {
    let mut checker = Checker {
        document: &document,
        versions: model::versions(&document.root),
        faults: Vec::new(),
    };
    checker.versions();
    checker.not_offered();
    checker.tags();
    checker.operations();
    checker.input_names();
    checker.schemas();
    checker.references();
    let mut faults = checker.faults;
    if faults.is_empty() {
        Ok(document)
    } else {
        faults.sort();
        faults.dedup();
        Err(Faults(faults))
    }
}

struct Checker<'a> {
    document: &'a Document,
    versions: Versions,
    faults: Vec<Fault>,
}

impl Checker<'_> {
    fn fault(&mut self, pointer: &str, message: impl Into<String>) {
        self.faults.push(self.document.fault(pointer, message));
    }

    fn require_text(&mut self, value: &Value, pointer: &str, key: &str) {
        if value[key].as_str().is_none_or(|text| text.trim().is_empty()) {
            self.fault(pointer, format!("has no {key}"));
        }
    }

    fn known_extensions(&mut self, value: &Value, pointer: &str, known: &[&str]) {
        for key in value.as_object().into_iter().flat_map(Map::keys) {
            if key.starts_with("x-") && !known.contains(&key.as_str()) {
                self.fault(
                    &format!("{pointer}/{}", escape(key)),
                    format!("unknown extension {key}"),
                );
            }
        }
    }

    fn versions(&mut self) {
        let root = &self.document.root;
        self.known_extensions(root, "", &ROOT_EXTENSIONS);
        let listed = root["x-versions"].as_array().map_or(0, Vec::len);
        let Versions { all, default, .. } = self.versions.clone();
        if all.is_empty() || all.len() != listed || !all.is_sorted_by(|one, next| one < next) {
            self.fault(
                "/x-versions",
                "is not a list of quoted API versions, oldest first",
            );
        }
        if all.is_empty() {
            return;
        }
        for version in all.iter().filter(|version| !is_date(version)) {
            self.fault(
                "/x-versions",
                format!("version `{version}` does not have the form yyyy-mm-dd"),
            );
        }
        if !all.contains(&default) {
            self.fault(
                "/info/version",
                format!("the default version `{default}` is not listed in x-versions"),
            );
        }
        if let Some(since) = root.get("x-idempotency-key-since")
            && !all.iter().any(|version| since == version)
        {
            self.fault("/x-idempotency-key-since", "is not listed in x-versions");
        }
    }

    fn not_offered(&mut self) {
        let root = &self.document.root;
        let entries = root["x-not-offered"].as_array().into_iter().flatten();
        for (index, entry) in entries.enumerate() {
            let pointer = format!("/x-not-offered/{index}");
            self.require_text(entry, &pointer, "reason");
            let versions = model::strings(&entry["versions"]);
            for version in &versions {
                if !self.versions.all.contains(version) {
                    self.fault(&pointer, format!("unknown version `{version}`"));
                }
            }
            for route in model::strings(&entry["operations"]) {
                let offered = model::operations(root).into_iter().find(|operation| {
                    versions.iter().any(|version| {
                        operation.endpoint(version).is_some_and(|(method, path)| {
                            route == format!("{} {path}", method.to_uppercase())
                        })
                    })
                });
                if let Some(operation) = offered {
                    self.fault(&pointer, format!("`{route}` is offered, as {}", operation.id));
                }
            }
        }
    }

    fn tags(&mut self) {
        let root = &self.document.root;
        let mut seen = BTreeSet::new();
        for (index, tag) in root["tags"].as_array().into_iter().flatten().enumerate() {
            let pointer = format!("/tags/{index}");
            for key in ["name", "description", "x-resource"] {
                self.require_text(tag, &pointer, key);
            }
            self.known_extensions(tag, &pointer, &["x-feature", "x-resource"]);
            let name = tag["name"].as_str().unwrap_or_default();
            if !is_snake(name) {
                self.fault(&pointer, format!("tag `{name}` is not in snake_case"));
            }
            if !seen.insert(name.to_owned()) {
                self.fault(&pointer, format!("tag `{name}` is declared twice"));
            }
        }
    }

    fn operations(&mut self) {
        let root = &self.document.root;
        let tags: BTreeMap<String, String> = model::tags(root)
            .into_iter()
            .map(|tag| (tag.name, tag.resource))
            .collect();
        let mut ids = BTreeSet::new();
        for raw in model::raw_operations(root) {
            let (pointer, operation) = (raw.pointer(), raw.raw);
            for key in ["operationId", "summary", "description", "x-vendor-id"] {
                self.require_text(operation, &pointer, key);
            }
            let id = operation["operationId"].as_str().unwrap_or_default();
            if !id.is_empty() && !ids.insert(id.to_owned()) {
                self.fault(&pointer, format!("operationId `{id}` is used twice"));
            }
            self.operation_tag(operation, &pointer, id, &tags);
            self.operation_versions(operation, &pointer);
            self.operation_extensions(operation, &pointer, raw.method);
            self.parameters(operation, &pointer, raw.path);
            self.body(operation, &pointer, id);
            self.responses(operation, &pointer);
        }
        for (path, item) in root["paths"].as_object().into_iter().flatten() {
            for key in item.as_object().into_iter().flat_map(Map::keys) {
                if !model::METHODS.contains(&key.as_str()) {
                    let pointer = format!("/paths/{}/{}", escape(path), escape(key));
                    self.fault(
                        &pointer,
                        format!("`{key}` is not supported on a path: specify it on each operation"),
                    );
                }
            }
        }
    }

    fn operation_tag(&mut self, operation: &Value, pointer: &str, id: &str, tags: &BTreeMap<String, String>) {
        let named = model::strings(&operation["tags"]);
        let [tag] = named.as_slice() else {
            self.fault(pointer, format!("has {} tags instead of one", named.len()));
            return;
        };
        match tags.get(tag) {
            None => self.fault(pointer, format!("tag `{tag}` is not declared under `tags`")),
            Some(resource) => {
                let verb = id
                    .strip_prefix(resource.as_str())
                    .and_then(|rest| rest.strip_prefix('_'));
                if !id.is_empty() && (!is_snake(id) || verb.is_none_or(str::is_empty)) {
                    self.fault(
                        pointer,
                        format!("operationId `{id}` is not `{resource}_verb` in snake_case"),
                    );
                }
            }
        }
    }

    fn operation_versions(&mut self, operation: &Value, pointer: &str) {
        let versions = model::strings(&operation["x-versions"]);
        if versions.is_empty() {
            self.fault(pointer, "x-versions is empty");
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
            let well_formed = endpoint.split_once(' ').is_some_and(|(method, path)| {
                model::METHODS.contains(&method.to_ascii_lowercase().as_str()) && path.starts_with('/')
            });
            if !well_formed || !versions.contains(version) {
                let message = format!(
                    "x-former `{version}: {endpoint}` is not `version: METHOD /path` of a listed version"
                );
                self.fault(pointer, message);
            }
        }
    }

    fn operation_extensions(&mut self, operation: &Value, pointer: &str, method: &str) {
        self.known_extensions(operation, pointer, &OPERATION_EXTENSIONS);
        if let Some(conflict) = operation.get("x-conflict") {
            let schemas = &self.document.root["components"]["schemas"];
            if conflict.as_str().is_none_or(|name| schemas.get(name).is_none()) {
                self.fault(
                    pointer,
                    format!("x-conflict {conflict} is not the name of a schema"),
                );
            }
        }
        if !matches!(operation.get("x-paginated"), None | Some(Value::Bool(true))) {
            self.fault(pointer, "x-paginated must be `true` or absent");
        }
        if !matches!(
            operation.get("x-rate-limit").map(Value::as_str),
            None | Some(Some("events"))
        ) {
            self.fault(pointer, "x-rate-limit must be `events` or absent");
        }
        self.repeat(operation, pointer, method);
    }

    fn repeat(&mut self, operation: &Value, pointer: &str, method: &str) {
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

    fn parameters(&mut self, operation: &Value, pointer: &str, path: &str) {
        let root = &self.document.root;
        let mut in_path = BTreeSet::new();
        let mut names = BTreeSet::new();
        for (index, raw) in operation["parameters"]
            .as_array()
            .into_iter()
            .flatten()
            .enumerate()
        {
            let here = format!("{pointer}/parameters/{index}");
            let parameter = model::resolve(root, raw);
            self.known_extensions(parameter, &here, &["x-encode-items"]);
            self.require_text(parameter, &here, "name");
            self.require_text(parameter, &here, "description");
            for schema in [&parameter["schema"], &parameter["schema"]["items"]] {
                if schema["format"] == "password" {
                    self.fault(
                        &here,
                        "a secret must not be sent in a URL, which servers and proxies log",
                    );
                }
            }
            if parameter["required"] == true {
                self.example(&parameter["schema"], &here);
            }
            let name = parameter["name"].as_str().unwrap_or_default();
            names.insert(name.to_owned());
            match parameter["in"].as_str() {
                Some("query") => {}
                Some("path") if parameter["required"] == true => {
                    in_path.insert(name.to_owned());
                }
                Some("path") => self.fault(&here, "a path parameter must be `required: true`"),
                _ => self.fault(
                    &here,
                    "is neither a path nor a query parameter: the client sets headers itself",
                ),
            }
        }
        let wanted: BTreeSet<String> = path
            .split('/')
            .filter_map(|part| part.strip_prefix('{')?.strip_suffix('}').map(str::to_owned))
            .collect();
        if wanted != in_path {
            self.fault(
                pointer,
                format!("the path has the parameters {wanted:?}, but the operation declares {in_path:?}"),
            );
        }
        if operation["x-paginated"] == true {
            for name in ["limit", "after", "before"] {
                if !names.contains(name) {
                    self.fault(pointer, format!("is paginated but has no parameter `{name}`"));
                }
            }
        }
    }

    fn body(&mut self, operation: &Value, pointer: &str, id: &str) {
        let Some(body) = operation.get("requestBody") else {
            return;
        };
        self.body_name(operation, pointer, id);
        let content = body["content"].as_object();
        let is_reference = body.pointer("/content/application~1json/schema/$ref").is_some();
        if !is_reference || content.is_none_or(|content| content.len() != 1) {
            self.fault(
                pointer,
                "the request body is not a single application/json reference to a named schema",
            );
        }
        if body["required"] != true {
            self.fault(pointer, "the request body is not `required: true`");
        }
    }

    /// A body has the name of its operation, or of another operation of the same tag that has it as well.
    fn body_name(&mut self, operation: &Value, pointer: &str, id: &str) {
        let named = |operation: &model::Operation| Some(pascal(&operation.id)) == operation.body;
        let all = model::operations(&self.document.root);
        let Some(own) = all.iter().find(|one| one.id == id) else {
            return;
        };
        let Some(body) = &own.body else { return };
        // An id that breaks its own rule says nothing about the name of the body.
        let tags = model::tags(&self.document.root);
        let resource = tags
            .iter()
            .find(|tag| tag.name == own.tag)
            .map(|tag| &tag.resource);
        let verb = resource.and_then(|resource| id.strip_prefix(resource.as_str())?.strip_prefix('_'));
        if !is_snake(id) || verb.is_none_or(str::is_empty) {
            return;
        }
        let is_shared = all.iter().any(|other| {
            other.body.as_ref() == Some(body) && operation["tags"][0] == other.tag.as_str() && named(other)
        });
        let needs_its_own = ["_create", "_update", "_patch"]
            .iter()
            .any(|verb| id.ends_with(verb));
        if !named(own) && (needs_its_own || !is_shared) {
            let wanted = pascal(id);
            self.fault(
                pointer,
                format!("the request body is `{body}`: name it after its operation, `{wanted}`"),
            );
        }
    }

    /// An object that is sent only as a part of bodies ends in `Input`, and no other schema does.
    fn input_names(&mut self) {
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
                    format!("`{name}` is only a part of request bodies: its name must end in `Input`"),
                );
            } else if !is_part && name.ends_with("Input") {
                self.fault(
                    &pointer,
                    format!("`{name}` ends in `Input`, but is not only a part of request bodies"),
                );
            }
        }
    }

    fn responses(&mut self, operation: &Value, pointer: &str) {
        let Some(responses) = operation["responses"].as_object() else {
            self.fault(pointer, "has no responses");
            return;
        };
        for wanted in ["4XX", "5XX"] {
            if !responses.contains_key(wanted) {
                self.fault(pointer, format!("has no {wanted} error response"));
            }
        }
        let successes: Vec<_> = responses
            .iter()
            .filter(|(status, _)| status.starts_with('2'))
            .collect();
        if successes.len() != 1 {
            self.fault(
                pointer,
                format!("has {} success responses instead of one", successes.len()),
            );
        }
        for (status, response) in responses {
            let here = format!("{pointer}/responses/{}", escape(status));
            if !status.starts_with('2') && status != "4XX" && status != "5XX" {
                self.fault(&here, "is not a success, 4XX or 5XX");
            }
            let response = model::resolve(&self.document.root, response);
            self.require_text(response, &here, "description");
            let Some(content) = response.get("content") else {
                continue;
            };
            let json = content.pointer("/application~1json/schema/$ref").is_some();
            let pdf = content.get("application/pdf").is_some();
            if !(json || pdf) || content.as_object().is_some_and(|kinds| kinds.len() != 1) {
                self.fault(
                    &here,
                    "has content that is neither a single named JSON schema nor application/pdf",
                );
            }
        }
        if operation["x-paginated"] == true && !self.is_page(operation) {
            self.fault(
                pointer,
                "is paginated but does not respond with `items` and `pagination`",
            );
        }
    }

    fn is_page(&self, operation: &Value) -> bool {
        let root = &self.document.root;
        operation["responses"]["200"]
            .pointer("/content/application~1json/schema")
            .is_some_and(|schema| {
                let page = model::resolve(root, schema);
                page["properties"]["items"]["type"] == "array"
                    && model::reference(&page["properties"]["pagination"]) == Some("Pagination")
            })
    }

    fn schemas(&mut self) {
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
            } else {
                self.object(schema, &pointer, requests.contains(name));
            }
        }
    }

    fn enumeration(&mut self, schema: &Value, pointer: &str) {
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

    fn union(&mut self, schema: &Value, pointer: &str) {
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

    fn object(&mut self, schema: &Value, pointer: &str, in_request: bool) {
        self.scalar(schema, pointer);
        if schema["format"] == "password" {
            self.fault(pointer, NO_PLAIN_SECRET);
        }
        let properties = schema["properties"].as_object();
        for (name, property) in properties.into_iter().flatten() {
            let here = format!("{pointer}/properties/{}", escape(name));
            if property.get("$ref").is_none() {
                self.require_text(property, &here, "description");
            }
            self.known_extensions(property, &here, &[]);
            self.property(property, &here);
            if in_request && model::strings(&schema["required"]).contains(name) {
                self.example(property, &here);
            }
            self.no_secret_but_text(property, &here);
            if property["nullable"] == true {
                let required = model::strings(&schema["required"]).contains(name);
                if !in_request || required {
                    self.fault(
                        &here,
                        "`nullable` is supported only for optional properties of request bodies",
                    );
                }
            }
        }
        for name in model::strings(&schema["required"]) {
            if properties.is_none_or(|properties| !properties.contains_key(&name)) {
                self.fault(
                    &format!("{pointer}/required"),
                    format!("`{name}` is required but not a property"),
                );
            }
        }
    }

    /// A required text or decimal in a request has an example, which the example of the call uses.
    fn example(&mut self, schema: &Value, pointer: &str) {
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

    fn property(&mut self, property: &Value, pointer: &str) {
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
    fn no_secret_but_text(&mut self, property: &Value, pointer: &str) {
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

    fn scalar(&mut self, schema: &Value, pointer: &str) {
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

    fn references(&mut self) {
        let root = &self.document.root;
        let mut used = BTreeSet::new();
        model::references(root, "", &mut |_, reference| {
            used.insert(reference.to_owned());
        });
        for operation in model::raw_operations(root) {
            let conflict = operation.raw["x-conflict"].as_str();
            used.extend(conflict.map(model::schema_reference));
        }
        for (here, reference) in model::dangling(root) {
            self.fault(&here, format!("refers to {reference}, which does not exist"));
        }
        for (name, _) in model::schemas(root) {
            if !used.contains(&model::schema_reference(name)) {
                self.fault(
                    &format!("/components/schemas/{}", escape(name)),
                    "is never referenced",
                );
            }
        }
    }
}

fn is_date(version: &str) -> bool {
    let form = version
        .bytes()
        .map(|byte| if byte.is_ascii_digit() { b'0' } else { byte });
    form.eq(*b"0000-00-00")
}

fn is_snake(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name
            .chars()
            .all(|letter| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == '_')
}

/// Returns the name of a type for a name in snake_case.
fn pascal(name: &str) -> String {
    let parts = name.split('_').filter(|part| !part.is_empty());
    parts
        .map(|part| part[..1].to_ascii_uppercase() + &part[1..])
        .collect()
}
