//! What is wrong with a seed, and where.

use std::fmt;

/// The error returned for a seed that cannot be read or created.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeedError {
    file: String,
    faults: Faults,
}

/// One problem of a seed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fault {
    line: usize,
    /// The place, such as `customers[0].legalName`; empty for the file as a whole.
    place: String,
    message: String,
}

pub(super) type Faults = Vec<Fault>;

impl Fault {
    pub(super) fn new(line: usize, place: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            line,
            place: place.into(),
            message: message.into(),
        }
    }
}

impl SeedError {
    pub(super) fn new(file: &str, mut faults: Faults) -> Self {
        faults.sort_by_key(|fault| fault.line);
        Self {
            file: file.to_owned(),
            faults,
        }
    }

    /// Every fault, such as `company.yaml:7: customers[0].legalName: …`.
    pub fn lines(&self) -> Vec<String> {
        let lines = self.faults.iter().map(|fault| {
            let place = match &*fault.place {
                "" => String::new(),
                place => format!("{place}: "),
            };
            format!("{}:{}: {place}{}", self.file, fault.line, fault.message)
        });
        lines.collect()
    }
}

impl fmt::Display for SeedError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}

impl std::error::Error for SeedError {}
