//! Pages, filters, sorting and sums.

use crate::story::Story;
use serde_json::{Value, json};

fn ids(page: &Value) -> Vec<String> {
    let items = page["items"].as_array().expect("items");
    items
        .iter()
        .map(|item| item["id"].as_str().expect("an id").to_owned())
        .collect()
}

#[tokio::test]
async fn pages_lead_forwards_and_backwards_over_the_same_items() {
    let story = Story::begin().await;
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(story.draft().await);
    }
    for (order, expected) in [
        ("ASC", made.clone()),
        ("DESC", made.iter().rev().cloned().collect()),
    ] {
        let list = format!("/invoices?limit=3&sortOrder={order}");
        let (mut forwards, mut pages) = (Vec::new(), Vec::new());
        let mut path = list.clone();
        loop {
            let page = story.get(&path).await.expect(200).json();
            assert_eq!(page["pagination"]["totalResultSize"], 7);
            forwards.extend(ids(&page));
            let after = page["pagination"]["after"].as_str().map(str::to_owned);
            pages.push(page);
            let Some(after) = after else { break };
            path = format!("{list}&after={after}");
        }
        assert_eq!(forwards, expected);
        assert_eq!(pages[0]["pagination"].get("before"), None);

        for index in (1..pages.len()).rev() {
            let before = pages[index]["pagination"]["before"]
                .as_str()
                .expect("a page before");
            let page = story
                .get(&format!("{list}&before={before}"))
                .await
                .expect(200)
                .json();
            assert_eq!(ids(&page), ids(&pages[index - 1]));
        }
    }
}

#[tokio::test]
async fn a_bad_or_foreign_cursor_is_refused() {
    let story = Story::begin().await;
    for _ in 0..2 {
        story.draft().await;
    }
    let page = story.get("/invoices?limit=1").await.expect(200).json();
    let after = page["pagination"]["after"].as_str().expect("one more");
    story
        .get(&format!("/invoices?limit=1&after={after}"))
        .await
        .expect(200);
    story
        .get(&format!("/invoices?limit=100&after={after}"))
        .await
        .expect(200);
    let refused = [
        "/invoices?after=nonsense".to_owned(),
        "/invoices?after=".to_owned(),
        format!("/invoices?after={after}&before={after}"),
        format!("/invoices?after={after}&sortOrder=ASC"),
        format!("/invoices?after={after}&invoiceStatus=DRAFT"),
        format!("/invoices/list-summary?after={after}"),
    ];
    for path in refused {
        let (_, message) = story.get(&path).await.expect(400).error();
        assert!(
            message.contains("cursor") || message.contains("not both"),
            "{path}: {message}"
        );
    }
}

#[tokio::test]
async fn a_page_has_twenty_items_unless_told_otherwise() {
    let story = Story::begin().await;
    for _ in 0..21 {
        story.draft().await;
    }
    assert_eq!(ids(&story.get("/invoices").await.json()).len(), 20);
    assert_eq!(ids(&story.get("/invoices?limit=100").await.json()).len(), 21);
    for limit in ["0", "101", "-1", "x", ""] {
        let (_, message) = story
            .get(&format!("/invoices?limit={limit}"))
            .await
            .expect(400)
            .error();
        assert!(message.starts_with("query.limit"), "{message}");
    }
}

#[tokio::test]
async fn filters_choose_and_leave_out() {
    let story = Story::begin().await;
    let other = story.emulator.add_customer("Zeta Ltd").into_string();
    let draft = story.invoice_in("DRAFT").await;
    let finalized = story.invoice_in("FINAL").await;
    let sent = story.invoice_in("SENT").await;
    let body = json!({"customerId": other, "currency": "EUR", "billingScheduleId": "schedule-1",
        "dueDate": "2026-12-01", "accountingDate": "2026-01-31"});
    let empty = story.post("/invoices", body).await.expect(201).id();
    story
        .put(
            &format!("/invoices/{sent}/payment-status"),
            json!({"paymentStatus": "PAID"}),
        )
        .await
        .expect(200);

    let all = [&draft, &finalized, &sent, &empty];
    let not_other = format!("excludeCustomerId={other}");
    let only_other = format!("customerId={other}");
    let cases: [(&str, &[&String]); 26] = [
        ("", &all),
        ("invoiceStatus=DRAFT", &[&draft, &empty]),
        ("excludeInvoiceStatus=DRAFT,SENT", &[&finalized]),
        ("invoicePaymentStatus=PAID", &[&sent]),
        (
            "excludeInvoicePaymentStatus=PAID,UNCOLLECTIBLE",
            &[&draft, &finalized, &empty],
        ),
        (&only_other, &[&empty]),
        (&not_other, &[&draft, &finalized, &sent]),
        ("billingScheduleId=schedule-1", &[&empty]),
        (
            "excludeBillingScheduleId=schedule-1,schedule-2",
            &[&draft, &finalized, &sent],
        ),
        ("invoiceCurrency=EUR,USD", &[&empty]),
        ("excludeInvoiceCurrency=EUR", &[&draft, &finalized, &sent]),
        ("invoiceNumber=SEQ-00002", &[&sent]),
        (
            "excludeInvoiceNumber=SEQ-00002,SEQ-9",
            &[&draft, &finalized, &empty],
        ),
        ("search=seq-", &[&finalized, &sent]),
        ("excludeSearch=00001", &[&draft, &sent, &empty]),
        ("netTotal=100", &[&draft, &finalized, &sent]),
        ("excludeNetTotal=100.00", &[&empty]),
        ("excludeZeroQuantity=true", &[&draft, &finalized, &sent]),
        ("excludeZeroQuantity=false", &all),
        ("dueBefore=2026-04-10", &[&finalized, &sent]),
        ("dueBefore=2026-04-09", &[]),
        ("dueAfter=2026-04-09", &[&empty]),
        ("sentAfter=2026-03-09&sentBefore=2026-03-11", &[&sent]),
        ("invoiceBefore=2026-02-01", &[&empty]),
        ("invoiceAfter=2026-03-10", &[]),
        ("invoiceStatus=DRAFT&invoiceCurrency=GBP", &[&draft]),
    ];
    for (filter, expected) in cases {
        for list in ["/invoices", "/invoices/list-summary"] {
            let path = format!("{list}?sortOrder=ASC&{filter}");
            let page = story.get(&path).await.expect(200).json();
            assert_eq!(ids(&page).iter().collect::<Vec<_>>(), expected, "{path}");
        }
    }
}

#[tokio::test]
async fn lists_are_sorted_by_what_was_asked() {
    let story = Story::begin().await;
    let alpha = story.emulator.add_customer("alpha").into_string();
    let mut made = Vec::new();
    for (customer, rate, date) in [
        (&story.customer_id, "9", "2026-03-03"),
        (&alpha, "10", "2026-03-02"),
    ] {
        let body =
            json!({"customerId": customer, "currency": "GBP", "accountingDate": date, "dueDate": date});
        let id = story.post("/invoices", body).await.expect(201).id();
        story.add_line(&id, "1", rate, "0").await;
        made.push(id);
    }
    story
        .act(&format!("/invoices/{}/finalize", made[0]))
        .await
        .expect(200);
    let (first, second) = (made[0].clone(), made[1].clone());
    let cases = [
        ("CUSTOMER_LEGAL_COMPANY_NAME", [&first, &second]),
        ("GROSS_TOTAL", [&first, &second]),
        ("ACCOUNTING_DATE", [&second, &first]),
        ("DUE_DATE", [&second, &first]),
        ("ISSUE_DATE", [&second, &first]),
    ];
    for (column, ascending) in cases {
        let path = format!("/invoices?sortOrder=ASC&sortBy={column}");
        let page = story.get(&path).await.expect(200).json();
        assert_eq!(ids(&page).iter().collect::<Vec<_>>(), ascending, "{column}");
        // Cursors carry keys of every kind.
        let page = story.get(&format!("{path}&limit=1")).await.expect(200).json();
        let after = page["pagination"]["after"].as_str().expect("one more");
        let next = story
            .get(&format!("{path}&limit=1&after={after}"))
            .await
            .expect(200)
            .json();
        assert_eq!(ids(&next).iter().collect::<Vec<_>>(), &ascending[1..], "{column}");
    }
}

#[tokio::test]
async fn sums_are_by_currency_and_exact() {
    let story = Story::begin().await;
    for (currency, rate) in [("GBP", "0.10"), ("GBP", "0.20"), ("JPY", "500")] {
        let id = story.draft_in(currency).await;
        story.add_line(&id, "1", rate, "0").await;
    }
    let sums = story.get("/invoices/summary").await.expect(200).json();
    let expected = json!([
        {"currency": "GBP", "invoiceCount": 2, "grossTotal": 0.3},
        {"currency": "JPY", "invoiceCount": 1, "grossTotal": 500},
    ]);
    assert_eq!(sums["totalsByCurrency"], expected);
    let none = story
        .get("/invoices/summary?invoiceStatus=SENT")
        .await
        .expect(200)
        .json();
    assert_eq!(none, json!({"totalsByCurrency": []}));
}
