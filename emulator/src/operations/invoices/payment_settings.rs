//! Payment settings of invoices. They are gone with their invoice.

use serde_json::{Map, Value, json};

use crate::records::{Facet, Invoice, Kind};
use crate::store::State;

use super::super::answer::{Answer, Outcome};
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::payment_settings::{self, Owner};
use super::super::problem::Problem;
use super::super::resource::{self, Resource};
use super::super::{billing_schedules, customers};

const OWNER: Owner = Owner {
    settings: Kind::InvoicePaymentSettings,
    kind: Kind::Invoice,
    field: "invoiceId",
    facet: Facet::InvoiceId,
};
const SETTINGS: Resource = Resource {
    check,
    kept: &["customerId"],
    ..Resource::of(OWNER.settings)
};

pub(in super::super) const CREATE: Entry =
    Entry::stored(|call| resource::create(call, &SETTINGS), "document, A4");
pub(in super::super) const GET: Entry = Entry::stored(|call| resource::get(call, &SETTINGS), "document");
pub(in super::super) const GET_FOR_INVOICE: Entry = Entry::stored(get_for_invoice, "document");
pub(in super::super) const UPDATE: Entry =
    Entry::stored(|call| resource::replace(call, &SETTINGS), "document");
pub(in super::super) const DELETE: Entry =
    Entry::stored(|call| resource::delete(call, &SETTINGS), "document");

/// The customer of the settings is that of the invoice.
fn check(
    call: &mut Call<'_, '_>,
    map: &mut Map<String, Value>,
    former: Option<&Map<String, Value>>,
) -> Result<(), Problem> {
    payment_settings::check(call, map, former, &OWNER)?;
    let invoice = map.get(OWNER.field).and_then(Value::as_str).unwrap_or_default();
    let Some(invoice) = call.tx.get::<Invoice>(invoice) else {
        return Err(Problem::no(OWNER.kind, invoice));
    };
    let customer = map
        .entry("customerId")
        .or_insert_with(|| invoice.customer_id.as_str().into());
    if *customer != *invoice.customer_id {
        return Err(Problem::invalid(format!(
            "body.customerId: the invoice belongs to the customer {}. Send that, or leave the field out.",
            invoice.customer_id
        )));
    }
    Ok(())
}

/// The only operation that does not answer the customer.
fn get_for_invoice(call: &mut Call<'_, '_>) -> Outcome {
    let mut answer = payment_settings::get_for_owner(call, &OWNER)?;
    if let Answer::Json(Value::Object(settings)) = &mut answer {
        settings.remove("customerId");
    }
    Ok(answer)
}

/// The payment options of an invoice that sets none: a link if a provider collects it. Its own settings come before those of
/// its schedule, and these before those of its customer.
pub(super) fn options(state: &State, invoice: &str, customer: &str, schedule: Option<&str>) -> Option<Value> {
    let of_schedule = || billing_schedules::payment_settings::of_schedule(state, schedule?);
    let of_customer = || customers::payment_settings::of_customer(state, customer);
    let own = payment_settings::of_owner(state, &OWNER, invoice);
    let settings = own.or_else(of_schedule).or_else(of_customer)?;
    let provider = settings.get("paymentProvider").and_then(Value::as_str)?;
    (provider != "NONE").then(|| json!(["LINK"]))
}
