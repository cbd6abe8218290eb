//! Pruning to any set of features, of the document that the crate is built from.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use proptest::prelude::*;
use sequencehq_document::{Document, model, prune};
use serde_json::Value;

static WHOLE: LazyLock<Document> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/openapi.yaml");
    Document::read(path.as_ref()).expect("the document can be read")
});
static FEATURES: LazyLock<Vec<String>> = LazyLock::new(|| {
    let tags = model::tags(&WHOLE.root);
    let features: BTreeSet<String> = tags.into_iter().map(|tag| tag.feature).collect();
    features.into_iter().collect()
});

fn feature_sets() -> impl Strategy<Value = BTreeSet<String>> {
    proptest::sample::subsequence(FEATURES.clone(), 0..=FEATURES.len())
        .prop_map(|features| features.into_iter().collect())
}

fn pruned(features: &BTreeSet<String>) -> Document {
    prune::to_features(WHOLE.clone(), features)
}

/// Returns the pointers of all components, such as `#/components/schemas/Invoice`.
fn components(root: &Value) -> BTreeSet<String> {
    let kinds = root["components"].as_object().into_iter().flatten();
    kinds
        .filter(|(kind, _)| *kind != "securitySchemes")
        .flat_map(|(kind, components)| {
            let names = components.as_object().into_iter().flatten();
            names.map(move |(name, _)| format!("#/components/{kind}/{name}"))
        })
        .collect()
}

/// Returns all texts below `value`, which are the candidates for references: values of `$ref` and of mappings, and names
/// of schemas.
fn texts(value: &Value, found: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            found.insert(text.clone());
        }
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(fields) => fields.values().for_each(|field| texts(field, found)),
        _ => {}
    }
}

/// Returns the components that the paths of a document reach.
fn reached(root: &Value) -> BTreeSet<String> {
    let all = components(root);
    let mut reached = BTreeSet::new();
    let mut open = vec![&root["paths"]];
    while let Some(value) = open.pop() {
        let mut found = BTreeSet::new();
        texts(value, &mut found);
        for text in found {
            let named = format!("#/components/schemas/{text}");
            for component in [text, named] {
                if all.contains(&component) && reached.insert(component.clone()) {
                    open.push(
                        root.pointer(&component[1..])
                            .expect("it is one of the components"),
                    );
                }
            }
        }
    }
    reached
}

fn operations(root: &Value, features: &BTreeSet<String>) -> BTreeSet<String> {
    let tags = model::tags(root);
    let is_kept = |name: &str| {
        tags.iter()
            .any(|tag| tag.name == name && features.contains(&tag.feature))
    };
    let operations = model::operations(root).into_iter();
    operations
        .filter(|operation| is_kept(&operation.tag))
        .map(|operation| operation.id)
        .collect()
}

/// A case takes a tenth of a second, so there are fewer of them. `PROPTEST_CASES` sets 16 times their number.
fn config() -> ProptestConfig {
    let usual = ProptestConfig::default();
    ProptestConfig {
        cases: usual.cases / 16,
        failure_persistence: None,
        ..usual
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn a_pruned_document_is_closed_and_has_nothing_that_is_unreachable(features in feature_sets()) {
        let document = pruned(&features);
        let dangling = model::dangling(&document.root);
        prop_assert!(dangling.is_empty(), "{:?}", dangling);
        let unreachable: Vec<String> = components(&document.root)
            .difference(&reached(&document.root))
            .cloned()
            .collect();
        prop_assert!(unreachable.is_empty(), "{:?}", unreachable);
    }

    #[test]
    fn a_pruned_document_has_the_operations_of_its_features(features in feature_sets()) {
        let document = pruned(&features);
        let kept: BTreeSet<String> = model::operations(&document.root)
            .into_iter()
            .map(|operation| operation.id)
            .collect();
        prop_assert_eq!(kept, operations(&WHOLE.root, &features));
    }

    #[test]
    fn pruning_twice_keeps_what_both_sets_of_features_keep(one in feature_sets(), other in feature_sets()) {
        let twice = prune::to_features(pruned(&one), &other);
        let both = one.intersection(&other).cloned().collect();
        // The message of `prop_assert_eq` would be both documents.
        prop_assert!(twice.root == pruned(&both).root, "they differ");
    }
}
