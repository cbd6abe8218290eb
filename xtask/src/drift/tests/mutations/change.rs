//! All changes of one thing in a published document.

use serde_json::{Map, Value, json};

/// One change of a document.
pub(crate) struct Change {
    /// What changes.
    pub(crate) what: String,
    /// The pointer to what is replaced.
    pub(crate) at: String,
    by: Value,
}

impl Change {
    pub(crate) fn applied(&self, root: &Value) -> Value {
        let mut changed = root.clone();
        *changed.pointer_mut(&self.at).unwrap() = self.by.clone();
        changed
    }
}

/// The changes of the operations and schemas of `root`.
pub(crate) fn changes(root: &Value) -> Vec<Change> {
    let mut changes = Changes(Vec::new());
    changes.entries("path", &root["paths"], "/paths");
    for (path, item) in entries(&root["paths"]) {
        let at = format!("/paths/{}", escaped(path));
        changes.parameters(item, &at);
        changes.entries("operation", item, &at);
        for (method, operation) in entries(item).filter(|(_, operation)| operation.get("responses").is_some())
        {
            changes.operation(operation, &format!("{at}/{method}"));
        }
    }
    for (name, schema) in entries(&root["components"]["schemas"]) {
        changes.schema(schema, &format!("/components/schemas/{name}"));
    }
    changes.0
}

struct Changes(Vec<Change>);

impl Changes {
    fn add(&mut self, what: impl Into<String>, at: &str, by: Value) {
        let (what, at) = (what.into(), at.to_owned());
        self.0.push(Change { what, at, by });
    }

    /// Withdraws and renames each entry of an object.
    fn entries(&mut self, what: &str, object: &Value, at: &str) {
        for (name, _) in entries(object).filter(|(_, value)| value.is_object()) {
            self.add(format!("withdraw {what} {name}"), at, without(object, name));
            let new = match name {
                "get" => "patch".to_owned(),
                "post" | "put" | "patch" | "delete" => "get".to_owned(),
                _ => format!("{name}New"),
            };
            self.add(format!("rename {what} {name}"), at, renamed(object, name, &new));
        }
    }

    /// Withdraws each item of a list.
    fn items(&mut self, what: &str, holder: &Value, key: &str, at: &str) {
        let list = holder[key].as_array().into_iter().flatten();
        for index in 0..list.count() {
            let mut fewer = holder.clone();
            fewer[key].as_array_mut().unwrap().remove(index);
            self.add(format!("withdraw {what} {index}"), at, fewer);
        }
    }

    /// Turns a flag on or off.
    fn flag(&mut self, key: &str, holder: &Value, at: &str) {
        let on = holder[key] != true;
        self.add(format!("set {key} {on}"), at, with(holder, key, json!(on)));
    }

    fn parameters(&mut self, holder: &Value, at: &str) {
        let list = holder["parameters"].as_array().into_iter().flatten();
        for (index, one) in list.enumerate() {
            let here = format!("{at}/parameters/{index}");
            self.schema(&one["schema"], &format!("{here}/schema"));
            // Those in paths are part of the path.
            if one["in"] == "path" {
                continue;
            }
            let mut fewer = holder.clone();
            fewer["parameters"].as_array_mut().unwrap().remove(index);
            self.add(format!("withdraw parameter {index}"), at, fewer);
            let new = format!("{}New", one["name"].as_str().unwrap());
            self.add("rename parameter", &here, with(one, "name", json!(new)));
            let other = if one["in"] == "query" { "header" } else { "query" };
            self.add("move parameter", &here, with(one, "in", json!(other)));
            self.flag("required", one, &here);
            if one["schema"]["type"] == "array" {
                let joined = one["explode"] == false;
                self.add("send otherwise", &here, with(one, "explode", json!(joined)));
            }
        }
    }

    fn operation(&mut self, operation: &Value, at: &str) {
        self.parameters(operation, at);
        let added = json!({"name": "added", "in": "query", "schema": {"type": "string"}});
        for required in [false, true] {
            let mut more = operation.clone();
            let list = more
                .as_object_mut()
                .unwrap()
                .entry("parameters")
                .or_insert(json!([]));
            list.as_array_mut()
                .unwrap()
                .push(with(&added, "required", json!(required)));
            self.add(format!("add parameter, required {required}"), at, more);
        }
        if let Some(body) = operation.get("requestBody") {
            let here = format!("{at}/requestBody");
            self.add("withdraw the body", at, without(operation, "requestBody"));
            self.flag("required", body, &here);
            self.content(body, &here);
        }
        let here = format!("{at}/responses");
        let responses = &operation["responses"];
        for (status, response) in entries(responses) {
            self.add(
                format!("withdraw status {status}"),
                &here,
                without(responses, status),
            );
            let other = if status.starts_with('2') { "299" } else { "499" };
            self.add(
                format!("renumber status {status}"),
                &here,
                renamed(responses, status, other),
            );
            let here = format!("{here}/{status}");
            self.content(response, &here);
            if let Some(headers) = response.get("headers") {
                let here = format!("{here}/headers");
                self.entries("header", headers, &here);
                for (name, header) in entries(headers) {
                    self.schema(&header["schema"], &format!("{here}/{name}/schema"));
                }
            }
        }
    }

    fn content(&mut self, holder: &Value, at: &str) {
        if holder.get("content").is_some() {
            self.add("withdraw the content", at, without(holder, "content"));
        }
        for (media, content) in entries(&holder["content"]) {
            let here = format!("{at}/content");
            self.add(
                "change the media type",
                &here,
                renamed(&holder["content"], media, "text/csv"),
            );
            self.schema(&content["schema"], &format!("{here}/{}/schema", escaped(media)));
        }
    }

    fn schema(&mut self, schema: &Value, at: &str) {
        if !schema.is_object() || schema.get("$ref").is_some() {
            return;
        }
        if let Some(kind) = schema["type"].as_str() {
            let other = if kind == "string" { "integer" } else { "string" };
            self.add("change the type", at, with(schema, "type", json!(other)));
        }
        if let Some(values) = schema["enum"].as_array() {
            self.items("value", schema, "enum", at);
            let mut more = values.clone();
            more.push(json!("ADDED"));
            self.add("add a value", at, with(schema, "enum", json!(more)));
            self.add("allow any value", at, without(schema, "enum"));
        }
        if let Some(format) = schema["format"].as_str() {
            self.add("withdraw the format", at, without(schema, "format"));
            let other = if format == "date" { "date-time" } else { "date" };
            self.add("change the format", at, with(schema, "format", json!(other)));
        }
        for key in ["oneOf", "anyOf", "allOf"] {
            self.items(key, schema, key, at);
            for (index, one) in schema[key].as_array().into_iter().flatten().enumerate() {
                self.schema(one, &format!("{at}/{key}/{index}"));
            }
        }
        self.properties(schema, at);
        for key in ["items", "additionalProperties"] {
            self.schema(&schema[key], &format!("{at}/{key}"));
        }
    }

    fn properties(&mut self, schema: &Value, at: &str) {
        let Some(properties) = schema["properties"].as_object() else {
            return;
        };
        let required = |name: &str, wanted: bool| {
            let list = schema["required"].as_array().into_iter().flatten();
            let mut list: Vec<Value> = list.filter(|one| *one != name).cloned().collect();
            list.extend(wanted.then(|| json!(name)));
            list
        };
        for (name, property) in properties {
            let is_required = schema["required"]
                .as_array()
                .is_some_and(|list| list.contains(&json!(name)));
            let fewer = with(schema, "required", json!(required(name, false)));
            let gone = with(&fewer, "properties", without(&schema["properties"], name));
            self.add(format!("withdraw field {name}"), at, gone);
            let new = format!("{name}New");
            let moved = with(&fewer, "properties", renamed(&schema["properties"], name, &new));
            self.add(format!("rename field {name}"), at, moved);
            let otherwise = with(schema, "required", json!(required(name, !is_required)));
            self.add(
                format!("set field {name} required {}", !is_required),
                at,
                otherwise,
            );
            self.schema(property, &format!("{at}/properties/{}", escaped(name)));
        }
        for wanted in [false, true] {
            let mut more = with(schema, "required", json!(required("added", wanted)));
            more["properties"]["added"] = json!({"type": "string"});
            self.add(format!("add a field, required {wanted}"), at, more);
        }
    }
}

fn entries(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    let object = object.as_object().into_iter().flatten();
    object.map(|(name, value)| (name.as_str(), value))
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn with(holder: &Value, key: &str, value: Value) -> Value {
    let mut changed = holder.clone();
    changed[key] = value;
    changed
}

fn without(object: &Value, name: &str) -> Value {
    let kept: Map<String, Value> = entries(object)
        .filter(|(one, _)| *one != name)
        .map(|(one, value)| (one.to_owned(), value.clone()))
        .collect();
    Value::Object(kept)
}

fn renamed(object: &Value, name: &str, new: &str) -> Value {
    let all: Map<String, Value> = entries(object)
        .map(|(one, value)| (if one == name { new } else { one }.to_owned(), value.clone()))
        .collect();
    Value::Object(all)
}
