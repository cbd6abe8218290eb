//! Notifications on their way to a recipient.

use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record};

/// One notification for one recipient.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delivery {
    /// The id.
    pub id: String,
    /// The policy that sends it.
    pub policy: String,
    /// The URL or address, as the policy names it.
    pub recipient: String,
    /// The id of the resource that it is about.
    pub resource: String,
    /// The notification type.
    #[serde(rename = "type")]
    pub notification_type: String,
    /// The body, byte by byte.
    pub body: String,
    /// Every attempt so far.
    pub attempts: Vec<Attempt>,
    /// When the next attempt is due, in microseconds after 1970; `None` if there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<i64>,
}

/// One attempt to deliver.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// When, by the clock of the account.
    pub at: String,
    /// The header `Sequence-Signature`.
    pub signature: String,
    /// The status of the receiver; `None` if it was not reached.
    pub status: Option<u16>,
}

impl Record for Delivery {
    const KIND: Kind = Kind::Delivery;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        if self.due.is_some() {
            facets.index(Facet::Status, "due");
        }
    }
}
