//! The scripted answers that wait for requests.

use bytes::Bytes;
use serde_json::Value;

use crate::assumptions::Assumed;
use crate::contract::{
    Operation, Problem as Difference, Success, Version, check_file, check_scripted, properties,
};
use crate::operations::{Content, Problem, Request, Response};

use super::target::Target;
use super::unlisted::{self, Unlisted};
use super::{Content as Given, Script, ScriptError};

/// The scripted answers, in the order in which they are used.
#[derive(Debug, Default)]
pub(in crate::http) struct Queue {
    of_operations: Vec<Active>,
    unlisted: Vec<Unlisted>,
}

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

/// A scripted answer, as it is listed.
#[derive(Debug)]
pub(in crate::http) struct Waiting {
    /// The id of the operation, or a method and a path.
    pub(in crate::http) name: String,
    pub(in crate::http) status: u16,
    /// How often it answers; `None` is always.
    pub(in crate::http) left: Option<u32>,
    /// The only version in which it answers.
    pub(in crate::http) version: Option<Version>,
    /// The path and query that a request has to have.
    pub(in crate::http) only_for: Option<String>,
}

impl Queue {
    /// Adds an answer, after its check. The name is that of an operation, or the method and the path of an endpoint that the
    /// document does not describe.
    pub(in crate::http) fn add(&mut self, name: &str, script: Script) -> Result<(), ScriptError> {
        match unlisted::endpoint(name) {
            None => self.of_operations.push(Active::new(name, script)?),
            Some((method, path)) => self.unlisted.push(Unlisted::new(name, method, path, script)?),
        }
        Ok(())
    }

    pub(in crate::http) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(in crate::http) fn waiting(&self) -> impl Iterator<Item = Waiting> {
        let of_operations = self.of_operations.iter().map(|active| Waiting {
            name: active.operation.id().to_owned(),
            status: active.status,
            left: active.left,
            version: active.only_in,
            only_for: active.target.as_ref().map(ToString::to_string),
        });
        let unlisted = self.unlisted.iter().map(|unlisted| Waiting {
            name: unlisted.name.clone(),
            status: unlisted.status,
            left: unlisted.left,
            version: unlisted.only_in,
            only_for: unlisted.target.as_ref().map(ToString::to_string),
        });
        of_operations.chain(unlisted)
    }

    /// Whether an answer waits for requests of an operation.
    pub(in crate::http) fn has(&self, operation: Operation) -> bool {
        self.of_operations
            .iter()
            .any(|active| active.operation == operation)
    }

    /// Uses up one answer of the first that fits a request of an endpoint that the document does not describe.
    pub(in crate::http) fn take_unlisted(
        &mut self,
        method: &str,
        path: &str,
        query: &str,
        version: Version,
    ) -> Option<Response> {
        let fits = |unlisted: &Unlisted| unlisted.fits(method, path, query, version);
        let place = self.unlisted.iter().position(fits)?;
        let response = self.unlisted[place].response();
        if used_up(&mut self.unlisted[place].left) {
            self.unlisted.remove(place);
        }
        Some(response)
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
        let Some(place) = self.of_operations.iter().position(fits) else {
            return Ok(None);
        };
        let response = self.of_operations[place].response(request.version)?;
        if used_up(&mut self.of_operations[place].left) {
            self.of_operations.remove(place);
        }
        Ok(Some(response))
    }
}

/// Counts one use. Returns `true` if none is left.
fn used_up(left: &mut Option<u32>) -> bool {
    if let Some(left) = left {
        *left = left.saturating_sub(1);
    }
    *left == Some(0)
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
                .map(|target| Target::of(operation, only_in, &target))
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
