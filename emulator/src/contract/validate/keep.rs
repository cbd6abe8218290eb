//! Reduces a value to what its schema declares.

use serde_json::Value;

use super::super::Version;
use super::super::schemas::{Node, Schemas};
use super::check::whole;

/// Which nulls stay.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Nulls {
    /// Those of properties for which null means something else than an absent member.
    WithMeaning,
    /// None.
    Never,
}

/// Removes undeclared members, and writes whole numbers as integers where the schema has integers.
///
/// What does not fit the schema is left as it is. The depth is bounded by that of the value, which `serde_json`
/// bounds when it reads one.
pub(super) fn declared(schemas: Schemas, version: Version, nulls: Nulls, node: &Node, value: &mut Value) {
    let keep = |node: &Node, value: &mut Value| declared(schemas, version, nulls, node, value);
    match (*node, value) {
        (Node::Named(index), value) => keep(&schemas[index].1, value),
        (Node::List(items), Value::Array(values)) => values.iter_mut().for_each(|value| keep(items, value)),
        (Node::Map(entries), Value::Object(map)) => map.values_mut().for_each(|value| keep(entries, value)),
        (Node::Union(tag, members), value) => {
            let kind = value.get(tag).and_then(Value::as_str);
            if let Some((_, member)) = members.iter().find(|(name, _)| Some(*name) == kind) {
                keep(member, value);
            }
        }
        (Node::Object(properties), Value::Object(map)) => map.retain(|name, value| {
            let declared = properties
                .iter()
                .find(|one| one.name == name && one.exists_in(version));
            let Some(property) = declared else {
                return false;
            };
            if value.is_null() {
                return property.nullable && nulls == Nulls::WithMeaning;
            }
            keep(&property.node, value);
            true
        }),
        (Node::Int32 | Node::Int64, value) if value.is_f64() => {
            if let Some(whole) = whole(value) {
                *value = whole.into();
            }
        }
        _ => {}
    }
}
