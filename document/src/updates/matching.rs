//! Matches the properties of a body with those of a resource.

use serde_json::Value;

use super::{Carried, Making, Member, Pair, Shape};
use crate::model;

/// Returns what a body can have from a resource. Both are objects.
pub(crate) fn pair(root: &Value, body: &str, resource: &str) -> Pair {
    matched(root, body, resource, &mut Vec::new())
}

/// The pairs in `around` are assumed to be possible, since objects can contain themselves.
fn matched(root: &Value, body: &str, resource: &str, around: &mut Vec<(String, String)>) -> Pair {
    around.push((body.to_owned(), resource.to_owned()));
    let [to, from] = [body, resource].map(|name| &root["components"]["schemas"][name]);
    let [needed, sure] = [to, from].map(|schema| model::strings(&schema["required"]));
    let mut pair = Pair {
        body: body.to_owned(),
        resource: resource.to_owned(),
        carried: Vec::new(),
        missing: Vec::new(),
        left: names(from),
    };
    for name in names(to) {
        let property = &to["properties"][&name];
        let (source, member) = source(&name, property);
        let read = &from["properties"][source];
        let Some((shape, making)) = making(root, property, read, member, around) else {
            pair.missing.push(name);
            continue;
        };
        pair.left.retain(|left| left != source);
        pair.carried.push(Carried {
            may_lack: needed.contains(&name) && !sure.iter().any(|sure| sure == source),
            source: source.to_owned(),
            member: member.and_then(|member| {
                let of = model::reference(value(read).1)?.to_owned();
                Some(Member {
                    of,
                    name: member.to_owned(),
                })
            }),
            shape,
            making,
            versions: model::strings(&property["x-versions"]),
            name,
        });
    }
    around.pop();
    pair
}

fn names(schema: &Value) -> Vec<String> {
    let properties = schema["properties"].as_object();
    properties
        .into_iter()
        .flatten()
        .map(|(name, _)| name.clone())
        .collect()
}

/// Returns the property of a resource from which a property of a body is made, and the member of its objects.
fn source<'a>(name: &'a str, property: &'a Value) -> (&'a str, Option<&'a str>) {
    let source = property["x-from"].as_str().unwrap_or(name);
    match source.split_once('.') {
        Some((source, member)) => (source, Some(member)),
        None => (source, None),
    }
}

fn making(
    root: &Value,
    to: &Value,
    from: &Value,
    member: Option<&str>,
    around: &mut Vec<(String, String)>,
) -> Option<(Shape, Making)> {
    if from.is_null() {
        return None;
    }
    let ((shape, to), (shape_from, mut from)) = (value(to), value(from));
    if shape != shape_from {
        return None;
    }
    if let Some(member) = member {
        let objects = &root["components"]["schemas"][model::reference(from)?];
        // What an object may lack could be dropped from a list.
        let is_sure = model::strings(&objects["required"])
            .iter()
            .any(|sure| sure == member);
        from = is_sure.then(|| &objects["properties"][member])?;
    }
    if from.is_null() {
        return None;
    }
    if is_same(to, from) {
        return Some((shape, Making::Same));
    }
    let named = |value| model::reference(value).map(|name| (name, &root["components"]["schemas"][name]));
    let (name, schema) = named(to)?;
    let Some((name_from, schema_from)) = named(from) else {
        let is_id = schema["format"] == "id" && from["type"] == "string" && from.get("format").is_none();
        return is_id.then_some((shape, Making::Id));
    };
    let are_objects = [schema, schema_from]
        .iter()
        .all(|schema| schema.get("properties").is_some());
    let is_possible = are_objects && is_possible(root, name, name_from, around);
    is_possible.then(|| (shape, Making::Pair(name.to_owned(), name_from.to_owned())))
}

/// Whether an object in a body can be made: the resource has what the object requires.
fn is_possible(root: &Value, body: &str, resource: &str, around: &mut Vec<(String, String)>) -> bool {
    if around.iter().any(|(one, other)| one == body && other == resource) {
        return true;
    }
    let pair = matched(root, body, resource, around);
    let needed = model::strings(&root["components"]["schemas"][body]["required"]);
    !pair.carried.is_empty() && !pair.missing.iter().any(|missing| needed.contains(missing))
}

/// Returns the schema of a single value of a property.
fn value(property: &Value) -> (Shape, &Value) {
    match (property.get("items"), property.get("additionalProperties")) {
        (Some(items), _) => (Shape::List, items),
        (None, Some(entries)) => (Shape::Map, entries),
        (None, None) => (Shape::One, property),
    }
}

/// Whether two schemas have the same type in Rust. A decimal has, whether it is a text or a number on the wire.
fn is_same(to: &Value, from: &Value) -> bool {
    match (model::reference(to), model::reference(from)) {
        (Some(to), Some(from)) => to == from,
        (None, None) => {
            let is_decimal = |schema: &Value| schema["format"] == "decimal";
            let parts = ["items", "additionalProperties"];
            (is_decimal(to) && is_decimal(from))
                || (["type", "format"].iter().all(|key| to[key] == from[key])
                    && parts.iter().all(|part| match (to.get(part), from.get(part)) {
                        (Some(to), Some(from)) => is_same(to, from),
                        (to, from) => to == from,
                    }))
        }
        _ => false,
    }
}
