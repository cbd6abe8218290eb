//! Payment statuses and balances.

use sequencehq_emulator::contract::{Operation, Version};
use serde_json::json;

use super::super::text;
use super::Story;

#[test]
fn paying_an_invoice_settles_its_balance_with_a_payment() {
    let story = Story::new();
    let invoice = story.invoice_in("SENT");
    let state = || {
        let full = story.get(&invoice);
        let payments = full["paymentAllocations"].as_array().cloned().expect("a list");
        let balance = text(&full, "balance").to_owned();
        (balance, full["balanceVersion"].as_i64(), payments)
    };
    story.set_payment_status(&invoice, "PAID");
    let (balance, version, payments) = state();
    assert_eq!((balance.as_str(), version, payments.len()), ("0.00", Some(2), 1));
    for (field, expected) in [
        ("amount", "120.00"),
        ("origin", "MANUAL"),
        ("paidAt", "2026-01-01T12:00:00Z"),
    ] {
        assert_eq!(payments[0][field], expected, "{field}");
    }
    story.set_payment_status(&invoice, "PAID");
    assert_eq!(state(), (balance, version, payments), "paid once");
    story.set_payment_status(&invoice, "UNPAID");
    assert_eq!(state(), ("120.00".to_owned(), Some(3), Vec::new()));
    story.set_payment_status(&invoice, "PARTIALLY_PAID");
    assert_eq!(
        state(),
        ("120.00".to_owned(), Some(3), Vec::new()),
        "no amount was sent"
    );
}

#[test]
fn a_draft_that_is_paid_has_nothing_to_pay_once_it_is_final() {
    let story = Story::new();
    let invoice = story.invoice_in("DRAFT");
    story.set_payment_status(&invoice, "PAID");
    assert_eq!(story.get(&invoice).get("balance"), None);
    story.act(Operation::InvoiceFinalize, &invoice);
    let full = story.get(&invoice);
    assert_eq!(text(&full, "balance"), "0.00");
    assert_eq!(full["paymentAllocations"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_status_of_the_oldest_version_is_answered_by_that_version_only() {
    let mut story = Story::new();
    let invoice = story.invoice_in("SENT");
    story.account.version = Version::parse("2024-01-01").expect("the version exists");
    let failed = story.set_payment_status(&invoice, "FAILED");
    assert_eq!(text(&failed, "paymentStatus"), "FAILED");
    assert_eq!(
        story
            .account
            .ids(Operation::InvoiceList, "invoicePaymentStatus=FAILED"),
        std::slice::from_ref(&invoice)
    );
    story.account.version = Version::LATEST;
    assert_eq!(text(&story.get(&invoice), "paymentStatus"), "UNPAID");
    let list = story.account.ok(Operation::InvoiceList, &[], "", None);
    assert_eq!(list["items"][0]["paymentStatus"], "UNPAID");
    let path = [("id", invoice.as_str())];
    let body = json!({"paymentStatus": "FAILED"});
    let update = Operation::InvoiceUpdatePaymentStatus;
    let refused = story.account.refused(update, &path, "", Some(&body));
    assert!(
        refused.message.starts_with("body.paymentStatus:"),
        "{}",
        refused.message
    );
}
