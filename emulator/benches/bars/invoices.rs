//! Lists of 100,000 invoices with lines, and the memory of 10,000.

use std::hint::black_box;
use std::ops::Range;

use sequencehq_emulator::Emulator;
use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{Facet, Invoice, InvoiceLineItem};
use sequencehq_emulator::store::Settings;
use serde_json::{Value, json};

use super::bar::{below, cheapest, fastest, milliseconds};
use super::server::{Connection, runtime};
use super::support::{call, resident};

const MANY: usize = 100_000;
const CUSTOMERS: usize = 1_000;
const LINES: usize = 2;
const PAGES: u32 = 100;

fn create(world: &World, operation: Operation, path: &[(&'static str, &str)], body: &Value) -> String {
    let created = call(world, operation, path, "", Some(body));
    created["id"].as_str().unwrap_or_default().to_owned()
}

fn customers(world: &World) -> Vec<String> {
    let customer = |number| {
        let body = json!({
            "legalName": format!("Customer {number} Ltd"), "taxStatus": "TAXED",
            "address": {"line1": "1 Example Street", "town": "London", "postcode": "EC1A 1AA", "country": "GB"},
            "contacts": [{"name": "Ada", "email": "billing@customer.example", "billingPreference": "PRIMARY"}],
        });
        create(world, Operation::CustomerCreate, &[], &body)
    };
    (0..CUSTOMERS).map(customer).collect()
}

/// Creates invoices with lines, two of three sent and the others drafts.
fn add(world: &World, customers: &[String], numbers: Range<usize>, lines: usize) {
    for number in numbers {
        let day = day(number);
        let body = json!({
            "customerId": customers[number % customers.len()], "currency": "GBP", "accountingDate": day, "dueDate": day,
            "purchaseOrderNumber": format!("PO-{number}"),
        });
        let id = create(world, Operation::InvoiceCreate, &[], &body);
        for line in 0..lines {
            let body = json!({
                "title": format!("Service {line}"), "quantity": (number % 7 + 1).to_string(), "rate": "12.50", "taxRate": "0.2",
                "externalIds": [], "servicePeriod": {"startDate": "2026-01-01", "endDate": "2026-01-31"},
            });
            create(
                world,
                Operation::InvoiceLineItemCreate,
                &[("invoice", &id)],
                &body,
            );
        }
        if !number.is_multiple_of(3) {
            call(world, Operation::InvoiceFinalizeAndSend, &[("id", &id)], "", None);
        }
    }
}

/// Copies the invoices, with their lines, until there are this many. The API would take longer.
fn copy(world: &World, customers: &[String], count: usize) {
    let (invoices, mut lines) = world.store().read(|state| {
        let invoices: Vec<Invoice> = state.all();
        let lines = invoices
            .iter()
            .map(|invoice| state.all_with(Facet::InvoiceId, &invoice.id));
        (invoices.clone(), lines.collect::<Vec<Vec<InvoiceLineItem>>>())
    });
    for number in invoices.len()..count {
        let (mut invoice, lines) = (
            invoices[number % invoices.len()].clone(),
            &mut lines[number % invoices.len()],
        );
        let copied = world.store().write(|tx| {
            invoice.id = tx.new_id();
            invoice
                .customer_id
                .clone_from(&customers[number % customers.len()]);
            invoice.accounting_date = day(number);
            invoice.due_date = Some(day(number));
            if let Some(last) = &mut invoice.invoice_number {
                *last = format!("SEQ-{number:05}");
            }
            tx.put(&invoice);
            for line in lines {
                line.id = tx.new_id();
                line.document_id.clone_from(&invoice.id);
                tx.put(line);
            }
            Ok::<_, ()>(())
        });
        assert_eq!(copied, Ok(()));
    }
}

fn day(number: usize) -> String {
    format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1)
}

pub(crate) fn memory() {
    for (name, lines) in [("empty", 0), ("with two lines", LINES)] {
        let world = World::new(Settings::default());
        let customers = customers(&world);
        let Some(before) = resident() else {
            println!("memory: this system does not show it");
            return;
        };
        add(&world, &customers, 0..10_000, lines);
        let grown = resident().unwrap_or_default().saturating_sub(before);
        below(
            &format!("memory, 10,000 invoices, {name}"),
            grown as f64 / 1_000.0,
            20.0,
            "MB",
        );
        std::mem::forget(world);
    }
}

/// Creates 100,000 invoices with lines, and returns their customers.
pub(crate) fn many(world: &World) -> Vec<String> {
    let customers = customers(world);
    add(world, &customers, 0..21, LINES);
    copy(world, &customers, MANY);
    customers
}

pub(crate) fn lists(pages: bool, walks: bool) {
    let runtime = runtime();
    let emulator = runtime
        .block_on(Emulator::builder().start())
        .expect("a free port");
    let customers = many(emulator.world());
    if pages {
        self::pages(emulator.world(), &customers[7]);
    }
    if walks {
        for (name, query) in [
            ("newest", ""),
            ("by due date", "&sortBy=DUE_DATE"),
            ("drafts", "&invoiceStatus=DRAFT"),
        ] {
            let mut seen = 0;
            let time = cheapest(3, || seen = walk(&emulator, query));
            below(
                &format!("walk over HTTP, {name}, {seen} invoices"),
                time.as_secs_f64(),
                3.0,
                "s",
            );
        }
    }
}

fn pages(world: &World, customer: &str) {
    let deep = call(
        world,
        Operation::InvoiceList,
        &[],
        "limit=100&sortBy=DUE_DATE&invoiceStatus=SENT",
        None,
    );
    let after = deep["pagination"]["after"].as_str().unwrap_or_default();
    for (name, query) in [
        ("newest", String::new()),
        ("newest, 100 invoices", "limit=100".to_owned()),
        ("by due date", "sortBy=DUE_DATE".to_owned()),
        (
            "of a customer, by due date",
            format!("customerId={customer}&sortBy=DUE_DATE"),
        ),
        ("drafts", "invoiceStatus=DRAFT".to_owned()),
        (
            "after a cursor, sent, by due date",
            format!("limit=20&sortBy=DUE_DATE&invoiceStatus=SENT&after={after}"),
        ),
        (
            "due in a month, by amount",
            "dueAfter=2026-02-28&dueBefore=2026-04-01&sortBy=GROSS_TOTAL".to_owned(),
        ),
        ("search", "search=SEQ-0042".to_owned()),
        (
            "without an amount",
            "excludeZeroQuantity=true&excludeInvoiceStatus=SENT&sortOrder=ASC".to_owned(),
        ),
    ] {
        let page = || {
            drop(black_box(world.call(
                Operation::InvoiceList,
                Version::LATEST,
                &[],
                &query,
                None,
            )))
        };
        let first = milliseconds(fastest(1, page));
        // The system counts CPU time in steps of up to 4 ms.
        let pages = cheapest(3, || (0..PAGES).for_each(|_| page()));
        below(&format!("page, {name}"), milliseconds(pages / PAGES), 1.0, "ms");
        println!("       its first use took {first:.1} ms that passed");
    }
}

/// Follows the cursors over one connection.
fn walk(emulator: &Emulator, query: &str) -> usize {
    let mut connection = Connection::open(emulator);
    let (mut seen, mut after) = (0, String::new());
    loop {
        let page = connection.get(&format!("/invoices?limit=100{query}{after}"));
        let page = String::from_utf8_lossy(&page);
        seen += page.matches("\"accountingDate\":").count();
        match page
            .rsplit_once("\"after\":\"")
            .and_then(|(_, rest)| rest.split_once('"'))
        {
            Some((cursor, _)) => after = format!("&after={cursor}"),
            None => return seen,
        }
    }
}
