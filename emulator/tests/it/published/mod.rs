//! Every operation is called in every version, and every answer fits the document, and the published ones.
//!
//! The published documents are not part of the project. Where they are at hand, name them:
//! `SEQUENCEHQ_PUBLISHED=2024-01-01.json:2024-07-30.json cargo test -p sequencehq-emulator --test it published`.
//! Then the answers of all other tests are checked against them too.

mod calls;
mod differences;
mod document;
mod errors;
mod fit;
pub(crate) mod stage;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use sequencehq_emulator::contract::{OPERATIONS, Operation, Version};
use serde_json::Value;

use differences::Difference;
use stage::{Answer, Stage};

/// The answers of all calls in every version, refusals included.
pub(crate) static ANSWERS: LazyLock<Vec<Answer>> = LazyLock::new(|| {
    let of = |version| {
        let mut stage = Stage::new(version);
        calls::make(&mut stage);
        errors::make(&mut stage);
        stage.answers
    };
    Version::all().flat_map(of).collect()
});

/// Checks an answer against the published document of its version, if it is at hand.
#[track_caller]
pub(crate) fn check(operation: Operation, version: Version, status: u16, body: &Value) {
    let found = document::problems(operation, version, status, body);
    let unexplained: Vec<String> = found
        .iter()
        .filter(|problem| differences::explains(problem).is_none())
        .map(ToString::to_string)
        .collect();
    assert!(unexplained.is_empty(), "{}", unexplained.join("\n"));
}

#[test]
fn every_operation_answers_in_every_version_that_has_it() {
    let answered: BTreeSet<(Version, &str)> = ANSWERS
        .iter()
        .filter(|answer| answer.status < 300)
        .map(|answer| (answer.version, answer.operation.id()))
        .collect();
    let silent: Vec<(Version, &str)> = OPERATIONS
        .into_iter()
        .flat_map(|operation| Version::all().map(move |version| (version, operation)))
        .filter(|(version, operation)| operation.exists_in(*version))
        .map(|(version, operation)| (version, operation.id()))
        .filter(|called| !answered.contains(called))
        .collect();
    assert_eq!(silent, []);
}

#[test]
fn every_listed_difference_from_the_published_documents_still_exists() {
    if !document::are_at_hand() {
        return;
    }
    let found = ANSWERS
        .iter()
        .flat_map(|answer| document::problems(answer.operation, answer.version, answer.status, &answer.body));
    let used: BTreeSet<usize> = found
        .filter_map(|problem| differences::explains(&problem))
        .collect();
    let stale: Vec<&Difference> = (0..differences::ALL.len())
        .filter(|place| !used.contains(place))
        .map(|place| &differences::ALL[place])
        .collect();
    assert!(stale.is_empty(), "nothing differs like this any more: {stale:#?}");
}
