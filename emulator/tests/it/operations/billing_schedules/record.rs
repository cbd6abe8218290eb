//! Schedules as they are answered, replaced and duplicated.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::Delivery;
use serde_json::{Value, json};

use super::super::{Account, id, text};
use super::{Story, customer, tax_rate};

#[test]
fn a_schedule_is_answered_complete_with_its_prices() {
    let story = Story::new();
    let rate = tax_rate(&story.account);
    let created = story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["base", "calls", "base"]);
        body["taxRates"] = json!([{"priceId": "base", "taxRateId": rate}]);
        body["customFields"] = json!({"region": "north"});
        for (field, value) in [
            ("endDate", json!("2026-12-31")),
            ("recurrenceDayOfMonth", json!(15)),
            ("purchaseOrderNumber", json!("PO 1")),
            ("reference", json!("ref")),
            ("label", json!("main")),
            ("defaultDueDateDays", json!(14)),
            ("memo", json!("thanks")),
            ("rollUpBilling", json!(true)),
            ("autoIssueInvoices", json!(true)),
        ] {
            body[field] = value;
        }
    });
    for (field, value) in [
        ("customerId", json!(story.customer)),
        ("status", json!("ACTIVE")),
        ("startDate", json!("2026-01-01")),
        ("endDate", json!("2026-12-31")),
        ("recurrenceDayOfMonth", json!(15)),
        ("purchaseOrderNumber", json!("PO 1")),
        ("reference", json!("ref")),
        ("label", json!("main")),
        ("defaultDueDateDays", json!(14)),
        ("memo", json!("thanks")),
        ("rollUpBilling", json!(true)),
        ("autoIssueInvoices", json!(true)),
        ("customFields", json!({"region": "north"})),
        ("taxRates", json!([{"priceId": "base", "taxRateId": rate}])),
        ("firstBillingDate", json!("2026-01-01")),
        ("integrationIds", json!([])),
    ] {
        assert_eq!(created[field], value, "{field}");
    }
    let prices = created["prices"].as_array().expect("prices");
    assert_eq!(prices.iter().map(id).collect::<Vec<_>>(), ["base", "calls"]);
    assert_eq!(text(&prices[1]["structure"], "pricePerUnit"), "0.1");
    assert_eq!(story.read(&created), created);
}

#[test]
fn the_first_invoice_is_in_advance_or_after_the_first_period() {
    let story = Story::new();
    story.price("triggered", |price| {
        price["billingFrequency"] = "ON_DEMAND".into()
    });
    for (prices, day, expected) in [
        (json!(["base", "calls"]), None, Some("2026-01-01")),
        (json!(["calls"]), None, Some("2026-02-01")),
        (json!(["calls"]), Some(15), Some("2026-01-15")),
        (json!(["triggered"]), None, None),
        (json!([]), None, None),
    ] {
        let created = story.create(|body| {
            body["phases"][0]["priceIds"] = prices.clone();
            body["recurrenceDayOfMonth"] = json!(day);
        });
        let date = created["firstBillingDate"].as_str();
        assert_eq!(date, expected, "{prices} {day:?}");
    }
}

#[test]
fn a_phase_that_resets_has_its_own_first_period() {
    let story = Story::new();
    for (preference, expected) in [
        ("RESET", "2026-02-21"),
        ("CONTINUE_FROM_PREVIOUS_PHASE", "2026-02-01"),
    ] {
        let created = story.create(|body| {
            body["phases"] = json!([
                {"priceIds": [], "startDate": "2026-01-01", "endDate": "2026-01-20"},
                {"priceIds": ["calls"], "startDate": "2026-01-21", "recurrencePreference": preference},
            ]);
        });
        assert_eq!(text(&created, "firstBillingDate"), expected);
    }
}

#[test]
fn a_replacement_clears_what_it_leaves_out_and_keeps_what_it_lacks() {
    let story = Story::new();
    let created = story.create(|body| {
        body["label"] = "main".into();
        body["reference"] = "ref".into();
        body["memo"] = "thanks".into();
        body["endDate"] = "2026-12-31".into();
        body["customFields"] = json!({"region": "north"});
    });
    story.account.watch();
    story.advance("2026-01-02");
    let updated = story.update(&created, |body| body["autoIssueInvoices"] = true.into());
    for field in ["memo", "endDate"] {
        assert_eq!(updated.get(field), None, "{field}");
    }
    for field in ["label", "reference", "customerId", "customFields", "createdAt"] {
        assert_eq!(updated[field], created[field], "{field}");
    }
    assert_eq!(
        (text(&updated, "updatedAt"), &updated["autoIssueInvoices"]),
        ("2026-01-02T12:00:00Z", &json!(true))
    );
    let cleared = story.update(&created, |body| body["customFields"] = json!({}));
    assert_eq!(cleared["customFields"], json!({}));
    let expected = ("BILLING_SCHEDULE_UPDATED".to_owned(), id(&created).to_owned());
    assert_eq!(story.account.announced(), [expected.clone(), expected]);
}

#[test]
fn a_duplicate_is_a_draft_with_ids_of_its_own() {
    let story = Story::new();
    let other = customer(&story.account, "Beta");
    let original = story.create(|body| {
        body["label"] = "main".into();
        body["reference"] = "ref".into();
        body["paymentProvider"] = "STRIPE".into();
        body["phases"] = json!([
            {"priceIds": ["base"], "startDate": "2026-01-01", "endDate": "2026-01-31"},
            {
                "priceIds": ["base"], "startDate": "2026-02-01", "minimums": [{"amount": 5}],
                "discounts": [{"type": "PERCENTAGE", "amount": 10, "message": "10 off", "separateLineItem": true}],
                "creditGrants": [{
                    "name": "Free", "creditUnitType": "CURRENCY", "currency": "GBP", "amount": 20,
                    "grantRefreshFrequency": "MONTHLY", "rolloverMode": "NONE",
                }],
            },
        ]);
    });
    story.account.watch();
    let response = story.account.call(
        Operation::BillingScheduleDuplicate,
        &[("billingScheduleId", id(&original))],
        "",
        Some(&json!({"customerId": other})),
    );
    assert_eq!(response.assumed.to_string(), "A41");
    let copy = response.json_body();
    assert_eq!(
        (text(&copy, "status"), text(&copy, "customerId")),
        ("DRAFT", &*other)
    );
    for field in ["label", "reference", "paymentProvider", "startDate", "prices"] {
        assert_eq!(copy[field], original[field], "{field}");
    }
    let places = ["/id", "/phases/0/id", "/phases/1/id", "/phases/1/minimums/0/id"];
    let more = ["/phases/1/discounts/0/id", "/phases/1/creditGrants/0/id"];
    for place in places.iter().chain(&more) {
        assert_ne!(copy.pointer(place), original.pointer(place), "{place}");
        assert!(copy.pointer(place).is_some_and(Value::is_string), "{place}");
    }
    assert_eq!(copy["phases"][1]["discounts"][0]["amount"], 10);
    assert_eq!(story.read(&original), original);
    let path = [("customerId", other.as_str())];
    let grants =
        |story: &Story| story.account.ok(Operation::CreditGrantList, &path, "", None)["items"].clone();
    assert_eq!(grants(&story), json!([]), "a draft grants nothing yet");
    story.on(Operation::BillingScheduleActivate, &copy, None);
    assert_eq!(grants(&story)[0]["balance"], 20);
    let announced = story.account.announced();
    assert_eq!(announced[0].0, "BILLING_SCHEDULE_CREATED");
}

#[test]
fn changes_are_announced_with_the_complete_schedule() {
    let story = Story::new();
    story.account.watch();
    let created = story.create(|body| body["paymentProvider"] = "STRIPE".into());
    let deliveries = story.account.world.store().read(|state| state.all::<Delivery>());
    assert_eq!(deliveries.len(), 2, "the first invoice follows");
    let body: Value = serde_json::from_str(&deliveries[0].body).expect("JSON");
    assert_eq!(text(&body, "notificationType"), "BILLING_SCHEDULE_CREATED");
    assert_eq!(text(&body, "resourceType"), "BillingScheduleResponse");
    assert_eq!(body["resource"], created);
}

#[test]
fn the_newest_invoice_of_a_schedule_is_named() {
    let story = Story::new();
    let schedule = story.create(|body| body["isDraft"] = true.into());
    assert_eq!(schedule.get("lastInvoiceId"), None);
    for _ in 0..2 {
        let invoice =
            json!({"customerId": story.customer, "currency": "GBP", "billingScheduleId": id(&schedule)});
        let invoice = story.account.create(Operation::InvoiceCreate, &invoice);
        assert_eq!(text(&story.read(&schedule), "lastInvoiceId"), id(&invoice));
    }
}

#[test]
fn a_customer_with_an_active_schedule_is_billed() {
    let story = Story::new();
    let other = customer(&story.account, "Beta");
    story.create(|_| {});
    let ids = |query: &str| story.account.ids(Operation::CustomerList, query);
    assert_eq!(ids("billingStatus=ACTIVE"), [&*story.customer]);
    assert_eq!(ids("billingStatus=INACTIVE"), [&*other]);
}

#[test]
fn the_activity_log_is_about_the_schedule() {
    let story = Story::new();
    let created = story.create(|body| {
        body["paymentProvider"] = "STRIPE".into();
        body["phases"][0]["discounts"] =
            json!([{"type": "PERCENTAGE", "amount": 10, "message": "10 off", "separateLineItem": true}]);
    });
    let copy = story.on(
        Operation::BillingScheduleDuplicate,
        &created,
        Some(&json!({"customerId": story.customer})),
    );
    for schedule in [created, copy] {
        let query = format!("activityLogObjectEntityId={}", id(&schedule));
        let page = story.account.ok(Operation::ActivityLogList, &[], &query, None);
        assert_eq!(
            text(&page["items"][0], "activityType"),
            "BILLING_SCHEDULE_CREATED"
        );
    }
}

#[test]
fn the_oldest_version_reads_and_ends_schedules() {
    let mut story = Story::new();
    let created = story.create(|body| body["phases"][0]["minimums"] = json!([{"amount": 5}]));
    story.account.version = Version::parse("2024-01-01").expect("a version");
    let read = story.read(&created);
    assert_eq!(
        (id(&read), text(&read, "type"), read["prices"][0].get("status")),
        (id(&created), "PHASES", None)
    );
    assert_eq!(
        story.account.ids(Operation::BillingScheduleList, ""),
        [id(&created)]
    );
    let updated = story.update(&created, |body| body["type"] = "PHASES".into());
    assert_eq!(updated["phases"][0]["minimums"], json!([]));
    let archived = story.on(Operation::BillingScheduleArchive, &created, None);
    assert_eq!(text(&archived, "status"), "CANCELLED");
}

#[test]
fn older_versions_have_schedules_of_phases_too() {
    let version = Version::parse("2024-05-09").expect("a version");
    let story = Story::of(Account::in_version(version));
    let created = story.create(|body| {
        body["phases"][0]["discounts"] =
            json!([{"type": "PERCENTAGE", "amount": 10, "message": "10 off", "separateLineItem": true}]);
    });
    assert_eq!(
        (text(&created, "type"), &created["priceIds"]),
        ("PHASES", &json!([]))
    );
    assert_eq!(created["phases"][0]["discounts"][0].get("id"), None);
    let updated = story.update(&created, |body| body["type"] = "PHASES".into());
    assert_eq!(id(&updated), id(&created));
    assert_eq!(story.read(&created), updated);

    let path = [("billingScheduleId", id(&created))];
    let mut body = story.body();
    body["type"] = "CUSTOM".into();
    body["priceIds"] = json!(["base"]);
    let refused = story
        .account
        .refused(Operation::BillingScheduleUpdate, &path, "", Some(&body));
    assert_eq!(refused.status, 501);
    assert!(
        refused.message.starts_with("body.priceIds:"),
        "{}",
        refused.message
    );
}
