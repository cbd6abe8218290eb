//! Deliveries, and notifications that are triggered.

use sequencehq_emulator::records::Quote;
use serde_json::{Value, json};

use super::super::webhooks::{Receiver, subscribe};
use super::{control, message, ok, on_new_year, send, start};

#[tokio::test]
async fn a_delivery_is_listed_and_sent_again_with_a_new_signature() {
    let receiver = Receiver::start(&[]).await;
    let emulator = start(on_new_year()).await;
    subscribe(&emulator, &receiver.url, Some(json!(["CUSTOMER_CREATED"]))).await;
    emulator.add_customer("Acme Ltd");
    emulator.settle().await;
    let listed = ok(&control(&emulator, "GET deliveries", None).await);
    let delivery = &listed["items"][0];
    assert_eq!(
        (&delivery["notificationType"], &delivery["isPending"]),
        (&json!("CUSTOMER_CREATED"), &json!(false))
    );
    assert_eq!(delivery["attempts"][0]["status"], 200);
    control(&emulator, "POST advance", Some(&json!({"by": "PT1H"}))).await;
    let id = delivery["id"].as_str().expect("an id");
    let resent = ok(&control(&emulator, &format!("POST deliveries/{id}/resend"), None).await);
    assert_eq!(
        (&resent["isPending"], &resent["dueAt"]),
        (&json!(true), &json!("2026-01-01T13:00:00Z"))
    );
    emulator.settle().await;
    assert_eq!(receiver.count(), 2);
    let attempts = emulator.deliveries()[0].attempts.clone();
    assert_eq!(attempts.len(), 2);
    assert_ne!(
        attempts[0].0, attempts[1].0,
        "the signature has the time of its attempt"
    );
    let pending = ok(&control(&emulator, "GET deliveries?pending=true", None).await);
    assert_eq!((&pending["items"], &pending["total"]), (&json!([]), &json!(1)));
    let unknown = control(&emulator, "POST deliveries/x/resend", None).await;
    assert_eq!(
        message(&unknown, 404),
        "There is no delivery x. It was never created, or was deleted."
    );
}

#[tokio::test]
async fn what_cannot_be_sent_again_is_refused() {
    let receiver = Receiver::start(&[500]).await;
    let emulator = start(on_new_year()).await;
    let policy = subscribe(&emulator, &receiver.url, None).await;
    let mail = json!({"name": "Mail", "channel": "EMAIL", "recipients": ["a@x.example"]});
    send(&emulator, "POST /notifications/policies", Some(&mail)).await;
    emulator.add_customer("Acme Ltd");
    emulator.settle().await;
    let listed = ok(&control(&emulator, "GET deliveries", None).await);
    let ids: Vec<_> = listed["items"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|item| item["id"].clone())
        .collect();
    let resend = |id: &Value| format!("POST deliveries/{}/resend", id.as_str().expect("an id"));
    for (id, expected) in [(&ids[0], "is pending"), (&ids[1], "is an e-mail")] {
        let reply = control(&emulator, &resend(id), None).await;
        let message = message(&reply, 400);
        assert!(message.contains(expected), "{message}");
    }
    control(&emulator, "POST advance", Some(&json!({"by": "PT1H"}))).await;
    emulator.settle().await;
    let path = format!(
        "DELETE /notifications/policies/{}",
        policy["id"].as_str().expect("an id")
    );
    assert_eq!(send(&emulator, &path, None).await.status, 200);
    let reply = control(&emulator, &resend(&ids[0]), None).await;
    assert!(
        message(&reply, 400).contains("policy was deleted"),
        "{}",
        reply.body
    );
}

#[tokio::test]
async fn a_notification_is_triggered() {
    let emulator = start(on_new_year()).await;
    let trigger = |body: Value| {
        let emulator = &emulator;
        async move { control(emulator, "POST trigger", Some(&body)).await }
    };
    let refused = trigger(json!({"type": "CUSTOMER_UPDATED"})).await;
    assert!(message(&refused, 400).starts_with("There is no customer that CUSTOMER_UPDATED could announce."));
    let customer = emulator.add_customer("Acme Ltd");
    let refused = trigger(json!({"type": "CUSTOMER_UPDATED"})).await;
    assert!(message(&refused, 400).starts_with("No notification policy announces CUSTOMER_UPDATED."));
    subscribe(&emulator, "http://127.0.0.1:9/x", None).await;
    for body in [
        json!({"type": "CUSTOMER_UPDATED"}),
        json!({"type": "CUSTOMER_ARCHIVED", "resourceId": customer}),
        json!({"type": "INTEGRATION_SYNC_COMPLETED"}),
    ] {
        let triggered = ok(&trigger(body.clone()).await);
        assert_eq!(
            triggered["deliveries"][0]["recipient"], "http://127.0.0.1:9/x",
            "{body}"
        );
    }
    let deliveries = emulator.deliveries();
    let bodies: Vec<Value> = deliveries
        .iter()
        .map(|delivery| serde_json::from_slice(&delivery.body).expect("JSON"))
        .collect();
    assert_eq!(
        (&bodies[1]["resourceId"], &bodies[1]["resource"]["legalName"]),
        (&json!(customer), &json!("Acme Ltd"))
    );
    assert_eq!(bodies[2]["notificationType"], "INTEGRATION_SYNC_COMPLETED");
    assert_eq!(bodies[2].get("resource"), None);
    for (body, status, expected) in [
        (
            json!({"type": "MOON_LANDED"}),
            400,
            "body.type: there is no notification type `MOON_LANDED`. Send one of",
        ),
        (
            json!({"type": "CUSTOMER_UPDATED", "resourceId": "x"}),
            404,
            "There is no customer x.",
        ),
        (
            json!({"type": "WATCHTOWER_TASK_ASSIGNED", "resourceId": "x"}),
            400,
            "body.resourceId: ",
        ),
        (
            json!({"type": "CUSTOMER_UPDATED", "resourceId": "x", "sample": true}),
            400,
            "body.sample: has no effect with `resourceId`.",
        ),
        (
            json!({"type": "INVOICE_ISSUED"}),
            400,
            "There is no invoice that INVOICE_ISSUED could announce. Create one first, or send `\"sample\": true`.",
        ),
        (json!({}), 400, "body: missing field `type`"),
    ] {
        let message = message(&trigger(body).await, status);
        assert!(message.starts_with(expected), "{message}");
    }
    assert_eq!(emulator.deliveries().len(), 3, "refusals announce nothing");
    let sample = json!({"type": "INVOICE_ISSUED", "sample": true});
    ok(&trigger(sample).await);
    assert_eq!(emulator.deliveries().len(), 4, "a sample is not announced itself");
    let listed = send(&emulator, "GET /invoices", None).await.json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn a_quote_moves_to_the_status_that_is_triggered() {
    let emulator = start(on_new_year()).await;
    let quote = json!({
        "id": "q", "quoteNumber": "Q-1", "status": "DRAFT", "createdBy": "u", "createdAt": "2026-01-01T12:00:00Z",
        "updatedAt": "2026-01-01T12:00:00Z",
    });
    let quote: Quote = serde_json::from_value(quote).expect("a quote");
    let put = emulator.world().control(|tx| {
        tx.put(&quote);
        Ok::<_, ()>(())
    });
    assert_eq!(put, Ok(()));
    let trigger = json!({"type": "QUOTE_ACCEPTED"});
    let moved = ok(&control(&emulator, "POST trigger", Some(&trigger)).await);
    assert_eq!(
        moved,
        json!({"deliveries": []}),
        "a quote moves without a policy too"
    );
    let listed = send(&emulator, "GET /quotes", None).await.json();
    assert_eq!(listed["items"][0]["status"], "ACCEPTED");
    subscribe(&emulator, "http://127.0.0.1:9/x", None).await;
    ok(&control(&emulator, "POST trigger", Some(&trigger)).await);
    assert_eq!(emulator.deliveries().len(), 1, "it is announced where it is");
    let back = control(
        &emulator,
        "POST trigger",
        Some(&json!({"type": "QUOTE_PUBLISHED"})),
    )
    .await;
    let message = message(&back, 400);
    assert!(message.starts_with("The quote q "), "{message}");
    let listed = send(&emulator, "GET /quotes", None).await.json();
    assert_eq!(listed["items"][0]["status"], "ACCEPTED");
}
