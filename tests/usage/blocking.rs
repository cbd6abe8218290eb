//! Runs and rollups without async.

#![cfg(feature = "blocking")]

use std::time::Duration;

use sequencehq::ErrorKind;
use sequencehq::usage::{Rollup, RollupError, Sender};
use serde_json::json;
use tokio::runtime::Runtime;

use crate::rollup::{at, fact, stored};
use crate::stage::{Stage, numbered};

const HOUR: Duration = Duration::from_secs(3_600);

/// The emulator runs on a runtime of its own, so that the test itself is outside of async code.
fn stage() -> (Runtime, Stage) {
    let runtime = Runtime::new().expect("a runtime");
    let stage = runtime.block_on(Stage::begin());
    (runtime, stage)
}

#[test]
fn a_run_needs_no_runtime_of_the_caller() {
    let (_runtime, stage) = stage();
    let report = Sender::new(&stage.client).send_all(numbered(200)).wait();
    let report = report.expect("outside of async code");
    assert_eq!(report.accepted.len(), 200, "{report}");
    stage.check(&report);
}

#[test]
fn outcomes_are_waited_for_one_by_one() {
    let (_runtime, stage) = stage();
    let mut outcomes = Sender::new(&stage.client).max_in_flight(7).send_all(numbered(50));
    let mut accepted = 0;
    while let Some(outcome) = outcomes.wait_for_next().expect("outside of async code") {
        assert!(outcome.is_accepted(), "{outcome}");
        accepted += 1;
        assert_eq!(outcomes.progress().accepted, accepted);
    }
    assert_eq!((accepted, stage.events().len()), (50, 50));
}

#[test]
fn a_rollup_is_sent_without_async() {
    let (runtime, stage) = stage();
    let sender = Sender::new(&stage.client);
    let mut rollup = Rollup::builder("test", HOUR).sum("tokens").build().expect("good");
    rollup.add(&fact(12, 1)).expect("good");
    rollup.add(&fact(12, 2)).expect("good");
    let report = rollup.send_and_wait(&sender, at(13)).expect("sent");
    assert_eq!(report.accepted.len(), 1);
    assert_eq!(runtime.block_on(stored(&stage.emulator)), [json!(3)]);
}

#[tokio::test]
async fn inside_async_code_nothing_is_sent_or_lost() {
    let stage = Stage::begin().await;
    let sender = Sender::new(&stage.client);
    let mut input = numbered(3);
    let error = sender.send_all(&mut input).wait().expect_err("async code");
    assert_eq!(error.kind(), ErrorKind::Blocking);
    let mut outcomes = sender.send_all(&mut input);
    let error = outcomes.wait_for_next().expect_err("async code");
    assert_eq!(error.kind(), ErrorKind::Blocking);
    assert_eq!(outcomes.await.accepted.len(), 3, "nothing was read before");

    let mut rollup = Rollup::builder("test", HOUR).sum("tokens").build().expect("good");
    rollup.add(&fact(12, 1)).expect("good");
    let error = rollup.send_and_wait(&sender, at(13)).expect_err("async code");
    assert!(
        matches!(error, RollupError::Blocking(_)) && error.to_string().contains("await instead"),
        "{error}"
    );
    assert_eq!(stage.events().len(), 3);
    assert_eq!(
        rollup
            .send(&sender, at(13))
            .await
            .expect("still due")
            .accepted
            .len(),
        1
    );
}
