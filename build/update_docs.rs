//! Writes the documentation of the way from read to write: what `CustomerUpdate::from` carries over, and what it does not.
//!
//! The fields of nested objects are listed with their paths (`contacts[].id`), by their names in Rust.

use std::fmt::Write as _;

use sequencehq_document::updates::{Carried, Making, Pair, Shape};
use sequencehq_document::{model, names};
use serde_json::Value;

/// Returns the name of the argument that is the resource.
pub fn argument(resource: &str) -> String {
    match names::snake(resource) {
        // Names of local variables.
        name if ["builder", "version", "value", "key"].contains(&name.as_str()) => "resource".to_owned(),
        name => name,
    }
}

/// Returns the documentation of the function that carries over what all versions have.
pub fn from(root: &Value, pairs: &[Pair], pair: &Pair, from_in: &str) -> String {
    let resource = linked(&pair.resource);
    let mut about = format!(
        "Returns a builder with the values of {resource}, to change some of what was read and send it back.\n\n\
         Setters replace what was carried over. What the resource lacks is not set. [Unknown fields](crate::Extra) are carried \
         over, except those for which the builder has a setter. For a client that is pinned to an older \
         version of the API, use [`{from_in}`](Self::{from_in}), which leaves out what that version lacks.\n\n"
    );
    let fields = Fields::of(root, pairs, pair);
    fields.not_carried_over(&mut about, &resource);
    if !fields.may_lack.is_empty() {
        let _ = writeln!(
            about,
            "# Errors\n\n`build`, or the call, returns an error if the resource lacks a field that the body requires, unless it \
             is set: {}.",
            listed(&fields.may_lack)
        );
    }
    about.trim_end().to_owned()
}

/// Returns the documentation of the function that carries over what one version has.
pub fn from_in(root: &Value, pairs: &[Pair], pair: &Pair, from: &str) -> String {
    let of_some = Fields::of(root, pairs, pair).of_some_versions;
    let mut about = format!(
        "Returns the builder of [`{from}`](Self::{from}) without the fields that a version of the API lacks. Calls in that \
         version would be refused because of them.\n\n"
    );
    if of_some.is_empty() {
        about.push_str("All versions have the same fields.");
    } else {
        about.push_str("Fields that not all versions have:\n\n");
        for (field, versions) in of_some {
            let _ = writeln!(about, "- `{field}`: only in {}", listed(&versions));
        }
    }
    about.trim_end().to_owned()
}

/// The fields of a body and its objects about which there is something to say, by path.
#[derive(Default)]
struct Fields {
    /// With their descriptions.
    missing: Vec<(String, String)>,
    left: Vec<String>,
    may_lack: Vec<String>,
    /// With these versions.
    of_some_versions: Vec<(String, Vec<String>)>,
}

impl Fields {
    fn of(root: &Value, pairs: &[Pair], pair: &Pair) -> Self {
        let mut fields = Self::default();
        fields.add(root, pairs, pair, "", &mut Vec::new());
        fields
    }

    fn add<'a>(
        &mut self,
        root: &Value,
        pairs: &'a [Pair],
        pair: &'a Pair,
        path: &str,
        around: &mut Vec<&'a Pair>,
    ) {
        let property =
            |schema: &str, name: &str| root["components"]["schemas"][schema]["properties"][name].clone();
        let named = |schema: &str, name: &str| {
            let field = names::property(name, &property(schema, name));
            format!("{path}{}", field.trim_start_matches("r#"))
        };
        around.push(pair);
        for name in &pair.missing {
            let about = description(root, &property(&pair.body, name));
            self.missing.push((named(&pair.body, name), about));
        }
        let left = pair.left.iter().map(|name| named(&pair.resource, name));
        self.left.extend(left);
        for carried in &pair.carried {
            let field = named(&pair.body, &carried.name);
            if carried.may_lack {
                self.may_lack.push(field.clone());
            }
            if !carried.versions.is_empty() {
                self.of_some_versions
                    .push((field.clone(), carried.versions.clone()));
            }
            let inner = inner(pairs, carried).filter(|inner| !around.contains(inner));
            if let Some(inner) = inner {
                let path = match carried.shape {
                    Shape::One => format!("{field}."),
                    Shape::List | Shape::Map => format!("{field}[]."),
                };
                self.add(root, pairs, inner, &path, around);
            }
        }
        around.pop();
    }

    fn not_carried_over(&self, about: &mut String, resource: &str) {
        if self.missing.is_empty() && self.left.is_empty() {
            about.push_str("Everything is carried over.\n\n");
            return;
        }
        about.push_str("# Not carried over\n\n");
        if !self.missing.is_empty() {
            let _ = writeln!(
                about,
                "The body has these fields, and {resource} does not. Set those that you need:\n"
            );
            for (field, description) in &self.missing {
                let _ = writeln!(about, "- `{field}`: {description}");
            }
            about.push('\n');
        }
        if !self.left.is_empty() {
            let _ = writeln!(
                about,
                "The body does not have these fields of {resource}: {}.\n",
                listed(&self.left)
            );
        }
    }
}

fn inner<'a>(pairs: &'a [Pair], carried: &Carried) -> Option<&'a Pair> {
    let Making::Pair(body, resource) = &carried.making else {
        return None;
    };
    pairs
        .iter()
        .find(|pair| pair.body == *body && pair.resource == *resource)
}

/// Returns the first sentence about a property, or about the schema that it refers to.
fn description(root: &Value, property: &Value) -> String {
    let target = model::reference(property).unwrap_or_default();
    let own = property["description"].as_str();
    let about = own.or(root["components"]["schemas"][target]["description"].as_str());
    model::first_sentence(about.unwrap_or_default()).to_owned()
}

fn listed(items: &[String]) -> String {
    let items: Vec<String> = items.iter().map(|item| format!("`{item}`")).collect();
    items.join(", ")
}

/// Returns a link to a type, with its article.
fn linked(name: &str) -> String {
    let article = if name.starts_with(['A', 'E', 'I', 'O']) {
        "an"
    } else {
        "a"
    };
    format!("{article} [`{name}`]")
}
