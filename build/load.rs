//! Reads `openapi.yaml` and remembers on which line every value stands.

use std::collections::HashMap;
use std::fmt;
use std::path::Path;

use saphyr::{LoadableYamlNode, MarkedYamlOwned, ScalarOwned, YamlDataOwned};
use serde_json::{Map, Number, Value};

/// The document: its content, and the line of each value by JSON pointer.
#[derive(Clone, Debug)]
pub struct Document {
    pub root: Value,
    pub name: String,
    lines: HashMap<String, usize>,
}

/// Something wrong in the document, with the place where it stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    line: Option<usize>,
    file: String,
    pointer: String,
    message: String,
}

/// Why a build step could not go on: every fault that it found, not just the first.
#[derive(Debug)]
pub struct Faults(pub Vec<Fault>);

impl Document {
    /// Reads and parses the document at `path`.
    pub fn read(path: &Path) -> Result<Self, Faults> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| Faults::one(&name, None, "", format!("cannot be read: {error}")))?;
        Self::parse(&name, &text)
    }

    /// Parses `text`; `name` is what messages call it.
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
        };
        let root = reader.value(&roots.remove(0), "")?;
        Ok(Self {
            root,
            name: name.to_owned(),
            lines: reader.lines,
        })
    }

    /// A fault at the value that `pointer` names.
    pub fn fault(&self, pointer: &str, message: impl Into<String>) -> Fault {
        Fault {
            line: self.line(pointer),
            file: self.name.clone(),
            pointer: pointer.to_owned(),
            message: message.into(),
        }
    }

    /// The line of `pointer`, or of its closest ancestor that the source has.
    fn line(&self, pointer: &str) -> Option<usize> {
        let mut place = pointer;
        loop {
            if let Some(line) = self.lines.get(place) {
                return Some(*line);
            }
            place = &place[..place.rfind('/')?];
        }
    }
}

struct Reader<'a> {
    name: &'a str,
    lines: HashMap<String, usize>,
}

impl Reader<'_> {
    fn value(&mut self, node: &MarkedYamlOwned, pointer: &str) -> Result<Value, Faults> {
        let line = node.span.start.line();
        self.lines.entry(pointer.to_owned()).or_insert(line);
        let refuse = |what: &str| Faults::one(self.name, Some(line), pointer, what.to_owned());
        Ok(match &node.data {
            YamlDataOwned::Value(scalar) => match scalar {
                ScalarOwned::Null => Value::Null,
                ScalarOwned::Boolean(value) => Value::Bool(*value),
                ScalarOwned::Integer(value) => Value::Number((*value).into()),
                ScalarOwned::FloatingPoint(value) => Number::from_f64(value.into_inner())
                    .map(Value::Number)
                    .ok_or_else(|| refuse("is a number that JSON cannot say"))?,
                ScalarOwned::String(value) => Value::String(value.clone()),
            },
            YamlDataOwned::Sequence(items) => {
                let mut values = Vec::with_capacity(items.len());
                for (index, item) in items.iter().enumerate() {
                    values.push(self.value(item, &format!("{pointer}/{index}"))?);
                }
                Value::Array(values)
            }
            YamlDataOwned::Mapping(entries) => {
                let mut map = Map::new();
                for (key, entry) in entries {
                    let YamlDataOwned::Value(ScalarOwned::String(name)) = &key.data else {
                        return Err(refuse("has a key that is not text: put it in quotes"));
                    };
                    let here = format!("{pointer}/{}", escape(name));
                    self.lines.insert(here.clone(), key.span.start.line());
                    map.insert(name.clone(), self.value(entry, &here)?);
                }
                Value::Object(map)
            }
            _ => return Err(refuse("uses a tag or an alias: write the value out")),
        })
    }
}

/// One segment of a JSON pointer.
pub fn escape(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

impl Faults {
    fn one(file: &str, line: Option<usize>, pointer: &str, message: String) -> Self {
        Self(vec![Fault {
            line,
            file: file.to_owned(),
            pointer: pointer.to_owned(),
            message,
        }])
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.pointer.is_empty() {
            write!(f, ": {}", self.pointer)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for fault in &self.0 {
            writeln!(f, "{fault}")?;
        }
        write!(f, "{} fault(s)", self.0.len())
    }
}

impl std::error::Error for Faults {}
