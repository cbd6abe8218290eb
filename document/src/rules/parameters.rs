//! Parameters in paths and queries, and the paths themselves.

use std::collections::BTreeSet;

use serde_json::Value;

use super::Checker;
use super::values::Place;
use crate::model;

impl<'a> Checker<'a> {
    pub(super) fn parameters(&mut self, operation: &'a Value, pointer: &str, path: &str) {
        let mut in_path = BTreeSet::new();
        let mut names = BTreeSet::new();
        let all = operation["parameters"].as_array().into_iter().flatten();
        for (index, raw) in all.enumerate() {
            let (parameter, here) = self.definition(raw, format!("{pointer}/parameters/{index}"));
            self.parameter(parameter, &here);
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
        let wanted: BTreeSet<String> = model::path_parameters(path).map(str::to_owned).collect();
        if wanted != in_path && path_problem(path).is_none() {
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

    fn parameter(&mut self, parameter: &Value, pointer: &str) {
        self.known_extensions(parameter, pointer, &["x-encode-items", "x-rust-name"]);
        self.require_text(parameter, pointer, "name");
        self.require_text(parameter, pointer, "description");
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
