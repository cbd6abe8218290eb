//! Which schemas contain which: a schema can contain itself, as long as its values end.
//!
//! ```
//! use sequencehq_document::{Document, nesting};
//!
//! let document = Document::parse("x.yaml", r"
//! components:
//!   schemas:
//!     Box: {type: object, properties: {inner: {$ref: '#/components/schemas/Box'}}}
//!     Pile: {type: object, properties: {below: {type: array, items: {$ref: '#/components/schemas/Pile'}}}}
//! ")?;
//! assert!(nesting::holds(&document.root, "Box", "Box"));
//! assert!(!nesting::holds(&document.root, "Pile", "Pile"), "a list is on the way");
//! # Ok::<(), sequencehq_document::Faults>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::model;

/// Returns whether a value of the schema `outer` can contain one of `inner`, with no list or map on the way.
pub fn holds(root: &Value, outer: &str, inner: &str) -> bool {
    reaches(outer, inner, |name| held(schema(root, name)))
}

/// Returns the member of a union that represents it in samples, as the value of the discriminator and the name of the
/// schema: the first one, unless only another one has values that end.
pub fn first_member<'a>(root: &'a Value, union: &str) -> Option<(&'a str, &'a str)> {
    let members = members(schema(root, union));
    let first = *members.first()?;
    let is_endless = |member: &str| {
        let needed = |name: &str| needed(schema(root, name));
        member == union || reaches(member, union, needed)
    };
    if !is_endless(first.1) {
        return Some(first);
    }
    let ranks = ranks(root);
    let rank = |member: &&(&str, &str)| ranks.get(member.1).copied().unwrap_or(usize::MAX);
    members.iter().min_by_key(rank).copied()
}

/// Returns the schemas of which every value contains another value of the same schema.
pub fn endless(root: &Value) -> Vec<&str> {
    let ranks = ranks(root);
    let names = model::schemas(root).map(|(name, _)| name.as_str());
    let endless = names.filter(|name| !ranks.contains_key(name));
    let is_around = |name: &&str| {
        reaches(name, name, |name| {
            let needed = needed(schema(root, name)).into_iter();
            needed.filter(|name| !ranks.contains_key(name)).collect()
        })
    };
    endless.filter(is_around).collect()
}

fn schema<'a>(root: &'a Value, name: &str) -> &'a Value {
    &root["components"]["schemas"][name]
}

/// Whether `target` can be reached from `start` in at least one step.
fn reaches<'a>(start: &str, target: &str, next: impl Fn(&str) -> Vec<&'a str>) -> bool {
    let (mut open, mut seen) = (next(start), BTreeSet::new());
    while let Some(name) = open.pop() {
        if name == target {
            return true;
        }
        if seen.insert(name) {
            open.extend(next(name));
        }
    }
    false
}

/// Returns the members of a union, as the values of the discriminator and the names of the schemas.
pub(crate) fn members(schema: &Value) -> Vec<(&str, &str)> {
    let mapping = schema["discriminator"]["mapping"].as_object();
    let mapping = mapping.into_iter().flat_map(Map::iter);
    mapping
        .filter_map(|(kind, target)| Some((kind.as_str(), model::last_segment(target.as_str()?))))
        .collect()
}

/// Returns the schemas of which a value can be directly inside a value of `schema`.
fn held(schema: &Value) -> Vec<&str> {
    let properties = schema["properties"].as_object().into_iter().flat_map(Map::values);
    let own = properties.filter_map(model::reference);
    own.chain(members(schema).into_iter().map(|(_, member)| member))
        .collect()
}

/// Returns the schemas without which there is no value: those of required properties, or the members of a union, of
/// which one suffices.
fn needed(schema: &Value) -> Vec<&str> {
    let required = schema["required"].as_array().into_iter().flatten();
    let own = required.filter_map(|name| model::reference(&schema["properties"][name.as_str()?]));
    own.chain(members(schema).into_iter().map(|(_, member)| member))
        .collect()
}

/// Returns the least depth of the values of each schema that has values.
fn ranks(root: &Value) -> BTreeMap<&str, usize> {
    let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
    for rank in 0.. {
        let has_value = |schema: &Value| {
            let needed = needed(schema);
            let mut ends = needed.iter().map(|name| ranks.contains_key(name));
            if schema.get("oneOf").is_some() {
                ends.any(|ends| ends)
            } else {
                ends.all(|ends| ends)
            }
        };
        let found: Vec<&str> = model::schemas(root)
            .filter(|(name, schema)| !ranks.contains_key(name.as_str()) && has_value(schema))
            .map(|(name, _)| name.as_str())
            .collect();
        if found.is_empty() {
            break;
        }
        ranks.extend(found.into_iter().map(|name| (name, rank)));
    }
    ranks
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::{endless, first_member, holds};
    use crate::Document;

    const SCHEMAS: &str = "
components:
  schemas:
    Node: {type: object, required: [left], properties: {left: {$ref: '#/components/schemas/Tree'}, all: {type: array, items: {$ref: '#/components/schemas/Pile'}}}}
    Leaf: {type: object, properties: {}}
    Tree:
      oneOf: [{$ref: '#/components/schemas/Node'}, {$ref: '#/components/schemas/Leaf'}]
      discriminator: {propertyName: kind, mapping: {NODE: '#/components/schemas/Node', LEAF: '#/components/schemas/Leaf'}}
    Plain:
      oneOf: [{$ref: '#/components/schemas/Pile'}, {$ref: '#/components/schemas/Leaf'}]
      discriminator: {propertyName: kind, mapping: {PILE: '#/components/schemas/Pile', LEAF: '#/components/schemas/Leaf'}}
    Pile: {type: object, required: [below], properties: {below: {type: array, items: {$ref: '#/components/schemas/Pile'}}}}
    Snake: {type: object, required: [tail], properties: {tail: {$ref: '#/components/schemas/Tail'}}}
    Tail: {type: object, required: [snake], properties: {snake: {$ref: '#/components/schemas/Snake'}}}
    Cage: {type: object, required: [snake], properties: {snake: {$ref: '#/components/schemas/Snake'}}}
";

    fn root() -> Value {
        Document::parse("x.yaml", SCHEMAS).expect("YAML").root
    }

    #[test]
    fn a_list_ends_what_a_value_holds() {
        let root = root();
        for (outer, inner, expected) in [
            ("Node", "Node", true),
            ("Node", "Leaf", true),
            ("Tree", "Tree", true),
            ("Node", "Pile", false),
            ("Pile", "Pile", false),
            ("Leaf", "Leaf", false),
        ] {
            assert_eq!(holds(&root, outer, inner), expected, "{outer} {inner}");
        }
    }

    #[test]
    fn a_union_is_represented_by_the_first_member_that_ends() {
        let root = root();
        assert_eq!(first_member(&root, "Tree"), Some(("LEAF", "Leaf")));
        assert_eq!(first_member(&root, "Plain"), Some(("PILE", "Pile")));
        assert_eq!(first_member(&root, "Node"), None);
    }

    #[test]
    fn only_schemas_that_lead_back_to_themselves_are_endless() {
        assert_eq!(endless(&root()), ["Snake", "Tail"]);
    }
}
