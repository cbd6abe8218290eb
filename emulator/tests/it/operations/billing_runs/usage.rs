//! Usage and seats on invoices of schedules.

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::{Story, id, text};

/// An account whose metric sums up 120 in January and 30 in February.
fn used() -> (Story, String) {
    let story = Story::new();
    let metric = story.metric(|_| {});
    for (at, count) in [
        ("2026-01-01T00:00:00Z", 100),
        ("2026-01-31T23:59:59Z", 20),
        ("2026-02-01T00:00:00Z", 30),
    ] {
        story.use_calls(
            at,
            json!({"n": count, "region": if count == 30 { "us" } else { "eu" }}),
        );
    }
    story.use_calls("2025-12-31T23:59:59Z", json!({"n": 1_000}));
    (story, metric)
}

fn tiers() -> Value {
    json!([
        {"upperBound": "100", "price": "1", "fee": "0", "isPricePercentage": false},
        {"price": "0.5", "fee": "10", "isPricePercentage": false},
    ])
}

/// The lines of the invoice of January, and of February so far, over one price.
fn january_and_february(story: &Story, structure: Value) -> [Vec<String>; 2] {
    story.arrears("calls", structure);
    story.create(|body| body["phases"][0]["priceIds"] = json!(["calls"]));
    story.advance("2026-02-01");
    let invoices = story.invoices();
    [&invoices[0], &invoices[1]].map(|invoice| {
        let lines = story.lines(invoice).into_iter();
        lines
            .map(|line| line.split(", 0").next().unwrap_or_default().to_owned())
            .collect()
    })
}

#[test]
fn usage_is_counted_by_the_days_of_the_period() {
    let (story, metric) = used();
    let structure = json!({
        "pricingType": "LINEAR", "pricePerUnit": "0.10", "usageMetricId": metric, "isPricePercentage": false,
    });
    let [january, february] = january_and_february(&story, structure);
    assert_eq!(january, ["calls: 120 × 0.10 = 12.00"]);
    assert_eq!(february, ["calls: 30 × 0.10 = 3.00"]);
}

#[test]
fn packages_and_tiers_are_priced_by_their_structure() {
    let (story, metric) = used();
    let package = json!({
        "pricingType": "PACKAGE", "packageSize": "50", "pricePerPackage": "7", "usageMetricId": metric,
    });
    let [january, february] = january_and_february(&story, package);
    assert_eq!(
        (&*january[0], &*february[0]),
        (
            "calls (Packages): 3 × 7 = 21.00",
            "calls (Packages): 1 × 7 = 7.00"
        )
    );

    let (story, metric) = used();
    let graduated = json!({
        "pricingType": "GRADUATED", "tiers": tiers(), "usageMetricId": metric, "usageCalculationMode": "BILLING_PERIOD",
    });
    let [january, february] = january_and_february(&story, graduated);
    let expected = [
        "calls (Tier 1): 100 × 1 = 100.00",
        "calls (Tier 2): 20 × 0.5 = 10.00",
        "calls (Fee of tier 2): 1 × 10 = 10.00",
    ];
    assert_eq!(january, expected);
    assert_eq!(february, ["calls (Tier 1): 30 × 1 = 30.00"]);

    let (story, metric) = used();
    let volume = json!({"pricingType": "VOLUME", "tiers": tiers(), "usageMetricId": metric});
    let [january, february] = january_and_february(&story, volume);
    assert_eq!(
        january,
        [
            "calls (Tier 2): 120 × 0.5 = 60.00",
            "calls (Fee of tier 2): 1 × 10 = 10.00"
        ]
    );
    assert_eq!(february, ["calls (Tier 1): 30 × 1 = 30.00"]);
}

#[test]
fn cumulative_usage_counts_from_the_start_of_the_phase() {
    let (story, metric) = used();
    let graduated = json!({
        "pricingType": "GRADUATED", "tiers": tiers(), "usageMetricId": metric, "usageCalculationMode": "CUMULATIVE",
    });
    let [_, february] = january_and_february(&story, graduated);
    assert_eq!(february, ["calls (Tier 2): 30 × 0.5 = 15.00"]);
    // An event of January that comes late counts as reached before, and is not billed.
    story.use_calls("2026-01-15T12:00:00Z", json!({"n": 1}));
    assert_eq!(text(&story.newest(), "netTotal"), "15.00");
}

#[test]
fn a_volume_tier_can_bound_the_charge_of_each_event() {
    let (story, metric) = used();
    let bounded = json!({
        "pricingType": "VOLUME", "usageMetricId": metric,
        "tiers": [{"price": "0.1", "isPricePercentage": true, "minPrice": "3", "maxPrice": "5"}],
    });
    let [january, february] = january_and_february(&story, bounded);
    assert_eq!(january, ["calls (Tier 1, charged by event): 1 × 8 = 8.00"]);
    assert_eq!(february, ["calls (Tier 1, charged by event): 1 × 3.0 = 3.00"]);
}

#[test]
fn groups_of_a_metric_have_lines_of_their_own() {
    let story = Story::new();
    let metric = story.metric(|metric| {
        metric["metricType"] = "GROUPED".into();
        metric["groupingProperty"] = "region".into();
    });
    for (region, count) in [("eu", 5), ("us", 7), ("eu", 1)] {
        story.use_calls("2026-01-01T12:00:00Z", json!({"n": count, "region": region}));
    }
    story.linear("calls", &metric);
    story.create(|body| body["phases"][0]["priceIds"] = json!(["calls"]));
    let expected = [
        "calls (eu): 6 × 0.10 = 0.60, 01-01 to 01-31",
        "calls (us): 7 × 0.10 = 0.70, 01-01 to 01-31",
    ];
    assert_eq!(story.lines(&story.newest()), expected);
}

#[test]
fn usage_of_all_aliases_counts() {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    story.create(|body| body["phases"][0]["priceIds"] = json!(["calls"]));
    let event = json!({"customerAlias": "acme", "eventType": "call", "eventTimestamp": "2026-01-02T00:00:00Z", "eventProperties": {"n": 10}});
    story.account.create(Operation::UsageEventCreate, &event);
    assert_eq!(
        text(&story.newest(), "netTotal"),
        "0.00",
        "the alias belongs to no customer yet"
    );
    let alias = json!({"customerId": story.customer, "value": "acme"});
    let alias = story.account.create(Operation::CustomerAliasCreate, &alias);
    assert_eq!(text(&story.newest(), "netTotal"), "1.00");
    story
        .account
        .ok(Operation::CustomerAliasDelete, &[("id", id(&alias))], "", None);
    assert_eq!(text(&story.newest(), "netTotal"), "0.00");
}

/// An account with a schedule over seats, 5 of them at first.
fn seated(change: impl FnOnce(&mut Value)) -> Story {
    let story = Story::new();
    let metric = json!({"seatType": "admin", "label": "Admins"});
    let metric = story.account.create(Operation::SeatMetricCreate, &metric);
    let mut structure = json!({
        "pricingType": "SEAT_BASED", "seatMetricId": id(&metric), "pricePerSeat": "12.00", "tiers": [],
        "prorationStrategy": "PRORATE_ALL_CHANGES", "contractedMinimumSeats": 0,
    });
    change(&mut structure);
    story.set_seats("2025-12-01T00:00:00Z", 5);
    story.arrears("seats", structure);
    story
}

#[test]
fn seats_are_counted_by_their_strategy() {
    for (strategy, expected) in [
        ("USE_MAXIMUM", "seats: 8 × 12.00 = 96.00"),
        ("PRORATE_INCREMENTS", "seats: 7 × 12.00 = 84.00"),
        ("PRORATE_ALL_CHANGES", "seats: 6.333333333333 × 12.00 = 76.00"),
    ] {
        let story = seated(|structure| structure["prorationStrategy"] = strategy.into());
        story.create(|body| {
            body["startDate"] = "2025-12-02".into();
            body["phases"][0] =
                json!({"priceIds": ["seats"], "startDate": "2025-12-02", "endDate": "2025-12-31"});
            body["isDraft"] = true.into();
            body["recurrenceDayOfMonth"] = 2.into();
        });
        // 30 days, of which 10 have 5, 8 and 6 seats.
        story.create(|body| {
            body["startDate"] = "2026-04-01".into();
            body["phases"][0] = json!({"priceIds": ["seats"], "startDate": "2026-04-01"});
        });
        story.set_seats("2026-04-11T00:00:00Z", 8);
        story.set_seats("2026-04-21T09:00:00Z", 6);
        story.advance("2026-05-01");
        let lines = story.lines(&story.invoices()[0]);
        assert_eq!(lines, [format!("{expected}, 04-01 to 04-30")], "{strategy}");
    }
}

#[test]
fn seats_in_advance_are_those_of_the_first_day() {
    let story = seated(|_| {});
    let seats = story.account.world.store().read(|state| {
        let price = state.map(sequencehq_emulator::records::Kind::Price, "seats");
        price.and_then(|mut price| price.remove("structure"))
    });
    story.price("early", |price| price["structure"] = seats.expect("a structure"));
    story.create(|body| body["phases"][0]["priceIds"] = json!(["early"]));
    story.set_seats("2026-01-10T00:00:00Z", 9);
    story.advance("2026-02-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-01-01 60.00", "DRAFT 2026-02-01 108.00"]
    );
}

#[test]
fn overages_are_billed_on_their_own_cadence() {
    let story = seated(|structure| {
        structure["contractedMinimumSeats"] = 4.into();
        structure["overagesBillingFrequency"] = "MONTHLY".into();
    });
    let structure = story.account.world.store().read(|state| {
        let price = state.map(sequencehq_emulator::records::Kind::Price, "seats");
        price.and_then(|mut price| price.remove("structure"))
    });
    story.price("year", |price| {
        price["billingFrequency"] = "QUARTERLY".into();
        price["structure"] = structure.expect("a structure");
    });
    story.create(|body| body["phases"][0]["priceIds"] = json!(["year"]));
    story.advance("2026-04-01");
    let lines: Vec<String> = story
        .invoices()
        .iter()
        .flat_map(|invoice| story.lines(invoice))
        .collect();
    // One seat above the minimum for 31, 28 and 31 of 90 days.
    let expected = [
        "year (Contracted seats): 4 × 12.00 = 48.00, 01-01 to 03-31",
        "year (Additional seats): 0.344444444444 × 12.00 = 4.13, 01-01 to 01-31",
        "year (Additional seats): 0.311111111111 × 12.00 = 3.73, 02-01 to 02-28",
        "year (Additional seats): 0.344444444444 × 12.00 = 4.13, 03-01 to 03-31",
        "year (Contracted seats): 4 × 12.00 = 48.00, 04-01 to 06-30",
        "year (Additional seats): 0.32967032967 × 12.00 = 3.96, 04-01 to 04-30",
    ];
    assert_eq!(lines, expected);
}

#[test]
fn what_cannot_be_billed_is_a_line_over_nothing_with_the_reason() {
    let story = Story::new();
    let metric = story.metric(|_| {});
    story.linear("calls", &metric);
    story.create(|body| body["phases"][0]["priceIds"] = json!(["base", "calls"]));
    story.use_calls("2026-01-02T00:00:00Z", json!({"n": -5}));
    story.advance("2026-02-01");
    let lines = story.lines(&story.invoices()[1]);
    assert_eq!(
        lines,
        [
            "base: 1 × 10.00 = 10.00, 02-01 to 02-28",
            "calls (Not billed: usage must not be negative, but is -5.): 0 × 0 = 0.00, 01-01 to 01-31",
        ]
    );
    let custom = story.metric(|metric| {
        metric["aggregationType"] = "CUSTOM".into();
        metric["aggregationProperty"] = Value::Null;
    });
    story.linear("custom", &custom);
    story.create(|body| {
        body["startDate"] = "2026-02-01".into();
        body["phases"][0] = json!({"priceIds": ["custom"], "startDate": "2026-02-01"});
    });
    let lines = story.lines(&story.newest());
    assert!(lines[0].contains("Not billed: a CUSTOM metric"), "{lines:?}");
}
