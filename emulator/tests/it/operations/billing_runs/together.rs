//! Schedules that are billed on one invoice.

use sequencehq_emulator::contract::Operation;
use serde_json::{Value, json};

use super::super::billing_schedules::customer;
use super::{Story, id, text};

/// An account with a second price, in arrears.
fn story() -> Story {
    let story = Story::new();
    story.arrears("late", json!({"pricingType": "FIXED", "price": "7.00"}));
    story
}

fn rolled_up(story: &Story, change: impl FnOnce(&mut Value)) -> Value {
    story.create(|body| {
        body["rollUpBilling"] = true.into();
        change(body);
    })
}

#[test]
fn schedules_are_billed_apart_unless_they_roll_up() {
    let story = story();
    story.create(|_| {});
    story.create(|_| {});
    rolled_up(&story, |_| {});
    assert_eq!(story.billed(), ["DRAFT 2026-01-01 10.00"; 3]);
}

#[test]
fn schedules_that_roll_up_share_the_invoice_of_a_day() {
    let story = story();
    let late = |body: &mut Value| body["phases"][0]["priceIds"] = json!(["late"]);
    let [first, second] = [(); 2].map(|()| rolled_up(&story, late));
    assert_eq!(story.billed(), ["IN_PROGRESS 2026-02-01 14.00"]);
    let third = rolled_up(&story, |body| {
        body["startDate"] = "2026-02-01".into();
        body["phases"][0]["startDate"] = "2026-02-01".into();
    });
    story.advance("2026-02-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-02-01 24.00", "IN_PROGRESS 2026-03-01 14.00"]
    );
    let invoice = &story.invoices()[0];
    assert_eq!(text(invoice, "billingScheduleId"), id(&first));
    for schedule in [first, second, third] {
        let query = format!("billingScheduleId={}", id(&schedule));
        let ids = story.account.ids(Operation::InvoiceList, &query);
        assert!(ids.contains(&id(invoice).to_owned()), "{ids:?}");
    }
    let path = [("id", id(invoice))];
    let response = story.account.call(Operation::InvoiceGet, &path, "", None);
    assert!(
        response.assumed.to_string().contains("A47"),
        "{}",
        response.assumed
    );
}

#[test]
fn other_customers_and_currencies_are_billed_apart() {
    let story = story();
    story.price("euro", |price| price["currency"] = "EUR".into());
    let other = customer(&story.account, "Beta");
    rolled_up(&story, |_| {});
    rolled_up(&story, |body| body["customerId"] = other.into());
    rolled_up(&story, |body| body["phases"][0]["priceIds"] = json!(["euro"]));
    assert_eq!(story.billed(), ["DRAFT 2026-01-01 10.00"; 3]);
}

#[test]
fn a_shared_invoice_is_issued_by_itself_if_all_schedules_do_so() {
    let story = story();
    let late = |issues: bool| {
        move |body: &mut Value| {
            body["phases"][0]["priceIds"] = json!(["late"]);
            body["autoIssueInvoices"] = issues.into();
        }
    };
    rolled_up(&story, late(true));
    let second = rolled_up(&story, late(false));
    story.advance("2026-02-01");
    assert_eq!(
        story.billed(),
        ["DRAFT 2026-02-01 14.00", "IN_PROGRESS 2026-03-01 14.00"]
    );
    story.update(&second, |body| {
        body["rollUpBilling"] = true.into();
        late(true)(body);
    });
    story.advance("2026-03-01");
    assert_eq!(story.billed()[1], "SENT 2026-03-01 14.00");
}

#[test]
fn a_merged_invoice_bills_the_schedules_of_its_sources() {
    let story = story();
    let [first, second] = [(); 2].map(|()| story.create(|_| {}));
    let ids: Vec<Value> = story
        .invoices()
        .iter()
        .map(|invoice| invoice["id"].clone())
        .collect();
    let merged = json!({"invoiceIds": ids});
    let merged = story.account.create(Operation::InvoiceMerge, &merged);
    assert_eq!(text(&merged, "netTotal"), "20.00");
    for schedule in [&first, &second] {
        assert_eq!(story.read(schedule)["lastInvoiceId"], merged["id"]);
    }
    story.advance("2026-02-01");
    assert_eq!(story.billed().len(), 3, "nothing is billed twice");
}

#[test]
fn a_schedule_that_leaves_a_shared_invoice_is_not_on_it_any_more() {
    let story = story();
    let late = |body: &mut Value| body["phases"][0]["priceIds"] = json!(["late"]);
    let [first, second] = [(); 2].map(|()| rolled_up(&story, late));
    story.update(&first, |body| {
        body["rollUpBilling"] = true.into();
        body["phases"][0]["startDate"] = "2026-03-01".into();
        late(body);
    });
    assert_eq!(story.billed(), ["IN_PROGRESS 2026-02-01 7.00"]);
    assert_eq!(text(&story.newest(), "billingScheduleId"), id(&second));
    assert_eq!(story.read(&first).get("lastInvoiceId"), None);
}
