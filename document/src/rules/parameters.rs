//! Parameters in paths and queries, and the paths themselves.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use super::values::Place;
use crate::model;

impl<'a> Checker<'a> {
    pub(super) fn parameters(&mut self, operation: &'a Value, pointer: &str, path: &str) {
        let listed = operation["parameters"].as_array().into_iter().flatten();
        let is_whole = listed.clone().all(|raw| self.leads(raw, "parameters"));
        let all: Vec<(&Value, String)> = listed
            .enumerate()
            .filter(|(_, raw)| self.leads(raw, "parameters"))
            .map(|(index, raw)| self.definition(raw, format!("{pointer}/parameters/{index}")))
            .collect();
        for (parameter, here) in &all {
            self.parameter(parameter, here);
            match parameter["in"].as_str() {
                Some("path") if parameter["required"] != true => {
                    self.fault(here, "a path parameter is not `required: true`: add it");
                }
                Some("path" | "query") => {}
                _ => self.fault(
                    here,
                    "is neither `in: path` nor `in: query`: correct it, or remove a header, which only the client sets",
                ),
            }
        }
        for (index, (parameter, here)) in all.iter().enumerate() {
            let is_same = |(other, _): &&(&Value, String)| {
                ["name", "in"].iter().all(|key| other[*key] == parameter[*key])
            };
            if let Some(name) = parameter["name"].as_str()
                && all[..index].iter().any(|other| is_same(&other))
            {
                self.fault(
                    here,
                    format!("the parameter `{name}` is listed twice: remove one of them"),
                );
            }
        }
        let names = |place: &str| -> BTreeSet<&str> {
            let placed = all.iter().filter(|(parameter, _)| parameter["in"] == place);
            placed
                .filter_map(|(parameter, _)| parameter["name"].as_str())
                .collect()
        };
        let wanted: BTreeSet<&str> = model::path_parameters(path).collect();
        let missing: Vec<&str> = wanted.difference(&names("path")).copied().collect();
        let unknown: Vec<&str> = names("path").difference(&wanted).copied().collect();
        if is_whole && path_problem(path).is_none() && !missing.is_empty() {
            let missing = missing.join("`, `");
            self.fault(
                pointer,
                format!("`{missing}` in the path is not declared as a parameter (`in: path`)"),
            );
        }
        if path_problem(path).is_none() && !unknown.is_empty() {
            let unknown = unknown.join("`, `");
            self.fault(
                pointer,
                format!("the parameter `{unknown}` is not in the path, as `{{{unknown}}}`"),
            );
        }
        if is_whole && operation["x-paginated"] == true {
            let parameters: Vec<&Value> = all.iter().map(|(parameter, _)| *parameter).collect();
            self.cursors(&parameters, pointer);
        }
    }

    /// The parameters that streams set to reach the next page.
    fn cursors(&mut self, parameters: &[&Value], pointer: &str) {
        for name in ["limit", "after", "before"] {
            let is_text = |schema: &Value| {
                !["integer", "number", "boolean", "array"]
                    .iter()
                    .any(|kind| schema["type"] == *kind)
                    && !["decimal", "date", "date-time"]
                        .iter()
                        .any(|format| schema["format"] == *format)
                    && schema.get("$ref").is_none()
            };
            let is_there = parameters.iter().any(|parameter| {
                parameter["name"] == name
                    && parameter["in"] == "query"
                    && parameter["required"] != true
                    && parameter.get("x-rust-name").is_none()
                    && (name == "limit" || is_text(&parameter["schema"]))
            });
            if !is_there {
                let kind = if name == "limit" {
                    ""
                } else {
                    " with `type: string`"
                };
                self.fault(
                    pointer,
                    format!("is paginated but has no optional query parameter `{name}`{kind}"),
                );
            }
        }
    }

    fn parameter(&mut self, parameter: &Value, pointer: &str) {
        self.parameter_versions(parameter, pointer);
        self.require_text(parameter, pointer, "name");
        self.require_text(parameter, pointer, "description");
        self.sending(parameter, pointer);
        let schema = &parameter["schema"];
        for schema in [schema, &schema["items"]] {
            if schema["format"] == "password" {
                self.fault(
                    pointer,
                    "a secret must not be sent in a URL, which servers and proxies log",
                );
            }
        }
        if parameter["required"] == true {
            self.example(schema, pointer);
        }
        if schema["type"] == "array" && parameter["in"] == "path" {
            self.fault(
                pointer,
                "a list in a path is not supported: describe the text that is sent",
            );
        } else if schema["type"] == "array" {
            self.inline(schema, pointer, Place::Parameter);
            self.fitting_keys(schema, pointer);
            self.parameter_value(&schema["items"], pointer, " and its `items`");
        } else {
            self.parameter_value(schema, pointer, "");
        }
    }

    /// One value of a parameter is sent as text: an enum, an id, or a scalar.
    fn parameter_value(&mut self, schema: &Value, pointer: &str, of_list: &str) {
        let schemas = &self.document.root["components"]["schemas"];
        if let Some(reference) = schema["$ref"].as_str() {
            let name = model::last_segment(reference);
            let target = &schemas[name];
            if target.is_object() && target.get("enum").is_none() && target["format"] != "id" {
                self.fault(
                    pointer,
                    format!("`{name}` is neither an enum nor an id, so it cannot be a parameter"),
                );
            }
            return;
        }
        self.inline(schema, pointer, Place::Parameter);
        self.fitting_keys(schema, pointer);
        match schema["type"].as_str() {
            None | Some("array" | "object") => self.fault(
                pointer,
                format!(
                    "needs a `schema`{of_list} with a type that can be sent in a URL: a reference to an enum or an id, \
                     string, integer, number, boolean, or one list of these"
                ),
            ),
            Some(_) => self.scalar(schema, pointer, Place::Parameter),
        }
    }

    /// A parameter is a whole segment of a path, so that its value can be checked and cannot reach another endpoint.
    pub(super) fn path(&mut self, path: &str, pointer: &str) {
        if let Some(problem) = path_problem(path) {
            self.fault(pointer, problem);
        }
    }
}

pub(super) fn path_problem(path: &str) -> Option<String> {
    let Some(rest) = path.strip_prefix('/') else {
        return Some(format!(
            "the path `{path}` does not begin with `/`: write `/{path}`"
        ));
    };
    let mut names = BTreeSet::new();
    for segment in rest.split('/') {
        let name = segment.strip_prefix('{').and_then(|name| name.strip_suffix('}'));
        let literal = name.unwrap_or(segment);
        if segment.is_empty() || literal.is_empty() {
            return Some(format!("the path `{path}` has an empty segment: remove it"));
        }
        if literal.contains(['{', '}']) {
            return Some(format!(
                "`{segment}` in the path is a parameter with text around it, which is not supported: make the whole \
                 segment a parameter, `{{name}}`"
            ));
        }
        if name.is_none() && !literal.bytes().all(is_plain) {
            return Some(format!(
                "`{segment}` in the path has characters that need encoding: use letters, digits and `-._~!$&'()*+,;=:@`"
            ));
        }
        if name.is_some_and(|name| !names.insert(name)) {
            return Some(format!(
                "the path has `{segment}` twice: give each parameter its own name"
            ));
        }
    }
    None
}

/// The characters of a segment that are sent as they are (RFC 3986).
fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte)
}
