//! The scripted answers that wait for requests.

use std::fmt;

use bytes::Bytes;
use serde_json::Value;

use crate::assumptions::Assumed;
use crate::contract::{
    Operation, Problem as Difference, Success, Version, check_file, check_scripted, find, properties,
};
use crate::operations::{Content, Problem, Request, Response};

use super::{Content as Given, Script, ScriptError};

/// The scripted answers, in the order in which they are used.
#[derive(Debug, Default)]
pub(in crate::http) struct Queue(Vec<Active>);

/// A scripted answer that waits for requests.
#[derive(Debug)]
struct Active {
    operation: Operation,
    status: u16,
    body: Body,
    /// The only version in which it answers.
    only_in: Option<Version>,
    target: Option<Target>,
    is_checked: bool,
    left: Option<u32>,
}

#[derive(Debug)]
enum Body {
    Json { text: String, value: Value },
    File(Bytes),
    Nothing,
}

/// What a request has to have.
#[derive(Debug)]
struct Target {
    path: String,
    query: String,
}

/// A scripted answer, as it is listed.
#[derive(Debug)]
pub(in crate::http) struct Waiting {
    pub(in crate::http) operation: Operation,
    pub(in crate::http) status: u16,
    /// How often it answers; `None` is always.
    pub(in crate::http) left: Option<u32>,
    /// The only version in which it answers.
    pub(in crate::http) version: Option<Version>,
    /// The path and query that a request has to have.
    pub(in crate::http) only_for: Option<String>,
}

impl Queue {
    /// Adds an answer, after its check.
    pub(in crate::http) fn add(&mut self, operation: &str, script: Script) -> Result<(), ScriptError> {
        self.0.push(Active::new(operation, script)?);
        Ok(())
    }

    pub(in crate::http) fn clear(&mut self) {
        self.0.clear();
    }

    pub(in crate::http) fn waiting(&self) -> impl Iterator<Item = Waiting> {
        self.0.iter().map(|active| Waiting {
            operation: active.operation,
            status: active.status,
            left: active.left,
            version: active.only_in,
            only_for: active.target.as_ref().map(ToString::to_string),
        })
    }

    /// Whether an answer waits for requests of an operation.
    pub(in crate::http) fn has(&self, operation: Operation) -> bool {
        self.0.iter().any(|active| active.operation == operation)
    }

    /// Uses up one answer of the first that fits.
    ///
    /// # Errors
    ///
    /// If the answer was written for another version, and is not one in the version of the request.
    pub(in crate::http) fn take(
        &mut self,
        request: &Request<'_>,
        path: &str,
    ) -> Result<Option<Response>, Problem> {
        let fits = |active: &Active| active.fits(request, path);
        let Some(place) = self.0.iter().position(fits) else {
            return Ok(None);
        };
        let response = self.0[place].response(request.version)?;
        if let Some(left) = &mut self.0[place].left {
            *left -= 1;
            if *left == 0 {
                self.0.remove(place);
            }
        }
        Ok(Some(response))
    }
}

impl Active {
    fn new(name: &str, script: Script) -> Result<Self, ScriptError> {
        let operation = Operation::named(name).map_err(|near| ScriptError::UnknownOperation {
            name: name.to_owned(),
            near,
        })?;
        let only_in = script
            .version
            .map(|version| named_version(operation, version))
            .transpose()?;
        let newest = || {
            Version::all()
                .filter(|version| operation.exists_in(*version))
                .last()
        };
        let version = only_in.or_else(newest).unwrap_or(Version::LATEST);
        let status = script.status.unwrap_or(operation.data().status);
        if !(200..=999).contains(&status) {
            return Err(ScriptError::Status(status));
        }
        let active = Self {
            operation,
            status,
            body: Body::new(operation, version, status, script.content)?,
            only_in,
            target: script
                .target
                .map(|target| Target::new(operation, only_in, &target))
                .transpose()?,
            is_checked: script.is_checked,
            left: script.times,
        };
        active
            .check(version)
            .map_err(|problems| ScriptError::value(operation.id(), version, problems))?;
        Ok(active)
    }

    fn check(&self, version: Version) -> Result<(), Vec<Difference>> {
        let check = |value| check_scripted(self.operation, version, self.status, value);
        match &self.body {
            _ if !self.is_checked => Ok(()),
            Body::Json { value, .. } => check(value),
            Body::Nothing => check(&Value::Null),
            Body::File(_) => check_file(self.operation, self.status),
        }
    }

    fn fits(&self, request: &Request<'_>, path: &str) -> bool {
        self.operation == request.operation
            && self.left != Some(0)
            && self.only_in.is_none_or(|version| version == request.version)
            && self
                .target
                .as_ref()
                .is_none_or(|target| target.fits(path, request.query))
    }

    fn response(&self, version: Version) -> Result<Response, Problem> {
        self.check(version).map_err(|problems| {
            let problems: Vec<String> = problems.iter().map(ToString::to_string).collect();
            Problem::not_emulated(format!(
                "The scripted answer of {} does not fit version {}: {} Script one with that version.",
                self.operation.id(),
                version.name(),
                problems.join(" ")
            ))
        })?;
        let envelope = self.operation.envelope(version);
        let envelope = envelope.filter(|_| self.status == self.operation.data().status);
        let content = match (&self.body, envelope) {
            (Body::Json { text, .. }, None) => Content::Json(text.clone()),
            (Body::Json { text, .. }, Some(member)) => Content::Json(format!("{{\"{member}\":{text}}}")),
            (Body::File(bytes), _) => Content::Pdf {
                file_name: "scripted.pdf".to_owned(),
                bytes: bytes.to_vec(),
            },
            (Body::Nothing, _) => Content::Empty,
        };
        Ok(Response {
            status: self.status,
            content,
            assumed: Assumed::NONE,
            retry_after: None,
            notes: vec!["A test scripted this answer.".to_owned()],
        })
    }
}

impl Body {
    fn new(operation: Operation, version: Version, status: u16, given: Given) -> Result<Self, ScriptError> {
        let text = match given {
            Given::Json(text) => text,
            Given::File(bytes) => return Ok(Self::File(bytes)),
            Given::Invalid(problem) => return Err(ScriptError::Encode(problem)),
        };
        let value = serde_json::from_str(&text).map_err(|error| ScriptError::Encode(error.to_string()))?;
        let is_success = status == operation.data().status;
        if value == Value::Null && is_success && operation.data().success == Success::Nothing {
            return Ok(Self::Nothing);
        }
        let Value::Array(items) = &value else {
            return Ok(Self::Json { text, value });
        };
        let has = |name| is_success && properties(operation, version).any(|one| one == name);
        let text = match (has("items"), has("pagination")) {
            (false, _) => text,
            (true, false) => format!("{{\"items\":{text}}}"),
            (true, true) => format!(
                "{{\"items\":{text},\"pagination\":{{\"totalResultSize\":{}}}}}",
                items.len()
            ),
        };
        let value = serde_json::from_str(&text).map_err(|error| ScriptError::Encode(error.to_string()))?;
        Ok(Self::Json { text, value })
    }
}

impl Target {
    /// Refuses a path that no request of the operation has, since the answer would wait for ever.
    fn new(
        operation: Operation,
        only_in: Option<Version>,
        path_and_query: &str,
    ) -> Result<Self, ScriptError> {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        let endpoints = || Version::all().filter_map(|version| Some((version, operation.endpoint(version)?)));
        let leads_to_it = |(version, (method, _)): (Version, (&str, &str))| {
            only_in.is_none_or(|only| only == version)
                && find(method, path, version).is_ok_and(|found| found.operation == operation)
        };
        if !endpoints().any(leads_to_it) {
            return Err(ScriptError::Path {
                operation: operation.id(),
                path: path.to_owned(),
                expected: endpoints().last().map_or("/", |(_, (_, path))| path),
            });
        }
        Ok(Self {
            path: path.to_owned(),
            query: query.to_owned(),
        })
    }

    fn fits(&self, path: &str, query: &str) -> bool {
        let has = |wanted: &str| parameters(query).any(|parameter| parameter == wanted);
        self.path == path && parameters(&self.query).all(has)
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.query[..] {
            "" => f.write_str(&self.path),
            query => write!(f, "{}?{query}", self.path),
        }
    }
}

fn parameters(query: &str) -> impl Iterator<Item = &str> {
    query.split('&').filter(|part| !part.is_empty())
}

fn named_version(operation: Operation, name: String) -> Result<Version, ScriptError> {
    let version = Version::parse(&name).filter(|version| operation.exists_in(*version));
    version.ok_or_else(|| ScriptError::Version {
        operation: operation.id(),
        version: name,
        has: Version::all()
            .filter(|version| operation.exists_in(*version))
            .map(Version::name)
            .collect(),
    })
}
