//! Joins differences with the same cause: what differs in the same way at all places that share a part of our document.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::{Aspect, Difference, NOTHING, Severity};
use super::subject::{Subject, Subjects};

/// A cause, with all of its differences.
#[derive(Debug)]
pub(crate) struct Finding<'c, 'a> {
    pub(crate) severity: Severity,
    pub(crate) kind: Aspect,
    pub(crate) subject: Subject,
    /// What changed, such as `+ AED, SAR`.
    pub(crate) change: String,
    pub(crate) versions: BTreeSet<String>,
    /// Operation and location of each difference.
    pub(crate) places: BTreeSet<(String, String)>,
    pub(crate) differences: Vec<&'c Difference<'a>>,
}

/// One change of one part of our document.
struct Change<'c, 'a> {
    text: Text,
    differences: Vec<&'c Difference<'a>>,
}

/// The change in words, as far as it is the same at all places.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Text {
    /// Names of things that only they have.
    Added(String),
    /// Names of things that only we have.
    Removed(String),
    Other(String),
}

/// Joins `differences`: breaking ones first, then in the order of our document.
pub(crate) fn findings<'c, 'a>(
    differences: &[&'c Difference<'a>],
    subjects: &Subjects<'_>,
) -> Vec<Finding<'c, 'a>> {
    let mut changes: BTreeMap<(Subject, Aspect, Text), Vec<&'c Difference<'a>>> = BTreeMap::new();
    for difference in differences {
        let key = (subjects.subject(difference), difference.kind, text(difference));
        changes.entry(key).or_default().push(difference);
    }
    let mut joined: BTreeMap<_, Vec<Change<'c, 'a>>> = BTreeMap::new();
    for ((subject, kind, text), differences) in changes {
        let (sign, alone) = match &text {
            Text::Added(_) => ('+', None),
            Text::Removed(_) => ('-', None),
            Text::Other(text) => ('=', Some(text.clone())),
        };
        let key = (
            subject,
            kind,
            sign,
            alone,
            places(&differences),
            versions(&differences),
        );
        joined.entry(key).or_default().push(Change { text, differences });
    }
    let mut findings: Vec<Finding<'c, 'a>> = joined
        .into_iter()
        .map(|((subject, kind, _, _, places, versions), changes)| {
            let change = words(&changes);
            let differences: Vec<_> = changes.into_iter().flat_map(|one| one.differences).collect();
            let severity = differences.iter().map(|one| one.severity).min();
            Finding {
                severity: severity.unwrap_or(Severity::Additive),
                kind,
                subject,
                change,
                versions,
                places,
                differences,
            }
        })
        .collect();
    hint_at_new_names(&mut findings);
    findings.sort_by(|one, other| {
        let key = |one: &Finding<'_, '_>| (one.severity, one.subject.clone());
        key(one).cmp(&key(other))
    });
    findings
}

fn places(differences: &[&Difference<'_>]) -> BTreeSet<(String, String)> {
    let place = |one: &&Difference<'_>| (one.route(), one.item().0.to_owned());
    differences.iter().map(place).collect()
}

fn versions(differences: &[&Difference<'_>]) -> BTreeSet<String> {
    differences.iter().map(|one| one.version.clone()).collect()
}

fn text(difference: &Difference<'_>) -> Text {
    let Difference {
        kind,
        location,
        ours,
        theirs,
        ..
    } = difference;
    match kind {
        Aspect::Missing if location == "operation" => Text::Added(format!("operation {theirs}")),
        Aspect::Extra if location == "operation" => Text::Other("- the operation".to_owned()),
        _ if difference.insisted => Text::Other(format!("required here, {}", published(difference))),
        Aspect::Missing => Text::Added(name(location)),
        Aspect::Extra => Text::Removed(name(location)),
        Aspect::Enum if ours == NOTHING => Text::Added(theirs.clone()),
        Aspect::Enum if theirs == NOTHING => Text::Removed(ours.clone()),
        Aspect::Variant if ours == NOTHING => Text::Added(format!("variant {theirs}")),
        Aspect::Variant if theirs == NOTHING => Text::Removed(format!("variant {ours}")),
        Aspect::Enum | Aspect::Required => Text::Other(format!("{ours} → {theirs}")),
        _ => Text::Other(format!("{kind} {ours} → {theirs}")),
    }
}

/// How a property is published that our document requires.
fn published(difference: &Difference<'_>) -> &'static str {
    match difference.kind {
        Aspect::Extra => "not published",
        Aspect::Nullable => "published as nullable",
        _ => "published as optional",
    }
}

/// The last step of a location; those of parameters, headers and bodies keep what they are.
fn name(location: &str) -> String {
    let (first, _) = location.split_once('.').unwrap_or((location, ""));
    let is_part = ["response", "error"].contains(&first) || location.starts_with("request.body.");
    let (_, last) = location.rsplit_once('.').unwrap_or(("", location));
    if is_part { last } else { location }.to_owned()
}

fn words(changes: &[Change<'_, '_>]) -> String {
    let mut out = String::new();
    for change in changes {
        let sign = match &change.text {
            Text::Added(_) => "+ ",
            Text::Removed(_) => "- ",
            Text::Other(text) => return text.clone(),
        };
        let (Text::Added(name) | Text::Removed(name) | Text::Other(name)) = &change.text;
        out += if out.is_empty() { sign } else { ", " };
        out += name;
        out += &types(&change.differences);
    }
    out
}

/// The types that a property or parameter has at its places, in parentheses.
fn types(differences: &[&Difference<'_>]) -> String {
    let mut types: Vec<&str> = Vec::new();
    for one in differences {
        let text = match one.kind {
            _ if one.location == "operation" => continue,
            Aspect::Missing => one.theirs.as_str(),
            Aspect::Extra => one.ours.as_str(),
            _ => continue,
        };
        if !types.contains(&text) {
            types.push(text);
        }
    }
    if types.is_empty() {
        String::new()
    } else {
        format!(" ({})", types.join(" or "))
    }
}

/// A parameter that is gone, beside a new one of the same type, may have a new name.
fn hint_at_new_names(findings: &mut [Finding<'_, '_>]) {
    let is_parameter =
        |one: &Difference<'_>| one.location.starts_with("query.") || one.location.starts_with("header.");
    let mut hints = Vec::new();
    for (index, finding) in findings.iter().enumerate() {
        let [gone] = finding.differences.as_slice() else {
            continue;
        };
        if gone.kind != Aspect::Extra || !is_parameter(gone) {
            continue;
        }
        let all = findings.iter().flat_map(|one| &one.differences);
        let mut new = all.filter(|one| {
            one.kind == Aspect::Missing
                && is_parameter(one)
                && one.route() == gone.route()
                && one.version == gone.version
                && one.theirs == gone.ours
        });
        if let (Some(new), None) = (new.next(), new.next()) {
            hints.push((index, format!(", perhaps renamed to {}", new.location)));
        }
    }
    for (index, hint) in hints {
        findings[index].change += &hint;
    }
}
