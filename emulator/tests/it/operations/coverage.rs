//! The table of operations.

use std::collections::BTreeMap;

use sequencehq_emulator::contract::{OPERATIONS, Operation, Version};
use sequencehq_emulator::operations::{Class, entry};

use super::Account;

#[test]
fn every_operation_is_classified_and_names_its_source() {
    let mut counts: BTreeMap<Class, usize> = BTreeMap::new();
    for operation in OPERATIONS {
        let entry = entry(operation);
        *counts.entry(entry.class).or_default() += 1;
        assert!(!entry.source.is_empty(), "{} names no source", operation.id());
    }
    assert_eq!(counts.values().sum::<usize>(), OPERATIONS.len());
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
