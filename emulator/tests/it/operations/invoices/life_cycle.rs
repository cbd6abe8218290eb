//! From draft to void, and what is refused on the way.

use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::records::Invoice;
use serde_json::{Value, json};

use super::super::text;
use super::{Story, line, texts};

const STATUSES: [&str; 5] = ["IN_PROGRESS", "DRAFT", "FINAL", "SENT", "VOIDED"];

#[test]
fn an_invoice_lives_from_draft_to_sent() {
    let story = Story::new();
    story.account.watch();
    let invoice = story.draft_with(json!({"memo": "Thanks"}));
    story.add_line(&invoice, "2", "50.00", "0.2");
    let finalized = story.act(Operation::InvoiceFinalize, &invoice);
    assert_eq!(
        texts(
            &finalized,
            ["status", "invoiceNumber", "issueDate", "dueDate", "grossTotal"]
        ),
        ["FINAL", "SEQ-00001", "2026-01-01", "2026-01-31", "120.00"]
    );
    assert_eq!(finalized.get("balance"), None, "the short shape");
    story
        .account
        .world
        .advance_to("2026-01-02".parse().expect("a date"))
        .expect("forward");
    let sent = story.act(Operation::InvoiceSend, &invoice);
    assert_eq!(
        texts(&sent, ["status", "dunningStatus", "updatedAt", "memo"]),
        ["SENT", "SCHEDULED", "2026-01-02T12:00:00Z", "Thanks"]
    );
    let reminded = story.act(Operation::InvoiceSendPaymentReminder, &invoice);
    assert_eq!(reminded, sent, "a reminder changes nothing");
    let full = story.get(&invoice);
    assert_eq!(
        (text(&full, "balance"), &full["balanceVersion"]),
        ("120.00", &json!(1))
    );
    assert_eq!(
        story.announced(&invoice),
        [
            "INVOICE_CREATED",
            "INVOICE_UPDATED",
            "INVOICE_ISSUED",
            "INVOICE_UPDATED",
            "INVOICE_REMINDER_SENT",
        ]
    );
}

#[test]
fn an_invoice_is_issued_once_however_it_becomes_final() {
    let story = Story::new();
    story.account.watch();
    for (operation, dunning) in [
        (Operation::InvoiceFinalizeAndSend, "SCHEDULED"),
        (Operation::InvoiceMarkAsSent, "NOT_REQUIRED"),
    ] {
        let invoice = story.draft();
        let sent = story.act(operation, &invoice);
        assert_eq!(texts(&sent, ["status", "dunningStatus"]), ["SENT", dunning]);
        assert_eq!(story.announced(&invoice), ["INVOICE_CREATED", "INVOICE_ISSUED"]);
    }
    let invoice = story.draft();
    story.act(Operation::InvoiceFinalize, &invoice);
    story.act(Operation::InvoiceMarkAsSent, &invoice);
    assert_eq!(
        story.announced(&invoice),
        ["INVOICE_CREATED", "INVOICE_ISSUED", "INVOICE_UPDATED"]
    );
}

#[test]
fn what_the_status_does_not_allow_is_refused() {
    type Case = (Operation, &'static str, Option<Value>);
    let payment = json!({"paymentStatus": "UNPAID"});
    let cases: [Case; 14] = [
        (Operation::InvoiceFinalize, "DRAFT", None),
        (Operation::InvoiceFinalizeAndSend, "DRAFT", None),
        (Operation::InvoiceMarkAsSent, "DRAFT FINAL", None),
        (Operation::InvoiceSend, "FINAL", None),
        (Operation::InvoiceDraft, "IN_PROGRESS", None),
        (Operation::InvoiceVoid, "DRAFT FINAL SENT", None),
        (Operation::InvoiceSendPaymentReminder, "SENT", None),
        (Operation::InvoicePatchSent, "SENT", Some(json!({}))),
        (
            Operation::InvoiceUpdatePaymentStatus,
            "IN_PROGRESS DRAFT FINAL SENT",
            Some(payment),
        ),
        (Operation::InvoiceUpdate, "DRAFT", Some(json!({}))),
        (Operation::InvoicePatch, "DRAFT", Some(json!({}))),
        (Operation::InvoiceDelete, "DRAFT IN_PROGRESS", None),
        (
            Operation::InvoiceLineItemCreate,
            "DRAFT",
            Some(line("1", "1", "0")),
        ),
        (
            Operation::InvoiceLineItemGroupCreate,
            "DRAFT",
            Some(json!({"title": "G"})),
        ),
    ];
    let story = Story::new();
    for (operation, allowed, body) in cases {
        let parameter = operation.data().path[0].name;
        for status in STATUSES {
            let invoice = story.invoice_in(status);
            let path = [(parameter, invoice.as_str())];
            if allowed.split(' ').any(|one| one == status) {
                story.account.ok(operation, &path, "", body.as_ref());
                continue;
            }
            let refused = story.account.refused(operation, &path, "", body.as_ref());
            let label = format!("{} in {status}: {}", operation.id(), refused.message);
            assert_eq!(
                (refused.status, refused.kind.as_str()),
                (400, "IllegalState"),
                "{label}"
            );
            assert!(refused.message.contains(&format!("is {status}, but")), "{label}");
        }
    }
    for operation in [Operation::InvoiceFinalize, Operation::InvoiceVoid] {
        let refused = story.account.refused(operation, &[("id", "x")], "", None);
        assert_eq!(refused.status, 404);
    }
}

#[test]
fn a_sent_invoice_is_voided_only_while_nothing_was_paid() {
    let story = Story::new();
    for (status, is_voided) in [
        ("UNPAID", true),
        ("UNCOLLECTIBLE", true),
        ("PARTIALLY_PAID", false),
        ("PAID", false),
    ] {
        let invoice = story.invoice_in("SENT");
        story.set_payment_status(&invoice, status);
        if is_voided {
            story.act(Operation::InvoiceVoid, &invoice);
            let full = story.get(&invoice);
            assert_eq!(texts(&full, ["status", "balance"]), ["VOIDED", "0.00"]);
            assert_eq!(full["balanceVersion"], 2, "{status}");
        } else {
            let path = [("id", invoice.as_str())];
            let refused = story.account.refused(Operation::InvoiceVoid, &path, "", None);
            assert!(refused.message.contains(status), "{}", refused.message);
        }
    }
}

#[test]
fn numbers_are_given_once_and_in_order() {
    let story = Story::new();
    let numbers: Vec<String> = [
        Operation::InvoiceFinalize,
        Operation::InvoiceVoid,
        Operation::InvoiceMarkAsSent,
        Operation::InvoiceFinalizeAndSend,
    ]
    .into_iter()
    .map(|operation| text(&story.act(operation, &story.draft()), "invoiceNumber").to_owned())
    .collect();
    assert_eq!(numbers, ["SEQ-00001", "SEQ-00002", "SEQ-00003", "SEQ-00004"]);
    let invoice = story.draft();
    let finalized = story.act(Operation::InvoiceFinalize, &invoice);
    let voided = story.act(Operation::InvoiceVoid, &invoice);
    assert_eq!(finalized["invoiceNumber"], voided["invoiceNumber"]);
}

#[test]
fn a_due_date_that_was_set_is_kept_and_a_calculated_one_names_the_term() {
    let story = Story::new();
    for (fields, due, assumed) in [
        (json!({}), "2026-01-31", "A55"),
        (json!({"dueDate": "2026-03-01"}), "2026-03-01", ""),
    ] {
        let invoice = story.draft_with(fields);
        let path = [("id", invoice.as_str())];
        let response = story.account.call(Operation::InvoiceFinalize, &path, "", None);
        assert_eq!(text(&response.json_body(), "dueDate"), due);
        assert_eq!(response.assumed.to_string(), assumed);
    }
}

#[test]
fn an_invoice_over_less_than_nothing_has_no_balance_below_zero() {
    let story = Story::new();
    let invoice = story.draft();
    story.add_line(&invoice, "-1", "10", "0");
    let finalized = story.act(Operation::InvoiceFinalize, &invoice);
    assert_eq!(text(&finalized, "grossTotal"), "-10.00");
    assert_eq!(text(&story.get(&invoice), "balance"), "0.00");
}

#[test]
fn a_running_period_is_drafted() {
    let story = Story::new();
    let invoice = story.invoice_in("IN_PROGRESS");
    let draft = story.act(Operation::InvoiceDraft, &invoice);
    assert_eq!(
        texts(&draft, ["status", "calculatedAt"]),
        ["DRAFT", "2026-01-01T12:00:00Z"]
    );
}

#[test]
fn a_patch_clears_keeps_and_empties() {
    let story = Story::new();
    let invoice = story.draft();
    let patch = |body: Value| story.send(Operation::InvoicePatch, &invoice, body);
    patch(json!({
        "memo": "Hi", "reference": "R1", "metadata": [{"key": "order", "value": "7"}], "dueDate": "2026-05-01",
        "paymentOptions": ["LINK"], "customerLegalCompanyName": "Other Ltd",
    }));
    let patched = patch(json!({"memo": null, "metadata": [], "customerLegalCompanyName": null}));
    assert_eq!(patched.get("memo"), None, "null clears");
    assert_eq!(text(&patched, "reference"), "R1", "absent keeps");
    assert_eq!(patched["metadata"], json!([]), "an empty list empties");
    assert_eq!(
        text(&patched, "customerLegalCompanyName"),
        "Acme Ltd",
        "a required field falls back"
    );
    let full = story.get(&invoice);
    assert_eq!(
        texts(&full, ["dueDate", "dueDateSource"]),
        ["2026-05-01", "MANUAL"]
    );
    patch(json!({"dueDate": null}));
    let full = story.get(&invoice);
    assert_eq!(
        (full.get("dueDate"), text(&full, "dueDateSource")),
        (None, "CALCULATED")
    );
    let address = json!({"line1": "1", "town": "Toronto", "postcode": "1", "country": "CA"});
    let refused = story.account.refused(
        Operation::InvoicePatch,
        &[("id", &invoice)],
        "",
        Some(&json!({"customerShippingAddress": address})),
    );
    assert!(
        refused.message.starts_with("body.customerShippingAddress.state:"),
        "{}",
        refused.message
    );
}

#[test]
fn a_sent_invoice_accepts_a_few_fields() {
    let story = Story::new();
    let invoice = story.invoice_in("SENT");
    let patch = |body: Value| story.send(Operation::InvoicePatchSent, &invoice, body);
    let patched = patch(json!({
        "dueDate": "2026-06-30", "memo": "Please", "purchaseOrderNumber": "PO1", "customerEmails": [],
    }));
    assert_eq!(
        texts(&patched, ["dueDate", "memo", "purchaseOrderNumber"]),
        ["2026-06-30", "Please", "PO1"]
    );
    assert_ne!(
        patched["customerEmails"],
        json!([]),
        "undeclared fields are ignored"
    );
    let patched = patch(json!({"memo": null, "dueDate": null}));
    assert_eq!(
        (patched.get("memo"), text(&patched, "dueDate")),
        (None, "2026-06-30"),
        "the due date cannot be cleared"
    );
    let full = story.get(&invoice);
    assert_eq!(text(&full, "dueDateSource"), "MANUAL");
    assert_eq!(full.get("paymentTermDays"), None);
}

#[test]
fn a_paid_invoice_gets_no_reminder() {
    let story = Story::new();
    let invoice = story.invoice_in("SENT");
    let paid = story.set_payment_status(&invoice, "PAID");
    assert_eq!(text(&paid, "dunningStatus"), "COMPLETED");
    let path = [("id", invoice.as_str())];
    let refused = story
        .account
        .refused(Operation::InvoiceSendPaymentReminder, &path, "", None);
    assert!(refused.message.contains("is PAID"), "{}", refused.message);
    let sent_at = story
        .account
        .world
        .store()
        .read(|state| state.get::<Invoice>(&invoice))
        .and_then(|invoice| invoice.sent_at);
    assert_eq!(sent_at.as_deref(), Some("2026-01-01T12:00:00Z"));
}
