//! Seeds that are added by the control.

use serde_json::json;

use super::{control, message, ok, on_new_year, raw, send, start};

#[tokio::test]
async fn a_seed_is_added_in_yaml_or_json_and_answers_the_ids() {
    let emulator = start(on_new_year()).await;
    let body = json!({"date": "2026-01-01", "customers": [{"key": "acme", "legalName": "Acme Ltd"}]});
    let seeded = ok(&control(&emulator, "POST seed", Some(&body)).await);
    assert_eq!(seeded["created"], json!({"customers": 1}));
    let id = seeded["ids"]["acme"].as_str().expect("an id");
    let customer = send(&emulator, &format!("GET /customers/{id}"), None).await;
    assert_eq!(customer.json()["legalName"], "Acme Ltd");
    let yaml = "products:\n  - {key: api, name: API}\n";
    let reply = raw(&emulator, "POST /_emulator/seed", "", yaml)
        .await
        .expect("a response");
    assert!(ok(&reply)["ids"]["api"].is_string());
}

#[tokio::test]
async fn a_fault_leaves_nothing_behind() {
    let emulator = start(on_new_year()).await;
    let before = emulator.world().store().read(|state| state.dump());
    for (yaml, expected) in [
        (
            "customers:\n  - {legalName: Acme Ltd}\nproducts:\n  - {names: API}\n",
            "body:4: products[0].name: expected a text, but the member is missing. Is \"names\" a misspelling of it? body:4: ",
        ),
        (
            "date: 2026-02-01\n",
            "body: `date` sets the clock only at the start of the emulator, and today is 2026-01-01.",
        ),
    ] {
        let reply = raw(&emulator, "POST /_emulator/seed", "", yaml)
            .await
            .expect("a response");
        let message = message(&reply, 400);
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(emulator.world().store().read(|state| state.dump()), before);
}
