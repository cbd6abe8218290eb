//! Customers, invoices, and the clock.

use serde_json::json;

use super::{get, html, invoice, on_new_year, post, raw, send, start};

#[tokio::test]
async fn an_invoice_has_its_lines_and_totals_and_its_pdf_once_it_is_final() {
    let emulator = start(on_new_year()).await;
    let customer = emulator.add_customer("Acme Ltd");
    let id = invoice(&emulator, &customer).await;
    let reply = get(&emulator, &format!("invoices/{id}")).await;
    let page = html(&reply);
    for expected in [
        "<title>Invoice Draft · Sequence emulator</title>",
        "1\u{2009}250.50",
        "3\u{2009}751.50",
        "4\u{2009}501.80",
        "A draft has none.",
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let path = format!("GET /_emulator/page/invoices/{id}/pdf");
    let none = raw(&emulator, &path, "", "").await.expect("a response");
    assert_eq!((none.status, none.error_type().as_str()), (400, "IllegalState"));
    send(
        &emulator,
        &format!("POST /invoices/{id}/finalize"),
        Some(&json!({})),
    )
    .await;
    let reply = get(&emulator, &format!("invoices/{id}")).await;
    let page = html(&reply);
    for expected in [
        "Invoice SEQ-00001",
        // As printed, beside the lines.
        "<p class=\"title\">Invoice SEQ-00001</p>",
        "4501.80 GBP",
        "20%",
        &format!("<a href=\"/_emulator/page/invoices/{id}/pdf\" download>Download</a>"),
    ] {
        assert!(page.contains(expected), "{expected}: {page}");
    }
    let pdf = raw(&emulator, &path, "", "").await.expect("a response");
    assert!(pdf.body.starts_with("%PDF-"), "{pdf:?}");
    assert_eq!(pdf.header("content-type"), Some("application/pdf"));
    assert!(
        pdf.header("content-disposition")
            .is_some_and(|value| value.starts_with("inline;")),
        "{pdf:?}"
    );
    assert_eq!(pdf.header("x-frame-options"), Some("DENY"), "no page frames it");
}

#[tokio::test]
async fn an_invoice_is_shown_as_it_is_printed() {
    let emulator = start(on_new_year()).await;
    let customer = emulator.add_customer("Acme Ltd");
    let id = invoice(&emulator, &customer).await;
    let path = format!("/invoices/{id}");
    let change = json!({"memo": "Thanks <b>a lot</b>", "purchaseOrderNumber": "PO-7"});
    send(&emulator, &format!("PATCH {path}"), Some(&change)).await;
    for action in ["finalize", "void"] {
        let done = send(&emulator, &format!("POST {path}/{action}"), Some(&json!({}))).await;
        assert!(done.status < 300, "{}", done.body);
    }
    let reply = get(&emulator, &format!("invoices/{id}")).await;
    let (_, paper) = html(&reply)
        .split_once("<article class=\"paper\"")
        .expect("a sheet");
    let pdf = raw(
        &emulator,
        &format!("GET /_emulator/page/invoices/{id}/pdf"),
        "",
        "",
    )
    .await;
    let pdf = pdf.expect("a response").body;
    for text in ["Acme Ltd", "VOID", "PO-7", "3751.50", "Purchase order", "Thanks "] {
        assert!(paper.contains(text), "{text}: {paper}");
        assert!(pdf.contains(text), "the PDF has {text} too");
    }
    assert!(paper.contains("Thanks &lt;b&gt;a lot&lt;/b&gt;"), "{paper}");
}

#[tokio::test]
async fn lists_are_paged_filtered_and_searched() {
    let emulator = start(on_new_year()).await;
    let customers = [
        emulator.add_customer("Acme Ltd"),
        emulator.add_customer("Brook GmbH"),
    ];
    for number in 0..60 {
        let body = json!({"customerId": customers[number % 2], "currency": "GBP"});
        send(&emulator, "POST /invoices", Some(&body)).await;
    }
    let rows = |page: &str| page.matches("<th scope=\"row\">").count();
    let first = get(&emulator, "invoices").await;
    assert_eq!(rows(html(&first)), 50);
    let older = first
        .body
        .split("href=\"")
        .find(|part| part.contains("rel=\"next\""))
        .expect("a link");
    let older = older.split('"').next().unwrap_or_default().replace("&amp;", "&");
    let second = raw(&emulator, &format!("GET {older}"), "", "")
        .await
        .expect("a response");
    assert_eq!(rows(html(&second)), 10);
    assert!(second.body.contains("rel=\"prev\"") && !second.body.contains("rel=\"next\""));
    for (query, expected) in [
        (format!("customer={}", customers[0]), 30),
        ("search=brook".to_owned(), 30),
        ("search=nothing".to_owned(), 0),
        ("status=DRAFT&search=".to_owned(), 50),
        ("status=SENT".to_owned(), 0),
    ] {
        let page = get(&emulator, &format!("invoices?{query}")).await;
        assert_eq!(rows(html(&page)), expected, "{query}");
    }
    let found = get(&emulator, "customers?search=ACME").await;
    assert_eq!(rows(html(&found)), 1);
}

#[tokio::test]
async fn the_clock_moves_by_forms_and_a_refusal_is_shown_on_the_same_page() {
    let emulator = start(on_new_year()).await;
    for (form, day, notice) in [
        (
            "by=P1D",
            "Fri 2 Jan 2026",
            "The clock moved from 2026-01-01 12:00:00Z to 2026-01-02 12:00:00Z. Nothing was billed.",
        ),
        ("by=P1M", "Mon 2 Feb 2026", "to 2026-02-02 12:00:00Z"),
        ("to=2026-03-31", "Tue 31 Mar 2026", "to 2026-03-31 12:00:00Z"),
        ("to=2026-03-01", "Tue 31 Mar 2026", "the clock only moves forward"),
    ] {
        let page = post(
            &emulator,
            "advance",
            &format!("{form}&back=%2F_emulator%2Fpage%2Fcustomers"),
        )
        .await;
        let page = html(&page);
        assert!(page.contains(day) && page.contains(notice), "{form}: {page}");
        assert!(page.contains("<h1>Customers</h1>"), "{form}");
    }
}

#[tokio::test]
async fn the_account_is_kept_restored_and_reset_by_forms() {
    let emulator = start(on_new_year()).await;
    let count = async |expected: &str| {
        let page = get(&emulator, "").await;
        assert!(
            html(&page).contains(&format!("<strong>{expected}</strong> customers")),
            "{}",
            page.body
        );
    };
    emulator.add_customer("Acme Ltd");
    let page = post(&emulator, "snapshot", "").await;
    assert!(html(&page).contains("Return to the kept account"));
    emulator.add_customer("Brook GmbH");
    count("2").await;
    post(&emulator, "restore", "").await;
    count("1").await;
    post(&emulator, "reset", "").await;
    count("0").await;
}

#[tokio::test]
async fn a_voided_invoice_has_no_payment_status() {
    let emulator = start(on_new_year()).await;
    let customer = emulator.add_customer("Acme Ltd");
    let id = invoice(&emulator, &customer).await;
    for (verb, shows_payment) in [("finalize", true), ("void", false)] {
        send(
            &emulator,
            &format!("POST /invoices/{id}/{verb}"),
            Some(&json!({})),
        )
        .await;
        for path in ["invoices".to_owned(), format!("invoices/{id}")] {
            let reply = get(&emulator, &path).await;
            let badges = html(&reply).to_lowercase();
            assert_eq!(badges.contains(">unpaid</span>"), shows_payment, "{verb} {path}");
        }
    }
}
