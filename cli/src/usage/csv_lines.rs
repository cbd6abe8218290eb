//! Reads CSV as lines of NDJSON.

use std::io::{self, Read};

use serde_json::Value;

use crate::json::quoted;

/// Each record becomes a line. Cells keep their text, so that no digit is lost; empty ones are left out.
pub(super) struct CsvLines<R> {
    reader: csv::Reader<R>,
    record: csv::StringRecord,
    line: Vec<u8>,
    sent: usize,
    /// The header occupies the first line.
    has_begun: bool,
}

impl<R: Read> CsvLines<R> {
    pub(super) fn new(input: R) -> Self {
        Self {
            reader: csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(input),
            record: csv::StringRecord::new(),
            line: Vec::new(),
            sent: 0,
            has_begun: false,
        }
    }

    /// Reads the next record into the line, which stays empty at the end.
    fn advance(&mut self) -> io::Result<()> {
        self.line.clear();
        self.sent = 0;
        if !self.has_begun {
            self.has_begun = true;
            // So that the numbers of lines are those of the file, as long as no cell has a line break.
            self.line.push(b'\n');
            return Ok(());
        }
        if self.reader.read_record(&mut self.record)? {
            let header = self.reader.headers()?;
            self.line = as_json(header, &self.record).into_bytes();
            self.line.push(b'\n');
        }
        Ok(())
    }
}

impl<R: Read> Read for CsvLines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.sent == self.line.len() {
            self.advance()?;
        }
        let rest = &self.line[self.sent..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        self.sent += count;
        Ok(count)
    }
}

fn as_json(header: &csv::StringRecord, record: &csv::StringRecord) -> String {
    let (mut fields, mut properties) = (Vec::new(), Vec::new());
    for (name, cell) in header.iter().zip(record).filter(|(_, cell)| !cell.is_empty()) {
        match name.strip_prefix("properties.") {
            Some(property) if is_number_or_boolean(cell) => {
                properties.push(format!("{}:{cell}", quoted(property)))
            }
            Some(property) => properties.push(format!("{}:{}", quoted(property), quoted(cell))),
            None => fields.push(format!("{}:{}", quoted(name), quoted(cell))),
        }
    }
    if !properties.is_empty() {
        fields.push(format!("\"eventProperties\":{{{}}}", properties.join(",")));
    }
    format!("{{{}}}", fields.join(","))
}

fn is_number_or_boolean(cell: &str) -> bool {
    serde_json::from_str::<Value>(cell).is_ok_and(|value| value.is_number() || value.is_boolean())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_becomes_a_line_with_its_number_and_its_digits() {
        let csv = "customerAlias,eventType,properties.bytes,properties.note\nacme,call,1.10,\nb,\"x, \"\"y\"\"\",true,n\n";
        let mut text = String::new();
        CsvLines::new(csv.as_bytes())
            .read_to_string(&mut text)
            .expect("CSV");
        assert_eq!(
            text,
            "\n{\"customerAlias\":\"acme\",\"eventType\":\"call\",\"eventProperties\":{\"bytes\":1.10}}\n\
             {\"customerAlias\":\"b\",\"eventType\":\"x, \\\"y\\\"\",\"eventProperties\":{\"bytes\":true,\"note\":\"n\"}}\n"
        );
    }

    #[test]
    fn a_record_of_another_length_is_an_error() {
        let mut text = String::new();
        let read = CsvLines::new("a,b\n1,2\n3\n".as_bytes()).read_to_string(&mut text);
        assert!(read.is_err());
    }
}
