//! Crashes, repeats and failures in each place where they would cost money.

use acme_billing::month_end;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use sequencehq::emulator::Fault;
use sequencehq::types::InvoiceStatus;
use sequencehq::webhook::{Secret, Signer};
use serde_json::json;

use crate::stage::{SECRET, Stage, day, signup};

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
    let report = month_end::run(stage.client(), stage.app.today())
        .await
        .expect("listed");
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

#[tokio::test]
async fn a_month_end_that_was_interrupted_is_completed_by_the_next_one() {
    let stage = Stage::begin().await;
    for customer in ["globex", "initech", "hooli"] {
        stage.sign_up(customer).await;
    }
    stage.emulator.advance_to(day("2026-02-01")).expect("forward");
    let run = async || {
        month_end::run(stage.client(), stage.app.today())
            .await
            .expect("listed")
    };
    // One is sent in spite of the lost connection, and one is not.
    stage
        .emulator
        .inject(Fault::drop_connection_after_acting().on("invoice_finalize_and_send"));
    stage
        .emulator
        .inject(Fault::status(503).on("invoice_finalize_and_send"));
    let report = run().await;
    assert_eq!((report.sent.len(), report.failed.len()), (2, 1), "{report}");
    // A crash between finalizing and sending.
    stage
        .client()
        .invoices()
        .finalize(&report.failed[0].0.id)
        .await
        .expect("final");
    let report = run().await;
    assert_eq!((report.sent.len(), report.failed.len()), (1, 0), "{report}");
    assert!(report.sent[0].status == InvoiceStatus::Sent);
    let sends = ["/finalize-and-send", "/send"];
    let sent = stage
        .emulator
        .requests()
        .into_iter()
        .filter(|it| sends.iter().any(|end| it.path.ends_with(end)));
    assert_eq!(sent.count(), 4, "three invoices, and one attempt that failed");
}

#[tokio::test]
async fn a_webhook_acts_once_and_only_with_the_right_signature() {
    let stage = Stage::begin().await;
    stage.sign_up("globex").await;
    stage.emulator.advance_to(day("2026-02-01")).expect("forward");
    month_end::run(stage.client(), stage.app.today())
        .await
        .expect("listed");
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
    month_end::run(stage.client(), stage.app.today())
        .await
        .expect("listed");
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

async fn open_sign_ups(stage: &Stage) -> i64 {
    let count = sqlx::query_scalar("SELECT count(*) FROM signups WHERE activated = 0");
    count.fetch_one(&stage.app.database).await.expect("a count")
}
