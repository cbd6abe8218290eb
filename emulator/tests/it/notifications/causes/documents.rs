//! Invoices and credit notes.

use sequencehq_emulator::contract::{Operation as Op, Version};
use serde_json::json;

use super::super::super::operations::text;
use super::super::Stage;
use super::super::things::*;
use super::{Cause, never, once};

pub(super) const CAUSES: &[Cause] = &[
    once(
        "INVOICE_CREATED",
        "an invoice is created",
        customer,
        |stage, id| {
            invoice_of(stage, id);
        },
    ),
    once("INVOICE_CREATED", "drafts are merged", two_drafts, |stage, _| {
        let page = stage.list(Op::InvoiceList);
        let drafts = [&page["items"][0]["id"], &page["items"][1]["id"]];
        stage.ok(Op::InvoiceMerge, &[], "", Some(&json!({"invoiceIds": drafts})));
    }),
    once(
        "INVOICE_CREATED",
        "a billing period opens",
        schedule,
        |stage, _| {
            stage.advance("2026-02-01");
        },
    ),
    once("INVOICE_UPDATED", "a draft is changed", draft, |stage, id| {
        stage.put(Op::InvoicePatch, id, json!({"memo": "Changed"}));
    }),
    once("INVOICE_UPDATED", "a line is added", draft, |stage, id| {
        stage.ok(Op::InvoiceLineItemCreate, &[("invoice", id)], "", Some(&line()));
    }),
    once("INVOICE_UPDATED", "a group is added", draft, |stage, id| {
        stage.ok(
            Op::InvoiceLineItemGroupCreate,
            &[("invoice", id)],
            "",
            Some(&json!({"title": "Work"})),
        );
    }),
    once(
        "INVOICE_UPDATED",
        "the payment status changes",
        sent_invoice,
        |stage, id| {
            stage.put(
                Op::InvoiceUpdatePaymentStatus,
                id,
                json!({"paymentStatus": "PAID"}),
            );
        },
    ),
    once(
        "INVOICE_UPDATED",
        "a credit note is applied",
        sent_note,
        |stage, id| {
            apply(stage, id);
        },
    ),
    once(
        "INVOICE_UPDATED",
        "a final invoice is sent",
        final_invoice,
        |stage, id| {
            stage.on(Op::InvoiceSend, id);
        },
    ),
    once("INVOICE_ISSUED", "an invoice is finalized", draft, |stage, id| {
        stage.on(Op::InvoiceFinalize, id);
    }),
    once(
        "INVOICE_ISSUED",
        "an invoice is finalized and sent",
        draft,
        |stage, id| {
            stage.on(Op::InvoiceFinalizeAndSend, id);
        },
    ),
    once(
        "INVOICE_ISSUED",
        "a draft is marked as sent",
        draft,
        |stage, id| {
            stage.on(Op::InvoiceMarkAsSent, id);
        },
    ),
    once(
        "INVOICE_ISSUED",
        "a billing period closes",
        schedule,
        |stage, _| {
            stage.advance("2026-02-01");
        },
    ),
    never(
        "INVOICE_ISSUED",
        "a final invoice is sent",
        final_invoice,
        |stage, id| {
            stage.on(Op::InvoiceSend, id);
        },
    ),
    never("INVOICE_UPDATED", "a draft is finalized", draft, |stage, id| {
        stage.on(Op::InvoiceFinalize, id);
    }),
    once(
        "INVOICE_REMINDER_SENT",
        "a reminder is requested",
        sent_invoice,
        |stage, id| {
            stage.on(Op::InvoiceSendPaymentReminder, id);
        },
    ),
    once(
        "INVOICE_REMINDER_SENT",
        "an invoice is due in a week",
        sent_invoice,
        |stage, _| {
            stage.advance("2026-01-25");
        },
    ),
    once(
        "CREDIT_NOTE_CREATED",
        "a credit note is created",
        sent_invoice,
        |stage, id| {
            note_on(stage, id);
        },
    ),
    once("CREDIT_NOTE_UPDATED", "a draft is changed", note, |stage, id| {
        stage.put(Op::CreditNoteUpdate, id, json!({"memo": "Changed"}));
    }),
    once("CREDIT_NOTE_UPDATED", "a line is added", note, |stage, id| {
        stage.ok(
            Op::CreditNoteLineItemCreate,
            &[("creditnote", id)],
            "",
            Some(&note_line(id)),
        );
    }),
    once(
        "CREDIT_NOTE_UPDATED",
        "a credit note is applied",
        sent_note,
        |stage, id| {
            apply(stage, id);
        },
    ),
    once(
        "CREDIT_NOTE_ISSUED",
        "a credit note is finalized",
        note,
        |stage, id| {
            stage.on(Op::CreditNoteFinalize, id);
        },
    ),
    once(
        "CREDIT_NOTE_ISSUED",
        "a credit note is finalized and sent",
        note,
        |stage, id| {
            stage.on(Op::CreditNoteFinalizeAndSend, id);
        },
    ),
    once(
        "CREDIT_NOTE_ISSUED",
        "a draft is marked as sent",
        note,
        |stage, id| {
            stage.on(Op::CreditNoteMarkAsSent, id);
        },
    ),
    never(
        "CREDIT_NOTE_ISSUED",
        "a final credit note is sent",
        final_note,
        |stage, id| {
            stage.on(Op::CreditNoteSend, id);
        },
    ),
];

/// Applies the credit note to its invoice, by the versions of their balances.
fn apply(stage: &mut Stage, note: &str) {
    stage.account.version = Version::LATEST;
    let note = stage.account.get(Op::CreditNoteGet, note);
    let invoice = stage.account.get(Op::InvoiceGet, text(&note, "invoiceId"));
    let body = json!({
        "creditNoteId": note["id"], "invoiceId": invoice["id"], "amount": 5, "currency": "GBP",
        "creditNoteBalanceVersion": note["balanceVersion"], "invoiceBalanceVersion": invoice["balanceVersion"],
    });
    stage.ok(Op::CreditNoteApplicationCreate, &[], "", Some(&body));
}
