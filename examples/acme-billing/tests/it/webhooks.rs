//! Webhooks that are repeated, forged and late.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use sequencehq::webhook::{Secret, Signer};

use crate::stage::{SECRET, Stage, day};

#[tokio::test]
async fn a_webhook_acts_once_and_only_with_the_right_signature() {
    let stage = Stage::begin().await;
    stage.sign_up("globex").await;
    stage.emulator.advance_to(day("2026-02-01")).expect("forward");
    stage.month_end().await;
    stage.emulator.settle().await;
    let seen = stage.invoices("globex").await;

    let sent = stage.emulator.deliveries();
    assert!(
        sent.iter().all(|delivery| delivery.status() == Some(204)),
        "{sent:?}"
    );
    // All of them once more, the oldest last.
    for delivery in sent.iter().rev() {
        let signature = Signer::new(Secret::new(SECRET).expect("good")).clock(stage.emulator.clock());
        assert_eq!(
            deliver(&stage, &delivery.body, &signature.sign(&delivery.body)).await,
            StatusCode::OK
        );
    }
    assert_eq!(stage.invoices("globex").await, seen);

    let forged = Signer::new(Secret::new("whsec_wrong").expect("good")).clock(stage.emulator.clock());
    let body = br#"{"notificationType":"MERCHANT_UPDATED","sequenceAccountId":"a-1"}"#;
    assert_eq!(
        deliver(&stage, body, &forged.sign(body)).await,
        StatusCode::UNAUTHORIZED
    );
    let late = Signer::new(Secret::new(SECRET).expect("good"))
        .clock(stage.emulator.clock())
        .sign(body);
    stage.emulator.advance_to(day("2026-02-02")).expect("forward");
    assert_eq!(deliver(&stage, body, &late).await, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_webhook_that_arrives_late_does_not_overwrite_a_newer_state() {
    let stage = Stage::begin().await;
    stage.sign_up("globex").await;
    stage.emulator.advance_to(day("2026-02-01")).expect("forward");
    stage.emulator.settle().await;
    stage.emulator.advance_to(day("2026-02-02")).expect("forward");
    stage.month_end().await;
    stage.emulator.settle().await;
    let seen = stage.invoices("globex").await;
    assert_eq!(seen["invoices"].as_array().map(Vec::len), Some(1));

    // The notes are gone, so that the oldest event counts as new.
    sqlx::query("DELETE FROM webhooks")
        .execute(&stage.app.database)
        .await
        .expect("deleted");
    let signer = Signer::new(Secret::new(SECRET).expect("good")).clock(stage.emulator.clock());
    for delivery in stage.emulator.deliveries() {
        let status = deliver(&stage, &delivery.body, &signer.sign(&delivery.body)).await;
        assert_eq!(status, StatusCode::NO_CONTENT);
        assert_eq!(stage.invoices("globex").await, seen);
    }
}

async fn deliver(stage: &Stage, body: &[u8], signature: &str) -> StatusCode {
    let request = Request::post("/webhooks/sequence").header("sequence-signature", signature);
    stage
        .send(request.body(Body::from(body.to_vec())).expect("a request"))
        .await
        .0
}
