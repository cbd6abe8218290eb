//! The journal of a rollup: a file that each checkpoint replaces.
//!
//! ```text
//! sequencehq-rollup 1
//! 5f0c1a2b {"name":"gateway-1","window":3600,"sums":["tokens"],"count_as":"calls","position":"17","closed_before":0}
//! 77aa01fe {"window":1772366400,"group":["acme","completion",{}],"sums":["499500"],"facts":1000,"accepted":1000}
//! 0c1d5a10 {"groups":1}
//! ```
//!
//! Each line has the CRC-32 of its JSON. The last one has the number of groups, so a file that was cut off is corrupt.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::data::number::{Notation, parse};
use crate::usage::journal::JournalError;
use crate::usage::journal::format::crc32;
use crate::usage::rollup::error::RollupError;
use crate::usage::rollup::file::{NAME, StateFile};
use crate::usage::rollup::group::Group;
use crate::usage::rollup::key;
use crate::usage::rollup::sum::Sum;
use crate::usage::rollup::totals::Rollup;

const HEADER: &str = "sequencehq-rollup 1";

/// The settings with which the sums were made, and the position.
#[derive(Serialize, Deserialize)]
struct Head<'a> {
    #[serde(borrow)]
    name: Cow<'a, str>,
    window: i64,
    sums: Cow<'a, [String]>,
    count_as: Option<Cow<'a, str>>,
    position: Option<Cow<'a, str>>,
    closed_before: i64,
}

#[derive(Serialize, Deserialize)]
struct Entry<'a> {
    window: i64,
    #[serde(borrow)]
    group: &'a RawValue,
    sums: Vec<Option<String>>,
    facts: u64,
    accepted: u64,
}

#[derive(Serialize, Deserialize)]
struct End {
    groups: usize,
}

impl Rollup {
    /// Replaces the file by the current sums.
    pub(super) fn save(&mut self) -> Result<(), RollupError> {
        let Some(mut file) = self.file.take() else {
            return Ok(());
        };
        let replaced = file.replace(&mut |out| self.write(out));
        self.file = Some(file);
        replaced
    }

    fn write(&self, out: &mut dyn Write) -> io::Result<()> {
        writeln!(out, "{HEADER}")?;
        let settings = &self.settings;
        let head = Head {
            name: Cow::Borrowed(&settings.name),
            window: settings.window_seconds,
            sums: Cow::Borrowed(&settings.sums),
            count_as: settings.count_as.as_deref().map(Cow::Borrowed),
            position: self.position.as_deref().map(Cow::Borrowed),
            closed_before: self.closed_before,
        };
        write_line(out, &head)?;
        for (key, group) in &self.groups {
            let (window, json) = key::split(key);
            let text = |sum: Option<Sum>| Some(sum?.decimal()?.to_string());
            let entry = Entry {
                window,
                group: serde_json::from_slice(json)?,
                sums: group.sums().map(text).collect(),
                facts: group.facts(),
                accepted: group.accepted(),
            };
            write_line(out, &entry)?;
        }
        write_line(
            out,
            &End {
                groups: self.groups.len(),
            },
        )
    }

    /// Reads the sums from the content of the file.
    pub(super) fn restore(&mut self, file: &StateFile, content: &str) -> Result<(), RollupError> {
        let mut lines = content.split_inclusive('\n').enumerate();
        let (_, header) = lines.next().unwrap_or_default();
        if header.trim_end() != HEADER {
            let version = header.trim_start_matches(NAME).trim_end().to_owned();
            let path = file.path.clone();
            return Err(RollupError::Journal(JournalError::UnsupportedVersion {
                path,
                version,
            }));
        }
        let cut_off = || file.corrupt(content.lines().count(), "the file was cut off");
        let mut rest = lines.map(|(index, line)| {
            let json = checked(line).ok_or_else(|| file.corrupt(index + 1, "its checksum does not match"))?;
            Ok((index + 1, json))
        });
        let (line, head) = rest.next().ok_or_else(cut_off)??;
        self.restore_head(
            serde_json::from_str(head).map_err(|error| file.corrupt(line, error.to_string()))?,
        )?;
        for next in rest {
            let (line, json) = next?;
            if let Ok(End { groups }) = serde_json::from_str(json) {
                return if groups == self.groups.len() {
                    Ok(())
                } else {
                    Err(cut_off())
                };
            }
            let entry = serde_json::from_str(json).map_err(|error| file.corrupt(line, error.to_string()))?;
            self.restore_group(entry)
                .ok_or_else(|| file.corrupt(line, "it is not a group"))?;
        }
        Err(cut_off())
    }

    fn restore_head(&mut self, head: Head<'_>) -> Result<(), RollupError> {
        let settings = &self.settings;
        let is_same = head.name == settings.name
            && head.window == settings.window_seconds
            && *head.sums == settings.sums
            && head.count_as.as_deref() == settings.count_as.as_deref();
        if !is_same {
            return Err(RollupError::Setting {
                setting: "journal",
                problem: format!(
                    "it was written by the rollup {:?} with windows of {} s, the sums {:?} and the count {:?}; use these \
                     settings, or another file",
                    head.name, head.window, head.sums, head.count_as
                ),
            });
        }
        self.position = head.position.map(Cow::into_owned);
        self.closed_before = head.closed_before;
        Ok(())
    }

    fn restore_group(&mut self, entry: Entry<'_>) -> Option<()> {
        let sum = |text: &Option<String>| match text {
            Some(text) => Sum::default()
                .plus(parse(text.as_bytes(), Notation::Json).ok()?)
                .map(Some),
            None => Some(None),
        };
        let sums: Vec<Option<Sum>> = entry.sums.iter().map(sum).collect::<Option<_>>()?;
        let is_complete = sums.len() == self.settings.sums.len();
        let json = entry.group.get().as_bytes();
        key::parts(json).filter(|_| is_complete)?;
        let key = [&entry.window.to_be_bytes(), json].concat();
        let group = Group::restored(sums, entry.facts, entry.accepted);
        self.groups.insert(key.into(), group);
        Some(())
    }
}

fn write_line(out: &mut dyn Write, line: &impl Serialize) -> io::Result<()> {
    let json = serde_json::to_string(line)?;
    writeln!(out, "{:08x} {json}", crc32(json.as_bytes()))
}

/// Returns the JSON of a line, or `None` if it was changed or is incomplete.
fn checked(line: &str) -> Option<&str> {
    let (sum, json) = line.strip_suffix('\n')?.split_once(' ')?;
    (format!("{:08x}", crc32(json.as_bytes())) == sum).then_some(json)
}
