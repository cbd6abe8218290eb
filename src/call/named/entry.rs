//! What is known of an operation at run time.

use http::Method;
use serde_json::Value;

use crate::call::differences::Versions;
use crate::data::InvalidInput;
use crate::operation::Operation;
use crate::version::ApiVersion;

/// An operation, as a call by name needs it.
#[derive(Debug)]
pub(crate) struct Entry {
    pub(crate) operation: &'static Operation,
    pub(crate) endpoint: (Method, &'static str),
    /// Method and path in older versions, where they were different.
    pub(crate) former: &'static [(Versions, (Method, &'static str))],
    pub(crate) parameters: &'static [Parameter],
    pub(crate) body: Option<Body>,
    pub(crate) is_paginated: bool,
}

#[derive(Debug)]
pub(crate) struct Body {
    /// The name of its schema in the document.
    pub(crate) schema: &'static str,
    /// Whether the client sets `customerEventId`, which makes the call safe to repeat.
    pub(crate) has_event_id: bool,
    /// Checks what differs between versions.
    pub(crate) check: fn(ApiVersion, &Value) -> Result<(), InvalidInput>,
}

#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) place: Place,
    pub(crate) kind: Kind,
    pub(crate) is_required: bool,
    pub(crate) versions: Versions,
    /// The values that not every version has.
    pub(crate) values: &'static [(&'static str, Versions)],
}

/// Where and how the value of a parameter is sent.
#[allow(dead_code, reason = "the document need not use every place")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// In the path. These values would lead to another endpoint.
    Path(&'static [&'static str]),
    Query,
    /// A list in the query, joined by commas.
    Commas {
        encode: bool,
    },
    /// A list in the query, as a parameter for each item.
    Repeated,
}

/// The type of a value.
#[allow(dead_code, reason = "the document need not use every type")]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Boolean,
    /// Within these bounds.
    Integer(i64, i64),
    Decimal,
    Date,
    Instant,
}

impl Entry {
    /// Returns method and path in `version`.
    pub(super) fn endpoint(&self, version: ApiVersion) -> &(Method, &'static str) {
        let former = self
            .former
            .iter()
            .find(|(versions, _)| versions.contains(&version));
        former.map_or(&self.endpoint, |(_, endpoint)| endpoint)
    }

    pub(super) fn parameter(&self, name: &str) -> Option<&'static Parameter> {
        self.parameters.iter().find(|parameter| parameter.name == name)
    }
}

/// Returns `; did you mean …?` with the candidate that is most similar to `name`, or nothing if none is.
pub(super) fn suggestion<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> String {
    const SIMILAR: f64 = 0.8;
    let rated = candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate));
    let best = rated.max_by(|(one, _), (other, _)| one.total_cmp(other));
    match best {
        Some((similarity, candidate)) if similarity >= SIMILAR => format!("; did you mean `{candidate}`?"),
        _ => String::new(),
    }
}
