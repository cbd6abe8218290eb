//! The documents and rules of one run, and what is written.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use sequencehq_document::{Document, model};

use super::compare::{self, Comparison, Severity};
use super::document::{self, Published};
use super::listed::{Place, Places};
use super::report::{Report, grouped};
use super::rules::{self, Rule};
use super::snippet::{Snippets, Target};
use super::subject::Subjects;
use super::write::{Writer, unwritten};
use super::{Arguments, cause, not_offered};

pub(super) struct Run {
    openapi: PathBuf,
    pub(super) ours: Document,
    /// The text of our document.
    text: String,
    pub(super) published: Vec<Published>,
    rules: Vec<Rule>,
    places_path: PathBuf,
    places: Places,
}

impl Run {
    pub(super) fn read(arguments: &Arguments) -> Result<Self, String> {
        let openapi = arguments.openapi.clone();
        let openapi = openapi.unwrap_or_else(|| top_level().join("openapi.yaml"));
        let ours = document::ours(&openapi)?;
        let known = model::versions(&ours.root).all;
        let published = arguments
            .published
            .iter()
            .map(|one| document::published(one, &known));
        let published = published.collect::<Result<Vec<_>, _>>()?;
        let beside = openapi.with_file_name("drift.yaml");
        let rules = match &arguments.rules {
            Some(path) => rules::read(path)?,
            None if beside.exists() => rules::read(&beside)?,
            None => Vec::new(),
        };
        let path = arguments.rules.as_deref().unwrap_or(&beside);
        let places_path = path.with_file_name("drift.places.yaml");
        Ok(Self {
            text: std::fs::read_to_string(&openapi)
                .map_err(|error| format!("{}: {error}", openapi.display()))?,
            places: Places::read(&places_path)?,
            places_path,
            openapi,
            ours,
            published,
            rules,
        })
    }

    pub(super) fn report<'c, 'a>(&'c self, comparison: &'c Comparison<'a>) -> Report<'c, 'a> {
        let judged = rules::judge(comparison, &self.rules, &self.places);
        Report {
            document: self.name(),
            findings: cause::findings(&judged.unexplained, &Subjects::new(&self.ours)),
            not_offered: not_offered::mistakes(&self.ours.root, comparison, &judged),
            unwritten: unwritten(&self.name(), &self.text),
            comparison,
            judged,
        }
    }

    /// The file name of our document.
    fn name(&self) -> String {
        let name = self.openapi.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// Writes the list of places, and lists what it now has and what it has no more.
    pub(super) fn record(&self, comparison: &Comparison<'_>) -> Result<String, String> {
        self.store(&rules::places(comparison, &self.rules, &self.places))
    }

    fn store(&self, places: &Places) -> Result<String, String> {
        let (added, removed) = places.changes(&self.places);
        write(&self.places_path, &places.text())?;
        let mut lines: Vec<String> = grouped(&added).iter().map(|one| format!("  + {one}")).collect();
        lines.extend(grouped(&removed).iter().map(|one| format!("  - {one}")));
        let name = self.places_path.display();
        let (added, removed) = (added.len(), removed.len());
        lines.insert(0, format!("{name}: {added} places added, {removed} removed"));
        Ok(lines.join("\n"))
    }

    /// What to write for each finding, with the finding as a comment.
    pub(super) fn snippets<'a>(&'a self, report: &Report<'_, 'a>) -> String {
        let mut snippets = Snippets::new(&self.ours.root);
        let mut lines = Vec::new();
        for finding in &report.findings {
            lines.push(format!("# {}", report.line(finding)));
            for edit in snippets.edits(finding) {
                lines.extend(edit.shown(&self.ours));
            }
            lines.push(String::new());
        }
        lines.join("\n")
    }

    /// Writes the additive changes, and the places where they make the published documents differ.
    pub(super) fn write<'a>(&'a self, report: &Report<'_, 'a>) -> Result<String, String> {
        let mut snippets = Snippets::new(&self.ours.root);
        let mut writer = Writer::new(&self.ours, &self.text);
        let (mut written, mut left) = (Vec::new(), Vec::new());
        for finding in &report.findings {
            let edits = snippets.edits(finding);
            let line = format!("  {}", report.line(finding));
            let is_draft = edits.first().is_some_and(|one| one.target != Target::Advice);
            if finding.severity == Severity::Additive && is_draft && writer.add(&edits[0]) {
                for edit in &edits[1..] {
                    writer.add(edit);
                }
                written.push(line);
            } else {
                left.push(line);
            }
        }
        let text = writer.text();
        let name = self.name();
        let document = Document::parse(&name, &text).map_err(|faults| faults.to_string())?;
        write(&self.openapi, &text)?;
        let is_written = !written.is_empty();
        let mut lines = section(format!("written to {name}"), written);
        lines.extend(section("not written, see --snippet".to_owned(), left));
        lines.extend(section(
            "gaps to fill, which the build refuses".to_owned(),
            gaps(&name, &text),
        ));
        if is_written {
            lines.push(self.consequences(report, &document)?);
        }
        Ok(lines.join("\n"))
    }

    /// Lists the places that differ now because of what was written, and did not before.
    fn consequences(&self, report: &Report<'_, '_>, document: &Document) -> Result<String, String> {
        let before: BTreeSet<Place> = report.comparison.differences.iter().map(Place::of).collect();
        let comparison = compare::compare(&document.root, &self.published);
        let now = rules::places(&comparison, &self.rules, &self.places);
        let stored = self.store(&self.places.with(now, &before))?;
        let left_out: Vec<&str> = comparison.left_out.iter().map(String::as_str).collect();
        if left_out.is_empty() {
            return Ok(stored);
        }
        let left_out = left_out.join(", ");
        Ok(format!(
            "{stored}\nnext: --record with the documents of {left_out}, which lack what was written"
        ))
    }
}

fn section(title: String, lines: Vec<String>) -> Vec<String> {
    if lines.is_empty() {
        return Vec::new();
    }
    std::iter::once(title).chain(lines).collect()
}

/// The keys without a value, with their lines.
fn gaps(name: &str, text: &str) -> Vec<String> {
    let is_gap = |line: &str| {
        line.split_once(": # ")
            .is_some_and(|(key, _)| !key.trim_start().starts_with('#'))
    };
    text.lines()
        .enumerate()
        .filter(|(_, line)| is_gap(line))
        .map(|(index, line)| format!("  {name}:{}: {}", index + 1, line.trim()))
        .collect()
}

fn write(path: &Path, text: &str) -> Result<(), String> {
    std::fs::write(path, text).map_err(|error| format!("{}: cannot be written: {error}", path.display()))
}

/// The root of the repository, one level above this package.
fn top_level() -> PathBuf {
    let package = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    package
        .as_deref()
        .and_then(Path::parent)
        .map_or_else(|| PathBuf::from("."), Path::to_owned)
}
