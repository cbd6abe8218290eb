//! Bodies of requests, as an operation receives them.

use sequencehq_emulator::contract::Operation;
use serde_json::json;

use super::{Account, id};

#[test]
fn every_problem_of_a_body_is_reported_at_its_path() {
    let body =
        json!({"legalName": 7, "taxStatus": "NONE", "address": {}, "contacts": [], "integrationIds": []});
    let refused = Account::new().refused(Operation::CustomerCreate, &[], "", Some(&body));
    assert_eq!((refused.status, refused.kind.as_str()), (400, "InvalidRequest"));
    for path in ["body.legalName:", "body.taxStatus:", "body.address.line1:"] {
        assert!(refused.message.contains(path), "{path} {}", refused.message);
    }
}

#[test]
fn undeclared_members_are_not_stored() {
    let account = Account::new();
    let body = json!({"name": "API calls", "colour": "red"});
    let product = account.create(Operation::ProductCreate, &body);
    let stored = account.get(Operation::ProductGet, id(&product));
    assert_eq!(
        (stored["name"].as_str(), stored.get("colour")),
        (Some("API calls"), None)
    );
}
