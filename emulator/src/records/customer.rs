//! Customers with their contacts.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Facet, Facets, Kind, Record};

/// A customer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Customer {
    /// The id.
    pub id: String,
    /// When it was created.
    pub created_at: String,
    /// The registered name.
    pub legal_name: String,
    /// `TAXED`, `TAX_EXEMPT` or `REVERSE_CHARGED`.
    pub tax_status: String,
    /// `ACTIVE`, or `DRAFT` if it can be neither billed nor scheduled.
    pub status: String,
    /// The short name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The contacts, also archived ones, in the order of creation.
    pub contacts: Vec<Contact>,
    /// The client's own properties.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub custom_properties: BTreeMap<String, String>,
    /// When it was archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
    /// What is only stored: the address, the URL, ids in other systems.
    #[serde(flatten)]
    pub rest: Map<String, Value>,
}

/// A contact of a customer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    /// The id.
    pub id: String,
    /// The name.
    pub name: String,
    /// The address.
    pub email: String,
    /// `PRIMARY`, `STANDARD` or `NONE`.
    pub billing_preference: String,
    /// When it was created.
    pub created_at: String,
    /// When it was changed.
    pub updated_at: String,
    /// When it was archived.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub archived_at: Option<String>,
}

impl Customer {
    /// The contacts that are not archived.
    pub fn live_contacts(&self) -> impl Iterator<Item = &Contact> {
        self.contacts
            .iter()
            .filter(|contact| contact.archived_at.is_none())
    }

    /// The contact that comes first: the oldest primary one.
    pub fn primary_contact(&self) -> Option<&Contact> {
        self.live_contacts().find(|contact| contact.is_primary())
    }
}

impl Contact {
    /// Returns whether the contact is a primary one.
    pub fn is_primary(&self) -> bool {
        self.billing_preference == "PRIMARY"
    }
}

impl Record for Customer {
    const KIND: Kind = Kind::Customer;

    fn id(&self) -> &str {
        &self.id
    }

    fn facets(&self, facets: &mut Facets) {
        facets.add(Facet::LegalName, &self.legal_name);
        facets.add(Facet::Status, &self.status);
        if let Some(label) = &self.label {
            facets.add(Facet::Label, label);
        }
        for contact in self.live_contacts() {
            facets.add(Facet::Email, &contact.email);
        }
        for (key, value) in &self.custom_properties {
            facets.index(Facet::Custom, &format!("{key}\0{value}"));
        }
        if self.archived_at.is_some() {
            facets.index(Facet::Archived, "true");
        }
    }
}
