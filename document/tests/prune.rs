//! Pruning a document to features.

use std::collections::BTreeSet;

use sequencehq_document::{Document, model, prune, rules};

fn only(features: &[&str]) -> Document {
    let small = Document::parse("small.yaml", include_str!("small.yaml")).expect("the document is YAML");
    let features: BTreeSet<String> = features.iter().map(|feature| (*feature).to_owned()).collect();
    prune::to_features(small, &features)
}

fn schemas(document: &Document) -> Vec<&str> {
    model::schemas(&document.root)
        .map(|(name, _)| name.as_str())
        .collect()
}

#[test]
fn what_a_feature_reaches_stays_and_nothing_else() {
    let parcels = only(&["parcels"]);
    assert_eq!(
        schemas(&parcels),
        [
            "Problem",
            "ParcelGone",
            "ParcelId",
            "Speed",
            "Box",
            "Tube",
            "Form",
            "Parcel",
            "ParcelSend",
            "StampInput"
        ]
    );
    let operations = model::operations(&parcels.root);
    let ids: Vec<&str> = operations.iter().map(|operation| operation.id.as_str()).collect();
    assert_eq!(ids, ["parcel_send"]);
    assert_eq!(
        schemas(&only(&["depots"])),
        ["Problem", "Pagination", "Depot", "DepotPage"]
    );
}

#[test]
fn a_pruned_document_keeps_the_rules() {
    for features in [&["parcels"][..], &["depots"], &["parcels", "depots"], &[]] {
        if let Err(faults) = rules::check(only(features)) {
            panic!("{features:?}: {faults}");
        }
    }
}

#[test]
fn all_features_together_change_nothing() {
    let all = only(&["depots", "parcels"]);
    let small = Document::parse("small.yaml", include_str!("small.yaml")).expect("the document is YAML");
    assert_eq!(all.root, small.root);
}

#[test]
fn an_unknown_feature_leaves_no_operation() {
    let nothing = only(&["something-else"]);
    assert!(schemas(&nothing).is_empty() && model::operations(&nothing.root).is_empty());
}

#[test]
fn a_tag_without_a_feature_is_always_kept() {
    let text = include_str!("small.yaml").replace(", x-feature: parcels", "");
    let small = Document::parse("small.yaml", &text).expect("the document is YAML");
    let small = rules::check(small).expect("a feature is optional");
    let pruned = prune::to_features(small, &BTreeSet::new());
    let ids: Vec<_> = model::operations(&pruned.root)
        .into_iter()
        .map(|operation| operation.id)
        .collect();
    assert_eq!(ids, ["parcel_send"]);
}
