//! The stored records: one kind for each resource, as compact JSON text.
//!
//! A record is a plain struct of the fields that the emulator interprets, and a map of all others, so that what
//! is only stored and answered needs no code. A resource of which nothing is interpreted is a [`Generic`] record.
//! What lists filter and sort by is extracted as [`Facets`] when a record is written, so that lists read no JSON.
//!
//! To add a struct: implement [`Record`], and add its kind to [`facets_of`], which a replayed journal uses. For a generic
//! record, declare the facets of its kind in `generic.rs`.

mod activity;
mod billing_run;
mod billing_schedule;
mod credit_grant;
mod credit_note;
mod customer;
mod delivery;
mod discount;
mod document;
mod exact;
mod facet;
mod generic;
mod idempotency;
pub mod ids;
mod invoice;
mod kind;
pub(crate) mod number;
mod organization;
mod policy;
mod quote;
mod seat_event;
pub mod time;
mod usage_event;
mod usage_metric;

pub use activity::Activity;
pub use billing_run::{BillingRun, FormerTerms, RunItem, RunPart, RunSegment};
pub use billing_schedule::{
    BillingSchedule, Phase, PhaseMinimum, PriceMetadata, PriceTaxRate, Progress, ScheduleStatus,
};
pub use credit_grant::{CreditGrant, CreditTransaction, GrantBooked, GrantPhase};
pub use credit_note::{
    CreditNote, CreditNoteApplication, CreditNoteLineItem, CreditNoteLineItemGroup, CreditNoteStatus,
};
pub use customer::{Contact, Customer};
pub use delivery::{Attempt, Delivery};
pub use discount::Discount;
pub use document::{Amounts, Balance, Document, LineItem, LineItemGroup};
pub use exact::normalized;
pub(crate) use facet::FacetValue;
pub use facet::{Facet, Facets};
pub use generic::Generic;
pub use idempotency::FirstResponse;
pub use invoice::{
    Dunning, Invoice, InvoiceCredit, InvoiceLineItem, InvoiceLineItemGroup, InvoiceStatus, Payment,
};
pub use kind::Kind;
pub use organization::CustomerOrganization;
pub use policy::NotificationPolicy;
pub use quote::{Quote, QuoteStatus};
pub use seat_event::SeatEvent;
pub use usage_event::UsageEvent;
pub use usage_metric::UsageMetric;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// A stored record.
///
/// Fields that the struct does not name go to a flattened map `rest`. Numbers there and in [`Generic`] records pass
/// through 64-bit floats; a number that has to stay exact needs a named field of type `Box<RawValue>`, or a `Decimal`
/// with `#[serde(with = "number")]`, and a struct without a flattened map.
pub trait Record: Serialize + DeserializeOwned {
    /// The table that the record belongs to.
    const KIND: Kind;

    /// The id, unique within the kind.
    fn id(&self) -> &str;

    /// Adds what lists filter and sort by.
    fn facets(&self, facets: &mut Facets);
}

/// Extracts the facets of a stored text, as they were when it was written.
///
/// # Errors
///
/// If the text is not a record of the kind.
pub fn facets_of(kind: Kind, text: &str) -> Result<Facets, serde_json::Error> {
    match kind {
        Kind::ActivityLog => of::<Activity>(text),
        Kind::BillingRun => of::<BillingRun>(text),
        Kind::BillingSchedule => of::<BillingSchedule>(text),
        Kind::CreditGrant => of::<CreditGrant>(text),
        Kind::CreditTransaction => of::<CreditTransaction>(text),
        Kind::CreditNote => of::<CreditNote>(text),
        Kind::CreditNoteApplication => of::<CreditNoteApplication>(text),
        Kind::CreditNoteLineItem => of::<CreditNoteLineItem>(text),
        Kind::CreditNoteLineItemGroup => of::<CreditNoteLineItemGroup>(text),
        Kind::Customer => of::<Customer>(text),
        Kind::CustomerOrganization => of::<CustomerOrganization>(text),
        Kind::Delivery => of::<Delivery>(text),
        Kind::Discount => of::<Discount>(text),
        Kind::IdempotencyKey => of::<FirstResponse>(text),
        Kind::Invoice => of::<Invoice>(text),
        Kind::InvoiceLineItem => of::<InvoiceLineItem>(text),
        Kind::InvoiceLineItemGroup => of::<InvoiceLineItemGroup>(text),
        Kind::NotificationPolicy => of::<NotificationPolicy>(text),
        Kind::Quote => of::<Quote>(text),
        Kind::SeatEvent => of::<SeatEvent>(text),
        Kind::UsageEvent => of::<UsageEvent>(text),
        Kind::UsageMetric => of::<UsageMetric>(text),
        _ => Ok(serde_json::from_str::<Generic>(text)?.facets(kind)),
    }
}

fn of<R: Record>(text: &str) -> Result<Facets, serde_json::Error> {
    let mut facets = Facets::default();
    serde_json::from_str::<R>(text)?.facets(&mut facets);
    Ok(facets)
}
