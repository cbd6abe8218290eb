//! Seat events: received, superseded, found.

use sequencehq_emulator::contract::{Operation, Version};
use serde_json::{Value, json};

use super::{Account, id, text};

fn event(key: &str, alias: &str, at: &str, total: i64) -> Value {
    json!({"customerEventId": key, "customerAlias": alias, "seatType": "admin", "eventTimestamp": at, "total": total})
}

/// The ids of the client that a list answers.
#[track_caller]
fn keys(account: &Account, query: &str) -> Vec<String> {
    let page = account.ok(Operation::SeatEventList, &[], query, None);
    let items = page["items"].as_array().expect("a list has items");
    let keys = items.iter().map(|item| text(item, "customerEventId").to_owned());
    keys.collect()
}

#[test]
fn a_later_event_with_the_same_id_supersedes() {
    let account = Account::new();
    let at = "2026-03-01T12:00:00+01:00";
    let old = account.create(Operation::SeatEventCreate, &event("a", "acme", at, 3));
    let new = account.create(Operation::SeatEventCreate, &event("a", "acme", at, 4));
    assert_eq!(text(&new, "eventTimestamp"), "2026-03-01T11:00:00Z");
    assert_eq!(account.get(Operation::SeatEventGet, id(&new)), new);
    let refused = account.refused(Operation::SeatEventGet, &[("id", id(&old))], "", None);
    assert_eq!((refused.status, refused.kind.as_str()), (404, "NotFound"));
    assert!(refused.message.contains("superseded"), "{}", refused.message);
    let listed = account.ok(Operation::SeatEventList, &[], "customerEventId=a", None);
    assert_eq!(listed["items"], json!([new]));
}

#[test]
fn usage_and_seat_events_do_not_share_ids() {
    let account = Account::new();
    let usage = json!({"customerEventId": "a", "customerAlias": "acme", "eventType": "call"});
    account.create(Operation::UsageEventCreate, &usage);
    let at = "2026-03-01T12:00:00Z";
    account.create(Operation::SeatEventCreate, &event("a", "acme", at, 3));
    assert_eq!(keys(&account, ""), ["a"]);
    let listed = account.ok(Operation::UsageEventList, &[], "", None);
    assert_eq!(listed["pagination"]["totalResultSize"], 1);
}

#[test]
fn an_id_is_generated_if_it_is_left_out() {
    let account = Account::new();
    let mut body = event("a", "acme", "2026-03-01T12:00:00Z", 0);
    body["customerEventId"] = Value::Null;
    let created = account.create(Operation::SeatEventCreate, &body);
    assert!(!text(&created, "customerEventId").is_empty());
    assert_ne!(text(&created, "customerEventId"), id(&created));
}

#[test]
fn totals_below_zero_and_other_types_are_refused() {
    let account = Account::new();
    let at = "2026-03-01T12:00:00Z";
    let body = event("a", "acme", at, -2);
    let negative = account.refused(Operation::SeatEventCreate, &[], "", Some(&body));
    assert_eq!((negative.status, negative.assumed.as_str()), (400, "A33"));
    assert!(
        negative.message.starts_with("body.total: -2"),
        "{}",
        negative.message
    );
    let mut body = event("a", "acme", at, 2);
    body["seatType"] = "Foo Bar".into();
    let refused = account.refused(Operation::SeatEventCreate, &[], "", Some(&body));
    assert_eq!((refused.status, refused.assumed.as_str()), (400, ""));
    assert!(
        refused.message.starts_with("body.seatType:"),
        "{}",
        refused.message
    );
}

#[test]
fn events_are_filtered() {
    let account = Account::new();
    let acme = account.customer("Acme Ltd", "acme");
    let other = account.customer("Other Ltd", "other");
    for (key, alias, seat_type) in [
        ("1", "acme", "admin"),
        ("2", id(&acme), "viewer"),
        ("3", "other", "admin"),
        ("4", "unmapped", "guest"),
    ] {
        let mut body = event(key, alias, &format!("2026-03-0{key}T00:00:00Z"), 1);
        body["seatType"] = seat_type.into();
        account.create(Operation::SeatEventCreate, &body);
    }
    for (query, expected) in [
        (String::new(), ["4", "3", "2", "1"].as_slice()),
        ("sortOrder=ASC".to_owned(), &["1", "2", "3", "4"]),
        ("customerAlias=acme".to_owned(), &["1"]),
        (format!("customerIds={}", id(&acme)), &["2", "1"]),
        (
            format!("customerIds={},{}", id(&acme), id(&other)),
            &["3", "2", "1"],
        ),
        ("customerIds=unmapped".to_owned(), &[]),
        ("seatType=admin,guest".to_owned(), &["4", "3", "1"]),
        ("customerEventId=2".to_owned(), &["2"]),
        (
            "eventTimestampAfter=2026-03-01T00:00:00Z&eventTimestampBefore=2026-03-03T00:00:00Z".to_owned(),
            &["2"],
        ),
    ] {
        assert_eq!(keys(&account, &query), expected, "{query}");
    }
}

#[test]
fn filters_accept_at_most_25_values() {
    let account = Account::new();
    for name in ["customerIds", "seatType"] {
        let query = |count| format!("{name}={}", vec!["x"; count].join(","));
        account.ok(Operation::SeatEventList, &[], &query(25), None);
        let refused = account.refused(Operation::SeatEventList, &[], &query(26), None);
        assert_eq!(refused.status, 400);
        let starts = refused.message.starts_with(&format!("query.{name}:"));
        assert!(starts, "{}", refused.message);
    }
    let unsorted = account.refused(Operation::SeatEventList, &[], "sortBy=total", None);
    assert_eq!((unsorted.status, unsorted.kind.as_str()), (501, "NotEmulated"));
}

#[test]
fn older_versions_do_not_filter_by_customers() {
    let account = Account::in_version(Version::parse("2024-05-09").expect("a version"));
    let at = "2026-03-01T12:00:00Z";
    account.create(Operation::SeatEventCreate, &event("a", "acme", at, 3));
    assert_eq!(keys(&account, "seatType=admin"), ["a"]);
    let refused = account.refused(Operation::SeatEventList, &[], "customerIds=x", None);
    assert!(
        refused.message.starts_with("query.customerIds:"),
        "{}",
        refused.message
    );
}
