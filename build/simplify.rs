//! Says the document again in the part of OpenAPI that the generator does well.
//!
//! Nothing here changes what travels on the wire:
//!
//! - Path and query parameters become text. The typed calls turn values into text themselves, because
//!   the generator knows neither lists joined by commas nor checks before sending.
//! - An optional array or map may be null, so that it becomes an `Option` and `null`, absent and
//!   empty stay apart.
//! - A reference wrapped for the sake of its description is unwrapped; `fields` puts the
//!   description back on the field.

use sequencehq_document::Document;
use sequencehq_document::model::{self, List};
use serde_json::{Value, json};

/// The document as the generator gets it.
pub fn for_generator(mut document: Document) -> Document {
    let root = &mut document.root;
    let operations = model::operations(root);
    for operation in &operations {
        let raw = &mut root["paths"][&operation.path][&operation.method];
        raw["parameters"] = text_parameters(operation);
    }
    if let Some(schemas) = root["components"]["schemas"].as_object_mut() {
        for schema in schemas.values_mut() {
            let required = model::strings(&schema["required"]);
            for (name, property) in schema["properties"].as_object_mut().into_iter().flatten() {
                let property_is_required = required.contains(name);
                simplify_property(property, property_is_required);
            }
        }
    }
    document
}

fn text_parameters(operation: &model::Operation) -> Value {
    let path = operation.path_params.iter().map(|parameter| {
        json!({"name": parameter.name, "in": "path", "required": true, "schema": {"type": "string"}})
    });
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
    }
    let many = property["type"] == "array"
        || (property["type"] == "object" && property.get("additionalProperties").is_some());
    if many && !required {
        property["nullable"] = json!(true);
    }
}
