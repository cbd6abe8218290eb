//! Reads a data file into an account: one thread reads and checks the lines, while another applies their commits.

use std::io::{self, BufRead, Read as _};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use sequencehq_emulator::operations::World;
use sequencehq_emulator::store::Commit;

use super::error::Problem;
use super::format;

/// The most commits that are read ahead.
const AHEAD: usize = 1_000;

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Found {
    pub(super) commits: u64,
    /// The bytes until the end of the last complete line.
    pub(super) length: u64,
    /// The bytes of a line without an end.
    pub(super) torn: u64,
}

/// A line of the file.
enum Line {
    /// A commit, with the number of the line and its length in bytes.
    Commit(u64, u64, Commit),
    /// The last line has no end. Its length in bytes.
    Torn(u64),
}

/// Reads all commits into an account. After each of them, `done` is called with the bytes so far.
pub(super) fn read(
    mut input: impl BufRead + Send,
    world: &World,
    done: impl FnMut(u64),
) -> Result<Found, Problem> {
    let mut header = Vec::new();
    input
        .by_ref()
        .take(format::LONGEST_HEADER)
        .read_until(b'\n', &mut header)?;
    format::check_header(&header)?;
    std::thread::scope(|scope| {
        let (sender, lines) = sync_channel(AHEAD);
        scope.spawn(move || send(input, &sender));
        apply(lines, world, header.len() as u64, done)
    })
}

/// Sends all lines, until there is a problem or the receiver had one.
fn send(input: impl BufRead, lines: &SyncSender<Result<Line, Problem>>) {
    if let Err(problem) = try_send(input, lines) {
        // Without a receiver, the problem is not the first one.
        let _ = lines.send(Err(problem));
    }
}

fn try_send(mut input: impl BufRead, lines: &SyncSender<Result<Line, Problem>>) -> Result<(), Problem> {
    let mut line = Vec::new();
    for number in 2.. {
        line.clear();
        if input.read_until(b'\n', &mut line)? == 0 {
            break;
        }
        let (read, is_last) = match format::commit(&line) {
            Ok(commit) => (Line::Commit(number, line.len() as u64, commit), false),
            Err(problem) => {
                let torn = torn(line.len(), &mut input)?;
                (
                    Line::Torn(torn.ok_or(Problem::Damaged { number, problem })?),
                    true,
                )
            }
        };
        if lines.send(Ok(read)).is_err() || is_last {
            break;
        }
    }
    Ok(())
}

/// Applies the commits in their order.
fn apply(
    lines: Receiver<Result<Line, Problem>>,
    world: &World,
    header: u64,
    mut done: impl FnMut(u64),
) -> Result<Found, Problem> {
    let mut found = Found {
        length: header,
        ..Found::default()
    };
    let mut revision = None;
    for line in lines {
        let (number, length, commit) = match line? {
            Line::Commit(number, length, commit) => (number, length, commit),
            Line::Torn(torn) => {
                found.torn = torn;
                break;
            }
        };
        let follows = revision.is_some_and(|last: u64| last + 1 == commit.revision());
        if !follows && !commit.is_whole {
            let problem = "a line before it is missing".to_owned();
            return Err(Problem::Damaged { number, problem });
        }
        revision = Some(commit.revision());
        let applied = world.store().apply(&commit);
        applied.map_err(|error| Problem::Foreign {
            number,
            problem: error.to_string(),
        })?;
        found.commits += 1;
        found.length += length;
        done(found.length);
    }
    match revision {
        Some(_) => Ok(found),
        None => Err(Problem::Damaged {
            number: 2,
            problem: "it is missing or has no end".to_owned(),
        }),
    }
}

/// How many bytes a cut-off line has, if none of the lines after it is complete.
fn torn(first: usize, input: &mut impl BufRead) -> io::Result<Option<u64>> {
    let mut bytes = first as u64;
    let mut line = Vec::new();
    while input.read_until(b'\n', &mut line)? > 0 {
        if format::commit(&line).is_ok() {
            return Ok(None);
        }
        bytes += line.len() as u64;
        line.clear();
    }
    Ok(Some(bytes))
}
