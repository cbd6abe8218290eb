//! Sign-ups that are repeated, interrupted and refused.

use axum::http::StatusCode;
use sequencehq::emulator::Fault;
use serde_json::json;

use crate::stage::{Stage, day, signup};

#[tokio::test]
async fn a_repeated_sign_up_is_one_customer_and_another_one_is_refused() {
    let stage = Stage::begin().await;
    for _ in 0..2 {
        assert_eq!(stage.sign_up("globex").await.0, StatusCode::CREATED);
    }
    let (left, right) = tokio::join!(stage.sign_up("initech"), stage.sign_up("initech"));
    assert_eq!((left.0, right.0), (StatusCode::CREATED, StatusCode::CREATED));
    assert_eq!(stage.created().await.0, 2);

    let mut other = signup("globex");
    other["plan"] = json!("scale");
    assert_eq!(stage.post("/signups", &other).await.0, StatusCode::CONFLICT);
    other["plan"] = json!("none");
    assert_eq!(
        stage.post("/signups", &other).await.0,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}

/// What a crash between a call and the note of its result leaves behind, for each of the calls.
#[tokio::test]
async fn a_sign_up_that_a_crash_interrupted_is_completed_without_creating_anything_twice() {
    for lost in [
        "activated = 0",
        "activated = 0, schedule_id = NULL",
        "activated = 0, schedule_id = NULL, customer_id = NULL",
    ] {
        let stage = Stage::begin().await;
        stage.sign_up("globex").await;
        let forget = format!("UPDATE signups SET {lost}");
        sqlx::query(&forget)
            .execute(&stage.app.database)
            .await
            .expect("updated");
        stage.emulator.advance_to(day("2026-01-03")).expect("forward");
        stage.work().await;
        assert_eq!(open_sign_ups(&stage).await, 0, "{lost}");
        assert_eq!(stage.created().await, (1, 1), "{lost}");
    }
}

#[tokio::test]
async fn a_lost_response_creates_nothing_twice() {
    for operation in [
        "customer_create",
        "billing_schedule_create",
        "billing_schedule_activate",
    ] {
        let stage = Stage::begin().await;
        stage
            .emulator
            .inject(Fault::drop_connection_after_acting().on(operation));
        assert_eq!(
            stage.sign_up("globex").await.0,
            StatusCode::CREATED,
            "{operation}"
        );
        assert_eq!(stage.created().await, (1, 1), "{operation}");
    }
}

#[tokio::test]
async fn a_sign_up_that_may_have_failed_is_completed_later_and_billed_from_its_day() {
    for operation in [
        "customer_create",
        "billing_schedule_create",
        "billing_schedule_activate",
    ] {
        let stage = Stage::begin().await;
        stage.emulator.inject(Fault::status(503).on(operation));
        let pending = (
            StatusCode::ACCEPTED,
            json!({"customer": "globex", "status": "pending"}),
        );
        assert_eq!(stage.sign_up("globex").await, pending, "{operation}");
        stage.emulator.advance_to(day("2026-01-03")).expect("forward");
        stage.work().await;
        assert_eq!(open_sign_ups(&stage).await, 0, "{operation}");
        let schedules = stage
            .client()
            .billing_schedules()
            .list()
            .items()
            .try_collect()
            .await
            .expect("listed");
        assert_eq!(
            schedules.iter().map(|it| it.start_date).collect::<Vec<_>>(),
            [day("2026-01-01")]
        );
    }
}

#[tokio::test]
async fn a_sign_up_that_is_refused_can_be_corrected() {
    let stage = Stage::begin().await;
    stage.emulator.inject(
        Fault::status(400)
            .body(r#"{"message": "wrong postcode"}"#)
            .on("customer_create"),
    );
    let (status, body) = stage.sign_up("globex").await;
    assert_eq!(
        (status, &body["error"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("wrong postcode"))
    );
    let mut corrected = signup("globex");
    corrected["address"]["postcode"] = json!("N1 2BB");
    assert_eq!(stage.post("/signups", &corrected).await.0, StatusCode::CREATED);
}

async fn open_sign_ups(stage: &Stage) -> i64 {
    let count = sqlx::query_scalar("SELECT count(*) FROM signups WHERE activated = 0");
    count.fetch_one(&stage.app.database).await.expect("a count")
}
