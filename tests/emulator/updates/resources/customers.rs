//! Customers, and what belongs to them.

use serde_json::{Value, json};

use super::super::stage::Stage;
use super::{Ids, Resource, id};

pub async fn customer(stage: &Stage<'_>, name: &str) -> Value {
    let body = json!({
        "legalName": name, "taxStatus": "TAXED", "label": name, "url": "https://acme.example",
        "address": {"line1": "1", "line2": "2", "town": "London", "postcode": "E1 6AN", "country": "GB"},
        "contacts": [
            {"name": "Ada", "email": "ada@acme.example", "billingPreference": "PRIMARY"},
            {"name": "Bob", "email": "bob@acme.example", "billingPreference": "STANDARD"},
        ],
        "customProperties": {"region": "north"}, "integrationIds": [{"service": "Xero", "id": "42"}],
        // Older versions have these instead.
        "contactName": "Ada", "email": "ada@acme.example", "billingEmails": ["bob@acme.example"], "telephone": "1",
        "externalIds": [{"key": "Xero", "value": "42"}],
    });
    stage.create("customer_create", &[], body).await
}

pub async fn make(stage: &Stage<'_>, ids: &Ids, all: &mut Vec<Resource>) {
    let own = customer(stage, "Wayne").await;
    let own = Resource::new("customer_update", &own, "/legalName", json!("Wayne Ltd"));
    // An update replaces all contacts.
    all.push(own.making_anew(&["contacts[].id", "contacts[].createdAt", "contacts[].updatedAt"]));
    let of = [("customer", ids.customer.clone())];
    let contact = json!({"name": "Eve", "email": "eve@acme.example", "billingPreference": "NONE"});
    let contact = stage
        .create("contact_create", &[("customer", &ids.customer)], contact)
        .await;
    let contact = Resource::new("contact_update", &contact, "/email", json!("eva@acme.example"));
    all.push(contact.in_list("contact_list", &of));
    let account = id(&stage.call("account_list", &[], None).await["items"][0]);
    let alias =
        json!({"customerId": ids.customer, "value": "acme-2", "label": "Two", "sequenceAccountId": account});
    let alias = stage.create("customer_alias_create", &[], alias).await;
    let alias = Resource::new("customer_alias_update", &alias, "/label", json!("Zwei"));
    all.push(alias.in_list("customer_alias_list", &[]));
    let member = customer(stage, "Wayne Sons").await;
    let organization = json!({"ownerId": ids.customer, "memberIds": [id(&member)]});
    let organization = stage
        .create("customer_organization_create", &[], organization)
        .await;
    let members = "customer_organization_replace_members";
    all.push(Resource {
        // No operation reads an organization.
        read: None,
        changed: "members".to_owned(),
        ..Resource::new(members, &organization, "/customerIds", json!([]))
    });
    let settings = json!({"customerId": ids.customer, "paymentProvider": "STRIPE"});
    let settings = stage
        .create("customer_payment_settings_create", &[], settings)
        .await;
    let update = "customer_payment_settings_update";
    all.push(Resource::new(
        update,
        &settings,
        "/paymentProvider",
        json!("NONE"),
    ));
}
