//! Rust names: each is allowed, and none occurs twice where it would be ambiguous.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::Checker;
use crate::load::escape;
use crate::model::{self, Tag};
use crate::names;

/// Something with a Rust name.
struct Named {
    pointer: String,
    /// What it is called in messages, such as "the parameter `dueBefore`".
    what: String,
    name: String,
}

/// A group of names of which no two can be equal.
struct Scope<'a> {
    /// The names that are taken before, and what has them.
    taken: &'a [&'a str],
    taken_by: &'a str,
    /// What to do about a name that cannot be used.
    advice: &'a str,
}

impl<'a> Checker<'a> {
    /// The names of types and methods.
    pub(super) fn names(&mut self) {
        self.names_of_types();
        self.names_of_methods();
    }

    /// The names in single operations and schemas.
    pub(super) fn names_in_parts(&mut self) {
        for raw in model::raw_operations(&self.document.root) {
            self.names_of_parameters(raw.raw, &raw.pointer());
        }
        let requests = model::request_schemas(&self.document.root);
        for (name, schema) in model::schemas(&self.document.root) {
            let pointer = format!("/components/schemas/{}", escape(name));
            self.names_of_properties(schema, &pointer, requests.contains(name));
            self.names_of_variants(schema, &pointer);
        }
    }

    /// Users import from `types` and `calls`, so that equal names would need a rename at every use.
    fn names_of_types(&mut self) {
        let root = &self.document.root;
        let schema = |name: &str| format!("/components/schemas/{}", escape(name));
        let named = |pointer, what: &str, of: &str, name: String| {
            let what = format!("{what} `{of}`");
            Named { pointer, what, name }
        };
        let schemas =
            model::schemas(root).map(|(name, _)| named(schema(name), "the schema", name, name.clone()));
        let requests = model::request_schemas(root);
        let builders = requests
            .iter()
            .map(|name| named(schema(name), "the builder of", name, names::builder_type(name)));
        // Tags and ids that occur twice are reported by other rules.
        let tags = self.tags_by_name();
        let accessors = tags.iter().map(|(tag, index)| {
            named(
                format!("/tags/{index}"),
                "the accessor of",
                tag,
                names::accessor_type(tag),
            )
        });
        let operations: BTreeMap<&str, String> = model::raw_operations(root)
            .filter_map(|raw| Some((raw.raw["operationId"].as_str()?, raw.pointer())))
            .collect();
        let calls = operations
            .iter()
            .map(|(id, pointer)| named(pointer.clone(), "the call of", id, names::call_type(id)));
        let all = schemas.chain(builders).chain(accessors).chain(calls).collect();
        let scope = Scope {
            taken: &names::PRELUDE,
            taken_by: "the standard library",
            advice: "rename it",
        };
        self.distinct(all, &scope);
    }

    fn tags_by_name(&self) -> BTreeMap<String, usize> {
        let tags = model::tags(&self.document.root).into_iter();
        tags.map(|tag| tag.name).zip(0..).collect()
    }

    /// The methods of the client, of the structs with the calls of a tag, and of the generated requests.
    fn names_of_methods(&mut self) {
        let accessors = self.tags_by_name().into_iter().map(|(tag, index)| Named {
            pointer: format!("/tags/{index}"),
            what: format!("the tag `{tag}`"),
            name: tag,
        });
        let scope = Scope {
            taken: &names::CLIENT_METHODS,
            taken_by: "a method of the client",
            advice: "rename the tag",
        };
        self.distinct(accessors.collect(), &scope);
        for tag in &model::tags(&self.document.root) {
            let scope = Scope {
                taken: &names::ACCESSOR_METHODS,
                taken_by: "a method of every accessor",
                advice: "choose another verb",
            };
            self.distinct(self.verbs(tag), &scope);
        }
        self.names_of_requests();
    }

    /// A former endpoint has a request of its own, with a name that no operation can have.
    fn names_of_requests(&mut self) {
        let operations = model::operations(&self.document.root);
        let ids: BTreeSet<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
        for operation in &operations {
            for version in operation.former.keys() {
                let name = names::former_request(&operation.id, version);
                if ids.contains(name.as_str()) {
                    let pointer = format!("/paths/{}/{}", escape(&operation.path), operation.method);
                    self.fault(
                        &pointer,
                        format!(
                            "the request of `{}` in version `{version}` has the Rust name `{name}`, which an operation has \
                             already: rename that operation",
                            operation.id
                        ),
                    );
                }
            }
        }
    }

    fn verbs(&self, tag: &Tag) -> Vec<Named> {
        let own =
            model::raw_operations(&self.document.root).filter(|raw| raw.raw["tags"][0] == tag.name.as_str());
        own.filter_map(|raw| {
            let id = raw.raw["operationId"].as_str()?;
            Some(Named {
                pointer: raw.pointer(),
                what: format!("the operation `{id}`"),
                name: names::method(&tag.resource, id)?.to_owned(),
            })
        })
        .collect()
    }

    fn names_of_parameters(&mut self, operation: &'a Value, pointer: &str) {
        let mut all = Vec::new();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        let mut listed = BTreeSet::new();
        for (index, raw) in parameters.enumerate() {
            let (parameter, pointer) = self.definition(raw, format!("{pointer}/parameters/{index}"));
            // One that is listed twice has a fault of its own.
            if !listed.insert((parameter["name"].as_str(), parameter["in"].as_str())) {
                continue;
            }
            if let (true, Some(name)) = (self.given_name(parameter, &pointer), parameter["name"].as_str()) {
                all.push(Named {
                    pointer,
                    what: format!("the parameter `{name}`"),
                    name: names::parameter(parameter),
                });
            }
        }
        let scope = Scope {
            taken: &names::CALL_METHODS,
            taken_by: "every call",
            advice: "give it a name with `x-rust-name`, such as `x-rust-name: other_name`",
        };
        self.distinct(all, &scope);
    }

    fn names_of_properties(&mut self, schema: &Value, pointer: &str, has_builder: bool) {
        let mut all = Vec::new();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            let pointer = format!("{pointer}/properties/{}", escape(name));
            if !self.given_name(property, &pointer) {
                continue;
            }
            let rust = names::property(name, property);
            let mut push = |what: String, name: String| {
                let pointer = pointer.clone();
                all.push(Named { pointer, what, name });
            };
            if has_builder && property["type"] == "array" {
                push(
                    format!("the setter of an empty `{name}`"),
                    format!("empty_{rust}"),
                );
            }
            if has_builder && property["nullable"] == true {
                push(
                    format!("the setter that clears `{name}`"),
                    format!("clear_{rust}"),
                );
            }
            push(format!("the property `{name}`"), rust);
        }
        let scope = Scope {
            taken: if has_builder {
                &names::BUILDER_METHODS
            } else {
                &names::STRUCT_FIELDS
            },
            taken_by: if has_builder {
                "every builder"
            } else {
                "every struct"
            },
            advice: "give it a name with `x-rust-name`, such as `x-rust-name: other_name`",
        };
        self.distinct(all, &scope);
    }

    /// The variants of an enum or a union.
    fn names_of_variants(&mut self, schema: &Value, pointer: &str) {
        let mapping = schema["discriminator"]["mapping"].as_object();
        let mapped = mapping.into_iter().flat_map(Map::keys).cloned();
        let values: BTreeSet<String> = mapped.chain(model::strings(&schema["enum"])).collect();
        let named = |value: &String| Named {
            pointer: pointer.to_owned(),
            what: format!("the value `{value}`"),
            name: names::variant(schema, value),
        };
        let scope = Scope {
            taken: &[names::UNKNOWN_VARIANT],
            taken_by: "the variant for unknown values",
            advice: "give it a name with `x-rust-names`, such as `x-rust-names: {'+': Plus}`",
        };
        self.distinct(values.iter().map(named).collect(), &scope);
        for (value, name) in schema["x-rust-names"].as_object().into_iter().flatten() {
            let here = format!("{pointer}/x-rust-names/{}", escape(value));
            if !values.contains(value) {
                self.fault(&here, format!("`{value}` is not a value of the schema"));
            }
            let name = name.as_str().unwrap_or_default();
            if !names::is_camel(name) {
                self.fault(
                    &here,
                    format!("`{name}` is not a name in PascalCase, such as `OneDay`"),
                );
            }
        }
    }

    /// Checks the form of `x-rust-name`. Returns `false` if it is wrong.
    fn given_name(&mut self, of: &Value, pointer: &str) -> bool {
        let Some(name) = of.get("x-rust-name") else {
            return true;
        };
        let name = name.as_str().unwrap_or_default();
        let is_good = names::is_snake(name);
        if !is_good {
            let problem = format!("`x-rust-name: {name}` is not a name in snake_case, such as `other_name`");
            self.fault(pointer, problem);
        }
        is_good
    }

    /// Every name is allowed, and differs from the others and from those that are taken.
    fn distinct(&mut self, all: Vec<Named>, scope: &Scope<'_>) {
        let advice = scope.advice;
        let mut seen: BTreeMap<&str, &str> = BTreeMap::new();
        for Named { pointer, what, name } in &all {
            if scope.taken.contains(&name.as_str()) {
                let by = scope.taken_by;
                self.fault(
                    pointer,
                    format!("{what} has the Rust name `{name}`, which {by} has already: {advice}"),
                );
            } else if !names::is_identifier(name) {
                let problem = match name.as_str() {
                    "" => "has no letters for a Rust name".to_owned(),
                    name => format!("cannot have the Rust name `{name}`"),
                };
                self.fault(pointer, format!("{what} {problem}: {advice}"));
            } else if let Some(other) = seen.insert(name, what) {
                self.fault(
                    pointer,
                    format!("{what} has the Rust name `{name}`, which {other} has already: {advice}"),
                );
            }
        }
    }
}
