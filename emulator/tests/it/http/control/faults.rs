//! Faults that are injected by the control.

use serde_json::json;

use super::{control, message, ok, on_new_year, product, send, start};

#[tokio::test]
async fn faults_are_injected_listed_and_removed() {
    let emulator = start(on_new_year()).await;
    let body = json!({
        "kind": "status", "status": 503, "operation": "postProducts", "times": 2, "retryAfter": 7, "body": "{}",
    });
    let listed = ok(&control(&emulator, "POST faults", Some(&body)).await);
    let expected = json!({"items": [{"kind": "status", "operation": "product_create", "left": 2}]});
    assert_eq!(listed, expected);
    let reply = send(&emulator, "POST /products", Some(&json!({"name": "API"}))).await;
    assert_eq!(
        (reply.status, reply.header("retry-after"), &*reply.body),
        (503, Some("7"), "{}")
    );
    let listed = ok(&control(&emulator, "GET faults", None).await);
    assert_eq!(listed["items"][0]["left"], 1);
    assert_eq!(
        ok(&control(&emulator, "DELETE faults", None).await),
        json!({"items": []})
    );
    product(&emulator, "API").await;

    for kind in ["html502", "dropBefore", "dropAfter", "truncateBody", "wrongShape"] {
        ok(&control(&emulator, "POST faults", Some(&json!({"kind": kind}))).await);
    }
    ok(&control(
        &emulator,
        "POST faults",
        Some(&json!({"kind": "delay", "milliseconds": 1})),
    )
    .await);
    for (body, expected) in [
        (json!({}), "body: missing field `kind`"),
        (
            json!({"kind": "fire"}),
            "body: unknown variant `fire`, expected one of `status`",
        ),
        (
            json!({"kind": "status"}),
            "body.status: this kind of fault needs the status",
        ),
        (
            json!({"kind": "status", "status": 100}),
            "body.status: this kind of fault needs the status",
        ),
        (json!({"kind": "delay"}), "body.milliseconds: a delay needs it."),
        (
            json!({"kind": "html502", "status": 500}),
            "body.status: this kind of fault does not have it.",
        ),
        (
            json!({"kind": "html502", "times": 0}),
            "body.times: a fault hits at least once.",
        ),
        (
            json!({"kind": "html502", "operation": "invoice_creat"}),
            "body.operation: there is no operation `invoice_creat`. Perhaps `invoice_create` is meant.",
        ),
    ] {
        let reply = control(&emulator, "POST faults", Some(&body)).await;
        let message = message(&reply, 400);
        assert!(message.starts_with(expected), "{message}");
    }
}
