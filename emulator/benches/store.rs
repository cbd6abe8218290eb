//! Measures the store: pages, a full walk, and memory. Run with `cargo bench -p sequencehq-emulator --bench store`.

#![allow(
    clippy::disallowed_methods,
    clippy::print_stdout,
    reason = "a measurement needs the clock of the system, and prints its result"
)]

use std::hint::black_box;
use std::time::Instant;

use sequencehq_emulator::records::{Facet, Facets, Kind, Record};
use sequencehq_emulator::store::{Order, Selection, Settings, Store, Test};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

const MANY: u32 = 100_000;

/// An invoice without lines, with the facets that its lists need.
#[derive(Serialize, Deserialize)]
struct Invoice {
    id: String,
    #[serde(rename = "customerId")]
    customer_id: String,
    status: String,
    #[serde(flatten)]
    rest: Map<String, Value>,
}

impl Record for Invoice {
    const KIND: Kind = Kind::Invoice;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::CustomerId, &self.customer_id);
        facets.index(Facet::Status, &self.status);
        for (facet, field) in [
            (Facet::DueDate, "dueDate"),
            (Facet::AccountingDate, "accountingDate"),
            (Facet::LegalName, "customerLegalCompanyName"),
            (Facet::GrossTotal, "grossTotal"),
        ] {
            facets.index(facet, self.rest[field].as_str().unwrap_or_default());
        }
        facets.add(Facet::Currency, "GBP");
        facets.add(Facet::PaymentStatus, "UNPAID");
    }
}

fn invoice(id: String, number: u32) -> Invoice {
    let address =
        json!({"line1": "1 Example Street", "town": "London", "postcode": "EC1A 1AA", "country": "GB"});
    let day = format!("2026-{:02}-{:02}", number % 12 + 1, number % 28 + 1);
    let rest = json!({
        "accountingDate": day, "createdAt": "2026-01-01T12:00:00Z", "updatedAt": "2026-01-01T12:00:00Z", "currency": "GBP",
        "sequenceAccountId": "7f4a2c10-53d1-4b1f-8a3e-0d9c4d2b1a11", "paymentStatus": "UNPAID", "dueDate": day,
        "netTotal": "0.00", "totalTax": "0.00", "grossTotal": "0.00", "balance": "0.00", "balanceVersion": 1,
        "customerLegalCompanyName": "Acme Ltd", "customerEmails": ["billing@customer.example"], "customerTaxStatus": "TAXED",
        "customerBillingAddress": address, "customerShippingAddress": address, "dueDateSource": "CALCULATED",
        "lineItemGroups": [], "lineItems": [], "paymentOptions": ["BANK_TRANSFER"], "calculatedAt": "2026-01-01T12:00:00Z",
        "appliedCreditNotes": [], "paymentAllocations": [], "projectedCreditGrants": [], "appliedCreditGrants": [], "links": [],
    });
    Invoice {
        id,
        customer_id: format!("7f4a2c10-53d1-4b1f-8a3e-{:012x}", number % 1_000),
        status: if number.is_multiple_of(3) { "DRAFT" } else { "SENT" }.to_owned(),
        rest: rest.as_object().cloned().unwrap_or_default(),
    }
}

fn fill(store: &Store, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let put = store.write(|tx| {
            let id = tx.new_id();
            tx.put(&invoice(id, number));
            Ok::<_, ()>(())
        });
        assert_eq!(put, Ok(()));
    }
}

/// The resident memory of this process in kB, where the system shows it.
fn resident() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix(" kB")?.parse().ok()
}

fn walk(store: &Store, selection: &Selection<'_>) -> u32 {
    let (mut after, mut seen) = (None, 0);
    loop {
        let selection = Selection {
            after: after.as_deref(),
            ..selection.clone()
        };
        let page = store
            .read(|state| state.page(Kind::Invoice, &selection))
            .expect("a good cursor");
        seen += black_box(page.texts).len() as u32;
        after = page.after;
        if after.is_none() {
            return seen;
        }
    }
}

fn main() {
    let store = Store::new(Settings::default());
    let before = resident();
    fill(&store, 0..10_000);
    let texts: usize = store.read(|state| state.rows(Kind::Invoice).map(|row| row.text().len()).sum());
    println!("10,000 empty invoices: {} kB of text", texts / 1_024);
    if let (Some(before), Some(after)) = (before, resident()) {
        println!("10,000 empty invoices: {} kB of memory", after - before);
    }
    let start = Instant::now();
    fill(&store, 10_000..MANY);
    println!("write: {:?} each", start.elapsed() / (MANY - 10_000));

    let newest = Selection::all(20);
    let customer = Test::OneOf(
        Facet::CustomerId,
        vec!["7f4a2c10-53d1-4b1f-8a3e-000000000007".to_owned()],
    );
    let draft = Test::OneOf(Facet::Status, vec!["DRAFT".to_owned()]);
    let by_due_date = Selection {
        order: Order::By(Facet::DueDate),
        ..newest.clone()
    };
    for (name, selection) in [
        ("newest", newest.clone()),
        ("by due date", by_due_date.clone()),
        (
            "of a customer",
            Selection {
                tests: vec![customer.clone()],
                ..by_due_date.clone()
            },
        ),
        (
            "of a status",
            Selection {
                tests: vec![draft.clone()],
                ..newest.clone()
            },
        ),
        (
            "of a status, by due date",
            Selection {
                tests: vec![draft.clone()],
                ..by_due_date.clone()
            },
        ),
    ] {
        let page = || store.read(|state| state.page(Kind::Invoice, &selection));
        let start = Instant::now();
        black_box(page()).expect("no cursor");
        let first = start.elapsed();
        let start = Instant::now();
        for _ in 0..1_000 {
            black_box(page()).expect("no cursor");
        }
        println!(
            "page {name}, {MANY} invoices: {first:?} at first, {:?} after that",
            start.elapsed() / 1_000
        );
    }
    for (name, selection) in [
        ("newest", newest.clone()),
        ("by due date", by_due_date.clone()),
        (
            "of a status, by due date",
            Selection {
                tests: vec![draft],
                ..by_due_date
            },
        ),
    ] {
        let start = Instant::now();
        let seen = walk(&store, &selection);
        println!("walk {name}: {seen} invoices in {:?}", start.elapsed());
    }
}
