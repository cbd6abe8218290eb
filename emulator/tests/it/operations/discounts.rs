//! Discounts of billing schedules.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::{Discount, Kind};
use serde_json::{Value, json};

use super::billing_schedules::Story;
use super::{Account, id, text};

fn discount(account: &Account, number: &str, change: impl FnOnce(&mut Discount)) -> String {
    account
        .world
        .control(|tx| {
            let mut discount = Discount {
                id: number.to_owned(),
                sequence_account_id: "account".to_owned(),
                billing_schedule_id: "schedule".to_owned(),
                phase_id: Some("phase".to_owned()),
                price_ids: Vec::new(),
                separate_line_item: true,
                amount: "12.5".parse().expect("a decimal"),
                discount_calculation_type: "PERCENTAGE".to_owned(),
                message: "12.5% off".to_owned(),
                valid_from: None,
                valid_to: None,
                seat_discount_type: "OVERAGE_SEATS_ONLY".to_owned(),
                created_at: "2026-01-01T00:00:00Z".to_owned(),
                updated_at: "2026-01-01T00:00:00Z".to_owned(),
            };
            change(&mut discount);
            tx.put(&discount);
            Ok::<_, ()>(discount.id)
        })
        .expect("nothing refuses it")
}

fn body() -> Value {
    json!({
        "billingScheduleId": "schedule", "priceIds": [], "separateLineItem": false, "amount": 20.05,
        "discountCalculationType": "NOMINAL", "message": "20.05 off", "validFrom": "2026-01-01", "validTo": "2026-01-01",
    })
}

#[test]
fn a_replacement_keeps_the_phase_and_the_kind_of_seats() {
    let account = Account::new();
    account.seed(Kind::Price, json!({"id": "price"}));
    let id = discount(&account, "discount", |_| {});
    let read = account.get(Operation::DiscountGet, &id);
    assert_eq!((&read["amount"], read.get("validFrom")), (&json!(12.5), None));
    let mut body = body();
    body["priceIds"] = json!(["price"]);
    let updated = account.ok(Operation::DiscountUpdate, &[("id", &id)], "", Some(&body));
    for (field, value) in [
        ("phaseId", json!("phase")),
        ("seatDiscountType", json!("OVERAGE_SEATS_ONLY")),
        ("createdAt", json!("2026-01-01T00:00:00Z")),
        ("updatedAt", json!("2026-01-01T12:00:00Z")),
        ("amount", json!(20.05)),
        ("priceIds", json!(["price"])),
        ("separateLineItem", json!(false)),
        ("validTo", json!("2026-01-01")),
    ] {
        assert_eq!(updated[field], value, "{field}");
    }
    assert_eq!(account.get(Operation::DiscountGet, &id), updated);
    let stored = account.world.store().read(|state| {
        let row = state.row(Kind::Discount, &id).expect("a discount");
        row.text()
    });
    assert!(stored.contains(r#""amount":20.05,"#), "{stored}");
}

#[test]
fn a_discount_without_validity_loses_it() {
    let account = Account::new();
    let id = discount(&account, "discount", |discount| {
        discount.valid_from = Some("2026-01-01".to_owned())
    });
    let mut body = body();
    for field in ["validFrom", "validTo"] {
        body.as_object_mut().expect("a map").remove(field);
    }
    let updated = account.ok(Operation::DiscountUpdate, &[("id", &id)], "", Some(&body));
    assert_eq!(updated.get("validFrom"), None);
}

#[test]
fn terms_that_cannot_be_billed_are_refused() {
    let account = Account::new();
    let id = discount(&account, "discount", |_| {});
    for (field, value, path, assumed) in [
        ("billingScheduleId", json!("other"), "body.billingScheduleId:", ""),
        ("priceIds", json!(["unknown"]), "body.priceIds[0]:", "A4"),
        ("amount", json!(-1), "body.amount:", ""),
        ("validTo", json!("2025-12-31"), "body.validTo:", ""),
    ] {
        let mut body = body();
        body[field] = value;
        let refused = account.refused(Operation::DiscountUpdate, &[("id", &id)], "", Some(&body));
        assert_eq!(
            (refused.status, refused.assumed.as_str()),
            (400, assumed),
            "{field}"
        );
        assert!(refused.message.starts_with(path), "{}", refused.message);
    }
    let mut body = body();
    body["discountCalculationType"] = "PERCENTAGE".into();
    body["amount"] = json!(100.01);
    let refused = account.refused(Operation::DiscountUpdate, &[("id", &id)], "", Some(&body));
    assert_eq!(
        refused.message,
        "body.amount: a percentage must be at most 100, but is 100.01."
    );
    let refused = account.refused(Operation::DiscountUpdate, &[("id", "unknown")], "", Some(&body));
    assert_eq!(refused.status, 404);
}

#[test]
fn discounts_are_listed_and_deleted() {
    let account = Account::new();
    let (one, two) = (
        discount(&account, "one", |_| {}),
        discount(&account, "two", |discount| discount.phase_id = None),
    );
    assert_eq!(account.ids(Operation::DiscountList, ""), [&*two, &*one]);
    let read = account.get(Operation::DiscountGet, &two);
    assert_eq!(read.get("phaseId"), None);
    let path = [("id", two.as_str())];
    assert_eq!(account.ok(Operation::DiscountDelete, &path, "", None), read);
    assert_eq!(account.ids(Operation::DiscountList, ""), [&*one]);
    for operation in [Operation::DiscountGet, Operation::DiscountDelete] {
        assert_eq!(account.refused(operation, &path, "", None).status, 404);
    }
}

#[test]
fn a_change_of_a_discount_is_announced_as_a_change_of_its_schedule() {
    let story = Story::new();
    let account = &story.account;
    let schedule = story.create(|_| {});
    let schedule = id(&schedule);
    let discount = discount(account, "discount", |discount| {
        discount.billing_schedule_id = schedule.to_owned();
    });
    account.watch();
    let path = [("id", discount.as_str())];
    let mut body = body();
    body["billingScheduleId"] = schedule.into();
    account.ok(Operation::DiscountUpdate, &path, "", Some(&body));
    account.ok(Operation::DiscountDelete, &path, "", None);
    let expected = ("BILLING_SCHEDULE_UPDATED".to_owned(), schedule.to_owned());
    assert_eq!(account.announced(), [expected.clone(), expected]);
}

#[test]
fn older_versions_do_not_have_kinds_of_seats() {
    let account = Account::in_version(Version::parse("2024-05-09").expect("a version"));
    let created = discount(&account, "discount", |_| {});
    let read = account.get(Operation::DiscountGet, &created);
    assert_eq!(
        (id(&read), text(&read, "message"), read.get("seatDiscountType")),
        (&*created, "12.5% off", None)
    );
}
