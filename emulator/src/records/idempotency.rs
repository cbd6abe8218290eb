//! First responses to idempotency keys.

use serde::{Deserialize, Serialize};

use super::{Kind, Record};

/// The first response to a key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FirstResponse {
    /// Operation and key.
    pub id: String,
    /// When, in microseconds after 1970.
    pub at: i64,
    /// The body of the request.
    pub request: String,
    /// The body of the response.
    pub response: String,
    /// What the response depends on.
    pub assumed: Vec<u8>,
}

impl Record for FirstResponse {
    const KIND: Kind = Kind::IdempotencyKey;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, _: &mut super::Facets) {}
}
