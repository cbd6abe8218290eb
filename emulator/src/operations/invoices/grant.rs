//! Invoices over the cost of credit grants (A59).

use rust_decimal::Decimal;
use serde_json::json;

use crate::assumptions::A59;
use crate::records::{CreditGrant, Customer, InvoiceLineItem};

use super::super::call::Call;
use super::super::documents::{Editable as _, amounts};
use super::super::problem::Problem;
use super::record;

/// Creates a draft with one line. It has no tax: grants that do not belong to a phase have no tax rate.
pub(in super::super) fn create(
    call: &mut Call<'_, '_>,
    customer: Customer,
    grant: &CreditGrant,
) -> Result<(), Problem> {
    let mut invoice = record::draft(call.tx, customer, grant.currency.clone())?;
    let mut line = InvoiceLineItem::new(call.tx.new_id(), &invoice.id, 0);
    line.title = grant.name.clone();
    line.quantity = Decimal::ONE;
    line.rate = grant.cost_of_credit;
    for (field, value) in [
        ("creditGrantId", json!(grant.id)),
        ("rateDisplay", json!("ABSOLUTE")),
        ("externalIds", json!([])),
    ] {
        line.rest.insert(field.to_owned(), value);
    }
    let currency = amounts::currency(&grant.currency)?;
    amounts::compute(&mut line, currency)?;
    amounts::add(invoice.sums(), &line, currency)?;
    record::add(call, &invoice);
    call.tx.put(&line);
    call.assume(A59);
    Ok(())
}
