//! The PDF of an invoice.

use crate::assumptions::A1;
use crate::pdf::Printout;
use crate::records::{Invoice, InvoiceStatus};
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
    let invoice = existing(call)?;
    let printed = [InvoiceStatus::Final, InvoiceStatus::Sent, InvoiceStatus::Voided];
    status::check(&invoice.id, invoice.status, "download", &printed)?;
    Ok(printout::answer(&printout(call.tx, &invoice)))
}

/// What the PDF of an invoice has.
pub(in super::super) fn printout(state: &State, invoice: &Invoice) -> Printout {
    let text = |name: &str| invoice.rest.get(name).and_then(|value| value.as_str());
    let period = invoice.rest.get("billingPeriod").and_then(|period| {
        let day = |name: &str| period.get(name)?.as_str();
        Some(format!("{} to {}", day("start")?, day("endInclusive")?))
    });
    let number = invoice.invoice_number.as_ref().unwrap_or(&invoice.id);
    Printout {
        title: "Invoice".to_owned(),
        number: number.clone(),
        mark: (invoice.status == InvoiceStatus::Voided).then(|| "VOID".to_owned()),
        seller: printout::seller(state),
        customer: printout::customer(
            &invoice.customer_legal_company_name,
            invoice.rest.get("customerBillingAddress"),
            text("customerTaxId"),
        ),
        facts: printout::facts([
            ("Issued", invoice.issue_date.as_deref()),
            ("Due", invoice.due_date.as_deref()),
            ("Period", period.as_deref()),
            ("Purchase order", text("purchaseOrderNumber")),
            ("Reference", text("reference")),
            ("Credit", text("creditBalances")),
        ]),
        rows: printout::rows::<Invoice>(state, &invoice.id),
        totals: printout::totals(&invoice.amounts, &invoice.currency),
        memo: text("memo").unwrap_or_default().to_owned(),
    }
}
