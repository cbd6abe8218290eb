//! Merging drafts into a new one.
//!
//! The new draft has the fields of the first invoice that is named, and the lines and groups of all, in that order. It is unpaid
//! unless all have one payment status. The merged drafts are gone.

use std::collections::BTreeSet;

use crate::assumptions::A4;
use crate::records::{Invoice, InvoiceStatus, Kind};

use super::super::answer::Outcome;
use super::super::billing_runs;
use super::super::call::Call;
use super::super::documents::{amounts, groups_of, lines_of, status};
use super::super::entry::Entry;
use super::super::problem::Problem;
use super::{record, shape};

pub(in super::super) const MERGE: Entry = Entry::computed(merge, "document, A4; the sources are deleted");

fn merge(call: &mut Call<'_, '_>) -> Outcome {
    let sources = sources(call)?;
    let Some(first) = sources.first() else {
        return Err(too_few());
    };
    let now = call.tx.now_text();
    let mut merged = Invoice {
        id: call.tx.new_id(),
        created_at: now.clone(),
        updated_at: now,
        ..first.clone()
    };
    if sources
        .iter()
        .any(|source| source.payment_status != first.payment_status)
    {
        "UNPAID".clone_into(&mut merged.payment_status);
    }
    let (mut lines, mut groups) = (0, 0);
    for source in &sources {
        for mut line in lines_of::<Invoice>(call.tx, &source.id) {
            (line.document_id, line.index) = (merged.id.clone(), lines);
            call.tx.put(&line);
            lines += 1;
        }
        for mut group in groups_of::<Invoice>(call.tx, &source.id) {
            (group.document_id, group.index) = (merged.id.clone(), groups);
            call.tx.put(&group);
            groups += 1;
        }
        billing_runs::move_to(call.tx, &source.id, &merged.id);
        for schedule in source.billing_schedule_id.iter().chain(&source.rolled_up) {
            if !merged.bills(schedule) {
                merged.rolled_up.push(schedule.clone());
            }
        }
        if source.id != first.id {
            merged.credits.extend(source.credits.clone());
        }
        record::remove(call.tx, source);
    }
    amounts::resum(call.tx, &mut merged)?;
    call.tx.put(&merged);
    call.tx.announce("INVOICE_CREATED", Kind::Invoice, &merged.id);
    shape::short(call, &merged)
}

/// The drafts that the body names, all of one customer and currency.
fn sources(call: &mut Call<'_, '_>) -> Result<Vec<Invoice>, Problem> {
    let ids = call.texts("invoiceIds");
    let distinct: BTreeSet<&String> = ids.iter().collect();
    if ids.len() < 2 || distinct.len() < ids.len() {
        return Err(too_few());
    }
    let mut sources: Vec<Invoice> = Vec::new();
    for (place, id) in ids.iter().enumerate() {
        let source: Invoice = call.tx.get(id).ok_or_else(|| {
            Problem::invalid(format!("body.invoiceIds[{place}]: there is no invoice {id}.")).assuming(A4)
        })?;
        status::check(&source.id, source.status, "merge", &[InvoiceStatus::Draft])?;
        let first = sources.first().unwrap_or(&source);
        if (&first.customer_id, &first.currency) != (&source.customer_id, &source.currency) {
            return Err(Problem::invalid(format!(
                "body.invoiceIds[{place}]: the invoice {id} has another customer or currency than {}. Merge invoices \
                 that agree in both.",
                first.id
            )));
        }
        sources.push(source);
    }
    Ok(sources)
}

fn too_few() -> Problem {
    Problem::invalid("body.invoiceIds: name at least two invoices, each of them once.")
}
