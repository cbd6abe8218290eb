//! Successful answers.

use serde::Serialize;
use serde_json::{Map, Value};

use super::problem::Problem;

/// What an operation answers. The status is the one that the document declares, unless the answer has its own.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// JSON. Members that the schema of the operation and version lacks are dropped.
    Json(Value),
    /// A text that is JSON, with a status of its own, such as 409. Sent as it is.
    Other(u16, String),
    /// A text that is JSON, sent as it is: for numbers that a [`Value`] would round. It has to fit the version.
    Text(String),
    /// No body.
    Empty,
    /// A PDF.
    Pdf {
        /// The name of the file.
        file_name: String,
        /// The document.
        bytes: Vec<u8>,
    },
}

impl Answer {
    /// Returns the text of plain data, with all digits of its numbers.
    pub fn exact(value: &impl Serialize) -> Self {
        Self::Text(serde_json::to_string(value).unwrap_or_default())
    }
}

impl From<Map<String, Value>> for Answer {
    fn from(map: Map<String, Value>) -> Self {
        Self::Json(map.into())
    }
}

/// An answer or a refusal.
pub type Outcome = Result<Answer, Problem>;
