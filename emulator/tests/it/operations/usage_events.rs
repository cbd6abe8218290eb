//! Usage events: received, superseded, listed.

use sequencehq_emulator::contract::{Operation, Version};
use sequencehq_emulator::operations::Content;
use serde_json::{Value, json};

use super::{Account, id, text};

fn event(key: &str, alias: &str, at: &str) -> Value {
    json!({"customerEventId": key, "customerAlias": alias, "eventType": "api_call", "eventTimestamp": at})
}

/// The ids of the client that a list answers.
#[track_caller]
fn keys(account: &Account, query: &str) -> Vec<String> {
    let page = account.ok(Operation::UsageEventList, &[], query, None);
    let items = page["items"].as_array().expect("a list has items");
    let keys = items.iter().map(|item| text(item, "customerEventId").to_owned());
    keys.collect()
}

#[test]
fn what_is_left_out_is_filled_in() {
    let account = Account::new();
    let body = json!({"customerAlias": "acme", "eventType": "api_call"});
    let created = account.create(Operation::UsageEventCreate, &body);
    assert!(!text(&created, "customerEventId").is_empty());
    assert_ne!(text(&created, "customerEventId"), id(&created));
    assert_eq!(text(&created, "eventTimestamp"), "2026-01-01T12:00:00Z");
    assert_eq!(created["eventProperties"], json!({}));
    let listed = account.ok(Operation::UsageEventList, &[], "", None);
    assert_eq!(listed["items"], json!([created]));
}

#[test]
fn a_later_event_with_the_same_id_supersedes() {
    let account = Account::new();
    let send = |key: &str, n: u8| {
        let mut body = event(key, "acme", "2026-01-01T00:00:00Z");
        body["eventProperties"] = json!({"n": n});
        account.create(Operation::UsageEventCreate, &body)
    };
    let first = send("a", 1);
    send("b", 2);
    let second = send("a", 3);
    assert_ne!(id(&first), id(&second));
    assert_eq!(keys(&account, ""), ["a", "b"]);
    let listed = account.ok(
        Operation::UsageEventList,
        &[],
        &format!("eventId={}", id(&second)),
        None,
    );
    assert_eq!(listed["items"], json!([second]));
    assert_eq!(
        keys(&account, &format!("eventId={}", id(&first))),
        Vec::<String>::new()
    );
    let both = format!("eventId={},{}", id(&first), id(&second));
    let response = account.call(Operation::UsageEventList, &[], &both, None);
    assert_eq!(response.assumed.to_string(), "A6");
}

#[test]
fn timestamps_are_answered_in_utc() {
    let account = Account::new();
    let created = account.create(
        Operation::UsageEventCreate,
        &event("a", "acme", "2026-01-01T01:30:00.25+02:00"),
    );
    assert_eq!(text(&created, "eventTimestamp"), "2025-12-31T23:30:00.250000Z");
}

#[test]
fn numbers_in_properties_keep_their_digits() {
    let account = Account::new();
    let properties = r#"{"amount":12345678901234567890.123456789,"list":[1.50,{"deep":1e25}],"none":null}"#;
    let body = format!(
        r#"{{"customerAlias": "acme", "eventType": "payment", "eventProperties": {}}}"#,
        properties.replace(',', " ,\n ")
    );
    let created = account.send(Operation::UsageEventCreate, &[], "", &body);
    let listed = account.call(Operation::UsageEventList, &[], "", None);
    for response in [created, listed] {
        let Content::Json(text) = response.content else {
            panic!("{:?}", response.content)
        };
        assert!(text.contains(properties), "{text}");
    }
}

#[test]
fn events_are_filtered() {
    let account = Account::new();
    let acme = account.customer("Acme Ltd", "acme");
    for (key, alias, event_type) in [
        ("1", "acme", "api_call"),
        ("2", "typo, inc", "api_call"),
        ("3", id(&acme), "login"),
    ] {
        let mut body = event(key, alias, &format!("2026-03-0{key}T00:00:00Z"));
        body["eventType"] = event_type.into();
        account.create(Operation::UsageEventCreate, &body);
    }
    for (query, expected) in [
        ("", ["3", "2", "1"].as_slice()),
        ("sortOrder=ASC", &["1", "2", "3"]),
        ("customerAlias=acme&customerAlias=typo%2C%20inc", &["2", "1"]),
        ("customerAlias=Acme", &[]),
        ("eventType=login", &["3"]),
        ("unmappedAliasesOnly=true", &["2"]),
        ("unmappedAliasesOnly=false", &["3", "2", "1"]),
        (
            "eventTimestampAfter=2026-03-01T00:00:00Z&eventTimestampBefore=2026-03-03T00:00:00Z",
            &["2"],
        ),
        (
            "eventTimestampAfter=2026-03-01T01:59:59.999999%2B02:00",
            &["3", "2", "1"],
        ),
    ] {
        assert_eq!(keys(&account, query), expected, "{query}");
    }
}

#[test]
fn an_event_is_mapped_as_soon_as_its_alias_exists_and_as_long() {
    let account = Account::new();
    account.create(
        Operation::UsageEventCreate,
        &event("1", "late", "2026-01-01T00:00:00Z"),
    );
    let unmapped = || keys(&account, "unmappedAliasesOnly=true");
    assert_eq!(unmapped(), ["1"]);
    account.customer("Late Ltd", "late");
    assert!(unmapped().is_empty());
    let aliases = account.ok(Operation::CustomerAliasList, &[], "", None);
    account.ok(
        Operation::CustomerAliasDelete,
        &[("id", id(&aliases["items"][0]))],
        "",
        None,
    );
    assert_eq!(unmapped(), ["1"]);
}

#[test]
fn an_offset_is_counted_from_the_cursor() {
    let account = Account::new();
    for key in 0..7 {
        account.create(
            Operation::UsageEventCreate,
            &event(&key.to_string(), "acme", "2026-01-01T00:00:00Z"),
        );
    }
    // The list of one alias is collected, that of all events is walked.
    for filter in ["", "&customerAlias=acme"] {
        let page =
            |query: String| account.ok(Operation::UsageEventList, &[], &format!("{query}{filter}"), None);
        let keys = |query: &str| keys(&account, &format!("{query}{filter}"));
        let first = page("limit=2".to_owned());
        let after = text(&first["pagination"], "after");
        assert_eq!(keys(&format!("limit=2&after={after}")), ["4", "3"]);
        assert_eq!(keys(&format!("limit=2&after={after}&offset=2")), ["2", "1"]);
        assert_eq!(keys("limit=2&offset=5"), ["1", "0"]);
        assert_eq!(keys("limit=2&offset=6"), ["0"]);
        assert_eq!(keys("limit=2&offset=7"), Vec::<String>::new());
        let last = page("limit=2&offset=5".to_owned());
        assert_eq!(last["pagination"].get("after"), None);
        let before = text(&last["pagination"], "before");
        assert_eq!(keys(&format!("limit=2&before={before}")), ["3", "2"]);
        assert_eq!(keys(&format!("limit=2&before={before}&offset=3")), ["6", "5"]);
        assert_eq!(last["pagination"]["totalResultSize"], 7);
    }
}

#[test]
fn what_no_source_describes_is_refused() {
    let account = Account::new();
    let refused = |query| account.refused(Operation::UsageEventList, &[], query, None);
    let unsorted = refused("sortBy=eventType");
    assert_eq!((unsorted.status, unsorted.kind.as_str()), (501, "NotEmulated"));
    assert!(
        unsorted.message.starts_with("query.sortBy:"),
        "{}",
        unsorted.message
    );
    let negative = refused("offset=-1");
    assert_eq!((negative.status, negative.kind.as_str()), (400, "InvalidRequest"));
    assert!(
        negative.message.starts_with("query.offset:"),
        "{}",
        negative.message
    );
}

#[test]
fn older_versions_filter_by_one_alias() {
    let account = Account::in_version(Version::parse("2024-05-09").expect("a version"));
    account.create(
        Operation::UsageEventCreate,
        &event("1", "acme", "2026-01-01T00:00:00Z"),
    );
    assert_eq!(keys(&account, "customerAlias=acme"), ["1"]);
    let query = "customerAlias=acme&customerAlias=other";
    let refused = account.refused(Operation::UsageEventList, &[], query, None);
    assert!(
        refused.message.starts_with("query.customerAlias:"),
        "{}",
        refused.message
    );
}

#[test]
fn an_event_is_neither_logged_nor_announced() {
    let account = Account::new();
    let policy = json!({"name": "all", "channel": "WEBHOOK", "recipients": ["http://a.example"]});
    account.create(Operation::NotificationPolicyCreate, &policy);
    let logs = || account.ids(Operation::ActivityLogList, "").len();
    let before = logs();
    account.create(
        Operation::UsageEventCreate,
        &event("1", "acme", "2026-01-01T00:00:00Z"),
    );
    assert_eq!(logs(), before);
    let deliveries = account
        .world
        .store()
        .read(|state| state.count(sequencehq_emulator::records::Kind::Delivery));
    assert_eq!(deliveries, 0);
}
