//! The clock, copies of the account, and the way back to the start.

use serde_json::json;

use super::{control, message, ok, on_new_year, product, send, start};

#[tokio::test]
async fn the_clock_is_advanced_to_a_day_or_by_a_period() {
    let emulator = start(on_new_year()).await;
    let clock = ok(&control(&emulator, "GET clock", None).await);
    assert_eq!(
        clock,
        json!({"now": "2026-01-01T12:00:00Z", "today": "2026-01-01", "isRunning": false})
    );
    for (body, now) in [
        (json!({"to": "2026-01-31"}), "2026-01-31T12:00:00Z"),
        (json!({"by": "P1M"}), "2026-02-28T12:00:00Z"),
        (json!({"by": "PT30M"}), "2026-02-28T12:30:00Z"),
        (json!({"to": "2026-03-01T00:00:00Z"}), "2026-03-01T00:00:00Z"),
    ] {
        let before = emulator.world().store().read(|state| state.now());
        let moved = ok(&control(&emulator, "POST advance", Some(&body)).await);
        assert_eq!((&moved["now"], &moved["isRunning"]), (&json!(now), &json!(false)));
        assert!(
            moved["before"]
                .as_str()
                .is_some_and(|text| text.parse() == Ok(before))
        );
    }
    for (body, expected) in [
        (json!({}), "body: exactly one of `to` and `by` is needed."),
        (
            json!({"to": "2027-01-01", "by": "P1D"}),
            "body: exactly one of `to` and `by` is needed.",
        ),
        (
            json!({"to": "2026-02-01"}),
            "body.to: the clock only moves forward, and it is 2026-03-01T00:00:00Z already.",
        ),
        (
            json!({"to": "tomorrow"}),
            "body.to: \"tomorrow\" is neither a date nor an instant.",
        ),
        (
            json!({"by": "1 month"}),
            "body.by: \"1 month\" is not a period of ISO 8601.",
        ),
        (
            json!({"until": "2027-01-01"}),
            "body: unknown field `until`, expected `to` or `by`",
        ),
        (json!(["2027-01-01"]), "body: "),
    ] {
        let reply = control(&emulator, "POST advance", Some(&body)).await;
        let message = message(&reply, 400);
        assert!(message.starts_with(expected), "{message}");
    }
    let clock = ok(&control(&emulator, "GET clock", None).await);
    assert_eq!(clock["now"], "2026-03-01T00:00:00Z", "refusals change nothing");
}

#[tokio::test]
async fn a_reset_returns_to_the_start_and_repeats_every_id() {
    let emulator = start(on_new_year()).await;
    let first = send(&emulator, "POST /products", Some(&json!({"name": "API"}))).await;
    control(&emulator, "POST advance", Some(&json!({"by": "P1D"}))).await;
    control(&emulator, "POST faults", Some(&json!({"kind": "html502"}))).await;
    let reset = ok(&control(&emulator, "POST reset", None).await);
    assert_eq!(reset["clock"]["now"], "2026-01-01T12:00:00Z");
    assert!(emulator.requests().is_empty());
    let again = send(&emulator, "POST /products", Some(&json!({"name": "API"}))).await;
    assert_eq!(again.body, first.body);
    assert_eq!(again.header("x-request-id"), first.header("x-request-id"));
    let reply = control(&emulator, "POST reset", Some(&json!({"to": "x"}))).await;
    assert!(message(&reply, 400).starts_with("body.to: this endpoint has no fields."));
}

#[tokio::test]
async fn a_snapshot_is_restored_byte_by_byte() {
    let emulator = start(on_new_year()).await;
    product(&emulator, "API").await;
    let dump = || emulator.world().store().read(|state| state.dump());
    let before = dump();
    let taken = ok(&control(&emulator, "POST snapshot", Some(&json!({"name": "before"}))).await);
    assert_eq!(taken["name"], "before");
    let second = product(&emulator, "Seats").await;
    control(&emulator, "POST advance", Some(&json!({"by": "P1M"}))).await;
    assert_ne!(dump(), before);
    ok(&control(&emulator, "POST restore", Some(&json!({"name": "before"}))).await);
    assert_eq!(dump(), before);
    assert_eq!(product(&emulator, "Seats").await, second);

    let state = ok(&control(&emulator, "GET state", None).await);
    assert_eq!(
        (&state["records"]["product"], &state["snapshots"]),
        (&json!(2), &json!(["before"]))
    );
    let unknown = control(&emulator, "POST restore", None).await;
    assert!(
        message(&unknown, 404)
            .starts_with("There is no snapshot `default`. POST /_emulator/snapshot takes one")
    );
}
