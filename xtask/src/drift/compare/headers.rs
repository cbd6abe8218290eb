//! Headers and statuses of responses.

use std::collections::BTreeMap;

use sequencehq_document::model::{self, RawOperation};
use serde_json::Value;

use super::super::schema::{Shape, Source};
use super::difference::{Severity, breaking_if};
use super::{Aspect, NOTHING, Note, Walk, Way};

impl<'a> Walk<'a> {
    /// Compares the headers of responses, by what they are called in lower case.
    pub(super) fn response_headers(&mut self, ours: RawOperation<'a>, theirs: RawOperation<'a>) {
        let (left, right) = (headers(ours), headers(theirs));
        for ((at, name), theirs) in &right {
            let location = format!("{at}.headers({name})");
            match left.get(&(at.clone(), name.clone())) {
                Some(ours) => self.sources(&location, &[*ours], &[*theirs], Way::Response),
                None => {
                    let text = Shape::of(&[*theirs]).text();
                    let note = Note::new(&location, Aspect::Missing, Severity::Additive, NOTHING, &text);
                    self.note(note.at(Some(ours.raw)));
                }
            }
        }
        for ((at, name), source) in left.iter().filter(|(key, _)| !right.contains_key(*key)) {
            let location = format!("{at}.headers({name})");
            let text = Shape::of(&[*source]).text();
            let note = Note::new(&location, Aspect::Extra, Severity::Breaking, &text, NOTHING);
            self.note(note.at(Some(ours.raw)));
        }
    }

    /// Compares the statuses that are not successes. `4XX` and `5XX` of ours include every error, but a new one is
    /// worth a look.
    pub(super) fn error_statuses(&mut self, ours: RawOperation<'a>, theirs: RawOperation<'a>) {
        let (left, right) = (errors(ours), errors(theirs));
        let class = |status: &str| {
            let mut classes = left.iter().filter(|one| one.ends_with("XX"));
            classes.find(|class| class.starts_with(&status[..1])).copied()
        };
        let mut note = |severity, mine: &str, other: &str| {
            let note = Note::new("error.status", Aspect::Status, severity, mine, other);
            self.note(note.at(Some(ours.raw)));
        };
        for status in right.iter().filter(|status| !left.contains(status)) {
            let is_error = status.starts_with(['4', '5']);
            note(breaking_if(!is_error), class(status).unwrap_or(NOTHING), status);
        }
        let named = left.iter().filter(|status| !status.ends_with("XX"));
        for status in named.filter(|status| !right.contains(status)) {
            note(Severity::Additive, status, NOTHING);
        }
    }
}

fn errors(operation: RawOperation<'_>) -> Vec<&str> {
    let responses = operation.raw["responses"].as_object().into_iter().flatten();
    let statuses = responses.map(|(status, _)| status.as_str());
    statuses.filter(|status| !status.starts_with('2')).collect()
}

/// The headers of responses with their schemas, by place and name. Successes are one place, each error is another.
fn headers<'a>(operation: RawOperation<'a>) -> BTreeMap<(String, String), Source<'a>> {
    let mut headers = BTreeMap::new();
    let responses = operation.raw["responses"].as_object().into_iter().flatten();
    for (status, response) in responses {
        let response = model::resolve(operation.root, response);
        let at = if status.starts_with('2') {
            "response".to_owned()
        } else {
            format!("error.{status}")
        };
        for (name, header) in response["headers"].as_object().into_iter().flatten() {
            let schema: &'a Value = &model::resolve(operation.root, header)["schema"];
            let source = Source {
                root: operation.root,
                schema,
            };
            headers.insert((at.clone(), name.to_ascii_lowercase()), source);
        }
    }
    headers
}
