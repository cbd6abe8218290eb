//! The lines of a data file.
//!
//! ```text
//! sequencehq-emulator data 1
//! 5f0c1a2b {"meta":{"revision":1, …},"whole":true,"changes":[ … ]}
//! 77aa01fe {"meta":{"revision":2, …},"changes":[ … ]}
//! ```
//!
//! A line has the first 32 bits of the SHA-256 of its commit, and the commit. The first commit is the whole account.

use sequencehq_emulator::store::Commit;
use sha2::{Digest as _, Sha256};

use super::error::Problem;

const NAME: &str = "sequencehq-emulator data ";
const VERSION: &str = "1";
pub(super) const HEADER: &str = "sequencehq-emulator data 1\n";
/// More bytes than the first line of any version.
pub(super) const LONGEST_HEADER: u64 = 64;

/// The line of a commit, with its line break.
pub(super) fn line(commit: &str) -> Vec<u8> {
    // Between values, a line break is as good as a blank; within texts it is escaped.
    let commit = commit.replace(['\n', '\r'], " ");
    let mut line = checksum(commit.as_bytes());
    line.push(' ');
    line.push_str(&commit);
    line.push('\n');
    line.into_bytes()
}

/// Reads a line of [`line`].
///
/// # Errors
///
/// What is wrong with it.
pub(super) fn commit(line: &[u8]) -> Result<Commit, String> {
    let line = line.strip_suffix(b"\n").ok_or("it has no end")?;
    let line = std::str::from_utf8(line).map_err(|_| "it is not UTF-8")?;
    let (sum, commit) = line.split_once(' ').ok_or("it has no checksum")?;
    if checksum(commit.as_bytes()) != sum {
        return Err("its checksum does not match".to_owned());
    }
    Commit::from_line(commit).map_err(|error| error.to_string())
}

/// Checks the first line.
pub(super) fn check_header(line: &[u8]) -> Result<(), Problem> {
    let line = std::str::from_utf8(line)
        .ok()
        .and_then(|line| line.strip_suffix('\n'));
    match line.and_then(|line| line.strip_prefix(NAME)) {
        Some(VERSION) => Ok(()),
        Some(version) => Err(Problem::Version(version.to_owned())),
        None => Err(Problem::NotData),
    }
}

fn checksum(bytes: &[u8]) -> String {
    let hash = Sha256::digest(bytes);
    let bytes = hash.iter().take(4);
    bytes.map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_reads_back_and_every_change_of_it_is_found() {
        let text = r#"{"meta":{"revision":1,"seed":1,"ids":0,"sequence":0,"clock":{"standing":0},"numbers":{}},"changes":[]}"#;
        let line = line(text);
        assert_eq!(commit(&line).map(|commit| commit.to_line()), Ok(text.to_owned()));
        for end in 0..line.len() {
            assert!(commit(&line[..end]).is_err(), "cut at {end}");
        }
        for place in 0..line.len() {
            let mut changed = line.clone();
            changed[place] ^= 1;
            assert!(commit(&changed).is_err(), "changed at {place}");
        }
    }

    #[test]
    fn a_line_has_one_end() {
        assert_eq!(line("{\n}").iter().filter(|byte| **byte == b'\n').count(), 1);
    }

    #[test]
    fn the_header_names_the_version() {
        assert!(check_header(HEADER.as_bytes()).is_ok());
        for (header, expected) in [
            ("sequencehq-emulator data 2\n", "format version 2"),
            ("sequencehq-journal 1\n", "is not a data file"),
            ("Buy milk.\n", "is not a data file"),
            ("sequencehq-emu", "is not a data file"),
        ] {
            let problem = check_header(header.as_bytes()).expect_err("refused").to_string();
            assert!(problem.contains(expected), "{problem}");
        }
    }
}
