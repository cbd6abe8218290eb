//! The file format of a journal: one line of text for each entry.
//!
//! ```text
//! sequencehq-journal 1
//! 5f0c1a2b 2 1 attempt usage 9b74…c1 {"customerEventId":"e-1", …}
//! 77aa01fe 3 2 accepted usage "e-1"
//! ```
//!
//! A line has the CRC-32 of the rest of the line, its number, the number of lines that were synced when it was written,
//! and the entry. The number detects missing lines. The number of synced lines distinguishes corruption from a torn
//! write: an invalid line that a later line counts as synced is corrupt.

use std::fmt::Write as _;
use std::sync::Arc;

use super::fingerprint::{Content, Key};
use crate::usage::event::EventKind;

pub(super) const NAME: &str = "sequencehq-journal ";
pub(super) const HEADER: &str = "sequencehq-journal 1\n";

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The event is about to be attempted.
    Attempt {
        kind: EventKind,
        content: Content,
        json: Arc<str>,
    },
    /// The API accepted the last attempt with this id.
    Accepted { kind: EventKind, id: String },
    /// The API rejected the last attempt with this id.
    Rejected { kind: EventKind, id: String },
    /// An accepted event after compaction.
    Sent { key: Key, content: Content },
    /// All earlier entries are on disk.
    Checkpoint,
}

/// A complete line.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    /// The number of lines, including the header, that were synced before this one was written.
    pub(super) durable: u64,
    pub(super) record: Record,
}

impl Record {
    /// Returns `true` if the loss of this entry could bill an event twice; the loss of others costs a repeat.
    pub(super) fn is_attempt(&self) -> bool {
        matches!(self, Self::Attempt { .. })
    }

    /// Appends the line, including its newline.
    pub(super) fn write(&self, number: u64, durable: u64, out: &mut Vec<u8>) {
        let mut text = format!("{number} {durable} ");
        match self {
            Self::Attempt { kind, content, json } => {
                write!(text, "attempt {} {content} {json}", kind.name())
            }
            Self::Accepted { kind, id } => write!(text, "accepted {} {}", kind.name(), quoted(id)),
            Self::Rejected { kind, id } => write!(text, "rejected {} {}", kind.name(), quoted(id)),
            Self::Sent { key, content } => write!(text, "sent {key} {content}"),
            Self::Checkpoint => write!(text, "checkpoint"),
        }
        .expect("writing to a string does not fail");
        out.extend_from_slice(format!("{:08x} ", crc32(text.as_bytes())).as_bytes());
        out.extend_from_slice(text.as_bytes());
        out.push(b'\n');
    }

    fn parse(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some(match name {
            "attempt" => {
                let (kind, rest) = rest.split_once(' ')?;
                let (content, json) = rest.split_once(' ')?;
                Self::Attempt {
                    kind: EventKind::from_name(kind)?,
                    content: Content::parse(content)?,
                    json: json.into(),
                }
            }
            "accepted" | "rejected" => {
                let (kind, id) = rest.split_once(' ')?;
                let (kind, id) = (EventKind::from_name(kind)?, serde_json::from_str(id).ok()?);
                match name {
                    "accepted" => Self::Accepted { kind, id },
                    _ => Self::Rejected { kind, id },
                }
            }
            "sent" => {
                let (key, content) = rest.split_once(' ')?;
                Self::Sent {
                    key: Key::parse(key)?,
                    content: Content::parse(content)?,
                }
            }
            "checkpoint" if rest.is_empty() => Self::Checkpoint,
            _ => return None,
        })
    }
}

impl Line {
    /// Parses a line, including its newline.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, &'static str> {
        let line = bytes.strip_suffix(b"\n").ok_or("it is incomplete")?;
        let line = std::str::from_utf8(line).map_err(|_| "it is not UTF-8")?;
        let (sum, rest) = line.split_once(' ').ok_or("it has no checksum")?;
        // Encoded and compared, so that a checksum has a single valid form.
        if format!("{:08x}", crc32(rest.as_bytes())) != sum {
            return Err("its checksum does not match");
        }
        let fields = || {
            let (number, rest) = rest.split_once(' ')?;
            let (durable, rest) = rest.split_once(' ')?;
            Some(Self {
                number: number.parse().ok()?,
                durable: durable.parse().ok()?,
                record: Record::parse(rest)?,
            })
        };
        fields().ok_or("it is an unknown entry")
    }
}

/// Encodes an id as JSON, since it may contain any character, including a newline.
fn quoted(id: &str) -> String {
    serde_json::to_string(id).expect("a string encodes as JSON")
}

/// Returns the CRC-32 used by Ethernet and gzip.
pub(in crate::usage) fn crc32(bytes: &[u8]) -> u32 {
    !bytes
        .iter()
        .fold(!0, |crc, byte| TABLE[usize::from(crc as u8 ^ byte)] ^ (crc >> 8))
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut crc = index as u32;
        let mut bit = 0;
        while bit < 8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
            bit += 1;
        }
        table[index] = crc;
        index += 1;
    }
    table
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_well_known_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    fn records() -> Vec<Record> {
        let key = Key::of(EventKind::Usage, "e");
        let content = Content::parse(&"0f".repeat(16)).expect("good");
        vec![
            Record::Attempt {
                kind: EventKind::Usage,
                content,
                json: r#"{"customerEventId":"a b\n","customerAlias":"é"}"#.into(),
            },
            Record::Accepted {
                kind: EventKind::Seat,
                id: "a \"b\"\n".to_owned(),
            },
            Record::Rejected {
                kind: EventKind::Usage,
                id: String::new(),
            },
            Record::Sent { key, content },
            Record::Checkpoint,
        ]
    }

    #[test]
    fn every_entry_is_one_line_and_reads_back() {
        for record in records() {
            let mut bytes = Vec::new();
            record.write(17, 12, &mut bytes);
            assert_eq!(bytes.iter().filter(|byte| **byte == b'\n').count(), 1);
            let line = Line::parse(&bytes).expect("whole");
            assert_eq!(
                line,
                Line {
                    number: 17,
                    durable: 12,
                    record
                }
            );
        }
    }

    #[test]
    fn every_changed_bit_and_every_missing_end_is_detected() {
        for record in records() {
            let mut bytes = Vec::new();
            record.write(17, 12, &mut bytes);
            for length in 0..bytes.len() {
                assert!(Line::parse(&bytes[..length]).is_err(), "{length}");
            }
            for index in 0..bytes.len() {
                for bit in 0..8 {
                    let mut changed = bytes.clone();
                    changed[index] ^= 1 << bit;
                    assert!(Line::parse(&changed).is_err(), "{index} {bit}");
                }
            }
        }
    }
}
