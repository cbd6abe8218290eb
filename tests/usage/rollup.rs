//! Rollups that are sent to the emulator.

use std::time::Duration;

use sequencehq::emulator::{Emulator, Fault};
use sequencehq::types::UsageEventCreate;
use sequencehq::usage::{Rollup, RollupError, Sender};
use sequencehq::{DateTime, RetryPolicy, Utc};
use serde_json::{Value, json};

const HOUR: Duration = Duration::from_secs(3_600);

pub fn at(hour: u32) -> DateTime<Utc> {
    let time = format!("2026-03-{:02}T{:02}:00:00Z", 1 + hour / 24, hour % 24);
    time.parse().expect("a time")
}

pub fn fact(hour: u32, tokens: i64) -> UsageEventCreate {
    UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("call")
        .event_timestamp(at(hour))
        .event_properties(json!({"tokens": tokens}).as_object().cloned().expect("an object"))
        .build()
        .expect("complete")
}

pub async fn stored(emulator: &Emulator) -> Vec<Value> {
    let page = emulator.client().usage_events().list().await.expect("a list");
    let mut sums: Vec<Value> = page
        .items
        .into_iter()
        .map(|event| event.event_properties["tokens"].clone())
        .collect();
    sums.sort_by_key(Value::as_i64);
    sums
}

#[tokio::test]
async fn a_late_fact_sends_a_correction_that_replaces_the_event() {
    let emulator = Emulator::start().await.expect("started");
    let sender = Sender::new(&emulator.client());
    let mut rollup = Rollup::builder("test", HOUR).sum("tokens").build().expect("good");
    rollup.add(&fact(12, 1)).expect("good");
    rollup.add(&fact(12, 2)).expect("good");
    let report = rollup.send(&sender, at(13)).await.expect("sent");
    assert_eq!(report.accepted.len(), 1);
    let report = rollup.send(&sender, at(13)).await.expect("nothing to send");
    assert_eq!(report.progress.read, 0);
    rollup.add(&fact(12, 4)).expect("late, and kept for a day");
    rollup.add(&fact(13, 50)).expect("good");
    rollup.send(&sender, at(14)).await.expect("sent");
    assert_eq!(stored(&emulator).await, [json!(7), json!(50)]);
}

#[tokio::test]
async fn what_is_not_accepted_remains_due() {
    let emulator = Emulator::start().await.expect("started");
    let client = emulator
        .client_builder()
        .retry(RetryPolicy::none())
        .build()
        .expect("good");
    let sender = Sender::new(&client);
    let mut rollup = Rollup::builder("test", HOUR).sum("tokens").build().expect("good");
    rollup.add(&fact(12, 1)).expect("good");
    rollup.add(&fact(13, 2)).expect("good");
    emulator.inject(Fault::status(503).on("usage_event_create"));
    let report = rollup.send(&sender, at(40)).await.expect("sent");
    assert_eq!((report.accepted.len(), rollup.due(at(40)).count()), (1, 1));
    rollup.send(&sender, at(40)).await.expect("sent");
    assert_eq!(rollup.due(at(40)).count(), 0);
    assert_eq!(stored(&emulator).await, [json!(1), json!(2)]);
}

#[tokio::test]
async fn a_fact_for_a_window_that_is_no_longer_kept_is_refused() {
    let emulator = Emulator::start().await.expect("started");
    let sender = Sender::new(&emulator.client());
    let builder = Rollup::builder("test", HOUR).sum("tokens").keep_for(HOUR * 2);
    let mut rollup = builder.build().expect("good");
    rollup.add(&fact(12, 1)).expect("good");
    rollup.send(&sender, at(14)).await.expect("sent");
    rollup
        .add(&fact(12, 2))
        .expect("kept for two hours after its end");
    rollup.send(&sender, at(15)).await.expect("sent");
    assert_eq!(rollup.groups(), 0, "its memory is free");
    let error = rollup.add(&fact(12, 4)).expect_err("too late");
    assert!(
        matches!(error, RollupError::TooLate { window, .. } if window == at(12)),
        "{error}"
    );
    rollup.add(&fact(13, 8)).expect("the next window is kept");
    assert_eq!(stored(&emulator).await, [json!(3)]);
}

#[tokio::test]
async fn with_a_journal_only_what_it_has_is_sent() {
    let folder = std::env::temp_dir().join(format!("sequencehq-rollup-send-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder can be created");
    let emulator = Emulator::start().await.expect("started");
    let sender = Sender::new(&emulator.client());
    let build = || {
        let builder = Rollup::builder("test", HOUR).sum("tokens");
        builder.journal(folder.join("test.rollup")).build().expect("good")
    };
    let mut rollup = build();
    rollup.add(&fact(12, 1)).expect("good");
    let error = rollup
        .send(&sender, at(13))
        .await
        .expect_err("a crash would lose it");
    assert!(matches!(error, RollupError::NotSaved), "{error}");
    rollup.checkpoint("1").expect("written");
    rollup.send(&sender, at(13)).await.expect("sent");
    // A crash: the acceptance is not in the journal, so the event is sent again and replaces itself.
    drop(rollup);
    let mut rollup = build();
    rollup.add(&fact(12, 2)).expect("good");
    rollup.checkpoint("2").expect("written");
    rollup.send(&sender, at(13)).await.expect("sent");
    assert_eq!(stored(&emulator).await, [json!(3)]);
    rollup.checkpoint("2").expect("written");
    drop(rollup);
    assert_eq!(
        build().due(at(13)).count(),
        0,
        "accepted, according to the journal"
    );
    std::fs::remove_dir_all(folder).expect("removed");
}
