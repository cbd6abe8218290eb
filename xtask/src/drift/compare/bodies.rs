//! Bodies of requests, responses and errors.

use std::collections::{BTreeMap, BTreeSet};

use sequencehq_document::model::{self, RawOperation};
use serde_json::Value;

use super::super::schema::{Shape, Source};
use super::difference::{Severity, breaking_if, need};
use super::{Aspect, NOTHING, Note, Offered, Walk, Way};

/// A body: its media type, and its schema if it is JSON.
#[derive(Clone, Copy)]
pub(super) struct Content<'a> {
    media: &'a str,
    pub(super) json: Option<Source<'a>>,
}

impl Content<'_> {
    /// Takes the response out of the member that holds it, and returns whether it was in one.
    pub(super) fn open(&mut self, member: &str) -> bool {
        let properties = self.json.map(|source| Shape::of(&[source]).properties());
        let mut properties = properties.into_iter().flatten();
        let held = properties.find(|property| property.name == member);
        let inner = held.and_then(|property| property.sources.first().copied());
        self.json = inner.or(self.json);
        inner.is_some()
    }
}

impl<'a> Walk<'a> {
    pub(super) fn request(&mut self, ours: RawOperation<'a>, theirs: RawOperation<'a>) {
        let here = "request.body";
        let place = Some(ours.raw);
        match (body(ours), body(theirs)) {
            (None, None) => {}
            (None, Some((answer, required))) => {
                let severity = breaking_if(required);
                let note = Note::new(here, Aspect::Missing, severity, NOTHING, need(required));
                let sources = answer.json.into_iter().collect();
                self.note(note.at(place).offering(Offered::Property(sources, required)));
            }
            (Some((_, needed)), None) => {
                let note = Note::new(here, Aspect::Extra, Severity::Breaking, need(needed), NOTHING);
                self.note(note.at(place));
            }
            (Some((mine, needed)), Some((other, required))) => {
                if needed != required {
                    let severity = breaking_if(required);
                    let (left, right) = (need(needed), need(required));
                    self.note(Note::new(here, Aspect::Required, severity, left, right).at(place));
                }
                self.content(here, &[mine], &[other], Way::Request, ours.raw);
            }
        }
    }

    pub(super) fn errors(&mut self, ours: RawOperation<'a>, theirs: RawOperation<'a>) {
        let mut published: BTreeMap<&str, Vec<Content<'a>>> = BTreeMap::new();
        for (status, answer) in answers(theirs, |status| status.starts_with(['4', '5'])) {
            if answer
                .json
                .is_some_and(|source| !Shape::of(&[source]).is_unknown())
            {
                published.entry(status).or_default().push(answer);
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
            self.content(
                &format!("error.{status}"),
                &known,
                &theirs,
                Way::Response,
                ours.raw,
            );
        }
    }

    pub(super) fn content(
        &mut self,
        location: &str,
        ours: &[Content<'a>],
        theirs: &[Content<'a>],
        way: Way,
        place: &'a Value,
    ) {
        let (left, right) = (media(ours), media(theirs));
        if left != right {
            let note = Note::new(location, Aspect::Content, Severity::Breaking, &left, &right);
            self.note(note.at(Some(place)));
        }
        let json = |answers: &[Content<'a>]| answers.iter().filter_map(|one| one.json).collect::<Vec<_>>();
        let (left, right) = (json(ours), json(theirs));
        if !left.is_empty() && !right.is_empty() {
            self.never_null(location, &left, &right, way);
            self.sources(location, &left, &right, way);
        }
    }
}

/// The media types of a body. If one of several statuses has a body, that body counts.
fn media(answers: &[Content<'_>]) -> String {
    let names: BTreeSet<&str> = answers.iter().map(|answer| answer.media).collect();
    let full: Vec<&str> = names.into_iter().filter(|name| *name != NOTHING).collect();
    if full.is_empty() {
        NOTHING.to_owned()
    } else {
        full.join(", ")
    }
}

pub(super) fn successes(operation: RawOperation<'_>) -> Vec<(&str, Content<'_>)> {
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
