//! Usage that is repeated, and usage that cannot be sent.

use axum::http::StatusCode;
use sequencehq::emulator::Fault;
use serde_json::json;

use crate::stage::{Stage, day};

#[tokio::test]
async fn usage_that_is_reported_and_sent_twice_counts_once() {
    let stage = Stage::begin().await;
    stage.sign_up("globex").await;
    for _ in 0..2 {
        assert_eq!(stage.use_api("jan-1", 1_000).await.0, StatusCode::ACCEPTED);
    }
    assert_eq!(stage.use_api("jan-1", 2_000).await.0, StatusCode::CONFLICT);
    stage.work().await;
    // A crash between the call and the note that the event was sent.
    sqlx::query("UPDATE usage_events SET sent = 0")
        .execute(&stage.app.database)
        .await
        .expect("updated");
    stage.work().await;
    let sent = stage
        .emulator
        .requests()
        .into_iter()
        .filter(|it| it.path.ends_with("/usage-events"))
        .count();
    assert_eq!(sent, 2, "the event was sent again");

    stage.emulator.advance_to(day("2026-02-01")).expect("forward");
    let report = stage.month_end().await;
    assert_eq!(
        report.sent[0].net_total.to_string(),
        "51.00",
        "49.00 and 1,000 calls"
    );
}

#[tokio::test]
async fn usage_waits_until_sequence_is_available() {
    let stage = Stage::begin().await;
    stage.sign_up("globex").await;
    stage.use_api("jan-1", 1_000).await;
    stage
        .emulator
        .inject(Fault::status(503).on("usage_event_create").times(4));
    let mut unsent: Vec<i64> = Vec::new();
    for _ in 0..2 {
        stage.work().await;
        let count = sqlx::query_scalar("SELECT count(*) FROM usage_events WHERE sent = 0");
        unsent.push(count.fetch_one(&stage.app.database).await.expect("a count"));
    }
    assert_eq!(unsent, [1, 0]);
    let (status, _) = stage
        .post("/usage", &json!({"id": "jan-2", "customer": "hooli", "calls": 1}))
        .await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
