//! Render settings of the account, payment settings of an invoice.

use crate::story::Story;
use serde_json::json;

#[tokio::test]
async fn render_settings_are_made_once_and_shown_by_invoices() {
    let story = Story::begin().await;
    let settings = story.get("/invoices/render-settings").await.expect(200).json();
    assert_eq!(settings["paymentLinkDisplay"], "SHOW_PAYMENT_LINK");
    assert_eq!(settings, story.get("/invoices/render-settings").await.json());

    let path = format!(
        "/invoices/render-settings/{}",
        settings["id"].as_str().expect("an id")
    );
    let body = json!({"paymentLinkDisplay": "HIDE_PAYMENT_LINK"});
    let changed = story.put(&path, body.clone()).await.expect(200).json();
    assert_eq!(changed["currencyConversionDisplay"], "SHOW_CURRENCY_CONVERSION");
    story
        .put("/invoices/render-settings/nobody", body)
        .await
        .expect(404);
    let id = story.draft().await;
    let invoice = story.get(&format!("/invoices/{id}")).await.json();
    assert_eq!(
        invoice["renderSettings"],
        json!({"paymentLinkDisplay": "HIDE_PAYMENT_LINK"})
    );
}

#[tokio::test]
async fn payment_settings_live_as_long_as_their_invoice() {
    let story = Story::begin().await;
    let invoice = story.draft().await;
    let settings = "/payments/settings/invoices";
    let of_invoice = format!("{settings}/for-invoice/{invoice}");
    story.get(&of_invoice).await.expect(404);

    let body = json!({"invoiceId": invoice, "paymentProvider": "STRIPE"});
    let made = story.post(settings, body.clone()).await.expect(201).json();
    assert_eq!(made["customerId"], story.customer_id.as_str());
    story.post(settings, body).await.expect(400);
    let foreign = json!({"invoiceId": invoice, "customerId": "c", "paymentProvider": "NONE"});
    story.post(settings, foreign).await.expect(400);
    story
        .post(
            settings,
            json!({"invoiceId": "nobody", "paymentProvider": "NONE"}),
        )
        .await
        .expect(400);

    let one = format!("{settings}/{}", made["id"].as_str().expect("an id"));
    assert_eq!(story.get(&one).await.expect(200).json(), made);
    let short = story.get(&of_invoice).await.expect(200).json();
    assert_eq!(short.get("customerId"), None);
    let changed = story
        .put(&one, json!({"paymentProvider": "NONE"}))
        .await
        .expect(200)
        .json();
    assert_eq!(changed["paymentProvider"], "NONE");
    story.delete(&one).await.expect(200);
    story.get(&one).await.expect(404);
    story
        .put(&one, json!({"paymentProvider": "NONE"}))
        .await
        .expect(404);
    story.delete(&one).await.expect(404);
}

#[tokio::test]
async fn deleting_an_invoice_deletes_its_payment_settings() {
    let story = Story::begin().await;
    let invoice = story.draft().await;
    let body = json!({"invoiceId": invoice, "paymentProvider": "STRIPE"});
    let id = story
        .post("/payments/settings/invoices", body)
        .await
        .expect(201)
        .id();
    story.delete(&format!("/invoices/{invoice}")).await.expect(200);
    story
        .get(&format!("/payments/settings/invoices/{id}"))
        .await
        .expect(404);
}
