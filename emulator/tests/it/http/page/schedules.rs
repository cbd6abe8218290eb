//! The demo company: schedules as timelines, usage, credit, and what is billed on demand.

use sequencehq_emulator::Emulator;

use super::super::super::http::{raw, start};
use super::{Reply, get, html, post};

const DEMO: &str = include_str!("../../../../src/seed/demo.yaml");

async fn demo() -> Emulator {
    let emulator = start(Emulator::builder().date("2026-01-20".parse().expect("a date"))).await;
    seed(&emulator, DEMO).await;
    emulator
}

async fn seed(emulator: &Emulator, yaml: &str) {
    let seeded = raw(emulator, "POST /_emulator/seed", "", yaml)
        .await
        .expect("a response");
    assert_eq!(seeded.status, 200, "{}", seeded.body);
}

/// The page of the record that a list links to by this text.
async fn linked(emulator: &Emulator, list: &str, text: &str) -> Reply {
    let page = get(emulator, list).await;
    let link = html(&page)
        .split("<a href=\"")
        .find(|part| part.contains(&format!(">{text}</a>")));
    let path = link
        .and_then(|link| link.split('"').next())
        .expect("a link")
        .to_owned();
    raw(emulator, &format!("GET {path}"), "", "")
        .await
        .expect("a response")
}

#[tokio::test]
async fn a_schedule_is_a_timeline_of_phases_periods_and_invoices() {
    let emulator = demo().await;
    post(&emulator, "advance", "to=2026-04-05").await;
    let reply = linked(&emulator, "schedules", "Brightwater, platform").await;
    let page = html(&reply);
    let (_, drawing) = page.split_once("<svg class=\"timeline\"").expect("a drawing");
    let drawing = drawing.split("</svg>").next().unwrap_or_default();
    let count = |part: &str| drawing.matches(part).count();
    assert_eq!(count("<rect class=\"phase"), 2, "{drawing}");
    assert_eq!(count("<rect class=\"phase open"), 1, "the last phase is open");
    // Four months of the fee in advance, and of calls and seats in arrears, of which the last ones are running.
    assert_eq!(
        (count("<rect class=\"bar\""), count("<rect class=\"bar open\"")),
        (10, 2),
        "{drawing}"
    );
    assert_eq!(
        (
            count("<circle class=\"mark sent\""),
            count("<circle class=\"mark in_progress\"")
        ),
        (4, 1)
    );
    assert!(
        drawing.contains("2026-01-01 to 2026-01-31: 12 billed"),
        "{drawing}"
    );
    assert!(
        drawing.contains("SEQ-00002, sent, 2026-02-01: 590.22 GBP"),
        "{drawing}"
    );
    // The tables have the same, for those who do not see the drawing.
    for expected in [
        "10 % off: Introductory offer",
        "at least 600 for each period",
        "SEQ-00004",
        "643.68",
    ] {
        assert!(page.contains(expected), "{expected}");
    }
}

#[tokio::test]
async fn credit_burns_down_on_the_pages_of_its_schedule_and_its_customer() {
    let emulator = demo().await;
    post(&emulator, "advance", "to=2026-03-15").await;
    for (list, text) in [
        ("schedules", "Juniper, prepaid"),
        ("customers", "Juniper Health Inc"),
    ] {
        let page = linked(&emulator, list, text).await;
        let expected = "3\u{2009}000 left, 2\u{2009}400 of it reserved by drafts";
        assert!(html(&page).contains(expected), "{list}: {}", page.body);
    }
}

#[tokio::test]
async fn usage_is_drawn_by_day_and_listed() {
    let emulator = demo().await;
    let customers = get(&emulator, "customers").await;
    let row = html(&customers)
        .split("<tr>")
        .find(|row| row.contains("Halden"))
        .expect("a row");
    let id = row
        .split("customers/")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .expect("an id");
    let reply = get(&emulator, &format!("usage?customer={id}")).await;
    let page = html(&reply);
    assert!(
        page.contains("at most 140 on a day") && page.contains("273.25 together"),
        "{page}"
    );
    assert_eq!(page.matches("<rect class=\"bar\"").count(), 3);
    assert!(page.contains("<code>gigabytes: 12.75</code>"));
    // Long after the last event, the chart still has it.
    post(&emulator, "advance", "to=2027-01-01").await;
    let later = get(&emulator, &format!("usage?customer={id}")).await;
    assert_eq!(html(&later).matches("<rect class=\"bar\"").count(), 3);
}

#[tokio::test]
async fn prices_on_demand_are_billed_by_a_form() {
    let emulator = demo().await;
    let yaml = "products:\n  - {key: work, name: Work}\n\
        customers:\n  - {key: acme, legalName: Acme Ltd}\n\
        prices:\n  - key: demand\n    productId: $work\n    name: Work\n    currency: GBP\n    billingFrequency: ON_DEMAND\n    \
        billingType: IN_ARREARS\n    structure: {pricingType: FIXED, price: 70.00}\n\
        schedules:\n  - customerId: $acme\n    label: Acme, work\n    startDate: 2026-01-20\n    phases:\n      \
        - {startDate: 2026-01-20, priceIds: [$demand]}\n";
    seed(&emulator, yaml).await;
    let page = linked(&emulator, "schedules", "Acme, work").await;
    let action = html(&page)
        .split("action=\"/_emulator/page/")
        .find(|part| part.contains("Bill on demand"));
    let action = action
        .and_then(|action| action.split('"').next())
        .expect("a form")
        .to_owned();
    let billed = post(&emulator, &action, "").await;
    assert!(html(&billed).contains("Billed: 1 invoice."), "{}", billed.body);
    let again = post(&emulator, &action, "").await;
    assert!(html(&again).contains("Nothing is left to bill"), "{}", again.body);
    let others = linked(&emulator, "schedules", "Pebble, starter").await;
    assert!(!html(&others).contains("Bill on demand"), "it has no such price");
}
