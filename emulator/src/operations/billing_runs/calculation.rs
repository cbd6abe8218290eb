//! The calculation of an invoice from its runs.
//!
//! It never fails: what cannot be billed is a line over nothing that states the reason.

use chrono::NaiveDate;
use rust_decimal::Decimal;
use serde_json::json;

use crate::assumptions::{A47, Assumed};
use crate::billing::invoice::{self, Input};
use crate::billing::money::{self, Currency, Totals};
use crate::billing::tax::TaxStatus;
use crate::records::{BillingRun, Customer, Facet, Invoice};
use crate::store::Tx;

use super::super::customers::aliases;
use super::credit;
use super::lines::Lines;
use super::terms::{self, Terms};

/// Calculates the invoice of these runs anew, and stores it with its lines. `at` is the time of the calculation.
pub(super) fn calculate(tx: &mut Tx<'_>, invoice: &mut Invoice, runs: &[BillingRun], at: &str) {
    let Ok(currency) = invoice.currency.parse::<Currency>() else {
        return; // Invoices of prices have a known currency.
    };
    let nothing = money::round(Decimal::ZERO, currency).unwrap_or_default();
    let names = aliases::names_of(tx, &invoice.customer_id);
    let mut sections: Vec<Terms> = runs
        .iter()
        .flat_map(|run| terms::of_run(tx, run, &names))
        .collect();
    let grants = credit::accounts(tx, invoice, &sections);
    let mut input = Input {
        grants: &grants,
        tax_status: tax_status(tx, invoice),
        ..Input::new(currency, tx.today())
    };
    let result = attempt(&mut input, &mut sections);
    let mut assumed = sections
        .iter()
        .fold(Assumed::NONE, |all, terms| all | terms.assumed);
    assumed.add_if(runs.iter().any(|run| run.rolls_up), A47);
    if let Ok(result) = &result {
        assumed |= result.assumed;
    }
    let mut lines = Lines::of(&invoice.id, assumed);
    match &result {
        Ok(result) => result
            .lines
            .iter()
            .for_each(|line| lines.add(tx, line, &sections)),
        Err(error) => lines.add_failure(error, nothing),
    }
    for (billed, error) in sections.iter().flat_map(|terms| &terms.refused) {
        lines.add_refused(billed, error, nothing);
    }
    invoice.credits = match &result {
        Ok(result) => credit::used(&result.consumed, lines.as_slice(), tx.today()),
        Err(_) => Vec::new(),
    };
    let totals = result.map_or(
        Totals {
            net: nothing,
            tax: nothing,
            gross: nothing,
        },
        |result| result.totals,
    );
    invoice.amounts = totals.into();
    invoice.assumed = assumed.numbers();
    invoice.is_zero_quantity = lines.is_zero_quantity();
    invoice.calculated_at = Some(at.to_owned());
    at.clone_into(&mut invoice.updated_at);
    if let Some((start, end)) = period(runs) {
        let period = json!({"start": start.to_string(), "endInclusive": end.to_string()});
        invoice.rest.insert("billingPeriod".to_owned(), period);
    }
    lines.store(tx);
    tx.put(invoice);
}

/// Computes the invoice. If that fails, items that fail by themselves are left out.
fn attempt(input: &mut Input<'_>, sections: &mut [Terms]) -> crate::billing::Result<invoice::Invoice> {
    input.sections = sections.iter().map(|terms| terms.section.clone()).collect();
    let first = invoice::calculate(input);
    if first.is_ok() {
        return first;
    }
    for terms in &mut *sections {
        terms.refuse_unchargeable(input.currency);
    }
    input.sections = sections.iter().map(|terms| terms.section.clone()).collect();
    invoice::calculate(input)
}

fn tax_status(tx: &Tx<'_>, invoice: &Invoice) -> TaxStatus {
    let customer: Option<Customer> = tx.get(&invoice.customer_id);
    match customer.as_ref().map(|customer| customer.tax_status.as_str()) {
        Some("TAX_EXEMPT") => TaxStatus::TaxExempt,
        Some("REVERSE_CHARGED") => TaxStatus::ReverseCharged,
        _ => TaxStatus::Taxed,
    }
}

/// The days from the first to the last that is billed.
fn period(runs: &[BillingRun]) -> Option<(NaiveDate, NaiveDate)> {
    let items = || runs.iter().flat_map(|run| &run.items);
    let start = items().map(|item| item.start()).min()?;
    Some((start, items().map(|item| item.end()).max()?))
}

/// The runs of an invoice, oldest first.
pub(super) fn runs_of(tx: &Tx<'_>, invoice: &str) -> Vec<BillingRun> {
    tx.all_with(Facet::InvoiceId, invoice)
}
