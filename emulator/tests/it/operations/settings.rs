//! Settings of which the account has one record.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::{Delivery, Kind};
use serde_json::{Value, json};

use super::{Account, id, text};

fn watched() -> Account {
    let account = Account::new();
    account.watch();
    account
}

fn announced(account: &Account) -> Vec<(String, Value)> {
    let deliveries = account.world.store().read(|state| state.all::<Delivery>());
    let body = |delivery: &Delivery| {
        serde_json::from_str::<Value>(&delivery.body).expect("a body")["resource"].clone()
    };
    deliveries
        .iter()
        .map(|delivery| (delivery.notification_type.clone(), body(delivery)))
        .collect()
}

#[test]
fn defaults_are_answered_and_not_stored() {
    let account = Account::new();
    let before = account.world.store().read(|state| state.dump());
    for operation in [
        Operation::AccountPaymentSettingsGet,
        Operation::StripeCollectionSettingsGet,
    ] {
        let response = account.call(operation, &[], "", None);
        assert_eq!(response.assumed.to_string(), "A1");
        assert_eq!(account.call(operation, &[], "", None), response);
    }
    assert_eq!(account.world.store().read(|state| state.dump()), before);
}

#[test]
fn payment_settings_are_replaced_and_the_merchant_is_announced() {
    let account = watched();
    let defaults = account.ok(Operation::AccountPaymentSettingsGet, &[], "", None);
    let options = json!({"merchantNotifications": "SEND_NOTIFICATIONS", "customerNotifications": "DO_NOT_SEND_NOTIFICATIONS"});
    let body = json!({"failureNotifications": options});
    let path = [("id", id(&defaults))];
    let updated = account.ok(Operation::AccountPaymentSettingsUpdate, &path, "", Some(&body));
    assert_eq!(
        (id(&updated), &updated["failureNotifications"]),
        (id(&defaults), &options)
    );
    let response = account.call(Operation::AccountPaymentSettingsGet, &[], "", None);
    assert_eq!(
        (response.json_body(), response.assumed.to_string()),
        (updated, String::new())
    );
    let announced = announced(&account);
    assert_eq!(announced.len(), 1);
    assert_eq!(announced[0].0, "MERCHANT_UPDATED");
    assert_eq!(text(&announced[0].1, "companyName"), "Example Ltd");
    assert_eq!(
        account
            .world
            .store()
            .read(|state| state.count(Kind::AccountPaymentSettings)),
        1
    );
}

#[test]
fn stripe_settings_change_by_what_is_sent_and_null_disables_retries() {
    let account = watched();
    let defaults = account.ok(Operation::StripeCollectionSettingsGet, &[], "", None);
    let update = |body: Value| {
        let path = [("id", id(&defaults))];
        account.ok(Operation::StripeCollectionSettingsUpdate, &path, "", Some(&body))
    };
    let updated = update(
        json!({"retryAnchor": "DUE_DATE", "retryOffsetDays": [0, 7], "enableAutomaticPayments": true}),
    );
    assert_eq!(
        (
            text(&updated, "retryAnchor"),
            &updated["autoEnableStripePayments"]
        ),
        ("DUE_DATE", &json!(false))
    );
    let updated = update(json!({"enableAutomaticPayments": null, "autoEnableStripePayments": true}));
    assert_eq!(
        (
            text(&updated, "retryAnchor"),
            &updated["enableAutomaticPayments"],
            &updated["retryOffsetDays"]
        ),
        ("DUE_DATE", &json!(true), &json!([0, 7]))
    );
    let updated = update(json!({"retryAnchor": null}));
    assert_eq!(updated.get("retryAnchor"), None);
    assert_eq!(
        account.ok(Operation::StripeCollectionSettingsGet, &[], "", None),
        updated
    );
    assert_eq!(announced(&account).len(), 3);
}

#[test]
fn settings_have_the_id_that_get_answers() {
    let account = Account::new();
    let body = json!({"failureNotifications": {
        "merchantNotifications": "SEND_NOTIFICATIONS", "customerNotifications": "SEND_NOTIFICATIONS",
    }});
    for (operation, body) in [
        (Operation::AccountPaymentSettingsUpdate, body),
        (Operation::StripeCollectionSettingsUpdate, json!({})),
    ] {
        let refused = account.refused(operation, &[("id", "other")], "", Some(&body));
        assert_eq!(refused.status, 404);
        assert!(refused.message.contains("GET has the id"), "{}", refused.message);
    }
}
