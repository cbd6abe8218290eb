//! Reads the file of a journal.

use std::io::{self, BufRead, Read};

use super::format::{HEADER, Line, NAME, Record};
use super::table::Table;

/// A journal to which entries can be appended.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) table: Table,
    /// The number of complete lines, including the header.
    pub(super) lines: u64,
    /// The number of bytes up to the end of the last complete line.
    pub(super) length: u64,
    /// The number of bytes after that, of a torn write.
    pub(super) torn: u64,
    pub(super) ends_with_checkpoint: bool,
}

/// The error of reading a journal.
#[derive(Debug)]
pub(super) enum ReplayError {
    Io(io::Error),
    /// Not a journal.
    NotAJournal,
    /// A journal of another version.
    Version(String),
    Corrupt {
        line: u64,
        problem: String,
    },
}

impl From<io::Error> for ReplayError {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Checks the first line.
pub(super) fn check_header(input: &mut impl BufRead) -> Result<(), ReplayError> {
    let mut header = Vec::new();
    input.take(64).read_until(b'\n', &mut header)?;
    if header == HEADER.as_bytes() {
        return Ok(());
    }
    Err(match header.strip_prefix(NAME.as_bytes()) {
        Some(version) => ReplayError::Version(String::from_utf8_lossy(version).trim_end().to_owned()),
        None => ReplayError::NotAJournal,
    })
}

/// Reads all entries. An invalid line begins a torn tail, unless a later line counts it as synced.
pub(super) fn read(mut input: impl BufRead, mut table: Table) -> Result<Replay, ReplayError> {
    check_header(&mut input)?;
    let mut replay = Replay {
        table: Table::new(0),
        lines: 1,
        length: HEADER.len() as u64,
        torn: 0,
        ends_with_checkpoint: false,
    };
    let corrupt = |line, problem: &str| {
        Err(ReplayError::Corrupt {
            line,
            problem: problem.to_owned(),
        })
    };
    let mut first_invalid: Option<&'static str> = None;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let length = input.read_until(b'\n', &mut bytes)? as u64;
        if length == 0 {
            break;
        }
        let number = replay.lines + 1;
        match (Line::parse(&bytes), first_invalid) {
            (Ok(line), Some(problem)) if line.durable >= number => return corrupt(number, problem),
            (_, Some(_)) => replay.torn += length,
            (Err(problem), None) => {
                first_invalid = Some(problem);
                replay.torn += length;
            }
            (Ok(line), None) if line.number != number => {
                let problem = format!("it has the number {}; lines were removed or added", line.number);
                return corrupt(number, &problem);
            }
            (Ok(line), None) => {
                if let Err(problem) = table.apply(&line.record) {
                    return corrupt(number, problem);
                }
                replay.ends_with_checkpoint = line.record == Record::Checkpoint;
                replay.lines = number;
                replay.length += length;
            }
        }
    }
    replay.table = table;
    Ok(replay)
}
