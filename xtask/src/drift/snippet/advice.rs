//! What a person must decide, with the YAML for it.

use std::collections::BTreeSet;

use sequencehq_document::model;

use super::super::cause::Finding;
use super::super::compare::{Aspect, Difference, NOTHING, OTHER_VERSIONS, Offered};
use super::super::schema::Shape;
use super::yaml::{gap, list, quoted};
use super::{Snippets, version_list};

impl<'a> Snippets<'a> {
    pub(super) fn advice(&mut self, finding: &Finding<'_, 'a>) -> Vec<String> {
        let Some(first) = finding.differences.first() else {
            return Vec::new();
        };
        let in_request = !first.location.starts_with("response") && !first.location.starts_with("error");
        let what = first.location.rsplit('.').next().unwrap_or_default();
        let is_property = !is_alone(&first.location);
        let versions: Vec<&str> = finding.versions.iter().map(String::as_str).collect();
        let versions = versions.join(", ");
        match finding.kind {
            Aspect::Extra if first.insisted => {
                vec![format!(
                    "# remove from `required`: {what}, which responses may lack"
                )]
            }
            Aspect::Extra if first.location == "operation" => {
                vec![format!(
                    "# remove {versions} from x-versions; if no version is left, remove the operation"
                )]
            }
            Aspect::Extra | Aspect::Enum | Aspect::Variant if first.theirs == NOTHING => {
                let mut lines = vec!["# If every version has withdrawn it, remove it.".to_owned()];
                lines.extend(self.in_others(finding));
                lines
                    .push("# If it still works, or this place alone lacks it, add to drift.yaml:".to_owned());
                lines.extend(rule(finding));
                lines
            }
            Aspect::Enum if first.ours == OTHER_VERSIONS => {
                vec![format!(
                    "# add to x-value-versions of {}: {versions}",
                    first.theirs
                )]
            }
            Aspect::Required if in_request && first.theirs == "required" => self.required(finding, what),
            Aspect::Required if !is_property => vec!["# remove `required: true`".to_owned()],
            Aspect::Required => vec![format!("# remove from `required`: {what}")],
            Aspect::Nullable if in_request && first.theirs.ends_with("nullable") => {
                vec!["nullable: true".to_owned()]
            }
            Aspect::Nullable if in_request => vec!["# remove `nullable: true`".to_owned()],
            Aspect::Nullable => vec![format!("# remove from `required`: {what}, since it may be null")],
            Aspect::Type | Aspect::Format => self.retyped(first, in_request),
            Aspect::Deprecated if first.theirs == "deprecated" => vec!["deprecated: true".to_owned()],
            Aspect::Style => vec![format!("explode: {}", first.theirs.ends_with("repeated"))],
            Aspect::Status if first.location == "response.status" => {
                vec![format!("# the success is now '{}'", first.theirs)]
            }
            Aspect::Pagination if first.theirs == "page by page" => vec!["x-paginated: true".to_owned()],
            Aspect::Pagination => vec!["# remove x-paginated".to_owned()],
            Aspect::Content => vec![format!("# the media type is now {}", first.theirs)],
            Aspect::Missing if first.location == "header.Idempotency-Key" => vec![
                "# if the API returns the first result for a repeated key".to_owned(),
                "x-repeat: idempotency-key".to_owned(),
            ],
            _ => {
                let mut lines = vec!["# change openapi.yaml, or add to drift.yaml:".to_owned()];
                lines.extend(rule(finding));
                lines
            }
        }
    }

    /// What to write if requests need something that was optional.
    fn required(&self, finding: &Finding<'_, 'a>, what: &str) -> Vec<String> {
        let locations = || finding.differences.iter().map(|one| one.location.as_str());
        if locations().any(|location| location.contains("-of-")) {
            return vec![format!(
                "# Only some of the published alternatives require {what}: name them in its description, and list the place with --record."
            )];
        }
        if locations().all(is_alone) {
            return vec!["required: true".to_owned()];
        }
        let all = model::versions(self.drafts.ours.root).all;
        if all.iter().all(|one| finding.versions.contains(one)) {
            return vec![format!("# add to `required`: {what}")];
        }
        vec![
            format!("# If every version requires it, add to `required`: {what}"),
            "# If other versions do not, write there:".to_owned(),
            format!("x-required-in: {}", version_list(&finding.versions)),
        ]
    }

    /// What to write if only the other versions have it still.
    fn in_others(&self, finding: &Finding<'_, 'a>) -> Vec<String> {
        let all = model::versions(self.drafts.ours.root).all;
        let others: Vec<&String> = all
            .iter()
            .filter(|one| !finding.versions.contains(*one))
            .collect();
        if others.is_empty() || finding.kind == Aspect::Variant {
            return Vec::new();
        }
        let versions = version_list(others);
        let mut lines = vec!["# If other versions still have it, write there:".to_owned()];
        match finding.kind {
            Aspect::Enum => {
                let values: BTreeSet<&str> =
                    finding.differences.iter().map(|one| one.ours.as_str()).collect();
                lines.push("x-value-versions:".to_owned());
                lines.extend(
                    values
                        .iter()
                        .map(|value| format!("  {}: {versions}", quoted(value))),
                );
            }
            _ => lines.push(format!("x-versions: {versions}")),
        }
        lines
    }

    /// The schema as it is published now.
    fn retyped(&mut self, difference: &Difference<'a>, in_request: bool) -> Vec<String> {
        let Offered::Property(sources, _) = &difference.offered else {
            return vec![format!("# the type is now {}", difference.theirs)];
        };
        self.drafts.is_request = in_request;
        let name = difference.item().0.rsplit('.').next().unwrap_or_default();
        let pairs = self.drafts.value(name, &Shape::of(sources), sources);
        if pairs.is_empty() {
            return vec![format!("# the type is now {}", difference.theirs)];
        }
        self.drafts.body(pairs)
    }
}

/// Whether a location is a parameter or a whole body, with a `required` of its own.
fn is_alone(location: &str) -> bool {
    location == "request.body" || location.starts_with("query.") || location.starts_with("header.")
}

/// A rule for drift.yaml, with a gap for the reason.
fn rule(finding: &Finding<'_, '_>) -> Vec<String> {
    let place = |one: &&Difference<'_>| quoted(&format!("{} {}", one.route(), one.location));
    let places: BTreeSet<String> = finding.differences.iter().map(place).collect();
    let mut lines = list("where", 2, &places.into_iter().collect::<Vec<_>>());
    lines.push(format!("kind: {}", finding.kind));
    if matches!(finding.kind, Aspect::Enum | Aspect::Variant) {
        let values: BTreeSet<&str> = finding.differences.iter().map(|one| one.ours.as_str()).collect();
        let values: Vec<&str> = values.into_iter().collect();
        if let [one] = values.as_slice() {
            lines.push(format!("ours: {}", quoted(one)));
        }
    }
    let theirs: BTreeSet<&str> = finding
        .differences
        .iter()
        .map(|one| one.theirs.as_str())
        .collect();
    if let (Some(one), 1) = (theirs.first(), theirs.len())
        && *one != NOTHING
    {
        lines.push(format!("theirs: {}", quoted(one)));
    }
    let versions: Vec<String> = finding.versions.iter().map(|version| quoted(version)).collect();
    lines.push(format!("versions: [{}]", versions.join(", ")));
    lines.push(gap("reason", "why it stays"));
    super::yaml::item(lines)
}
