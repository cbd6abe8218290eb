//! Walks through two documents at once and records where they differ.
//!
//! Each version is compared alone: the newest snapshot of it with what our document has in that version. Older
//! snapshots of the same version only show what comes and goes without meaning, and what was once optional.

mod bodies;
mod details;
mod difference;
mod headers;
mod operations;
mod parameters;
mod schemas;
mod snapshots;
mod texts;
mod unions;

use std::collections::{BTreeMap, BTreeSet, HashSet};

use sequencehq_document::model::{self, RawOperation};
use serde_json::Value;

use super::document::Published;
pub(crate) use difference::{Aspect, Difference, NOTHING, OTHER_VERSIONS, Offered, Severity};
pub(crate) use operations::is_paginated;

/// The outcome of a comparison, before any rule.
#[derive(Debug, Default)]
pub(crate) struct Comparison<'a> {
    pub(crate) differences: Vec<Difference<'a>>,
    /// Differences that come and go from snapshot to snapshot.
    pub(crate) noise: Vec<Difference<'a>>,
    /// Operations that both sides have.
    pub(crate) matched: usize,
    /// Operations that either side has in one of the compared versions.
    pub(crate) operations: usize,
    /// The compared versions, oldest first.
    pub(crate) versions: BTreeSet<String>,
    /// The snapshot that was compared, of each version that has several.
    pub(crate) newest: BTreeMap<String, String>,
    /// Versions that our document has and that were not compared.
    pub(crate) left_out: BTreeSet<String>,
    /// Our properties and enum values that have a counterpart in some version.
    met: HashSet<Part>,
    /// For each difference, what of ours has no counterpart at its place.
    unmet: Vec<Vec<Part>>,
}

/// Compares our document with the newest snapshot of each version.
pub(crate) fn compare<'a>(ours: &'a Value, published: &'a [Published]) -> Comparison<'a> {
    let mut outcome = Comparison::default();
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    for (version, snapshots) in snapshots::by_version(published) {
        let [older @ .., newest] = snapshots.as_slice() else {
            continue;
        };
        let operations = operations::ours(ours, version);
        let walk = |snapshot: &'a Published, seen: &mut BTreeMap<String, bool>| {
            let mut walk = Walk::new(version);
            walk.documents(&operations, &snapshot.root, seen);
            walk
        };
        let now = walk(newest, &mut seen);
        let before: Vec<_> = older
            .iter()
            .map(|snapshot| walk(snapshot, &mut BTreeMap::new()).found)
            .collect();
        let (differences, noise) = snapshots::judged(now.found, before);
        outcome.add(differences, noise, &now.met);
        if !older.is_empty() {
            outcome.newest.insert(version.to_owned(), newest.name.clone());
        }
        outcome.versions.insert(version.to_owned());
    }
    outcome.finish();
    outcome.matched = seen.values().filter(|both| **both).count();
    outcome.operations = seen.len();
    let all = model::versions(ours).all.into_iter();
    outcome.left_out = all.filter(|one| !outcome.versions.contains(one)).collect();
    outcome
}

/// Compares a published document with an older one of the vendor, texts included.
pub(crate) fn compare_published<'a>(old: &'a Value, new: &'a Value) -> Comparison<'a> {
    let mut outcome = Comparison::default();
    let mut seen: BTreeMap<String, bool> = BTreeMap::new();
    let mut walk = Walk::new("");
    walk.is_published = true;
    walk.document(old, new);
    walk.documents(&operations::published(old), new, &mut seen);
    outcome.add(walk.found, Vec::new(), &walk.met);
    outcome.matched = seen.values().filter(|both| **both).count();
    outcome.operations = seen.len();
    outcome
}

/// The direction in which a body is sent. It decides what a difference costs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Way {
    Request,
    Response,
}

/// Part of our document by its address, and whether it belongs to a request.
type Part = (usize, bool);

/// An operation of our side.
struct Known<'a> {
    id: String,
    method: String,
    path: String,
    paginated: bool,
    /// Whether the client sends the header `Idempotency-Key`.
    idempotent: bool,
    raw: RawOperation<'a>,
}

struct Walk<'a> {
    version: String,
    /// Whether our side is a published document too.
    is_published: bool,
    operation: String,
    method: String,
    path: String,
    found: Vec<Found<'a>>,
    /// Our properties and enum values that have a counterpart somewhere.
    met: HashSet<Part>,
    /// The pairs of places above the present one; a pair that contains itself is walked once.
    above: Vec<(Vec<usize>, Vec<usize>)>,
}

struct Found<'a> {
    difference: Difference<'a>,
    /// What of ours has no counterpart here, to look for it elsewhere.
    unmet: Vec<Part>,
}

/// A difference at the present place, without what the walk knows.
struct Note<'a, 't> {
    location: &'t str,
    kind: Aspect,
    severity: Severity,
    ours: &'t str,
    theirs: &'t str,
    place: Option<&'a Value>,
    offered: Offered<'a>,
    insisted: bool,
    unmet: Vec<Part>,
}

impl<'a, 't> Note<'a, 't> {
    fn new(location: &'t str, kind: Aspect, severity: Severity, ours: &'t str, theirs: &'t str) -> Self {
        Self {
            location,
            kind,
            severity,
            ours,
            theirs,
            place: None,
            offered: Offered::Nothing,
            insisted: false,
            unmet: Vec::new(),
        }
    }

    fn at(self, place: Option<&'a Value>) -> Self {
        Self { place, ..self }
    }

    fn offering(self, offered: Offered<'a>) -> Self {
        Self { offered, ..self }
    }

    fn insisted(self, insisted: bool) -> Self {
        Self { insisted, ..self }
    }

    fn unmet(self, unmet: Vec<Part>) -> Self {
        Self { unmet, ..self }
    }
}

impl<'a> Walk<'a> {
    fn new(version: &str) -> Self {
        Self {
            version: version.to_owned(),
            is_published: false,
            operation: String::new(),
            method: String::new(),
            path: String::new(),
            found: Vec::new(),
            met: HashSet::new(),
            above: Vec::new(),
        }
    }

    fn enter(&mut self, id: &str, method: &str, path: &str) {
        self.operation = id.to_owned();
        self.method = method.to_ascii_uppercase();
        self.path = path.to_owned();
    }

    fn note(&mut self, note: Note<'a, '_>) {
        let difference = Difference {
            operation: self.operation.clone(),
            method: self.method.clone(),
            path: self.path.clone(),
            location: note.location.to_owned(),
            kind: note.kind,
            severity: note.severity,
            version: self.version.clone(),
            ours: note.ours.to_owned(),
            theirs: note.theirs.to_owned(),
            elsewhere: false,
            insisted: note.insisted,
            place: note.place,
            offered: note.offered,
        };
        self.found.push(Found {
            difference,
            unmet: note.unmet,
        });
    }
}
