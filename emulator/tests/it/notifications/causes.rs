//! What triggers each kind of notification.

use sequencehq_emulator::contract::{Operation as Op, Version};
use sequencehq_emulator::records::QuoteStatus;
use serde_json::json;

use super::super::operations::text;
use super::Stage;
use super::things::*;

/// A way to trigger a notification.
pub(super) struct Cause {
    pub(super) kind: &'static str,
    pub(super) when: &'static str,
    /// How often it is sent.
    pub(super) times: usize,
    /// Makes what has to be there, and returns the id that `act` gets.
    pub(super) prepare: fn(&mut Stage) -> String,
    pub(super) act: fn(&mut Stage, &str),
}

const fn once(
    kind: &'static str,
    when: &'static str,
    prepare: fn(&mut Stage) -> String,
    act: fn(&mut Stage, &str),
) -> Cause {
    Cause {
        kind,
        when,
        times: 1,
        prepare,
        act,
    }
}

const fn never(
    kind: &'static str,
    when: &'static str,
    prepare: fn(&mut Stage) -> String,
    act: fn(&mut Stage, &str),
) -> Cause {
    Cause {
        times: 0,
        ..once(kind, when, prepare, act)
    }
}

pub(super) const CAUSES: &[Cause] = &[
    once(
        "CUSTOMER_CREATED",
        "a customer is created",
        nothing,
        |stage, _| {
            _ = customer(stage);
        },
    ),
    once(
        "CUSTOMER_UPDATED",
        "a customer is replaced",
        customer,
        |stage, id| {
            stage.put(Op::CustomerUpdate, id, customer_body());
        },
    ),
    once("CUSTOMER_UPDATED", "a contact is added", customer, |stage, id| {
        let body = json!({"name": "Eve", "email": "eve@acme.example", "billingPreference": "NONE"});
        stage.ok(Op::ContactCreate, &[("customer", id)], "", Some(&body));
    }),
    once("CUSTOMER_UPDATED", "an alias is added", customer, |stage, id| {
        let account = account(stage);
        let body = json!({"customerId": id, "value": "acme-2", "sequenceAccountId": account});
        stage.new_id(Op::CustomerAliasCreate, body);
    }),
    once(
        "CUSTOMER_ARCHIVED",
        "a customer is archived",
        customer,
        |stage, id| {
            stage.on(Op::CustomerArchive, id);
        },
    ),
    never(
        "CUSTOMER_UPDATED",
        "a customer is archived",
        customer,
        |stage, id| {
            stage.on(Op::CustomerArchive, id);
        },
    ),
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
    once(
        "BILLING_SCHEDULE_CREATED",
        "a schedule is created",
        nothing,
        |stage, _| {
            _ = schedule(stage);
        },
    ),
    once(
        "BILLING_SCHEDULE_CREATED",
        "a schedule is duplicated",
        schedule,
        |stage, id| {
            let customer = on_schedule(stage, Op::BillingScheduleGet, id, None)["customerId"].clone();
            on_schedule(
                stage,
                Op::BillingScheduleDuplicate,
                id,
                Some(&json!({"customerId": customer})),
            );
        },
    ),
    once(
        "BILLING_SCHEDULE_UPDATED",
        "a schedule is replaced",
        schedule,
        |stage, id| {
            let body = replacement(stage, id);
            on_schedule(stage, Op::BillingScheduleUpdate, id, Some(&body));
        },
    ),
    once(
        "BILLING_SCHEDULE_UPDATED",
        "a draft is activated",
        draft_schedule,
        |stage, id| {
            on_schedule(stage, Op::BillingScheduleActivate, id, None);
        },
    ),
    once(
        "BILLING_SCHEDULE_UPDATED",
        "a schedule starts",
        pending_schedule,
        |stage, _| {
            stage.advance("2026-01-11");
        },
    ),
    once(
        "BILLING_SCHEDULE_UPDATED",
        "payment settings are added",
        schedule,
        |stage, id| {
            let body = json!({"billingScheduleId": id, "paymentProvider": "STRIPE"});
            stage.new_id(Op::BillingSchedulePaymentSettingsCreate, body);
        },
    ),
    once(
        "BILLING_SCHEDULE_ARCHIVED",
        "a schedule is archived",
        schedule,
        |stage, id| {
            on_schedule(stage, Op::BillingScheduleArchive, id, None);
        },
    ),
    once(
        "QUOTE_PUBLISHED",
        "a quote is published",
        draft_quote,
        |stage, id| {
            move_quote(stage, id, QuoteStatus::Published);
        },
    ),
    once(
        "QUOTE_ACCEPTED",
        "a quote is accepted",
        ready_quote,
        |stage, id| {
            move_quote(stage, id, QuoteStatus::Accepted);
        },
    ),
    once(
        "QUOTE_SIGNED",
        "a quote is executed",
        accepted_quote,
        |stage, id| {
            move_quote(stage, id, QuoteStatus::Executed);
        },
    ),
    once("MERCHANT_UPDATED", "the account changes", account, |stage, id| {
        let body = json!({"companyName": "Example", "companyNumber": "1", "country": "GB", "sendCustomerNotifications": true, "alertEmailAddresses": []});
        stage.put(Op::AccountUpdate, id, body);
    }),
    once(
        "MERCHANT_UPDATED",
        "settings of the account change",
        stripe_settings,
        |stage, id| {
            stage.put(
                Op::StripeCollectionSettingsUpdate,
                id,
                json!({"autoEnableStripePayments": true}),
            );
        },
    ),
    once(
        "INTEGRATION_SYNC_COMPLETED",
        "it is triggered",
        nothing,
        |stage, _| {
            trigger(stage, "INTEGRATION_SYNC_COMPLETED");
        },
    ),
    once(
        "INTEGRATION_WEBHOOK_HANDLED",
        "it is triggered",
        nothing,
        |stage, _| {
            trigger(stage, "INTEGRATION_WEBHOOK_HANDLED");
        },
    ),
    once(
        "WATCHTOWER_TASK_ASSIGNED",
        "it is triggered",
        nothing,
        |stage, _| {
            trigger(stage, "WATCHTOWER_TASK_ASSIGNED");
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

fn move_quote(stage: &mut Stage, quote: &str, status: QuoteStatus) {
    assert_eq!(stage.account.world.move_quote(quote, status), Ok(()));
}

fn trigger(stage: &mut Stage, kind: &str) {
    let queued = stage.account.world.trigger(kind, None);
    assert_eq!(queued.map(|queued| queued.len()), Ok(1));
}
