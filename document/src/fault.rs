//! Faults of a document, each with its place, and their report.

use std::collections::BTreeMap;
use std::fmt;

/// An error in a document, with file, line and JSON pointer.
///
/// Faults are ordered by line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    pub(crate) line: Option<usize>,
    pub(crate) file: String,
    pub(crate) pointer: String,
    pub(crate) message: String,
}

/// The error of reading, checking and generating: every fault that was found, not just the first.
#[derive(Debug)]
pub struct Faults(pub Vec<Fault>);

/// More faults than these are summed up.
const MANY: usize = 40;

impl Fault {
    /// Returns the JSON pointer of the value; empty for the whole document.
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// Returns what is wrong and what to do, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Returns the message without what is particular to the place.
    fn kind(&self) -> String {
        let parts = self.message.split('`').enumerate();
        let parts = parts.map(|(index, part)| {
            if index % 2 == 1 {
                "…".to_owned()
            } else {
                general(part)
            }
        });
        parts.collect::<Vec<_>>().join("`")
    }
}

/// Replaces the numbers and references in a text.
fn general(text: &str) -> String {
    let words = text.split(' ').map(|word| {
        let plain = word.trim_end_matches([',', ':', '.']);
        let is_number = !plain.is_empty() && plain.bytes().all(|byte| byte.is_ascii_digit());
        if is_number || plain.starts_with("#/") {
            format!("…{}", &word[plain.len()..])
        } else {
            word.to_owned()
        }
    });
    words.collect::<Vec<_>>().join(" ")
}

impl Faults {
    pub(crate) fn one(file: &str, line: Option<usize>, pointer: &str, message: String) -> Self {
        Self(vec![Fault {
            line,
            file: file.to_owned(),
            pointer: pointer.to_owned(),
            message,
        }])
    }

    /// Returns the lines of a report: every fault, or if they are many, the first of each kind and how many there are.
    pub fn lines(&self) -> Vec<String> {
        if self.0.len() <= MANY {
            return self.0.iter().map(Fault::to_string).collect();
        }
        let mut kinds: BTreeMap<String, (&Fault, usize)> = BTreeMap::new();
        for fault in &self.0 {
            kinds.entry(fault.kind()).or_insert((fault, 0)).1 += 1;
        }
        let mut kinds: Vec<(&Fault, usize)> = kinds.into_values().collect();
        kinds.sort();
        let lines = kinds.into_iter().map(|(first, count)| match count {
            1 => first.to_string(),
            _ => format!("{first} (and {} more like it)", count - 1),
        });
        lines.collect()
    }

    /// Returns how many faults there are, and of how many kinds if `lines` sums them up.
    pub fn summary(&self) -> String {
        let count = self.0.len();
        match self.lines().len() {
            _ if count == 1 => "1 fault".to_owned(),
            kinds if kinds < count => format!("{count} faults of {kinds} kinds"),
            _ => format!("{count} faults"),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        if !self.pointer.is_empty() {
            write!(f, ": {}", self.pointer)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl fmt::Display for Faults {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in self.lines() {
            writeln!(f, "{line}")?;
        }
        f.write_str(&self.summary())
    }
}

impl std::error::Error for Faults {}

#[cfg(test)]
mod tests {
    use super::{Fault, Faults};

    fn fault(line: usize, message: &str) -> Fault {
        Fault {
            line: Some(line),
            file: "x.yaml".to_owned(),
            pointer: "/a".to_owned(),
            message: message.to_owned(),
        }
    }

    #[test]
    fn few_faults_are_listed() {
        let faults = Faults(vec![fault(1, "has no name"), fault(2, "has no name")]);
        assert_eq!(
            faults.to_string(),
            "x.yaml:1: /a: has no name\nx.yaml:2: /a: has no name\n2 faults"
        );
        let faults = Faults(vec![fault(1, "has no name")]);
        assert_eq!(faults.to_string(), "x.yaml:1: /a: has no name\n1 fault");
    }

    #[test]
    fn many_faults_are_summed_up_by_kind_with_the_first_of_each() {
        let mut faults = vec![fault(1, "`x` is not a key of 7 things"), fault(2, "has no name")];
        faults.extend((3..60).map(|line| fault(line, &format!("`y{line}` is not a key of {line} things"))));
        faults.push(fault(60, "refers to #/b, which does not exist"));
        faults.push(fault(61, "refers to #/c, which does not exist"));
        assert_eq!(
            Faults(faults).to_string(),
            "x.yaml:1: /a: `x` is not a key of 7 things (and 57 more like it)\n\
             x.yaml:2: /a: has no name\n\
             x.yaml:60: /a: refers to #/b, which does not exist (and 1 more like it)\n\
             61 faults of 3 kinds"
        );
    }
}
