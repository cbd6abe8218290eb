//! The table of operations.

use std::collections::BTreeMap;

use sequencehq_emulator::contract::{OPERATIONS, Operation, Version};
use sequencehq_emulator::operations::{Class, entry};
use serde_json::json;

use super::Account;

#[test]
fn every_operation_is_classified_and_names_its_source() {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    for operation in OPERATIONS {
        let entry = entry(operation);
        *counts.entry(entry.class).or_default() += 1;
        let has_source = entry.class == Class::Pending || !entry.source.is_empty();
        assert!(has_source, "{} names no source", operation.id());
    }
    assert_eq!(counts.values().sum::<usize>(), 173);
}

#[test]
fn a_pending_operation_is_501_before_its_body_is_judged() {
    let pending = OPERATIONS
        .into_iter()
        .find(|operation| entry(*operation).class == Class::Pending);
    let Some(operation) = pending else { return };
    let account = Account::new();
    let parameters = operation.data().path.iter();
    let path: Vec<_> = parameters.map(|parameter| (parameter.name, "x")).collect();
    let refused = account.refused(operation, &path, "nonsense=1", Some(&json!("nonsense")));
    assert_eq!((refused.status, refused.kind.as_str()), (501, "NotEmulated"));
    assert!(refused.message.contains(operation.id()), "{}", refused.message);
}

#[test]
fn reading_changes_nothing() {
    let account = Account::new();
    for operation in [
        Operation::AccountList,
        Operation::UserList,
        Operation::ProductList,
        Operation::ActivityLogList,
    ] {
        let before = account.world.store().read(|state| state.revision());
        let response = account.world.call(operation, Version::LATEST, &[], "", None);
        assert_eq!(response.status, 200, "{}", operation.id());
        assert_eq!(
            account.world.store().read(|state| state.revision()),
            before,
            "{}",
            operation.id()
        );
    }
}
