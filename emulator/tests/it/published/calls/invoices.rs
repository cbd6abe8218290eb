//! Invoices, their lines and groups, and payment settings of invoices.

use sequencehq_emulator::contract::Operation as Op;
use serde_json::{Value, json};

use super::super::super::operations::id;
use super::super::stage::Stage;
use super::Ids;

pub(super) fn line(ids: &Ids) -> Value {
    json!({
        "title": "Consulting", "description": "Two days", "quantity": "2", "rate": "100.50", "taxRate": "0.2",
        "externalIds": [], "rateDisplay": "ABSOLUTE", "servicePeriodStart": "2026-01-01T00:00:00Z",
        "servicePeriodEnd": "2026-01-31T00:00:00Z", "priceId": ids.prices[0],
        "revenueRecognitionMethod": "STRAIGHT_LINE", "revenueClassification": "EARNED",
    })
}

/// A draft with a line.
pub(super) fn draft(stage: &mut Stage, ids: &Ids) -> String {
    let body = json!({
        "customerId": ids.customer, "currency": "GBP", "memo": "Thanks", "reference": "r", "purchaseOrderNumber": "7",
        "accountingDate": "2026-01-01", "dueDate": "2026-02-01", "metadata": [{"key": "a", "value": "b"}],
        "billingPeriod": {"start": "2026-01-01", "endInclusive": "2026-01-31"}, "paymentOptions": ["LINK"],
    });
    let draft = stage.new_id(Op::InvoiceCreate, body);
    let line = line(ids);
    stage.ok(Op::InvoiceLineItemCreate, &[("invoice", &draft)], "", Some(&line));
    draft
}

pub(super) fn make(stage: &mut Stage, ids: &Ids) {
    let invoice = draft(stage, ids);
    lines(stage, ids, &invoice);
    stage.on(Op::InvoiceGet, &invoice);
    let body =
        json!({"memo": "Replaced", "customerEmails": ["ada@acme.example"], "accountingDate": "2026-01-02"});
    stage.put(Op::InvoiceUpdate, &invoice, body);
    stage.put(
        Op::InvoicePatch,
        &invoice,
        json!({"memo": null, "reference": "patched"}),
    );
    let [first, second, deleted, voided] = [(); 4].map(|()| draft(stage, ids));
    stage.ok(
        Op::InvoiceMerge,
        &[],
        "",
        Some(&json!({"invoiceIds": [first, second]})),
    );
    stage.on(Op::InvoiceDelete, &deleted);
    stage.on(Op::InvoiceVoid, &voided);
    payment_settings(stage, &invoice);

    stage.on(Op::InvoiceFinalize, &invoice);
    stage.on(Op::InvoiceDownload, &invoice);
    stage.on(Op::InvoiceSend, &invoice);
    stage.on(Op::InvoiceSendPaymentReminder, &invoice);
    stage.put(
        Op::InvoicePatchSent,
        &invoice,
        json!({"purchaseOrderNumber": "8", "dueDate": "2026-03-01"}),
    );
    stage.on(Op::InvoiceCurrencyConversionList, &invoice);
    for status in ["UNCOLLECTIBLE", "PAID"] {
        stage.put(
            Op::InvoiceUpdatePaymentStatus,
            &invoice,
            json!({"paymentStatus": status}),
        );
        stage.on(Op::InvoiceGet, &invoice);
    }
    let [sent, marked] = [(); 2].map(|()| draft(stage, ids));
    stage.on(Op::InvoiceFinalizeAndSend, &sent);
    stage.on(Op::InvoiceMarkAsSent, &marked);
    // Files are not emulated, and the oldest versions ignore them.
    let body = json!({"customerId": ids.customer, "currency": "GBP", "attachmentAssetIds": ["file"]});
    let (status, _) = stage.call(Op::InvoiceCreate, &[], "", Some(&body));
    let is_newest = stage.version == sequencehq_emulator::contract::Version::LATEST;
    assert_eq!(status == 501, is_newest, "{status}");
    stage.list(Op::InvoiceList);
    stage.list(Op::InvoiceListSummary);
    stage.list(Op::InvoiceSummary);
    stage.list(Op::InvoiceFixBillingRuns);
    let body = json!({"integrationService": "Xero", "invoiceIds": [sent], "propertiesToCompare": ["STATUS"]});
    stage.ok(Op::InvoiceReconcile, &[], "", Some(&body));
    let settings = stage.list(Op::InvoiceRenderSettingsGet);
    let body = json!({"paymentLinkDisplay": "HIDE_PAYMENT_LINK"});
    stage.put(Op::InvoiceRenderSettingsUpdate, id(&settings), body);
}

fn lines(stage: &mut Stage, ids: &Ids, invoice: &str) {
    let of = [("invoice", invoice)];
    let group = json!({"title": "Work", "description": "All of it"});
    let created = stage.ok(Op::InvoiceLineItemGroupCreate, &of, "", Some(&group));
    let path = [("invoice", invoice), ("id", id(&created))];
    let mut line = line(ids);
    line["groupId"] = id(&created).into();
    let item = stage.ok(Op::InvoiceLineItemCreate, &of, "", Some(&line));
    stage.ok(Op::InvoiceLineItemGroupUpdate, &path, "", Some(&group));
    stage.ok(Op::InvoiceLineItemGroupList, &of, "", None);
    let of_item = [("invoice", invoice), ("id", id(&item))];
    stage.ok(Op::InvoiceLineItemUpdate, &of_item, "", Some(&line));
    stage.ok(Op::InvoiceLineItemList, &of, "", None);
    stage.ok(Op::InvoiceLineItemDelete, &of_item, "", None);
    stage.ok(Op::InvoiceLineItemGroupDelete, &path, "", None);
}

fn payment_settings(stage: &mut Stage, invoice: &str) {
    let body = json!({"invoiceId": invoice, "paymentProvider": "STRIPE"});
    let settings = stage.new_id(Op::InvoicePaymentSettingsCreate, body);
    stage.on(Op::InvoicePaymentSettingsGet, &settings);
    stage.on(Op::InvoicePaymentSettingsGetForInvoice, invoice);
    stage.put(
        Op::InvoicePaymentSettingsUpdate,
        &settings,
        json!({"paymentProvider": "NONE"}),
    );
    stage.on(Op::InvoicePaymentSettingsDelete, &settings);
}
