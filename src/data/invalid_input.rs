//! Input that is rejected before anything is sent.

use crate::data::build_error::BuildError;

/// An invalid argument of a call: its name and the problem.
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

    /// Converts the error of a value that is an argument itself.
    pub(crate) fn value(name: &'static str, error: &BuildError) -> Self {
        let problems: Vec<&str> = error.invalid().map(|(_, problem)| problem).collect();
        Self::new(name, problems.join("; "))
    }

    /// Converts an error of the HTTP library. It cannot occur for values that have been checked.
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
