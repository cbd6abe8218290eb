//! What only published documents are compared for: texts, since ours are our own, servers and security.

use sequencehq_document::model::{self, RawOperation};
use serde_json::Value;

use super::super::schema::Source;
use super::difference::{Aspect, Severity};
use super::{NOTHING, Note, Walk};

/// Keys of examples, which are compared as a whole.
const EXAMPLES: [&str; 2] = ["example", "examples"];

impl<'a> Walk<'a> {
    /// Notes a different summary, description, title or example of the same part.
    pub(super) fn texts(&mut self, location: &str, ours: &'a Value, theirs: &'a Value) {
        if !self.is_published {
            return;
        }
        for key in ["summary", "description", "title", "operationId"] {
            let (mine, other) = (text(ours, key), text(theirs, key));
            if mine != other {
                let location = if location.is_empty() { key } else { location };
                let note = Note::new(location, Aspect::Text, Severity::Editorial, &mine, &other);
                self.note(note.at(Some(ours)));
            }
        }
        if EXAMPLES.iter().any(|key| ours.get(*key) != theirs.get(*key)) {
            let location = if location.is_empty() { "examples" } else { location };
            let (mine, other) = ("an example", "another example");
            self.note(Note::new(location, Aspect::Text, Severity::Editorial, mine, other).at(Some(ours)));
        }
    }

    /// Compares the texts and examples of a schema, behind its reference.
    pub(super) fn texts_of_schema(&mut self, location: &str, ours: Source<'a>, theirs: Source<'a>) {
        let resolved = |one: Source<'a>| model::resolve(one.root, one.schema);
        self.texts(location, resolved(ours), resolved(theirs));
    }

    /// Compares the texts of what an operation consists of, its bodies and its tags.
    pub(super) fn texts_of_operation(&mut self, ours: RawOperation<'a>, theirs: RawOperation<'a>) {
        if !self.is_published {
            return;
        }
        self.texts("", ours.raw, theirs.raw);
        self.changed_text("tags", &ours.raw["tags"], &theirs.raw["tags"]);
        let resolved = |one: RawOperation<'a>, part: &'a Value| model::resolve(one.root, part);
        let body = |one: RawOperation<'a>| resolved(one, &one.raw["requestBody"]);
        self.texts_of_body("body", body(ours), body(theirs));
        for (status, response) in ours.raw["responses"].as_object().into_iter().flatten() {
            if let Some(other) = theirs.raw["responses"].get(status) {
                let (mine, other) = (resolved(ours, response), resolved(theirs, other));
                self.texts_of_body(&format!("status {status}"), mine, other);
            }
        }
    }

    fn texts_of_body(&mut self, location: &str, ours: &'a Value, theirs: &'a Value) {
        self.texts(location, ours, theirs);
        for (media, content) in ours["content"].as_object().into_iter().flatten() {
            if let Some(other) = theirs["content"].get(media) {
                self.texts(location, content, other);
            }
        }
    }

    fn changed_text(&mut self, location: &str, ours: &'a Value, theirs: &'a Value) {
        if ours != theirs {
            let (mine, other) = (ours.to_string(), theirs.to_string());
            let note = Note::new(location, Aspect::Text, Severity::Editorial, &mine, &other);
            self.note(note.at(Some(ours)));
        }
    }
}

impl<'a> Walk<'a> {
    /// Compares the servers and the security of whole documents.
    pub(super) fn document(&mut self, ours: &'a Value, theirs: &'a Value) {
        self.enter("", "", "document");
        for key in ["openapi", "tags"] {
            self.changed_text(key, &ours[key], &theirs[key]);
        }
        for key in ["title", "version", "description"] {
            let location = format!("info.{key}");
            self.changed_text(&location, &ours["info"][key], &theirs["info"][key]);
        }
        let urls = |root: &Value| -> String {
            let servers = root["servers"].as_array().into_iter().flatten();
            let urls: Vec<&str> = servers.filter_map(|one| one["url"].as_str()).collect();
            urls.join(", ")
        };
        let (mine, other) = (urls(ours), urls(theirs));
        if mine == other {
            self.changed_text("servers", &ours["servers"], &theirs["servers"]);
        } else {
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
