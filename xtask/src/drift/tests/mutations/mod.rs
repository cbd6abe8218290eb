//! Every change of one thing in a published document is reported, wherever it stands.
//!
//! `whole.yaml` is both published and ours. Each of its parts is withdrawn, renamed, required, retyped and renumbered in
//! turn, in each version beside the unchanged other one. The few changes without a finding are listed.

pub(crate) mod change;

use std::collections::BTreeSet;

use super::*;
use change::{Change, changes};

const WHOLE: &str = include_str!("whole.yaml");
/// The rules of the repository: none of them may hide a change.
const RULES: &str = include_str!("../../../../../drift.yaml");

#[test]
fn a_change_of_one_thing_is_reported() {
    let whole = Document::parse("whole.yaml", WHOLE).unwrap().root;
    let rules = rules(RULES);
    let recorded = {
        let documents = both(&whole, &whole);
        rules::places(&compare(&whole, &documents), &rules, &Places::default())
    };
    let unexplained = |documents: &[Published]| -> BTreeSet<String> {
        let comparison = compare(&whole, documents);
        let judged = rules::judge(&comparison, &rules, &recorded);
        let stale = judged.stale_places.iter().map(|place| format!("{place:?}"));
        lines(judged.unexplained).into_iter().chain(stale).collect()
    };
    assert_eq!(unexplained(&both(&whole, &whole)), BTreeSet::new());
    let mut all = changes(&whole);
    assert!(all.len() > 250, "only {} changes", all.len());
    let (harmless, harmful): (Vec<_>, Vec<_>) = all.drain(..).partition(is_harmless);
    for (index, change) in harmful.iter().enumerate() {
        let changed = change.applied(&whole);
        let (version, documents) = if index % 2 == 0 {
            (OLD, both(&changed, &whole))
        } else {
            (NEW, both(&whole, &changed))
        };
        let Change { what, at, .. } = change;
        assert!(
            !unexplained(&documents).is_empty(),
            "{version}: {what} at {at} is not reported"
        );
    }
    for change in &harmless {
        let changed = change.applied(&whole);
        let found = unexplained(&both(&changed, &changed));
        assert_eq!(found, BTreeSet::new(), "{} at {}", change.what, change.at);
    }
}

/// Changes that no call notices.
fn is_harmless(change: &Change) -> bool {
    let (what, at) = (change.what.as_str(), change.at.as_str());
    let is_response = at.contains("/responses/") || at.contains("/schemas/Thing");
    let is_required = what.starts_with("set field") && what.ends_with("required true");
    // A field that we have as optional anyway.
    (is_response && is_required)
        || (at.contains("/details/anyOf/") && what.starts_with("set field"))
        // The body of an error is decoded as far as possible.
        || (at.contains("/responses/409") && ["withdraw the content", "change the media type"].contains(&what))
        // The client sends this header in any case.
        || (at.starts_with("/paths/~1things/post/parameters/0") && ["set required true", "change the type"].contains(&what))
        // A list by commas is sent as one text.
        || (at == "/paths/~1things/get/parameters/2/schema" && what == "change the type")
        // The other part of `allOf` still makes it an object.
        || (at == "/components/schemas/Thing/allOf/1" && what == "change the type")
}

fn both(older: &Value, newest: &Value) -> Vec<Published> {
    let mut documents = published(OLD, &[older]);
    documents.extend(published(NEW, &[newest]));
    documents
}
