//! Opening runs, and their invoices.
//!
//! What a schedule bills on one day is on one invoice. With roll-up, it shares the invoice with the other schedules of the
//! customer that roll up, in the same currency (A47).

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::records::{
    BillingRun, BillingSchedule, Customer, Facet, FormerTerms, Invoice, InvoiceStatus, Kind,
};
use crate::store::Tx;

use super::super::invoices::record;
use super::calculation::runs_of;
use super::plan::Planned;

/// Adds what was planned to the open runs of the schedule, and opens those that are missing. Returns the ids of the
/// invoices, in the order of their days.
pub(super) fn add(
    tx: &mut Tx<'_>,
    schedule: &BillingSchedule,
    currency: &str,
    planned: Vec<Planned>,
) -> Vec<String> {
    let mut by_day: BTreeMap<NaiveDate, Vec<Planned>> = BTreeMap::new();
    for planned in planned {
        by_day.entry(planned.due).or_default().push(planned);
    }
    let mut invoices = Vec::new();
    for (due, planned) in by_day {
        let mut open: Vec<BillingRun> = tx.all_with(Facet::BillingScheduleId, &schedule.id);
        open.retain(|run| run.due_date == due && run.currency == currency);
        let run = open.pop().or_else(|| new(tx, schedule, currency, due));
        let Some(mut run) = run else { continue };
        run.items.extend(planned.into_iter().map(|planned| planned.item));
        tx.put(&run);
        invoices.push(run.invoice_id);
    }
    invoices
}

/// A run without items; `None` if the customer does not exist.
fn new(tx: &mut Tx<'_>, schedule: &BillingSchedule, currency: &str, due: NaiveDate) -> Option<BillingRun> {
    let mut run = BillingRun {
        id: tx.new_id(),
        billing_schedule_id: schedule.id.clone(),
        customer_id: schedule.customer_id.clone(),
        currency: currency.to_owned(),
        invoice_id: String::new(),
        due_date: due,
        is_open: true,
        rolls_up: schedule.roll_up_billing,
        items: Vec::new(),
        former: FormerTerms::default(),
        stale_since: None,
    };
    let mut invoice = match shared_invoice(tx, &run) {
        Some(invoice) => invoice,
        None => new_invoice(tx, schedule, &run)?,
    };
    run.invoice_id.clone_from(&invoice.id);
    let mut runs = runs_of(tx, &invoice.id);
    runs.push(run.clone());
    take_over(tx, &runs, &mut invoice);
    tx.put(&invoice);
    Some(run)
}

/// The upcoming invoice of another schedule that the run belongs to.
fn shared_invoice(tx: &Tx<'_>, run: &BillingRun) -> Option<Invoice> {
    if !run.rolls_up {
        return None;
    }
    let others: Vec<BillingRun> = tx.all_with(Facet::CustomerId, &run.customer_id);
    let key = |run: &BillingRun| (run.rolls_up, run.currency.clone(), run.due_date);
    let other = others.iter().find(|other| key(other) == key(run))?;
    tx.get(&other.invoice_id)
}

fn new_invoice(tx: &mut Tx<'_>, schedule: &BillingSchedule, run: &BillingRun) -> Option<Invoice> {
    let customer: Customer = tx.get(&schedule.customer_id)?;
    let mut invoice = record::draft(tx, customer, run.currency.clone()).ok()?;
    invoice.status = InvoiceStatus::InProgress;
    invoice.accounting_date = run.due_date.to_string();
    tx.announce("INVOICE_CREATED", Kind::Invoice, &invoice.id);
    Some(invoice)
}

/// Gives an invoice what its runs decide on, oldest first, and their schedules. The first schedule decides on the terms.
pub(super) fn take_over(tx: &Tx<'_>, runs: &[BillingRun], invoice: &mut Invoice) {
    let Some(first) = runs.first() else { return };
    invoice.billing_schedule_id = Some(first.billing_schedule_id.clone());
    invoice.rolled_up.clear();
    for run in runs {
        if !invoice.bills(&run.billing_schedule_id) {
            invoice.rolled_up.push(run.billing_schedule_id.clone());
        }
    }
    invoice
        .rest
        .insert("billingRunId".to_owned(), first.id.as_str().into());
    let Some(schedule) = tx.get::<BillingSchedule>(&first.billing_schedule_id) else {
        return;
    };
    invoice.payment_term_days = schedule.default_due_date_days;
    for (field, value) in [
        ("purchaseOrderNumber", schedule.purchase_order_number),
        ("reference", schedule.reference),
        ("memo", schedule.memo),
    ] {
        match value {
            Some(value) => invoice.rest.insert(field.to_owned(), value.into()),
            None => invoice.rest.remove(field),
        };
    }
}
