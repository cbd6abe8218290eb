//! Applications of credit notes to invoices.
//!
//! Checks run in this order (A67): both exist and have a balance, currency, amount, versions. A stale version is answered with 409
//! and both balances, as JSON numbers with all their digits.

use rust_decimal::Decimal;
use serde_json::{Value, json};

use crate::assumptions::{A65, A67};
use crate::billing::application::{Application, PaymentStatus, Refusal, Side, payment_status};
use crate::billing::money;
use crate::contract::decimal_of;
use crate::records::{Balance, CreditNote, CreditNoteApplication, Invoice, Kind};

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::documents::{self, amounts};
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::super::{invoices, resource};
use super::record;

pub(in super::super) const CREATE: Entry = Entry::real(create, "document, A4, A65, A67, A68");

fn create(call: &mut Call<'_, '_>) -> Outcome {
    let text = |name: &str| call.text(name).unwrap_or_default().to_owned();
    let (note_id, invoice_id) = (text("creditNoteId"), text("invoiceId"));
    resource::check_reference(call, "creditNoteId", Kind::CreditNote, &note_id)?;
    resource::check_reference(call, "invoiceId", Kind::Invoice, &invoice_id)?;
    let mut note: CreditNote = documents::existing(call, &note_id)?;
    let mut invoice: Invoice = documents::existing(call, &invoice_id)?;
    let note_side = side("creditNoteId", note.status.name(), &note.currency, note.balance)
        .map_err(|problem| problem.assuming(A65))?;
    let invoice_side = side(
        "invoiceId",
        invoice.status.name(),
        &invoice.currency,
        invoice.balance,
    )?;
    let application = application(call)?;
    call.assume(A67);
    let applied = match application.apply(invoice_side, note_side) {
        Ok(applied) => applied,
        Err(Refusal::Stale { invoice, credit_note }) => return Ok(stale(&invoice, &credit_note)),
        Err(refusal) => return Err(refused(refusal, &invoice_side, &note_side)),
    };
    let record = CreditNoteApplication {
        id: call.tx.new_id(),
        credit_note_id: note_id,
        invoice_id,
        amount: application.amount,
        applied_at: call.tx.now_text(),
    };
    call.tx.put(&record);
    note.balance = Some(balance(&applied.credit_note));
    record::store(call, &note);
    invoice.balance = Some(balance(&applied.invoice));
    let (status, assumed) = payment_status(applied.invoice.balance, invoice.amounts.gross_total);
    call.assume(assumed);
    invoices::payments::set_by_balance(call, &mut invoice, name(status));
    Ok(receipt(&record, &applied.invoice, &applied.credit_note))
}

/// A document in the ledger.
fn side(field: &str, status: &str, code: &str, balance: Option<Balance>) -> Result<Side, Problem> {
    let Some(balance) = balance else {
        return Err(Problem::illegal_state(format!(
            "body.{field}: is {status} and has no balance yet. Finalize the invoice, and send the credit note first."
        )));
    };
    Ok(Side {
        balance: balance.amount,
        version: balance.version,
        currency: amounts::currency(code)?,
    })
}

/// The application that the body asks for.
fn application(call: &Call<'_, '_>) -> Result<Application, Problem> {
    let currency = amounts::currency(call.text("currency").unwrap_or_default())?;
    let amount = call.body.get("amount").and_then(decimal_of).unwrap_or_default();
    let rounded = money::round(amount, currency).map_err(|error| Problem::at("body.amount", error))?;
    if rounded != amount {
        return Err(Problem::invalid(format!(
            "body.amount: {amount} has more decimals than an amount in {currency}. Send {rounded}, for example."
        )));
    }
    let version = |field: &str| call.body.get(field).and_then(Value::as_i64).unwrap_or_default();
    Ok(Application {
        amount: rounded,
        currency,
        invoice_version: version("invoiceBalanceVersion"),
        credit_note_version: version("creditNoteBalanceVersion"),
    })
}

fn refused(refusal: Refusal, invoice: &Side, note: &Side) -> Problem {
    match refusal {
        Refusal::Currency => Problem::invalid(format!(
            "body.currency: the invoice is in {} and the credit note in {}. All three have to be the same.",
            invoice.currency, note.currency
        )),
        _ => Problem::invalid(format!(
            "body.amount: has to be above 0, and at most the balance of the invoice, {}, and that of the credit note, {}.",
            invoice.balance, note.balance
        )),
    }
}

fn balance(side: &Side) -> Balance {
    Balance {
        amount: side.balance,
        version: side.version,
    }
}

fn name(status: PaymentStatus) -> &'static str {
    match status {
        PaymentStatus::Unpaid => "UNPAID",
        PaymentStatus::PartiallyPaid => "PARTIALLY_PAID",
        PaymentStatus::Paid => "PAID",
    }
}

fn stale(invoice: &Side, note: &Side) -> Answer {
    let message = json!(
        "Nothing was applied, since a balance has changed. Check the current balances, and send their versions."
    );
    let (invoice, note) = (versioned(invoice), versioned(note));
    Answer::Other(
        409,
        format!(
            r#"{{"message":{message},"currentInvoiceBalance":{invoice},"currentCreditNoteBalance":{note}}}"#
        ),
    )
}

fn receipt(record: &CreditNoteApplication, invoice: &Side, note: &Side) -> Answer {
    let texts = [
        ("ledgerTransactionId", &*record.id),
        ("creditNoteId", &record.credit_note_id),
        ("invoiceId", &record.invoice_id),
        ("currency", invoice.currency.code()),
        ("appliedAt", &record.applied_at),
    ];
    let texts: Vec<String> = texts
        .iter()
        .map(|(field, value)| format!("{}:{}", json!(field), json!(value)))
        .collect();
    Answer::Text(format!(
        r#"{{{},"amount":{},"invoiceBalance":{},"creditNoteBalance":{}}}"#,
        texts.join(","),
        number(record.amount),
        versioned(invoice),
        versioned(note)
    ))
}

fn versioned(side: &Side) -> String {
    format!(
        r#"{{"value":{},"currency":{},"version":{}}}"#,
        number(side.balance),
        json!(side.currency.code()),
        side.version
    )
}

/// A decimal as a JSON number, without zeros at its end.
fn number(amount: Decimal) -> String {
    amount.normalize().to_string()
}
