//! What holds of numbers, balances and credit after every move.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::World;
use sequencehq_emulator::records::{
    Balance, CreditNote, CreditNoteApplication, CreditNoteStatus, Invoice, InvoiceStatus,
};
use serde_json::Value;

use super::calls::call;

/// What was seen of a document after the move before.
#[derive(Debug, Default)]
pub(super) struct Seen {
    numbers: BTreeMap<String, String>,
    balances: BTreeMap<String, Balance>,
}

pub(super) fn check(world: &World, seen: &mut Seen, customer: &str) {
    let invoices: Vec<Invoice> = world.store().read(|state| state.all());
    let notes: Vec<CreditNote> = world.store().read(|state| state.all());
    let applications: Vec<CreditNoteApplication> = world.store().read(|state| state.all());
    let of_invoices = invoices.iter().map(|invoice| {
        let is_numbered = !matches!(invoice.status, InvoiceStatus::InProgress | InvoiceStatus::Draft);
        (&*invoice.id, invoice.invoice_number.as_deref(), is_numbered)
    });
    numbers("SEQ", of_invoices, seen);
    let of_notes = notes.iter().map(|note| {
        let is_numbered = !matches!(
            note.status,
            CreditNoteStatus::InProgress | CreditNoteStatus::Draft
        );
        (&*note.id, note.credit_note_number.as_deref(), is_numbered)
    });
    numbers("SCN", of_notes, seen);

    let applied = |is_of: &dyn Fn(&CreditNoteApplication) -> bool| -> Decimal {
        let of = applications.iter().filter(|application| is_of(application));
        of.map(|application| application.amount).sum()
    };
    for invoice in &invoices {
        versions(&invoice.id, invoice.balance, seen);
        settled(invoice, applied(&|one| one.invoice_id == invoice.id));
        let credited = notes.iter().filter(|note| {
            note.invoice_id.as_ref() == Some(&invoice.id)
                && matches!(note.status, CreditNoteStatus::Final | CreditNoteStatus::Sent)
        });
        let credited: Decimal = credited.map(|note| note.amounts.gross_total).sum();
        assert!(
            credited <= invoice.amounts.gross_total.max(Decimal::ZERO),
            "{invoice:?}"
        );
    }
    for note in &notes {
        versions(&note.id, note.balance, seen);
        let applied = applied(&|one| one.credit_note_id == note.id);
        match (note.status, note.balance) {
            (CreditNoteStatus::Sent, Some(balance)) => {
                let left = match &note.grant_id {
                    Some(_) => Decimal::ZERO,
                    None => note.amounts.gross_total,
                };
                assert_eq!(balance.amount, left - applied, "{note:?}");
                assert!(balance.amount >= Decimal::ZERO, "{note:?}");
            }
            (CreditNoteStatus::Sent, None) => panic!("a sent credit note has a balance: {note:?}"),
            _ => assert_eq!(applied, Decimal::ZERO, "{note:?}"),
        }
    }
    credit(world, customer);
}

/// Numbers are unique and without a gap. A document keeps its number.
fn numbers<'d>(
    series: &str,
    documents: impl Iterator<Item = (&'d str, Option<&'d str>, bool)>,
    seen: &mut Seen,
) {
    let mut taken = Vec::new();
    for (id, number, is_numbered) in documents {
        assert_eq!(number.is_some(), is_numbered, "{id}");
        let Some(number) = number else { continue };
        let first = seen
            .numbers
            .entry(id.to_owned())
            .or_insert_with(|| number.to_owned());
        assert_eq!(first, number, "{id} has another number");
        taken.push(number.to_owned());
    }
    taken.sort();
    let expected: Vec<String> = (1..=taken.len())
        .map(|number| format!("{series}-{number:05}"))
        .collect();
    assert_eq!(taken, expected);
}

/// The version of a balance rises by one with a change, and only then.
fn versions(id: &str, balance: Option<Balance>, seen: &mut Seen) {
    let Some(balance) = balance else {
        assert!(!seen.balances.contains_key(id), "{id} has lost its balance");
        return;
    };
    let expected = match seen.balances.insert(id.to_owned(), balance) {
        None => 1,
        Some(before) => before.version + i64::from(before.amount != balance.amount),
    };
    assert_eq!(balance.version, expected, "{id}");
}

/// What is left of an invoice is what was neither paid nor settled by credit notes.
fn settled(invoice: &Invoice, applied: Decimal) {
    let paid: Decimal = invoice.payments.iter().map(|payment| payment.amount).sum();
    let left = invoice.amounts.gross_total.max(Decimal::ZERO) - applied - paid;
    match (invoice.status, invoice.balance) {
        (InvoiceStatus::Final | InvoiceStatus::Sent, Some(balance)) => {
            assert_eq!(balance.amount, left, "{invoice:?}");
            assert!(left >= Decimal::ZERO, "{invoice:?}");
            assert!(invoice.payment_status != "PAID" || left.is_zero(), "{invoice:?}");
        }
        (InvoiceStatus::Final | InvoiceStatus::Sent, None) => panic!("it has a balance: {invoice:?}"),
        (InvoiceStatus::Voided, balance) => {
            assert!(
                applied.is_zero(),
                "a voided invoice holds no application: {invoice:?}"
            );
            assert!(
                balance.is_none_or(|balance| balance.amount.is_zero()),
                "{invoice:?}"
            );
        }
        (InvoiceStatus::InProgress | InvoiceStatus::Draft, balance) => {
            assert_eq!((balance, applied), (None, Decimal::ZERO));
        }
    }
}

/// A balance of the customer is the sum of its ledger and of what is left of its grants, none of which is overdrawn.
fn credit(world: &World, customer: &str) {
    let page = call(
        world,
        Operation::CreditBalanceList,
        &[("customerId", customer)],
        None,
    );
    let decimal = |value: &Value| -> Decimal {
        let text = value.as_str().expect("a text");
        text.parse().expect("a decimal")
    };
    for balance in page["items"].as_array().expect("items") {
        let rows = balance["transactions"].as_array().expect("rows").iter();
        let booked: Decimal = rows
            .map(|row| match row["type"] == "DEBIT" {
                true => -decimal(&row["amount"]),
                false => decimal(&row["amount"]),
            })
            .sum();
        let grants = balance["grants"].as_array().expect("grants").iter();
        let left: Vec<Decimal> = grants.map(|grant| decimal(&grant["currentBalance"])).collect();
        assert!(left.iter().all(|left| *left >= Decimal::ZERO), "{balance}");
        let found = decimal(&balance["balance"]);
        assert_eq!((found, found), (booked, left.iter().sum()), "{balance}");
    }
}
