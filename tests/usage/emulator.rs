//! How the emulator treats events.

use sequencehq::emulator::{CustomerSeed, Emulator};
use sequencehq::types::{SeatEventCreate, UsageEvent};
use sequencehq::{DateTime, Utc};
use serde_json::json;

use crate::stage::{Stage, event, event_with};

fn at(text: &str) -> DateTime<Utc> {
    text.parse().expect("an instant")
}

fn ids(events: &[UsageEvent]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event.customer_event_id.as_str())
        .collect()
}

#[tokio::test]
async fn a_later_event_with_the_same_id_supersedes() {
    let Stage { emulator, client } = Stage::begin().await;
    let events = client.usage_events();
    let first = events.create(event_with("a", "n", 1)).await.expect("recorded");
    let second = events.create(event_with("a", "n", 2)).await.expect("recorded");
    assert_ne!(first.id, second.id);
    let listed = events.list().items().try_collect().await.expect("listed");
    assert_eq!(listed, [second]);
    assert_eq!(emulator.usage_events()[0]["eventProperties"], json!({"n": 2}));
    // Every answer is what the document promises.
    let body = serde_json::to_vec(&emulator.usage_events()[0]).expect("JSON");
    assert_eq!(Emulator::check_answer("usage_event_create", 201, &body), Ok(()));
}

#[tokio::test]
async fn events_are_filtered_and_an_alias_may_belong_to_nobody() {
    let Stage { emulator, client } = Stage::begin().await;
    let acme = emulator.add_customer(CustomerSeed::new("Acme Ltd").alias("acme"));
    let events = client.usage_events();
    let day = |day| at(&format!("2026-03-0{day}T00:00:00Z"));
    for body in [
        event("1").event_timestamp(day(1)),
        event("2").event_timestamp(day(2)).customer_alias("typo, inc"),
        event("3")
            .event_timestamp(day(3))
            .customer_alias(acme.as_str())
            .event_type("login"),
    ] {
        events.create(body).await.expect("recorded");
    }
    let list = || events.list();
    for (call, expected) in [
        (list(), vec!["3", "2", "1"]),
        (list().unmapped_aliases_only(true), vec!["2"]),
        (list().customer_alias(["acme", "typo, inc"]), vec!["2", "1"]),
        (list().event_type("login"), vec!["3"]),
        (
            list()
                .event_timestamp_after(day(1))
                .event_timestamp_before(day(3)),
            vec!["2"],
        ),
        (list().limit(1), vec!["3", "2", "1"]),
    ] {
        let found = call.items().try_collect().await.expect("listed");
        assert_eq!(ids(&found), expected);
    }
    emulator.add_customer(CustomerSeed::new("Late Ltd").alias("typo, inc"));
    let late = list()
        .unmapped_aliases_only(true)
        .items()
        .try_collect()
        .await
        .expect("listed");
    assert!(late.is_empty(), "the alias came later");
    let error = list().sort_by("eventType").await.expect_err("not imitated");
    assert_eq!(error.status().map(|status| status.as_u16()), Some(501));
}

#[tokio::test]
async fn what_is_left_out_is_filled_in() {
    let Stage {
        emulator: _emulator,
        client,
    } = Stage::begin().await;
    let body = sequencehq::types::UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("api_call");
    let event = client.usage_events().create(body).await.expect("recorded");
    assert!(!event.customer_event_id.is_empty());
    assert!(event.event_properties.is_empty());
}

#[tokio::test]
async fn seat_events_are_kept_superseded_and_found() {
    let Stage { emulator, client } = Stage::begin().await;
    let acme = emulator.add_customer(CustomerSeed::new("Acme Ltd").alias("acme"));
    let seats = client.seat_events();
    let body = |id: &str, total| {
        SeatEventCreate::builder()
            .customer_event_id(id)
            .customer_alias("acme")
            .seat_type("admin")
            .event_timestamp(at("2026-03-01T12:00:00Z"))
            .total(total)
    };
    let old = seats.create(body("a", 3)).await.expect("recorded");
    let new = seats.create(body("a", 4)).await.expect("recorded");
    seats.create(body("b", 5)).await.expect("recorded");
    assert!(seats.get(&old.id).await.expect_err("superseded").is_not_found());
    assert_eq!(seats.get(&new.id).await.expect("there"), new);
    let mine = seats
        .list()
        .customer_ids([acme])
        .items()
        .try_collect()
        .await
        .expect("listed");
    assert_eq!(mine.iter().map(|event| event.total).collect::<Vec<_>>(), [5, 4]);
    let one = seats
        .list()
        .customer_event_id("a")
        .items()
        .try_collect()
        .await
        .expect("listed");
    assert_eq!(one, [new]);
    assert_eq!(emulator.seat_events().len(), 2);
    let body = serde_json::to_vec(&emulator.seat_events()[0]).expect("JSON");
    assert_eq!(Emulator::check_answer("seat_event_create", 201, &body), Ok(()));
}
