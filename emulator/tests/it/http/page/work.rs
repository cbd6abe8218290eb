//! How much work pages take, counted in allocations: unlike time, they are the same in every run.

use allocation_counter::measure;
use sequencehq_emulator::Emulator;
use sequencehq_emulator::contract::{Operation, Version};
use serde_json::{Value, json};
use tokio::runtime::{Builder, Runtime};

use super::super::{on_new_year, send};
use super::{get, html, start};

/// Searching a name that is not ASCII allocates, so that each name that is looked at is counted.
const NAME: &str = "Zürich Ltd";

/// An account with so many invoices and requests, and the ids of a customer and an invoice.
struct Stage {
    runtime: Runtime,
    emulator: Emulator,
    customer: String,
    invoice: String,
}

impl Stage {
    fn new(invoices: usize) -> Self {
        // One thread, which is measured.
        let runtime = Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let emulator = runtime.block_on(start(on_new_year()));
        let customer = emulator.add_customer(NAME);
        let call = |operation, path: &[(&'static str, &str)], body: Value| {
            let answer = emulator
                .world()
                .call(operation, Version::LATEST, path, "", Some(&body));
            assert!(answer.status < 300, "{}", answer.json_body());
            answer.json_body()["id"].as_str().unwrap_or_default().to_owned()
        };
        let mut invoice = String::new();
        for number in 0..invoices {
            let body = json!({"customerId": customer, "currency": "GBP", "dueDate": "2026-02-01"});
            invoice = call(Operation::InvoiceCreate, &[], body);
            if number.is_multiple_of(2) {
                call(Operation::InvoiceFinalizeAndSend, &[("id", &invoice)], json!({}));
            }
        }
        let stage = Self {
            runtime,
            emulator,
            customer,
            invoice,
        };
        for _ in 0..invoices {
            let sent = stage
                .runtime
                .block_on(send(&stage.emulator, "GET /nothing", None));
            assert_eq!(sent.status, 404);
        }
        stage
    }

    /// Requests a page.
    fn show(&self, path: &str, status: u16) {
        let shown = self.runtime.block_on(get(&self.emulator, path));
        assert_eq!(shown.status, status, "{path}");
    }

    fn allocations(&self, path: &str) -> u64 {
        let path = path
            .replace("CUSTOMER", &self.customer)
            .replace("INVOICE", &self.invoice);
        // What is made once, such as a sorted list of a filter, is not a part of each page.
        self.show(&path, 200);
        measure(|| self.show(&path, 200)).count_total
    }
}

#[test]
fn a_page_takes_as_much_work_with_many_records_as_with_few() {
    let (few, many) = (Stage::new(150), Stage::new(600));
    for path in [
        "",
        "customers",
        "customers/CUSTOMER",
        "invoices",
        "invoices?status=SENT",
        "invoices/INVOICE",
        "schedules",
        "usage",
        "requests",
        "requests?show=refused",
        "deliveries",
        "faults",
    ] {
        let (few, many) = (few.allocations(path), many.allocations(path));
        assert!(
            many < few + few / 10 + 100,
            "{path:?}: {few} allocations, then {many}"
        );
    }
}

#[test]
fn a_search_without_hits_looks_at_each_name_once() {
    let stage = Stage::new(600);
    let found = stage
        .runtime
        .block_on(get(&stage.emulator, "invoices?search=z%C3%BCrich"));
    assert!(
        html(&found).contains("600"),
        "the search finds names that are not ASCII"
    );
    for (number, page) in ["invoices", "customers"].into_iter().enumerate() {
        // A search that was made before would be remembered.
        let searched = measure(|| stage.show(&format!("{page}?search=nothing-{number}"), 200)).count_total;
        let unfiltered = stage.allocations("deliveries");
        assert!(
            searched < unfiltered + 150,
            "{page}: {searched} allocations, and {unfiltered} for a page without rows"
        );
    }
}
