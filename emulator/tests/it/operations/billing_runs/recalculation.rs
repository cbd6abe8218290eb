//! Upcoming invoices follow what they depend on.

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::{Story, id, tax_rate, text};

/// An account whose upcoming invoice has one price by usage.
fn upcoming(change: impl FnOnce(&mut Value)) -> (Story, String) {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    story.create(|body| {
        body["phases"][0]["priceIds"] = json!(["calls"]);
        change(body);
    });
    (story, metric)
}

#[track_caller]
fn check(story: &Story, net: &str) {
    assert_eq!(text(&story.newest(), "netTotal"), net);
}

#[test]
fn an_event_is_on_the_upcoming_invoice_of_its_day() {
    let (story, _) = upcoming(|_| {});
    story.advance("2026-01-05");
    let event = story.use_calls("2026-01-05T08:00:00Z", json!({"n": 10}));
    check(&story, "1.00");
    assert_eq!(text(&story.newest(), "calculatedAt"), "2026-01-05T12:00:00Z");
    let correction = json!({
        "customerAlias": story.customer, "eventType": "call", "eventTimestamp": "2026-02-01T00:00:00Z",
        "eventProperties": {"n": 10}, "customerEventId": event["customerEventId"],
    });
    story.account.create(Operation::UsageEventCreate, &correction);
    check(&story, "0.00");
    story.advance("2026-02-01");
    check(&story, "1.00");
}

#[test]
fn an_event_of_a_closed_period_changes_nothing() {
    let (story, _) = upcoming(|_| {});
    story.advance("2026-02-01");
    let before = story.invoices();
    story.use_calls("2026-01-31T23:59:59Z", json!({"n": 10}));
    assert_eq!(story.invoices(), before);
}

#[test]
fn an_invoice_is_the_same_whenever_it_is_read() {
    let events = [
        "2026-01-02T00:00:00Z",
        "2026-01-03T00:00:00Z",
        "2026-01-04T00:00:00Z",
    ];
    let seen = |reads: bool| {
        let (story, _) = upcoming(|_| {});
        for (day, at) in events.iter().enumerate() {
            story.advance(&format!("2026-01-0{}", day + 2));
            story.use_calls(at, json!({"n": day}));
            if reads {
                story.newest();
                story.account.ok(Operation::ProductList, &[], "", None);
            }
        }
        let invoice = story.newest();
        let lines = story.account.ok(
            Operation::InvoiceLineItemList,
            &[("invoice", id(&invoice))],
            "",
            None,
        );
        let log = story.account.ok(Operation::ActivityLogList, &[], "", None);
        (invoice, lines, log)
    };
    assert_eq!(seen(true), seen(false));
}

#[test]
fn a_refused_request_leaves_events_to_the_next_one() {
    let (story, _) = upcoming(|_| {});
    story.use_calls("2026-01-05T08:00:00Z", json!({"n": 10}));
    story
        .account
        .refused(Operation::InvoiceGet, &[("id", "unknown")], "", None);
    check(&story, "1.00");
}

#[test]
fn events_announce_the_invoice_with_its_new_totals() {
    let (story, _) = upcoming(|_| {});
    story.account.watch();
    story.use_calls("2026-01-05T08:00:00Z", json!({"n": 10}));
    let deliveries = story
        .account
        .world
        .store()
        .read(|state| state.all::<sequencehq_emulator::records::Delivery>());
    let body: Value = serde_json::from_str(&deliveries[0].body).expect("JSON");
    assert_eq!(
        (deliveries.len(), text(&body, "notificationType")),
        (1, "INVOICE_UPDATED")
    );
    assert_eq!(text(&body["resource"], "netTotal"), "1.00");
}

#[test]
fn changed_terms_are_on_the_upcoming_invoice() {
    let story_rate = |story: &Story| tax_rate(&story.account);
    let (story, metric) = upcoming(|_| {});
    story.use_calls("2026-01-05T08:00:00Z", json!({"n": 10, "region": "eu"}));
    let rate = story_rate(&story);
    let schedule = story.account.ok(Operation::BillingScheduleList, &[], "", None)["items"][0].clone();
    story.update(&schedule, |body| {
        body["phases"][0]["priceIds"] = json!(["calls"]);
        body["taxRates"] = json!([{"priceId": "calls", "taxRateId": rate}]);
        body["phases"][0]["discounts"] =
            json!([{"type": "PERCENTAGE", "amount": 50, "message": "half", "separateLineItem": false}]);
        body["memo"] = "New".into();
    });
    check(&story, "0.50");
    let invoice = story.newest();
    assert_eq!(
        (text(&invoice, "totalTax"), text(&invoice, "memo")),
        ("0.10", "New")
    );

    let body = json!({
        "isPublished": true, "name": "VAT", "invoiceName": "VAT", "invoiceShortName": "VAT", "amount": "0.4", "country": "GB",
        "id": rate,
    });
    story
        .account
        .ok(Operation::TaxRateUpdate, &[("id", &rate)], "", Some(&body));
    assert_eq!(text(&story.newest(), "totalTax"), "0.20");

    let discount = story.account.ids(Operation::DiscountList, "").remove(0);
    story
        .account
        .ok(Operation::DiscountDelete, &[("id", &discount)], "", None);
    check(&story, "1.00");

    let filtered = json!({
        "name": "Calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM", "aggregationProperty": "n",
        "propertyFilters": {"region": ["us"]},
    });
    story.account.ok(
        Operation::UsageMetricUpdate,
        &[("id", &metric)],
        "",
        Some(&filtered),
    );
    check(&story, "0.00");

    story.account.ok(
        Operation::PriceUpdate,
        &[("id", "calls")],
        "",
        Some(&json!({"name": "API calls"})),
    );
    assert!(story.lines(&story.newest())[0].starts_with("API calls: 0"));
}

#[test]
fn an_event_of_another_type_or_customer_touches_nothing() {
    let (story, _) = upcoming(|_| {});
    let before = story.account.world.store().read(|state| state.dump());
    for (alias, event_type) in [("unknown", "call"), (&*story.customer, "other")] {
        let event = json!({
            "customerAlias": alias, "eventType": event_type, "eventTimestamp": "2026-01-05T00:00:00Z", "eventProperties": {"n": 1},
        });
        story.account.create(Operation::UsageEventCreate, &event);
    }
    let after = story.account.world.store().read(|state| state.dump());
    let runs = |dump: &str| {
        dump.lines()
            .filter(|line| line.starts_with("billing run"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(runs(&after), runs(&before));
}
