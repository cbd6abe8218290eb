//! What the report says is what the server has, whatever goes wrong in between.

use std::time::Duration;

use sequencehq::RetryPolicy;
use sequencehq::emulator::Fault;
use sequencehq::usage::{EndReason, Sender, UnsentReason};

use crate::stage::{Stage, numbered};

const CREATE: &str = "usage_event_create";

fn fault(number: usize) -> Fault {
    let kinds = [
        Fault::status(429),
        Fault::status(429).retry_after(Duration::from_secs(7)),
        Fault::status(500),
        Fault::status(503).retry_after(Duration::from_secs(2)),
        Fault::status(422),
        Fault::html_502(),
        Fault::drop_connection_before_acting(),
        Fault::drop_connection_after_acting(),
        Fault::truncate_body(),
        Fault::wrong_shape(),
        Fault::delay(Duration::from_millis(1)),
    ];
    kinds[number % kinds.len()].clone().on(CREATE)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn of_ten_thousand_events_the_server_counts_those_that_are_accepted() {
    let stage = Stage::begin().await;
    let events = numbered(10_000).enumerate().map(|(number, event)| {
        if number % 23 == 0 {
            stage.emulator.inject(fault(number / 23));
        }
        event
    });
    let report = Sender::new(&stage.client)
        .max_in_flight(32)
        .send_all(events)
        .await;
    assert_eq!(report.progress.read, 10_000);
    assert_eq!(report.end_reason, EndReason::Exhausted);
    // All but the 422 and the wrong shape pass by another attempt. A 422 is no proof after
    // an attempt that may have acted, so a few of them are unknown.
    assert!(report.accepted.len() >= 9_900, "{report}");
    assert!(report.rejected.len() >= 20, "{report}");
    assert!(report.unknown.len() >= 39, "{report}");
    let status = |error: &sequencehq::Error| error.status().map(|status| status.as_u16());
    assert!(report.rejected.iter().all(|it| status(&it.error) == Some(422)));
    stage.check(&report);
}

#[tokio::test]
async fn without_retries_every_fault_shows_and_nothing_is_wrong_about_it() {
    let stage = Stage::with(|builder| builder.retry(RetryPolicy::none())).await;
    let events = numbered(2_000).enumerate().map(|(number, event)| {
        if number % 5 == 0 {
            stage.emulator.inject(fault(number / 5));
        }
        event
    });
    let report = Sender::new(&stage.client).send_all(events).await;
    stage.check(&report);
    for (list, at_least) in [
        (report.rejected.len(), 30),
        (report.unknown.len(), 200),
        (report.unsent.len(), 60),
    ] {
        assert!(list >= at_least, "{report}");
    }
    let is_rate_limited =
        |reason: &UnsentReason| matches!(reason, UnsentReason::Failed(error) if error.is_rate_limited());
    assert!(report.unsent.iter().all(|it| is_rate_limited(&it.reason)));

    // What is unknown or unsent is sent again with its ids, and then the server has all but the rejected.
    let rejected = report.rejected.len();
    let again = report.into_resendable();
    let second = Sender::new(&stage.client).send_all(again).await;
    assert!(second.is_complete(), "{second}");
    assert_eq!(stage.counted().len(), 2_000 - rejected);
    assert!(stage.counted().values().all(|count| *count == 1));
}

#[tokio::test]
async fn rejected_credentials_stop_the_run_and_the_rest_is_unsent() {
    for status in [401, 403] {
        let stage = Stage::begin().await;
        let mut good = 0;
        let events = numbered(1_000).enumerate().map(|(number, event)| {
            good = number;
            if number == 500 {
                stage
                    .emulator
                    .inject(Fault::status(status).times(10_000).on(CREATE));
            }
            event
        });
        let report = Sender::new(&stage.client).max_in_flight(8).send_all(events).await;
        assert_eq!(report.end_reason, EndReason::Unauthorized);
        stage.check(&report);
        assert_eq!(good, 999, "the rest was read, to be reported");
        assert_eq!(report.accepted.len() + report.unsent.len(), 1_000, "{report}");
        assert!(report.unsent.len() >= 493, "{report}");
        let failed = |reason: &UnsentReason| matches!(reason, UnsentReason::Failed(_));
        assert!((1..=16).contains(&report.unsent.iter().filter(|it| failed(&it.reason)).count()));
        assert!(
            stage.emulator.requests().len() < 520,
            "it did not burn through the input"
        );
    }
}

#[tokio::test]
async fn rejected_credentials_can_be_ignored() {
    let stage = Stage::begin().await;
    stage.emulator.inject(Fault::status(403).times(3).on(CREATE));
    let sender = Sender::new(&stage.client).stop_when_unauthorized(false);
    let report = sender.send_all(numbered(50)).await;
    assert_eq!((report.accepted.len(), report.rejected.len()), (47, 3));
    assert_eq!(report.end_reason, EndReason::Exhausted);
    stage.check(&report);
}

#[tokio::test]
async fn a_server_that_dies_leaves_a_whole_report() {
    let Stage { emulator, client } = Stage::begin().await;
    let mut emulator = Some(emulator);
    let mut outcomes = Sender::new(&client).max_in_flight(16).send_all(numbered(5_000));
    let (mut accepted, mut others, mut unsent) = (0, 0, 0);
    while let Some(outcome) = outcomes.next().await {
        match outcome {
            sequencehq::usage::Outcome::Accepted(_) => accepted += 1,
            sequencehq::usage::Outcome::Unsent(_) => unsent += 1,
            _ => others += 1,
        }
        if accepted == 300 {
            drop(emulator.take());
        }
    }
    assert_eq!(accepted + others + unsent, 5_000);
    assert_eq!(outcomes.end_reason(), Some(EndReason::TooManyFailures));
    assert!(unsent >= 4_500, "{unsent}");
    assert!(others <= 16, "only what was in flight can be unknown: {others}");
}

#[tokio::test]
async fn every_attempt_of_an_event_carries_one_id() {
    let stage = Stage::begin().await;
    stage.emulator.inject(Fault::status(503).times(3).on(CREATE));
    stage
        .emulator
        .inject(Fault::drop_connection_after_acting().on(CREATE));
    let bare = sequencehq::types::UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("api_call");
    let sender = Sender::new(&stage.client).max_in_flight(1);
    let report = sender.send_all([bare.clone(), bare]).await;
    assert_eq!(report.accepted.len(), 1, "{report}");
    assert_eq!(
        report.unknown.len(),
        1,
        "four attempts were not enough for the first"
    );
    let ids: Vec<String> = stage
        .emulator
        .requests()
        .iter()
        .map(|request| {
            let body: serde_json::Value = serde_json::from_slice(&request.body).expect("JSON");
            body["customerEventId"].as_str().expect("it has one").to_owned()
        })
        .collect();
    let first = report.unknown[0].event.customer_event_id.clone().expect("fixed");
    let second = &report.accepted[0].customer_event_id;
    assert_ne!(&first, second);
    assert_eq!(
        ids.iter().collect::<Vec<_>>(),
        [&first, &first, &first, &first, second]
    );
    stage.check(&report);
}
