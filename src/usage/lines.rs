//! Reads events from NDJSON files, with ids that are the same each time.

use std::fmt;
use std::io::{self, BufRead};

use crate::types::{SeatEventCreate, UsageEventCreate};
use crate::usage::derived::derived_id;
use crate::usage::event::Event;
use crate::usage::parse::{LineError, parse_line, parse_seat_line};

/// The longest line that is read, in bytes with its end. An event that is longer than that is a file of another format.
const LONGEST: usize = 1024 * 1024;

/// An iterator over the events of an NDJSON file. Events without a `customerEventId` get a [derived id](derived_id).
///
/// Pass it to [`Sender::send_all`](crate::usage::Sender::send_all). Lines are parsed by
/// [`parse_line`](crate::usage::parse_line); blank lines are skipped. A line that is not an event, or is longer than 1 MiB, is
/// an [`InputError`] with the line number, which the sender reports as [`Invalid`](crate::usage::Invalid), and the iteration
/// continues.
///
/// The id is derived from the name of the source, the line number (from one, blank lines included) and the text of the line
/// without surrounding whitespace. The same file yields the same ids each time it is read, also after lines were appended,
/// so it can be sent again after a crash. An edited or moved line is a different event; see [`derived_id`].
///
/// Each line of a file that may be read again should have an `eventTimestamp`: without one, a repeated event is billed at
/// the time of its last arrival, which may be in another billing period.
///
/// ```
/// use sequencehq::usage::Lines;
///
/// let file = r#"{"customerAlias":"acme","eventType":"api_call","eventTimestamp":"2026-03-01T12:00:00Z"}
/// {"customerAlias":"acme","eventType":"api_call","eventTimestamp":"2026-03-01T12:00:00Z"}
///
/// {"customerAlias":"acme"}"#;
/// let items: Vec<_> = Lines::new("usage/2026-03.ndjson", file.as_bytes()).collect();
/// let [Ok(first), Ok(second), Err(error)] = &items[..] else { panic!() };
/// assert_ne!(first.customer_event_id, second.customer_event_id);
/// assert_eq!(error.to_string(), "line 4: `eventType`: is missing");
/// ```
///
/// The file is read on the thread that polls the run. Read slow files in a separate task.
#[derive(Debug)]
pub struct Lines<R, E = UsageEventCreate> {
    source: String,
    reader: R,
    line: u64,
    bytes: Vec<u8>,
    has_ended: bool,
    parse: fn(&str) -> Result<E, LineError>,
}

/// The error of a line that is not an event, returned by [`Lines`].
///
/// ```
/// use sequencehq::usage::Lines;
///
/// let mut lines = Lines::new("usage/2026-03.ndjson", "\n{}".as_bytes());
/// let Some(Err(error)) = lines.next() else { panic!("`{{}}` is not an event") };
/// assert_eq!(error.line(), 2);
/// assert_eq!(error.line_error().and_then(|error| error.field_name()), Some("customerAlias"));
/// ```
#[derive(Debug)]
pub struct InputError {
    line: u64,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    Io(io::Error),
    TooLong,
    Encoding,
    Line(LineError),
}

impl<R: BufRead> Lines<R> {
    /// Reads usage events. `source` is the name of the file, from which ids are derived.
    ///
    /// Use the same name each time the file is read, and different names for different files: otherwise, equal lines at the
    /// same position in both are the same event.
    ///
    /// ```no_run
    /// use std::fs::File;
    /// use std::io::BufReader;
    ///
    /// use sequencehq::usage::Lines;
    ///
    /// let file = BufReader::new(File::open("/data/2026-03.ndjson")?);
    /// for event in Lines::new("usage/2026-03.ndjson", file) {
    ///     println!("{}", event?.customer_alias);
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn new(source: impl Into<String>, reader: R) -> Self {
        Self::with_parser(source.into(), reader, parse_line)
    }
}

impl<R: BufRead> Lines<R, SeatEventCreate> {
    /// Reads seat events, which are parsed by [`parse_seat_line`](crate::usage::parse_seat_line). See [`Lines::new`].
    ///
    /// ```
    /// use sequencehq::usage::Lines;
    ///
    /// let file = r#"{"customerAlias":"acme","seatType":"editor","eventTimestamp":"2026-03-01T12:00:00Z","total":12}"#;
    /// let event = Lines::seat_events("seats/2026-03.ndjson", file.as_bytes()).next();
    /// assert!(event.is_some_and(|event| event.is_ok_and(|event| event.total == 12)));
    /// ```
    pub fn seat_events(source: impl Into<String>, reader: R) -> Self {
        Self::with_parser(source.into(), reader, parse_seat_line)
    }
}

impl<R: BufRead, E: Event> Lines<R, E> {
    fn with_parser(source: String, reader: R, parse: fn(&str) -> Result<E, LineError>) -> Self {
        Self {
            source,
            reader,
            line: 0,
            bytes: Vec::new(),
            has_ended: false,
            parse,
        }
    }

    /// Returns the number of the last line that was read, from one, or zero before the first.
    ///
    /// ```
    /// use sequencehq::usage::Lines;
    ///
    /// let mut lines = Lines::new("usage/2026-03.ndjson", "\n\n{}\n".as_bytes());
    /// assert_eq!(lines.line(), 0);
    /// assert!(lines.next().is_some_and(|event| event.is_err()));
    /// assert_eq!(lines.line(), 3);
    /// ```
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Reads a line, or one byte more than its limit and skips the rest. Returns the number of bytes that were kept.
    fn read_line(&mut self) -> io::Result<usize> {
        let mut start = io::Read::take(&mut self.reader, LONGEST as u64 + 1);
        let kept = start.read_until(b'\n', &mut self.bytes)?;
        if kept > LONGEST && self.bytes.last() != Some(&b'\n') {
            self.reader.skip_until(b'\n')?;
        }
        Ok(kept)
    }

    fn event(&self) -> Option<Result<E, Problem>> {
        let Ok(text) = std::str::from_utf8(&self.bytes) else {
            return Some(Err(Problem::Encoding));
        };
        // Files written on Windows may begin with a byte order mark.
        let content = text.trim_start_matches('\u{feff}').trim();
        if content.is_empty() {
            return None;
        }
        let event = (self.parse)(text.trim_end()).map(|mut event| {
            let id = event.customer_event_id_mut();
            if id.is_none() {
                *id = Some(derived_id(&self.source, self.line, content));
            }
            event
        });
        Some(event.map_err(Problem::Line))
    }
}

impl<R: BufRead, E: Event> Iterator for Lines<R, E> {
    type Item = Result<E, InputError>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.has_ended {
            self.bytes.clear();
            let read = self.read_line();
            self.line += 1;
            let item = match read {
                Ok(0) => {
                    self.has_ended = true;
                    self.line -= 1;
                    None
                }
                Ok(_) if self.bytes.len() > LONGEST => Some(Err(Problem::TooLong)),
                Ok(_) => self.event(),
                // The following lines would have wrong numbers, and therefore wrong ids.
                Err(error) => {
                    self.has_ended = true;
                    Some(Err(Problem::Io(error)))
                }
            };
            if let Some(item) = item {
                let line = self.line;
                return Some(item.map_err(|problem| InputError { line, problem }));
            }
        }
        None
    }
}

impl InputError {
    /// Returns the line number, from one.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Returns the problem of the line, or `None` if it could not be read, is too long or is not UTF-8.
    pub fn line_error(&self) -> Option<&LineError> {
        match &self.problem {
            Problem::Line(error) => Some(error),
            Problem::Io(_) | Problem::TooLong | Problem::Encoding => None,
        }
    }
}

impl fmt::Display for InputError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        match &self.problem {
            Problem::Io(error) => write!(f, "cannot be read: {error}"),
            Problem::TooLong => f.write_str("is longer than 1 MiB; write each event on a line of its own"),
            Problem::Encoding => f.write_str("is not UTF-8"),
            Problem::Line(error) => write!(f, "{error}"),
        }
    }
}

impl std::error::Error for InputError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(error) => Some(error),
            Problem::Line(error) => Some(error),
            Problem::TooLong | Problem::Encoding => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVENT: &str = r#"{"customerAlias":"a","eventType":"b"}"#;

    fn ids(source: &str, text: &str) -> Vec<String> {
        let lines = Lines::new(source, text.as_bytes());
        let ids = lines.map(|event| event.expect("good").customer_event_id);
        ids.map(|id| id.expect("each has one")).collect()
    }

    #[test]
    fn the_same_file_gives_the_same_ids_whatever_its_line_ends() {
        let unix = ids("f", &format!("{EVENT}\n\n{EVENT}\n"));
        assert_eq!(unix, ids("f", &format!("\u{feff}{EVENT} \r\n\r\n{EVENT}")));
        assert_eq!(unix.len(), 2);
        assert_eq!(unix[1], derived_id("f", 3, EVENT));
        assert_ne!(unix[0], unix[1], "equal lines are two facts");
        assert_eq!(
            unix[..],
            ids("f", &format!("{EVENT}\n\n{EVENT}\n{EVENT}\n"))[..2],
            "appending changes none"
        );
        assert_ne!(unix, ids("g", &format!("{EVENT}\n\n{EVENT}\n")));
    }

    #[test]
    fn an_id_of_the_file_stays() {
        let seat = r#"{"customerEventId":"s-1","customerAlias":"a","seatType":"b","eventTimestamp":"2026-03-01T12:00:00Z","total":1}"#;
        let event = Lines::seat_events("f", seat.as_bytes())
            .next()
            .expect("one")
            .expect("good");
        assert_eq!(event.customer_event_id.as_deref(), Some("s-1"));
    }

    #[test]
    fn a_bad_line_is_named_and_the_next_one_follows() {
        let text = [b"\xff\n".as_slice(), b"{\n", EVENT.as_bytes()].concat();
        let items: Vec<_> = Lines::new("f", &text[..]).collect();
        let [Err(encoding), Err(line), Ok(_)] = &items[..] else {
            panic!("{items:?}")
        };
        assert_eq!(encoding.to_string(), "line 1: is not UTF-8");
        assert_eq!(
            line.to_string(),
            "line 2: column 1: is not valid JSON: EOF while parsing an object"
        );
        assert_eq!(
            (line.line(), line.line_error().and_then(LineError::column)),
            (2, Some(1))
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_not_kept_in_memory() {
        let padded = |length: usize| format!("{EVENT}{}\n", " ".repeat(length - EVENT.len() - 1));
        let text = [
            padded(LONGEST),
            padded(LONGEST + 1),
            padded(9 * LONGEST),
            padded(100),
        ]
        .concat();
        let mut lines = Lines::new("f", io::BufReader::new(text.as_bytes()));
        assert!(
            lines.next().is_some_and(|first| first.is_ok()),
            "of exactly the limit"
        );
        for number in [2, 3] {
            let error = lines.next().expect("a line").expect_err("too long");
            assert_eq!(
                error.to_string(),
                format!("line {number}: is longer than 1 MiB; write each event on a line of its own")
            );
            assert!(lines.bytes.capacity() <= 4 * LONGEST);
        }
        let last = lines.next().expect("a line").expect("an event");
        assert_eq!(last.customer_event_id, Some(derived_id("f", 4, EVENT)));
        assert!(lines.next().is_none());
    }

    #[test]
    fn a_file_that_cannot_be_read_ends() {
        struct Broken;
        impl io::Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("the cable"))
            }
        }
        let mut lines = Lines::new("f", io::BufReader::new(Broken));
        let error = lines.next().expect("one").expect_err("broken");
        assert_eq!(error.to_string(), "line 1: cannot be read: the cable");
        assert!(lines.next().is_none());
    }
}
