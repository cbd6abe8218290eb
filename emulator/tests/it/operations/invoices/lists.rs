//! Lists of invoices, and sums over them.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::records::{Invoice, Kind};
use serde_json::{Value, json};

use super::super::text;
use super::{InvoiceStatus, Story};

/// Invoices in several states, oldest first.
fn invoices(story: &Story) -> [String; 4] {
    story
        .account
        .seed(Kind::BillingSchedule, json!({"id": "schedule-1"}));
    let other = super::customer(&story.account, "alpha");
    let made: Vec<String> = (0..3)
        .map(|_| {
            let invoice = story.draft();
            story.add_line(&invoice, "1", "100", "0.2");
            invoice
        })
        .collect();
    for (invoice, number, status, sent) in [
        (&made[1], "SEQ-00001", InvoiceStatus::Final, None),
        (
            &made[2],
            "SEQ-00002",
            InvoiceStatus::Sent,
            Some("2026-01-10T12:00:00Z"),
        ),
    ] {
        let changed = story.account.world.control(|tx| {
            let changed = tx.update::<Invoice>(invoice, |invoice| {
                invoice.status = status;
                invoice.invoice_number = Some(number.to_owned());
                invoice.issue_date = Some("2026-01-10".to_owned());
                invoice.due_date = Some("2026-02-09".to_owned());
                invoice.sent_at = sent.map(str::to_owned);
                if sent.is_some() {
                    invoice.payment_status = "PAID".to_owned();
                }
            });
            changed.ok_or(())
        });
        assert!(changed.is_ok());
    }
    let empty = story.draft_with(json!({
        "customerId": other, "currency": "EUR", "billingScheduleId": "schedule-1",
        "dueDate": "2026-12-01", "accountingDate": "2025-12-31",
    }));
    [made[0].clone(), made[1].clone(), made[2].clone(), empty]
}

#[test]
fn filters_select_and_exclude() {
    let story = Story::new();
    let all = invoices(&story);
    let [draft, finalized, sent, empty] = all.each_ref();
    let mine = format!("customerId={}", story.customer);
    let both = format!("customerId={},x", story.customer);
    let not_mine = format!("excludeCustomerId={}", story.customer);
    let cases: [(&str, &[&String]); 27] = [
        ("", &[draft, finalized, sent, empty]),
        ("invoiceStatus=DRAFT", &[draft, empty]),
        ("invoiceStatus=FINAL,SENT", &[finalized, sent]),
        ("excludeInvoiceStatus=DRAFT,SENT", &[finalized]),
        ("invoicePaymentStatus=PAID", &[sent]),
        (
            "excludeInvoicePaymentStatus=PAID,UNCOLLECTIBLE",
            &[draft, finalized, empty],
        ),
        (&mine, &[draft, finalized, sent]),
        (&both, &[draft, finalized, sent]),
        (&not_mine, &[empty]),
        ("billingScheduleId=schedule-1", &[empty]),
        (
            "excludeBillingScheduleId=schedule-1,schedule-2",
            &[draft, finalized, sent],
        ),
        ("invoiceCurrency=EUR,USD", &[empty]),
        ("excludeInvoiceCurrency=EUR", &[draft, finalized, sent]),
        ("invoiceNumber=SEQ-00002", &[sent]),
        ("excludeInvoiceNumber=SEQ-00002,SEQ-9", &[draft, finalized, empty]),
        ("search=seq-", &[finalized, sent]),
        ("excludeSearch=00001", &[draft, sent, empty]),
        ("netTotal=100", &[draft, finalized, sent]),
        ("excludeNetTotal=100.00", &[empty]),
        ("excludeZeroQuantity=true", &[draft, finalized, sent]),
        ("excludeZeroQuantity=false", &[draft, finalized, sent, empty]),
        ("dueBefore=2026-02-10", &[finalized, sent]),
        ("dueBefore=2026-02-09", &[]),
        ("dueAfter=2026-02-09", &[empty]),
        ("sentAfter=2026-01-09&sentBefore=2026-01-11", &[sent]),
        ("invoiceBefore=2026-01-01", &[empty]),
        ("invoiceAfter=2025-12-31&invoiceStatus=DRAFT", &[draft]),
    ];
    for (filter, expected) in cases {
        for list in [Operation::InvoiceList, Operation::InvoiceListSummary] {
            let found = story.account.ids(list, &format!("sortOrder=ASC&{filter}"));
            let found: Vec<&String> = found.iter().collect();
            assert_eq!(found, expected, "{} {filter}", list.id());
        }
    }
    let list = |query: &str| {
        story
            .account
            .call(Operation::InvoiceList, &[], query, None)
            .assumed
            .to_string()
    };
    assert!(list(&both).starts_with("A6,"), "{}", list(&both));
    assert_eq!(list("netTotal=1"), "");
}

#[test]
fn lists_are_sorted_and_invoices_without_the_value_come_last() {
    let story = Story::new();
    let [draft, finalized, sent, empty] = invoices(&story);
    let last = |query: &str| {
        let ids = story.account.ids(Operation::InvoiceList, query);
        [ids[0].clone(), ids[3].clone()]
    };
    let sorted = |column: &str, order: &str| last(&format!("sortBy={column}&sortOrder={order}"));
    assert_eq!(
        sorted("CUSTOMER_LEGAL_COMPANY_NAME", "DESC"),
        [empty.clone(), draft.clone()]
    );
    assert_eq!(sorted("GROSS_TOTAL", "ASC"), [empty.clone(), sent.clone()]);
    assert_eq!(sorted("ACCOUNTING_DATE", "ASC"), [empty.clone(), sent.clone()]);
    assert_eq!(sorted("DUE_DATE", "ASC"), [finalized.clone(), draft.clone()]);
    assert_eq!(sorted("DUE_DATE", "DESC"), [empty.clone(), draft.clone()]);
    assert_eq!(sorted("ISSUE_DATE", "DESC"), [sent, draft]);
}

#[test]
fn numbers_sort_as_numbers_and_names_without_case() {
    let story = Story::new();
    let zeta = super::customer(&story.account, "Zeta");
    let (nine, ten) = (story.draft(), story.draft_with(json!({"customerId": zeta})));
    story.add_line(&nine, "1", "9", "0");
    story.add_line(&ten, "1", "10", "0");
    for column in ["GROSS_TOTAL", "CUSTOMER_LEGAL_COMPANY_NAME"] {
        let query = format!("sortOrder=ASC&sortBy={column}");
        let ids = story.account.ids(Operation::InvoiceList, &query);
        assert_eq!(ids, [nine.clone(), ten.clone()], "{column}");
    }
}

#[test]
fn the_short_list_has_a_few_fields() {
    let story = Story::new();
    invoices(&story);
    let page = story.account.ok(
        Operation::InvoiceListSummary,
        &[],
        "invoiceNumber=SEQ-00001",
        None,
    );
    let item = &page["items"][0];
    for (field, expected) in [
        ("status", json!("FINAL")),
        ("grossTotal", json!("120.00")),
        ("dueDate", json!("2026-02-09")),
        ("dueDateSource", json!("CALCULATED")),
        ("links", json!([])),
    ] {
        assert_eq!(item[field], expected, "{field}");
    }
    assert_eq!((item.get("netTotal"), item.get("createdAt")), (None, None));
}

#[test]
fn sums_are_by_currency_and_exact() {
    let story = Story::new();
    for (currency, rate) in [
        ("GBP", "0.10"),
        ("GBP", "0.20"),
        ("JPY", "500"),
        ("EUR", "90071992547409930.01"),
    ] {
        let invoice = story.draft_with(json!({"currency": currency}));
        story.add_line(&invoice, "1", rate, "0");
    }
    let summary = |query: &str| {
        let response = story.account.call(Operation::InvoiceSummary, &[], query, None);
        let sequencehq_emulator::operations::Content::Json(text) = response.content else {
            panic!("JSON");
        };
        text
    };
    assert_eq!(
        summary(""),
        concat!(
            r#"{"totalsByCurrency":[{"currency":"EUR","invoiceCount":1,"grossTotal":90071992547409930.01},"#,
            r#"{"currency":"GBP","invoiceCount":2,"grossTotal":0.3},"#,
            r#"{"currency":"JPY","invoiceCount":1,"grossTotal":500}]}"#
        )
    );
    assert_eq!(summary("invoiceStatus=SENT"), r#"{"totalsByCurrency":[]}"#);
    assert!(summary("invoiceCurrency=JPY").contains("500"));
}

#[test]
fn older_versions_lack_the_newer_filters() {
    let mut story = Story::new();
    story.draft();
    story.account.version = Version::parse("2024-05-09").expect("the version exists");
    for filter in [
        "search=x",
        "invoiceNumber=x",
        "netTotal=1",
        "excludeInvoiceStatus=SENT",
        "sortBy=DUE_DATE",
    ] {
        let refused = story.account.refused(Operation::InvoiceList, &[], filter, None);
        assert_eq!(refused.status, 400, "{filter}");
    }
    let page = story
        .account
        .ok(Operation::InvoiceList, &[], "excludeZeroQuantity=true", None);
    assert_eq!(page["items"], json!([]));
}

#[test]
fn pages_of_invoices_continue_at_the_cursor() {
    let story = Story::new();
    for _ in 0..5 {
        story.draft();
    }
    let page = |query: &str| -> Value { story.account.ok(Operation::InvoiceList, &[], query, None) };
    let first = page("limit=3&sortBy=DUE_DATE");
    let after = text(&first["pagination"], "after").to_owned();
    let second = page(&format!("limit=3&sortBy=DUE_DATE&after={after}"));
    assert_eq!(second["items"].as_array().map(Vec::len), Some(2));
    let refused = story.account.refused(
        Operation::InvoiceListSummary,
        &[],
        &format!("limit=3&sortBy=DUE_DATE&after={after}"),
        None,
    );
    assert!(refused.message.contains("another list"), "{}", refused.message);
}
