//! Says the outcome, to people or to programs.

use std::fmt::Write as _;

use serde_json::{Value, json};

use super::compare::{Comparison, Difference, Severity};
use super::rules::{Judged, Rule};

/// By operation, with a summary as the last line.
pub(crate) fn text(comparison: &Comparison, judged: &Judged<'_>) -> String {
    let mut out = String::new();
    let mut open: Vec<&Difference> = judged.unexplained.clone();
    // Stable: within an operation, the order of the documents remains.
    open.sort_by(|a, b| route(a).cmp(&route(b)).then(a.severity.cmp(&b.severity)));
    let mut current = None;
    for difference in open {
        let route = route(difference);
        if current.as_ref() != Some(&route) {
            let name = if difference.operation.is_empty() {
                "unknown here"
            } else {
                &difference.operation
            };
            writeln!(out, "{} {} ({name})", difference.method, difference.path).expect("a string takes all");
            current = Some(route);
        }
        let versions = difference.versions.iter().cloned().collect::<Vec<_>>().join(", ");
        let Difference {
            severity,
            kind,
            location,
            ours,
            theirs,
            ..
        } = difference;
        writeln!(
            out,
            "  {severity} {kind} {location}: ours {ours}; theirs {theirs} [{versions}]"
        )
        .expect("a string takes all");
    }
    for rule in &judged.stale {
        writeln!(
            out,
            "stale rule: {} at {}: {}",
            kinds(rule),
            rule.places.as_slice().join(" | "),
            rule.reason
        )
        .expect("a string takes all");
    }
    let stale = match judged.stale.len() {
        0 => String::new(),
        count => format!(", {count} stale"),
    };
    let (breaking, additive) = (
        count(judged, Severity::Breaking),
        count(judged, Severity::Additive),
    );
    let Comparison {
        matched, operations, ..
    } = comparison;
    let explained = judged.explained.len();
    writeln!(
        out,
        "{matched} of {operations} operations; {breaking} breaking, {additive} additive, {explained} explained{stale}"
    )
    .expect("a string takes all");
    out
}

pub(crate) fn json(comparison: &Comparison, judged: &Judged<'_>) -> Value {
    let explained: Vec<Value> = judged
        .explained
        .iter()
        .map(|(difference, rule)| {
            let mut entry = json!(difference);
            entry["reason"] = json!(rule.reason);
            entry
        })
        .collect();
    json!({
        "summary": {
            "versions": comparison.versions,
            "operations": comparison.operations,
            "matched": comparison.matched,
            "breaking": count(judged, Severity::Breaking),
            "additive": count(judged, Severity::Additive),
            "explained": judged.explained.len(),
            "stale": judged.stale.len(),
        },
        "differences": judged.unexplained,
        "explained": explained,
        "stale": judged.stale,
    })
}

fn count(judged: &Judged<'_>, severity: Severity) -> usize {
    judged
        .unexplained
        .iter()
        .filter(|difference| difference.severity == severity)
        .count()
}

fn route(difference: &Difference) -> (&str, &str) {
    (&difference.path, &difference.method)
}

fn kinds(rule: &Rule) -> String {
    rule.kind
        .as_slice()
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join(" | ")
}
