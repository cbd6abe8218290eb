//! What a comparison finds.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::super::schema::Source;
use sequencehq_document::model::RawOperation;

/// Stands for what one side does not have.
pub(crate) const NOTHING: &str = "-";

/// Stands for a value of our enum that, by `x-value-versions`, only other versions have.
pub(crate) const OTHER_VERSIONS: &str = "in other versions";

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Aspect {
    /// They have it, we do not.
    Missing,
    /// We have it, they do not.
    Extra,
    Type,
    /// Same type, but another format.
    Format,
    Enum,
    /// A variant of a union.
    Variant,
    Required,
    Nullable,
    Status,
    /// A body of another media type, or a body on one side only.
    Content,
    Pagination,
    /// Limits of a value, such as `maximum` and `pattern`.
    Bounds,
    Default,
    Deprecated,
    /// How several values of a parameter are sent.
    Style,
    Security,
    /// A summary or description, of published documents only.
    Text,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// A call that worked is refused, is answered differently, or its response cannot be decoded.
    Breaking,
    /// They offer more than we know; what we know still works.
    Additive,
    /// Only a text differs.
    Editorial,
}

/// One difference at one place in one version.
#[derive(Clone, Debug)]
pub(crate) struct Difference<'a> {
    pub(crate) operation: String,
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) location: String,
    pub(crate) kind: Aspect,
    pub(crate) severity: Severity,
    pub(crate) version: String,
    pub(crate) ours: String,
    pub(crate) theirs: String,
    /// What we have here and they do not, they have at another place that shares our schema.
    pub(crate) elsewhere: bool,
    /// We require what they publish as optional, null or not at all: their response may not decode. No rule explains it.
    pub(crate) insisted: bool,
    /// The part of our document that differs: a schema, a parameter or an operation.
    pub(crate) place: Option<&'a Value>,
    /// The part of their document that ours lacks.
    pub(crate) offered: Offered<'a>,
}

/// What a published document offers and ours does not.
#[derive(Clone, Debug, Default)]
pub(crate) enum Offered<'a> {
    #[default]
    Nothing,
    Operation(RawOperation<'a>),
    Parameter(Source<'a>),
    Property(Vec<Source<'a>>, bool),
    Variant(Vec<Source<'a>>),
}

impl Difference<'_> {
    /// The id of the operation, or method and path if our document lacks it.
    pub(crate) fn route(&self) -> String {
        if self.operation.is_empty() {
            format!("{} {}", self.method, self.path)
        } else {
            self.operation.clone()
        }
    }

    /// The place within the operation, and what differs there: the name of a property, a value, or a change.
    pub(crate) fn item(&self) -> (&str, String) {
        let Self {
            location,
            kind,
            ours,
            theirs,
            ..
        } = self;
        match kind {
            Aspect::Missing | Aspect::Extra => {
                let (at, name) = location.rsplit_once('.').unwrap_or(("", location));
                (at, name.to_owned())
            }
            Aspect::Enum | Aspect::Variant if theirs == NOTHING => (location, ours.clone()),
            Aspect::Enum | Aspect::Variant if ours == NOTHING => (location, format!("+ {theirs}")),
            _ => (location, format!("{ours} → {theirs}")),
        }
    }
}

pub(crate) fn breaking_if(is_breaking: bool) -> Severity {
    if is_breaking {
        Severity::Breaking
    } else {
        Severity::Additive
    }
}

pub(crate) fn need(required: bool) -> &'static str {
    if required { "required" } else { "optional" }
}

impl fmt::Display for Aspect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Missing => "missing",
            Self::Extra => "extra",
            Self::Type => "type",
            Self::Format => "format",
            Self::Enum => "enum",
            Self::Variant => "variant",
            Self::Required => "required",
            Self::Nullable => "nullable",
            Self::Status => "status",
            Self::Content => "content",
            Self::Pagination => "pagination",
            Self::Bounds => "bounds",
            Self::Default => "default",
            Self::Deprecated => "deprecated",
            Self::Style => "style",
            Self::Security => "security",
            Self::Text => "text",
        })
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Breaking => "breaking",
            Self::Additive => "additive",
            Self::Editorial => "editorial",
        })
    }
}
