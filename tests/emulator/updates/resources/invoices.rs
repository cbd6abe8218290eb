//! Invoices and credit notes.

use serde_json::{Value, json};

use super::super::stage::Stage;
use super::{Ids, Resource, id};

pub async fn make(stage: &Stage<'_>, ids: &Ids, all: &mut Vec<Resource>) {
    let body = json!({
        "customerId": ids.customer, "currency": "GBP", "memo": "Thanks", "reference": "r", "purchaseOrderNumber": "7",
        "accountingDate": "2026-01-01", "dueDate": "2026-02-01", "metadata": [{"key": "a", "value": "b"}],
        "billingPeriod": {"start": "2026-01-01", "endInclusive": "2026-01-31"}, "paymentOptions": ["LINK"],
    });
    let invoice = stage.create("invoice_create", &[], body.clone()).await;
    all.push(Resource::new("invoice_update", &invoice, "/memo", json!("Later")));
    let mut line = line();
    line["priceId"] = ids.price.as_str().into();
    let sent = id(&stage.create("invoice_create", &[], body).await);
    stage
        .create("invoice_line_item_create", &[("invoice", &sent)], line.clone())
        .await;
    let sent = stage
        .call("invoice_finalize_and_send", &[("id", &sent)], None)
        .await;
    let (update, value) = ("invoice_update_payment_status", json!("UNCOLLECTIBLE"));
    all.push(Resource {
        read: Some(("invoice_get".to_owned(), vec![("id", id(&sent))])),
        ..Resource::new(update, &sent, "/paymentStatus", value)
    });
    let settings = json!({"invoiceId": id(&invoice), "paymentProvider": "STRIPE"});
    let settings = stage
        .create("invoice_payment_settings_create", &[], settings)
        .await;
    let update = "invoice_payment_settings_update";
    all.push(Resource::new(
        update,
        &settings,
        "/paymentProvider",
        json!("NONE"),
    ));
    parts(
        stage,
        ["invoice_line_item", "invoice"],
        &invoice,
        line.clone(),
        all,
    )
    .await;

    let body = json!({
        "customerId": ids.customer, "currency": "GBP", "memo": "Sorry", "purchaseOrderNumber": "7",
        "metadata": [{"key": "a", "value": "b"}],
    });
    let note = stage.create("credit_note_create", &[], body).await;
    all.push(Resource::new("credit_note_update", &note, "/memo", json!("Oh")));
    let mut line = self::line();
    line["creditNoteId"] = id(&note).into();
    parts(stage, ["credit_note_line_item", "creditnote"], &note, line, all).await;
}

fn line() -> Value {
    json!({
        "title": "Consulting", "description": "Two days", "quantity": "2", "rate": "100.50", "taxRate": "0.2",
        "externalIds": [], "rateDisplay": "ABSOLUTE",
        "revenueRecognitionMethod": "STRAIGHT_LINE", "revenueClassification": "EARNED",
    })
}

/// A line item and its group.
async fn parts(
    stage: &Stage<'_>,
    [item, parameter]: [&'static str; 2],
    whole: &Value,
    mut line: Value,
    all: &mut Vec<Resource>,
) {
    let of = [(parameter, id(whole))];
    let arguments = [(parameter, of[0].1.as_str())];
    let [group_update, item_update] = match item {
        "invoice_line_item" => ["invoice_line_item_group_update", "invoice_line_item_update"],
        _ => [
            "credit_note_line_item_group_update",
            "credit_note_line_item_update",
        ],
    };
    let group = json!({"title": "Work", "description": "All of it"});
    let group = stage
        .create(&format!("{item}_group_create"), &arguments, group)
        .await;
    line["groupId"] = id(&group).into();
    let line = stage.create(&format!("{item}_create"), &arguments, line).await;
    let group = Resource::new(group_update, &group, "/title", json!("Labour"));
    all.push(group.in_list(&format!("{item}_group_list"), &of));
    let line = Resource::new(item_update, &line, "/title", json!("Advice"));
    all.push(line.in_list(&format!("{item}_list"), &of));
}
