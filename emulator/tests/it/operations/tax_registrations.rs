//! Tax registrations have one owner.

use sequencehq_emulator::contract::Operation;
use serde_json::json;

use super::{Account, id, text};

#[test]
fn a_registration_without_an_owner_is_the_merchants() {
    let account = Account::new();
    let created = account.create(
        Operation::TaxRegistrationCreate,
        &json!({"taxIdentifier": "GB1", "country": "GB"}),
    );
    let merchant = text(&created, "sequenceAccountId").to_owned();
    assert_eq!(text(&created, "merchantId"), merchant);
    let path = [("id", merchant.as_str())];
    let page = account.ok(Operation::TaxRegistrationListForMerchant, &path, "", None);
    assert_eq!(page["items"], json!([created]));
    let stranger = account.refused(
        Operation::TaxRegistrationListForMerchant,
        &[("id", "x")],
        "",
        None,
    );
    assert_eq!(stranger.status, 404);
}

#[test]
fn an_identifier_is_registered_once_in_a_country() {
    let account = Account::new();
    let body = json!({"taxIdentifier": "1", "country": "GB"});
    let created = account.create(Operation::TaxRegistrationCreate, &body);
    let refused = account.refused(Operation::TaxRegistrationCreate, &[], "", Some(&body));
    assert_eq!((refused.status, refused.assumed.as_str()), (400, "A72"));
    account.create(
        Operation::TaxRegistrationCreate,
        &json!({"taxIdentifier": "1", "country": "DE"}),
    );
    account.ok(
        Operation::TaxRegistrationUpdate,
        &[("id", id(&created))],
        "",
        Some(&body),
    );
    account.ok(
        Operation::TaxRegistrationDelete,
        &[("id", id(&created))],
        "",
        None,
    );
    account.create(Operation::TaxRegistrationCreate, &body);
}

#[test]
fn a_registration_belongs_to_a_customer_or_to_the_merchant() {
    let account = Account::new();
    let both = json!({"taxIdentifier": "1", "country": "GB", "customerId": "a", "merchantId": "b"});
    assert_eq!(
        account
            .refused(Operation::TaxRegistrationCreate, &[], "", Some(&both))
            .status,
        400
    );
    let customer = json!({"taxIdentifier": "1", "country": "GB", "customerId": "unknown"});
    let refused = account.refused(Operation::TaxRegistrationCreate, &[], "", Some(&customer));
    assert!(
        refused.message.starts_with("body.customerId:"),
        "{}",
        refused.message
    );
}
