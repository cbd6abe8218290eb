//! Strict mode: what depends on an assumption is refused.

use sequencehq_emulator::assumptions::{A72, Assumed};
use serde_json::json;

use super::{on_new_year, send, start};

#[tokio::test]
async fn a_response_that_depends_on_an_assumption_is_refused_and_changes_nothing() {
    let emulator = start(on_new_year().strict(Assumed::NONE)).await;
    let before = emulator.world().store().read(|state| state.dump());
    let body = json!({"taxIdentifier": "1", "country": "GB"});
    let refused = send(&emulator, "POST /tax-registrations", Some(&body)).await;
    assert_eq!(
        (refused.status, refused.error_type().as_str()),
        (501, "DependsOnAssumption")
    );
    assert_eq!(refused.header("x-emulator-assumption"), Some("A72"));
    let message = refused.json()["error"]["message"].as_str().map(str::to_owned);
    let message = message.expect("a message");
    assert!(
        message.contains(&format!("A72: {}", A72.rule())) && message.contains("`--assume A72`"),
        "{message}"
    );
    assert_eq!(emulator.world().store().read(|state| state.dump()), before);
    let product = send(&emulator, "POST /products", Some(&json!({"name": "API"}))).await;
    assert_eq!(product.status, 201, "{}", product.body);
    let invalid = send(&emulator, "POST /products", Some(&json!({}))).await;
    assert_eq!(invalid.status, 400, "a refusal that the document states stays");
}

#[tokio::test]
async fn a_refusal_that_depends_on_an_assumption_is_refused_too() {
    let emulator = start(on_new_year().strict(Assumed::NONE)).await;
    let body = json!({"customerId": "x", "currency": "GBP", "dueDate": "2026-02-01"});
    let refused = send(&emulator, "POST /invoices", Some(&body)).await;
    assert_eq!(refused.error_type(), "DependsOnAssumption");
    assert_eq!(refused.header("x-emulator-assumption"), Some("A4"));
}

#[tokio::test]
async fn an_accepted_assumption_is_not_refused() {
    let emulator = start(on_new_year().strict(A72)).await;
    let body = json!({"taxIdentifier": "1", "country": "GB"});
    let created = send(&emulator, "POST /tax-registrations", Some(&body)).await;
    assert_eq!(
        (created.status, created.header("x-emulator-assumption")),
        (201, Some("A72"))
    );
}
