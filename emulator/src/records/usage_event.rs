//! Usage events.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use super::{Facet, Facets, Kind, Record, time};

/// A usage event, stored as it is answered.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UsageEvent {
    /// The id.
    pub id: String,
    /// The client's own id, by which a later event supersedes this one.
    pub customer_event_id: String,
    /// The alias or id of a customer. It need not belong to one yet.
    pub customer_alias: String,
    /// The type, by which metrics select.
    pub event_type: String,
    /// The account.
    pub sequence_account_id: String,
    /// When the usage happened.
    pub event_timestamp: String,
    /// The properties. Their numbers are those that were sent, digit by digit.
    pub event_properties: BTreeMap<String, Box<RawValue>>,
}

impl Record for UsageEvent {
    const KIND: Kind = Kind::UsageEvent;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::Alias, &self.customer_alias);
        facets.index(Facet::CustomerEventId, &self.customer_event_id);
        facets.add(Facet::EventType, &self.event_type);
        if let Some(at) = time::parse(&self.event_timestamp) {
            facets.add(Facet::EventTimestamp, &time::instant_key(at));
        }
    }
}
