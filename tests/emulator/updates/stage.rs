//! Calls by name with JSON, and what differs between two responses.

use sequencehq::{ApiVersion, Client};
use sequencehq_document::model;
use serde_json::{Value, json};

use super::resources::Resource;

/// An account in one version.
pub struct Stage<'a> {
    pub client: Client,
    pub version: ApiVersion,
    pub root: &'a Value,
    pub operations: &'a [model::Operation],
}

impl Stage<'_> {
    fn data(&self, operation: &str) -> &model::Operation {
        let mut operations = self.operations.iter();
        operations.find(|one| one.id == operation).expect(operation)
    }

    /// The version in which an operation is called: the newest, if this one lacks it.
    pub fn version_of(&self, operation: &str) -> ApiVersion {
        match self.data(operation).endpoint(self.version.as_str()) {
            Some(_) => self.version,
            None => ApiVersion::default(),
        }
    }

    pub async fn call(&self, operation: &str, arguments: &[(&str, &str)], body: Option<&Value>) -> Value {
        let mut call = self.client.operation(operation);
        for (name, value) in arguments {
            call = call.argument(name, value);
        }
        if let Some(body) = body {
            call = call.body(body);
        }
        let version = self.version_of(operation);
        let response = call.api_version(version).await;
        response.unwrap_or_else(|error| panic!("{operation} in {version}: {error}: {body:?}"))
    }

    /// Creates something, without what the version lacks.
    pub async fn create(&self, operation: &str, arguments: &[(&str, &str)], mut body: Value) -> Value {
        let schema = self.data(operation).body.as_deref().expect("it has a body");
        self.fit(&mut body, schema, self.version_of(operation));
        self.call(operation, arguments, Some(&body)).await
    }

    fn fit(&self, body: &mut Value, schema: &str, version: ApiVersion) {
        let properties = &self.root["components"]["schemas"][schema]["properties"];
        let Some(body) = body.as_object_mut() else { return };
        body.retain(|name, _| model::exists_in(&properties[name], version.as_str()));
        for (name, value) in body {
            let property = &properties[name];
            let schema = model::reference(property.get("items").unwrap_or(property));
            match (schema, value) {
                (Some(schema), Value::Array(items)) => {
                    items.iter_mut().for_each(|item| self.fit(item, schema, version));
                }
                (Some(schema), value) => self.fit(value, schema, version),
                (None, _) => {}
            }
        }
    }

    /// What is stored of a resource: its own response, or its item in a list, or else the response of its last change.
    pub async fn read(&self, resource: &Resource) -> Value {
        let Some((operation, arguments)) = &resource.read else {
            return resource.last.lock().expect("not poisoned").clone();
        };
        let arguments: Vec<(&str, &str)> = arguments
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let read = self.call(operation, &arguments, None).await;
        match read["items"].as_array() {
            None => read,
            Some(items) => {
                let mut items = items.iter();
                let id = json!(resource.arguments.last().expect("an id").1);
                items
                    .find(|item| item["id"] == id)
                    .expect("it is in the list")
                    .clone()
            }
        }
    }

    pub async fn update(&self, resource: &Resource, body: &Value) {
        let arguments = resource.arguments.iter();
        let arguments: Vec<(&str, &str)> = arguments.map(|(name, value)| (*name, value.as_str())).collect();
        let last = self.call(resource.update, &arguments, Some(body)).await;
        *resource.last.lock().expect("not poisoned") = last;
    }
}

/// The paths of what differs, without the indices of lists, and without what each update makes anew.
pub fn differences(before: &Value, after: &Value, made_anew: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    compare(before, after, "", &mut found);
    found.dedup();
    found.retain(|path| path != "updatedAt" && !made_anew.contains(&path.as_str()));
    found
}

fn compare(before: &Value, after: &Value, path: &str, found: &mut Vec<String>) {
    match (before, after) {
        (Value::Object(before), Value::Object(after)) => {
            let added = after.keys().filter(|name| !before.contains_key(*name));
            for name in before.keys().chain(added) {
                let here = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                let [before, after] = [before, after].map(|object| object.get(name).unwrap_or(&Value::Null));
                compare(before, after, &here, found);
            }
        }
        (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
            for (before, after) in before.iter().zip(after) {
                compare(before, after, &format!("{path}[]"), found);
            }
        }
        _ if before == after => {}
        _ => found.push(path.to_owned()),
    }
}
