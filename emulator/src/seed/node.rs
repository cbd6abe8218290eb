//! Values with their lines. Numbers keep their digits.

use std::fmt::Write as _;

use super::error::{Fault, Faults};

/// A value, and the line on which it begins, or its name if it has one.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Node {
    pub(super) line: usize,
    pub(super) value: Value,
}

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// As it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    pub(super) fn new(line: usize, value: Value) -> Self {
        Self { line, value }
    }

    /// The members of a map. `place` is its name in messages.
    pub(super) fn into_members(self, place: &str) -> Result<Vec<(String, Self)>, Faults> {
        match self.value {
            Value::Map(members) => Ok(members),
            Value::Null => Ok(Vec::new()),
            _ => Err(vec![Fault::new(
                self.line,
                place,
                "it has to be a map. Write `name: value` on each line.",
            )]),
        }
    }

    /// The items of a list. `place` is its name in messages.
    pub(super) fn into_items(self, place: &str) -> Result<Vec<Self>, Faults> {
        match self.value {
            Value::List(items) => Ok(items),
            Value::Null => Ok(Vec::new()),
            _ => Err(vec![Fault::new(
                self.line,
                place,
                "it has to be a list. Begin each entry with `- `.",
            )]),
        }
    }

    /// A member of a map.
    pub(super) fn member(&self, name: &str) -> Option<&Self> {
        match &self.value {
            Value::Map(members) => {
                let found = members.iter().find(|(key, _)| key == name);
                found.map(|(_, node)| node)
            }
            _ => None,
        }
    }

    /// Calls `change` for every value that has no values inside, with its line.
    ///
    /// # Errors
    ///
    /// The first error of `change`.
    pub(super) fn each_leaf<E>(
        &mut self,
        change: &mut impl FnMut(usize, &mut Value) -> Result<(), E>,
    ) -> Result<(), E> {
        match &mut self.value {
            Value::List(items) => items.iter_mut().try_for_each(|item| item.each_leaf(change)),
            Value::Map(members) => members
                .iter_mut()
                .try_for_each(|(_, member)| member.each_leaf(change)),
            leaf => change(self.line, leaf),
        }
    }

    /// The value at a path such as `.lines[3].rate`.
    pub(super) fn at(&mut self, path: &str) -> Option<&mut Self> {
        if path.is_empty() {
            return Some(self);
        }
        let (name, rest) = next_step(path)?;
        let inner = match &mut self.value {
            Value::Map(members) => &mut members.iter_mut().find(|(key, _)| key == name)?.1,
            Value::List(items) => items.get_mut(name.parse::<usize>().ok()?)?,
            _ => return None,
        };
        inner.at(rest)
    }

    /// The line of the value at a path, or of the nearest one around it if there is none.
    pub(super) fn line_at(&self, path: &str) -> usize {
        let inner = next_step(path).and_then(|(name, rest)| {
            let inner = match &self.value {
                Value::List(items) => items.get(name.parse::<usize>().ok()?),
                _ => self.member(name),
            };
            Some(inner?.line_at(rest))
        });
        inner.unwrap_or(self.line)
    }

    /// The value as JSON.
    pub(super) fn json(&self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    fn write(&self, out: &mut String) {
        match &self.value {
            Value::Null => out.push_str("null"),
            Value::Bool(value) => {
                let _ = write!(out, "{value}");
            }
            Value::Number(digits) => out.push_str(digits),
            Value::Text(text) => out.push_str(&quoted(text)),
            Value::List(items) => {
                out.push('[');
                for (i, item) in items.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { "," });
                    item.write(out);
                }
                out.push(']');
            }
            Value::Map(members) => {
                out.push('{');
                for (i, (name, member)) in members.iter().enumerate() {
                    out.push_str(if i == 0 { "" } else { "," });
                    out.push_str(&quoted(name));
                    out.push(':');
                    member.write(out);
                }
                out.push('}');
            }
        }
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// The first step of a path such as `.lines[3].rate`, and the rest; `None` at the end.
fn next_step(path: &str) -> Option<(&str, &str)> {
    match path.strip_prefix('.') {
        Some(rest) => Some(rest.split_at(rest.find(['.', '[']).unwrap_or(rest.len()))),
        None => path.strip_prefix('[')?.split_once(']'),
    }
}

#[cfg(test)]
mod tests {
    use super::super::yaml;

    #[test]
    fn a_path_leads_to_a_value_or_to_the_nearest_around_it() {
        let mut root = yaml::parse("a:\n  - b: 1\n    c:\n      d: 2\n").expect("YAML");
        for (path, line, is_exact) in [
            ("", 1, true),
            (".a", 1, true),
            (".a[0].b", 2, true),
            (".a[0].c.d", 4, true),
            (".a[0].c.missing", 3, false),
            (".a[7].b", 1, false),
            (".missing.b", 1, false),
            (".a[0][\"odd key\"].x", 2, false),
        ] {
            assert_eq!(
                (root.line_at(path), root.at(path).is_some()),
                (line, is_exact),
                "{path}"
            );
        }
    }

    #[test]
    fn json_has_the_digits_as_they_are_written() {
        let root = yaml::parse("{a: 10.50, b: \"1\\n\\\"\", c: [true, null, -0.10]}").expect("YAML");
        assert_eq!(root.json(), r#"{"a":10.50,"b":"1\n\"","c":[true,null,-0.10]}"#);
    }
}
