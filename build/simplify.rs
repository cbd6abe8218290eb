//! Reduces the document to the part of OpenAPI that the generator supports well.
//!
//! The data sent on the wire does not change:
//!
//! - Path and query parameters become text. The typed calls convert values into text themselves, because the
//!   generator supports neither comma-separated lists nor checks before sending.
//! - A former endpoint of an operation becomes a separate operation, so that each endpoint has a method.
//! - An optional array or map becomes nullable, so that it is generated as an `Option` that distinguishes `null` or
//!   absent from empty.
//! - Examples are for the documentation only.
//! - A reference that is wrapped to add a description is unwrapped; `fields` restores the description.

use sequencehq_document::Document;
use sequencehq_document::model::{self, List, path_parameters};
use serde_json::{Value, json};

/// Returns the document that is passed to the generator.
pub fn for_generator(mut document: Document) -> Document {
    let root = &mut document.root;
    let operations = model::operations(root);
    for operation in &operations {
        let mut raw = root["paths"][&operation.path][&operation.method].take();
        raw["parameters"] = text_parameters(operation, &operation.path);
        for former in former_endpoints(operation) {
            let mut raw = raw.clone();
            raw["operationId"] = json!(former.method_name);
            raw["parameters"] = text_parameters(operation, former.path);
            insert(&mut root["paths"], former.path, former.method, raw);
        }
        insert(&mut root["paths"], &operation.path, &operation.method, raw);
    }
    if let Some(schemas) = root["components"]["schemas"].as_object_mut() {
        for schema in schemas.values_mut() {
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("example");
            }
            let required = model::strings(&schema["required"]);
            for (name, property) in schema["properties"].as_object_mut().into_iter().flatten() {
                let property_is_required = required.contains(name);
                simplify_property(property, property_is_required);
            }
        }
    }
    document
}

/// A endpoint of an operation in older versions, with a generated method of its own.
pub struct FormerEndpoint<'a> {
    pub method_name: String,
    pub method: &'a str,
    pub path: &'a str,
    pub versions: Vec<&'a str>,
}

/// Returns the former endpoints of an operation, without duplicates.
pub fn former_endpoints(operation: &model::Operation) -> Vec<FormerEndpoint<'_>> {
    let mut endpoints: Vec<FormerEndpoint<'_>> = Vec::new();
    for (version, (method, path)) in &operation.former {
        match endpoints
            .iter_mut()
            .find(|endpoint| endpoint.method == method && endpoint.path == path)
        {
            Some(endpoint) => endpoint.versions.push(version),
            None => endpoints.push(FormerEndpoint {
                method_name: format!("{}_{}", operation.id, version.replace('-', "_")),
                method,
                path,
                versions: vec![version],
            }),
        }
    }
    endpoints
}

fn insert(paths: &mut Value, path: &str, method: &str, operation: Value) {
    let item = &mut paths[path];
    if item.is_null() {
        *item = json!({});
    }
    item[method] = operation;
}

fn text_parameters(operation: &model::Operation, path: &str) -> Value {
    let path = path_parameters(path)
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}));
    let query = operation.query.iter().map(|parameter| {
        let schema = match parameter.list {
            List::Repeated => json!({"type": "array", "items": {"type": "string"}}),
            List::Single | List::Commas => json!({"type": "string"}),
        };
        json!({"name": parameter.name, "in": "query", "required": parameter.required, "schema": schema})
    });
    path.chain(query).collect()
}

fn simplify_property(property: &mut Value, required: bool) {
    if let Some(reference) = property.pointer("/allOf/0/$ref").cloned() {
        *property = json!({ "$ref": reference });
        return;
    }
    if let Some(map) = property.as_object_mut() {
        map.remove("nullable");
        map.remove("example");
    }
    if let Some(items) = property["items"].as_object_mut() {
        items.remove("example");
    }
    let many = property["type"] == "array"
        || (property["type"] == "object" && property.get("additionalProperties").is_some());
    if many && !required {
        property["nullable"] = json!(true);
    }
}
