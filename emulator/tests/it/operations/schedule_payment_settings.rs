//! Payment settings of billing schedules.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::Kind;
use serde_json::{Value, json};

use super::{Account, id, text};

fn with_schedule(account: Account) -> Account {
    account.seed(Kind::BillingSchedule, json!({"id": "schedule"}));
    account
}

fn body(provider: &str) -> Value {
    json!({"billingScheduleId": "schedule", "paymentProvider": provider, "autoCharge": true})
}

#[test]
fn a_schedule_has_one_record_of_payment_settings() {
    let account = with_schedule(Account::new());
    account.watch();
    let path = [("id", "schedule")];
    let find = Operation::BillingSchedulePaymentSettingsGetForBillingSchedule;
    let refused = account.refused(find, &path, "", None);
    assert!(
        refused.message.contains("has no payment settings"),
        "{}",
        refused.message
    );
    let created = account.create(Operation::BillingSchedulePaymentSettingsCreate, &body("STRIPE"));
    assert_eq!(account.ok(find, &path, "", None), created);
    let refused = account.refused(
        Operation::BillingSchedulePaymentSettingsCreate,
        &[],
        "",
        Some(&body("NONE")),
    );
    assert!(
        refused.message.starts_with("body.billingScheduleId:") && refused.message.contains(id(&created)),
        "{}",
        refused.message
    );

    let path = [("id", id(&created))];
    let replacement = json!({"paymentProvider": "NONE", "autoCharge": null, "billingScheduleId": "other"});
    let updated = account.ok(
        Operation::BillingSchedulePaymentSettingsUpdate,
        &path,
        "",
        Some(&replacement),
    );
    assert_eq!(
        (
            text(&updated, "billingScheduleId"),
            text(&updated, "paymentProvider"),
            updated.get("autoCharge")
        ),
        ("schedule", "NONE", None)
    );
    assert_eq!(
        account.get(Operation::BillingSchedulePaymentSettingsGet, id(&created)),
        updated
    );
    let deleted = account.ok(Operation::BillingSchedulePaymentSettingsDelete, &path, "", None);
    assert_eq!(deleted, updated);
    assert_eq!(
        account
            .refused(Operation::BillingSchedulePaymentSettingsGet, &path, "", None)
            .status,
        404
    );
    let announced = account.announced();
    assert_eq!(announced.len(), 3, "{announced:?}");
    assert!(
        announced
            .iter()
            .all(|(kind, id)| kind == "BILLING_SCHEDULE_UPDATED" && id == "schedule")
    );
}

#[test]
fn settings_belong_to_a_schedule_that_exists() {
    let account = Account::new();
    let refused = account.refused(
        Operation::BillingSchedulePaymentSettingsCreate,
        &[],
        "",
        Some(&body("NONE")),
    );
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A4"));
    let refused = account.refused(
        Operation::BillingSchedulePaymentSettingsGetForBillingSchedule,
        &[("id", "schedule")],
        "",
        None,
    );
    assert_eq!(refused.status, 404);
    assert!(
        refused.message.contains("no billing schedule"),
        "{}",
        refused.message
    );
}

#[test]
fn older_versions_do_not_charge_automatically() {
    let version = Version::parse("2024-01-01").expect("a version");
    let account = with_schedule(Account::in_version(version));
    let created = account.create(Operation::BillingSchedulePaymentSettingsCreate, &body("STRIPE"));
    assert_eq!(created.get("autoCharge"), None);
}
