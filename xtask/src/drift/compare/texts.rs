//! What only published documents are compared for: texts, since ours are our own, servers and security.

use serde_json::Value;

use super::difference::{Aspect, Severity};
use super::{NOTHING, Note, Walk};

impl<'a> Walk<'a> {
    /// Notes a different summary or description of the same part.
    pub(super) fn texts(&mut self, location: &str, ours: &'a Value, theirs: &'a Value) {
        if !self.is_published {
            return;
        }
        for key in ["summary", "description", "operationId"] {
            let (mine, other) = (text(ours, key), text(theirs, key));
            if mine != other {
                let location = if location.is_empty() { key } else { location };
                let note = Note::new(location, Aspect::Text, Severity::Editorial, &mine, &other);
                self.note(note.at(Some(ours)));
            }
        }
    }
}

impl<'a> Walk<'a> {
    /// Compares the servers and the security of whole documents.
    pub(super) fn document(&mut self, ours: &'a Value, theirs: &'a Value) {
        self.enter("", "", "document");
        let urls = |root: &Value| -> String {
            let servers = root["servers"].as_array().into_iter().flatten();
            let urls: Vec<&str> = servers.filter_map(|one| one["url"].as_str()).collect();
            urls.join(", ")
        };
        let (mine, other) = (urls(ours), urls(theirs));
        if mine != other {
            self.note(Note::new(
                "servers",
                Aspect::Security,
                Severity::Breaking,
                &mine,
                &other,
            ));
        }
        self.security("security", ours, theirs);
        let schemes = |root: &'a Value| &root["components"]["securitySchemes"];
        self.changed("securitySchemes", schemes(ours), schemes(theirs));
    }

    /// Compares which credentials are needed.
    pub(super) fn security(&mut self, location: &str, ours: &'a Value, theirs: &'a Value) {
        self.changed(location, &ours["security"], &theirs["security"]);
    }

    fn changed(&mut self, location: &str, ours: &'a Value, theirs: &'a Value) {
        if ours != theirs {
            let (mine, other) = (ours.to_string(), theirs.to_string());
            let note = Note::new(location, Aspect::Security, Severity::Breaking, &mine, &other);
            self.note(note.at(Some(ours)));
        }
    }
}

/// A text without its line breaks.
fn text(holder: &Value, key: &str) -> String {
    let text = holder[key].as_str().unwrap_or(NOTHING);
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
