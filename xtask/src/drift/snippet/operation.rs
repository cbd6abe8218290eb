//! Drafts of operations.

use sequencehq_document::model::{self, RawOperation};
use serde_json::Value;

use super::super::compare::is_paginated;
use super::super::schema::{Shape, Source};
use super::draft::{Drafts, singular};
use super::ours::pascal;
use super::yaml::{comment, flow, gap, nest, quoted, reference};

/// Parameters that our document has as components.
const SHARED: [(&str, &str); 3] = [("limit", "Limit"), ("after", "After"), ("before", "Before")];

/// Headers that the client sets.
const OWN_HEADERS: [&str; 3] = ["authorization", "sequence-version", "idempotency-key"];

impl<'a> Drafts<'a> {
    /// A path item with one operation, and the components that it needs.
    pub(super) fn operation(&mut self, operation: RawOperation<'a>, versions: &[&str]) -> Vec<String> {
        let (tag, resource) = self.tag(operation);
        let id = format!("{resource}_{}", verb(operation));
        self.holders = vec![pascal(&resource)];
        let text = |key: &str| operation.raw[key].as_str().unwrap_or_default();
        let mut lines = vec![match tag.as_str() {
            "" => gap("tags", "the resource, in brackets"),
            tag => format!("tags: [{tag}]"),
        }];
        lines.push(format!("operationId: {id}"));
        lines.extend(comment(text("summary")));
        lines.push(gap("summary", "one sentence in your own words"));
        lines.extend(comment(text("description")));
        lines.push(gap("description", "describe it in your own words"));
        lines.push(format!("x-vendor-id: {}", quoted(text("operationId"))));
        let versions: Vec<String> = versions.iter().map(|version| quoted(version)).collect();
        lines.push(format!("x-versions: [{}]", versions.join(", ")));
        match operation.method {
            "get" => {}
            "post" if accepts_keys(operation) => lines.push("x-repeat: idempotency-key".to_owned()),
            "post" => lines.push("x-repeat: never".to_owned()),
            _ => lines.push(gap("x-repeat", "`safe`, or `never` with x-repeat-reason")),
        }
        let responses = self.responses(operation, &id);
        if is_paginated(operation) {
            lines.push("x-paginated: true".to_owned());
        }
        lines.extend(self.parameters(operation));
        lines.extend(self.request(operation, &id));
        lines.extend(responses);
        self.holders.clear();
        nest(operation.method, lines)
    }

    fn parameters(&mut self, operation: RawOperation<'a>) -> Vec<String> {
        let lists = [&operation.item["parameters"], &operation.raw["parameters"]];
        let declared = lists
            .into_iter()
            .flat_map(|list| list.as_array().into_iter().flatten());
        let mut lines = Vec::new();
        for entry in declared {
            let parameter = model::resolve(operation.root, entry);
            let name = parameter["name"].as_str().unwrap_or_default();
            let is_own =
                parameter["in"] == "header" && OWN_HEADERS.contains(&name.to_ascii_lowercase().as_str());
            let shared = SHARED
                .iter()
                .find(|(known, _)| *known == name && is_paginated(operation));
            if let Some((_, component)) = shared {
                lines.push(format!("- $ref: '#/components/parameters/{component}'"));
            } else if !is_own {
                lines.extend(self.parameter(Source {
                    root: operation.root,
                    schema: parameter,
                }));
            }
        }
        if lines.is_empty() {
            lines
        } else {
            nest("parameters", lines)
        }
    }

    /// One parameter, as an item of a list.
    pub(super) fn parameter(&mut self, parameter: Source<'a>) -> Vec<String> {
        let text = |key: &str| parameter.schema[key].as_str().unwrap_or_default();
        let sources = [Source {
            root: parameter.root,
            schema: &parameter.schema["schema"],
        }];
        let is_request = std::mem::replace(&mut self.is_request, true);
        let mut value = self.value(text("name"), &Shape::of(&sources), &sources);
        self.is_request = is_request;
        if value.is_empty() {
            value = vec![("type", "string".to_owned())];
        }
        let mut lines = vec![
            format!("name: {}", quoted(text("name"))),
            format!("in: {}", text("in")),
        ];
        if parameter.schema["required"] == true {
            lines.push("required: true".to_owned());
        }
        lines.extend(comment(text("description")));
        lines.push(gap("description", "describe it in your own words"));
        if value.iter().any(|(_, one)| one == "array") {
            let joined = parameter.schema["explode"] == false;
            lines.push(format!("explode: {}", !joined));
        }
        lines.push(format!("schema: {}", flow(&value)));
        super::yaml::item(lines)
    }

    fn request(&mut self, operation: RawOperation<'a>, id: &str) -> Vec<String> {
        let body = model::resolve(operation.root, &operation.raw["requestBody"]);
        let Some(schema) = body.pointer("/content/application~1json/schema") else {
            return Vec::new();
        };
        let sources = [Source {
            root: operation.root,
            schema,
        }];
        self.body_of(id, &sources)
    }

    /// The request body of an operation, a component of its own.
    pub(super) fn body_of(&mut self, id: &str, sources: &[Source<'a>]) -> Vec<String> {
        let name = pascal(id);
        if !self.ours.has(&name) {
            let is_request = std::mem::replace(&mut self.is_request, true);
            self.new_object(name.clone(), &Shape::of(sources).properties(), sources);
            self.is_request = is_request;
        }
        let mut lines = vec!["required: true".to_owned()];
        lines.extend(json(&name));
        nest("requestBody", lines)
    }

    fn responses(&mut self, operation: RawOperation<'a>, id: &str) -> Vec<String> {
        let responses = operation.raw["responses"].as_object();
        let successes = responses
            .into_iter()
            .flatten()
            .filter(|(status, _)| status.starts_with('2'));
        let mut successes: Vec<(&String, &Value)> = successes
            .map(|(status, response)| (status, model::resolve(operation.root, response)))
            .collect();
        let schema = |response: &'a Value| response.pointer("/content/application~1json/schema");
        successes
            .sort_by_key(|(_, response)| response.pointer("/content/application~1json/schema").is_none());
        let mut lines = Vec::new();
        if let Some((status, response)) = successes.first() {
            let mut inner = vec![gap("description", "describe it in your own words")];
            if let Some(schema) = schema(response) {
                let sources = [Source {
                    root: operation.root,
                    schema,
                }];
                let resource = id.rsplit_once('_').map_or(id, |(resource, _)| resource);
                let shape = Shape::of(&sources);
                if !shape.properties().is_empty() {
                    inner.extend(json(&self.object(resource, &shape, &sources)));
                }
            }
            lines.extend(nest(&format!("'{status}'"), inner));
        }
        lines.extend(["4XX", "5XX"].into_iter().filter_map(|class| self.error(class)));
        nest("responses", lines)
    }

    /// The error response of a class of statuses that our operations have.
    fn error(&self, class: &str) -> Option<String> {
        let mut operations = model::raw_operations(self.ours.root);
        let reference = operations.find_map(|one| one.raw["responses"][class]["$ref"].as_str())?;
        Some(format!("'{class}': {{$ref: '{reference}'}}"))
    }

    /// The tag of the resource in the path, or of the operation with the longest common path, or of the vendor; and
    /// the prefix of its operation ids.
    fn tag(&self, operation: RawOperation<'a>) -> (String, String) {
        let path = operation.path;
        let common = |other: &str| {
            let segments = path.split('/').zip(other.split('/'));
            segments.take_while(|(one, other)| one == other).count()
        };
        let closest = model::raw_operations(self.ours.root)
            .map(|one| (common(one.path), one.read().tag))
            .filter(|(count, _)| *count > 1)
            .max_by_key(|(count, _)| *count);
        let segment = path.split('/').nth(1).unwrap_or_default().replace('-', "_");
        let vendor = operation.raw["tags"][0].as_str().unwrap_or_default();
        let vendor = vendor.to_lowercase().replace(' ', "_");
        let tags = model::tags(self.ours.root);
        let names = [closest.map(|(_, tag)| tag), Some(segment.clone()), Some(vendor)];
        let mut known = names
            .into_iter()
            .flatten()
            .filter_map(|name| tags.iter().find(|tag| tag.name == name));
        match known.next() {
            Some(tag) => (tag.name.clone(), tag.resource.clone()),
            None => (String::new(), singular(&segment).to_owned()),
        }
    }
}

/// Whether a published operation accepts the header `Idempotency-Key`.
fn accepts_keys(operation: RawOperation<'_>) -> bool {
    let mut parameters = operation.raw["parameters"].as_array().into_iter().flatten();
    parameters.any(|entry| {
        let name = model::resolve(operation.root, entry)["name"].as_str();
        name.is_some_and(|name| name.eq_ignore_ascii_case("idempotency-key"))
    })
}

/// The last word of an operation id: what the method does, or the action at the end of the path.
fn verb(operation: RawOperation<'_>) -> String {
    let segments: Vec<&str> = operation.path.split('/').skip(2).collect();
    let action = segments.last().filter(|one| !one.starts_with('{'));
    let action = action.map(|one| one.replace('-', "_").to_lowercase());
    match (operation.method, action) {
        ("get", Some(action)) => format!("get_{action}"),
        ("get", None) if segments.is_empty() => "list".to_owned(),
        ("post", Some(action)) => action,
        ("post", None) => "create".to_owned(),
        ("put", Some(action)) => action,
        ("put", None) => "update".to_owned(),
        (method, _) => method.to_owned(),
    }
}

/// A JSON body with one of our schemas.
fn json(name: &str) -> Vec<String> {
    let schema = vec![format!("schema: {}", flow(&reference(name)))];
    nest("content", nest("application/json", schema))
}
