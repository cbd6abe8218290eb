//! Answers that are scripted by the control.

use serde_json::json;

use super::{control, message, ok, on_new_year, send, start};

#[tokio::test]
async fn answers_are_scripted_listed_and_removed() {
    let emulator = start(on_new_year()).await;
    let product = json!({"id": "p1", "name": "API", "createdAt": "2026-01-31T09:30:00Z", "updatedAt": "2026-01-31T09:30:00Z"});
    let script = json!({"operation": "product_list", "value": [product], "times": 2, "onlyFor": "/products"});
    let listed = ok(&control(&emulator, "POST respond", Some(&script)).await);
    assert_eq!(
        listed,
        json!({"items": [
            {"operation": "product_list", "status": 200, "left": 2, "version": null, "onlyFor": "/products"}
        ]})
    );
    let page = send(&emulator, "GET /products", None).await.json();
    assert_eq!(page["items"], json!([product]));
    let listed = ok(&control(&emulator, "GET respond", None).await);
    assert_eq!(listed["items"][0]["left"], 1);
    let requests = ok(&control(&emulator, "GET requests", None).await);
    assert_eq!(requests["items"][0]["scripted"], true);
    let removed = ok(&control(&emulator, "DELETE respond", None).await);
    assert_eq!(removed, json!({"items": []}));
    let page = send(&emulator, "GET /products", None).await.json();
    assert_eq!(page["items"], json!([]));

    let always = json!({"operation": "product_get", "value": {}, "always": true, "unchecked": true, "version": "2024-05-09"});
    let listed = ok(&control(&emulator, "POST respond", Some(&always)).await);
    assert_eq!(
        (&listed["items"][0]["left"], &listed["items"][0]["version"]),
        (&json!(null), &json!("2024-05-09"))
    );
    ok(&control(&emulator, "POST reset", None).await);
    let listed = ok(&control(&emulator, "GET respond", None).await);
    assert_eq!(listed, json!({"items": []}), "a reset removes them");
}

#[tokio::test]
async fn what_cannot_be_scripted_is_refused_by_name() {
    let emulator = start(on_new_year()).await;
    for (body, expected) in [
        (json!({}), "body: missing field `operation`"),
        (
            json!({"operation": "product_gett"}),
            "body.operation: there is no operation `product_gett`. Perhaps `product_get` is meant.",
        ),
        (
            json!({"operation": "product_get", "value": {"id": 7}}),
            "body.value.id: expected",
        ),
        (
            json!({"operation": "product_get", "value": {}, "status": 7}),
            "body.status: 7 is not the status of a final response",
        ),
        (
            json!({"operation": "product_get", "value": {}, "version": "1"}),
            "body.version: version `1` does not have product_get",
        ),
        (
            json!({"operation": "product_get", "value": {}, "unchecked": true, "onlyFor": "/product/7"}),
            "body.onlyFor: `/product/7` is not a path of product_get; choose one such as `/products/{id}`.",
        ),
        (
            json!({"operation": "product_get", "value": {}, "times": 0}),
            "body.times: an answer is used at least once.",
        ),
        (
            json!({"operation": "product_get", "value": {}, "times": 1, "always": true}),
            "body.times: has no effect with `always`.",
        ),
    ] {
        let reply = control(&emulator, "POST respond", Some(&body)).await;
        let message = message(&reply, 400);
        assert!(message.starts_with(expected), "{message}");
    }
}
