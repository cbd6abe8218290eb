//! Compares `x-not-offered`, from which the documentation is made, with what the published documents have beyond ours.

use std::collections::BTreeSet;

use sequencehq_document::{model, routes::anonymous};
use serde_json::Value;

use super::compare::{Aspect, Comparison, Difference};
use super::rules::Judged;

/// An operation of one version: version, method, and path without the names of its parameters.
type Published = (String, String, String);

/// What the list has too much or too little, for the versions that were compared. Nothing if there is no list.
///
/// Only operations that a rule explains must be listed: any other is new, and is reported as such.
pub(crate) fn mistakes(ours: &Value, comparison: &Comparison<'_>, judged: &Judged<'_, '_>) -> Vec<String> {
    if ours.get("x-not-offered").is_none() {
        return Vec::new();
    }
    let compared = |published: &Published| comparison.versions.contains(&published.0);
    let listed: BTreeSet<Published> = listed(ours).into_iter().filter(compared).collect();
    let explained = judged.explained.iter().map(|(difference, _)| *difference);
    let explained: BTreeSet<Published> = explained.filter_map(missing).collect();
    let missing: BTreeSet<Published> = comparison.differences.iter().filter_map(missing).collect();
    let say = |(version, method, path): &Published, problem: &str| {
        format!("x-not-offered {problem} {method} {path} of {version}")
    };
    let too_few = explained.difference(&listed).map(|one| say(one, "lacks"));
    let too_many = listed
        .difference(&missing)
        .map(|one| say(one, "lists, though it is offered or not published,"));
    too_few.chain(too_many).collect()
}

/// The operation that `difference` is about, if our document lacks it.
fn missing(difference: &Difference<'_>) -> Option<Published> {
    let Difference {
        version,
        method,
        path,
        location,
        kind,
        ..
    } = difference;
    let is_operation = *kind == Aspect::Missing && location == "operation";
    is_operation.then(|| (version.clone(), method.clone(), anonymous(path)))
}

fn listed(ours: &Value) -> BTreeSet<Published> {
    let mut listed = BTreeSet::new();
    for entry in ours["x-not-offered"].as_array().into_iter().flatten() {
        for route in model::strings(&entry["operations"]) {
            let (method, path) = route.split_once(' ').unwrap_or((&route, ""));
            for version in model::strings(&entry["versions"]) {
                listed.insert((version, method.to_owned(), anonymous(path)));
            }
        }
    }
    listed
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use serde_json::json;

    use super::*;
    use sequencehq_document::Document;

    use crate::drift::listed::Places;
    use crate::drift::{document, rules};

    fn top(name: &str) -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name)
    }

    /// The published documents are not part of the repository; the rules about them are.
    #[test]
    fn what_is_not_offered_is_what_the_rules_explain() {
        let ours = document::ours(&top("openapi.yaml")).unwrap();
        let rules = rules::read(&top("drift.yaml")).unwrap();
        let listed: Vec<(String, BTreeSet<String>)> = ours.root["x-not-offered"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|entry| {
                let versions: BTreeSet<String> = model::strings(&entry["versions"]).into_iter().collect();
                let routes = model::strings(&entry["operations"]);
                routes.into_iter().map(move |route| (route, versions.clone()))
            })
            .collect();
        for (route, versions) in &listed {
            assert!(
                rules.iter().any(|rule| rule.explains_missing(route, versions)),
                "no rule of drift.yaml explains that {route} is not offered"
            );
        }
        for rule in &rules {
            for place in rule.missing_operations() {
                assert!(
                    listed.iter().any(|(route, _)| rules::matches(place, route)),
                    "x-not-offered lacks what drift.yaml explains: {place}"
                );
            }
        }
    }

    #[test]
    fn the_list_is_compared_with_what_is_published() {
        let ours = json!({
            "x-not-offered": [
                {"operations": ["GET /gone/{id}"], "versions": ["2024-01-01"], "reason": "."},
                {"operations": ["GET /kept"], "versions": ["2024-01-01", "2024-05-09"], "reason": "."},
            ],
            "paths": {"/kept": {"get": {"operationId": "kept_get", "x-versions": ["2024-01-01"]}}},
        });
        let published = json!({"paths": {
            "/kept": {"get": {}},
            "/gone/{number}": {"get": {}},
            "/new": {"put": {}},
        }});
        let published = document::Published {
            version: "2024-01-01".to_owned(),
            name: "2024-01-01.json".to_owned(),
            date: None,
            root: published,
        };
        let comparison = crate::drift::compare::compare(&ours, std::slice::from_ref(&published));
        let rules = "- {where: '** operation', kind: missing, reason: Withdrawn.}";
        let rules = rules::parse(&Document::parse("drift.yaml", rules).unwrap()).unwrap();
        let judge = |rules| rules::judge(&comparison, rules, &Places::default());
        assert_eq!(
            mistakes(&ours, &comparison, &judge(&rules)),
            [
                "x-not-offered lacks PUT /new of 2024-01-01",
                "x-not-offered lists, though it is offered or not published, GET /kept of 2024-01-01",
            ]
        );
        assert!(mistakes(&json!({}), &comparison, &judge(&rules)).is_empty());
        let new = mistakes(&ours, &comparison, &judge(&[]));
        assert_eq!(new.len(), 1, "what no rule explains is new: {new:?}");
    }
}
