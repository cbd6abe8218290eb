//! Credit notes, their lines and groups, and their application.

use sequencehq_emulator::contract::Operation as Op;
use serde_json::{Value, json};

use super::super::super::operations::id;
use super::super::stage::Stage;
use super::{Ids, invoices};

fn line(note: &str) -> Value {
    json!({
        "creditNoteId": note, "title": "Consulting", "description": "Too much", "quantity": "1", "rate": "10.00",
        "taxRate": "0.2", "externalIds": [], "rateDisplay": "ABSOLUTE",
        "revenueRecognitionMethod": "STRAIGHT_LINE", "revenueClassification": "EARNED",
    })
}

/// A draft with a line on an invoice that was sent.
fn draft(stage: &mut Stage, ids: &Ids, invoice: &str) -> String {
    let body = json!({
        "customerId": ids.customer, "currency": "GBP", "invoiceId": invoice, "memo": "Sorry", "purchaseOrderNumber": "7",
        "accountingDate": "2026-01-01", "metadata": [{"key": "a", "value": "b"}],
    });
    let note = stage.new_id(Op::CreditNoteCreate, body);
    stage.ok(
        Op::CreditNoteLineItemCreate,
        &[("creditnote", &note)],
        "",
        Some(&line(&note)),
    );
    note
}

pub(super) fn make(stage: &mut Stage, ids: &Ids) {
    let invoice = invoices::draft(stage, ids);
    stage.on(Op::InvoiceFinalizeAndSend, &invoice);
    let note = draft(stage, ids, &invoice);
    lines(stage, &note);
    stage.on(Op::CreditNoteGet, &note);
    let body = json!({"memo": "Replaced", "settings": {"generateCashCreditGrant": "DISABLED"}});
    stage.put(Op::CreditNoteUpdate, &note, body);
    stage.on(Op::CreditNoteFinalize, &note);
    stage.on(Op::CreditNoteDownload, &note);
    stage.on(Op::CreditNoteSend, &note);
    apply(stage, &note, &invoice);
    let [deleted, voided, sent, marked] = [(); 4].map(|()| draft(stage, ids, &invoice));
    stage.on(Op::CreditNoteDelete, &deleted);
    stage.on(Op::CreditNoteVoid, &voided);
    stage.on(Op::CreditNoteFinalizeAndSend, &sent);
    stage.on(Op::CreditNoteMarkAsSent, &marked);
    stage.on(Op::CreditNoteGet, &note);
    stage.on(Op::InvoiceGet, &invoice);
    stage.list(Op::CreditNoteList);
}

/// Applies the credit note, after an attempt with versions that are stale.
fn apply(stage: &mut Stage, note: &str, invoice: &str) {
    stage.account.version = sequencehq_emulator::contract::Version::LATEST;
    let [of_note, of_invoice] = [(Op::CreditNoteGet, note), (Op::InvoiceGet, invoice)]
        .map(|(operation, id)| stage.account.get(operation, id)["balanceVersion"].clone());
    let mut body = json!({
        "creditNoteId": note, "invoiceId": invoice, "amount": 5.25, "currency": "GBP",
        "creditNoteBalanceVersion": of_note, "invoiceBalanceVersion": 77,
    });
    let (status, _) = stage.call(Op::CreditNoteApplicationCreate, &[], "", Some(&body));
    assert_eq!(status, 409);
    body["invoiceBalanceVersion"] = of_invoice;
    stage.ok(Op::CreditNoteApplicationCreate, &[], "", Some(&body));
}

fn lines(stage: &mut Stage, note: &str) {
    let of = [("creditnote", note)];
    let group = json!({"title": "Work", "description": "All of it"});
    let created = stage.ok(Op::CreditNoteLineItemGroupCreate, &of, "", Some(&group));
    let path = [("creditnote", note), ("id", id(&created))];
    let mut line = line(note);
    line["groupId"] = id(&created).into();
    let item = stage.ok(Op::CreditNoteLineItemCreate, &of, "", Some(&line));
    stage.ok(Op::CreditNoteLineItemGroupUpdate, &path, "", Some(&group));
    stage.ok(Op::CreditNoteLineItemGroupList, &of, "", None);
    let of_item = [("creditnote", note), ("id", id(&item))];
    stage.ok(Op::CreditNoteLineItemUpdate, &of_item, "", Some(&line));
    stage.ok(Op::CreditNoteLineItemList, &of, "", None);
    stage.ok(Op::CreditNoteLineItemDelete, &of_item, "", None);
    stage.ok(Op::CreditNoteLineItemGroupDelete, &path, "", None);
}
