//! Notification policies: sets of recipients and types.

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::{Account, id, text};

fn policy(account: &Account, types: Option<Value>) -> Value {
    let mut body = json!({"name": "Hooks", "channel": "WEBHOOK", "recipients": ["http://a.example", "http://a.example"]});
    if let Some(types) = types {
        body["notificationTypes"] = types;
    }
    account.create(Operation::NotificationPolicyCreate, &body)
}

#[test]
fn a_policy_holds_nothing_twice() {
    let account = Account::new();
    let created = policy(&account, Some(json!(["INVOICE_CREATED", "INVOICE_CREATED"])));
    assert_eq!(created["recipients"], json!(["http://a.example"]));
    assert!(text(&created, "webhookSecret").starts_with("whsec_"));
    let path = [("id", id(&created))];
    let added = json!({"notificationTypes": ["INVOICE_UPDATED", "INVOICE_CREATED"]});
    let changed = account.ok(
        Operation::NotificationPolicyAddNotificationTypes,
        &path,
        "",
        Some(&added),
    );
    assert_eq!(
        changed["notificationTypes"],
        json!(["INVOICE_CREATED", "INVOICE_UPDATED"])
    );
    let added = json!({"recipients": ["http://b.example", "http://a.example"]});
    let changed = account.ok(
        Operation::NotificationPolicyAddRecipients,
        &path,
        "",
        Some(&added),
    );
    assert_eq!(
        changed["recipients"],
        json!(["http://a.example", "http://b.example"])
    );
}

#[test]
fn the_last_recipient_stays() {
    let account = Account::new();
    let created = policy(&account, None);
    let path = [("id", id(&created)), ("recipient", "http://a.example")];
    let refused = account.refused(Operation::NotificationPolicyRemoveRecipient, &path, "", None);
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A76"));
    let unknown = [("id", id(&created)), ("recipient", "http://b.example")];
    assert_eq!(
        account.ok(Operation::NotificationPolicyRemoveRecipient, &unknown, "", None),
        created
    );
}

#[test]
fn recipients_fit_the_channel() {
    let account = Account::new();
    for (channel, recipient) in [
        ("WEBHOOK", "ftp://a.example"),
        ("WEBHOOK", "a@b.example"),
        ("EMAIL", "http://a.example"),
        ("EMAIL", "a b@c"),
    ] {
        let body = json!({"name": "x", "channel": channel, "recipients": [recipient]});
        let refused = account.refused(Operation::NotificationPolicyCreate, &[], "", Some(&body));
        assert_eq!(
            (refused.status, refused.assumed.as_str()),
            (400, "A77"),
            "{recipient}"
        );
    }
    let body = json!({"name": "x", "channel": "EMAIL", "recipients": ["a@b.example"]});
    let created = account.create(Operation::NotificationPolicyCreate, &body);
    assert_eq!(created.get("webhookSecret"), None);
}

#[test]
fn a_type_that_is_removed_is_announced_no_more() {
    let account = Account::new();
    let all = policy(&account, None);
    let path = [("id", id(&all)), ("type", "INVOICE_CREATED")];
    let changed = account.ok(
        Operation::NotificationPolicyRemoveNotificationType,
        &path,
        "",
        None,
    );
    let types = changed["notificationTypes"].as_array().expect("types");
    assert_eq!(types.len(), 19);
    assert!(!types.contains(&json!("INVOICE_CREATED")));
    let other = policy(&account, None);
    assert_eq!(
        account.ids(
            Operation::NotificationPolicyList,
            "notificationType=INVOICE_CREATED"
        ),
        [id(&other)]
    );
    let unknown = [("id", id(&all)), ("type", "INVOICE_LOST")];
    assert_eq!(
        account
            .refused(
                Operation::NotificationPolicyRemoveNotificationType,
                &unknown,
                "",
                None
            )
            .status,
        400
    );
    account.ok(Operation::NotificationPolicyDelete, &[("id", id(&all))], "", None);
    assert_eq!(
        account
            .refused(Operation::NotificationPolicyGet, &[("id", id(&all))], "", None)
            .status,
        404
    );
}
