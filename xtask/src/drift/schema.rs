//! What a schema allows, however it is written.
//!
//! References, `allOf` and `oneOf` become a list of alternatives. A property is present if any alternative has it, and
//! required if all of them require it. Only one level is opened at a time, so a schema may contain itself.

use std::collections::BTreeSet;

use sequencehq_document::model;
use serde_json::Value;

/// The keywords that limit a value.
const BOUNDS: [&str; 13] = [
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
    "minLength",
    "maxLength",
    "pattern",
    "minItems",
    "maxItems",
    "uniqueItems",
    "minProperties",
    "maxProperties",
];

/// A schema, and the document that its references point into.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Source<'a> {
    pub(crate) root: &'a Value,
    pub(crate) schema: &'a Value,
}

/// One place of a document: everything that may stand there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shape<'a> {
    alternatives: Vec<Alternative<'a>>,
}

#[derive(Clone, Debug, Default)]
struct Alternative<'a> {
    /// The schema that declares the type, without what wraps it.
    place: Option<&'a Value>,
    root: Option<&'a Value>,
    /// The schema that has this among its alternatives.
    union: Option<&'a Value>,
    kind: Option<&'a str>,
    format: Option<&'a str>,
    nullable: bool,
    values: Vec<&'a Value>,
    /// Keywords that limit a value.
    bounds: Vec<(&'a str, &'a Value)>,
    default: Option<&'a Value>,
    deprecated: bool,
    properties: Vec<(&'a str, Vec<Source<'a>>)>,
    required: BTreeSet<&'a str>,
    items: Vec<Source<'a>>,
    /// Schemas of further properties, where the names are free.
    entries: Vec<Source<'a>>,
}

pub(crate) struct Property<'a> {
    pub(crate) name: &'a str,
    pub(crate) sources: Vec<Source<'a>>,
    pub(crate) required: bool,
}

impl Property<'_> {
    /// Whether our document has the property in an API version.
    pub(crate) fn exists_in(&self, version: &str) -> bool {
        let mut sources = self.sources.iter();
        sources.any(|source| model::exists_in(source.schema, version))
    }

    /// Whether the property is sent in one direction only: `readOnly` in responses, `writeOnly` in requests.
    pub(crate) fn is_marked(&self, keyword: &str) -> bool {
        let mut schemas = self.sources.iter().map(|one| one.schema);
        schemas.any(|schema| schema[keyword] == true)
    }

    /// Whether an API version requires the property in requests, although its type does not.
    pub(crate) fn is_required_in(&self, version: &str) -> bool {
        let mut listed = self.sources.iter().map(|source| &source.schema["x-required-in"]);
        listed.any(|versions| model::strings(versions).iter().any(|one| one == version))
    }
}

/// The address of a value in its document: equal addresses mean the very same place.
pub(crate) fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

impl<'a> Shape<'a> {
    /// Opens `sources` by one level.
    pub(crate) fn of(sources: &[Source<'a>]) -> Self {
        let alternatives = sources
            .iter()
            .flat_map(|source| open(*source, &mut Vec::new()))
            .collect();
        Self { alternatives }
    }

    /// Whether nothing can be said about the type.
    pub(crate) fn is_unknown(&self) -> bool {
        self.alternatives.is_empty() || self.alternatives.iter().any(|one| one.kind.is_none())
    }

    pub(crate) fn is_nullable(&self) -> bool {
        self.alternatives.iter().any(|one| one.nullable)
    }

    pub(crate) fn is_deprecated(&self) -> bool {
        self.alternatives.iter().any(|one| one.deprecated)
    }

    /// The default values, as JSON.
    pub(crate) fn defaults(&self) -> BTreeSet<String> {
        let defaults = self.alternatives.iter().filter_map(|one| one.default);
        defaults.map(Value::to_string).collect()
    }

    /// The limits of a value, such as `maximum 100`.
    pub(crate) fn bounds(&self) -> BTreeSet<String> {
        let bounds = self.alternatives.iter().flat_map(|one| &one.bounds);
        bounds
            .map(|(keyword, value)| format!("{keyword} {value}"))
            .collect()
    }

    /// The JSON types, in alphabetical order.
    pub(crate) fn kinds(&self) -> BTreeSet<&'a str> {
        self.alternatives.iter().filter_map(|one| one.kind).collect()
    }

    /// The schema that declares the type, of the first alternative.
    pub(crate) fn declared(&self) -> Option<&'a Value> {
        self.alternatives.iter().find_map(|one| one.place)
    }

    /// The union of the alternatives.
    pub(crate) fn union(&self) -> Option<&'a Value> {
        self.alternatives.iter().find_map(|one| one.union)
    }

    /// The schema that declares type `kind`, of the first alternative that has it.
    pub(crate) fn place(&self, kind: &str) -> Option<&'a Value> {
        let mut declared = self.alternatives.iter().filter(|one| one.kind == Some(kind));
        declared.find_map(|one| one.place)
    }

    /// The schemas that declare the types.
    pub(crate) fn sources(&self) -> Vec<Source<'a>> {
        let source = |one: &Alternative<'a>| {
            Some(Source {
                root: one.root?,
                schema: one.place?,
            })
        };
        self.alternatives.iter().filter_map(source).collect()
    }

    /// The formats of those alternatives that have type `kind`.
    pub(crate) fn formats(&self, kind: &str) -> BTreeSet<&'a str> {
        self.alternatives
            .iter()
            .filter(|one| one.kind == Some(kind))
            .filter_map(|one| one.format)
            .collect()
    }

    /// The values of an enum of strings, or nothing if any string may stand here.
    pub(crate) fn values(&self) -> Option<Vec<&'a Value>> {
        let mut values: Vec<&Value> = Vec::new();
        let mut strings = self
            .alternatives
            .iter()
            .filter(|one| one.kind == Some("string"))
            .peekable();
        strings.peek()?;
        for one in strings {
            if one.values.is_empty() {
                return None;
            }
            for value in &one.values {
                if !values.contains(value) {
                    values.push(value);
                }
            }
        }
        Some(values)
    }

    /// Whether an API version has a value of our enum.
    pub(crate) fn has_value_in(&self, value: &Value, version: &str) -> bool {
        let mut declared = self.alternatives.iter().filter(|one| one.values.contains(&value));
        declared.any(|one| {
            let versions = one.place.map(|place| &place["x-value-versions"]);
            let versions = versions.and_then(|versions| versions.get(value.as_str()?));
            versions.is_none_or(|versions| model::strings(versions).iter().any(|one| one == version))
        })
    }

    /// Whether objects here have names of the sender's choice.
    pub(crate) fn is_map(&self) -> bool {
        self.objects().all(|one| one.properties.is_empty())
    }

    pub(crate) fn properties(&self) -> Vec<Property<'a>> {
        let mut properties: Vec<Property<'a>> = Vec::new();
        for one in self.objects() {
            for (name, sources) in &one.properties {
                match properties.iter_mut().find(|property| property.name == *name) {
                    Some(property) => unite(&mut property.sources, sources),
                    None => properties.push(Property {
                        name,
                        sources: sources.clone(),
                        required: false,
                    }),
                }
            }
        }
        for property in &mut properties {
            property.required = self.objects().all(|one| one.required.contains(property.name));
        }
        properties
    }

    pub(crate) fn items(&self) -> Vec<Source<'a>> {
        gather(self.alternatives.iter().map(|one| &one.items))
    }

    /// The schemas of the values of a map.
    pub(crate) fn entries(&self) -> Vec<Source<'a>> {
        gather(self.alternatives.iter().map(|one| &one.entries))
    }

    /// Each alternative as a shape of its own.
    pub(crate) fn each(&self) -> Vec<Self> {
        let alone = |one: &Alternative<'a>| Self {
            alternatives: vec![one.clone()],
        };
        self.alternatives.iter().map(alone).collect()
    }

    /// The property that distinguishes several object alternatives, if there is one: in each it has one value.
    pub(crate) fn tag(&self) -> Option<&'a str> {
        let first = self.objects().next()?;
        let (name, _) = first.properties.iter().find(|(name, _)| {
            let tags: Vec<Option<&str>> = self.objects().map(|one| one.tag_value(name)).collect();
            tags.iter().all(Option::is_some) && tags.iter().any(|tag| *tag != tags[0])
        })?;
        Some(name)
    }

    /// The alternatives sorted by the value of property `tag`, or nothing if one of them leaves it open.
    pub(crate) fn by_tag(&self, tag: &str) -> Option<Vec<(&'a str, Shape<'a>)>> {
        let mut groups: Vec<(&str, Shape<'a>)> = Vec::new();
        for one in &self.alternatives {
            let value = one.tag_value(tag)?;
            match groups.iter_mut().find(|(known, _)| *known == value) {
                Some((_, group)) => group.alternatives.push(one.clone()),
                None => groups.push((
                    value,
                    Shape {
                        alternatives: vec![one.clone()],
                    },
                )),
            }
        }
        Some(groups)
    }

    /// The type in a few words, for messages and rules.
    pub(crate) fn text(&self) -> String {
        let mut words: Vec<String> = Vec::new();
        for one in &self.alternatives {
            let word = match (one.kind, one.format) {
                (None, _) => "anything".to_owned(),
                (Some("array"), _) => format!("list of {}", Shape::of(&one.items).text()),
                (Some("object"), _) if one.properties.is_empty() => "map".to_owned(),
                (Some("string"), _) if !one.values.is_empty() => "enum".to_owned(),
                (Some(kind), Some(format)) => format!("{kind}/{format}"),
                (Some(kind), None) => kind.to_owned(),
            };
            if !words.contains(&word) {
                words.push(word);
            }
        }
        if words.is_empty() {
            "anything".to_owned()
        } else {
            words.join(" or ")
        }
    }

    fn objects(&self) -> impl Iterator<Item = &Alternative<'a>> {
        self.alternatives.iter().filter(|one| one.kind == Some("object"))
    }
}

impl<'a> Alternative<'a> {
    fn tag_value(&self, name: &str) -> Option<&'a str> {
        let (_, sources) = self.properties.iter().find(|(known, _)| *known == name)?;
        match Shape::of(sources).values()?.as_slice() {
            [one] => one.as_str(),
            _ => None,
        }
    }

    /// What holds if both this and `other` hold.
    fn and(&self, other: &Self) -> Self {
        let mut both = self.clone();
        both.place = self.place.or(other.place);
        both.root = self.root.or(other.root);
        both.union = self.union.or(other.union);
        both.kind = self.kind.or(other.kind);
        both.format = self.format.or(other.format);
        both.nullable |= other.nullable;
        both.bounds.extend(&other.bounds);
        both.default = self.default.or(other.default);
        both.deprecated |= other.deprecated;
        if both.values.is_empty() {
            both.values.clone_from(&other.values);
        }
        for (name, sources) in &other.properties {
            match both.properties.iter_mut().find(|(known, _)| known == name) {
                Some((_, known)) => unite(known, sources),
                None => both.properties.push((name, sources.clone())),
            }
        }
        both.required.extend(&other.required);
        unite(&mut both.items, &other.items);
        unite(&mut both.entries, &other.entries);
        both
    }
}

fn open<'a>(source: Source<'a>, above: &mut Vec<usize>) -> Vec<Alternative<'a>> {
    let Source { root, schema } = source;
    // A schema that is nothing but itself says nothing.
    if above.contains(&address(schema)) {
        return Vec::new();
    }
    above.push(address(schema));
    let mut alternatives = vec![own(source)];
    if schema["$ref"].is_string() {
        let target = Source {
            root,
            schema: model::resolve(root, schema),
        };
        alternatives = combine(&alternatives, &open(target, above));
    }
    for part in schema["allOf"].as_array().into_iter().flatten() {
        alternatives = combine(&alternatives, &open(Source { root, schema: part }, above));
    }
    for key in ["oneOf", "anyOf"] {
        if let Some(choices) = schema[key].as_array() {
            let choices: Vec<_> = choices
                .iter()
                .flat_map(|choice| open(Source { root, schema: choice }, above))
                .collect();
            alternatives = combine(&alternatives, &choices);
        }
    }
    above.pop();
    alternatives
}

/// What the schema itself says, without what it refers to.
fn own<'a>(Source { root, schema }: Source<'a>) -> Alternative<'a> {
    let source = |schema| Source { root, schema };
    let properties: Vec<_> = schema["properties"]
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, property)| (name.as_str(), vec![source(property)]))
        .collect();
    // OpenAPI 3.1 lists `null` beside the type.
    let listed = schema["type"].as_array().into_iter().flatten();
    let listed: Vec<&str> = listed.filter_map(Value::as_str).collect();
    let kind = schema["type"]
        .as_str()
        .or(listed.iter().copied().find(|one| *one != "null"));
    let kind = kind.or_else(|| {
        let implied = [
            ("properties", "object"),
            ("items", "array"),
            ("enum", "string"),
            ("const", "string"),
        ];
        implied
            .iter()
            .find(|(key, _)| schema.get(key).is_some())
            .map(|(_, kind)| *kind)
    });
    let further = &schema["additionalProperties"];
    Alternative {
        place: kind.map(|_| schema),
        root: kind.map(|_| root),
        union: schema.get("oneOf").is_some().then_some(schema),
        kind,
        format: schema["format"].as_str(),
        nullable: schema["nullable"] == true || listed.contains(&"null"),
        bounds: BOUNDS
            .iter()
            .chain(matches!(kind, Some("integer" | "number" | "boolean")).then_some(&"enum"))
            .filter_map(|keyword| Some((*keyword, schema.get(*keyword)?)))
            .collect(),
        default: schema.get("default"),
        deprecated: schema["deprecated"] == true,
        values: schema["enum"]
            .as_array()
            .into_iter()
            .flatten()
            .chain(schema.get("const"))
            .filter(|value| !value.is_null())
            .collect(),
        properties,
        required: schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect(),
        items: schema.get("items").map(source).into_iter().collect(),
        entries: further.is_object().then(|| source(further)).into_iter().collect(),
    }
}

fn combine<'a>(left: &[Alternative<'a>], right: &[Alternative<'a>]) -> Vec<Alternative<'a>> {
    left.iter()
        .flat_map(|one| right.iter().map(|other| one.and(other)))
        .collect()
}

fn gather<'s, 'a: 's>(lists: impl Iterator<Item = &'s Vec<Source<'a>>>) -> Vec<Source<'a>> {
    let mut all = Vec::new();
    for list in lists {
        unite(&mut all, list);
    }
    all
}

fn unite<'a>(sources: &mut Vec<Source<'a>>, more: &[Source<'a>]) {
    for source in more {
        if !sources
            .iter()
            .any(|known| address(known.schema) == address(source.schema))
        {
            sources.push(*source);
        }
    }
}
