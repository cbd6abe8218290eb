//! Reads a document and records the line of every value.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use saphyr::{LoadableYamlNode, MarkedYamlOwned, ScalarOwned, YamlDataOwned};
use serde_json::{Map, Number, Value};

use crate::fault::{Fault, Faults};
use crate::lines;

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
        let mut roots = MarkedYamlOwned::load_from_str(text).map_err(|error| {
            Faults::one(
                name,
                Some(error.marker().line()),
                "",
                format!("is not YAML: {error}"),
            )
        })?;
        if roots.len() != 1 {
            let message = format!("holds {} YAML documents instead of one", roots.len());
            return Err(Faults::one(name, None, "", message));
        }
        let mut reader = Reader {
            name,
            lines: HashMap::new(),
            faults: Vec::new(),
        };
        let root = reader.value(&roots.remove(0), "");
        if !reader.faults.is_empty() {
            return Err(Faults(reader.faults));
        }
        Ok(Self {
            root,
            name: name.to_owned(),
            lines: OnceLock::from(reader.lines),
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

struct Reader<'a> {
    name: &'a str,
    lines: HashMap<String, usize>,
    faults: Vec<Fault>,
}

impl Reader<'_> {
    fn value(&mut self, node: &MarkedYamlOwned, pointer: &str) -> Value {
        let line = node.span.start.line();
        self.lines.entry(pointer.to_owned()).or_insert(line);
        match &node.data {
            YamlDataOwned::Value(scalar) => self.scalar(scalar, line, pointer),
            YamlDataOwned::Sequence(items) => {
                let items = items.iter().enumerate();
                items
                    .map(|(index, item)| self.value(item, &format!("{pointer}/{index}")))
                    .collect()
            }
            YamlDataOwned::Mapping(entries) => {
                let mut map = Map::new();
                for (key, entry) in entries {
                    let line = key.span.start.line();
                    let Some(name) = self.key(key, line, pointer) else {
                        continue;
                    };
                    let here = format!("{pointer}/{}", escape(&name));
                    self.lines.insert(here.clone(), line);
                    let value = self.value(entry, &here);
                    map.insert(name, value);
                }
                Value::Object(map)
            }
            _ => self.refuse(
                line,
                pointer,
                "uses a tag or an alias, which is not supported: write the value out",
            ),
        }
    }

    fn scalar(&mut self, scalar: &ScalarOwned, line: usize, pointer: &str) -> Value {
        match scalar {
            ScalarOwned::Null => Value::Null,
            ScalarOwned::Boolean(value) => Value::Bool(*value),
            ScalarOwned::Integer(value) => Value::Number((*value).into()),
            ScalarOwned::FloatingPoint(value) => match Number::from_f64(value.into_inner()) {
                Some(number) => Value::Number(number),
                None => self.refuse(line, pointer, "is a number that JSON cannot represent: quote it"),
            },
            ScalarOwned::String(value) => Value::String(value.clone()),
        }
    }

    fn key(&mut self, key: &MarkedYamlOwned, line: usize, pointer: &str) -> Option<String> {
        let text = match &key.data {
            YamlDataOwned::Value(ScalarOwned::String(name)) => return Some(name.clone()),
            YamlDataOwned::Value(ScalarOwned::Integer(number)) => number.to_string(),
            YamlDataOwned::Value(ScalarOwned::FloatingPoint(number)) => number.to_string(),
            YamlDataOwned::Value(ScalarOwned::Boolean(flag)) => flag.to_string(),
            _ => {
                self.refuse(line, pointer, "has a key that is not a text: write a text");
                return None;
            }
        };
        self.refuse(
            line,
            pointer,
            &format!("has the key `{text}`, which is not a text: quote it, `'{text}'`"),
        );
        None
    }

    fn refuse(&mut self, line: usize, pointer: &str, problem: &str) -> Value {
        self.faults
            .extend(Faults::one(self.name, Some(line), pointer, problem.to_owned()).0);
        Value::Null
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
        assert!(refused("a: 1\na: 2\n").contains("is not YAML"));
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
