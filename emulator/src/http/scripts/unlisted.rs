//! Scripted answers of endpoints that the document does not describe, such as those that the API has yet to add.

use crate::assumptions::Assumed;
use crate::contract::{Version, find};
use crate::operations::{Content, Response};

use super::target::Target;
use super::{Content as Given, Script, ScriptError};

/// A scripted answer of an endpoint without an operation.
#[derive(Debug)]
pub(super) struct Unlisted {
    /// The method and the path, as they were given.
    pub(super) name: String,
    method: String,
    path: Target,
    /// What else a request has to have.
    pub(super) target: Option<Target>,
    pub(super) only_in: Option<Version>,
    pub(super) status: u16,
    content: Content,
    pub(super) left: Option<u32>,
}

/// Returns the method and the path of a name such as `GET /new-things/{id}`, or `None` for the name of an operation.
pub(super) fn endpoint(name: &str) -> Option<(&str, &str)> {
    let (method, path) = name.split_once(' ')?;
    path.starts_with('/').then_some((method, path))
}

impl Unlisted {
    pub(super) fn new(name: &str, method: &str, path: &str, script: Script) -> Result<Self, ScriptError> {
        let method = method.to_ascii_uppercase();
        let without_query = path.split('?').next().unwrap_or_default();
        if let Ok(found) = find(&method, without_query, Version::LATEST) {
            return Err(ScriptError::Described {
                endpoint: name.to_owned(),
                operation: found.operation.id(),
            });
        }
        let status = script.status.unwrap_or(200);
        if !(200..=999).contains(&status) {
            return Err(ScriptError::Status(status));
        }
        Ok(Self {
            name: name.to_owned(),
            method,
            path: Target::new(path),
            target: script.target.map(|target| Target::new(&target)),
            only_in: script.version.map(version).transpose()?,
            status,
            content: content(script.content)?,
            left: script.times,
        })
    }

    /// Whether it answers a request.
    pub(super) fn fits(&self, method: &str, path: &str, query: &str, version: Version) -> bool {
        let targets = [Some(&self.path), self.target.as_ref()];
        self.method == method
            && self.left != Some(0)
            && self.only_in.is_none_or(|only_in| only_in == version)
            && targets
                .into_iter()
                .flatten()
                .all(|target| target.fits(path, query))
    }

    pub(super) fn response(&self) -> Response {
        Response {
            status: self.status,
            content: self.content.clone(),
            assumed: Assumed::NONE,
            retry_after: None,
            notes: vec![
                "A test scripted this answer. The document does not describe the endpoint.".to_owned(),
            ],
        }
    }
}

fn content(given: Given) -> Result<Content, ScriptError> {
    match given {
        Given::Json(text) if text == "null" => Ok(Content::Empty),
        Given::Json(text) => Ok(Content::Json(text)),
        Given::File(bytes) => Ok(Content::Pdf {
            file_name: "scripted.pdf".to_owned(),
            bytes: bytes.to_vec(),
        }),
        Given::Invalid(problem) => Err(ScriptError::Encode(problem)),
    }
}

fn version(name: String) -> Result<Version, ScriptError> {
    Version::parse(&name).ok_or_else(|| ScriptError::Version {
        operation: "the endpoint",
        version: name,
        has: Version::all().map(Version::name).collect(),
    })
}
