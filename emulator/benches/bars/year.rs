//! A year of the clock.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::Kind;
use sequencehq_emulator::store::Settings;
use sequencehq_emulator::store::clock::Clock;
use serde_json::{Value, json};

use super::bar::{below, cheapest};
use super::support::call;

const SCHEDULES: usize = 1_000;

fn create(world: &World, operation: Operation, body: &Value) -> Value {
    call(world, operation, &[], "", Some(body))["id"].clone()
}

/// A fixed fee, and usage.
fn prices(world: &World) -> Vec<Value> {
    let product = create(world, Operation::ProductCreate, &json!({"name": "API"}));
    let usage = json!({
        "name": "Calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM", "aggregationProperty": "n",
        "propertyFilters": {},
    });
    let usage = create(world, Operation::UsageMetricCreate, &usage);
    let structures = [
        json!({"pricingType": "FIXED", "price": "49.00"}),
        json!({"pricingType": "LINEAR", "pricePerUnit": "0.02", "usageMetricId": usage, "isPricePercentage": false}),
    ];
    let prices = structures.into_iter().map(|structure| {
        let price = json!({
            "productId": product, "name": "Price", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ARREARS",
            "structure": structure, "integrationIds": [], "customMetricParameters": [],
        });
        create(world, Operation::PriceCreate, &price)
    });
    prices.collect()
}

fn account() -> World {
    let world = World::new(Settings {
        clock: Clock::standing("2025-12-31T12:00:00Z".parse().expect("an instant")),
        ..Settings::default()
    });
    let prices = prices(&world);
    for number in 0..SCHEDULES {
        let alias = format!("customer-{number}");
        let customer = json!({
            "legalName": format!("Customer {number}"), "taxStatus": "TAXED", "customerAliases": [alias],
            "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
            "contacts": [{"name": "A", "email": "a@x.example", "billingPreference": "PRIMARY"}],
        });
        let schedule = json!({
            "customerId": create(&world, Operation::CustomerCreate, &customer), "startDate": "2026-01-01", "taxRates": [],
            "autoIssueInvoices": true, "isDraft": false, "rollUpBilling": false,
            "phases": [{"priceIds": prices, "startDate": "2026-01-01"}],
        });
        create(&world, Operation::BillingScheduleCreate, &schedule);
        for month in 1..=12 {
            let event = json!({
                "customerAlias": alias, "eventType": "call", "eventTimestamp": format!("2026-{month:02}-15T08:00:00Z"),
                "eventProperties": {"n": 3},
            });
            call(&world, Operation::UsageEventCreate, &[], "", Some(&event));
        }
    }
    world
}

/// In one round, since the memory that another round freed would make this one slower.
pub(crate) fn year() {
    let world = account();
    let last = "2027-01-01".parse().expect("a date");
    let time = cheapest(1, || world.advance_to(last).expect("forward"));
    let invoices = world.store().read(|state| state.count(Kind::Invoice));
    assert!(invoices >= SCHEDULES * 12, "{invoices} invoices");
    below(
        "year of 1,000 schedules with 12 invoices each",
        time.as_secs_f64(),
        5.0,
        "s",
    );
    std::mem::forget(world);
}
