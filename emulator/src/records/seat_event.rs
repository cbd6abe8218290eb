//! Seat events.

use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record, time};

/// A seat event, stored as it is answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct SeatEvent {
    /// The id.
    pub id: String,
    /// The client's own id, by which a later event supersedes this one.
    pub customer_event_id: String,
    /// The alias or id of a customer. It need not belong to one yet.
    pub customer_alias: String,
    /// The type of the seats.
    pub seat_type: String,
    /// The account.
    pub sequence_account_id: String,
    /// From when on the total holds.
    pub event_timestamp: String,
    /// The seats of the type that the alias has from then on.
    pub total: i64,
}

impl Record for SeatEvent {
    const KIND: Kind = Kind::SeatEvent;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::Alias, &self.customer_alias);
        facets.index(Facet::CustomerEventId, &self.customer_event_id);
        facets.add(Facet::SeatType, &self.seat_type);
        if let Some(at) = time::parse(&self.event_timestamp) {
            facets.add(Facet::EventTimestamp, &time::instant_key(at));
        }
    }
}
