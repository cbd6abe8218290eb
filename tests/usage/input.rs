//! Input that is not an event, or cannot become one.

use sequencehq::types::UsageEventCreate;
use sequencehq::usage::{EndReason, InvalidReason, Sender, parse_line};

use crate::stage::{Stage, event, numbered};
use crate::stopping::Trickle;

#[tokio::test]
async fn an_invalid_item_is_reported_at_its_position_and_never_sent() {
    let stage = Stage::begin().await;
    let events = vec![
        event("good"),
        event("no-alias").customer_alias(" "),
        event("no-type").event_type(""),
        event("\t"),
        UsageEventCreate::builder().customer_alias("acme"),
        event("good-too"),
    ];
    let report = Sender::new(&stage.client).send_all(events).await;
    stage.check(&report);
    let reported: Vec<(u64, String)> = report
        .invalid
        .iter()
        .map(|it| (it.position, it.reason.to_string()))
        .collect();
    assert_eq!(
        reported,
        [
            (1, "`customerAlias`: is blank".to_owned()),
            (2, "`eventType`: is blank".to_owned()),
            (
                3,
                "`customerEventId`: is blank; omit it to have one generated".to_owned()
            ),
            (
                4,
                "UsageEventCreate is missing required fields: event_type".to_owned()
            ),
        ]
    );
    assert_eq!(stage.emulator.requests().len(), 2);
}

#[tokio::test]
async fn lines_and_their_errors_are_an_input() {
    let stage = Stage::begin().await;
    let lines = [
        r#"{"customerAlias":"acme","eventType":"call","customerEventId":"1"}"#,
        r#"{"customerAlias":"acme""#,
        r#"{"customerAlias":"acme","eventType":"call","customerEventId":"3"}"#,
    ];
    let report = Sender::new(&stage.client)
        .send_all(lines.into_iter().map(parse_line))
        .await;
    assert_eq!((report.accepted.len(), report.invalid.len()), (2, 1));
    assert!(matches!(report.invalid[0].reason, InvalidReason::Input(_)));
    assert_eq!(
        report.invalid[0].reason.to_string(),
        "column 23: is not valid JSON: EOF while parsing an object"
    );
    assert!(!report.is_complete());
    stage.check(&report);
}

#[tokio::test]
async fn an_error_in_the_middle_of_a_stream_loses_nothing() {
    for stops in [false, true] {
        let stage = Stage::begin().await;
        let items: Vec<Result<_, std::io::Error>> = numbered(10)
            .map(Ok)
            .chain([Err(std::io::Error::other("the queue is gone"))])
            .chain(numbered(20).skip(10).map(Ok))
            .collect();
        let sender = Sender::new(&stage.client)
            .max_in_flight(4)
            .stop_on_input_error(stops);
        let report = sender.send_stream(Trickle::of(items, true)).await;
        stage.check(&report);
        assert_eq!(report.invalid[0].position, 10);
        assert_eq!(report.invalid[0].reason.to_string(), "the queue is gone");
        let expected = if stops {
            (10, EndReason::InputFailed)
        } else {
            (20, EndReason::Exhausted)
        };
        assert_eq!((report.accepted.len(), report.end_reason), expected);
    }
}

#[tokio::test]
async fn an_input_of_nothing_but_errors_lets_others_have_a_turn() {
    let stage = Stage::begin().await;
    let others = std::rc::Rc::new(std::cell::Cell::new(0));
    let local = tokio::task::LocalSet::new();
    let counting = local.spawn_local({
        let others = std::rc::Rc::clone(&others);
        async move {
            loop {
                others.set(others.get() + 1);
                tokio::task::yield_now().await;
            }
        }
    });
    let run = async {
        let lines = std::iter::repeat_n("{", 2_000).map(parse_line);
        Sender::new(&stage.client).send_all(lines).await
    };
    let report = local.run_until(run).await;
    counting.abort();
    assert_eq!(report.invalid.len(), 2_000);
    assert!(others.get() >= 10, "{}", others.get());
}
