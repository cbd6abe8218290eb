//! A month of a subscription, from the sign-up to the PDF.

use axum::http::StatusCode;
use sequencehq::types::{InvoicePaymentStatus, InvoiceUpdatePaymentStatus};
use serde_json::json;

use crate::stage::{Stage, day};

/// 49.00 + 10,000 × 0.002 + 2,345 × 0.001 is 71.35 with each line rounded to pence; 20 % of each line are 9.80, 4.00 and 0.47.
#[tokio::test]
async fn a_customer_signs_up_uses_the_api_and_gets_the_invoice_of_the_month() {
    let stage = Stage::begin().await;
    let active = (
        StatusCode::CREATED,
        json!({"customer": "globex", "status": "active"}),
    );
    assert_eq!(stage.sign_up("globex").await, active);

    for (id, calls) in [("jan-1", 12_000), ("jan-2", 345)] {
        assert_eq!(stage.use_api(id, calls).await.0, StatusCode::ACCEPTED);
    }
    // Usage belongs to the day on which it was reported, also if it is sent on a later one.
    stage.emulator.advance_to(day("2026-01-31")).expect("forward");
    stage.work().await;
    let sent = stage
        .client()
        .usage_events()
        .list()
        .items()
        .try_collect()
        .await
        .expect("listed");
    let days = sent
        .iter()
        .map(|event| event.event_timestamp.date_naive())
        .collect::<Vec<_>>();
    assert_eq!(days, [day("2026-01-01"); 2]);

    stage.emulator.advance_to(day("2026-02-01")).expect("forward");
    assert_eq!(
        stage.invoices("globex").await["invoices"],
        json!([]),
        "a draft is not shown"
    );
    let report = stage.month_end().await;
    assert_eq!((report.sent.len(), report.failed.len()), (1, 0), "{report}");
    let again = stage.month_end().await;
    assert_eq!(again.to_string(), "0 sent, 0 failed");

    stage.emulator.settle().await;
    let seen = stage.invoices("globex").await;
    let invoice = &seen["invoices"][0];
    let amounts = ["netTotal", "totalTax", "grossTotal"].map(|name| invoice[name].as_str().expect("a text"));
    assert_eq!(amounts, ["71.35", "14.27", "85.62"]);
    assert_eq!(seen["totals"], json!({"GBP": "85.62"}));
    assert_eq!(
        (&invoice["issueDate"], &invoice["paymentStatus"]),
        (&json!("2026-02-01"), &json!("UNPAID"))
    );

    let id = invoice["id"].as_str().expect("an id");
    let (status, headers, pdf) = stage.get(&format!("/customers/globex/invoices/{id}/pdf")).await;
    assert_eq!(
        (status, headers["content-type"].as_bytes()),
        (StatusCode::OK, &b"application/pdf"[..])
    );
    assert!(pdf.starts_with(b"%PDF"));

    let paid = InvoiceUpdatePaymentStatus::builder().payment_status(InvoicePaymentStatus::Paid);
    stage
        .client()
        .invoices()
        .update_payment_status(id, paid)
        .await
        .expect("paid");
    stage.emulator.settle().await;
    assert_eq!(
        stage.invoices("globex").await["invoices"][0]["paymentStatus"],
        "PAID"
    );
}

#[tokio::test]
async fn a_customer_sees_no_invoice_of_another_one() {
    let stage = Stage::begin().await;
    for customer in ["globex", "initech"] {
        stage.sign_up(customer).await;
    }
    stage.emulator.advance_to(day("2026-02-01")).expect("forward");
    stage.month_end().await;
    stage.emulator.settle().await;

    let seen = stage.invoices("globex").await;
    assert_eq!(seen["invoices"].as_array().map(Vec::len), Some(1));
    let id = seen["invoices"][0]["id"].as_str().expect("an id");
    for (customer, status) in [("globex", StatusCode::OK), ("initech", StatusCode::NOT_FOUND)] {
        assert_eq!(
            stage
                .get(&format!("/customers/{customer}/invoices/{id}/pdf"))
                .await
                .0,
            status
        );
    }
    assert_eq!(
        stage.get("/customers/hooli/invoices").await.0,
        StatusCode::NOT_FOUND
    );
    assert_eq!(stage.get("/health").await.0, StatusCode::OK);
}
