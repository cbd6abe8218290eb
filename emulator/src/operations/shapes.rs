//! The complete resources in notifications.

use serde_json::Value;

use crate::records::Kind;
use crate::store::{Notice, Tx};

use super::{billing_schedules, credit_notes, customers, invoices, quotes};

/// The name of the shape and the resource; `None` if it is gone.
///
/// Add a kind here if the resource has more fields than its record.
pub(super) fn of_notice(tx: &Tx<'_>, notice: &Notice) -> Option<(&'static str, Value)> {
    let resource_type = resource_type(notice.kind)?;
    let resource = match notice.kind {
        Kind::CreditNote => credit_notes::shape::full(tx, &tx.get(&notice.id)?).into(),
        Kind::BillingSchedule => billing_schedules::shape::full(tx, &tx.get(&notice.id)?).into(),
        Kind::Customer => customers::shape::full(tx, &tx.get(&notice.id)?),
        Kind::Quote => quotes::shape(&tx.get(&notice.id)?, tx.today()),
        Kind::Invoice => invoices::shape::full(tx, &tx.get(&notice.id)?).into(),
        kind => tx.map(kind, &notice.id)?.into(),
    };
    Some((resource_type, resource))
}

fn resource_type(kind: Kind) -> Option<&'static str> {
    match kind {
        Kind::Account => Some("MerchantResponse"),
        Kind::BillingSchedule => Some("BillingScheduleResponse"),
        Kind::CreditNote => Some("CreditNoteResponse"),
        Kind::Customer => Some("CustomerResponse"),
        Kind::Invoice => Some("InvoiceResponse"),
        Kind::Quote => Some("QuoteResponse"),
        _ => None,
    }
}
