//! What the client sends and lists, and what then counts in the emulator.

use sequencehq::types::{CustomerAliasCreate, SeatEventCreate, UsageEvent, UsageEventCreate};
use sequencehq::{DateTime, Utc};
use sequencehq_emulator::records::Kind;
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
    let stage = Stage::begin().await;
    let events = stage.client.usage_events();
    let first = events.create(event_with("a", "n", 1)).await.expect("recorded");
    let second = events.create(event_with("a", "n", 2)).await.expect("recorded");
    assert_ne!(first.id, second.id);
    let listed = events.list().items().try_collect().await.expect("listed");
    assert_eq!(listed, [second]);
    assert_eq!(stage.properties("a"), [json!({"n": 2})]);
}

#[tokio::test]
async fn events_are_filtered_by_aliases_with_commas_and_those_of_no_customer() {
    let stage = Stage::begin().await;
    let acme = stage.emulator.add_customer("Acme Ltd");
    let alias = async |value: &str| {
        let body = CustomerAliasCreate::builder().customer_id(&acme).value(value);
        let created = stage.client.customer_aliases().create(body).await;
        created.expect("created");
    };
    alias("acme").await;
    let events = stage.client.usage_events();
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
    alias("typo, inc").await;
    let unmapped = list().unmapped_aliases_only(true).items().try_collect().await;
    assert_eq!(unmapped.expect("listed"), [], "the alias came later");
}

#[tokio::test]
async fn what_is_left_out_is_filled_in() {
    let stage = Stage::begin().await;
    let body = UsageEventCreate::builder()
        .customer_alias("acme")
        .event_type("api_call");
    let event = stage.client.usage_events().create(body).await.expect("recorded");
    assert!(!event.customer_event_id.is_empty());
    assert!(event.event_properties.is_empty());
}

#[tokio::test]
async fn seat_events_are_kept_superseded_and_found() {
    let stage = Stage::begin().await;
    let acme = stage.emulator.add_customer("Acme Ltd");
    let seats = stage.client.seat_events();
    let body = |id: &str, total| {
        SeatEventCreate::builder()
            .customer_event_id(id)
            .customer_alias(acme.as_str())
            .seat_type("admin")
            .event_timestamp(at("2026-03-01T12:00:00Z"))
            .total(total)
    };
    let old = seats.create(body("a", 3)).await.expect("recorded");
    let new = seats.create(body("a", 4)).await.expect("recorded");
    seats.create(body("b", 5)).await.expect("recorded");
    assert!(seats.get(&old.id).await.expect_err("superseded").is_not_found());
    assert_eq!(seats.get(&new.id).await.expect("there"), new);
    let list = seats.list().customer_ids([&acme]).items();
    let mine = list.try_collect().await.expect("listed");
    assert_eq!(mine.iter().map(|event| event.total).collect::<Vec<_>>(), [5, 4]);
    let list = seats.list().customer_event_id("a").items();
    assert_eq!(list.try_collect().await.expect("listed"), [new]);
    assert_eq!(stage.records(Kind::SeatEvent).len(), 2);
}
