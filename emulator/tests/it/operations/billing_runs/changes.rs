//! New terms of a schedule that bills already, and its early end.

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::{Story, id, text};

/// An account with a schedule over one price in arrears and one in advance since 1 January.
fn live() -> (Story, Value) {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    let schedule = story.create(|body| body["phases"][0]["priceIds"] = json!(["base", "calls"]));
    story.use_calls("2026-01-05T00:00:00Z", json!({"n": 10}));
    story.advance("2026-01-15");
    (story, schedule)
}

#[track_caller]
fn replace(story: &Story, schedule: &Value, phases: Value) {
    story.update(schedule, |body| body["phases"] = phases);
}

fn all_lines(story: &Story) -> Vec<String> {
    story
        .invoices()
        .iter()
        .flat_map(|invoice| story.lines(invoice))
        .collect()
}

#[test]
fn equal_terms_change_nothing() {
    let (story, schedule) = live();
    let before = story.invoices();
    replace(
        &story,
        &schedule,
        json!([{"priceIds": ["base", "calls"], "startDate": "2026-01-01"}]),
    );
    let ids = |invoices: &[Value]| {
        invoices
            .iter()
            .map(|invoice| id(invoice).to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids(&story.invoices()), ids(&before));
    story.advance("2026-02-01");
    let expected = [
        "DRAFT 2026-01-01 10.00",
        "DRAFT 2026-02-01 11.00",
        "IN_PROGRESS 2026-03-01 0.00",
    ];
    assert_eq!(story.billed(), expected);
}

#[test]
fn a_new_price_is_billed_from_today_on() {
    let (story, schedule) = live();
    story.price("extra", |price| price["structure"]["price"] = "3.00".into());
    replace(
        &story,
        &schedule,
        json!([{"priceIds": ["base", "calls", "extra"], "startDate": "2026-01-01"}]),
    );
    story.advance("2026-02-01");
    assert_eq!(
        all_lines(&story),
        [
            "base: 1 × 10.00 = 10.00, 01-01 to 01-31",
            "base: 1 × 10.00 = 10.00, 02-01 to 02-28",
            "calls: 10 × 0.10 = 1.00, 01-01 to 01-31",
            "extra: 1 × 3.00 = 3.00, 02-01 to 02-28",
            "extra: 1 × 3.00 = 3.00, 01-15 to 01-31",
            "calls: 0 × 0.10 = 0.00, 02-01 to 02-28",
        ]
    );
}

#[test]
fn a_price_in_advance_that_joins_a_period_brings_the_terms_of_the_period_no_second_time() {
    let story = Story::new();
    story.price("extra", |price| price["structure"]["price"] = "3.00".into());
    let terms = |prices: &[&str]| {
        let prices = json!(prices);
        move |body: &mut Value| {
            body["phases"][0]["priceIds"] = prices;
            body["phases"][0]["minimums"] = json!([{"amount": 31}]);
            body["phases"][0]["discounts"] =
                json!([{"type": "NOMINAL", "amount": 1, "message": "1 off", "separateLineItem": true}]);
        }
    };
    let schedule = story.create(terms(&["base"]));
    story.advance("2026-01-16");
    story.update(&schedule, terms(&["base", "extra"]));
    story.advance("2026-02-01");
    let expected = [
        "DRAFT 2026-01-01 31.00",
        "DRAFT 2026-01-16 3.00",
        "DRAFT 2026-02-01 31.00",
    ];
    assert_eq!(story.billed(), expected);
    assert_eq!(
        story.lines(&story.newest()),
        [
            "base: 1 × 10.00 = 10.00, 02-01 to 02-28",
            "extra: 1 × 3.00 = 3.00, 02-01 to 02-28",
            "1 off: 1 × -1.00 = -1.00",
            "Minimum: 1 × 19.00 = 19.00",
        ]
    );
}

#[test]
fn a_price_that_is_left_out_ends_yesterday() {
    let (story, schedule) = live();
    story.use_calls("2026-01-15T00:00:00Z", json!({"n": 1_000}));
    replace(
        &story,
        &schedule,
        json!([{"priceIds": ["base"], "startDate": "2026-01-01"}]),
    );
    let upcoming = story.newest();
    assert_eq!(
        story.lines(&upcoming),
        ["calls: 10 × 0.10 = 1.00, 01-01 to 01-14"]
    );
    story.advance("2026-03-01");
    let expected = [
        "DRAFT 2026-01-01 10.00",
        "DRAFT 2026-02-01 11.00",
        "DRAFT 2026-03-01 10.00",
    ];
    assert_eq!(story.billed(), expected);
}

#[test]
fn a_phase_that_starts_today_ends_the_period_yesterday() {
    let (story, schedule) = live();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    replace(
        &story,
        &schedule,
        json!([
            {"priceIds": ["base", "calls"], "startDate": "2026-01-01", "endDate": "2026-01-14"},
            {"priceIds": ["late"], "startDate": "2026-01-15"},
        ]),
    );
    // The invoice that was upcoming bills the new price now.
    let expected = [
        "DRAFT 2026-01-01 10.00",
        "IN_PROGRESS 2026-02-01 7.00",
        "DRAFT 2026-01-15 1.00",
    ];
    assert_eq!(story.billed(), expected);
    story.advance("2026-02-01");
    assert_eq!(
        story.lines(&story.invoices()[1]),
        ["late: 1 × 7.00 = 7.00, 01-15 to 01-31"]
    );
}

#[test]
fn another_day_of_the_month_bills_each_day_once() {
    let (story, schedule) = live();
    story.update(&schedule, |body| {
        body["recurrenceDayOfMonth"] = 10.into();
        body["phases"][0]["priceIds"] = json!(["base", "calls"]);
    });
    story.advance("2026-03-10");
    assert_eq!(
        all_lines(&story),
        [
            "base: 1 × 10.00 = 10.00, 01-01 to 01-31",
            "calls: 10 × 0.10 = 1.00, 01-01 to 01-09",
            "base: 1 × 10.00 = 10.00, 02-10 to 03-09",
            "calls: 0 × 0.10 = 0.00, 01-10 to 02-09",
            "base: 1 × 10.00 = 10.00, 02-01 to 02-09",
            "base: 1 × 10.00 = 10.00, 03-10 to 04-09",
            "calls: 0 × 0.10 = 0.00, 02-10 to 03-09",
            "calls: 0 × 0.10 = 0.00, 03-10 to 04-09",
        ]
    );
}

#[test]
fn issued_invoices_stay() {
    let (story, schedule) = live();
    let issued = story.invoices().remove(0);
    story.act(Operation::InvoiceFinalize, &issued);
    let before = story.full(&issued);
    replace(
        &story,
        &schedule,
        json!([{"priceIds": ["calls"], "startDate": "2026-01-01"}]),
    );
    story.advance("2026-03-01");
    assert_eq!(story.full(&issued), before);
}

#[test]
fn a_price_that_is_charged_once_is_not_charged_again() {
    let story = Story::new();
    story.price("setup", |price| {
        price["structure"] = json!({"pricingType": "ONE_TIME", "price": "99.00"})
    });
    story.arrears("final", json!({"pricingType": "ONE_TIME", "price": "5.00"}));
    let phases = json!([{"priceIds": ["setup", "final"], "startDate": "2026-01-01"}]);
    let schedule = story.create(|body| body["phases"] = phases.clone());
    story.advance("2026-01-20");
    replace(&story, &schedule, phases);
    story.advance("2026-04-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-01-01 99.00", "DRAFT 2026-02-01 5.00"]
    );
    // One that is new is charged, whenever that is.
    story.price("more", |price| {
        price["structure"] = json!({"pricingType": "ONE_TIME", "price": "1.00"})
    });
    replace(
        &story,
        &schedule,
        json!([{"priceIds": ["setup", "final", "more"], "startDate": "2026-01-01"}]),
    );
    story.advance("2026-06-01");
    assert_eq!(story.billed()[2..], ["DRAFT 2026-04-01 1.00"]);
}

#[test]
fn an_archived_schedule_bills_through_today() {
    let (story, schedule) = live();
    story.use_calls("2026-01-15T00:00:00Z", json!({"n": 20}));
    story.use_calls("2026-01-16T00:00:00Z", json!({"n": 1_000}));
    story.on(Operation::BillingScheduleArchive, &schedule, None);
    assert_eq!(
        story.lines(&story.newest()),
        ["calls: 30 × 0.10 = 3.00, 01-01 to 01-15"]
    );
    story.advance("2026-06-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-01-01 10.00", "DRAFT 2026-02-01 3.00"]
    );
}

#[test]
fn a_schedule_that_is_pending_or_a_draft_has_new_terms_altogether() {
    let story = Story::new();
    let schedule = story.create(|body| {
        body["startDate"] = "2026-02-01".into();
        body["phases"][0]["startDate"] = "2026-02-01".into();
    });
    story.update(&schedule, |body| {
        body["startDate"] = "2025-12-01".into();
        body["phases"][0]["startDate"] = "2025-12-01".into();
    });
    assert_eq!(
        story.billed(),
        ["DRAFT 2025-12-01 10.00", "DRAFT 2026-01-01 10.00"]
    );
    assert_eq!(text(&story.read(&schedule), "status"), "ACTIVE");
}

#[test]
fn a_copy_bills_by_itself() {
    let (story, schedule) = live();
    let copy = story.on(
        Operation::BillingScheduleDuplicate,
        &schedule,
        Some(&json!({"customerId": story.customer})),
    );
    assert_eq!(copy.get("lastInvoiceId"), None);
    let before = story.billed().len();
    story.advance("2026-01-20");
    assert_eq!(story.billed().len(), before, "a draft bills nothing");
    story.on(Operation::BillingScheduleActivate, &copy, None);
    assert_eq!(story.billed().len(), before + 2);
}
