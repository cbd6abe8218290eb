//! Texts of published documents. Ours are our own, so they are never compared with these.

use serde_json::Value;

use super::difference::{Aspect, Severity};
use super::{NOTHING, Note, Walk};

impl<'a> Walk<'a> {
    /// Notes a different summary or description of the same part.
    pub(super) fn texts(&mut self, location: &str, ours: &'a Value, theirs: &'a Value) {
        if !self.is_published {
            return;
        }
        for key in ["summary", "description"] {
            let (mine, other) = (text(ours, key), text(theirs, key));
            if mine != other {
                let location = if location.is_empty() { key } else { location };
                let note = Note::new(location, Aspect::Text, Severity::Editorial, &mine, &other);
                self.note(note.at(Some(ours)));
            }
        }
    }
}

/// A text without its line breaks.
fn text(holder: &Value, key: &str) -> String {
    let text = holder[key].as_str().unwrap_or(NOTHING);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
