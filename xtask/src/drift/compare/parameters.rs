//! Parameters in queries, paths and headers.

use sequencehq_document::model::{self, RawOperation};
use serde_json::Value;

use super::super::schema::{Shape, Source, address};
use super::difference::{Severity, breaking_if, need};
use super::{Aspect, NOTHING, Note, Offered, Walk, Way};

/// Headers that the client sets. `Idempotency-Key` is compared with what the document has for it.
const HEADERS: [&str; 3] = ["authorization", "sequence-version", "idempotency-key"];

pub(super) struct Parameter<'a> {
    pub(super) place: &'a str,
    pub(super) name: &'a str,
    /// What the list of parameters has, possibly a reference.
    entry: &'a Value,
    raw: &'a Value,
    source: Source<'a>,
    pub(super) required: bool,
}

impl<'a> Parameter<'a> {
    fn is(&self, other: &Parameter<'_>) -> bool {
        self.place == other.place
            && if self.place == "header" {
                self.name.eq_ignore_ascii_case(other.name)
            } else {
                self.name == other.name
            }
    }

    /// How several values are sent. A query has `form` by default, and `form` repeats the parameter by default.
    fn style(&self) -> String {
        let usual = if self.place == "query" { "form" } else { "simple" };
        let style = self.raw["style"].as_str().unwrap_or(usual);
        let repeated = self.raw["explode"].as_bool().unwrap_or(style == "form");
        format!("{style} {}", if repeated { "repeated" } else { "joined" })
    }

    pub(super) fn is_deprecated(&self) -> bool {
        self.raw["deprecated"] == true
    }

    fn shape(&self) -> Shape<'a> {
        Shape::of(&[self.source])
    }

    /// Whether the parameter is compared here: those in paths are by position, and the client sets some headers.
    fn is_compared(&self, is_published: bool) -> bool {
        let is_own = !is_published
            && self.place == "header"
            && HEADERS.contains(&self.name.to_ascii_lowercase().as_str());
        self.place != "path" && !is_own
    }
}

impl<'a> Walk<'a> {
    pub(super) fn parameters(&mut self, ours: RawOperation<'a>, theirs: RawOperation<'a>) {
        let list = |operation| -> Vec<Parameter<'a>> {
            let all = parameters(operation);
            all.filter(|one| one.is_compared(self.is_published) && model::exists_in(one.raw, &self.version))
                .collect()
        };
        let (our_parameters, their_parameters) = (list(ours), list(theirs));
        for theirs in &their_parameters {
            let location = format!("{}.{}", theirs.place, theirs.name);
            let Some(known) = our_parameters.iter().find(|ours| ours.is(theirs)) else {
                let (severity, text) = (breaking_if(theirs.required), theirs.shape().text());
                let note = Note::new(&location, Aspect::Missing, severity, NOTHING, &text);
                let offered = Offered::Parameter(Source {
                    root: theirs.source.root,
                    schema: theirs.raw,
                });
                self.note(note.at(Some(ours.raw)).offering(offered));
                continue;
            };
            self.met.insert((address(known.entry), false));
            self.texts(&location, known.raw, theirs.raw);
            if known.required != theirs.required {
                let severity = breaking_if(theirs.required);
                let (mine, other) = (need(known.required), need(theirs.required));
                let note = Note::new(&location, Aspect::Required, severity, mine, other);
                self.note(note.at(Some(known.raw)));
            }
            self.style(&location, known, theirs);
            let (mine, other) = (known.is_deprecated(), theirs.is_deprecated());
            self.deprecated(&location, mine, other, Some(known.raw));
            self.parameter(&location, known, theirs);
        }
        for ours in &our_parameters {
            if !their_parameters.iter().any(|theirs| theirs.is(ours)) {
                // An unknown filter is ignored: everything is returned.
                let text = ours.shape().text();
                let location = format!("{}.{}", ours.place, ours.name);
                let note = Note::new(&location, Aspect::Extra, Severity::Breaking, &text, NOTHING);
                self.note(note.at(Some(ours.raw)).unmet(vec![(address(ours.entry), false)]));
            }
        }
        self.path_parameters(ours, theirs);
    }

    /// Notes that lists are sent in another form.
    fn style(&mut self, location: &str, ours: &Parameter<'a>, theirs: &Parameter<'a>) {
        let is_list = |one: &Parameter<'a>| one.shape().kinds().contains("array");
        let (mine, other) = (ours.style(), theirs.style());
        if is_list(ours) && is_list(theirs) && mine != other {
            let note = Note::new(location, Aspect::Style, Severity::Breaking, &mine, &other);
            self.note(note.at(Some(ours.raw)));
        }
    }

    /// Compares path parameters by position: their names are not sent.
    fn path_parameters(&mut self, ours: RawOperation<'a>, theirs: RawOperation<'a>) {
        let (ours, theirs) = (path_parameters(ours), path_parameters(theirs));
        for ((name, ours), (_, theirs)) in ours.iter().zip(&theirs) {
            let location = format!("path.{name}");
            if let (Some(ours), Some(theirs)) = (ours.first(), theirs.first()) {
                self.texts(&location, ours.raw, theirs.raw);
            }
            if !theirs.is_empty() {
                let sources = |list: &[Parameter<'a>]| list.iter().map(|one| one.source).collect::<Vec<_>>();
                self.sources(&location, &sources(ours), &sources(theirs), Way::Request);
            }
        }
    }

    fn parameter(&mut self, location: &str, ours: &Parameter<'a>, theirs: &Parameter<'a>) {
        let (left, right) = (ours.shape(), theirs.shape());
        let is_list = |shape: &Shape<'a>| shape.kinds().contains("array");
        if !is_list(&left) || is_list(&right) || right.is_unknown() {
            return self.sources(location, &[ours.source], &[theirs.source], Way::Request);
        }
        let form = if ours.raw["explode"] == false {
            "by commas"
        } else {
            "repeated"
        };
        let (mine, other) = (
            format!("list {form} of {}", Shape::of(&left.items()).text()),
            right.text(),
        );
        let note = Note::new(location, Aspect::Type, Severity::Breaking, &mine, &other);
        self.note(note.at(Some(ours.raw)));
        let items = left.items();
        if right.values().is_some() {
            self.sources(location, &items, &[theirs.source], Way::Request);
        } else {
            self.details(location, &Shape::of(&items), &right, Way::Request, Some(ours.raw));
        }
    }
}

/// Every parameter of an operation, those of the path item included.
pub(super) fn parameters<'a>(operation: RawOperation<'a>) -> impl Iterator<Item = Parameter<'a>> {
    let lists = [&operation.item["parameters"], &operation.raw["parameters"]];
    let declared = lists
        .into_iter()
        .flat_map(|list| list.as_array().into_iter().flatten());
    declared.map(move |entry| {
        let raw = model::resolve(operation.root, entry);
        let text = |key: &str| raw[key].as_str().unwrap_or_default();
        Parameter {
            place: text("in"),
            name: text("name"),
            entry,
            raw,
            source: Source {
                root: operation.root,
                schema: &raw["schema"],
            },
            required: raw["required"] == true,
        }
    })
}

/// The names in the path, in their order, each with what is declared for it.
fn path_parameters<'a>(operation: RawOperation<'a>) -> Vec<(&'a str, Vec<Parameter<'a>>)> {
    let names = operation
        .path
        .split('/')
        .filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    names
        .map(|wanted| {
            let declared = parameters(operation).filter(|one| one.place == "path" && one.name == wanted);
            (wanted, declared.collect())
        })
        .collect()
}
