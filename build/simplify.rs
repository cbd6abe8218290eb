//! Reduces the document to the part of OpenAPI that the generator supports well.
//!
//! The data sent on the wire does not change:
//!
//! - Path and query parameters become text. The typed calls convert values into text themselves, because the
//!   generator supports neither comma-separated lists nor checks before sending.
//! - Parameters and properties have their Rust names, so that the generator has none to derive. `requests` and `fields`
//!   restore the names on the wire.
//! - A former endpoint of an operation becomes a separate operation, so that each endpoint has a method.
//! - An optional array or map becomes nullable, so that it is generated as an `Option` that distinguishes `null` or
//!   absent from empty.
//! - Examples are for the documentation only.
//! - A reference that is wrapped to add a description is unwrapped; `fields` restores the description.

use sequencehq_document::model::{self, List, Parameter, path_parameters};
use sequencehq_document::{Document, names};
use serde_json::{Map, Value, json};

/// The key of a parameter with its name on the wire.
pub const WIRE_NAME: &str = "x-wire-name";

/// Returns the document that is passed to the generator.
pub fn for_generator(mut document: Document) -> Document {
    let root = &mut document.root;
    let mut paths = json!({});
    for raw in model::raw_operations(root) {
        let (operation, mut raw) = (raw.read(), raw.raw.clone());
        raw["parameters"] = text_parameters(&operation);
        for former in former_endpoints(&operation) {
            let mut raw = raw.clone();
            raw["operationId"] = json!(former.method_name);
            insert(
                &mut paths,
                &text_path(&operation, former.path),
                former.method,
                raw,
            );
        }
        insert(
            &mut paths,
            &text_path(&operation, &operation.path),
            &operation.method,
            raw,
        );
    }
    root["paths"] = paths;
    if let Some(schemas) = root["components"]["schemas"].as_object_mut() {
        for schema in schemas.values_mut() {
            if let Some(schema) = schema.as_object_mut() {
                schema.remove("example");
            }
            let required = model::strings(&schema["required"]);
            if let Some(properties) = schema["properties"].as_object_mut() {
                let mut fields = Map::new();
                let mut required_fields = Vec::new();
                for (name, mut property) in std::mem::take(properties) {
                    let field = names::property(&name, &property);
                    simplify_property(&mut property, required.contains(&name));
                    required_fields.extend(required.contains(&name).then(|| json!(field)));
                    fields.insert(field, property);
                }
                *properties = fields;
                schema["required"] = json!(required_fields);
            }
        }
    }
    document
}

/// An endpoint of an operation in older versions, with a generated method of its own.
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
                method_name: names::former_request(&operation.id, version),
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

/// Returns the name of a parameter in the generated request: no name of the generator, of Rust or of a local variable
/// begins like it.
pub fn text_name(parameter: &Parameter) -> String {
    format!("text_{}", parameter.rust_name.trim_end_matches('_'))
}

/// Returns the parameters as text.
fn text_parameters(operation: &model::Operation) -> Value {
    let path = operation.path_params.iter().map(|parameter| {
        let name = text_name(parameter);
        json!({"name": name, WIRE_NAME: parameter.name, "in": "path", "required": true, "schema": {"type": "string"}})
    });
    let query = operation.query.iter().map(|parameter| {
        let schema = match parameter.list {
            List::Repeated => json!({"type": "array", "items": {"type": "string"}}),
            List::Single | List::Commas => json!({"type": "string"}),
        };
        let name = text_name(parameter);
        json!({"name": name, WIRE_NAME: parameter.name, "in": "query", "required": parameter.required, "schema": schema})
    });
    path.chain(query).collect()
}

/// Returns a path of the operation with the names of the parameters in the generated request. Those of a former path
/// may have other names, but have the order of the present one.
fn text_path(operation: &model::Operation, path: &str) -> String {
    let mut present = path_parameters(&operation.path);
    let segments = path.split('/').map(|segment| {
        if path_parameters(segment).next().is_none() {
            return segment.to_owned();
        }
        let name = present.next();
        let mut parameters = operation.path_params.iter();
        let parameter = parameters.find(|parameter| Some(parameter.name.as_str()) == name);
        parameter.map_or_else(
            || segment.to_owned(),
            |parameter| format!("{{{}}}", text_name(parameter)),
        )
    });
    segments.collect::<Vec<_>>().join("/")
}

fn simplify_property(property: &mut Value, required: bool) {
    if let Some(reference) = property.pointer("/allOf/0/$ref").cloned() {
        *property = json!({ "$ref": reference });
        return;
    }
    if let Some(map) = property.as_object_mut() {
        for key in [
            "nullable",
            "example",
            "x-versions",
            "x-required-in",
            "x-since",
            "x-former-name",
        ] {
            map.remove(key);
        }
    }
    if let Some(items) = property["items"].as_object_mut() {
        items.remove("example");
    }
    let many = property["type"] == "array" || property["type"] == "object";
    if many && !required {
        property["nullable"] = json!(true);
    }
}
