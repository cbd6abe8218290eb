//! How much work and memory things take, counted in allocations: unlike time, they are the same in every run.

use allocation_counter::measure;
use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::World;

use super::operations::invoices::{Story, line};

fn page(world: &World, query: &str) -> u64 {
    let info = measure(|| {
        let page = world.call(Operation::InvoiceList, Version::LATEST, &[], query, None);
        assert_eq!(page.status, 200);
    });
    info.count_total
}

#[test]
fn an_invoice_on_a_page_costs_few_allocations() {
    let story = Story::new();
    for _ in 0..100 {
        story.draft();
    }
    let few = page(&story.account.world, "limit=20");
    let many = page(&story.account.world, "limit=100");
    let each = (many - few) / 80;
    assert!(each < 200, "{each} allocations for each invoice");
}

#[test]
fn a_stored_invoice_takes_few_bytes() {
    const COUNT: i64 = 100;
    for (lines, most) in [(0, 2_000), (2, 4_000)] {
        let story = Story::new();
        let add = || {
            for _ in 0..COUNT {
                let invoice = story.draft();
                for _ in 0..lines {
                    story.line(
                        Operation::InvoiceLineItemCreate,
                        &invoice,
                        &line("2", "12.50", "0.2"),
                    );
                }
                story.act(Operation::InvoiceFinalizeAndSend, &invoice);
            }
        };
        add();
        let each = measure(add).bytes_current / COUNT;
        assert!(each < most, "{each} bytes for each invoice with {lines} lines");
    }
}
