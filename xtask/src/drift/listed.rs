//! The places where a rule holds: `drift.places.yaml`, beside `drift.yaml`.
//!
//! A rule with `listed: true` is general, such as "one schema serves all operations". Without a list, such a rule would
//! also explain what the vendor withdraws tomorrow. So it only holds at the places that are recorded here: each in each
//! version, with what differs. `cargo xtask drift --record` writes the file.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use sequencehq_document::Document;
use serde::Deserialize;

use super::compare::{Aspect, Comparison, Difference};
use super::snippet::yaml::{WIDTH, quoted};

const HEAD: &str = "\
# Places where the rules of drift.yaml with `listed: true` hold. Written by `cargo xtask drift --record`; review the diff
# like code. Each entry: what differs in these versions, and where.
";

/// A difference without its severity and its sides.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    kind: Aspect,
    version: String,
    operation: String,
    at: String,
    item: String,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Places(BTreeSet<Place>);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    kind: Aspect,
    versions: Vec<String>,
    items: Vec<String>,
    at: BTreeMap<String, Vec<String>>,
}

impl Place {
    pub(crate) fn of(difference: &Difference<'_>) -> Self {
        let (at, item) = difference.item();
        Self {
            kind: difference.kind,
            version: difference.version.clone(),
            operation: difference.route(),
            at: at.to_owned(),
            item,
        }
    }

    /// What differs, where, and in which version.
    pub(crate) fn parts(&self) -> (String, String, String) {
        let Self {
            kind,
            version,
            operation,
            at,
            item,
        } = self;
        (
            format!("{kind} {item}"),
            format!("{operation} {at}"),
            version.clone(),
        )
    }

    /// The place in words, for messages.
    pub(crate) fn text(&self) -> String {
        let (what, at, version) = self.parts();
        format!("{what} at {at} of {version}")
    }
}

impl Places {
    pub(crate) fn new(places: BTreeSet<Place>) -> Self {
        Self(places)
    }

    /// Reads the list at `path`; a file that does not exist lists nothing.
    pub(crate) fn read(path: &Path) -> Result<Self, String> {
        if !path.exists() {
            return Ok(Self::default());
        }
        let document = Document::read(path).map_err(|faults| faults.to_string())?;
        Self::parse(&document)
    }

    pub(super) fn parse(document: &Document) -> Result<Self, String> {
        let list = document.root.as_array().map(Vec::as_slice).unwrap_or_default();
        let mut places = BTreeSet::new();
        for (index, raw) in list.iter().enumerate() {
            let entry = Entry::deserialize(raw).map_err(|error| {
                let message = format!("is not a list of places: {error}");
                document.fault(&format!("/{index}"), message).to_string()
            })?;
            for version in &entry.versions {
                for (operation, locations) in &entry.at {
                    for (at, item) in locations
                        .iter()
                        .flat_map(|at| entry.items.iter().map(move |item| (at, item)))
                    {
                        places.insert(Place {
                            kind: entry.kind,
                            version: version.clone(),
                            operation: operation.clone(),
                            at: at.clone(),
                            item: item.clone(),
                        });
                    }
                }
            }
        }
        Ok(Self(places))
    }

    pub(crate) fn has(&self, difference: &Difference<'_>) -> bool {
        self.0.contains(&Place::of(difference))
    }

    /// The places that `before` lacks, and those that only it has.
    pub(crate) fn changes(&self, before: &Self) -> (Vec<Place>, Vec<Place>) {
        let only = |one: &Self, other: &Self| one.0.difference(&other.0).cloned().collect();
        (only(self, before), only(before, self))
    }

    /// The places in other versions than `versions`.
    pub(crate) fn others(&self, versions: &BTreeSet<String>) -> impl Iterator<Item = Place> {
        self.0
            .iter()
            .filter(|one| !versions.contains(&one.version))
            .cloned()
    }

    /// These places and those of `more` that are not in `except`.
    pub(crate) fn with(&self, more: Self, except: &BTreeSet<Place>) -> Self {
        let more = more.0.into_iter().filter(|place| !except.contains(place));
        Self(self.0.iter().cloned().chain(more).collect())
    }

    /// The places in compared versions that are not among `met`.
    pub(crate) fn stale(&self, comparison: &Comparison<'_>, met: &BTreeSet<Place>) -> Vec<Place> {
        let compared = |place: &&Place| comparison.versions.contains(&place.version);
        let idle = self
            .0
            .iter()
            .filter(compared)
            .filter(|place| !met.contains(*place));
        idle.cloned().collect()
    }

    /// The file: entries with equal items and versions are one.
    pub(crate) fn text(&self) -> String {
        let mut versions: BTreeMap<(Aspect, &str, &str, &str), BTreeSet<&str>> = BTreeMap::new();
        for one in &self.0 {
            let place = (
                one.kind,
                one.operation.as_str(),
                one.at.as_str(),
                one.item.as_str(),
            );
            versions.entry(place).or_default().insert(&one.version);
        }
        let mut items: BTreeMap<(Aspect, BTreeSet<&str>, &str, &str), BTreeSet<&str>> = BTreeMap::new();
        for ((kind, operation, at, item), versions) in versions {
            items
                .entry((kind, versions, operation, at))
                .or_default()
                .insert(item);
        }
        let mut entries: BTreeMap<_, BTreeMap<&str, Vec<&str>>> = BTreeMap::new();
        for ((kind, versions, operation, at), items) in items {
            let places = entries.entry((kind, versions, items)).or_default();
            places.entry(operation).or_default().push(at);
        }
        let mut out = HEAD.to_owned();
        if entries.is_empty() {
            out += "[]\n";
        }
        for ((kind, versions, items), places) in entries {
            let quoted = |values: Vec<&str>| values.into_iter().map(quoted).collect::<Vec<_>>();
            out += &format!("- kind: {kind}\n");
            out += &list("versions", "  ", &quoted(versions.into_iter().collect()));
            out += &list("items", "  ", &quoted(items.into_iter().collect()));
            out += "  at:\n";
            for (operation, locations) in places {
                out += &list(&key(operation), "    ", &quoted(locations));
            }
        }
        out
    }
}

/// A list in brackets, or one line per value where that line is too long.
fn list(key: &str, indent: &str, values: &[String]) -> String {
    let line = format!("{indent}{key}: [{}]\n", values.join(", "));
    if line.chars().count() <= WIDTH {
        return line;
    }
    let values: String = values
        .iter()
        .map(|value| format!("{indent}  - {value}\n"))
        .collect();
    format!("{indent}{key}:\n{values}")
}

fn key(text: &str) -> String {
    if text.contains(' ') {
        quoted(text)
    } else {
        text.to_owned()
    }
}
