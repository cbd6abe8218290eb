//! Walks through both documents at once and writes down where they part.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt;

use sequencehq_document::model::{self, RawOperation};
use sequencehq_document::routes;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::document::Published;
use super::schema::{Property, Shape, Source, address};

/// Headers that the client sets or that carry no contract of a single operation.
const HEADERS: [&str; 3] = ["authorization", "sequence-version", "idempotency-key"];

const NOTHING: &str = "-";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Aspect {
    /// They have it, we do not.
    Missing,
    /// We have it, they do not.
    Extra,
    Type,
    /// Same type, but another format.
    Format,
    Enum,
    Required,
    Nullable,
    Status,
    /// A body of another media type, or a body on one side only.
    Content,
    Pagination,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// We cannot decode or cannot say what they publish.
    Breaking,
    /// They offer more, or less, than we know; what we know still works.
    Additive,
}

/// One difference, in every version that shows it.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Difference {
    pub(crate) operation: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) location: String,
    pub(crate) kind: Aspect,
    pub(crate) severity: Severity,
    pub(crate) versions: BTreeSet<String>,
    pub(crate) ours: String,
    pub(crate) theirs: String,
    /// What we have here and they do not, they have at another place that shares our schema.
    pub(crate) elsewhere: bool,
}

/// The outcome of a comparison, before any rule.
#[derive(Debug, Default)]
pub(crate) struct Comparison {
    pub(crate) differences: Vec<Difference>,
    /// Operations that both sides have.
    pub(crate) matched: usize,
    /// Operations that either side has in one of the compared versions.
    pub(crate) operations: usize,
    /// The compared versions, oldest first.
    pub(crate) versions: BTreeSet<String>,
    /// Versions that our document speaks of and that were not compared.
    pub(crate) left_out: BTreeSet<String>,
}

/// Compares our document with published ones; those of one version are united first.
pub(crate) fn compare(ours: &Value, published: &[Published]) -> Comparison {
    let mut by_version: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for one in published {
        by_version.entry(&one.version).or_default().push(&one.root);
    }
    let mut walk = Walk::new(ours);
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    for (version, snapshots) in &by_version {
        walk.version = (*version).to_owned();
        walk.documents(snapshots, &mut seen);
    }
    let versions: BTreeSet<String> = by_version.keys().map(|version| (*version).to_owned()).collect();
    Comparison {
        differences: walk.finish(),
        matched: seen.values().filter(|both| **both).count(),
        operations: seen.len(),
        left_out: model::versions(ours)
            .all
            .into_iter()
            .filter(|one| !versions.contains(one))
            .collect(),
        versions,
    }
}

/// Which way a body travels: it decides what a difference costs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Request,
    Response,
}

struct Walk<'a> {
    ours: &'a Value,
    version: String,
    operation: String,
    method: String,
    path: String,
    found: Vec<Found>,
    /// Our properties and enum values that have a counterpart somewhere.
    met: HashSet<(usize, bool)>,
    /// The pairs of places above the present one; a pair that contains itself is walked once.
    above: Vec<(Vec<usize>, Vec<usize>)>,
}

struct Found {
    difference: Difference,
    /// What of ours has no counterpart here, to look for it elsewhere.
    unmet: Vec<(usize, bool)>,
}

struct Parameter<'a> {
    place: &'a str,
    name: &'a str,
    /// What stands in the list of parameters, be it a reference.
    entry: &'a Value,
    raw: &'a Value,
    sources: Vec<Source<'a>>,
    required: bool,
}

impl Parameter<'_> {
    fn is(&self, other: &Parameter<'_>) -> bool {
        self.place == other.place && self.name == other.name
    }
}

impl<'a> Walk<'a> {
    fn new(ours: &'a Value) -> Self {
        Self {
            ours,
            version: String::new(),
            operation: String::new(),
            method: String::new(),
            path: String::new(),
            found: Vec::new(),
            met: HashSet::new(),
            above: Vec::new(),
        }
    }

    fn documents(&mut self, snapshots: &[&'a Value], seen: &mut BTreeMap<String, bool>) {
        let mut theirs: BTreeMap<(String, String), Vec<RawOperation<'a>>> = BTreeMap::new();
        for snapshot in snapshots {
            for operation in model::raw_operations(snapshot) {
                let key = (operation.method.to_owned(), routes::anonymous(operation.path));
                theirs.entry(key).or_default().push(operation);
            }
        }
        for raw in model::raw_operations(self.ours) {
            let operation = raw.read();
            let Some((method, path)) = operation.endpoint(&self.version) else {
                continue;
            };
            let id = operation.id.as_str();
            self.enter(id, method, path);
            let counterpart = theirs.remove(&(method.to_owned(), routes::anonymous(path)));
            *seen.entry(id.to_owned()).or_default() |= counterpart.is_some();
            match counterpart {
                Some(counterpart) => self.operation(raw, &counterpart),
                None => self.note(
                    "operation",
                    Aspect::Extra,
                    Severity::Breaking,
                    "published no more",
                    NOTHING,
                ),
            }
        }
        for operations in theirs.values() {
            let operation = operations[0];
            self.enter("", operation.method, operation.path);
            seen.insert(format!("{} {}", self.method, self.path), false);
            let id = operation.raw["operationId"].as_str().unwrap_or(NOTHING);
            self.note("operation", Aspect::Missing, Severity::Breaking, NOTHING, id);
        }
    }

    fn enter(&mut self, id: &str, method: &str, path: &str) {
        self.operation = id.to_owned();
        self.method = method.to_ascii_uppercase();
        self.path = path.to_owned();
    }

    fn operation(&mut self, ours: RawOperation<'a>, theirs: &[RawOperation<'a>]) {
        self.parameters(ours, theirs);
        self.request(ours, theirs);
        let (our_successes, their_successes) = (successes(ours), theirs.iter().copied().flat_map(successes));
        let mut merged: BTreeMap<&str, Vec<Content<'a>>> = BTreeMap::new();
        for (status, answer) in their_successes {
            merged.entry(status).or_default().push(answer);
        }
        self.statuses(&our_successes, &merged);
        let our_answers: Vec<Content<'a>> = our_successes.into_iter().map(|(_, answer)| answer).collect();
        let their_answers: Vec<Content<'a>> = merged.into_values().flatten().collect();
        self.paginated(ours, theirs, &their_answers);
        self.content("response", &our_answers, &their_answers, Way::Response);
        self.errors(ours, theirs);
    }

    fn statuses(&mut self, ours: &[(&str, Content<'a>)], theirs: &BTreeMap<&str, Vec<Content<'a>>>) {
        let known: Vec<&str> = ours.iter().map(|(status, _)| *status).collect();
        for status in theirs.keys().filter(|status| !known.contains(status)) {
            self.note(
                "response.status",
                Aspect::Status,
                Severity::Breaking,
                &known.join(", "),
                status,
            );
        }
        for status in known.iter().filter(|status| !theirs.contains_key(**status)) {
            let published = theirs.keys().copied().collect::<Vec<_>>().join(", ");
            self.note(
                "response.status",
                Aspect::Status,
                Severity::Additive,
                status,
                &published,
            );
        }
    }

    fn paginated(&mut self, ours: RawOperation<'a>, theirs: &[RawOperation<'a>], answers: &[Content<'a>]) {
        let takes = |wanted: &str| {
            theirs
                .iter()
                .any(|one| parameters(*one).any(|one| one.place == "query" && one.name == wanted))
        };
        let sources: Vec<Source<'a>> = answers.iter().filter_map(|answer| answer.json).collect();
        let answered = Shape::of(&sources);
        let answers = |wanted: &str| {
            answered
                .properties()
                .iter()
                .any(|property| property.name == wanted)
        };
        let published = ["limit", "after", "before"].into_iter().all(takes)
            && ["items", "pagination"].into_iter().all(answers);
        let text = |paginated: bool| if paginated { "page by page" } else { "all at once" };
        let declared = ours.raw["x-paginated"] == true;
        if declared != published {
            let (ours, theirs) = (text(declared), text(published));
            self.note("operation", Aspect::Pagination, Severity::Breaking, ours, theirs);
        }
    }

    fn errors(&mut self, ours: RawOperation<'a>, theirs: &[RawOperation<'a>]) {
        let mut published: BTreeMap<&str, Vec<Content<'a>>> = BTreeMap::new();
        for one in theirs {
            for (status, answer) in answers(*one, |status| status.starts_with(['4', '5'])) {
                if answer
                    .json
                    .is_some_and(|source| !Shape::of(&[source]).is_unknown())
                {
                    published.entry(status).or_default().push(answer);
                }
            }
        }
        for (status, theirs) in published {
            let class = if status.starts_with('4') { "4XX" } else { "5XX" };
            let mut known: Vec<Content<'a>> = answers(ours, |ours| ours == class || ours == status)
                .into_iter()
                .map(|(_, one)| one)
                .collect();
            let conflict = ours.raw["x-conflict"].as_str().filter(|_| status == "409");
            if let Some(schema) = conflict.and_then(|name| ours.root["components"]["schemas"].get(name)) {
                let source = Source {
                    root: ours.root,
                    schema,
                };
                known = vec![Content {
                    media: "application/json",
                    json: Some(source),
                }];
            }
            self.content(&format!("error.{status}"), &known, &theirs, Way::Response);
        }
    }

    fn parameters(&mut self, ours: RawOperation<'a>, theirs: &[RawOperation<'a>]) {
        let our_parameters = unite_parameters(&[ours]);
        let their_parameters = unite_parameters(theirs);
        for theirs in &their_parameters {
            let location = format!("{}.{}", theirs.place, theirs.name);
            let Some(ours) = our_parameters.iter().find(|ours| ours.is(theirs)) else {
                let severity = breaking_if(theirs.required);
                let text = Shape::of(&theirs.sources).text();
                self.note(&location, Aspect::Missing, severity, NOTHING, &text);
                continue;
            };
            self.met.insert((address(ours.entry), false));
            if ours.required != theirs.required {
                let severity = breaking_if(theirs.required);
                self.note(
                    &location,
                    Aspect::Required,
                    severity,
                    need(ours.required),
                    need(theirs.required),
                );
            }
            self.parameter(&location, ours, theirs);
        }
        for ours in &our_parameters {
            if !their_parameters.iter().any(|theirs| theirs.is(ours)) {
                let severity = breaking_if(ours.required);
                let text = Shape::of(&ours.sources).text();
                let location = format!("{}.{}", ours.place, ours.name);
                let unmet = vec![(address(ours.entry), false)];
                self.note_unmet(&location, Aspect::Extra, severity, &text, unmet);
            }
        }
        self.path_parameters(ours, theirs);
    }

    /// These go by their order: a name in a path is only a name.
    fn path_parameters(&mut self, ours: RawOperation<'a>, theirs: &[RawOperation<'a>]) {
        let ours = path_parameters(ours);
        let theirs: Vec<_> = theirs.iter().map(|one| path_parameters(*one)).collect();
        for (index, (name, ours)) in ours.iter().enumerate() {
            let theirs: Vec<Source<'a>> = theirs
                .iter()
                .filter_map(|list| list.get(index))
                .flat_map(|(_, list)| list.clone())
                .collect();
            if !theirs.is_empty() {
                self.sources(&format!("path.{name}"), ours, &theirs, Way::Request);
            }
        }
    }

    fn parameter(&mut self, location: &str, ours: &Parameter<'a>, theirs: &Parameter<'a>) {
        let (left, right) = (Shape::of(&ours.sources), Shape::of(&theirs.sources));
        if left.kinds().contains("array") && !right.kinds().contains("array") && !right.is_unknown() {
            let joined = ours.raw["explode"] == false;
            let items = Shape::of(&left.items()).text();
            let text = format!(
                "list {} of {items}",
                if joined { "by commas" } else { "repeated" }
            );
            return self.note(location, Aspect::Type, Severity::Breaking, &text, &right.text());
        }
        self.sources(location, &ours.sources, &theirs.sources, Way::Request);
    }

    fn request(&mut self, ours: RawOperation<'a>, theirs: &[RawOperation<'a>]) {
        let our_body = body(ours);
        let their_bodies: Vec<_> = theirs.iter().filter_map(|one| body(*one)).collect();
        let required =
            their_bodies.len() == theirs.len() && their_bodies.iter().all(|(_, required)| *required);
        let severity = breaking_if(required);
        match (our_body, their_bodies.is_empty()) {
            (None, true) => {}
            (None, false) => self.note("request.body", Aspect::Missing, severity, NOTHING, need(required)),
            (Some((_, needed)), true) => {
                let severity = breaking_if(needed);
                self.note("request.body", Aspect::Extra, severity, need(needed), NOTHING);
            }
            (Some((answer, needed)), false) => {
                if needed != required {
                    self.note(
                        "request.body",
                        Aspect::Required,
                        severity,
                        need(needed),
                        need(required),
                    );
                }
                let theirs: Vec<Content<'a>> = their_bodies.into_iter().map(|(answer, _)| answer).collect();
                self.content("request.body", &[answer], &theirs, Way::Request);
            }
        }
    }

    fn content(&mut self, location: &str, ours: &[Content<'a>], theirs: &[Content<'a>], way: Way) {
        let media = |answers: &[Content<'a>]| {
            let names: BTreeSet<&str> = answers.iter().map(|answer| answer.media).collect();
            // Where one of several snapshots or statuses has a body, that is the one that counts.
            let full: Vec<&str> = names.iter().copied().filter(|name| *name != NOTHING).collect();
            if full.is_empty() {
                NOTHING.to_owned()
            } else {
                full.join(", ")
            }
        };
        let (left, right) = (media(ours), media(theirs));
        if left != right {
            self.note(location, Aspect::Content, Severity::Breaking, &left, &right);
        }
        let json = |answers: &[Content<'a>]| answers.iter().filter_map(|one| one.json).collect::<Vec<_>>();
        let (left, right) = (json(ours), json(theirs));
        if !left.is_empty() && !right.is_empty() {
            self.sources(location, &left, &right, way);
        }
    }

    fn sources(&mut self, location: &str, ours: &[Source<'a>], theirs: &[Source<'a>], way: Way) {
        let addresses = |sources: &[Source<'a>]| sources.iter().map(|one| address(one.schema)).collect();
        let pair = (addresses(ours), addresses(theirs));
        if self.above.contains(&pair) {
            return;
        }
        self.above.push(pair);
        self.shapes(location, &Shape::of(ours), &Shape::of(theirs), way);
        self.above.pop();
    }

    fn shapes(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        if ours.is_unknown() || theirs.is_unknown() {
            return;
        }
        let (left, right) = (ours.kinds(), theirs.kinds());
        if left != right {
            self.note(
                location,
                Aspect::Type,
                Severity::Breaking,
                &ours.text(),
                &theirs.text(),
            );
        }
        for kind in left.intersection(&right) {
            match *kind {
                "string" => {
                    self.instants(location, ours, theirs);
                    self.values(location, ours, theirs);
                }
                "integer" => self.width(location, ours, theirs),
                "array" => self.sources(&format!("{location}[]"), &ours.items(), &theirs.items(), way),
                "object" => self.objects(location, ours, theirs, way),
                _ => {}
            }
        }
    }

    /// Dates and instants: a plain string of theirs may be either, but what they say must not be wrong here.
    fn instants(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>) {
        let dated = |shape: &Shape<'a>| -> BTreeSet<&str> {
            shape
                .formats("string")
                .into_iter()
                .filter(|one| ["date", "date-time"].contains(one))
                .collect()
        };
        let (left, right) = (dated(ours), dated(theirs));
        if !right.is_empty() && left != right {
            let plain = left.is_empty() && !ours.formats("string").contains("decimal");
            let severity = if plain {
                Severity::Additive
            } else {
                Severity::Breaking
            };
            self.note(location, Aspect::Format, severity, &ours.text(), &theirs.text());
        }
    }

    fn width(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>) {
        let wide = |shape: &Shape<'a>| shape.formats("integer").contains("int64");
        if wide(theirs) && !wide(ours) {
            self.note(
                location,
                Aspect::Format,
                Severity::Breaking,
                &ours.text(),
                &theirs.text(),
            );
        }
    }

    fn values(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>) {
        let Some(right) = theirs.values() else { return };
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let Some(left) = ours.values() else {
            let list = right.into_iter().map(text).collect::<Vec<_>>().join(", ");
            return self.note(location, Aspect::Enum, Severity::Additive, &ours.text(), &list);
        };
        for value in &right {
            if !left.contains(value) {
                self.note(location, Aspect::Enum, Severity::Additive, NOTHING, &text(value));
            }
        }
        for value in left {
            let place = (address(value), false);
            if right.contains(&value) {
                self.met.insert(place);
            } else {
                self.note_unmet(
                    location,
                    Aspect::Enum,
                    Severity::Additive,
                    &text(value),
                    vec![place],
                );
            }
        }
    }

    fn objects(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        match (ours.is_map(), theirs.is_map()) {
            (true, true) => {
                let (left, right) = (ours.entries(), theirs.entries());
                if !left.is_empty() && !right.is_empty() {
                    self.sources(&format!("{location}{{}}"), &left, &right, way);
                }
            }
            (false, false) => self.properties(location, ours, theirs, way),
            _ => self.note(
                location,
                Aspect::Type,
                Severity::Breaking,
                &ours.text(),
                &theirs.text(),
            ),
        }
    }

    fn properties(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        let (left, right) = (ours.properties(), theirs.properties());
        for theirs in &right {
            let here = format!("{location}.{}", theirs.name);
            match left.iter().find(|ours| ours.name == theirs.name) {
                None => self.missing(&here, theirs, way),
                Some(ours) => {
                    self.met.extend(addresses(ours, way));
                    self.required(&here, ours, theirs, way);
                    self.nullable(&here, ours, theirs, way);
                    self.sources(&here, &ours.sources, &theirs.sources, way);
                }
            }
        }
        for ours in &left {
            if !right.iter().any(|theirs| theirs.name == ours.name) {
                self.extra(&format!("{location}.{}", ours.name), ours, way);
            }
        }
        self.variants(location, ours, theirs, way);
    }

    /// Notes a property that only they have. A request that lacks a required one is refused.
    fn missing(&mut self, here: &str, theirs: &Property<'a>, way: Way) {
        let severity = breaking_if(theirs.required && way == Way::Request);
        let text = format!("{} {}", need(theirs.required), Shape::of(&theirs.sources).text());
        self.note(here, Aspect::Missing, severity, NOTHING, &text);
    }

    /// Notes a property that only we have. Ours being required breaks both ways: it is sent in vain, or never arrives.
    fn extra(&mut self, here: &str, ours: &Property<'a>, way: Way) {
        let severity = breaking_if(ours.required);
        let text = format!("{} {}", need(ours.required), Shape::of(&ours.sources).text());
        let unmet = addresses(ours, way).collect();
        self.note_unmet(here, Aspect::Extra, severity, &text, unmet);
    }

    /// Notes a different requirement. A request breaks if it leaves out what they require, an answer if it lacks what
    /// we require.
    fn required(&mut self, here: &str, ours: &Property<'a>, theirs: &Property<'a>, way: Way) {
        if ours.required == theirs.required {
            return;
        }
        let severity = breaking_if(match way {
            Way::Request => theirs.required,
            Way::Response => ours.required,
        });
        let (mine, other) = (need(ours.required), need(theirs.required));
        self.note(here, Aspect::Required, severity, mine, other);
    }

    /// Notes that only one side allows `null`. It breaks an answer of which we require the property.
    fn nullable(&mut self, here: &str, ours: &Property<'a>, theirs: &Property<'a>, way: Way) {
        let (mine, other) = (Shape::of(&ours.sources), Shape::of(&theirs.sources));
        if mine.is_nullable() == other.is_nullable() {
            return;
        }
        let severity = breaking_if(way == Way::Response && ours.required && other.is_nullable());
        let text = |shape: &Shape<'a>, required| {
            let nullable = if shape.is_nullable() { ", nullable" } else { "" };
            format!("{}{nullable}", need(required))
        };
        let (mine, other) = (text(&mine, ours.required), text(&other, theirs.required));
        self.note(here, Aspect::Nullable, severity, &mine, &other);
    }

    /// Unions with a tag are compared variant by variant as well, where both sides have the same tag.
    fn variants(&mut self, location: &str, ours: &Shape<'a>, theirs: &Shape<'a>, way: Way) {
        let Some(tag) = ours.tag() else { return };
        let (Some(left), Some(right)) = (ours.by_tag(tag), theirs.by_tag(tag)) else {
            return;
        };
        for (value, ours) in &left {
            if let Some((_, theirs)) = right.iter().find(|(other, _)| other == value) {
                self.properties(&format!("{location}({value})"), ours, theirs, way);
            }
        }
    }

    fn note(&mut self, location: &str, kind: Aspect, severity: Severity, ours: &str, theirs: &str) {
        let difference = Difference {
            operation: self.operation.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            location: location.to_owned(),
            kind,
            severity,
            versions: BTreeSet::from([self.version.clone()]),
            ours: ours.to_owned(),
            theirs: theirs.to_owned(),
            elsewhere: false,
        };
        self.found.push(Found {
            difference,
            unmet: Vec::new(),
        });
    }

    fn note_unmet(
        &mut self,
        location: &str,
        kind: Aspect,
        severity: Severity,
        ours: &str,
        unmet: Vec<(usize, bool)>,
    ) {
        self.note(location, kind, severity, ours, NOTHING);
        if let Some(found) = self.found.last_mut() {
            found.unmet = unmet;
        }
    }

    /// Joins what several versions show, and looks for the unmet elsewhere.
    fn finish(self) -> Vec<Difference> {
        let mut joined: Vec<Difference> = Vec::new();
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        for Found {
            mut difference,
            unmet,
        } in self.found
        {
            difference.elsewhere = unmet.iter().any(|place| self.met.contains(place));
            let Difference {
                operation,
                method,
                path,
                location,
                kind,
                severity,
                ours,
                theirs,
                ..
            } = &difference;
            let name = if operation.is_empty() {
                format!("{method} {path}")
            } else {
                operation.clone()
            };
            let key = format!("{name}\n{location}\n{kind}\n{severity}\n{ours}\n{theirs}");
            match places.get(&key) {
                Some(index) => joined[*index].versions.extend(difference.versions),
                None => {
                    places.insert(key, joined.len());
                    joined.push(difference);
                }
            }
        }
        joined
    }
}

/// A body: its media type, and its schema if it is JSON.
#[derive(Clone, Copy)]
struct Content<'a> {
    media: &'a str,
    json: Option<Source<'a>>,
}

fn successes(operation: RawOperation<'_>) -> Vec<(&str, Content<'_>)> {
    answers(operation, |status| status.starts_with('2'))
}

fn answers<'a>(operation: RawOperation<'a>, wanted: impl Fn(&str) -> bool) -> Vec<(&'a str, Content<'a>)> {
    let responses = operation.raw["responses"].as_object().into_iter().flatten();
    responses
        .filter(|(status, _)| wanted(status))
        .flat_map(|(status, response)| {
            let response = model::resolve(operation.root, response);
            contents(operation.root, response)
                .into_iter()
                .map(move |answer| (status.as_str(), answer))
        })
        .collect()
}

/// The body of a request, and whether it must be sent.
fn body(operation: RawOperation<'_>) -> Option<(Content<'_>, bool)> {
    let body = model::resolve(operation.root, operation.raw.get("requestBody")?);
    let answer = contents(operation.root, body).into_iter().next()?;
    Some((answer, body["required"] == true))
}

fn contents<'a>(root: &'a Value, holder: &'a Value) -> Vec<Content<'a>> {
    let content = holder["content"].as_object().into_iter().flatten();
    let mut answers: Vec<Content<'a>> = content
        .map(|(media, content)| Content {
            media,
            json: content
                .get("schema")
                .filter(|_| media == "application/json")
                .map(|schema| Source { root, schema }),
        })
        .collect();
    if answers.is_empty() {
        answers.push(Content {
            media: NOTHING,
            json: None,
        });
    }
    answers
}

/// Every parameter of an operation, those of the path item included.
fn parameters<'a>(operation: RawOperation<'a>) -> impl Iterator<Item = Parameter<'a>> {
    let lists = [&operation.item["parameters"], &operation.raw["parameters"]];
    let declared = lists
        .into_iter()
        .flat_map(|list| list.as_array().into_iter().flatten());
    declared
        .map(move |entry| {
            let raw = model::resolve(operation.root, entry);
            let text = |key: &str| raw[key].as_str().unwrap_or_default();
            let sources = vec![Source {
                root: operation.root,
                schema: &raw["schema"],
            }];
            Parameter {
                place: text("in"),
                name: text("name"),
                entry,
                raw,
                sources,
                required: raw["required"] == true,
            }
        })
        .filter(|one| one.place != "header" || !HEADERS.contains(&one.name.to_ascii_lowercase().as_str()))
}

/// Query and header parameters of all snapshots; required are those that every snapshot requires.
fn unite_parameters<'a>(operations: &[RawOperation<'a>]) -> Vec<Parameter<'a>> {
    let mut united: Vec<Parameter<'a>> = Vec::new();
    for operation in operations {
        for mut parameter in parameters(*operation).filter(|one| one.place != "path") {
            match united.iter_mut().find(|known| known.is(&parameter)) {
                Some(known) => known.sources.append(&mut parameter.sources),
                None => united.push(parameter),
            }
        }
    }
    for parameter in &mut united {
        let insists = |operation: &RawOperation<'a>| {
            parameters(*operation).any(|one| one.is(parameter) && one.required)
        };
        parameter.required = operations.iter().all(insists);
    }
    united
}

/// Name and schema of each parameter in the path, in the order of the path.
fn path_parameters<'a>(operation: RawOperation<'a>) -> Vec<(&'a str, Vec<Source<'a>>)> {
    let names = operation
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|wanted| {
            let declared = parameters(operation).filter(|one| one.place == "path" && one.name == wanted);
            (wanted, declared.flat_map(|one| one.sources).collect())
        })
        .collect()
}

fn breaking_if(is_breaking: bool) -> Severity {
    if is_breaking {
        Severity::Breaking
    } else {
        Severity::Additive
    }
}

/// Where the schemas of a property are, and whether they belong to a request.
fn addresses(property: &Property<'_>, way: Way) -> impl Iterator<Item = (usize, bool)> {
    property
        .sources
        .iter()
        .map(move |one| (address(one.schema), way == Way::Request))
}

fn need(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Type => "type",
            Self::Format => "format",
            Self::Enum => "enum",
            Self::Required => "required",
            Self::Nullable => "nullable",
            Self::Status => "status",
            Self::Content => "content",
            Self::Pagination => "pagination",
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
        })
    }
}
