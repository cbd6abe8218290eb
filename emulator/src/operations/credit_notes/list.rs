//! Lists of credit notes.

use serde_json::Value;

use crate::records::{Facet, Kind};

use super::super::answer::Outcome;
use super::super::call::Call;
use super::super::entry::Entry;
use super::super::list::{self, Filter, List, Scope};
use super::shape;

const CREDIT_NOTES: List = List {
    kind: Kind::CreditNote,
    filters: &[
        Filter::OneOf("creditNoteStatus", Facet::Status),
        Filter::OneOf("customerId", Facet::CustomerId),
        Filter::Less("sentBefore", Facet::SentAt),
        Filter::Greater("sentAfter", Facet::SentAt),
        Filter::Contains("searchCreditNoteNumber", Facet::Number),
    ],
    sorts: &[
        ("GROSS_TOTAL", Facet::GrossTotal),
        ("CREDIT_NOTE_NUMBER", Facet::Number),
        ("STATUS", Facet::Status),
    ],
    custom: None,
};

pub(in super::super) const LIST: Entry = Entry::real(list, "document, A6");

fn list(call: &mut Call<'_, '_>) -> Outcome {
    list::page(call, &CREDIT_NOTES, Scope::default(), |call, map| {
        let note = serde_json::from_value(map.into());
        note.map_or(Value::Null, |note| shape::item(call, &note).into())
    })
}
