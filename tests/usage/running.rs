//! A run while it runs: how much is in flight, order of duplicates, progress, journal, seats.

use std::cell::Cell;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::emulator::Fault;
use sequencehq::types::SeatEventCreate;
use sequencehq::usage::{Duplicates, InvalidReason, Outcome, Progress, Sender};
use sequencehq::{ApiVersion, RateLimit};
use sequencehq_emulator::records::Kind;
use serde_json::json;

use crate::stage::{Stage, event, event_with, numbered};

#[tokio::test]
async fn no_more_is_read_than_can_be_in_flight() {
    let stage = Stage::begin().await;
    stage.emulator.inject(
        Fault::delay(Duration::from_millis(1))
            .times(200)
            .on("usage_event_create"),
    );
    let read = Cell::new(0_usize);
    let most_open = Cell::new(0_usize);
    let events = numbered(300).inspect(|_| {
        read.set(read.get() + 1);
        let requests = stage.emulator.requests();
        let open = requests.iter().filter(|request| request.status.is_none()).count();
        most_open.set(most_open.get().max(open));
    });
    let mut outcomes = Sender::new(&stage.client).max_in_flight(7).send_all(events);
    let mut reported = 0;
    let mut most_in_flight = 0;
    while let Some(outcome) = outcomes.next().await {
        assert!(outcome.is_accepted(), "{outcome}");
        reported += 1;
        // Slow callers slow the input down.
        tokio::task::yield_now().await;
        assert!(
            read.get() - reported <= 7,
            "{} read, {reported} reported",
            read.get()
        );
        assert_eq!(outcomes.in_flight().count(), outcomes.progress().in_flight);
        most_in_flight = most_in_flight.max(outcomes.progress().in_flight + 1);
    }
    assert_eq!(reported, 300);
    assert_eq!(most_in_flight, 7, "it does use what it may");
    assert!((2..=7).contains(&most_open.get()), "{}", most_open.get());
}

#[tokio::test]
async fn nothing_is_read_before_the_first_poll() {
    let stage = Stage::begin().await;
    let events = numbered(3).inspect(|_| panic!("read"));
    drop(Sender::new(&stage.client).send_all(events));
    assert!(stage.emulator.requests().is_empty());
}

#[tokio::test]
async fn events_in_flight_do_not_block_the_client_while_the_run_is_not_polled() {
    let stage = Stage::begin().await;
    let mut outcomes = Sender::new(&stage.client)
        .max_in_flight(16)
        .send_all(numbered(200));
    while let Some(outcome) = outcomes.next().await {
        assert!(outcome.is_accepted());
        // It queues behind the events in flight for its permit.
        let own = event(format!("own-{}", outcome.position()));
        let call = stage.client.usage_events().create(own).into_future();
        tokio::time::timeout(Duration::from_secs(20), call)
            .await
            .expect("not held up")
            .expect("accepted");
    }
    assert_eq!(stage.events().len(), 400);
}

#[tokio::test]
async fn the_limit_of_the_client_holds() {
    let clock = ManualClock::running();
    let stage = Stage::with(|builder| {
        builder
            .clock(clock.clone())
            .event_rate_limit(RateLimit::per_minute(600))
    })
    .await;
    let report = Sender::new(&stage.client).send_all(numbered(1_000)).await;
    assert!(report.is_complete(), "{report}");
    // 1,000 at 96 % of 600 a minute, less the burst.
    let seconds = report.progress.elapsed.as_secs_f64();
    assert!((100.0..110.0).contains(&seconds), "{seconds}");
    let rate = report.progress.per_second();
    assert!((9.0..10.0).contains(&rate), "{rate}");
}

#[tokio::test]
async fn an_event_with_a_repeated_id_is_invalid_and_names_the_position_of_the_first() {
    let stage = Stage::begin().await;
    let events = [
        event_with("a", "n", 1),
        event_with("b", "n", 2),
        event_with("a", "n", 3),
    ];
    let report = Sender::new(&stage.client).send_all(events).await;
    assert_eq!((report.accepted.len(), report.invalid.len()), (2, 1));
    let invalid = &report.invalid[0];
    assert_eq!(invalid.position, 2);
    assert!(
        matches!(&invalid.reason, InvalidReason::Duplicate { first_position: 0, customer_event_id, .. } if customer_event_id == "a")
    );
    assert_eq!(stage.properties("a"), [json!({"n": 1})]);
    stage.check(&report);
}

#[tokio::test]
async fn corrections_arrive_after_what_they_correct() {
    let stage = Stage::begin().await;
    // The first attempt of the first one fails, so that without order the correction would overtake it.
    stage
        .emulator
        .inject(Fault::status(503).times(2).on("usage_event_create"));
    stage
        .emulator
        .inject(Fault::delay(Duration::from_millis(20)).on("usage_event_create"));
    let corrections = (0..20).map(|number| event_with("a", "n", number));
    let events = corrections
        .zip(numbered(20))
        .flat_map(|(correction, other)| [correction, other]);
    let sender = Sender::new(&stage.client).duplicates(Duplicates::Supersede);
    let report = sender.send_all(events).await;
    assert!(report.is_complete(), "{report}");
    assert_eq!(stage.properties("a"), [json!({"n": 19})]);
    assert_eq!(stage.counted().len(), 21);
    let sent: Vec<serde_json::Value> = stage
        .emulator
        .requests()
        .iter()
        .filter(|request| request.status == Some(201))
        .map(|request| serde_json::from_slice::<serde_json::Value>(&request.body).expect("JSON"))
        .filter(|body| body["customerEventId"] == "a")
        .map(|body| body["eventProperties"]["n"].clone())
        .collect();
    assert_eq!(sent, (0..20).map(|n| json!(n)).collect::<Vec<_>>());
}

#[tokio::test]
async fn progress_is_reported_after_each_outcome() {
    let stage = Stage::begin().await;
    stage.emulator.inject(Fault::status(422).on("usage_event_create"));
    let calls = Arc::new(AtomicUsize::new(0));
    let last = Arc::new(Mutex::new(Progress::default()));
    let sender = Sender::new(&stage.client).max_in_flight(4).on_progress({
        let (calls, last) = (Arc::clone(&calls), Arc::clone(&last));
        move |progress| {
            assert!(progress.in_flight <= 4);
            assert_eq!(
                progress.completed(),
                calls.fetch_add(1, Ordering::Relaxed) as u64 + 1
            );
            *last.lock().expect("no panic") = *progress;
        }
    });
    let events = numbered(30).chain([event(" ")]);
    let report = sender.send_all(events).await;
    assert_eq!(calls.load(Ordering::Relaxed), 31);
    let last = *last.lock().expect("no panic");
    assert_eq!(
        (last.accepted, last.rejected, last.invalid, last.read),
        (29, 1, 1, 31)
    );
    assert_eq!(report.progress.read, 31);
}

#[tokio::test]
async fn the_journal_comes_before_the_first_attempt_and_its_failure_prevents_it() {
    let stage = Stage::begin().await;
    let lines = Arc::new(Mutex::new(Vec::new()));
    let sender = Sender::new(&stage.client).max_in_flight(3).before_attempt({
        let lines = Arc::clone(&lines);
        move |entry| {
            let mut lines = lines.lock().expect("no panic");
            if lines.len() == 40 {
                return Err(std::io::Error::other("disk full"));
            }
            lines.push((entry.customer_event_id.to_owned(), entry.to_json()));
            Ok(())
        }
    });
    let report = sender.send_all(numbered(100)).await;
    assert_eq!((report.accepted.len(), report.unsent.len()), (40, 60), "{report}");
    assert!(
        report
            .to_string()
            .ends_with("; stopped because the journal failed")
    );
    assert!(report.unsent[0].reason.to_string().contains("disk full"));
    stage.check(&report);
    for (id, line) in &*lines.lock().expect("no panic") {
        assert!(stage.is_counted(id));
        let event = sequencehq::usage::parse_line(line).expect("it reads back");
        assert_eq!(event.customer_event_id.as_ref(), Some(id));
    }
}

#[tokio::test]
async fn seat_events_go_the_same_way() {
    let stage = Stage::begin().await;
    stage
        .emulator
        .inject(Fault::drop_connection_after_acting().on("seat_event_create"));
    let noon = "2026-03-01T12:00:00Z"
        .parse::<sequencehq::DateTime<sequencehq::Utc>>()
        .expect("an instant");
    let seats = |total: i64| {
        SeatEventCreate::builder()
            .customer_event_id(format!("s-{total}"))
            .customer_alias("acme")
            .seat_type("admin")
            .event_timestamp(noon)
            .total(total)
    };
    let sender = Sender::new(&stage.client);
    let report = sender.send_all((-1..50).map(seats)).await;
    assert_eq!((report.accepted.len(), report.invalid.len()), (50, 1), "{report}");
    assert_eq!(
        report.invalid[0].reason.to_string(),
        "`total`: is negative (-1); it is the number of seats, not the change"
    );
    assert_eq!(stage.records(Kind::SeatEvent).len(), 50);
    let id = &report.accepted[7].id;
    assert_eq!(stage.client.seat_events().get(id).await.expect("there").total, 7);

    // The oldest version has no seat events at all, which no event can change.
    let old = stage.client.with_api_version(ApiVersion::V2024_01_01);
    let report = Sender::new(&old)
        .max_in_flight(2)
        .send_all((0..10).map(seats))
        .await;
    assert_eq!(report.unsent.len(), 10, "{report}");
    assert_eq!(
        report.end_reason,
        sequencehq::usage::EndReason::UnsupportedVersion
    );
}

#[tokio::test]
async fn outcomes_hold_no_more_than_what_is_in_flight() {
    // What is alive at once, counted by the values that the properties share.
    static ALIVE: AtomicU64 = AtomicU64::new(0);
    let stage = Stage::begin().await;
    let events = numbered(500).inspect(|_| {
        ALIVE.fetch_add(1, Ordering::Relaxed);
    });
    let mut outcomes = Sender::new(&stage.client).max_in_flight(5).send_all(events);
    while let Some(outcome) = outcomes.next().await {
        let alive = ALIVE.fetch_sub(1, Ordering::Relaxed);
        assert!(alive <= 5, "{alive}");
        assert!(matches!(outcome, Outcome::Accepted(_)));
    }
    assert_eq!(ALIVE.load(Ordering::Relaxed), 0);
}
