//! Reads YAML event by event into JSON values, with their lines.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, StrInput};
use serde_json::{Map, Number, Value};

use crate::fault::{Fault, Faults};
use crate::load::escape;
use crate::syntax;

/// Returns the value of a text with one document, and the line of each value by JSON pointer.
pub(crate) fn parse(name: &str, text: &str) -> Result<(Value, HashMap<String, usize>), Faults> {
    let mut reader = Reader {
        name,
        text,
        text_lines: text.lines().collect(),
        events: Parser::new_from_str(text),
        lines: HashMap::new(),
        faults: Vec::new(),
    };
    let (mut root, mut documents) = (Value::Null, 0);
    while let Some((event, _)) = reader.next()? {
        if matches!(event, Event::DocumentStart(_)) {
            documents += 1;
            root = reader.value("")?;
        }
    }
    if documents != 1 {
        let message = format!("holds {documents} YAML documents instead of one");
        return Err(Faults::one(name, None, "", message));
    }
    if !reader.faults.is_empty() {
        return Err(Faults(reader.faults));
    }
    Ok((root, reader.lines))
}

struct Reader<'a> {
    name: &'a str,
    text: &'a str,
    text_lines: Vec<&'a str>,
    events: Parser<'a, StrInput<'a>>,
    lines: HashMap<String, usize>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn next(&mut self) -> Result<Option<(Event<'a>, Span)>, Faults> {
        self.events.next().transpose().map_err(|error| {
            let (line, problem) = syntax::problem(self.text, error.info(), error.marker().line());
            Faults::one(self.name, Some(line), "", problem)
        })
    }

    fn value(&mut self, pointer: &str) -> Result<Value, Faults> {
        match self.next()? {
            Some((event, span)) => self.begun(event, &span, pointer),
            None => Ok(Value::Null),
        }
    }

    /// Reads the value that begins with `event`.
    fn begun(&mut self, event: Event<'a>, span: &Span, pointer: &str) -> Result<Value, Faults> {
        let line = span.start.line();
        self.lines.entry(pointer.to_owned()).or_insert(line);
        match event {
            Event::Scalar(text, ScalarStyle::Plain, _, None) => {
                if syntax::is_cut(&self.text_lines, pointer, &text, span) {
                    let problem = "ends before ` #`, which begins a comment: quote the text";
                    self.refuse(line, pointer, problem);
                }
                Ok(self.plain(&text, line, pointer))
            }
            Event::Scalar(text, _, _, None) => Ok(Value::String(text.into_owned())),
            Event::SequenceStart(_, None) => self.items(pointer),
            Event::MappingStart(_, None) => self.entries(pointer),
            other => {
                self.skip(&other)?;
                self.refuse(
                    line,
                    pointer,
                    "uses a tag or an alias, which is not supported: write the value out",
                );
                Ok(Value::Null)
            }
        }
    }

    fn items(&mut self, pointer: &str) -> Result<Value, Faults> {
        let mut items = Vec::new();
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::SequenceEnd) {
                break;
            }
            let here = format!("{pointer}/{}", items.len());
            items.push(self.begun(event, &span, &here)?);
        }
        Ok(Value::Array(items))
    }

    fn entries(&mut self, pointer: &str) -> Result<Value, Faults> {
        let mut map = Map::new();
        while let Some((event, span)) = self.next()? {
            if matches!(event, Event::MappingEnd) {
                break;
            }
            let line = span.start.line();
            let name = self.key(event, line, pointer)?;
            if let Some(name) = name.filter(|name| self.is_new(name, &map, line, pointer)) {
                let here = format!("{pointer}/{}", escape(&name));
                self.lines.insert(here.clone(), line);
                let value = self.value(&here)?;
                map.insert(name, value);
            } else if let Some((event, _)) = self.next()? {
                self.skip(&event)?;
            }
        }
        Ok(Value::Object(map))
    }

    /// Reads a key. One that is not a text is refused.
    fn key(&mut self, event: Event<'a>, line: usize, pointer: &str) -> Result<Option<String>, Faults> {
        let problem = match event {
            Event::Scalar(text, ScalarStyle::Plain, _, None) => match scalar(&text) {
                Some(Value::String(name)) => return Ok(Some(name)),
                Some(Value::Null) => "has a key that is not a text: write a text".to_owned(),
                _ => format!("has the key `{text}`, which is not a text: quote it, `'{text}'`"),
            },
            Event::Scalar(text, _, _, None) => return Ok(Some(text.into_owned())),
            other => {
                self.skip(&other)?;
                "has a key that is not a text: write a text".to_owned()
            }
        };
        self.refuse(line, pointer, &problem);
        Ok(None)
    }

    fn is_new(&mut self, name: &str, map: &Map<String, Value>, line: usize, pointer: &str) -> bool {
        let is_new = !map.contains_key(name);
        if !is_new {
            let problem = format!("has the key `{name}` twice: keep one of them");
            self.refuse(line, pointer, &problem);
        }
        is_new
    }

    /// Passes the rest of the value that began with `event`.
    fn skip(&mut self, event: &Event<'a>) -> Result<(), Faults> {
        let mut open = change(event);
        while open > 0 {
            let Some((event, _)) = self.next()? else { break };
            open += change(&event);
        }
        Ok(())
    }

    fn plain(&mut self, text: &str, line: usize, pointer: &str) -> Value {
        scalar(text).unwrap_or_else(|| {
            self.refuse(line, pointer, "is a number that JSON cannot represent: quote it");
            Value::Null
        })
    }

    fn refuse(&mut self, line: usize, pointer: &str, problem: &str) {
        let faults = Faults::one(self.name, Some(line), pointer, problem.to_owned());
        self.faults.extend(faults.0);
    }
}

/// Returns by how much an event changes the number of open lists and maps.
fn change(event: &Event<'_>) -> isize {
    match event {
        Event::SequenceStart(..) | Event::MappingStart(..) => 1,
        Event::SequenceEnd | Event::MappingEnd => -1,
        _ => 0,
    }
}

/// Reads a scalar without quotes by the core schema of YAML 1.2. Returns `None` for a number that JSON cannot represent.
fn scalar(text: &str) -> Option<Value> {
    let value = match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ => {
            if let Some(integer) = integer(text) {
                return Some(Value::Number(integer.into()));
            }
            match float(text) {
                Some(float) => Value::Number(Number::from_f64(float)?),
                None => Value::String(text.to_owned()),
            }
        }
    };
    Some(value)
}

fn integer(text: &str) -> Option<i64> {
    let radix = |prefix, radix| {
        let digits = text.strip_prefix(prefix)?;
        i64::from_str_radix(digits, radix).ok()
    };
    radix("0x", 16)
        .or_else(|| radix("0o", 8))
        .or_else(|| text.parse().ok())
}

fn float(text: &str) -> Option<f64> {
    match text.strip_prefix(['+', '-']).unwrap_or(text) {
        ".inf" | ".Inf" | ".INF" => Some(f64::INFINITY),
        ".nan" | ".NaN" | ".NAN" => Some(f64::NAN),
        // `inf` and `nan` are texts in YAML, and numbers for the parser of floats.
        _ if text.bytes().any(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn scalars_without_quotes_follow_the_core_schema() {
        for (text, expected) in [
            ("~", "null"),
            ("Null", "null"),
            ("TRUE", "true"),
            ("false", "false"),
            ("yes", "\"yes\""),
            ("-12", "-12"),
            ("+12", "12"),
            ("0x1F", "31"),
            ("0o17", "15"),
            ("10.50", "10.5"),
            ("1e3", "1000.0"),
            ("inf", "\"inf\""),
            ("2026-01-31", "\"2026-01-31\""),
            ("'10.50'", "\"10.50\""),
            ("|\n  two\n  lines\n", "\"two\\nlines\\n\""),
            ("&x a", "\"a\""),
            ("{\"a\": {\"b\": [1, 2]}}", r#"{"a":{"b":[1,2]}}"#),
        ] {
            let (value, _) = parse("x.yaml", text).expect("YAML");
            assert_eq!(value.to_string(), expected, "{text}");
        }
    }

    #[test]
    fn what_json_does_not_have_is_refused_with_its_place_and_what_follows_is_read() {
        let refused = |text| parse("x.yaml", text).expect_err("refused").to_string();
        let tag = "uses a tag or an alias, which is not supported: write the value out";
        assert_eq!(
            refused("a: !!map {b: [1]}\nc: &c 2\nd: *c\ne: .inf\n"),
            format!(
                "x.yaml:1: /a: {tag}\nx.yaml:3: /d: {tag}\n\
                 x.yaml:4: /e: is a number that JSON cannot represent: quote it\n3 faults"
            )
        );
        assert_eq!(
            refused("a:\n  b: 1\n  c: {}\n  b: {d: [.nan]}\n  e: -.inf\n"),
            "x.yaml:4: /a: has the key `b` twice: keep one of them\n\
             x.yaml:5: /a/e: is a number that JSON cannot represent: quote it\n2 faults"
        );
    }
}
