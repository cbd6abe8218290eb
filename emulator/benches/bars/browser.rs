//! The pages for people, with 100,000 invoices, 10,000 requests and 50,000 usage events of one customer.

use std::cell::Cell;

use sequencehq_emulator::Emulator;
use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use serde_json::{Value, json};

use super::bar::{below, cheapest, fastest, milliseconds};
use super::invoices;
use super::server::{Connection, runtime};
use super::support::call;

/// How many requests the log keeps, and how many events of a customer are drawn.
const REQUESTS: usize = 10_000;
const EVENTS: usize = 50_000;
const METRICS: usize = 4;
const ROUNDS: u32 = 20;
/// The bar, in milliseconds.
const MOST: f64 = 50.0;

pub(crate) fn browser() {
    let runtime = runtime();
    let emulator = runtime
        .block_on(
            Emulator::builder()
                .date("2026-03-31".parse().expect("a date"))
                .start(),
        )
        .expect("a free port");
    let customers = invoices::many(emulator.world());
    let (customer, schedule) = customer(emulator.world());
    let mut connection = Connection::open(&emulator);
    let invoice = invoice(&mut connection);
    for number in 0..REQUESTS {
        // Every tenth is refused, for a parameter that the operation does not have.
        let limit = if number.is_multiple_of(10) {
            "limits"
        } else {
            "limit"
        };
        connection.status_of(&format!("/api/products?{limit}=1"));
    }
    let number = Cell::new(0);
    let searched = |path: &str, text: &str| {
        number.set(number.get() + 1);
        format!("{path}search={text}{}", number.get())
    };
    let fixed: [(&str, String); 13] = [
        ("overview", String::new()),
        ("customers", "customers".to_owned()),
        ("a customer", format!("customers/{customer}")),
        ("invoices", "invoices".to_owned()),
        (
            "invoices of a customer",
            format!("invoices?customer={}", customers[7]),
        ),
        ("an invoice", format!("invoices/{invoice}")),
        ("its PDF", format!("invoices/{invoice}/pdf")),
        ("schedules", "schedules".to_owned()),
        ("a schedule", format!("schedules/{schedule}")),
        ("usage", format!("usage?customer={customer}")),
        ("requests", "requests".to_owned()),
        ("refused requests", "requests?show=refused".to_owned()),
        ("deliveries", "deliveries".to_owned()),
    ];
    for (name, path) in &fixed {
        measure(&mut connection, name, || path.clone());
    }
    // A text that was searched for before is found faster, so each search is for another one.
    measure(&mut connection, "search of invoices, without hits", || {
        searched("invoices?", "nothing-")
    });
    measure(&mut connection, "search of invoices, with hits", || {
        searched("invoices?", "SEQ-00")
    });
    measure(&mut connection, "search of sent invoices", || {
        searched("invoices?status=SENT&", "customer+")
    });
    measure(&mut connection, "search of customers, without hits", || {
        searched("customers?", "nothing-")
    });
}

fn measure(connection: &mut Connection, name: &str, path: impl Fn() -> String) {
    let mut show = || {
        assert_eq!(
            connection.status_of(&format!("/_emulator/page/{}", path())),
            200,
            "{name}"
        );
    };
    let first = milliseconds(fastest(1, &mut show));
    let time = cheapest(3, || (0..ROUNDS).for_each(|_| show()));
    below(
        &format!("browser, {name}"),
        milliseconds(time / ROUNDS),
        MOST,
        "ms",
    );
    println!("       its first use took {first:.1} ms that passed");
}

/// A sent invoice.
fn invoice(connection: &mut Connection) -> String {
    let list = connection.get("/invoices?limit=1&invoiceStatus=SENT");
    let list: Value = serde_json::from_slice(&list).expect("JSON");
    list["items"][0]["id"].as_str().unwrap_or_default().to_owned()
}

/// A customer with events on each day of three months, and a schedule that billed five years.
fn customer(world: &World) -> (String, String) {
    let create = |operation, body: Value| call(world, operation, &[], "", Some(&body))["id"].clone();
    let customer = create(
        Operation::CustomerCreate,
        json!({
            "legalName": "Busy Ltd", "taxStatus": "TAXED", "customerAliases": ["busy"],
            "address": {"line1": "1", "town": "London", "postcode": "E1 6AN", "country": "GB"},
            "contacts": [{"name": "A", "email": "a@x.example", "billingPreference": "PRIMARY"}],
        }),
    );
    let product = create(Operation::ProductCreate, json!({"name": "API"}));
    for number in 0..METRICS {
        create(
            Operation::UsageMetricCreate,
            json!({
                "name": format!("Calls {number}"), "metricType": "SIMPLE", "eventType": "call", "aggregationType": "SUM",
                "aggregationProperty": "n", "propertyFilters": {},
            }),
        );
    }
    for number in 0..EVENTS {
        let (month, day) = (number / 25 % 3 + 1, number % 25 + 1);
        create(
            Operation::UsageEventCreate,
            json!({
                "customerAlias": "busy", "eventType": "call", "eventTimestamp": format!("2026-{month:02}-{day:02}T08:00:00Z"),
                "eventProperties": {"n": 3, "region": "eu"},
            }),
        );
    }
    let price = create(
        Operation::PriceCreate,
        json!({
            "productId": product, "name": "Fee", "currency": "GBP", "billingFrequency": "MONTHLY", "billingType": "IN_ARREARS",
            "structure": {"pricingType": "FIXED", "price": "49.00"}, "integrationIds": [], "customMetricParameters": [],
        }),
    );
    let schedule = create(
        Operation::BillingScheduleCreate,
        json!({
            "customerId": customer, "startDate": "2021-01-01", "taxRates": [], "autoIssueInvoices": true, "isDraft": false,
            "rollUpBilling": false, "phases": [{"priceIds": [price], "startDate": "2021-01-01"}],
        }),
    );
    let text = |id: Value| id.as_str().unwrap_or_default().to_owned();
    (text(customer), text(schedule))
}
