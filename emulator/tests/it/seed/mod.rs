//! Accounts that are described in a file.

mod faults;

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::Kind;
use sequencehq_emulator::seed::{Seed, Seeded};
use sequencehq_emulator::store::Settings;
use sequencehq_emulator::store::clock::Clock;
use serde_json::{Value, json};

use super::operations::settings;

/// An account with what a text describes.
fn seeded(text: &str) -> (World, Seeded) {
    let seed = Seed::parse("company.yaml", text).unwrap_or_else(|error| panic!("{error}"));
    let world = World::new(settings());
    let seeded = seed.apply(&world).unwrap_or_else(|error| panic!("{error}"));
    (world, seeded)
}

fn get(world: &World, operation: Operation, id: &str) -> Value {
    let response = world.call(operation, Version::LATEST, &[("id", id)], "", None);
    assert_eq!(response.status, 200, "{}", response.json_body());
    response.json_body()
}

#[test]
fn entries_have_defaults_and_refer_to_each_other_whatever_their_order_in_the_file() {
    let (world, seeded) = seeded(
        "
prices:
  - key: base
    productId: $platform
    name: $$ 9.90 a month
    currency: GBP
    billingFrequency: MONTHLY
    billingType: IN_ADVANCE
    structure: {pricingType: FIXED, price: 9.90}
products:
  - {key: platform, name: Platform}
customers:
  - {key: acme, legalName: Acme Ltd}
",
    );
    let expected = [("customers", 1), ("prices", 1), ("products", 1)];
    assert_eq!(seeded.created, expected.into());
    let price = get(&world, Operation::PriceGet, &seeded.ids["base"]);
    assert_eq!(price["productId"], seeded.ids["platform"].as_str());
    assert_eq!(
        (&price["name"], &price["structure"]["price"]),
        (&json!("$ 9.90 a month"), &json!("9.90"))
    );
    let customer = get(&world, Operation::CustomerGet, &seeded.ids["acme"]);
    assert_eq!(
        (&customer["taxStatus"], &customer["address"]["country"]),
        (&json!("TAXED"), &json!("GB"))
    );
    assert_eq!(customer["contacts"][0]["billingPreference"], "PRIMARY");
}

#[test]
fn numbers_keep_their_digits() {
    let (world, seeded) = seeded(
        "
products:
  - {key: api, name: API, label: 1.10}
usageMetrics:
  - {key: calls, name: Calls, eventType: call, aggregationType: SUM, aggregationProperty: n}
prices:
  - key: price
    productId: $api
    name: Calls
    currency: GBP
    billingFrequency: MONTHLY
    billingType: IN_ARREARS
    structure: {pricingType: LINEAR, usageMetricId: $calls, pricePerUnit: 0.1234567890123456789012, isPricePercentage: false}
usageEvents:
  - {customerAlias: x, eventType: call, eventProperties: {n: 0.1234567890123456789012, text: \"1.50\"}}
",
    );
    let price = get(&world, Operation::PriceGet, &seeded.ids["price"]);
    assert_eq!(price["structure"]["pricePerUnit"], "0.1234567890123456789012");
    let product = get(&world, Operation::ProductGet, &seeded.ids["api"]);
    assert_eq!(product["label"], "1.10");
    let events = world.store().read(|state| {
        let rows = state.rows(Kind::UsageEvent);
        rows.map(|row| row.text()).collect::<Vec<_>>()
    });
    assert!(
        events[0].contains(r#"{"n":0.1234567890123456789012,"text":"1.50"}"#),
        "{events:?}"
    );
}

#[test]
fn json_is_a_seed_too() {
    let (_, seeded) = seeded(r#"{"customers": [{"key": "acme", "legalName": "Acme Ltd"}]}"#);
    assert!(seeded.ids.contains_key("acme"));
    let (_, empty) = self::seeded("");
    assert_eq!(empty, Seeded::default());
}

/// The seed of the README.
fn readme() -> (&'static str, &'static str) {
    let text = include_str!("../../../README.md");
    let (_, rest) = text.split_once("```yaml\n").expect("a seed");
    let (seed, _) = rest.split_once("```").expect("its end");
    (text, seed)
}

#[test]
fn the_seed_of_the_readme_bills_a_month() {
    let (_, seed) = readme();
    let (world, seeded) = seeded(seed);
    assert_eq!(seeded.created["schedules"], 1);
    let response = world.call(Operation::InvoiceList, Version::LATEST, &[], "", None);
    assert_eq!(response.json_body()["items"][0]["netTotal"], "99.50");
}

#[test]
fn the_fault_of_the_readme_is_the_one_that_is_written() {
    let (text, seed) = readme();
    let error = Seed::parse("company.yaml", &seed.replace("legalName", "legalNames"))
        .and_then(|seed| seed.apply(&World::new(settings())))
        .expect_err("a fault");
    let first = format!("error: {}\n", error.lines()[0]);
    assert!(text.contains(&first), "{first}");
}

#[test]
fn the_demo_bills_what_its_comments_promise() {
    let seed = Seed::demo().unwrap_or_else(|error| panic!("{error}"));
    let date = seed.date().expect("a date");
    let noon = date.and_hms_opt(12, 0, 0).expect("noon").and_utc();
    let world = World::new(Settings {
        clock: Clock::standing(noon),
        ..settings()
    });
    let seeded = seed.apply(&world).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!((seeded.created["customers"], seeded.created["schedules"]), (4, 4));
    world
        .advance_to("2026-02-02".parse().expect("a date"))
        .expect("forward");
    let query = "limit=100&sortOrder=ASC";
    let page = world.call(Operation::InvoiceList, Version::LATEST, &[], query, None);
    let page = page.json_body();
    let billed: Vec<String> = page["items"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|invoice| invoice["status"] != "IN_PROGRESS")
        .map(|invoice| {
            let text = |name: &str| invoice[name].as_str().unwrap_or_default();
            let customer = text("customerLegalCompanyName")
                .split(' ')
                .next()
                .unwrap_or_default();
            format!(
                "{customer} {} {} {}",
                text("status"),
                text("accountingDate"),
                text("netTotal")
            )
        })
        .collect();
    for expected in [
        "Brightwater SENT 2026-01-01 405.00",
        // 450 in advance, 2 calls beyond the first 10 at 0.25, and 8 seats at 12; 10 % off.
        "Brightwater SENT 2026-02-01 491.85",
        "Halden DRAFT 2026-01-01 900.00",
        // Two packages for 273.25 gigabytes.
        "Halden DRAFT 2026-02-01 80.00",
        "Pebble DRAFT 2026-02-01 29.00",
    ] {
        assert!(
            billed.iter().any(|line| line == expected),
            "{expected} is not in {billed:#?}"
        );
    }
    assert!(
        billed.iter().any(|line| line.starts_with("Juniper ")),
        "{billed:#?}"
    );
}
