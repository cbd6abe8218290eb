//! The path and query that a request has to have for a scripted answer.

use std::fmt;

use crate::contract::{Operation, Version, find};

use super::ScriptError;

/// What a request has to have.
#[derive(Debug)]
pub(super) struct Target {
    /// A segment in braces fits any.
    path: String,
    query: String,
}

impl Target {
    pub(super) fn new(path_and_query: &str) -> Self {
        let (path, query) = path_and_query.split_once('?').unwrap_or((path_and_query, ""));
        Self {
            path: path.to_owned(),
            query: query.to_owned(),
        }
    }

    /// Refuses a path that no request of the operation has, since the answer would wait for ever.
    pub(super) fn of(
        operation: Operation,
        only_in: Option<Version>,
        path_and_query: &str,
    ) -> Result<Self, ScriptError> {
        let target = Self::new(path_and_query);
        let endpoints = || Version::all().filter_map(|version| Some((version, operation.endpoint(version)?)));
        let leads_to_it = |(version, (method, _)): (Version, (&str, &str))| {
            only_in.is_none_or(|only| only == version)
                && find(method, &target.path, version).is_ok_and(|found| found.operation == operation)
        };
        if !endpoints().any(leads_to_it) {
            return Err(ScriptError::Path {
                operation: operation.id(),
                path: target.path,
                expected: endpoints().last().map_or("/", |(_, (_, path))| path),
            });
        }
        Ok(target)
    }

    pub(super) fn fits(&self, path: &str, query: &str) -> bool {
        let has = |wanted: &str| parameters(query).any(|parameter| parameter == wanted);
        let is_any = |segment: &str| segment.starts_with('{') && segment.ends_with('}');
        let (mut wanted, mut segments) = (self.path.split('/'), path.split('/'));
        let is_path = wanted.all(|one| {
            segments
                .next()
                .is_some_and(|segment| segment == one || is_any(one) && !segment.is_empty())
        });
        is_path && segments.next().is_none() && parameters(&self.query).all(has)
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
