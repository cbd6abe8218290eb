//! Operations by method and path.

use std::collections::{BTreeMap, HashSet};

use sequencehq_document::model::{self, RawOperation};
use sequencehq_document::routes;
use serde_json::Value;

use super::super::schema::{Shape, Source};
use super::bodies::{Content, successes};
use super::difference::{Severity, breaking_if};
use super::parameters::parameters;
use super::{Aspect, Comparison, Found, Known, NOTHING, Note, Offered, Part, Walk, Way};

/// The operations that our document has in `version`.
pub(super) fn ours<'a>(root: &'a Value, version: &str) -> Vec<Known<'a>> {
    let honours_keys = model::versions(root)
        .idempotency_key
        .iter()
        .any(|one| one == version);
    let known = |raw: RawOperation<'a>| {
        let operation = raw.read();
        let (method, path) = operation.endpoint(version)?;
        Some(Known {
            method: method.to_owned(),
            path: path.to_owned(),
            paginated: operation.paginated,
            idempotent: honours_keys && operation.repeat == "idempotency-key",
            id: operation.id,
            raw,
        })
    };
    model::raw_operations(root).filter_map(known).collect()
}

/// The operations of a published document.
pub(super) fn published(root: &Value) -> Vec<Known<'_>> {
    let known = |raw: RawOperation<'_>| raw.raw["operationId"].as_str().unwrap_or_default().to_owned();
    let known = |raw| Known {
        id: known(raw),
        method: raw.method.to_owned(),
        path: raw.path.to_owned(),
        paginated: is_paginated(raw),
        idempotent: false,
        raw,
    };
    model::raw_operations(root).map(known).collect()
}

impl<'a> Comparison<'a> {
    /// Adds what one version shows. What has no counterpart here may have one in another version.
    pub(super) fn add(&mut self, differences: Vec<Found<'a>>, noise: Vec<Found<'a>>, met: &HashSet<Part>) {
        self.met.extend(met);
        self.unmet
            .extend(differences.iter().map(|found| found.unmet.clone()));
        self.differences
            .extend(differences.into_iter().map(|found| found.difference));
        self.noise.extend(noise.into_iter().map(|found| found.difference));
    }

    /// Marks what is published at another place that shares our schema.
    pub(super) fn finish(&mut self) {
        for (difference, unmet) in self.differences.iter_mut().zip(&self.unmet) {
            difference.elsewhere = unmet.iter().any(|part| self.met.contains(part));
        }
    }
}

impl<'a> Walk<'a> {
    pub(super) fn documents(
        &mut self,
        ours: &[Known<'a>],
        theirs: &'a Value,
        seen: &mut BTreeMap<String, bool>,
    ) {
        let key = |method: &str, path: &str| (method.to_owned(), routes::anonymous(path));
        let mut published: BTreeMap<(String, String), RawOperation<'a>> = BTreeMap::new();
        for operation in model::raw_operations(theirs) {
            published.insert(key(operation.method, operation.path), operation);
        }
        for known in ours {
            self.enter(&known.id, &known.method, &known.path);
            let counterpart = published.remove(&key(&known.method, &known.path));
            let name = if known.id.is_empty() {
                format!("{} {}", self.method, self.path)
            } else {
                known.id.clone()
            };
            *seen.entry(name).or_default() |= counterpart.is_some();
            match counterpart {
                Some(counterpart) => self.operation(known, counterpart),
                None => {
                    let (kind, text) = (Aspect::Extra, "published no more");
                    let note = Note::new("operation", kind, Severity::Breaking, text, NOTHING);
                    self.note(note.at(Some(known.raw.raw)));
                }
            }
        }
        for operation in published.into_values() {
            self.enter("", operation.method, operation.path);
            seen.insert(format!("{} {}", self.method, self.path), false);
            let id = operation.raw["operationId"].as_str().unwrap_or(NOTHING);
            let note = Note::new("operation", Aspect::Missing, Severity::Additive, NOTHING, id);
            self.note(note.offering(Offered::Operation(operation)));
        }
    }

    fn operation(&mut self, known: &Known<'a>, theirs: RawOperation<'a>) {
        let ours = known.raw;
        self.texts_of_operation(ours, theirs);
        self.parameters(ours, theirs);
        if self.is_published {
            self.security("operation", ours.raw, theirs.raw);
        } else {
            self.idempotency(known, theirs);
        }
        self.request(ours, theirs);
        let (our_successes, their_successes) = (successes(ours), successes(theirs));
        self.statuses(&our_successes, &their_successes, ours.raw);
        let contents = |answers: Vec<(&'a str, Content<'a>)>| -> Vec<Content<'a>> {
            answers.into_iter().map(|(_, answer)| answer).collect()
        };
        let (our_answers, mut their_answers) = (contents(our_successes), contents(their_successes));
        if let Some(member) = ours.raw["x-envelope"][&self.version].as_str() {
            let opened = their_answers
                .iter_mut()
                .filter_map(|answer| answer.open(member).then_some(()));
            if opened.count() == 0 {
                let (severity, mine) = (Severity::Additive, format!("in `{member}`"));
                let note = Note::new("response", Aspect::Content, severity, &mine, "not in a member");
                self.note(note.at(Some(ours.raw)));
            }
        }
        self.paginated(known, theirs);
        self.content("response", &our_answers, &their_answers, Way::Response, ours.raw);
        self.errors(ours, theirs);
        self.error_statuses(ours, theirs);
        self.response_headers(ours, theirs);
        let is_deprecated = |one: RawOperation<'a>| one.raw["deprecated"] == true;
        self.deprecated(
            "operation",
            is_deprecated(ours),
            is_deprecated(theirs),
            Some(ours.raw),
        );
    }

    fn statuses(&mut self, ours: &[(&str, Content<'a>)], theirs: &[(&str, Content<'a>)], place: &'a Value) {
        let names = |list: &[(&str, Content<'a>)]| -> Vec<String> {
            let mut names: Vec<String> = list.iter().map(|(status, _)| (*status).to_owned()).collect();
            names.sort();
            names.dedup();
            names
        };
        let (known, published) = (names(ours), names(theirs));
        let mut note = |severity, ours: &str, theirs: &str| {
            let note = Note::new("response.status", Aspect::Status, severity, ours, theirs);
            self.note(note.at(Some(place)));
        };
        for status in published.iter().filter(|status| !known.contains(status)) {
            note(Severity::Breaking, &known.join(", "), status);
        }
        for status in known.iter().filter(|status| !published.contains(status)) {
            note(Severity::Additive, status, &published.join(", "));
        }
    }

    fn paginated(&mut self, known: &Known<'a>, theirs: RawOperation<'a>) {
        let published = is_paginated(theirs);
        if known.paginated != published {
            let text = |paginated: bool| if paginated { "page by page" } else { "all at once" };
            let (ours, theirs) = (text(known.paginated), text(published));
            let note = Note::new("operation", Aspect::Pagination, Severity::Breaking, ours, theirs);
            self.note(note.at(Some(known.raw.raw)));
        }
    }

    /// Compares the header `Idempotency-Key`, which the client sets itself.
    fn idempotency(&mut self, known: &Known<'a>, theirs: RawOperation<'a>) {
        let header = parameters(theirs)
            .find(|one| one.place == "header" && one.name.eq_ignore_ascii_case("idempotency-key"));
        let (kind, severity, ours, theirs) = match (known.idempotent, header) {
            (true, None) => (Aspect::Extra, Severity::Breaking, "sent", NOTHING),
            (false, Some(header)) => {
                let severity = breaking_if(header.required);
                let need = super::difference::need(header.required);
                (Aspect::Missing, severity, NOTHING, need)
            }
            (true, Some(header)) => {
                let place = Some(known.raw.raw);
                return self.deprecated("header.Idempotency-Key", false, header.is_deprecated(), place);
            }
            _ => return,
        };
        let note = Note::new("header.Idempotency-Key", kind, severity, ours, theirs);
        self.note(note.at(Some(known.raw.raw)));
    }
}

/// Whether a published operation returns its items page by page.
pub(crate) fn is_paginated(operation: RawOperation<'_>) -> bool {
    let accepts = |wanted: &str| parameters(operation).any(|one| one.place == "query" && one.name == wanted);
    let successes = successes(operation);
    let sources: Vec<Source<'_>> = successes.iter().filter_map(|(_, answer)| answer.json).collect();
    let properties = Shape::of(&sources).properties();
    let returns = |wanted: &str| properties.iter().any(|property| property.name == wanted);
    ["limit", "after", "before"].into_iter().all(accepts) && ["items", "pagination"].into_iter().all(returns)
}
