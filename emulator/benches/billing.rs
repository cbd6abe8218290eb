//! Measures billing by the clock: opening and closing the periods of 10,000 schedules, and events beside an upcoming
//! invoice. Run with `cargo bench -p sequencehq-emulator --bench billing`.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement needs the clock of the system, and prints its result"
)]

mod support;

use std::time::Instant;

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::store::Settings;
use sequencehq_emulator::store::clock::Clock;
use serde_json::{Value, json};

use support::call;

const SCHEDULES: usize = 10_000;
const EVENTS: usize = 100_000;

fn create(world: &World, operation: Operation, body: &Value) -> String {
    let created = call(world, operation, &[], "", Some(body));
    created["id"].as_str().unwrap_or_default().to_owned()
}

/// A fixed fee in advance, and seats and usage in arrears.
fn prices(world: &World) -> Vec<String> {
    let product = create(world, Operation::ProductCreate, &json!({"name": "API"}));
    let usage = json!({
        "name": "Calls", "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM", "aggregationProperty": "n",
        "propertyFilters": {},
    });
    let usage = create(world, Operation::UsageMetricCreate, &usage);
    let seats = json!({"seatType": "member", "label": "Members"});
    let seats = create(world, Operation::SeatMetricCreate, &seats);
    let structures = [
        ("IN_ADVANCE", json!({"pricingType": "FIXED", "price": "49.00"})),
        (
            "IN_ARREARS",
            json!({
                "pricingType": "SEAT_BASED", "seatMetricId": seats, "pricePerSeat": "12.00", "tiers": [],
                "prorationStrategy": "PRORATE_ALL_CHANGES", "contractedMinimumSeats": 1,
            }),
        ),
        (
            "IN_ARREARS",
            json!({
                "pricingType": "LINEAR", "pricePerUnit": "0.02", "usageMetricId": usage, "isPricePercentage": false,
            }),
        ),
    ];
    let prices = structures.into_iter().map(|(billing_type, structure)| {
        let price = json!({
            "productId": product, "name": "Price", "currency": "GBP", "billingFrequency": "MONTHLY",
            "billingType": billing_type, "structure": structure, "integrationIds": [], "customMetricParameters": [],
        });
        create(world, Operation::PriceCreate, &price)
    });
    prices.collect()
}

fn schedule(world: &World, number: usize, prices: &[String]) {
    let customer = json!({
        "legalName": format!("Customer {number}"), "taxStatus": "TAXED", "customerAliases": [format!("customer-{number}")],
        "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
        "contacts": [{"name": "A", "email": "a@x.example", "billingPreference": "PRIMARY"}],
    });
    let schedule = json!({
        "customerId": create(world, Operation::CustomerCreate, &customer), "startDate": "2026-02-01", "taxRates": [],
        "autoIssueInvoices": true, "isDraft": false, "rollUpBilling": false,
        "phases": [{"priceIds": prices, "startDate": "2026-02-01"}],
    });
    create(world, Operation::BillingScheduleCreate, &schedule);
}

fn event(world: &World, alias: &str, day: usize) {
    let event = json!({
        "customerAlias": alias, "eventType": "call", "eventTimestamp": format!("2026-02-{day:02}T08:00:00Z"),
        "eventProperties": {"n": 3},
    });
    call(world, Operation::UsageEventCreate, &[], "", Some(&event));
}

fn advance(world: &World, date: &str) {
    let start = Instant::now();
    world.advance_to(date.parse().expect("a date")).expect("forward");
    println!("the clock through {date}: {:?}", start.elapsed());
}

fn main() {
    let world = World::new(Settings {
        clock: Clock::standing("2026-01-31T12:00:00Z".parse().expect("an instant")),
        ..Settings::default()
    });
    let prices = prices(&world);
    let start = Instant::now();
    (0..SCHEDULES).for_each(|number| schedule(&world, number, &prices));
    println!(
        "create a customer and a schedule: {:?} each",
        start.elapsed() / SCHEDULES as u32
    );
    advance(&world, "2026-02-01");
    advance(&world, "2026-02-20");

    let start = Instant::now();
    (0..EVENTS).for_each(|number| event(&world, "customer-0", number % 28 + 1));
    println!(
        "an event beside an upcoming invoice: {:?} each",
        start.elapsed() / EVENTS as u32
    );
    let read = || {
        let start = Instant::now();
        call(
            &world,
            Operation::InvoiceList,
            &[],
            "invoiceStatus=IN_PROGRESS&limit=1",
            None,
        );
        start.elapsed()
    };
    println!(
        "the next list of invoices: {:?} with {EVENTS} events of one customer, then {:?}",
        read(),
        read()
    );
    (0..SCHEDULES).for_each(|number| event(&world, &format!("customer-{number}"), 21));
    println!(
        "the next list of invoices: {:?} with events of all customers",
        read()
    );
    advance(&world, "2026-03-01");
    advance(&world, "2026-03-31");
}
