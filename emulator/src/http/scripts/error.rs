//! Why an answer cannot be scripted.

use std::error::Error;
use std::fmt;

use crate::contract::{Problem, Version};

/// The error returned if an answer cannot be scripted. Nothing is scripted then.
#[derive(Debug)]
#[non_exhaustive]
pub enum ScriptError {
    /// No operation has this name.
    UnknownOperation {
        /// The name.
        name: String,
        /// The names of operations that are near.
        near: Vec<&'static str>,
    },
    /// The document describes the endpoint.
    Described {
        /// The method and the path that were given.
        endpoint: String,
        /// The `operationId`.
        operation: &'static str,
    },
    /// The API version does not exist, or lacks the operation.
    Version {
        /// The `operationId`.
        operation: &'static str,
        /// The version.
        version: String,
        /// The versions that have the operation.
        has: Vec<&'static str>,
    },
    /// No request of the operation has the path of [`Scripted::only_for`](crate::Scripted::only_for).
    Path {
        /// The `operationId`.
        operation: &'static str,
        /// The path.
        path: String,
        /// The form of the paths of the operation.
        expected: &'static str,
    },
    /// The status is not that of a final response, from 200 to 999.
    Status(u16),
    /// The document does not allow the value.
    Value {
        /// The `operationId`.
        operation: &'static str,
        /// The version in which the value was checked.
        version: &'static str,
        /// What is wrong, and where.
        problems: Vec<Problem>,
    },
    /// The value cannot be encoded as JSON.
    Encode(String),
    /// The call that the answer is for cannot be sent.
    Call(Box<dyn Error + Send + Sync>),
}

impl ScriptError {
    pub(super) fn value(operation: &'static str, version: Version, problems: Vec<Problem>) -> Self {
        Self::Value {
            operation,
            version: version.name(),
            problems,
        }
    }
}

impl fmt::Display for ScriptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownOperation { name, near } => {
                write!(f, "no operation is called `{name}`")?;
                match &near[..] {
                    [] => f.write_str("; `Emulator::coverage` lists all of them"),
                    near => write!(f, "; perhaps `{}` is meant", near.join("` or `")),
                }
            }
            Self::Described { endpoint, operation } => {
                write!(f, "`{endpoint}` is {operation}; answer it by that name")
            }
            Self::Version {
                operation,
                version,
                has,
            } => write!(
                f,
                "version `{version}` does not have {operation}; choose {}",
                has.join(" or ")
            ),
            Self::Path {
                operation,
                path,
                expected,
            } => write!(
                f,
                "`{path}` is not a path of {operation}; choose one such as `{expected}`"
            ),
            Self::Status(status) => write!(
                f,
                "{status} is not the status of a final response; choose one from 200 to 999"
            ),
            Self::Value {
                operation,
                version,
                problems,
            } => {
                write!(
                    f,
                    "the value is not an answer of {operation} in version {version}:"
                )?;
                problems.iter().try_for_each(|problem| write!(f, " {problem}"))?;
                f.write_str(" `Scripted::unchecked` leaves out this check.")
            }
            Self::Encode(problem) => write!(f, "the value cannot be encoded as JSON: {problem}"),
            Self::Call(_) => f.write_str("the call that the answer is for cannot be sent"),
        }
    }
}

impl Error for ScriptError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Call(error) => Some(&**error),
            _ => None,
        }
    }
}
