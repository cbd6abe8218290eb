//! The PDF of a credit note.

use crate::assumptions::A1;
use crate::pdf::Printout;
use crate::records::{CreditNote, CreditNoteStatus, Invoice};
use crate::store::State;

use super::super::answer::Outcome;
use super::super::call::Call;
use super::super::documents::{printout, status};
use super::super::entry::Entry;
use super::record::existing;

pub(in super::super) const DOWNLOAD: Entry = Entry::minimal(download, "document, A1");

/// Answers the PDF. A draft has none (A1).
fn download(call: &mut Call<'_, '_>) -> Outcome {
    call.assume(A1);
    let note = existing(call)?;
    let printed = [
        CreditNoteStatus::Final,
        CreditNoteStatus::Sent,
        CreditNoteStatus::Voided,
    ];
    status::check(&note.id, note.status, "download", &printed)?;
    Ok(printout::answer(&printout(call.tx, &note)))
}

fn printout(state: &State, note: &CreditNote) -> Printout {
    let text = |name: &str| note.rest.get(name).and_then(|value| value.as_str());
    let day = |name: &str| text(name)?.split_once('T').map(|(day, _)| day);
    let period = day("billingPeriodStart").zip(day("billingPeriodEnd"));
    let period = period.map(|(start, end)| format!("{start} to {end}"));
    let invoice: Option<Invoice> = note.invoice_id.as_deref().and_then(|id| state.get(id));
    let number = note.credit_note_number.as_ref().unwrap_or(&note.id);
    Printout {
        title: "Credit note".to_owned(),
        number: number.clone(),
        mark: (note.status == CreditNoteStatus::Voided).then(|| "VOID".to_owned()),
        seller: printout::seller(state),
        customer: printout::customer(
            &note.customer_legal_company_name,
            note.rest.get("customerBillingAddress"),
            text("customerTaxId"),
        ),
        facts: printout::facts([
            ("Issued", note.issue_date.as_deref()),
            (
                "Invoice",
                invoice
                    .as_ref()
                    .and_then(|invoice| invoice.invoice_number.as_deref()),
            ),
            ("Period", period.as_deref()),
            ("Purchase order", text("purchaseOrderNumber")),
        ]),
        rows: printout::rows::<CreditNote>(state, &note.id),
        totals: printout::totals(&note.amounts, &note.currency),
        memo: text("memo").unwrap_or_default().to_owned(),
    }
}
