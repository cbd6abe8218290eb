//! Reads the bytes of a journal.

use std::io::{self, BufRead, Read};

use super::format::{HEADER, Line, NAME, Record};
use super::table::Table;

/// A journal that can be continued.
#[derive(Debug)]
pub(super) struct Replay {
    pub(super) table: Table,
    /// Whole lines, the header among them.
    pub(super) lines: u64,
    /// Bytes up to the end of the last whole line.
    pub(super) length: u64,
    /// Bytes after that, of a write that was cut short.
    pub(super) torn: u64,
    pub(super) ends_with_checkpoint: bool,
}

/// Why it cannot be continued.
#[derive(Debug)]
pub(super) enum Trouble {
    Io(io::Error),
    /// Not a journal.
    Foreign,
    /// A journal of another version.
    Version(String),
    Damaged {
        line: u64,
        problem: String,
    },
}

impl From<io::Error> for Trouble {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

/// Checks the first line.
pub(super) fn check_header(input: &mut impl BufRead) -> Result<(), Trouble> {
    let mut header = Vec::new();
    input.take(64).read_until(b'\n', &mut header)?;
    if header == HEADER.as_bytes() {
        return Ok(());
    }
    Err(match header.strip_prefix(NAME.as_bytes()) {
        Some(version) => Trouble::Version(String::from_utf8_lossy(version).trim_end().to_owned()),
        None => Trouble::Foreign,
    })
}

/// Reads everything. A bad line is the beginning of a torn tail, unless a later line knows it to have been whole.
pub(super) fn read(mut input: impl BufRead, mut table: Table) -> Result<Replay, Trouble> {
    check_header(&mut input)?;
    let mut replay = Replay {
        table: Table::new(0),
        lines: 1,
        length: HEADER.len() as u64,
        torn: 0,
        ends_with_checkpoint: false,
    };
    let damaged = |line, problem: &str| {
        Err(Trouble::Damaged {
            line,
            problem: problem.to_owned(),
        })
    };
    let mut first_bad: Option<&'static str> = None;
    let mut bytes = Vec::new();
    loop {
        bytes.clear();
        let length = input.read_until(b'\n', &mut bytes)? as u64;
        if length == 0 {
            break;
        }
        let number = replay.lines + 1;
        match (Line::read(&bytes), first_bad) {
            (Ok(line), Some(problem)) if line.durable >= number => return damaged(number, problem),
            (_, Some(_)) => replay.torn += length,
            (Err(problem), None) => {
                first_bad = Some(problem);
                replay.torn += length;
            }
            (Ok(line), None) if line.number != number => {
                let problem = format!(
                    "it was written as line {}; lines were removed or added",
                    line.number
                );
                return damaged(number, &problem);
            }
            (Ok(line), None) => {
                if let Err(problem) = table.apply(&line.record) {
                    return damaged(number, problem);
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
