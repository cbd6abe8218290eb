//! Customers as older versions write them: an address with a name and further addresses, instead of contacts.
//!
//! The address is the primary contact, and the further ones are the standard contacts (A9), as in what these versions
//! answer.

use serde_json::{Value, json};

use crate::assumptions::A9;
use crate::contract::Version;
use crate::records::Contact;

use super::super::call::Call;

/// The contacts that the body describes.
pub(super) fn contacts(call: &mut Call<'_, '_>) -> Vec<Value> {
    call.assume(A9);
    let contact = |email: &str, name: Option<&str>, preference: &str| json!({"name": name.unwrap_or_default(), "email": email, "billingPreference": preference});
    let primary = call.text("email").unwrap_or_default();
    let mut contacts = vec![contact(primary, call.text("contactName"), "PRIMARY")];
    let further = call.texts("billingEmails");
    contacts.extend(further.iter().map(|email| contact(email, None, "STANDARD")));
    contacts
}

/// Whether a version neither shows nor replaces a contact.
pub(super) fn hides(version: Version, contact: &Contact) -> bool {
    version < Version::LATEST && contact.billing_preference == "NONE"
}

/// The ids in other systems that the oldest version sends as `externalIds`.
pub(super) fn integration_ids(call: &Call<'_, '_>) -> Option<Value> {
    let ids = call.body.get("externalIds")?.as_array()?;
    let id = |id: &Value| json!({"service": id["key"], "id": id["value"], "isPending": false});
    Some(ids.iter().map(id).collect())
}
