//! Drafts of schemas from published ones, in the style of our document.

use std::collections::BTreeSet;

use serde_json::Value;

use super::super::schema::{Property, Shape, Source};
use super::ours::{Ours, pascal};
use super::unions::discriminator;
use super::yaml::{Pairs, comment, flow, gap, list, nest, quoted, reference};

pub(super) const DESCRIBE: &str = "describe it in your own words";

/// Drafts of properties, and of the components that they need.
pub(super) struct Drafts<'a> {
    pub(super) ours: Ours<'a>,
    pub(super) is_request: bool,
    /// New components, in the order in which they were needed.
    pub(super) new: Vec<(String, Vec<String>)>,
    /// The names of all new components, those of earlier findings too.
    pub(super) made: BTreeSet<String>,
    /// The resources or objects around the present place, innermost last.
    pub(super) holders: Vec<String>,
}

impl<'a> Drafts<'a> {
    /// A property with the vendor's text as a comment. `must` is whether a request without it is refused.
    pub(super) fn property(&mut self, name: &str, sources: &[Source<'a>], must: bool) -> Vec<String> {
        let shape = Shape::of(sources);
        let mut lines = comment(&text(sources));
        lines.push(gap("description", DESCRIBE));
        let pairs = self.value(name, &shape, sources);
        let is_text = pairs
            .iter()
            .any(|(key, value)| *key == "type" && value == "string")
            || pairs.iter().any(|(_, value)| value == "decimal");
        lines.extend(self.body(pairs));
        if self.is_request && shape.is_nullable() && !must {
            lines.push("nullable: true".to_owned());
        }
        if self.is_request && must && is_text {
            lines.push(gap("example", "a value for the documentation of the call"));
        }
        nest(&quoted(name), lines)
    }

    /// The lines of a schema beside its description: a reference needs `allOf`.
    pub(super) fn body(&self, pairs: Pairs) -> Vec<String> {
        if pairs.iter().any(|(key, _)| *key == "$ref") {
            return vec![format!("allOf: [{}]", flow(&pairs))];
        }
        pairs
            .into_iter()
            .map(|(key, value)| format!("{key}: {value}"))
            .collect()
    }

    /// A schema in one line.
    pub(super) fn value(&mut self, name: &str, shape: &Shape<'a>, sources: &[Source<'a>]) -> Pairs {
        let kinds = shape.kinds();
        let mut kinds = kinds.iter();
        let (Some(kind), None) = (kinds.next(), kinds.next()) else {
            return Pairs::new();
        };
        match *kind {
            "string" => self.string(name, shape, sources),
            "array" => {
                let items = shape.items();
                let item = self.value(singular(name), &Shape::of(&items), &items);
                vec![("type", "array".to_owned()), ("items", flow(&item))]
            }
            "object" if shape.is_map() => {
                let entries = shape.entries();
                let entry = self.value(singular(name), &Shape::of(&entries), &entries);
                vec![
                    ("type", "object".to_owned()),
                    ("additionalProperties", flow(&entry)),
                ]
            }
            "object" => reference(&self.object(name, shape, sources)),
            kind => self.ours.scalar_for(name, kind).unwrap_or_else(|| {
                let published = shape.formats(kind).into_iter().next();
                let format = match kind {
                    "number" => Some("decimal"),
                    "integer" => published.or(Some("int32")),
                    _ => None,
                };
                typed(kind, format)
            }),
        }
    }

    /// An enum, an id, a date, a decimal or a text: as our document has it elsewhere, or as the example looks.
    fn string(&mut self, name: &str, shape: &Shape<'a>, sources: &[Source<'a>]) -> Pairs {
        if let Some(values) = shape.values() {
            let values: Vec<&str> = values.into_iter().filter_map(Value::as_str).collect();
            let set = values.iter().copied().collect();
            return match self.ours.enum_for(name, &set) {
                Some(known) => reference(known),
                None => reference(&self.new_enum(name, &values)),
            };
        }
        let dates = shape.formats("string");
        let date = ["date", "date-time"].into_iter().find(|one| dates.contains(one));
        if let Some(format) = date {
            return typed("string", Some(format));
        }
        if name == "id" {
            return self.id();
        }
        let usual = self
            .ours
            .always(name)
            .or_else(|| self.ours.scalar_for(name, "string"));
        let known = usual.or_else(|| self.ours.id_for(name));
        known.unwrap_or_else(|| {
            typed(
                "string",
                sources.iter().find_map(|one| looks_like(&one.schema["example"])),
            )
        })
    }

    /// The id type of the resource or object around.
    fn id(&self) -> Pairs {
        let mut holders = self.holders.iter().rev();
        let known = holders.find_map(|holder| {
            let name = holder
                .trim_end_matches("Input")
                .trim_end_matches(|one: char| one.is_ascii_digit());
            self.ours.id_for(&format!("{name}Id"))
        });
        known.unwrap_or_else(|| typed("string", None))
    }

    fn new_enum(&mut self, name: &str, values: &[&str]) -> String {
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        let mut lines = vec!["type: string".to_owned(), gap("description", DESCRIBE)];
        lines.extend(list("enum", 6, &values));
        let mut name = pascal(singular(name));
        while self.ours.has(&name) {
            name.push('2');
        }
        self.component(name, lines)
    }

    /// The name of the component for an object: one of ours, or a new one.
    pub(super) fn object(&mut self, name: &str, shape: &Shape<'a>, sources: &[Source<'a>]) -> String {
        if let Some(groups) = shape.tag().and_then(|tag| shape.by_tag(tag)) {
            let tags: BTreeSet<&str> = groups.iter().map(|(tag, _)| *tag).collect();
            return match self.ours.union_for(&tags) {
                Some(known) => known.to_owned(),
                None => self.new_union(name, shape, &groups),
            };
        }
        let properties = shape.properties();
        if let Some(page) = self.page(name, &properties) {
            return page;
        }
        let names = properties.iter().map(|one| one.name).collect();
        match self.ours.object_for(name, &names, self.is_request) {
            Some((known, lacking)) => {
                self.lacking(known, &lacking);
                known.to_owned()
            }
            None => {
                let name = self.new_name(name);
                self.new_object(name, &properties, sources)
            }
        }
    }

    /// The component for a page of items.
    fn page(&mut self, name: &str, properties: &[Property<'a>]) -> Option<String> {
        let property = |wanted: &str| properties.iter().find(|one| one.name == wanted);
        let (items, pagination) = (property("items")?, property("pagination")?);
        let items = Shape::of(&items.sources).items();
        let shape = Shape::of(&items);
        if shape.properties().is_empty() {
            return None;
        }
        let item = self.object(name, &shape, &items);
        if let Some(known) = self.ours.page_of(&item) {
            return Some(known.to_owned());
        }
        let mut lines = vec![
            "type: object".to_owned(),
            gap("description", DESCRIBE),
            "required: [items, pagination]".to_owned(),
        ];
        let mut inner = nest(
            "items",
            vec![
                gap("description", DESCRIBE),
                "type: array".to_owned(),
                format!("items: {}", flow(&reference(&item))),
            ],
        );
        inner.extend(self.property("pagination", &pagination.sources, true));
        lines.extend(nest("properties", inner));
        Some(self.component(format!("{item}Page"), lines))
    }

    /// A new object, with the fields that are required from the start.
    pub(super) fn new_object(
        &mut self,
        name: String,
        properties: &[Property<'a>],
        sources: &[Source<'a>],
    ) -> String {
        self.new_member(name, properties, sources, None)
    }

    /// A new object, or a member of a union with its discriminator and the value that it has there.
    pub(super) fn new_member(
        &mut self,
        name: String,
        properties: &[Property<'a>],
        sources: &[Source<'a>],
        tag: Option<(&str, &str)>,
    ) -> String {
        if !self.made.insert(name.clone()) {
            return name;
        }
        let place = self.new.len();
        self.new.push((name.clone(), Vec::new()));
        self.holders.push(name.clone());
        let mut lines = comment(&text(sources));
        lines.extend(["type: object".to_owned(), gap("description", DESCRIBE)]);
        let required: Vec<String> = properties
            .iter()
            .filter(|one| one.required)
            .map(|one| quoted(one.name))
            .collect();
        if !required.is_empty() {
            lines.extend(list("required", 6, &required));
        }
        let mut inner = Vec::new();
        for one in properties {
            inner.extend(match tag {
                Some((tag, value)) if tag == one.name => discriminator(tag, value),
                _ => self.property(one.name, &one.sources, one.required),
            });
        }
        lines.extend(nest("properties", inner));
        self.new[place].1 = lines;
        self.holders.pop();
        name
    }

    /// A name that our document does not have yet. A part of a request ends in `Input`.
    pub(super) fn new_name(&self, name: &str) -> String {
        let mut name = pascal(singular(name));
        if self.is_request && !name.ends_with("Input") {
            name.push_str("Input");
        }
        while self.ours.has(&name) {
            name.push('2');
        }
        name
    }

    pub(super) fn component(&mut self, name: String, lines: Vec<String>) -> String {
        if self.made.insert(name.clone()) {
            self.new.push((name.clone(), lines));
        }
        name
    }

    /// Notes that an existing component is close, but has not all of the properties.
    fn lacking(&mut self, known: &str, names: &[&str]) {
        if !names.is_empty() {
            let note = format!(
                "# {known} of openapi.yaml lacks {}: the next comparison reports it",
                names.join(", ")
            );
            self.new.push((String::new(), vec![note]));
        }
    }
}

fn typed(kind: &str, format: Option<&str>) -> Pairs {
    let format = format.map(|format| ("format", format.to_owned()));
    [("type", kind.to_owned())].into_iter().chain(format).collect()
}

/// The format of a text, by the example that the vendor gives.
fn looks_like(example: &Value) -> Option<&'static str> {
    let text = example.as_str()?;
    let shape: String = text
        .chars()
        .map(|one| if one.is_ascii_digit() { '0' } else { one })
        .collect();
    if shape == "0000-00-00" {
        Some("date")
    } else if shape.starts_with("0000-00-00T00:00") {
        Some("date-time")
    } else {
        let digits = shape.strip_prefix('-').unwrap_or(&shape);
        let (whole, fraction) = digits.split_once('.')?;
        let zeros = |part: &str| !part.is_empty() && part.chars().all(|one| one == '0');
        (zeros(whole) && zeros(fraction)).then_some("decimal")
    }
}

/// The vendor's text of a schema.
fn text(sources: &[Source<'_>]) -> String {
    let mut texts = sources
        .iter()
        .filter_map(|one| one.schema["description"].as_str());
    texts.next().unwrap_or_default().to_owned()
}

/// `phases` as `phase`; words that end otherwise stay.
pub(super) fn singular(name: &str) -> &str {
    match name.strip_suffix('s') {
        Some(one) if !one.ends_with(['s', 'u', 'i']) => one,
        _ => name,
    }
}
