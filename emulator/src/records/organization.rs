//! Customer organizations.

use serde::{Deserialize, Serialize};

use super::{Facet, Facets, Kind, Record};

/// An owner with its members.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CustomerOrganization {
    /// The id.
    pub id: String,
    /// The customer that is the parent.
    pub owner: String,
    /// The customers that are its children, without the owner and without repetition.
    pub members: Vec<String>,
}

impl Record for CustomerOrganization {
    const KIND: Kind = Kind::CustomerOrganization;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.index(Facet::OwnerId, &self.owner);
        for member in &self.members {
            facets.index(Facet::MemberId, member);
        }
    }
}
