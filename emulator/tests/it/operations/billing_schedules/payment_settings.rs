//! Payment settings of billing schedules.

use sequencehq_emulator::contract::{Operation, Version};
use serde_json::{Value, json};

use super::super::{Account, id, text};
use super::Story;

fn body(schedule: &Value, provider: &str) -> Value {
    json!({"billingScheduleId": id(schedule), "paymentProvider": provider, "autoCharge": true})
}

#[test]
fn a_schedule_has_one_record_of_payment_settings() {
    let story = Story::new();
    let account = &story.account;
    let schedule = story.create(|_| {});
    account.watch();
    let path = [("id", id(&schedule))];
    let find = Operation::BillingSchedulePaymentSettingsGetForBillingSchedule;
    let refused = account.refused(find, &path, "", None);
    assert!(
        refused.message.contains("has no payment settings"),
        "{}",
        refused.message
    );
    let create = Operation::BillingSchedulePaymentSettingsCreate;
    let created = account.create(create, &body(&schedule, "STRIPE"));
    assert_eq!(account.ok(find, &path, "", None), created);
    let read = story.read(&schedule);
    assert_eq!(
        (text(&read, "paymentProvider"), &read["autoCharge"]),
        ("STRIPE", &json!(true))
    );
    let refused = account.refused(create, &[], "", Some(&body(&schedule, "NONE")));
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
        (id(&schedule), "NONE", Some(&json!(false)))
    );
    assert_eq!(
        account.get(Operation::BillingSchedulePaymentSettingsGet, id(&created)),
        updated
    );
    let deleted = account.ok(Operation::BillingSchedulePaymentSettingsDelete, &path, "", None);
    assert_eq!(deleted, updated);
    assert_eq!(story.read(&schedule).get("paymentProvider"), None);
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
            .all(|(kind, of)| kind == "BILLING_SCHEDULE_UPDATED" && of == id(&schedule))
    );
}

#[test]
fn a_schedule_is_created_with_payment_settings() {
    let story = Story::new();
    let schedule = story.create(|body| {
        body["paymentProvider"] = "STRIPE".into();
        body["autoCharge"] = false.into();
    });
    assert_eq!(
        (text(&schedule, "paymentProvider"), &schedule["autoCharge"]),
        ("STRIPE", &json!(false))
    );
    let find = Operation::BillingSchedulePaymentSettingsGetForBillingSchedule;
    let settings = story.account.ok(find, &[("id", id(&schedule))], "", None);
    assert_eq!(text(&settings, "paymentProvider"), "STRIPE");
    let updated = story.update(&schedule, |_| {});
    assert_eq!(text(&updated, "paymentProvider"), "STRIPE");

    let without_provider = story.create(|body| body["autoCharge"] = true.into());
    assert_eq!(text(&without_provider, "paymentProvider"), "NONE");
}

#[test]
fn settings_belong_to_a_schedule_that_exists() {
    let account = Account::new();
    let unknown = json!({"id": "unknown"});
    let refused = account.refused(
        Operation::BillingSchedulePaymentSettingsCreate,
        &[],
        "",
        Some(&body(&unknown, "NONE")),
    );
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A4"));
    let refused = account.refused(
        Operation::BillingSchedulePaymentSettingsGetForBillingSchedule,
        &[("id", "unknown")],
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
    let version = Version::parse("2024-05-09").expect("a version");
    let story = Story::of(Account::in_version(version));
    let schedule = story.create(|_| {});
    let created = story.account.create(
        Operation::BillingSchedulePaymentSettingsCreate,
        &body(&schedule, "STRIPE"),
    );
    assert_eq!(created.get("autoCharge"), None);
}
