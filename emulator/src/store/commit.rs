//! One commit as it is written to a journal.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::records::Kind;

use super::state::Meta;
use super::text::Text;

/// All changes of one transaction, or everything in a store.
#[derive(Clone, Debug, PartialEq)]
pub struct Commit {
    pub(super) meta: Meta,
    /// Whether the changes are everything in the store: nothing from before remains.
    pub is_whole: bool,
    /// The changed rows, each once.
    pub changes: Vec<Change>,
}

/// What became of one row.
#[derive(Clone, PartialEq, Eq)]
pub struct Change {
    /// The kind of the record.
    pub kind: Kind,
    /// The id of the record.
    pub id: Arc<str>,
    /// The place of the row in the order of creation.
    pub sequence: u64,
    /// The new text, or `None` if the row was removed.
    pub text: Option<Text>,
}

impl fmt::Debug for Change {
    /// Shows the size of the text instead of the text, which may contain secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Change")
            .field("kind", &self.kind)
            .field("id", &self.id)
            .field("sequence", &self.sequence)
            .field("text", &self.text)
            .finish()
    }
}

/// The error returned for a line that is not a commit.
#[derive(Debug)]
pub struct Unreadable(String);

impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the line is not a commit: {}", self.0)
    }
}

impl std::error::Error for Unreadable {}

/// A commit to write or to read. When it is read, its texts stay in the line: a journal has many.
#[derive(Serialize, Deserialize)]
struct Line<'l, T> {
    meta: Meta,
    #[serde(default, rename = "whole", skip_serializing_if = "std::ops::Not::not")]
    is_whole: bool,
    #[serde(borrow)]
    changes: Vec<(Name<'l>, Name<'l>, u64, Option<T>)>,
}

/// A text that is copied only if it has escapes.
#[derive(Serialize, Deserialize)]
struct Name<'l>(#[serde(borrow)] Cow<'l, str>);

impl Commit {
    /// The number of the commit; the first is 1.
    pub fn revision(&self) -> u64 {
        self.meta.revision
    }

    /// The commit as one line of JSON. The texts of records are in it unchanged.
    pub fn to_line(&self) -> String {
        let raw = |text: &Text| RawValue::from_string(text.to_string()).expect("records are JSON");
        let changes = self.changes.iter().map(|change| {
            let text = change.text.as_ref().map(raw);
            let name = |text| Name(Cow::Borrowed(text));
            (name(change.kind.name()), name(&change.id), change.sequence, text)
        });
        let line = Line {
            meta: self.meta.clone(),
            is_whole: self.is_whole,
            changes: changes.collect(),
        };
        serde_json::to_string(&line).expect("a commit is plain data")
    }

    /// Reads a line of [`to_line`](Self::to_line).
    ///
    /// # Errors
    ///
    /// If the line is not a commit, or has a kind of record that this version of the emulator lacks.
    pub fn from_line(line: &str) -> Result<Self, Unreadable> {
        let line: Line<'_, &RawValue> =
            serde_json::from_str(line).map_err(|error| Unreadable(error.to_string()))?;
        let changes = line
            .changes
            .into_iter()
            .map(|(Name(kind), Name(id), sequence, text)| {
                Ok(Change {
                    kind: Kind::named(&kind)
                        .ok_or_else(|| Unreadable(format!("there is no kind `{kind}`")))?,
                    id: id.as_ref().into(),
                    sequence,
                    text: text.map(|text| Text::of(text.get())),
                })
            });
        Ok(Self {
            meta: line.meta,
            is_whole: line.is_whole,
            changes: changes.collect::<Result<_, _>>()?,
        })
    }
}
