//! Input that is refused before anything is sent.

use crate::data::BuildError;

/// An argument of a call that cannot be sent, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct InvalidInput {
    pub(crate) name: &'static str,
    pub(crate) problem: String,
}

impl InvalidInput {
    pub(crate) fn new(name: &'static str, problem: impl Into<String>) -> Self {
        Self {
            name,
            problem: problem.into(),
        }
    }

    /// The HTTP library refused the request. URLs and bodies of checked values can always be built.
    pub(crate) fn unbuildable(error: reqwest::Error) -> Self {
        Self::new("request", error.without_url().to_string())
    }
}

impl From<BuildError> for InvalidInput {
    fn from(error: BuildError) -> Self {
        Self::new("body", error.to_string())
    }
}

impl From<&BuildError> for InvalidInput {
    fn from(error: &BuildError) -> Self {
        Self::new("body", error.to_string())
    }
}
