//! Entries of the activity log, kept short: the other fields of an entry are derived from these.

use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record, ids};

/// An entry of the activity log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activity {
    /// The id.
    pub id: String,
    /// When it happened.
    #[serde(rename = "at")]
    pub at: String,
    /// The version of the API, if it was a call.
    #[serde(rename = "v", skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// The operation, or the step of the clock.
    #[serde(rename = "by")]
    pub cause: String,
    /// What was done.
    pub verb: String,
    /// The kind of the object.
    pub of: String,
    /// The id of the object.
    pub object: String,
}

impl Activity {
    /// The id of an object within the activity log.
    pub fn object_id(object: &str) -> String {
        ids::derived_id(&format!("object {object}"))
    }
}

impl Record for Activity {
    const KIND: Kind = Kind::ActivityLog;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::ObjectId, &Self::object_id(&self.object));
    }
}
