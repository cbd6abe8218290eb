//! When invoices are made, and which days they bill.

use sequencehq_emulator::contract::Operation;
use serde_json::json;

use super::{Story, text};

#[test]
fn a_price_in_advance_is_billed_as_each_period_starts() {
    let story = Story::new();
    let schedule = story.create(|_| {});
    assert_eq!(story.billed(), ["DRAFT 2026-01-01 10.00"]);
    assert_eq!(
        story.lines(&story.newest()),
        ["base: 1 × 10.00 = 10.00, 01-01 to 01-31"]
    );
    story.advance("2026-01-31");
    assert_eq!(story.billed().len(), 1);
    story.advance("2026-03-15");
    let expected = [
        "DRAFT 2026-01-01 10.00",
        "DRAFT 2026-02-01 10.00",
        "DRAFT 2026-03-01 10.00",
    ];
    assert_eq!(story.billed(), expected);
    let newest = story.newest();
    assert_eq!(text(&story.read(&schedule), "lastInvoiceId"), text(&newest, "id"));
    for (field, expected) in [
        ("createdAt", json!("2026-03-01T00:00:00Z")),
        ("calculatedAt", json!("2026-03-01T00:00:00Z")),
        (
            "billingPeriod",
            json!({"start": "2026-03-01", "endInclusive": "2026-03-31"}),
        ),
    ] {
        assert_eq!(newest[field], expected, "{field}");
    }
    assert!(story.full(&newest)["billingRunId"].is_string());
}

#[test]
fn a_price_in_arrears_is_upcoming_from_the_first_day_of_its_period() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    story.create(|body| body["phases"][0]["priceIds"] = json!(["late"]));
    let upcoming = story.newest();
    assert_eq!(story.billed(), ["IN_PROGRESS 2026-02-01 7.00"]);
    assert_eq!(upcoming.get("dueDate"), None);
    story.advance("2026-02-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-02-01 7.00", "IN_PROGRESS 2026-03-01 7.00"]
    );
    assert_eq!(story.invoices()[0]["id"], upcoming["id"]);
    assert_eq!(story.lines(&upcoming), ["late: 1 × 7.00 = 7.00, 01-01 to 01-31"]);
}

#[test]
fn what_is_due_on_one_day_is_on_one_invoice() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["base", "late"]);
        body["phases"][0]["endDate"] = "2026-02-28".into();
    });
    story.advance("2026-03-01");
    let expected = [
        "DRAFT 2026-01-01 10.00",
        "DRAFT 2026-02-01 17.00",
        "DRAFT 2026-03-01 7.00",
    ];
    assert_eq!(story.billed(), expected);
    let second = &story.invoices()[1];
    assert_eq!(
        story.lines(second),
        [
            "base: 1 × 10.00 = 10.00, 02-01 to 02-28",
            "late: 1 × 7.00 = 7.00, 01-01 to 01-31"
        ]
    );
    assert_eq!(
        second["billingPeriod"],
        json!({"start": "2026-01-01", "endInclusive": "2026-02-28"})
    );
}

#[test]
fn the_day_of_the_month_and_the_frequency_decide_on_the_periods() {
    let story = Story::new();
    story.price("quarter", |price| price["billingFrequency"] = "QUARTERLY".into());
    story.price("demand", |price| price["billingFrequency"] = "ON_DEMAND".into());
    story.create(|body| {
        body["recurrenceDayOfMonth"] = 31.into();
        body["phases"][0]["priceIds"] = json!(["base", "quarter", "demand"]);
    });
    story.advance("2026-05-01");
    let days: Vec<String> = story
        .invoices()
        .iter()
        .flat_map(|invoice| story.lines(invoice))
        .collect();
    let expected = [
        "base: 1 × 10.00 = 10.00, 01-01 to 01-30",
        "quarter: 1 × 10.00 = 10.00, 01-01 to 01-30",
        "base: 1 × 10.00 = 10.00, 01-31 to 02-27",
        "quarter: 1 × 10.00 = 10.00, 01-31 to 04-29",
        "base: 1 × 10.00 = 10.00, 02-28 to 03-30",
        "base: 1 × 10.00 = 10.00, 03-31 to 04-29",
        "base: 1 × 10.00 = 10.00, 04-30 to 05-30",
        "quarter: 1 × 10.00 = 10.00, 04-30 to 07-30",
    ];
    assert_eq!(days, expected);
}

#[test]
fn a_price_that_is_charged_once_is_on_the_first_invoice_of_the_phase() {
    let story = Story::new();
    story.price("setup", |price| {
        price["structure"] = json!({"pricingType": "ONE_TIME", "price": "99.00"})
    });
    story.price("once", |price| price["billingFrequency"] = "ONE_TIME".into());
    story.create(|body| {
        body["phases"] = json!([
            {"priceIds": ["setup", "once"], "startDate": "2026-01-01", "endDate": "2026-02-28"},
            {"priceIds": ["once"], "startDate": "2026-03-01"},
        ]);
    });
    story.advance("2026-06-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-01-01 109.00", "DRAFT 2026-03-01 10.00"]
    );
}

#[test]
fn a_schedule_ends_with_its_last_day_and_begins_with_its_first() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    let schedule = story.create(|body| {
        body["startDate"] = "2026-01-10".into();
        body["endDate"] = "2026-02-15".into();
        body["phases"] = json!([
            {"priceIds": ["base"], "startDate": "2026-01-01", "endDate": "2026-01-31"},
            {"priceIds": ["late"], "startDate": "2026-02-01", "endDate": "2026-12-31"},
        ]);
    });
    story.advance("2026-02-15");
    assert_eq!(
        story.billed(),
        [
            "DRAFT 2026-01-10 10.00",
            "IN_PROGRESS 2026-02-10 7.00",
            "IN_PROGRESS 2026-02-16 7.00"
        ]
        .map(|text| text.replace("IN_PROGRESS 2026-02-10", "DRAFT 2026-02-10"))
    );
    story.advance("2026-02-16");
    let lines: Vec<String> = story
        .invoices()
        .iter()
        .flat_map(|invoice| story.lines(invoice))
        .collect();
    assert_eq!(
        lines,
        [
            "base: 1 × 10.00 = 10.00, 01-10 to 01-31",
            "late: 1 × 7.00 = 7.00, 02-01 to 02-09",
            "late: 1 × 7.00 = 7.00, 02-10 to 02-15",
        ]
    );
    assert_eq!(text(&story.read(&schedule), "status"), "COMPLETED");
    assert_eq!(text(&story.newest(), "status"), "DRAFT");
    story.advance("2027-01-01");
    assert_eq!(story.billed().len(), 3);
}

#[test]
fn a_schedule_that_starts_in_the_past_bills_every_period_at_once() {
    let story = Story::new();
    let created = story.create(|body| {
        body["startDate"] = "2025-10-15".into();
        body["phases"][0]["startDate"] = "2025-10-15".into();
    });
    let expected = [
        "DRAFT 2025-10-15 10.00",
        "DRAFT 2025-11-15 10.00",
        "DRAFT 2025-12-15 10.00",
    ];
    assert_eq!(story.billed(), expected);
    assert_eq!(created["lastInvoiceId"], story.newest()["id"]);
    assert_eq!(text(&story.newest(), "createdAt"), "2026-01-01T12:00:00Z");
}

#[test]
fn a_draft_bills_from_its_activation_on() {
    let story = Story::new();
    let [past, future] = ["2025-12-01", "2026-01-05"].map(|start| {
        story.create(|body| {
            body["isDraft"] = true.into();
            body["startDate"] = start.into();
            body["phases"][0]["startDate"] = start.into();
        })
    });
    story.advance("2026-01-02");
    assert_eq!(story.billed(), Vec::<String>::new());
    story.on(Operation::BillingScheduleActivate, &past, None);
    story.on(Operation::BillingScheduleActivate, &future, None);
    assert_eq!(
        story.billed(),
        ["DRAFT 2025-12-01 10.00", "DRAFT 2026-01-01 10.00"]
    );
    story.advance("2026-01-05");
    assert_eq!(story.billed()[2..], ["DRAFT 2026-01-05 10.00"]);
}

#[test]
fn an_invoice_has_what_its_schedule_decides_on() {
    let story = Story::new();
    story.create(|body| {
        body["autoIssueInvoices"] = true.into();
        for (field, value) in [
            ("purchaseOrderNumber", json!("PO 7")),
            ("reference", json!("Ref")),
            ("memo", json!("Thanks")),
            ("defaultDueDateDays", json!(14)),
            ("paymentProvider", json!("STRIPE")),
        ] {
            body[field] = value;
        }
    });
    let invoice = story.newest();
    for (field, expected) in [
        ("status", json!("SENT")),
        ("issueDate", json!("2026-01-01")),
        ("dueDate", json!("2026-01-15")),
        ("purchaseOrderNumber", json!("PO 7")),
        ("reference", json!("Ref")),
        ("memo", json!("Thanks")),
        ("paymentOptions", json!(["LINK"])),
        ("invoiceNumber", json!("SEQ-00001")),
        ("dunningStatus", json!("SCHEDULED")),
    ] {
        assert_eq!(invoice[field], expected, "{field}");
    }
    assert_eq!(story.full(&invoice)["paymentTermDays"], 14);
}

#[test]
fn invoices_are_issued_by_themselves_only_if_the_schedule_does_so() {
    let story = Story::new();
    story.account.watch();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    story.create(|body| {
        body["autoIssueInvoices"] = true.into();
        body["phases"][0]["priceIds"] = json!(["late"]);
    });
    story.advance("2026-02-01");
    assert_eq!(
        story.billed(),
        ["SENT 2026-02-01 7.00", "IN_PROGRESS 2026-03-01 7.00"]
    );
    let types: Vec<String> = story
        .account
        .announced()
        .into_iter()
        .map(|(one, _)| one)
        .collect();
    let expected = [
        "BILLING_SCHEDULE_CREATED",
        "INVOICE_CREATED",
        "INVOICE_ISSUED",
        "INVOICE_CREATED",
    ];
    assert_eq!(types, expected);
}

#[test]
fn too_many_invoices_at_once_are_refused_with_their_number() {
    let story = Story::new();
    let mut body = story.body();
    body["startDate"] = "0326-01-01".into();
    body["phases"][0]["startDate"] = "0326-01-01".into();
    let refused = story
        .account
        .refused(Operation::BillingScheduleCreate, &[], "", Some(&body));
    assert!(
        refused.message.contains("would generate 20401 invoices"),
        "{}",
        refused.message
    );
    body["isDraft"] = true.into();
    let draft = story.account.create(Operation::BillingScheduleCreate, &body);
    let path = [("billingScheduleId", text(&draft, "id"))];
    let refused = story
        .account
        .refused(Operation::BillingScheduleActivate, &path, "", None);
    assert!(
        refused.message.starts_with("startDate: 0326-01-01 would"),
        "{}",
        refused.message
    );
    story.create(|_| {});
    let before = story.account.world.store().read(|state| state.dump());
    let refused = story
        .account
        .world
        .advance_to("3693-01-01".parse().expect("a date"));
    let message = refused.expect_err("too many").to_string();
    assert!(message.contains("20004"), "{message}");
    assert_eq!(story.account.world.store().read(|state| state.dump()), before);
}

#[test]
fn an_upcoming_invoice_becomes_a_draft_early_and_is_not_billed_again() {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    story.create(|body| body["phases"][0]["priceIds"] = json!(["calls"]));
    story.use_calls("2026-01-01T12:00:00Z", json!({"n": 5}));
    story.advance("2026-01-10");
    let upcoming = story.newest();
    let draft = story.act(Operation::InvoiceDraft, &upcoming);
    assert_eq!(
        (text(&draft, "status"), text(&draft, "netTotal")),
        ("DRAFT", "0.50")
    );
    assert_eq!(text(&draft, "calculatedAt"), "2026-01-10T12:00:00Z");
    story.use_calls("2026-01-11T12:00:00Z", json!({"n": 5}));
    story.advance("2026-02-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-02-01 0.50", "IN_PROGRESS 2026-03-01 0.00"]
    );
}

#[test]
fn a_deleted_upcoming_invoice_does_not_come_back() {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    story.create(|body| body["phases"][0]["priceIds"] = json!(["late"]));
    story.act(Operation::InvoiceDelete, &story.newest());
    story.advance("2026-02-01");
    assert_eq!(story.billed(), ["IN_PROGRESS 2026-03-01 7.00"]);
}

#[test]
fn prices_on_demand_are_billed_when_that_is_triggered() {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    let structure = json!({
        "pricingType": "LINEAR", "pricePerUnit": "0.10", "usageMetricId": metric, "isPricePercentage": false,
    });
    for (name, frequency) in [("demand", "ON_DEMAND"), ("event", "PER_EVENT")] {
        story.price(name, |price| {
            price["billingFrequency"] = frequency.into();
            price["billingType"] = "IN_ARREARS".into();
            price["structure"] = structure.clone();
        });
    }
    let schedule = story.create(|body| body["phases"][0]["priceIds"] = json!(["demand", "event"]));
    let trigger = || {
        let billed = story.account.world.bill_on_demand(text(&schedule, "id"));
        billed.expect("the schedule is active").len()
    };
    story.use_calls("2026-01-10T00:00:00Z", json!({"n": 5}));
    story.advance("2026-02-10");
    assert_eq!(story.billed(), Vec::<String>::new());
    assert_eq!((trigger(), trigger()), (1, 0));
    assert_eq!(
        story.lines(&story.newest()),
        [
            "demand: 5 × 0.10 = 0.50, 01-01 to 02-10",
            "event: 5 × 0.10 = 0.50, 01-01 to 02-10"
        ]
    );
    story.use_calls("2026-02-11T00:00:00Z", json!({"n": 7}));
    story.advance("2026-02-11");
    assert_eq!(trigger(), 1);
    assert_eq!(story.billed(), ["DRAFT 2026-02-10 1.00", "DRAFT 2026-02-11 1.40"]);

    story.on(Operation::BillingScheduleArchive, &schedule, None);
    for (id, message) in [(text(&schedule, "id"), "CANCELLED"), ("unknown", "There is no")] {
        let refused = story
            .account
            .world
            .bill_on_demand(id)
            .expect_err("nothing is billed");
        assert!(refused.message.contains(message), "{}", refused.message);
    }
}
