//! From YAML to values with lines.
//!
//! Scalars without quotes are `null`, booleans and numbers if they are written as in JSON, and texts otherwise. Aliases and
//! tags are refused: a seed is read by people.

use saphyr_parser::{Event, Parser, ScalarStyle, Span};

use super::error::{Fault, Faults};
use super::node::{Node, Value};

/// Levels of a value.
const DEEPEST: usize = 64;

/// Reads one document. An empty one is `null`.
///
/// # Errors
///
/// If the text is not YAML, or has more than a seed needs.
pub(super) fn parse(text: &str) -> Result<Node, Faults> {
    let mut tree = Tree::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let message = format!("it is not YAML: {}.", error.info());
            vec![Fault::new(error.marker().line(), "", message)]
        })?;
        tree.add(event, span).map_err(|fault| vec![fault])?;
    }
    Ok(tree.root.unwrap_or(Node::new(1, Value::Null)))
}

/// What was read so far.
#[derive(Default)]
struct Tree {
    root: Option<Node>,
    /// The lists and maps that are not complete.
    open: Vec<Open>,
}

struct Open {
    node: Node,
    /// The name of the next member of a map, and its line.
    name: Option<(String, usize)>,
}

impl Tree {
    fn add(&mut self, event: Event<'_>, span: Span) -> Result<(), Fault> {
        let line = span.start.line();
        let refuse = |message: &str| Err(Fault::new(line, "", message));
        match event {
            Event::Scalar(_, _, _, Some(_))
            | Event::SequenceStart(_, Some(_))
            | Event::MappingStart(_, Some(_)) => {
                refuse("tags are not supported. Leave the tag out, and quote texts.")
            }
            Event::Alias(_) => refuse("aliases are not supported. Write the value out."),
            Event::Scalar(text, style, _, None) => {
                let value = match style {
                    ScalarStyle::Plain => plain(&text),
                    _ => Value::Text(text.into_owned()),
                };
                self.scalar(Node::new(line, value))
            }
            Event::SequenceStart(_, None) => self.begin(Node::new(line, Value::List(Vec::new()))),
            Event::MappingStart(_, None) => self.begin(Node::new(line, Value::Map(Vec::new()))),
            Event::SequenceEnd | Event::MappingEnd => match self.open.pop() {
                Some(open) => self.place(open.node),
                None => Ok(()),
            },
            Event::DocumentStart(_) if self.root.is_some() => {
                refuse("the file has a second document. Keep one.")
            }
            _ => Ok(()),
        }
    }

    fn begin(&mut self, node: Node) -> Result<(), Fault> {
        if self.open.len() == DEEPEST {
            let message = format!("values are nested more than {DEEPEST} levels deep.");
            return Err(Fault::new(node.line, "", message));
        }
        self.open.push(Open { node, name: None });
        Ok(())
    }

    /// Adds a scalar: a name of a map, or a value.
    fn scalar(&mut self, node: Node) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else {
            return self.place(node);
        };
        let Value::Map(members) = &open.node.value else {
            return self.place(node);
        };
        if open.name.is_some() {
            return self.place(node);
        }
        let line = node.line;
        let name = match node.value {
            Value::Text(name) => name,
            Value::Number(name) => name,
            _ => {
                return Err(Fault::new(
                    line,
                    "",
                    "a name is neither a text nor a number. Quote it.",
                ));
            }
        };
        if members.iter().any(|(known, _)| *known == name) {
            return Err(Fault::new(
                line,
                "",
                format!("`{name}` occurs twice. Keep one of them."),
            ));
        }
        open.name = Some((name, line));
        Ok(())
    }

    /// Adds a complete value where it belongs.
    fn place(&mut self, mut node: Node) -> Result<(), Fault> {
        let Some(open) = self.open.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match (&mut open.node.value, open.name.take()) {
            (Value::Map(members), Some((name, line))) => {
                // A block begins below its name, but is looked for at it.
                node.line = line;
                members.push((name, node));
                Ok(())
            }
            (Value::List(items), _) => {
                items.push(node);
                Ok(())
            }
            _ => Err(Fault::new(
                node.line,
                "",
                "a name is a list or a map. Use a text.",
            )),
        }
    }
}

/// A scalar without quotes.
fn plain(text: &str) -> Value {
    match text {
        "" | "~" | "null" => Value::Null,
        "true" => Value::Bool(true),
        "false" => Value::Bool(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::Text(text.to_owned()),
    }
}

/// Whether a text is a number of JSON.
fn is_number(text: &str) -> bool {
    let starts = text.strip_prefix('-').unwrap_or(text);
    starts.starts_with(|letter: char| letter.is_ascii_digit())
        && serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> String {
        let faults = parse(text).expect_err("it is refused");
        super::super::SeedError::new("x.yaml", faults).to_string()
    }

    #[test]
    fn scalars_are_what_json_has_or_texts() {
        for (text, expected) in [
            ("10.50", "10.50"),
            ("-1e3", "-1e3"),
            ("007", "\"007\""),
            ("+1", "\"+1\""),
            (".5", "\".5\""),
            ("1_000", "\"1_000\""),
            ("2026-01-31", "\"2026-01-31\""),
            ("NO", "\"NO\""),
            ("yes", "\"yes\""),
            ("'10.50'", "\"10.50\""),
            ("|\n  two\n  lines\n", "\"two\\nlines\\n\""),
            ("~", "null"),
            ("", "null"),
            ("true", "true"),
            ("[]", "[]"),
            ("{\"a\": {\"b\": [1, 2]}}", r#"{"a":{"b":[1,2]}}"#),
            ("&x a", "\"a\""),
        ] {
            assert_eq!(
                parse(text).map(|node| node.json()),
                Ok(expected.to_owned()),
                "{text}"
            );
        }
    }

    #[test]
    fn messages_have_the_line() {
        for (text, expected) in [
            ("a: 1\nb: [1,\nc: }\n", "x.yaml:3: it is not YAML: "),
            (
                "a: 1\nb: 2\na: 3\n",
                "x.yaml:3: `a` occurs twice. Keep one of them.",
            ),
            (
                "a: 1\n---\nb: 2\n",
                "x.yaml:2: the file has a second document. Keep one.",
            ),
            (
                "a: &x 1\nb: *x\n",
                "x.yaml:2: aliases are not supported. Write the value out.",
            ),
            (
                "a: 1\nb: !!str 2\n",
                "x.yaml:2: tags are not supported. Leave the tag out, and quote texts.",
            ),
            ("? [a]\n: 1\n", "x.yaml:1: a name is a list or a map. Use a text."),
            (
                "null: 1\n",
                "x.yaml:1: a name is neither a text nor a number. Quote it.",
            ),
        ] {
            let message = refused(text);
            assert!(message.starts_with(expected), "{message}");
        }
        let deep = format!("{}{}", "[".repeat(65), "]".repeat(65));
        assert!(refused(&deep).contains("nested more than 64 levels deep"));
    }
}
