//! Customers, contacts, aliases, organizations, and payment settings of customers.

use sequencehq_emulator::contract::{Operation as Op, Version};
use serde_json::{Value, json};

use super::super::super::operations::id;
use super::super::stage::Stage;
use super::first_id;

fn body(version: Version, name: &str) -> Value {
    let mut body = json!({
        "legalName": name, "taxStatus": "TAXED", "label": name, "url": "https://acme.example",
        "address": {"line1": "1", "line2": "2", "town": "London", "postcode": "E1 6AN", "country": "GB"},
        "customerAliases": [name.to_lowercase()],
    });
    let own = match version.name() {
        "2024-07-30" => json!({
            "contacts": [
                {"name": "Ada", "email": "ada@acme.example", "billingPreference": "PRIMARY"},
                {"name": "Bob", "email": "bob@acme.example", "billingPreference": "STANDARD"},
            ],
            "customProperties": {"region": "north"},
        }),
        _ => json!({
            "contactName": "Ada", "email": "ada@acme.example", "billingEmails": ["bob@acme.example"], "telephone": "1",
        }),
    };
    let ids = match version.name() {
        "2024-01-01" => json!({"externalIds": [{"key": "Xero", "value": "42"}]}),
        _ => json!({"integrationIds": [{"service": "Xero", "id": "42"}]}),
    };
    for part in [own, ids] {
        let (Value::Object(body), Value::Object(part)) = (&mut body, part) else {
            unreachable!("both are objects")
        };
        body.extend(part);
    }
    body
}

/// Returns the ids of two customers.
pub(super) fn make(stage: &mut Stage, account: &str) -> [String; 2] {
    let version = stage.version;
    let customers = ["Acme", "Other"].map(|name| stage.new_id(Op::CustomerCreate, body(version, name)));
    let customer = customers[0].as_str();
    stage.put(Op::CustomerUpdate, customer, body(version, "Acme"));
    stage.on(Op::CustomerGet, customer);
    stage.list(Op::CustomerCustomPropertyKeyList);
    contacts(stage, customer);
    aliases(stage, account, customer);
    let organization = json!({"ownerId": customer, "memberIds": []});
    let organization = stage.new_id(Op::CustomerOrganizationCreate, organization);
    let members = json!({"customerIds": [customers[1]]});
    stage.put(Op::CustomerOrganizationAddMembers, &organization, members);
    let members = json!({"customerIds": []});
    stage.put(Op::CustomerOrganizationReplaceMembers, &organization, members);
    stage.list(Op::CustomerList);
    payment_settings(stage, customer);
    customers
}

fn contacts(stage: &mut Stage, customer: &str) {
    let of = [("customer", customer)];
    let body = json!({"name": "Eve", "email": "eve@acme.example", "billingPreference": "NONE"});
    let contact = stage.ok(Op::ContactCreate, &of, "", Some(&body));
    let path = [("customer", customer), ("id", id(&contact))];
    let body = json!({"name": "Eva", "email": "eva@acme.example", "billingPreference": "NONE"});
    stage.ok(Op::ContactUpdate, &path, "", Some(&body));
    stage.ok(Op::ContactArchive, &path, "", None);
    stage.ok(Op::ContactList, &of, "", None);
}

fn aliases(stage: &mut Stage, account: &str, customer: &str) {
    let body =
        json!({"customerId": customer, "value": "acme-2", "label": "Two", "sequenceAccountId": account});
    let alias = stage.new_id(Op::CustomerAliasCreate, body);
    stage.put(Op::CustomerAliasUpdate, &alias, json!({"label": "Zwei"}));
    stage.list(Op::CustomerAliasList);
    stage.on(Op::CustomerAliasListForCustomer, customer);
    stage.ok(Op::CustomerGetByAlias, &[("alias", "acme-2")], "", None);
    stage.on(Op::CustomerAliasDelete, &alias);
}

fn payment_settings(stage: &mut Stage, customer: &str) {
    let body = json!({"customerId": customer, "paymentProvider": "STRIPE", "autoCharge": true});
    let settings = stage.new_id(Op::CustomerPaymentSettingsCreate, body);
    // Their id is the customer's in this operation.
    stage.on(Op::CustomerPaymentSettingsGet, &settings);
    stage.put(
        Op::CustomerPaymentSettingsUpdate,
        &settings,
        json!({"paymentProvider": "NONE"}),
    );
    stage.on(Op::CustomerPaymentSettingsDelete, &settings);
}

pub(super) fn archive(stage: &mut Stage, customer: &str) {
    stage.on(Op::CustomerArchive, customer);
    let page = stage.list(Op::CustomerList);
    assert_ne!(first_id(&page), customer);
}
