//! Credit notes as versions answer them.
//!
//! Older versions have neither applications nor balances. They answer the schedule and the tax number of the customer only if a
//! credit note is created, read, replaced or deleted.

use serde_json::{Map, Value, json};

use crate::assumptions::{A65, A66, Assumed};
use crate::billing::application::{ApplicationStatus, application_status};
use crate::contract::{Operation, Version};
use crate::records::{CreditNote, CreditNoteApplication, CreditNoteStatus, Facet, Invoice, Kind};
use crate::store::State;

use super::super::answer::Outcome;
use super::super::call::Call;
use super::super::documents::{printed, write_amounts};

/// Answers a credit note.
pub(super) fn answer(call: &mut Call<'_, '_>, note: &CreditNote) -> Outcome {
    Ok(item(call, note).into())
}

/// A credit note in the version of the call.
pub(super) fn item(call: &mut Call<'_, '_>, note: &CreditNote) -> Map<String, Value> {
    call.assume(Assumed::from_numbers(note.assumed.iter().copied()));
    let mut map = full(call.tx, note);
    if call.version < Version::LATEST {
        for field in ["applications", "balanceVersion"] {
            map.remove(field);
        }
        if !is_detailed(call.operation) {
            for field in ["billingScheduleId", "customerTaxId"] {
                map.remove(field);
            }
        }
        return map;
    }
    if note.balance.is_some() {
        call.assume(A65);
    }
    if note.grant_id.is_some() {
        call.assume(A66);
    }
    map
}

fn is_detailed(operation: Operation) -> bool {
    matches!(
        operation,
        Operation::CreditNoteCreate
            | Operation::CreditNoteGet
            | Operation::CreditNoteUpdate
            | Operation::CreditNoteDelete
    )
}

/// The complete credit note in the newest version.
pub(in super::super) fn full(state: &State, note: &CreditNote) -> Map<String, Value> {
    let mut map = note.rest.clone();
    let invoice: Option<Invoice> = note.invoice_id.as_deref().and_then(|id| state.get(id));
    let account = state.rows(Kind::Account).next().map(|row| row.id());
    for (name, value) in [
        ("id", Some(note.id.as_str())),
        ("sequenceAccountId", account),
        ("customerId", Some(&note.customer_id)),
        ("status", Some(note.status.name())),
        ("currency", Some(&note.currency)),
        ("creditNoteNumber", note.credit_note_number.as_deref()),
        ("invoiceId", note.invoice_id.as_deref()),
        (
            "invoiceNumber",
            invoice
                .as_ref()
                .and_then(|invoice| invoice.invoice_number.as_deref()),
        ),
        (
            "billingScheduleId",
            invoice
                .as_ref()
                .and_then(|invoice| invoice.billing_schedule_id.as_deref()),
        ),
        (
            "customerLegalCompanyName",
            Some(&note.customer_legal_company_name),
        ),
        ("accountingDate", Some(&note.accounting_date)),
        ("issueDate", note.issue_date.as_deref()),
    ] {
        if let Some(value) = value {
            map.insert(name.to_owned(), value.into());
        }
    }
    write_amounts(&mut map, &note.amounts);
    write_balance(&mut map, note);
    let setting = if note.generates_grant {
        "ENABLED"
    } else {
        "DISABLED"
    };
    for (name, value) in [
        ("settings", json!({"generateCashCreditGrant": setting})),
        ("applications", applications(state, &note.id)),
        ("linkedServices", json!([])),
        ("merchantDetails", printed::merchant(state)),
    ] {
        map.insert(name.to_owned(), value);
    }
    map
}

/// The balance, from SENT on (A65), and how much of it was applied.
fn write_balance(map: &mut Map<String, Value>, note: &CreditNote) {
    let Some(balance) = note.balance else {
        return;
    };
    map.insert("balance".to_owned(), balance.amount.to_string().into());
    map.insert("balanceVersion".to_owned(), balance.version.into());
    if note.status == CreditNoteStatus::Sent {
        let status = match application_status(balance.amount, note.amounts.gross_total) {
            ApplicationStatus::Unapplied => "UNAPPLIED",
            ApplicationStatus::PartiallyApplied => "PARTIALLY_APPLIED",
            ApplicationStatus::FullyApplied => "FULLY_APPLIED",
        };
        map.insert("applicationStatus".to_owned(), status.into());
    }
}

fn applications(state: &State, note: &str) -> Value {
    let applications = state.all_with::<CreditNoteApplication>(Facet::CreditNoteId, note);
    let shown = applications.iter().map(|application| {
        let mut shown = json!({
            "invoiceId": application.invoice_id,
            "amount": application.amount.to_string(),
            "appliedAt": application.applied_at,
        });
        let invoice: Option<Invoice> = state.get(&application.invoice_id);
        if let Some(number) = invoice.and_then(|invoice| invoice.invoice_number) {
            shown["invoiceNumber"] = number.into();
        }
        shown
    });
    shown.collect()
}
