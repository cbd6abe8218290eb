//! Customers that are added from outside of the API.

use std::collections::BTreeMap;
use std::convert::Infallible;

use serde_json::{Map, json};

use crate::records::{Contact, Customer, Kind};

use super::super::world::World;

impl World {
    /// Adds a taxed customer with this registered name, an address in London and one contact, and returns its id.
    ///
    /// CUSTOMER_CREATED is announced, as by the operation `customer_create`.
    pub fn add_customer(&self, legal_name: &str) -> String {
        let added = self.control(|tx| {
            let now = tx.now_text();
            let contact = Contact {
                id: tx.new_id(),
                name: "Accounts Payable".to_owned(),
                email: "billing@customer.example".to_owned(),
                billing_preference: "PRIMARY".to_owned(),
                created_at: now.clone(),
                updated_at: now.clone(),
                archived_at: None,
            };
            let address = json!({
                "line1": "1 Example Street",
                "town": "London",
                "postcode": "EC1A 1AA",
                "country": "GB",
            });
            let customer = Customer {
                id: tx.new_id(),
                created_at: now,
                legal_name: legal_name.to_owned(),
                tax_status: "TAXED".to_owned(),
                status: "ACTIVE".to_owned(),
                label: None,
                contacts: vec![contact],
                custom_properties: BTreeMap::new(),
                archived_at: None,
                rest: Map::from_iter([("address".to_owned(), address)]),
            };
            tx.put(&customer);
            tx.announce("CUSTOMER_CREATED", Kind::Customer, &customer.id);
            Ok::<_, Infallible>(customer.id)
        });
        let Ok(id) = added;
        id
    }
}
