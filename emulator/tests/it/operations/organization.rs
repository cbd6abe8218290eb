//! The account, its users and its activity log.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::Kind;
use serde_json::json;

use super::{Account, id, text};

#[test]
fn an_update_of_the_account_changes_what_is_sent() {
    let account = Account::new();
    let page = account.ok(Operation::AccountList, &[], "", None);
    let only = &page["items"][0];
    let body = json!({"companyName": "Acme Ltd", "country": null});
    let updated = account.ok(Operation::AccountUpdate, &[("id", id(only))], "", Some(&body));
    assert_eq!(
        (text(&updated, "companyName"), text(&updated, "country")),
        ("Acme Ltd", "GB")
    );
    assert_eq!(account.get(Operation::AccountGet, id(only)), updated);
    assert_eq!(
        account
            .refused(Operation::AccountGet, &[("id", "other")], "", None)
            .status,
        404
    );
}

#[test]
fn older_versions_require_the_addresses_of_the_account() {
    let account = Account::in_version(Version::parse("2024-05-09").expect("a version"));
    let page = account.ok(Operation::AccountList, &[], "", None);
    let path = [("id", id(&page["items"][0]))];
    let refused = account.refused(Operation::AccountUpdate, &path, "", Some(&json!({})));
    assert!(
        refused.message.contains("alertEmailAddresses"),
        "{}",
        refused.message
    );
    let body = json!({"alertEmailAddresses": ["a@example.com"]});
    account.ok(Operation::AccountUpdate, &path, "", Some(&body));
}

#[test]
fn the_last_user_cannot_be_deleted() {
    let account = Account::new();
    let first = account.ids(Operation::UserList, "").remove(0);
    let path = [("id", first.as_str())];
    let refused = account.refused(Operation::UserDelete, &path, "", None);
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A73"));
    account.seed(
        Kind::User,
        json!({"id": "second", "state": "active", "sequenceAccountIds": []}),
    );
    let deleted = account.ok(Operation::UserDelete, &path, "", None);
    assert_eq!(text(&deleted, "state"), "deleted");
    assert_eq!(
        account
            .refused(Operation::UserDelete, &[("id", "second")], "", None)
            .status,
        400
    );
}

#[test]
fn every_change_has_an_entry_in_the_activity_log() {
    let account = Account::new();
    let product = account.create(Operation::ProductCreate, &json!({"name": "API"}));
    account.refused(Operation::ProductGet, &[("id", "nothing")], "", None);
    account.ok(Operation::ProductArchive, &[("id", id(&product))], "", None);
    let query = format!("sortOrder=ASC&activityLogObjectEntityId={}", id(&product));
    let page = account.ok(Operation::ActivityLogList, &[], &query, None);
    let entries = page["items"].as_array().expect("items");
    let types: Vec<_> = entries.iter().map(|entry| text(entry, "activityType")).collect();
    assert_eq!(types, ["PRODUCT_CREATED", "PRODUCT_UPDATED"]);
    let item = &entries[0]["activityLogItems"][0];
    assert_eq!(text(item, "name"), "product_create");
    assert_eq!(
        account.get(Operation::ActivityLogGet, id(&entries[0])),
        entries[0]
    );
    let object = text(&item["activityLogObject"], "id");
    assert_eq!(
        account
            .ids(
                Operation::ActivityLogList,
                &format!("activityLogObjectId={object}")
            )
            .len(),
        2
    );
}
