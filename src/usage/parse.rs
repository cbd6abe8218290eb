//! Parses events from lines of JSON.

use std::collections::HashSet;
use std::fmt;

use chrono::{DateTime, Utc};
use rust_decimal::Decimal;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::data::Extra;
use crate::types::{SeatEventCreate, UsageEventCreate};
use crate::usage::event::Event;
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

/// The error returned if a line is not a valid event.
///
/// ```
/// use sequencehq::usage::parse_line;
///
/// let error = parse_line(r#"{"customerAlias":"acme","eventType":"api_call","eventTimestamp":"today"}"#).unwrap_err();
/// assert_eq!(
///     error.to_string(),
///     r#"`eventTimestamp`: "today" is not an RFC 3339 timestamp, such as 2026-03-01T12:00:00Z"#,
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineError {
    location: Location,
    problem: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Location {
    Line,
    Column(usize),
    Field(String),
    /// The column is that of the second occurrence.
    Repeated {
        name: String,
        column: usize,
    },
}

impl LineError {
    fn line(problem: impl Into<String>) -> Self {
        Self {
            location: Location::Line,
            problem: problem.into(),
        }
    }

    fn field(name: impl Into<String>, problem: impl Into<String>) -> Self {
        Self {
            location: Location::Field(name.into()),
            problem: problem.into(),
        }
    }

    /// Returns the column of the JSON syntax error or of the repeated field, in bytes from one.
    ///
    /// ```
    /// use sequencehq::usage::parse_line;
    ///
    /// let error = parse_line(r#"{"customerAlias" "acme"}"#).unwrap_err();
    /// assert_eq!(error.column(), Some(18));
    /// ```
    pub fn column(&self) -> Option<usize> {
        match self.location {
            Location::Column(column) | Location::Repeated { column, .. } => Some(column),
            _ => None,
        }
    }

    /// Returns the name of the field that is missing, invalid, unknown or repeated. The name of a nested field includes its
    /// path, such as `eventProperties.region`.
    ///
    /// ```
    /// use sequencehq::usage::parse_line;
    ///
    /// let error = parse_line(r#"{"eventType":"api_call"}"#).unwrap_err();
    /// assert_eq!(error.field_name(), Some("customerAlias"));
    /// ```
    pub fn field_name(&self) -> Option<&str> {
        match &self.location {
            Location::Field(name) | Location::Repeated { name, .. } => Some(name),
            _ => None,
        }
    }
}

impl fmt::Display for LineError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.location {
            Location::Line => f.write_str(&self.problem),
            Location::Column(column) => write!(f, "column {column}: {}", self.problem),
            Location::Field(name) => write!(f, "`{}`: {}", name.escape_debug(), self.problem),
            Location::Repeated { name, column } => {
                write!(f, "`{}`, column {column}: {}", name.escape_debug(), self.problem)
            }
        }
    }
}

impl std::error::Error for LineError {}

/// Parses one line of NDJSON as a usage event, with the field names of the API.
///
/// The parser is stricter than the API where a mistake would cost money. It rejects unknown fields, because a misspelt
/// `eventTimestamp` moves usage to another month; numbers with more digits than can be sent; and repeated fields, in
/// `eventProperties` at any depth, because JSON does not define which of the two counts. A field that is `null` is treated
/// as absent.
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
/// Returns an error if the line is not a JSON object, or if a field is missing, blank, unknown, repeated or invalid.
pub fn parse_line(line: &str) -> Result<UsageEventCreate, LineError> {
    let mut fields = fields(line, &USAGE_FIELDS)?;
    let event = UsageEventCreate {
        customer_event_id: optional_text(&mut fields, "customerEventId")?,
        customer_alias: text(&mut fields, "customerAlias")?,
        event_type: text(&mut fields, "eventType")?,
        event_timestamp: optional_text(&mut fields, "eventTimestamp")?
            .map(|text| timestamp(&text))
            .transpose()?,
        event_properties: match fields.remove("eventProperties") {
            None => None,
            Some(Value::Object(properties)) => Some(properties),
            Some(other) => {
                let problem = format!("is {}, not an object", json_type(&other));
                return Err(LineError::field("eventProperties", problem));
            }
        },
        extra: Extra::default(),
    };
    checked(event)
}

/// Parses one line of NDJSON as a seat event, with the rules of [`parse_line`].
///
/// ```
/// use sequencehq::usage::parse_seat_line;
///
/// let event = parse_seat_line(
///     r#"{"customerAlias":"acme","seatType":"editor","eventTimestamp":"2026-03-01T12:00:00Z","total":12}"#,
/// )?;
/// assert_eq!(event.total, 12);
/// # Ok::<(), sequencehq::usage::LineError>(())
/// ```
///
/// # Errors
///
/// Returns an error if the line is not a JSON object, or if a field is missing, blank, unknown, repeated or invalid.
pub fn parse_seat_line(line: &str) -> Result<SeatEventCreate, LineError> {
    let mut fields = fields(line, &SEAT_FIELDS)?;
    let event = SeatEventCreate {
        customer_event_id: optional_text(&mut fields, "customerEventId")?,
        customer_alias: text(&mut fields, "customerAlias")?,
        seat_type: text(&mut fields, "seatType")?,
        event_timestamp: timestamp(&text(&mut fields, "eventTimestamp")?)?,
        total: match fields.remove("total") {
            None => return Err(missing("total")),
            Some(value) => value.as_i64().ok_or_else(|| {
                LineError::field("total", format!("{} is not a whole number", excerpt(&value)))
            })?,
        },
        extra: Extra::default(),
    };
    checked(event)
}

fn checked<E: Event>(event: E) -> Result<E, LineError> {
    match check(&event) {
        Ok(()) => Ok(event),
        Err((field, problem)) => Err(LineError::field(field, problem)),
    }
}

/// Returns the fields of the object in the line, without those that are `null`.
fn fields(line: &str, known: &[&str]) -> Result<Map<String, Value>, LineError> {
    // Files written on Windows may begin with a byte order mark.
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
            location: Location::Column(error.column()),
            problem: format!("is not valid JSON: {problem}"),
        }
    })?;
    let Value::Object(mut fields) = value else {
        let problem = format!("the line is {}, not an object", json_type(&value));
        return Err(LineError::line(problem));
    };
    if let Some(error) = repeated(line) {
        return Err(error);
    }
    if let Some(name) = fields.keys().find(|name| !known.contains(&name.as_str())) {
        let problem = format!("is not a known field; expected one of {}", known.join(", "));
        return Err(LineError::field(name.clone(), problem));
    }
    if let Some(number) = numbers(line).find(|number| loses_digits(number)) {
        let problem = format!("the number {number} has more digits than can be sent; write it as a string");
        return Err(LineError::line(problem));
    }
    fields.retain(|_, value| !value.is_null());
    Ok(fields)
}

/// Returns an error for the first repeated name in an object of valid JSON.
fn repeated(line: &str) -> Option<LineError> {
    let mut path = Vec::new();
    let error = NoRepeats(&mut path)
        .deserialize(&mut serde_json::Deserializer::from_str(line))
        .err()?;
    path.reverse();
    // The error is reported at the end of the name.
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
        location: Location::Repeated {
            name: path.join("."),
            column: begin.unwrap_or(end) + 1,
        },
        problem: "is repeated, and only one of the two values would be sent".to_owned(),
    })
}

/// Fails at a repeated name and collects the path to it, innermost name first.
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
            format!("is {}, not a string", json_type(&other)),
        )),
    }
}

fn timestamp(text: &str) -> Result<DateTime<Utc>, LineError> {
    let parsed = DateTime::parse_from_rfc3339(text).map_err(|_| {
        let text: String = text.chars().take(40).collect();
        let problem = format!("{text:?} is not an RFC 3339 timestamp, such as 2026-03-01T12:00:00Z");
        LineError::field("eventTimestamp", problem)
    });
    Ok(parsed?.to_utc())
}

fn missing(name: &'static str) -> LineError {
    LineError::field(name, "is missing")
}

fn json_type(value: &Value) -> &'static str {
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

/// Returns the numbers in valid JSON.
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
    // The remaining tokens are letters of `true` and `false`.
    .filter(|token| token.bytes().any(|byte| byte.is_ascii_digit()))
}

/// Returns `true` if a number would change when sent, as a 64-bit integer or floating-point number.
fn loses_digits(number: &str) -> bool {
    let decimal = |text: &str| {
        Decimal::from_str_exact(text)
            .or_else(|_| Decimal::from_scientific(text))
            .ok()
    };
    let Ok(sent) = serde_json::from_str::<serde_json::Number>(number) else {
        return false;
    };
    match (decimal(number), decimal(&sent.to_string())) {
        (Some(written), Some(sent)) => written != sent,
        // Out of the range of a decimal: accepted if the magnitude is large (1e300), but not if digits would be lost.
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
    fn an_error_has_the_location_and_the_problem() {
        let rest = r#""customerAlias":"a","eventType":"b""#;
        for (line, message) in [
            (String::new(), "the line is blank"),
            ("[]".into(), "the line is a list, not an object"),
            (
                r#"{"customerAlias" "a"}"#.into(),
                "column 18: is not valid JSON: expected `:`",
            ),
            (
                r#"{"customerAlias":"a""#.into(),
                "column 20: is not valid JSON: EOF while parsing an object",
            ),
            (r#"{"eventType":"b"}"#.into(), "`customerAlias`: is missing"),
            (
                r#"{"customerAlias":"a","eventType":null}"#.into(),
                "`eventType`: is missing",
            ),
            (
                r#"{"customerAlias":" ","eventType":"b"}"#.into(),
                "`customerAlias`: is blank",
            ),
            (
                r#"{"customerAlias":7,"eventType":"b"}"#.into(),
                "`customerAlias`: is a number, not a string",
            ),
            (
                format!(r#"{{{rest},"customerEventId":""}}"#),
                "`customerEventId`: is blank; omit it to have one generated",
            ),
            (
                format!(r#"{{{rest},"eventTimestamp":"2026-03-01"}}"#),
                "`eventTimestamp`: \"2026-03-01\" is not an RFC 3339 timestamp, such as 2026-03-01T12:00:00Z",
            ),
            (
                format!(r#"{{{rest},"eventTimestamp":1767225600}}"#),
                "`eventTimestamp`: is a number, not a string",
            ),
            (
                format!(r#"{{{rest},"eventProperties":[1]}}"#),
                "`eventProperties`: is a list, not an object",
            ),
            (
                format!(r#"{{{rest},"timestamp":"2026-03-01T12:00:00Z"}}"#),
                "`timestamp`: is not a known field; expected one of customerEventId, customerAlias, eventType, eventTimestamp, eventProperties",
            ),
            (
                format!(r#"{{{rest},"eventProperties":{{"x":0.12345678901234567891}}}}"#),
                "the number 0.12345678901234567891 has more digits than can be sent; write it as a string",
            ),
        ] {
            let error = parse_line(&line).expect_err(message);
            assert_eq!(error.to_string(), message, "{line}");
        }
        let error = parse_seat_line(
            r#"{"customerAlias":"a","seatType":"b","eventTimestamp":"2026-03-01T12:00:00Z","total":1.5}"#,
        )
        .expect_err("not a whole number");
        assert_eq!(error.to_string(), "`total`: 1.5 is not a whole number");
    }

    #[test]
    fn a_repeated_field_is_rejected_at_any_depth() {
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
            "`customerAlias`, column 22: is repeated, and only one of the two values would be sent"
        );
        let seats = r#"{"customerAlias":"a","seatType":"b","eventTimestamp":"2026-03-01T12:00:00Z","total":1,"total":9}"#;
        assert_eq!(
            parse_seat_line(seats).expect_err("repeated").field_name(),
            Some("total")
        );
        // The same name in two objects is not a repetition.
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
