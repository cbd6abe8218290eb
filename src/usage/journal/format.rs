//! How a journal is written down: one line of text for each entry.
//!
//! ```text
//! sequencehq-journal 1
//! 5f0c1a2b 2 1 attempt usage 9b74…c1 {"customerEventId":"e-1", …}
//! 77aa01fe 3 2 accepted usage "e-1"
//! ```
//!
//! A line has the CRC-32 of the rest of it, its own number, how many lines were known to be on the disk when it was
//! written, and the entry. The number shows that lines are missing. How much was on the disk separates damage
//! from a write that was cut short: a bad line that a later line calls safe has been damaged since.

use std::fmt::Write as _;
use std::sync::Arc;

use super::fingerprint::{Content, Key};
use crate::usage::event::Kind;

pub(super) const NAME: &str = "sequencehq-journal ";
pub(super) const HEADER: &str = "sequencehq-journal 1\n";

/// One entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Record {
    /// The event is about to be attempted.
    Attempt {
        kind: Kind,
        content: Content,
        json: Arc<str>,
    },
    /// The server has what was attempted last under this id.
    Accepted { kind: Kind, id: String },
    /// The API refused what was attempted last under this id.
    Rejected { kind: Kind, id: String },
    /// What compaction leaves of an accepted event.
    Sent { key: Key, content: Content },
    /// Everything before it is on the disk.
    Checkpoint,
}

/// A line that is whole.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    /// So many lines, the header among them, were on the disk before this one was written.
    pub(super) durable: u64,
    pub(super) record: Record,
}

impl Record {
    /// Whether the journal knows less without it, rather than merely having to send once more.
    pub(super) fn is_attempt(&self) -> bool {
        matches!(self, Self::Attempt { .. })
    }

    /// Appends the whole line.
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
        .expect("a string grows");
        out.extend_from_slice(format!("{:08x} ", crc32(text.as_bytes())).as_bytes());
        out.extend_from_slice(text.as_bytes());
        out.push(b'\n');
    }

    fn read(text: &str) -> Option<Self> {
        let (name, rest) = text.split_once(' ').unwrap_or((text, ""));
        Some(match name {
            "attempt" => {
                let (kind, rest) = rest.split_once(' ')?;
                let (content, json) = rest.split_once(' ')?;
                Self::Attempt {
                    kind: Kind::named(kind)?,
                    content: Content::read(content)?,
                    json: json.into(),
                }
            }
            "accepted" | "rejected" => {
                let (kind, id) = rest.split_once(' ')?;
                let (kind, id) = (Kind::named(kind)?, serde_json::from_str(id).ok()?);
                match name {
                    "accepted" => Self::Accepted { kind, id },
                    _ => Self::Rejected { kind, id },
                }
            }
            "sent" => {
                let (key, content) = rest.split_once(' ')?;
                Self::Sent {
                    key: Key::read(key)?,
                    content: Content::read(content)?,
                }
            }
            "checkpoint" if rest.is_empty() => Self::Checkpoint,
            _ => return None,
        })
    }
}

impl Line {
    /// Reads a line with its newline.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, &'static str> {
        let line = bytes.strip_suffix(b"\n").ok_or("it is cut short")?;
        let line = std::str::from_utf8(line).map_err(|_| "it is no text")?;
        let (sum, rest) = line.split_once(' ').ok_or("it is no entry")?;
        // Written back and compared, so that there is one way to write a checksum.
        if format!("{:08x}", crc32(rest.as_bytes())) != sum {
            return Err("its checksum does not match");
        }
        let fields = || {
            let (number, rest) = rest.split_once(' ')?;
            let (durable, rest) = rest.split_once(' ')?;
            Some(Self {
                number: number.parse().ok()?,
                durable: durable.parse().ok()?,
                record: Record::read(rest)?,
            })
        };
        fields().ok_or("it is an entry that this version does not know")
    }
}

/// As JSON, since an id can have any character, a newline among them.
fn quoted(id: &str) -> String {
    serde_json::to_string(id).expect("a text can be written as JSON")
}

/// CRC-32 as in Ethernet and gzip.
fn crc32(bytes: &[u8]) -> u32 {
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
        let key = Key::of(Kind::Usage, "e");
        let content = Content::read(&"0f".repeat(16)).expect("good");
        vec![
            Record::Attempt {
                kind: Kind::Usage,
                content,
                json: r#"{"customerEventId":"a b\n","customerAlias":"é"}"#.into(),
            },
            Record::Accepted {
                kind: Kind::Seat,
                id: "a \"b\"\n".to_owned(),
            },
            Record::Rejected {
                kind: Kind::Usage,
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
            let line = Line::read(&bytes).expect("whole");
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
    fn no_changed_bit_and_no_missing_end_goes_unnoticed() {
        for record in records() {
            let mut bytes = Vec::new();
            record.write(17, 12, &mut bytes);
            for length in 0..bytes.len() {
                assert!(Line::read(&bytes[..length]).is_err(), "{length}");
            }
            for index in 0..bytes.len() {
                for bit in 0..8 {
                    let mut changed = bytes.clone();
                    changed[index] ^= 1 << bit;
                    assert!(Line::read(&changed).is_err(), "{index} {bit}");
                }
            }
        }
    }
}
