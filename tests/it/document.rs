//! The document, as the tests look things up in it.

use std::sync::LazyLock;

use serde_json::Value;

/// `openapi.yaml` as the build read it, pruned to the enabled features.
pub static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    serde_json::from_str(include_str!(concat!(env!("OUT_DIR"), "/openapi.json")))
        .expect("the build writes JSON")
});

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    pub id: String,
    pub method: String,
    pub path: String,
    pub raw: Value,
}

pub fn operations() -> Vec<Operation> {
    let mut all = Vec::new();
    for (path, item) in DOCUMENT["paths"].as_object().expect("paths") {
        for (method, raw) in item.as_object().expect("a path item") {
            all.push(Operation {
                id: raw["operationId"].as_str().expect("an id").to_owned(),
                method: method.to_uppercase(),
                path: path.clone(),
                raw: raw.clone(),
            });
        }
    }
    all
}

/// The name of the component that a reference leads to, wrapped or not.
pub fn reference(value: &Value) -> Option<&str> {
    let reference = value.get("$ref").or_else(|| value.pointer("/allOf/0/$ref"));
    reference?.as_str()?.rsplit('/').next()
}

/// Follows a reference, wrapped or not.
pub fn resolve(value: &Value) -> &Value {
    let reference = value.get("$ref").or_else(|| value.pointer("/allOf/0/$ref"));
    match reference.and_then(Value::as_str) {
        Some(reference) => DOCUMENT
            .pointer(&reference[1..])
            .expect("references lead somewhere"),
        None => value,
    }
}

impl Operation {
    /// The documented success: status, and the JSON schema where there is one.
    pub fn success(&self) -> (u16, Option<&Value>, bool) {
        for (status, response) in self.raw["responses"].as_object().expect("responses") {
            if let Ok(status) = status.parse() {
                let pdf = response.pointer("/content/application~1pdf").is_some();
                return (status, response.pointer("/content/application~1json/schema"), pdf);
            }
        }
        panic!("{} has no success", self.id)
    }

    pub fn parameters(&self, place: &str) -> Vec<&Value> {
        let all = self.raw["parameters"].as_array().map_or(&[][..], Vec::as_slice);
        all.iter()
            .map(resolve)
            .filter(|parameter| parameter["in"] == place)
            .collect()
    }

    pub fn body(&self) -> Option<&Value> {
        self.raw.pointer("/requestBody/content/application~1json/schema")
    }
}
