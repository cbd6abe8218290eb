//! Applications of credit notes to invoices.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::Content;
use serde_json::{Value, json};

use super::{Story, draft, get, id, sent, text, texts};

fn application(note: &str, invoice: &str, amount: Value, versions: [i64; 2]) -> Value {
    json!({
        "creditNoteId": note, "invoiceId": invoice, "amount": amount, "currency": "GBP",
        "creditNoteBalanceVersion": versions[0], "invoiceBalanceVersion": versions[1],
    })
}

const APPLY: Operation = Operation::CreditNoteApplicationCreate;

#[test]
fn an_application_lowers_both_balances_and_settles_the_invoice() {
    let story = Story::new();
    story.account.watch();
    let (invoice, note) = (story.invoice_in("SENT"), sent(&story, "150"));
    let body = application(&note, &invoice, json!(50.5), [1, 1]);
    let response = story.account.call(APPLY, &[], "", Some(&body));
    assert_eq!(
        (response.status, response.assumed.to_string().as_str()),
        (201, "A67, A68")
    );
    let receipt = response.json_body();
    assert_eq!(
        texts(&receipt, ["creditNoteId", "invoiceId", "currency", "appliedAt"]),
        [note.as_str(), invoice.as_str(), "GBP", "2026-01-01T12:00:00Z"]
    );
    assert_eq!(receipt["amount"], json!(50.5));
    assert_eq!(
        receipt["invoiceBalance"],
        json!({"value": 69.5, "currency": "GBP", "version": 2})
    );
    assert_eq!(
        receipt["creditNoteBalance"],
        json!({"value": 99.5, "currency": "GBP", "version": 2})
    );

    let shown = story.get(&invoice);
    assert_eq!(
        texts(&shown, ["balance", "paymentStatus"]),
        ["69.50", "PARTIALLY_PAID"]
    );
    assert_eq!(shown["balanceVersion"], 2);
    let applied = &shown["appliedCreditNotes"];
    assert_eq!(applied.as_array().map(Vec::len), Some(1));
    assert_eq!(
        (id(&applied[0]), text(&applied[0], "grossTotal")),
        (note.as_str(), "150.00")
    );
    assert_eq!(applied[0]["lineItems"][0]["name"], "Work");
    let shown = get(&story, &note);
    assert_eq!(
        texts(&shown, ["balance", "applicationStatus"]),
        ["99.50", "PARTIALLY_APPLIED"]
    );
    let expected = json!([{
        "invoiceId": invoice, "invoiceNumber": "SEQ-00001", "amount": "50.50", "appliedAt": "2026-01-01T12:00:00Z",
    }]);
    assert_eq!(shown["applications"], expected);

    let body = application(&note, &invoice, json!(69.5), [2, 2]);
    story.account.create(APPLY, &body);
    let shown = story.get(&invoice);
    assert_eq!(
        texts(&shown, ["balance", "paymentStatus", "dunningStatus"]),
        ["0.00", "PAID", "COMPLETED"]
    );
    assert_eq!(
        shown["appliedCreditNotes"].as_array().map(Vec::len),
        Some(1),
        "each credit note once"
    );
    assert_eq!(shown["paymentAllocations"], json!([]));
    assert_eq!(text(&get(&story, &note), "balance"), "30.00");
    for (resource, types) in [(&invoice, "INVOICE_UPDATED"), (&note, "CREDIT_NOTE_UPDATED")] {
        let announced = story.announced(resource);
        let updates = announced.iter().rev().take_while(|one| *one == types).count();
        assert!(updates >= 2, "{announced:?}");
    }
}

#[test]
fn a_stale_version_is_409_with_both_balances() {
    let story = Story::new();
    let (invoice, note) = (story.invoice_in("SENT"), sent(&story, "50"));
    for versions in [[2, 1], [1, 0]] {
        let body = application(&note, &invoice, json!(10), versions);
        let response = story.account.call(APPLY, &[], "", Some(&body));
        assert_eq!(
            (response.status, response.assumed.to_string().as_str()),
            (409, "A67")
        );
        let conflict = response.json_body();
        assert!(!text(&conflict, "message").is_empty());
        assert_eq!(
            conflict["currentInvoiceBalance"],
            json!({"value": 120, "currency": "GBP", "version": 1})
        );
        assert_eq!(
            conflict["currentCreditNoteBalance"],
            json!({"value": 50, "currency": "GBP", "version": 1})
        );
    }
    assert_eq!(text(&story.get(&invoice), "balance"), "120.00");
    let body = application(&note, &invoice, json!(10), [1, 1]);
    story.account.create(APPLY, &body);
    let again = story.account.call(APPLY, &[], "", Some(&body));
    assert_eq!(again.status, 409, "a repeated call does not apply twice");
}

#[test]
fn checks_run_in_order() {
    let story = Story::new();
    let (invoice, note) = (story.invoice_in("SENT"), sent(&story, "50"));
    let (unissued, unsent) = (story.draft(), draft(&story, json!({})));
    let change = |field: &str, value: Value| {
        // The versions are stale, which is found last.
        let mut body = application(&note, &invoice, json!(10), [7, 7]);
        body[field] = value;
        body
    };
    for (body, path, assumed) in [
        (change("creditNoteId", json!("x")), "body.creditNoteId:", "A4"),
        (change("invoiceId", json!("x")), "body.invoiceId:", "A4"),
        (change("creditNoteId", json!(unsent)), "body.creditNoteId:", "A65"),
        (change("invoiceId", json!(unissued)), "body.invoiceId:", ""),
        (change("amount", json!(0.001)), "body.amount:", ""),
        (change("currency", json!("EUR")), "body.currency:", "A67"),
        (change("amount", json!(0)), "body.amount:", "A67"),
        (change("amount", json!(-1)), "body.amount:", "A67"),
        (change("amount", json!(50.01)), "body.amount:", "A67"),
    ] {
        let refused = story.account.refused(APPLY, &[], "", Some(&body));
        assert!(refused.message.starts_with(path), "{}", refused.message);
        assert_eq!(
            (refused.status, refused.assumed.as_str()),
            (400, assumed),
            "{body}"
        );
    }
}

#[test]
fn what_was_settled_by_credit_is_not_voided() {
    let story = Story::new();
    let (invoice, note) = (story.invoice_in("FINAL"), sent(&story, "50"));
    let body = application(&note, &invoice, json!(10), [1, 1]);
    story.account.create(APPLY, &body);
    for (operation, resource, assumed) in [
        (Operation::InvoiceVoid, &invoice, ""),
        (Operation::CreditNoteVoid, &note, "A61, A62"),
    ] {
        let path = [("id", resource.as_str())];
        let refused = story.account.refused(operation, &path, "", None);
        assert_eq!(
            (refused.kind.as_str(), refused.assumed.as_str()),
            ("IllegalState", assumed)
        );
    }
    story.set_payment_status(&invoice, "PAID");
    let paid = story.get(&invoice);
    assert_eq!(
        (text(&paid, "balance"), &paid["paymentAllocations"][0]["amount"]),
        ("0.00", &json!("110.00")),
        "the rest is paid"
    );
    story.set_payment_status(&invoice, "UNPAID");
    assert_eq!(text(&story.get(&invoice), "balance"), "110.00");
}

#[test]
fn amounts_keep_all_their_digits() {
    let story = Story::new();
    let (invoice, note) = (story.draft(), sent(&story, "90071992547409930.01"));
    story.add_line(&invoice, "1", "90071992547409930.02", "0");
    story.act(Operation::InvoiceFinalizeAndSend, &invoice);
    let body = application(&note, &invoice, json!(0.01), [1, 1]);
    let response = story.account.call(APPLY, &[], "", Some(&body));
    let Content::Json(text) = response.content else {
        panic!("JSON");
    };
    assert!(text.contains(r#""value":90071992547409930.01"#), "{text}");
    let body = application(&note, &invoice, json!(0.01), [1, 1]);
    let response = story.account.call(APPLY, &[], "", Some(&body));
    let Content::Json(text) = response.content else {
        panic!("JSON");
    };
    assert!(text.contains(r#""value":90071992547409930,"#), "{text}");
}
