//! Reads events from lines of JSON, and says what is wrong with a line.

use std::collections::HashSet;
use std::fmt;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::types::{SeatEventCreate, UsageEventCreate};
use crate::usage::Event;
use crate::usage::event::check;

const USAGE_FIELDS: [&str; 5] = [
    "customerEventId",
    "customerAlias",
    "eventType",
    "eventTimestamp",
    "eventProperties",
];
const SEAT_FIELDS: [&str; 5] = [
    "customerEventId",
    "customerAlias",
    "seatType",
    "eventTimestamp",
    "total",
];

/// What is wrong with a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    place: Place,
    problem: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Place {
    Line,
    Column(usize),
    Field(String),
    /// A name that its object has already, where it begins.
    Repeated {
        name: String,
        column: usize,
    },
}

impl LineError {
    fn line(problem: impl Into<String>) -> Self {
        Self {
            place: Place::Line,
            problem: problem.into(),
        }
    }

    fn field(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            place: Place::Field(name.into()),
            problem: problem.into(),
        }
    }

    /// The column where the line stops being JSON, or where a repeated field stands, in bytes from one.
    pub fn column(&self) -> Option<usize> {
        match self.place {
            Place::Column(column) | Place::Repeated { column, .. } => Some(column),
            _ => None,
        }
    }

    /// The field that is missing, wrong, unknown or repeated, by its name in the line. A field of an object in the event
    /// has the names on the way to it in front, such as `eventProperties.region`.
    pub fn field_name(&self) -> Option<&str> {
        match &self.place {
            Place::Field(name) | Place::Repeated { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Place::Line => f.write_str(&self.problem),
            Place::Column(column) => write!(f, "column {column}: {}", self.problem),
            Place::Field(name) => write!(f, "`{}`: {}", name.escape_debug(), self.problem),
            Place::Repeated { name, column } => {
                write!(f, "`{}`, column {column}: {}", name.escape_debug(), self.problem)
            }
        }
    }
}

impl std::error::Error for LineError {}

/// Reads one line of NDJSON as a usage event, with the fields that the API has.
///
/// It is stricter than the API where a slip would cost money: an unknown field is refused, because a misspelt
/// `eventTimestamp` moves usage to another month, and so is a number with more digits than arrive. A field that
/// stands twice is refused too, in `eventProperties` at any depth: JSON leaves open which of the two counts, and that
/// would decide who is billed, or for how much. `null` is the same as leaving a field out.
///
/// ```
/// use sequencehq::usage::parse_line;
///
/// let event = parse_line(r#"{"customerAlias":"acme","eventType":"api_call","eventTimestamp":"2026-03-01T12:00:00Z"}"#)?;
/// assert_eq!(event.event_type, "api_call");
///
/// let error = parse_line(r#"{"customerAlias":"acme","eventType":"api_call","timestamp":"2026-03-01"}"#).unwrap_err();
/// assert_eq!(error.field_name(), Some("timestamp"));
/// # Ok::<(), sequencehq::usage::LineError>(())
/// ```
///
/// # Errors
///
/// The line is not a JSON object, or a field is missing, blank, unknown, repeated or of the wrong kind.
pub fn parse_line(line: &str) -> Result<UsageEventCreate, LineError> {
    let mut fields = fields(line, &USAGE_FIELDS)?;
    let event = UsageEventCreate {
        customer_event_id: optional_text(&mut fields, "customerEventId")?,
        customer_alias: text(&mut fields, "customerAlias")?,
        event_type: text(&mut fields, "eventType")?,
        event_timestamp: optional_text(&mut fields, "eventTimestamp")?
            .map(|text| instant(&text))
            .transpose()?,
        event_properties: match fields.remove("eventProperties") {
            None => None,
            Some(Value::Object(properties)) => Some(properties),
            Some(other) => {
                let problem = format!("it is {}, and has to be an object", kind(&other));
                return Err(LineError::field("eventProperties", problem));
            }
        },
    };
    checked(event)
}

/// Reads one line of NDJSON as a seat event. As [`parse_line`].
///
/// # Errors
///
/// The line is not a JSON object, or a field is missing, blank, unknown, repeated or of the wrong kind.
pub fn parse_seat_line(line: &str) -> Result<SeatEventCreate, LineError> {
    let mut fields = fields(line, &SEAT_FIELDS)?;
    let event = SeatEventCreate {
        customer_event_id: optional_text(&mut fields, "customerEventId")?,
        customer_alias: text(&mut fields, "customerAlias")?,
        seat_type: text(&mut fields, "seatType")?,
        event_timestamp: instant(&text(&mut fields, "eventTimestamp")?)?,
        total: match fields.remove("total") {
            None => return Err(missing("total")),
            Some(value) => value.as_i64().ok_or_else(|| {
                LineError::field(
                    "total",
                    format!("{} is no whole number of seats", excerpt(&value)),
                )
            })?,
        },
    };
    checked(event)
}

fn checked<E: Event>(event: E) -> Result<E, LineError> {
    match check(&event) {
        Ok(()) => Ok(event),
        Err((field, problem)) => Err(LineError::field(field, problem)),
    }
}

/// The fields of the object that the line is, without those that are `null`.
fn fields(line: &str, known: &[&str]) -> Result<Map<String, Value>, LineError> {
    // Files written on Windows begin with this mark.
    let line = line.trim_start_matches('\u{feff}');
    if line.trim().is_empty() {
        return Err(LineError::line("the line is blank"));
    }
    let value: Value = serde_json::from_str(line).map_err(|error| {
        let whole = error.to_string();
        let problem = whole
            .rsplit_once(" at line ")
            .map_or(&*whole, |(problem, _)| problem);
        LineError {
            place: Place::Column(error.column()),
            problem: problem.to_owned(),
        }
    })?;
    let Value::Object(mut fields) = value else {
        let problem = format!("the line is {}, and has to be an object", kind(&value));
        return Err(LineError::line(problem));
    };
    if let Some(error) = repeated(line) {
        return Err(error);
    }
    if let Some(name) = fields.keys().find(|name| !known.contains(&name.as_str())) {
        let problem = format!("there is no such field; there are {}", known.join(", "));
        return Err(LineError::field(name.clone(), problem));
    }
    if let Some(number) = numbers(line).find(|number| loses_digits(number)) {
        let problem = format!("the number {number} has more digits than arrive; write it as a string");
        return Err(LineError::line(problem));
    }
    fields.retain(|_, value| !value.is_null());
    Ok(fields)
}

/// The first name that an object in a text that is JSON has twice.
fn repeated(line: &str) -> Option<LineError> {
    let mut path = Vec::new();
    let error = NoRepeats(&mut path)
        .deserialize(&mut serde_json::Deserializer::from_str(line))
        .err()?;
    path.reverse();
    // The error stands at the end of the name.
    let end = error.column().min(line.len()).saturating_sub(1);
    let bytes = line.as_bytes();
    let is_escaped = |quote: usize| {
        let backslashes = bytes[..quote].iter().rev().take_while(|byte| **byte == b'\\');
        backslashes.count() % 2 == 1
    };
    let begin = (0..end)
        .rev()
        .find(|index| bytes[*index] == b'"' && !is_escaped(*index));
    Some(LineError {
        place: Place::Repeated {
            name: path.join("."),
            column: begin.unwrap_or(end) + 1,
        },
        problem: "it stands there a second time, and only one of the two would arrive".to_owned(),
    })
}

/// Fails at a name that its object has already, and leaves the names on the way to it, the last one first.
struct NoRepeats<'a>(&'a mut Vec<String>);

impl<'de> DeserializeSeed<'de> for NoRepeats<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, json: D) -> Result<(), D::Error> {
        json.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for NoRepeats<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let mut names = HashSet::new();
        while let Some(name) = map.next_key::<String>()? {
            if names.contains(&name) {
                self.0.push(name);
                return Err(A::Error::custom("repeated"));
            }
            if let Err(error) = map.next_value_seed(NoRepeats(self.0)) {
                self.0.push(name);
                return Err(error);
            }
            names.insert(name);
        }
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<(), A::Error> {
        for index in 0.. {
            match items.next_element_seed(NoRepeats(self.0)) {
                Ok(Some(())) => {}
                Ok(None) => break,
                Err(error) => {
                    self.0.push(format!("{index}"));
                    return Err(error);
                }
            }
        }
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }

    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }
}

fn text(fields: &mut Map<String, Value>, name: &'static str) -> Result<String, LineError> {
    optional_text(fields, name)?.ok_or_else(|| missing(name))
}

fn optional_text(fields: &mut Map<String, Value>, name: &'static str) -> Result<Option<String>, LineError> {
    match fields.remove(name) {
        None => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(other) => Err(LineError::field(
            name,
            format!("it is {}, and has to be a string", kind(&other)),
        )),
    }
}

fn instant(text: &str) -> Result<DateTime<Utc>, LineError> {
    let read = DateTime::parse_from_rfc3339(text).map_err(|_| {
        let text: String = text.chars().take(40).collect();
        let problem =
            format!("{text:?} is no instant; write one with its offset, such as 2026-03-01T12:00:00Z");
        LineError::field("eventTimestamp", problem)
    });
    Ok(read?.to_utc())
}

fn missing(name: &'static str) -> LineError {
    LineError::field(name, "it is missing")
}

fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

fn excerpt(value: &Value) -> String {
    value.to_string().chars().take(40).collect()
}

/// The numbers in a text that is JSON.
fn numbers(json: &str) -> impl Iterator<Item = &str> {
    let (mut in_string, mut is_escaped) = (false, false);
    json.split(move |character: char| {
        let was_string = in_string;
        match character {
            _ if is_escaped => is_escaped = false,
            '\\' if in_string => is_escaped = true,
            '"' => in_string = !in_string,
            _ => {}
        }
        was_string || !matches!(character, '0'..='9' | '+' | '-' | '.' | 'e' | 'E')
    })
    // What is left besides numbers are the letters of `true` and `false`.
    .filter(|token| token.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Does a number arrive as another one? Numbers travel as 64 bits, whole or floating.
fn loses_digits(number: &str) -> bool {
    let decimal = |text: &str| {
        Decimal::from_str_exact(text)
            .or_else(|_| Decimal::from_scientific(text))
            .ok()
    };
    let Ok(arrives) = serde_json::from_str::<serde_json::Number>(number) else {
        return false;
    };
    match (decimal(number), decimal(&arrives.to_string())) {
        (Some(written), Some(arrives)) => written != arrives,
        // Beyond what a decimal holds: fine if it is a magnitude (1e300), not if it is digits.
        _ => {
            let digits = number.split(['e', 'E']).next().unwrap_or(number);
            digits.bytes().filter(u8::is_ascii_digit).count() > 17
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_good_line_is_read_as_it_is() {
        let event = parse_line(
            r#"{"customerEventId":"e-1","customerAlias":"acme","eventType":"call","eventTimestamp":"2026-03-01T12:00:00+02:00","eventProperties":{"bytes":12.50,"deep":[{"n":-1e3}],"text":"9.99999999999999999999"}}"#,
        )
        .expect("good");
        assert_eq!(event.customer_event_id.as_deref(), Some("e-1"));
        assert_eq!(
            event.event_timestamp.expect("set").to_rfc3339(),
            "2026-03-01T10:00:00+00:00"
        );
        assert_eq!(event.event_properties.expect("set")["bytes"], 12.5);
        let seats =
            r#"{"customerAlias":"a","seatType":"admin","eventTimestamp":"2026-03-01T12:00:00Z","total":7}"#;
        assert_eq!(parse_seat_line(seats).expect("good").total, 7);
    }

    #[test]
    fn null_is_the_same_as_nothing() {
        let event = parse_line(
            r#"{"customerAlias":"a","eventType":"b","customerEventId":null,"eventTimestamp":null,"eventProperties":null}"#,
        );
        let bare = parse_line(r#"{"customerAlias":"a","eventType":"b"}"#);
        assert_eq!(event, bare);
    }

    #[test]
    fn a_bad_line_says_where_and_what() {
        let rest = r#""customerAlias":"a","eventType":"b""#;
        for (line, message) in [
            (String::new(), "the line is blank"),
            ("[]".into(), "the line is a list, and has to be an object"),
            (r#"{"customerAlias" "a"}"#.into(), "column 18: expected `:`"),
            (
                r#"{"customerAlias":"a""#.into(),
                "column 20: EOF while parsing an object",
            ),
            (r#"{"eventType":"b"}"#.into(), "`customerAlias`: it is missing"),
            (
                r#"{"customerAlias":"a","eventType":null}"#.into(),
                "`eventType`: it is missing",
            ),
            (
                r#"{"customerAlias":" ","eventType":"b"}"#.into(),
                "`customerAlias`: it is blank",
            ),
            (
                r#"{"customerAlias":7,"eventType":"b"}"#.into(),
                "`customerAlias`: it is a number, and has to be a string",
            ),
            (
                format!(r#"{{{rest},"customerEventId":""}}"#),
                "`customerEventId`: it is blank; leave it out to have one made",
            ),
            (
                format!(r#"{{{rest},"eventTimestamp":"2026-03-01"}}"#),
                "`eventTimestamp`: \"2026-03-01\" is no instant; write one with its offset, such as 2026-03-01T12:00:00Z",
            ),
            (
                format!(r#"{{{rest},"eventTimestamp":1767225600}}"#),
                "`eventTimestamp`: it is a number, and has to be a string",
            ),
            (
                format!(r#"{{{rest},"eventProperties":[1]}}"#),
                "`eventProperties`: it is a list, and has to be an object",
            ),
            (
                format!(r#"{{{rest},"timestamp":"2026-03-01T12:00:00Z"}}"#),
                "`timestamp`: there is no such field; there are customerEventId, customerAlias, eventType, eventTimestamp, eventProperties",
            ),
            (
                format!(r#"{{{rest},"eventProperties":{{"x":0.12345678901234567891}}}}"#),
                "the number 0.12345678901234567891 has more digits than arrive; write it as a string",
            ),
        ] {
            let error = parse_line(&line).expect_err(message);
            assert_eq!(error.to_string(), message, "{line}");
        }
        let error = parse_seat_line(
            r#"{"customerAlias":"a","seatType":"b","eventTimestamp":"2026-03-01T12:00:00Z","total":1.5}"#,
        )
        .expect_err("no whole number");
        assert_eq!(error.to_string(), "`total`: 1.5 is no whole number of seats");
    }

    #[test]
    fn a_repeated_field_is_refused_wherever_it_stands() {
        let start = r#"{"customerAlias":"a","eventType":"b","eventTimestamp":"2026-03-01T12:00:00Z""#;
        for (rest, name, column) in [
            // Another customer would be billed.
            (r#","customerAlias":"c"}"#, "customerAlias", 78),
            // Also where the two are equal, or spelt differently, or null.
            (r#","customerAlias":"a"}"#, "customerAlias", 78),
            (r#", "\u0065ventType":"b"}"#, "eventType", 79),
            (r#","eventType":null}"#, "eventType", 78),
            (r#","eventProperties":{"n":1,"n":2}}"#, "eventProperties.n", 103),
            (
                r#","eventProperties":{"t":[0,{"a\"":{},"a\"":2}]}}"#,
                "eventProperties.t.1.a\"",
                114,
            ),
        ] {
            let error = parse_line(&format!("{start}{rest}")).expect_err(rest);
            assert_eq!(
                (error.field_name(), error.column()),
                (Some(name), Some(column)),
                "{rest}"
            );
        }
        let error =
            parse_line(r#"{"customerAlias":"a","customerAlias":"b","eventType":"c"}"#).expect_err("repeated");
        assert_eq!(
            error.to_string(),
            "`customerAlias`, column 22: it stands there a second time, and only one of the two would arrive"
        );
        let seats = r#"{"customerAlias":"a","seatType":"b","eventTimestamp":"2026-03-01T12:00:00Z","total":1,"total":9}"#;
        assert_eq!(
            parse_seat_line(seats).expect_err("repeated").field_name(),
            Some("total")
        );
        // The same name in two objects is no repetition.
        let line = format!(r#"{start},"eventProperties":{{"eventType":1,"x":[{{"n":1}},{{"n":1}}]}}}}"#);
        assert!(parse_line(&line).is_ok());
    }

    #[test]
    fn numbers_are_found_outside_of_texts_only() {
        let json = r#"{"a\"1":"2\\","b":-3.5e-2,"c":[true,4],"d":"\\\"5"}"#;
        assert_eq!(numbers(json).collect::<Vec<_>>(), ["-3.5e-2", "4"]);
    }

    #[test]
    fn only_what_arrives_as_another_number_loses_digits() {
        for fine in [
            "0",
            "-1",
            "12.50",
            "0.1",
            "1e3",
            "1e300",
            "9007199254740993",
            "18446744073709551615",
            "1.10",
        ] {
            assert!(!loses_digits(fine), "{fine}");
        }
        for lost in [
            "18446744073709551616",
            "0.12345678901234567891",
            "123456789012345678.5",
            "1234567890123456789012345678901234567890",
        ] {
            assert!(loses_digits(lost), "{lost}");
        }
    }
}
