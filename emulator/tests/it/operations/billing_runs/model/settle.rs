//! Moves that settle invoices: payments, credit notes and their application; and requests that are refused.

use proptest::prelude::*;
use rust_decimal::Decimal;
use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{Balance, CreditNote, CreditNoteStatus, Invoice, InvoiceStatus};
use serde_json::{Value, json};

use super::calls::{attempt, call, lines_of, nth, on_invoice};

#[derive(Clone, Debug)]
pub(super) enum Settle {
    Send(usize),
    /// The payment status of an invoice.
    Pay(usize, usize),
    /// A credit note over a percentage of the first line of an invoice, how it is finished, whether it becomes a grant.
    Credit(usize, u8, usize, bool),
    /// An operation on any credit note, which may be refused.
    AnyNote(usize, usize),
    /// A percentage of what is left of a credit note, for an invoice, and whether its version is stale.
    Apply(usize, usize, u8, bool),
    /// An unpaid invoice is voided, which is refused if credit settled a part of it.
    Void(usize),
    /// An operation on any invoice, which may be refused.
    Any(usize, usize),
}

pub(super) fn any_settle() -> impl Strategy<Value = Settle> {
    let place = any::<usize>;
    prop_oneof![
        3 => place().prop_map(Settle::Send),
        4 => (place(), 0..4_usize).prop_map(|(place, status)| Settle::Pay(place, status)),
        3 => (place(), 1..=120_u8, 0..3_usize, prop::bool::weighted(0.2))
            .prop_map(|(place, part, finish, grants)| Settle::Credit(place, part, finish, grants)),
        3 => (place(), place(), 1..=120_u8, prop::bool::weighted(0.2))
            .prop_map(|(note, invoice, part, is_stale)| Settle::Apply(note, invoice, part, is_stale)),
        2 => (place(), place()).prop_map(|(place, operation)| Settle::AnyNote(place, operation)),
        1 => place().prop_map(Settle::Void),
        2 => (place(), place()).prop_map(|(place, operation)| Settle::Any(place, operation)),
    ]
}

pub(super) fn make(world: &World, one: &Settle) {
    match one {
        Settle::Send(place) => on_invoice(
            world,
            Operation::InvoiceFinalizeAndSend,
            *place,
            &[InvoiceStatus::Draft],
        ),
        Settle::Pay(place, status) => {
            let status = ["UNPAID", "PARTIALLY_PAID", "PAID", "UNCOLLECTIBLE"][*status];
            if let Some(invoice) = nth(&mut sent(world), *place) {
                let body = json!({"paymentStatus": status});
                call(
                    world,
                    Operation::InvoiceUpdatePaymentStatus,
                    &[("id", &invoice.id)],
                    Some(&body),
                );
            }
        }
        Settle::Credit(place, part, finish, grants) => {
            if let Some(invoice) = nth(&mut sent(world), *place) {
                credit(world, invoice, *part, *finish, *grants);
            }
        }
        Settle::Apply(note, invoice, part, is_stale) => {
            let mut notes = notes(world);
            if let (Some(note), Some(invoice)) = (nth(&mut notes, *note), nth(&mut sent(world), *invoice)) {
                apply(world, note, invoice, *part, *is_stale);
            }
        }
        Settle::AnyNote(place, operation) => any_on_note(world, *place, *operation),
        Settle::Void(place) => {
            let mut unpaid = sent(world);
            unpaid.retain(|invoice| matches!(&*invoice.payment_status, "UNPAID" | "UNCOLLECTIBLE"));
            if let Some(invoice) = nth(&mut unpaid, *place) {
                attempt(world, Operation::InvoiceVoid, &[("id", &invoice.id)], None);
            }
        }
        Settle::Any(place, operation) => {
            let mut operations = [
                Operation::InvoiceFinalize,
                Operation::InvoiceSend,
                Operation::InvoiceDraft,
                Operation::InvoiceVoid,
                Operation::InvoiceDelete,
                Operation::InvoiceSendPaymentReminder,
            ];
            let mut all: Vec<Invoice> = world.store().read(|state| state.all());
            if let (Some(invoice), Some(operation)) =
                (nth(&mut all, *place), nth(&mut operations, *operation))
            {
                attempt(world, *operation, &[("id", &invoice.id)], None);
            }
        }
    }
}

/// Sends invoices to the customer.
pub(super) fn invoices(world: &World, customer: &str) {
    for (quantity, rate) in [
        ("1", "10.01"),
        ("3", "83.33"),
        ("7", "0.11"),
        ("1", "100"),
        ("2", "5.55"),
    ] {
        let body = json!({"customerId": customer, "currency": "GBP"});
        let invoice = call(world, Operation::InvoiceCreate, &[], Some(&body))["id"].clone();
        let invoice = invoice.as_str().expect("an id");
        let line =
            json!({"title": "Work", "quantity": quantity, "rate": rate, "taxRate": "0.2", "externalIds": []});
        call(
            world,
            Operation::InvoiceLineItemCreate,
            &[("invoice", invoice)],
            Some(&line),
        );
        call(world, Operation::InvoiceFinalizeAndSend, &[("id", invoice)], None);
    }
}

fn sent(world: &World) -> Vec<Invoice> {
    let mut invoices: Vec<Invoice> = world.store().read(|state| state.all());
    invoices.retain(|invoice| invoice.status == InvoiceStatus::Sent);
    invoices
}

fn notes(world: &World) -> Vec<CreditNote> {
    world.store().read(|state| state.all())
}

fn any_on_note(world: &World, place: usize, operation: usize) {
    let mut operations = [
        Operation::CreditNoteFinalize,
        Operation::CreditNoteSend,
        Operation::CreditNoteMarkAsSent,
        Operation::CreditNoteVoid,
        Operation::CreditNoteVoid,
        Operation::CreditNoteDelete,
    ];
    let mut notes = notes(world);
    let (Some(note), Some(operation)) = (nth(&mut notes, place), nth(&mut operations, operation)) else {
        return;
    };
    let issues = !matches!(operation, Operation::CreditNoteVoid | Operation::CreditNoteDelete);
    let invoice: Option<Invoice> = note
        .invoice_id
        .as_deref()
        .and_then(|id| world.store().read(|state| state.get(id)));
    let is_void = invoice.is_some_and(|invoice| invoice.status == InvoiceStatus::Voided);
    let status = attempt(world, *operation, &[("id", &note.id)], None);
    let is_draft = note.status == CreditNoteStatus::Draft && note.amounts.gross_total > Decimal::ZERO;
    assert!(!(is_void && issues && is_draft) || status >= 400, "{note:?}");
}

fn credit(world: &World, invoice: &Invoice, part: u8, finish: usize, grants: bool) {
    let lines = lines_of(world, &invoice.id);
    let Some(line) = lines.first() else {
        return;
    };
    let setting = if grants { "ENABLED" } else { "DISABLED" };
    let body = json!({
        "customerId": invoice.customer_id, "currency": invoice.currency, "invoiceId": invoice.id,
        "settings": {"generateCashCreditGrant": setting},
    });
    let note = call(world, Operation::CreditNoteCreate, &[], Some(&body))["id"].clone();
    let note = note.as_str().expect("an id");
    let rate = (line.amounts.net_total * Decimal::from(part) / Decimal::ONE_HUNDRED).round_dp(2);
    let body = json!({
        "creditNoteId": note, "title": "Credit", "quantity": "1", "rate": rate.to_string(), "taxRate": "0.2",
        "externalIds": [],
    });
    // More than the invoice has left is refused.
    attempt(
        world,
        Operation::CreditNoteLineItemCreate,
        &[("creditnote", note)],
        Some(&body),
    );
    let mut finish_by = [
        Operation::CreditNoteFinalizeAndSend,
        Operation::CreditNoteFinalize,
    ]
    .into_iter();
    if let Some(operation) = finish_by.nth(finish) {
        attempt(world, operation, &[("id", note)], None);
    }
}

fn apply(world: &World, note: &CreditNote, invoice: &Invoice, part: u8, is_stale: bool) {
    let left = note.balance.map_or(Decimal::ONE, |balance| balance.amount);
    let amount = (left * Decimal::from(part) / Decimal::ONE_HUNDRED).round_dp(2);
    let version = |balance: Option<Balance>| balance.map_or(1, |one| one.version);
    let number = serde_json::from_str::<Value>(&amount.to_string()).expect("a number");
    let body = json!({
        "creditNoteId": note.id, "invoiceId": invoice.id, "amount": number, "currency": "GBP",
        "creditNoteBalanceVersion": version(note.balance) + i64::from(is_stale),
        "invoiceBalanceVersion": version(invoice.balance),
    });
    let status = attempt(world, Operation::CreditNoteApplicationCreate, &[], Some(&body));
    assert!(!is_stale || status >= 400, "{body}");
}
