//! What a rollup adds, sends, keeps and refuses.

use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::*;
use crate::types::UsageEventCreate;
use crate::usage::JournalError;

const HOUR: Duration = Duration::from_secs(3_600);

fn at(text: &str) -> DateTime<Utc> {
    format!("2026-03-01T{text}Z").parse().expect("a time")
}

fn fact(time: &str, properties: Value) -> UsageEventCreate {
    UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("call")
        .event_timestamp(at(time))
        .event_properties(properties.as_object().cloned().expect("an object"))
        .build()
        .expect("complete")
}

fn builder() -> RollupBuilder {
    Rollup::builder("test", HOUR).sum("tokens").count_as("calls")
}

/// Returns the properties of what is due, in the order of their text.
fn due(rollup: &Rollup, now: &str) -> Vec<Value> {
    let mut due: Vec<Value> = rollup
        .due(at(now))
        .map(|event| json!([event.event_timestamp, event.event_properties]))
        .collect();
    due.sort_by_key(Value::to_string);
    due
}

/// A folder that is removed at the end of a test.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("sequencehq-rollup-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).expect("a folder can be created");
        Self(path)
    }

    fn file(&self) -> PathBuf {
        self.0.join("test.rollup")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn a_fact_that_is_nested_too_deep_is_refused() {
    let folder = Folder::new("deep");
    let nested = |depth: u32| {
        let deep = (0..depth).fold(json!(1), |inner, _| json!({ "a": inner }));
        fact("12:00:00", deep)
    };
    let journaled = || builder().journal(folder.file()).build();
    let mut rollup = journaled().expect("good");
    rollup.add(&nested(100)).expect("a group");
    let error = rollup.add(&nested(200)).expect_err("too deep");
    assert_eq!(error.to_string(), "`eventProperties`: are nested too deep");
    rollup.checkpoint("2").expect("written");
    drop(rollup);
    let rollup = journaled().expect("each group can be read");
    assert_eq!((rollup.groups(), due(&rollup, "13:00:00").len()), (1, 1));
}

#[test]
fn facts_add_up_by_group_and_window() {
    let mut rollup = builder().build().expect("good");
    for (time, properties) in [
        ("12:00:00", json!({"region": "eu", "tokens": 0.1})),
        ("12:59:59.999", json!({"tokens": "0.2", "region": "eu"})),
        ("13:00:00", json!({"region": "eu", "tokens": 5})),
        ("12:30:00", json!({"region": "us", "tokens": 7})),
        ("12:30:00", json!({"region": "us"})),
    ] {
        rollup.add(&fact(time, properties)).expect("good");
    }
    assert_eq!(rollup.groups(), 3);
    assert!(due(&rollup, "12:59:59").is_empty(), "no window has ended");
    let noon = at("12:00:00");
    let expected = [
        json!([noon, {"region": "eu", "tokens": 0.3, "calls": 2}]),
        json!([noon, {"region": "us", "tokens": 7, "calls": 2}]),
    ];
    assert_eq!(due(&rollup, "13:00:00"), expected);
    assert_eq!(due(&rollup, "14:00:00").len(), 3);
}

#[test]
fn the_id_is_that_of_name_window_and_group_and_does_not_depend_on_the_sums() {
    let id = |name: &str, time: &str, properties: Value| {
        let mut rollup = Rollup::builder(name, HOUR).sum("tokens").build().expect("good");
        rollup.add(&fact(time, properties)).expect("good");
        let event = rollup.due(at("23:00:00")).next().expect("due");
        event.customer_event_id.expect("an id")
    };
    let first = id("a", "12:10:00", json!({"region": "eu", "tokens": 1}));
    assert_eq!(first, id("a", "12:50:00", json!({"tokens": 99, "region": "eu"})));
    assert_ne!(first, id("b", "12:10:00", json!({"region": "eu", "tokens": 1})));
    assert_ne!(first, id("a", "13:10:00", json!({"region": "eu", "tokens": 1})));
    assert_ne!(first, id("a", "12:10:00", json!({"region": "us", "tokens": 1})));
}

#[test]
fn a_fact_that_cannot_be_added_is_refused_and_changes_nothing() {
    let mut rollup = builder().sum("bytes").max_groups(1).build().expect("good");
    rollup
        .add(&fact("12:00:00", json!({"tokens": 1, "bytes": 1})))
        .expect("good");
    let mut no_time = fact("12:00:00", json!({}));
    no_time.event_timestamp = None;
    let mut no_customer = fact("12:00:00", json!({}));
    no_customer.customer_alias = " ".to_owned();
    let mut with_more = fact("12:00:00", json!({}));
    with_more.set_extra("region", "eu").expect("unknown");
    for (fact, message) in [
        (
            no_time,
            "`eventTimestamp`: is missing; set it, since it decides the window",
        ),
        (no_customer, "`customerAlias`: is blank"),
        (
            with_more,
            "`region`: is unknown to the rollup, which could not send it; move it into the event properties",
        ),
        (
            fact("12:00:00", json!({"tokens": 1, "bytes": "much"})),
            "`bytes`: \"much\" is not a decimal; send a number, or a text such as \"1.5\"",
        ),
        (
            fact("12:00:00", json!({"calls": 1})),
            "`calls`: is the property of `count_as`, which the rollup sets; rename one of them",
        ),
        (
            fact("12:00:00", json!({"tokens": i64::MAX})),
            "`tokens`: the sum would have more digits than a JSON number keeps; use a shorter window",
        ),
        (
            fact("12:00:00", json!({"region": "eu"})),
            "the rollup has 1 groups, which is its maximum; send what is due, or raise `max_groups`",
        ),
        (
            fact("13:00:00", json!({})),
            "the rollup has 1 groups, which is its maximum; send what is due, or raise `max_groups`",
        ),
    ] {
        assert_eq!(rollup.add(&fact).expect_err("refused").to_string(), message);
    }
    let expected = [json!([at("12:00:00"), {"tokens": 1, "bytes": 1, "calls": 1}])];
    assert_eq!(due(&rollup, "13:00:00"), expected);
    rollup
        .add(&fact("12:00:00", json!({"tokens": 2})))
        .expect("a known group is still added");
}

#[test]
fn invalid_settings_are_refused() {
    for (builder, message) in [
        (Rollup::builder(" ", HOUR), "invalid setting `name`: is blank"),
        (
            Rollup::builder("a", Duration::ZERO),
            "invalid setting `window`: 0ns does not divide a day",
        ),
        (
            Rollup::builder("a", HOUR * 5),
            "invalid setting `window`: 18000s does not divide a day",
        ),
        (
            Rollup::builder("a", HOUR).sum("x").sum("x"),
            "invalid setting `sum`: a property occurs twice",
        ),
        (
            Rollup::builder("a", HOUR).sum("x").count_as("x"),
            "invalid setting `sum`: a property occurs twice",
        ),
    ] {
        let error = builder.build().expect_err("refused").to_string();
        assert!(error.starts_with(message), "{error}");
    }
}

#[test]
fn a_checkpoint_keeps_sums_and_position_across_a_crash() {
    let folder = Folder::new("checkpoint");
    let mut rollup = builder().journal(folder.file()).build().expect("new");
    assert_eq!(rollup.position(), None);
    for (position, time) in ["12:00:00", "12:10:00", "13:00:00"].into_iter().enumerate() {
        rollup
            .add(&fact(time, json!({"tokens": "0.5", "user": "ü\n"})))
            .expect("good");
        rollup.checkpoint(&position.to_string()).expect("written");
    }
    let before = due(&rollup, "23:00:00");
    rollup
        .add(&fact("12:00:00", json!({"tokens": 9})))
        .expect("after the last checkpoint");
    drop(rollup);
    let mut rollup = builder().journal(folder.file()).build().expect("restored");
    assert_eq!(rollup.position(), Some("2"));
    assert_eq!(due(&rollup, "23:00:00"), before);
    rollup
        .add(&fact("12:20:00", json!({"tokens": "0.5", "user": "ü\n"})))
        .expect("good");
    assert_eq!(rollup.groups(), 2, "the restored group is the same group");
}

#[test]
fn a_journal_is_used_by_one_rollup_with_its_settings_only() {
    let folder = Folder::new("settings");
    let mut rollup = builder().journal(folder.file()).build().expect("new");
    let error = builder().journal(folder.file()).build().expect_err("locked");
    assert!(
        matches!(error, RollupError::Journal(JournalError::InUse { .. })),
        "{error}"
    );
    rollup.checkpoint("0").expect("written");
    drop(rollup);
    let error = builder()
        .sum("bytes")
        .journal(folder.file())
        .build()
        .expect_err("other sums");
    assert!(
        error.to_string().contains("use these settings, or another file"),
        "{error}"
    );
    let notes = folder.0.join("notes.txt");
    std::fs::write(&notes, "Buy milk.").expect("written");
    let error = builder().journal(&notes).build().expect_err("not a journal");
    assert!(
        matches!(error, RollupError::Journal(JournalError::NotAJournal { .. })),
        "{error}"
    );
    assert_eq!(std::fs::read_to_string(&notes).expect("unchanged"), "Buy milk.");
}

#[test]
fn a_damaged_journal_is_an_error_with_its_line() {
    let folder = Folder::new("damage");
    let mut rollup = builder().journal(folder.file()).build().expect("new");
    for hour in 10..20 {
        rollup
            .add(&fact(&format!("{hour}:00:00"), json!({"tokens": 1})))
            .expect("good");
    }
    rollup.checkpoint("9").expect("written");
    drop(rollup);
    let good = std::fs::read_to_string(folder.file()).expect("readable");
    let lines: Vec<&str> = good.split_inclusive('\n').collect();
    let cut = lines[..5].concat();
    let torn = &good[..good.len() - 3];
    let changed = good.replacen("\"tokens\"", "\"tokenz\"", 1);
    let missing = [&lines[..4], &lines[5..]].concat().concat();
    for (content, line) in [(cut.as_str(), 5), (torn, 13), (&changed, 2), (&missing, 12)] {
        std::fs::write(folder.file(), content).expect("written");
        match builder().journal(folder.file()).build().expect_err("damaged") {
            RollupError::Journal(JournalError::Corrupt { line: found, .. }) => assert_eq!(found, line),
            error => panic!("{error}"),
        }
    }
}
