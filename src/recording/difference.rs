//! Compares a request with those of a recording.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::recording::exchange::{Body, Exchange, Received, Sent};
use crate::recording::json::Json;

/// Differences that a message lists.
const LISTED: usize = 5;
/// Characters of a value that a message shows.
const SHOWN: usize = 60;
/// The weight of a difference that makes it another call.
const OTHER_CALL: usize = 100;

/// An exchange with a response.
pub(super) struct Recorded {
    operation: Option<String>,
    pub(super) wanted: Wanted,
    pub(super) response: Received,
}

/// What decides whether a recorded response answers a request.
pub(super) struct Wanted {
    method: String,
    path: String,
    version: Option<String>,
    /// Sorted.
    query: Vec<String>,
    body: Content,
}

enum Content {
    Nothing,
    Json(Json),
    Bytes(Vec<u8>),
}

/// The error of a request that a recording does not answer.
#[derive(Debug)]
pub(crate) struct NotRecorded {
    request: String,
    path: PathBuf,
    nearest: Option<Nearest>,
}

#[derive(Debug)]
struct Nearest {
    /// Its place in the recording, from one.
    number: usize,
    of: usize,
    line: String,
    differences: Vec<String>,
    /// How often the recording has it.
    times: usize,
}

impl Recorded {
    /// An exchange; `None` if the connection was closed without a response.
    pub(super) fn new(exchange: Exchange) -> Option<Self> {
        Some(Self {
            operation: exchange.operation,
            wanted: Wanted::of(&exchange.request),
            response: exchange.response?,
        })
    }
}

impl Wanted {
    pub(super) fn of(sent: &Sent) -> Self {
        let parts = sent.query.iter().flat_map(|query| query.split('&'));
        let mut query: Vec<String> = parts.filter(|part| !part.is_empty()).map(str::to_owned).collect();
        query.sort();
        let body = match &sent.body {
            None => Content::Nothing,
            Some(body @ (Body::Text(_) | Body::Base64(_))) => Content::Bytes(body.bytes().into()),
            Some(Body::Json(raw)) => match Json::read(raw.get()) {
                Some(json) => Content::Json(json),
                None => Content::Bytes(raw.get().as_bytes().to_vec()),
            },
        };
        Self {
            method: sent.method.clone(),
            path: sent.path.clone(),
            version: sent.header("sequence-version").map(str::to_owned),
            query,
            body,
        }
    }

    /// Method, path and query.
    pub(super) fn line(&self) -> String {
        let Self {
            method, path, query, ..
        } = self;
        match &query[..] {
            [] => format!("{method} {path}"),
            query => format!("{method} {path}?{}", query.join("&")),
        }
    }

    /// Whether a recorded request is this one.
    pub(super) fn fits(&self, sent: &Self) -> bool {
        self.differences(sent).0 == 0
    }

    /// The weight of all differences, and their descriptions.
    fn differences(&self, sent: &Self) -> (usize, Vec<String>) {
        let mut found = Found::default();
        found.compare("method", &self.method, &sent.method, OTHER_CALL);
        let is_alike = self.path.split('/').count() == sent.path.split('/').count();
        found.compare(
            "path",
            &self.path,
            &sent.path,
            if is_alike { 5 } else { OTHER_CALL },
        );
        if let (Some(recorded), Some(version)) = (&self.version, &sent.version) {
            found.compare("version", recorded, version, 1);
        }
        for missing in self.query.iter().filter(|part| !sent.query.contains(part)) {
            found.add(1, format!("query: recorded `{missing}`, not sent"));
        }
        for extra in sent.query.iter().filter(|part| !self.query.contains(part)) {
            found.add(1, format!("query: sent `{extra}`, not recorded"));
        }
        match (&self.body, &sent.body) {
            (Content::Json(recorded), Content::Json(sent)) => found.json("body", recorded, sent),
            (Content::Nothing, Content::Nothing) => {}
            (Content::Bytes(recorded), Content::Bytes(sent)) if recorded == sent => {}
            _ => found.add(
                1,
                "body: recorded and sent bodies are of different kinds".to_owned(),
            ),
        }
        (found.weight, found.texts)
    }
}

#[derive(Default)]
struct Found {
    weight: usize,
    texts: Vec<String>,
}

impl Found {
    fn add(&mut self, weight: usize, text: String) {
        self.weight += weight;
        self.texts.push(text);
    }

    fn compare(&mut self, name: &str, recorded: &str, sent: &str, weight: usize) {
        if recorded != sent {
            self.add(weight, format!("{name}: recorded {recorded}, sent {sent}"));
        }
    }

    /// Members are compared by name, in any order.
    fn json(&mut self, path: &str, recorded: &Json, sent: &Json) {
        match (recorded, sent) {
            (Json::Object(recorded), Json::Object(sent)) => {
                let in_sent = |name: &String| sent.iter().find(|(known, _)| known == name);
                for (name, value) in recorded {
                    match in_sent(name) {
                        Some((_, other)) if is_generated(name, value, other) => {}
                        Some((_, other)) => self.json(&format!("{path}.{name}"), value, other),
                        None => self.add(1, format!("{path}.{name}: recorded {}, not sent", shown(value))),
                    }
                }
                let is_new = |(name, _): &&(String, Json)| recorded.iter().all(|(known, _)| known != name);
                for (name, value) in sent.iter().filter(is_new) {
                    self.add(1, format!("{path}.{name}: sent {}, not recorded", shown(value)));
                }
            }
            (Json::Array(recorded), Json::Array(sent)) => {
                if recorded.len() != sent.len() {
                    let counts = format!("recorded {} items, sent {}", recorded.len(), sent.len());
                    self.add(1, format!("{path}: {counts}"));
                }
                for (index, (one, other)) in recorded.iter().zip(sent).enumerate() {
                    self.json(&format!("{path}[{index}]"), one, other);
                }
            }
            (recorded, sent) if recorded == sent => {}
            (recorded, sent) => {
                self.add(
                    1,
                    format!("{path}: recorded {}, sent {}", shown(recorded), shown(sent)),
                );
            }
        }
    }
}

/// Whether both values are random ids that the client gives to events without one.
fn is_generated(name: &str, recorded: &Json, sent: &Json) -> bool {
    let is_random = |value: &Json| match value {
        Json::Text(text) => uuid::Uuid::parse_str(text).is_ok_and(|id| id.get_version_num() == 4),
        _ => false,
    };
    name == "customerEventId" && is_random(recorded) && is_random(sent)
}

fn shown(value: &Json) -> String {
    let line = value.line();
    match line.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

impl NotRecorded {
    pub(super) fn new(path: &Path, exchanges: &[Recorded], wanted: &Wanted) -> Self {
        let compared = exchanges.iter().enumerate().map(|(place, recorded)| {
            let (weight, differences) = recorded.wanted.differences(wanted);
            (weight, place, differences)
        });
        let nearest = compared.min_by_key(|(weight, place, _)| (*weight, *place));
        let nearest = nearest.map(|(_, place, differences)| Nearest {
            number: place + 1,
            of: exchanges.len(),
            line: match &exchanges[place].operation {
                Some(operation) => format!("{operation} ({})", exchanges[place].wanted.line()),
                None => exchanges[place].wanted.line(),
            },
            differences,
            times: exchanges.iter().filter(|one| one.wanted.fits(wanted)).count(),
        });
        Self {
            request: wanted.line(),
            path: path.to_owned(),
            nearest,
        }
    }
}

impl fmt::Display for NotRecorded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (request, path) = (&self.request, self.path.display());
        let Some(nearest) = &self.nearest else {
            return write!(
                f,
                "{path} has no exchanges, so {request} has no response. Record it. Nothing was sent."
            );
        };
        if nearest.differences.is_empty() {
            return write!(
                f,
                "{path} has {request} {} times, and all were used. Record the further calls, or make fewer. Nothing was sent.",
                nearest.times
            );
        }
        write!(
            f,
            "{path} has no response to {request}. The nearest is number {} of {}, {}: ",
            nearest.number, nearest.of, nearest.line
        )?;
        let listed: Vec<&str> = nearest
            .differences
            .iter()
            .take(LISTED)
            .map(String::as_str)
            .collect();
        f.write_str(&listed.join("; "))?;
        match nearest.differences.len().checked_sub(LISTED) {
            None | Some(0) => f.write_str(". Record again, or change the call. Nothing was sent."),
            Some(more) => write!(
                f,
                "; and {more} more. Record again, or change the call. Nothing was sent."
            ),
        }
    }
}

impl std::error::Error for NotRecorded {}
