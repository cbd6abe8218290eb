//! What our document already has for a published schema.

use std::collections::{BTreeMap, BTreeSet};

use sequencehq_document::model;
use serde_json::Value;

use super::super::schema::{Shape, Source};
use super::yaml::{Pairs, quoted, reference};

/// The schemas of our document, by what they consist of.
pub(super) struct Ours<'a> {
    pub(super) root: &'a Value,
    components: Vec<Component<'a>>,
    /// The schemas of properties and parameters, by name.
    named: BTreeMap<&'a str, Vec<&'a Value>>,
}

struct Component<'a> {
    name: &'a str,
    content: Content<'a>,
    in_requests: bool,
    in_responses: bool,
}

enum Content<'a> {
    Enum(BTreeSet<&'a str>),
    Object(BTreeSet<&'a str>),
    Union(BTreeSet<&'a str>),
    Other,
}

impl<'a> Ours<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        let (mut requests, mut responses) = (BTreeSet::new(), BTreeSet::new());
        for operation in model::raw_operations(root) {
            reach(root, &operation.raw["requestBody"], &mut requests);
            reach(root, &operation.raw["parameters"], &mut requests);
            reach(root, &operation.raw["responses"], &mut responses);
        }
        let schemas = root["components"]["schemas"].as_object();
        let components = schemas.into_iter().flatten().map(|(name, schema)| Component {
            name,
            content: content(root, schema),
            in_requests: requests.contains(name.as_str()),
            in_responses: responses.contains(name.as_str()),
        });
        let mut named: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
        for (_, schema) in schemas.into_iter().flatten() {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                named.entry(name).or_default().push(property);
            }
        }
        for operation in model::raw_operations(root) {
            for parameter in operation.raw["parameters"].as_array().into_iter().flatten() {
                if let Some(name) = parameter["name"].as_str() {
                    named.entry(name).or_default().push(&parameter["schema"]);
                }
            }
        }
        Self {
            components: components.collect(),
            named,
            root,
        }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.components.iter().any(|one| one.name == name)
    }

    /// The enum with exactly these values, or with most of them; among several, the one that `name` has elsewhere.
    pub(super) fn enum_for(&self, name: &str, values: &BTreeSet<&str>) -> Option<&'a str> {
        let used = self.references(name);
        let candidates = self.components.iter().filter_map(|one| match &one.content {
            Content::Enum(known) => {
                let common = known.intersection(values).count();
                let close = common * 10 >= values.len() * 7 && common > 0;
                let all = known.len().max(values.len());
                let is_used = used.contains(one.name);
                (close && (is_used || common * 10 >= all * 7)).then_some((
                    is_used,
                    common * 100 / all,
                    one.name,
                ))
            }
            _ => None,
        });
        candidates
            .max_by_key(|(used, share, _)| (*used, *share))
            .map(|(_, _, name)| name)
    }

    /// The object that has these properties, and those of them that it lacks.
    pub(super) fn object_for(
        &self,
        name: &str,
        properties: &BTreeSet<&'a str>,
        is_request: bool,
    ) -> Option<(&'a str, Vec<&'a str>)> {
        let used = self.references(name);
        let wanted = pascal(name);
        let candidates = self.components.iter().filter_map(|one| match &one.content {
            Content::Object(known) => {
                let there = if is_request {
                    one.in_requests
                } else {
                    one.in_responses
                };
                let common = known.intersection(properties).count();
                let most = common * 10 >= properties.len() * 8 && common * 2 >= known.len();
                let close = most && (common >= 2 || one.name == wanted);
                let lacking: Vec<&str> = properties.difference(known).copied().collect();
                let share = common * 100 / known.len().max(1);
                (there && close).then_some((used.contains(one.name), common, share, one.name, lacking))
            }
            _ => None,
        });
        candidates
            .max_by_key(|(used, common, share, _, _)| (*common, *used, *share))
            .map(|(_, _, _, name, lacking)| (name, lacking))
    }

    /// The union whose variants have these tags.
    pub(super) fn union_for(&self, tags: &BTreeSet<&str>) -> Option<&'a str> {
        let fits =
            |one: &&Component<'a>| matches!(&one.content, Content::Union(known) if tags.is_subset(known));
        self.components.iter().find(fits).map(|one| one.name)
    }

    /// The page whose items are `item`.
    pub(super) fn page_of(&self, item: &str) -> Option<&'a str> {
        let schemas = self.root["components"]["schemas"].as_object()?;
        let wanted = format!("#/components/schemas/{item}");
        let is_page = |schema: &Value| {
            let properties = &schema["properties"];
            properties["items"]["items"]["$ref"] == wanted && properties.get("pagination").is_some()
        };
        let found = schemas.iter().find(|(_, schema)| is_page(schema));
        found.map(|(name, _)| name.as_str())
    }

    /// How our document has properties called `name` that are of JSON type `kind`, if it usually has them so.
    pub(super) fn scalar_for(&self, name: &str, kind: &str) -> Option<Pairs> {
        let mut counts: BTreeMap<Pairs, usize> = BTreeMap::new();
        for schema in self.named.get(name)? {
            let source = Source {
                root: self.root,
                schema,
            };
            let shape = Shape::of(&[source]);
            if shape.kinds().into_iter().eq([kind]) && shape.values().is_none() {
                *counts.entry(scalar(schema)).or_default() += 1;
            }
        }
        let (pairs, _) = counts.into_iter().max_by_key(|(_, count)| *count)?;
        Some(pairs)
    }

    /// How our document has all properties and parameters called `name`, if it has several and all alike.
    pub(super) fn always(&self, name: &str) -> Option<Pairs> {
        let schemas = self.named.get(name)?;
        let first = scalar(schemas.first()?);
        let is_usual = schemas.len() > 2 && schemas.iter().all(|one| scalar(one) == first);
        (is_usual && !first.is_empty()).then_some(first)
    }

    /// The id type of a resource, for a property such as `customerId`.
    pub(super) fn id_for(&self, name: &str) -> Option<Pairs> {
        let component = pascal(name);
        (name.ends_with("Id") && self.has(&component)).then(|| reference(&component))
    }

    /// The schemas that properties called `name` refer to.
    fn references(&self, name: &str) -> BTreeSet<&'a str> {
        let mut names = BTreeSet::new();
        for schema in self.named.get(name).into_iter().flatten() {
            let inner = [*schema, &schema["items"], &schema["allOf"][0]];
            let found = inner.into_iter().filter_map(|one| one["$ref"].as_str());
            names.extend(found.filter_map(|reference| reference.rsplit('/').next()));
        }
        names
    }
}

/// The type of a scalar, without texts.
fn scalar(schema: &Value) -> Pairs {
    let referred = schema["$ref"].as_str().or(schema["allOf"][0]["$ref"].as_str());
    if let Some(reference) = referred {
        return vec![("$ref", quoted(reference))];
    }
    let keys = ["type", "format"].into_iter();
    keys.filter_map(|key| Some((key, schema[key].as_str()?.to_owned())))
        .collect()
}

fn content<'a>(root: &'a Value, schema: &'a Value) -> Content<'a> {
    let shape = Shape::of(&[Source { root, schema }]);
    if schema.get("oneOf").is_some() {
        let groups = shape.tag().and_then(|tag| shape.by_tag(tag));
        let tags = groups.into_iter().flatten().map(|(value, _)| value);
        return Content::Union(tags.collect());
    }
    if let Some(values) = shape.values() {
        return Content::Enum(values.into_iter().filter_map(Value::as_str).collect());
    }
    let properties = shape.properties();
    if properties.is_empty() {
        Content::Other
    } else {
        Content::Object(properties.into_iter().map(|one| one.name).collect())
    }
}

/// Collects the names of the components that `value` refers to, directly or not.
fn reach<'a>(root: &'a Value, value: &'a Value, names: &mut BTreeSet<&'a str>) {
    match value {
        Value::Object(map) => {
            if let Some(reference) = map.get("$ref").and_then(Value::as_str) {
                let name = reference.strip_prefix("#/components/schemas/");
                if name.is_none_or(|name| names.insert(name)) {
                    reach(root, model::resolve(root, value), names);
                }
                return;
            }
            for value in map.values() {
                reach(root, value, names);
            }
        }
        Value::Array(list) => {
            for value in list {
                reach(root, value, names);
            }
        }
        _ => {}
    }
}

/// `billing_schedule` and `billingSchedule` as `BillingSchedule`.
pub(super) fn pascal(name: &str) -> String {
    let mut out = String::new();
    let mut upper = true;
    for one in name.chars() {
        if !one.is_alphanumeric() {
            upper = true;
        } else if upper {
            out.extend(one.to_uppercase());
            upper = false;
        } else {
            out.push(one);
        }
    }
    out
}
