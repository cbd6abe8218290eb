//! The outcome as text and as JSON.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::cause::Finding;
use super::compare::{Comparison, Difference, Severity};
use super::listed::Place;
use super::rules::{Judged, Rule};

/// The JSON schema of the report for programs.
pub(crate) const SCHEMA: &str = include_str!("report.schema.json");

/// Everything that a report shows.
pub(crate) struct Report<'c, 'a> {
    /// The name of our document, for the places of findings.
    pub(crate) document: String,
    pub(crate) comparison: &'c Comparison<'a>,
    pub(crate) judged: Judged<'c, 'a>,
    pub(crate) findings: Vec<Finding<'c, 'a>>,
    pub(crate) not_offered: Vec<String>,
    /// Drafts in our document that still have the vendor's text.
    pub(crate) unwritten: Vec<String>,
}

impl Report<'_, '_> {
    /// Whether nothing is left to do.
    pub(crate) fn is_clean(&self) -> bool {
        let Judged {
            stale, stale_places, ..
        } = &self.judged;
        let lists = [&self.not_offered, &self.unwritten];
        let is_done = lists.into_iter().all(Vec::is_empty);
        self.findings.is_empty() && stale.is_empty() && stale_places.is_empty() && is_done
    }

    /// Breaking causes, additive causes, what is stale, and a summary as the last line.
    pub(crate) fn text(&self) -> String {
        let mut lines: Vec<String> = Vec::new();
        for severity in [Severity::Breaking, Severity::Additive, Severity::Editorial] {
            let mut findings = self.of(severity).peekable();
            if findings.peek().is_some() {
                lines.push(format!("{severity}"));
            }
            lines.extend(findings.map(|finding| format!("  {}", self.line(finding))));
        }
        lines.extend(self.not_offered.iter().chain(&self.unwritten).cloned());
        for rule in &self.judged.stale {
            let places = rule.places.as_slice().join(" | ");
            lines.push(format!(
                "stale rule: {} at {places}: {}",
                kinds(rule),
                rule.reason
            ));
        }
        let stale = grouped(&self.judged.stale_places).into_iter();
        lines.extend(stale.map(|one| format!("stale in drift.places.yaml: {one}; run with --record")));
        for (version, name) in &self.comparison.newest {
            lines.push(format!("{version}: {name} is the newest snapshot"));
        }
        lines.push(self.summary());
        lines.join("\n") + "\n"
    }

    fn of(&self, severity: Severity) -> impl Iterator<Item = &Finding<'_, '_>> {
        self.findings
            .iter()
            .filter(move |finding| finding.severity == severity)
    }

    /// One cause in one line: `Currency (openapi.yaml:5520): + AED, SAR at 74 places [2024-07-30]`.
    pub(crate) fn line(&self, finding: &Finding<'_, '_>) -> String {
        let Finding { subject, change, .. } = finding;
        let line = subject
            .line
            .map_or_else(String::new, |line| format!(" ({}:{line})", self.document));
        let versions: Vec<&str> = finding.versions.iter().map(String::as_str).collect();
        let versions = match versions.join(", ").as_str() {
            "" => String::new(),
            versions => format!(" [{versions}]"),
        };
        format!("{}{line}: {change}{}{versions}", subject.name, places(finding))
    }

    fn summary(&self) -> String {
        let Comparison {
            matched, operations, ..
        } = self.comparison;
        let (breaking, additive) = (
            self.of(Severity::Breaking).count(),
            self.of(Severity::Additive).count(),
        );
        let explained = self.judged.explained.len();
        let editorial = self.of(Severity::Editorial).count();
        let count = |count: usize, what: &str| match count {
            0 => String::new(),
            count => format!(", {count} {what}"),
        };
        let stale = count(self.judged.stale.len() + self.judged.stale_places.len(), "stale");
        let editorial = count(editorial, "editorial");
        let noise = count(self.comparison.noise.len(), "come and go");
        format!(
            "{matched} of {operations} operations; {breaking} breaking, {additive} additive{editorial}, {explained} explained{noise}{stale}"
        )
    }

    pub(crate) fn json(&self) -> Value {
        let Comparison {
            matched,
            operations,
            versions,
            newest,
            noise,
            ..
        } = self.comparison;
        let Judged {
            explained,
            stale,
            stale_places,
            ..
        } = &self.judged;
        let reasons = explained.iter().map(|(difference, rule)| {
            let mut entry = place(difference);
            entry["reason"] = json!(rule.reason);
            entry
        });
        json!({
            "summary": {
                "versions": versions,
                "newest": newest,
                "operations": operations,
                "matched": matched,
                "breaking": self.of(Severity::Breaking).count(),
                "additive": self.of(Severity::Additive).count(),
                "editorial": self.of(Severity::Editorial).count(),
                "explained": explained.len(),
                "noise": noise.len(),
                "stale": stale.len() + stale_places.len(),
            },
            "findings": self.findings.iter().map(finding).collect::<Vec<_>>(),
            "explained": reasons.collect::<Vec<_>>(),
            "noise": noise.iter().map(place).collect::<Vec<_>>(),
            "stale_rules": stale,
            "stale_places": stale_places.iter().map(Place::text).collect::<Vec<_>>(),
            "not_offered": self.not_offered,
            "unwritten": self.unwritten,
        })
    }
}

fn finding(finding: &Finding<'_, '_>) -> Value {
    json!({
        "severity": finding.severity,
        "kind": finding.kind,
        "subject": finding.subject.name,
        "pointer": finding.subject.pointer,
        "line": finding.subject.line,
        "change": finding.change,
        "versions": finding.versions,
        "places": finding.differences.iter().map(|one| place(one)).collect::<Vec<_>>(),
    })
}

fn place(difference: &Difference<'_>) -> Value {
    json!({
        "operation": difference.operation,
        "method": difference.method,
        "path": difference.path,
        "location": difference.location,
        "kind": difference.kind,
        "severity": difference.severity,
        "version": difference.version,
        "ours": difference.ours,
        "theirs": difference.theirs,
        "elsewhere": difference.elsewhere,
    })
}

/// The number of places, or the place if there is one that the subject does not name.
fn places(finding: &Finding<'_, '_>) -> String {
    let count = finding.places.len();
    match finding.places.first() {
        Some((operation, at)) if count == 1 => {
            let is_named = finding.subject.name.starts_with(operation.as_str());
            match (is_named, at.as_str()) {
                (true, _) | (false, "" | "operation") => String::new(),
                (false, at) => format!(" at {operation} {at}"),
            }
        }
        _ => format!(" at {count} places"),
    }
}

/// Places by what differs at them, a line for each.
pub(crate) fn grouped(places: &[Place]) -> Vec<String> {
    let mut causes: BTreeMap<(String, String), BTreeSet<String>> = BTreeMap::new();
    for place in places {
        let (what, at, version) = place.parts();
        causes.entry((what, version)).or_default().insert(at);
    }
    let line = |((what, version), places): ((String, String), BTreeSet<String>)| {
        let at = match places.first() {
            Some(one) if places.len() == 1 => one.clone(),
            _ => format!("{} places", places.len()),
        };
        format!("{what} at {at} [{version}]")
    };
    causes.into_iter().map(line).collect()
}

fn kinds(rule: &Rule) -> String {
    rule.kind
        .as_slice()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" | ")
}
