//! Reads a document and records the line of every value.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use serde_json::Value;

use crate::fault::{Fault, Faults};
use crate::{lines, yaml};

/// An OpenAPI document: its content, and the line of each value by JSON pointer.
#[derive(Clone, Debug)]
pub struct Document {
    /// The content. Keys keep the order of the document.
    pub root: Value,
    /// The name of the document in messages, usually its path.
    pub name: String,
    lines: OnceLock<HashMap<String, usize>>,
    /// The text of a JSON document, from which the lines are read if they are needed.
    json: Option<Arc<str>>,
}

impl Document {
    /// Reads the document at `path`: JSON if its extension is `json`, YAML otherwise.
    ///
    /// # Errors
    ///
    /// If the file cannot be read or parsed.
    pub fn read(path: &Path) -> Result<Self, Faults> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Faults::one(&name, None, "", format!("cannot be read: {error}")))?;
        if path.extension().is_some_and(|extension| extension == "json") {
            Self::parse_json(&name, &text)
        } else {
            Self::parse(&name, &text)
        }
    }

    /// Parses JSON. The lines of values are unknown until they are needed for a fault.
    ///
    /// # Errors
    ///
    /// If `text` is not JSON.
    pub fn parse_json(name: &str, text: &str) -> Result<Self, Faults> {
        let root = serde_json::from_str(text)
            .map_err(|error| Faults::one(name, Some(error.line()), "", format!("is not JSON: {error}")))?;
        Ok(Self {
            root,
            name: name.to_owned(),
            lines: OnceLock::new(),
            json: Some(text.into()),
        })
    }

    /// Parses YAML; `name` is the name of the document in messages.
    ///
    /// # Errors
    ///
    /// If `text` is not one YAML document that JSON can represent: tags, aliases, duplicate keys and keys that
    /// are not text are refused.
    pub fn parse(name: &str, text: &str) -> Result<Self, Faults> {
        let (root, lines) = yaml::parse(name, text)?;
        Ok(Self {
            root,
            name: name.to_owned(),
            lines: OnceLock::from(lines),
            json: None,
        })
    }

    /// Returns a fault at the value that `pointer` names.
    pub fn fault(&self, pointer: &str, message: impl Into<String>) -> Fault {
        Fault {
            line: self.line(pointer),
            file: self.name.clone(),
            pointer: pointer.to_owned(),
            message: message.into(),
        }
    }

    /// Returns the line of the value that `pointer` names, or of its closest ancestor with a line.
    pub fn line(&self, pointer: &str) -> Option<usize> {
        let text = self.json.as_deref();
        let lines = self
            .lines
            .get_or_init(|| text.map(lines::of_json).unwrap_or_default());
        let mut ancestor = pointer;
        loop {
            if let Some(line) = lines.get(ancestor) {
                return Some(*line);
            }
            ancestor = &ancestor[..ancestor.rfind('/')?];
        }
    }
}

/// Escapes one segment of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

#[cfg(test)]
mod tests {
    use super::Document;

    fn refused(text: &str) -> String {
        Document::parse("x.yaml", text)
            .expect_err("the text is refused")
            .to_string()
    }

    #[test]
    fn text_that_is_not_yaml_is_refused_with_its_line() {
        assert!(refused("a: 1\nb: [1,\nc: }\n").starts_with("x.yaml:"));
    }

    #[test]
    fn keys_that_are_not_text_are_refused() {
        assert_eq!(
            refused("a: {}\nb:\n  200: 2\n  true: 3\n  ? [c]\n  : 4\n"),
            "x.yaml:3: /b: has the key `200`, which is not a text: quote it, `'200'`\n\
             x.yaml:4: /b: has the key `true`, which is not a text: quote it, `'true'`\n\
             x.yaml:5: /b: has a key that is not a text: write a text\n3 faults"
        );
    }

    #[test]
    fn duplicate_keys_are_refused() {
        assert!(refused("a: 1\na: 2\n").contains("has the key `a` twice"));
    }

    #[test]
    fn several_documents_in_one_file_are_refused() {
        assert!(refused("a: 1\n---\nb: 2\n").contains("holds 2 YAML documents"));
    }

    #[test]
    fn a_missing_file_is_named() {
        let error = Document::read("no/such/file.yaml".as_ref())
            .expect_err("the file does not exist")
            .to_string();
        assert!(error.starts_with("no/such/file.yaml: cannot be read"), "{error}");
    }

    #[test]
    fn order_and_quoted_text_are_kept() {
        let document =
            Document::parse("x.yaml", "z: 'NO'\na: '2024-01-01'\nm: [1, 2.5, true, null]\n").expect("YAML");
        assert_eq!(
            document.root.to_string(),
            r#"{"z":"NO","a":"2024-01-01","m":[1,2.5,true,null]}"#
        );
    }

    #[test]
    fn json_is_read_by_its_extension() {
        // A tab that YAML does not allow.
        let path = std::env::temp_dir().join(format!("sequencehq-document-{}.json", std::process::id()));
        std::fs::write(&path, "{\n\t\"b\": 1,\n\t\"a\": [}\n").expect("the file can be written");
        let error = Document::read(&path).expect_err("not JSON").to_string();
        std::fs::write(&path, "{\n\t\"b\": 1,\n\t\"a\": []\n}\n").expect("the file can be written");
        let document = Document::read(&path).expect("JSON");
        assert!(
            document
                .fault("/a", "is wrong")
                .to_string()
                .ends_with(".json:3: /a: is wrong")
        );
        std::fs::remove_file(&path).expect("the file can be removed");
        assert!(error.contains(".json:3: is not JSON"), "{error}");
        assert_eq!(document.root.to_string(), r#"{"b":1,"a":[]}"#);
    }

    #[test]
    fn a_fault_names_file_line_and_pointer() {
        let document = Document::parse("x.yaml", "a:\n  b/c:\n    - 1\n").expect("YAML");
        let text = |pointer: &str| document.fault(pointer, "is wrong").to_string();
        assert_eq!(text("/a/b~1c/0"), "x.yaml:3: /a/b~1c/0: is wrong");
        assert_eq!(
            text("/a/b~1c/d/e"),
            "x.yaml:2: /a/b~1c/d/e: is wrong",
            "the nearest value with a line"
        );
        assert_eq!(text("/z"), "x.yaml:1: /z: is wrong");
    }
}
