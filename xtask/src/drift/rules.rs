//! The deliberate differences: `drift.yaml`, a list of rules, each with its reason.
//!
//! A rule explains the differences that match all of its fields. `where` is one pattern or several, each a location, or
//! an operation and a location with a space between. An operation is named by its id or by method and path. In a pattern
//! `*` matches anything without `.` or `/`, and `**` matches anything. A rule with `listed: true` holds only at the places
//! of `drift.places.yaml`. A rule that explains nothing is stale, and so is a place where nothing differs any more.

use std::collections::BTreeSet;
use std::path::Path;

use sequencehq_document::Document;
use serde::{Deserialize, Serialize};

use super::compare::{Aspect, Comparison, Difference, Severity};
use super::listed::{Place, Places};

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rule {
    #[serde(rename = "where")]
    pub(crate) places: OneOrMany<String>,
    pub(crate) kind: OneOrMany<Aspect>,
    /// Pattern for what we have.
    #[serde(skip_serializing_if = "Option::is_none")]
    ours: Option<String>,
    /// Pattern for what they have.
    #[serde(skip_serializing_if = "Option::is_none")]
    theirs: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    severity: Option<Severity>,
    /// Only differences in these versions.
    #[serde(skip_serializing_if = "Option::is_none")]
    versions: Option<BTreeSet<String>>,
    /// Only what they have at another place that shares our schema.
    #[serde(default, skip_serializing_if = "is_false")]
    elsewhere: bool,
    /// Only at the places of `drift.places.yaml`.
    #[serde(default, skip_serializing_if = "is_false")]
    listed: bool,
    pub(crate) reason: String,
}

#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(untagged)]
pub(crate) enum OneOrMany<T> {
    One(T),
    Many(Vec<T>),
}

/// A comparison, sorted by the rules.
#[derive(Debug)]
pub(crate) struct Judged<'c, 'a> {
    pub(crate) unexplained: Vec<&'c Difference<'a>>,
    pub(crate) explained: Vec<(&'c Difference<'a>, &'c Rule)>,
    pub(crate) stale: Vec<&'c Rule>,
    /// Listed places where nothing differs any more.
    pub(crate) stale_places: Vec<Place>,
}

/// Reads the rules at `path`.
pub(crate) fn read(path: &Path) -> Result<Vec<Rule>, String> {
    let document = Document::read(path).map_err(|faults| faults.to_string())?;
    parse(&document)
}

pub(super) fn parse(document: &Document) -> Result<Vec<Rule>, String> {
    let list = document.root.as_array();
    let list = list.ok_or_else(|| document.fault("", "is not a list of rules").to_string())?;
    let rule = |(index, raw): (usize, &serde_json::Value)| {
        let refuse = |message: String| document.fault(&format!("/{index}"), message).to_string();
        let rule = Rule::deserialize(raw).map_err(|error| refuse(format!("is not a rule: {error}")))?;
        if rule.reason.trim().is_empty() {
            return Err(refuse("gives no reason".to_owned()));
        }
        Ok(rule)
    };
    list.iter().enumerate().map(rule).collect()
}

/// Finds the first rule for every difference, and the rules and places that explain none.
pub(crate) fn judge<'c, 'a>(
    comparison: &'c Comparison<'a>,
    rules: &'c [Rule],
    places: &Places,
) -> Judged<'c, 'a> {
    let mut used = vec![false; rules.len()];
    let mut met = BTreeSet::new();
    let (mut unexplained, mut explained) = (Vec::new(), Vec::new());
    for difference in &comparison.differences {
        let mut first = None;
        for (index, rule) in rules.iter().enumerate() {
            let holds = if rule.listed {
                places.has(difference)
            } else {
                rule.reaches(difference)
            };
            if holds && rule.fits(difference) && !difference.insisted {
                used[index] = true;
                first = first.or(Some(rule));
            }
        }
        match first {
            Some(rule) => explained.push((difference, rule)),
            None => unexplained.push(difference),
        }
        met.insert(Place::of(difference));
    }
    let idle = rules
        .iter()
        .zip(used)
        .filter(|(_, used)| !used)
        .map(|(rule, _)| rule);
    Judged {
        unexplained,
        explained,
        stale: idle.filter(|rule| rule.had_its_chance(comparison)).collect(),
        stale_places: places.stale(comparison, &met),
    }
}

/// The places to list: those where a rule fits that holds at listed places only, and no other rule does.
///
/// What is published elsewhere is only known for the compared versions, so `before` is kept where it still differs.
pub(crate) fn places(comparison: &Comparison<'_>, rules: &[Rule], before: &Places) -> Places {
    let first = |difference: &&Difference<'_>| {
        let mut fitting = rules.iter().filter(|rule| rule.fits(difference));
        let rule = fitting.find(|rule| rule.reaches(difference) || (rule.listed && before.has(difference)));
        rule.is_some_and(|rule| rule.listed)
    };
    let explicable = comparison.differences.iter().filter(|one| !one.insisted);
    let listed = explicable.filter(first);
    let other = before.others(&comparison.versions);
    Places::new(listed.map(Place::of).chain(other).collect())
}

impl Rule {
    /// Whether what the rule requires to be published elsewhere is.
    fn reaches(&self, difference: &Difference<'_>) -> bool {
        !self.elsewhere || difference.elsewhere
    }

    fn fits(&self, difference: &Difference<'_>) -> bool {
        let matched = |pattern: &Option<String>, text: &str| {
            pattern.as_ref().is_none_or(|pattern| matches(pattern, text))
        };
        self.kind.as_slice().contains(&difference.kind)
            && self
                .severity
                .is_none_or(|severity| severity == difference.severity)
            && self
                .versions
                .as_ref()
                .is_none_or(|versions| versions.contains(&difference.version))
            && matched(&self.ours, &difference.ours)
            && matched(&self.theirs, &difference.theirs)
            && self
                .places
                .as_slice()
                .iter()
                .any(|place| stands_at(place, difference))
    }

    /// The patterns of whole operations that the rule explains the lack of.
    #[cfg(test)]
    pub(super) fn missing_operations(&self) -> impl Iterator<Item = &str> {
        let missing = self.kind.as_slice().contains(&Aspect::Missing);
        let places = self.places.as_slice().iter().filter(move |_| missing);
        places.filter_map(|place| place.strip_suffix(" operation"))
    }

    /// Does it explain that an operation of these versions is missing?
    #[cfg(test)]
    pub(super) fn explains_missing(&self, route: &str, versions: &BTreeSet<String>) -> bool {
        let mut places = self.missing_operations();
        places.any(|place| matches(place, route))
            && self
                .versions
                .as_ref()
                .is_none_or(|listed| versions.is_subset(listed))
    }

    /// Whether every version that the rule names was compared.
    fn had_its_chance(&self, comparison: &Comparison<'_>) -> bool {
        match &self.versions {
            Some(versions) => versions.is_subset(&comparison.versions),
            None => comparison.left_out.is_empty(),
        }
    }
}

impl<T> OneOrMany<T> {
    pub(crate) fn as_slice(&self) -> &[T] {
        match self {
            Self::One(one) => std::slice::from_ref(one),
            Self::Many(many) => many,
        }
    }
}

fn stands_at(place: &str, difference: &Difference<'_>) -> bool {
    let (operation, location) = match place.rsplit_once(' ') {
        Some((operation, location)) => (operation.trim(), location),
        None => ("**", place),
    };
    let route = format!("{} {}", difference.method, difference.path);
    matches(location, &difference.location)
        && (matches(operation, &difference.operation) || matches(operation, &route))
}

pub(super) fn matches(pattern: &str, text: &str) -> bool {
    if let Some(rest) = pattern.strip_prefix("**") {
        return text
            .char_indices()
            .any(|(index, _)| matches(rest, &text[index..]))
            || matches(rest, "");
    }
    if let Some(rest) = pattern.strip_prefix('*') {
        let end = text.find(['.', '/']).unwrap_or(text.len());
        let starts = text.char_indices().map(|(index, _)| index).chain([text.len()]);
        return starts
            .take_while(|start| *start <= end)
            .any(|start| matches(rest, &text[start..]));
    }
    match (pattern.chars().next(), text.chars().next()) {
        (None, None) => true,
        (Some(wanted), Some(given)) if wanted == given => {
            matches(&pattern[wanted.len_utf8()..], &text[given.len_utf8()..])
        }
        _ => false,
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_false(value: &bool) -> bool {
    !*value
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_star_stays_in_its_segment_and_two_do_not() {
        for (pattern, text, fits) in [
            ("response.*", "response.id", true),
            ("response.*", "response.item.id", false),
            ("response.**", "response.item.id", true),
            ("**.id", "response.items[].id", true),
            ("**", "", true),
            ("*", "", true),
            ("invoice_*", "invoice_line_item_list", true),
            ("GET /a/*/b", "GET /a/{id}/b", true),
            ("GET /a/*", "GET /a/{id}/b", false),
            ("a**c", "abbc", true),
            ("a**c", "abb", false),
        ] {
            assert_eq!(matches(pattern, text), fits, "{pattern} on {text}");
        }
    }

    #[test]
    fn a_rule_that_cannot_be_read_is_named_by_its_line() {
        let parsed = |text: &str| parse(&Document::parse("drift.yaml", text).unwrap()).unwrap_err();
        assert!(parsed("a: b").contains("is not a list"));
        assert!(
            parsed("- {where: '**', kind: extra, reason: ' '}").contains("drift.yaml:1: /0: gives no reason")
        );
        assert!(parsed("- {where: '**', kind: odd, reason: x}").contains("is not a rule"));
        assert!(parsed("- {where: '**', kind: extra, reason: x, wehre: y}").contains("wehre"));
    }
}
