//! The end of a run that did not come from its input.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use sequencehq::emulator::{Emulator, Fault};
use sequencehq::usage::{EndReason, Sender, StopSignal, UnsentReason};

use crate::stage::{Stage, numbered};

#[tokio::test]
async fn a_stop_completes_the_events_in_flight_and_reads_no_more() {
    let stage = Stage::begin().await;
    let stop = StopSignal::new();
    let events = numbered(1_000).enumerate().map(|(number, event)| {
        if number == 400 {
            stop.stop();
        }
        event
    });
    let sender = Sender::new(&stage.client).max_in_flight(10).stop_signal(&stop);
    let report = sender.send_all(events).await;
    assert_eq!(report.end_reason, EndReason::Stopped);
    // The event that was being read is the last.
    assert_eq!(
        (report.accepted.len(), report.unsent.len()),
        (401, 599),
        "{report}"
    );
    assert!(
        report
            .unsent
            .iter()
            .all(|it| matches!(it.reason, UnsentReason::Stopped))
    );
    assert_eq!(stage.emulator.requests().len(), 401);
    stage.check(&report);

    let rest = report.into_resendable();
    assert_eq!(rest[0].customer_event_id.as_deref(), Some("e-401"));
    let second = Sender::new(&stage.client).send_all(rest).await;
    assert!(second.is_complete(), "{second}");
    assert_eq!(stage.counted().len(), 1_000);
}

#[tokio::test]
async fn a_stop_holds_at_once_even_with_room_in_flight() {
    let stage = Stage::begin().await;
    let stop = StopSignal::new();
    let events = numbered(100).inspect(|_| stop.stop());
    let sender = Sender::new(&stage.client).max_in_flight(10).stop_signal(&stop);
    let report = sender.send_all(events).await;
    assert_eq!((report.accepted.len(), report.unsent.len()), (1, 99), "{report}");
    stage.check(&report);
}

#[tokio::test]
async fn a_stop_wakes_a_run_that_waits_for_its_input() {
    let stage = Stage::begin().await;
    let stop = StopSignal::new();
    let settled = Arc::new(AtomicU64::new(0));
    let sender = Sender::new(&stage.client).stop_signal(&stop).on_progress({
        let settled = Arc::clone(&settled);
        move |progress| settled.store(progress.completed(), Ordering::Relaxed)
    });
    let waiting = tokio::spawn(
        sender
            .send_stream(Trickle::of(numbered(3).collect(), false))
            .into_future(),
    );
    while settled.load(Ordering::Relaxed) < 3 {
        tokio::task::yield_now().await;
    }
    // By now it waits for nothing but its input.
    for _ in 0..100 {
        tokio::task::yield_now().await;
    }
    assert!(!waiting.is_finished());
    stop.stop();
    let report = tokio::time::timeout(Duration::from_secs(20), waiting)
        .await
        .expect("it ends although the stream does not")
        .expect("no panic");
    assert_eq!(
        (report.accepted.len(), report.end_reason),
        (3, EndReason::Stopped)
    );
}

#[tokio::test]
async fn the_rest_of_a_borrowed_input_is_left_to_its_owner() {
    let stage = Stage::begin().await;
    let mut events = numbered(100);
    let sender = Sender::new(&stage.client)
        .max_in_flight(4)
        .report_remaining(false);
    let mut outcomes = sender.send_all(&mut events);
    for _ in 0..10 {
        assert!(outcomes.next().await.expect("more").is_accepted());
    }
    outcomes.stop();
    let mut reported = 10;
    while let Some(outcome) = outcomes.next().await {
        assert!(outcome.is_accepted());
        reported += 1;
    }
    assert!((10..=14).contains(&reported), "{reported}");
    drop(outcomes);
    assert_eq!(events.count(), 100 - reported, "none was lost between");
}

#[tokio::test]
async fn a_stream_that_trickles_is_sent_as_it_comes() {
    let stage = Stage::begin().await;
    let report = Sender::new(&stage.client)
        .max_in_flight(3)
        .send_stream(Trickle::of(numbered(50).collect(), true))
        .await;
    assert!(report.is_complete(), "{report}");
    stage.check(&report);
}

#[tokio::test]
async fn a_dropped_run_leaves_no_task() {
    let tasks = || tokio::runtime::Handle::current().metrics().num_alive_tasks();
    let settle = async |wanted: usize| {
        for _ in 0..100_000 {
            if tasks() == wanted {
                return;
            }
            tokio::task::yield_now().await;
        }
        assert_eq!(tasks(), wanted);
    };
    let emulator = Emulator::start().await.expect("a free port");
    let client = emulator.client();
    emulator.inject(
        Fault::delay(Duration::from_secs(3_600))
            .times(100)
            .on("usage_event_create"),
    );
    let mut outcomes = Sender::new(&client).max_in_flight(12).send_all(numbered(1_000));
    let poll = |outcomes: &mut _| {
        let mut context = Context::from_waker(std::task::Waker::noop());
        futures_core::Stream::poll_next(Pin::new(outcomes), &mut context).is_pending()
    };
    while emulator.requests().len() < 12 {
        assert!(poll(&mut outcomes));
        tokio::task::yield_now().await;
    }
    let known: Vec<u64> = {
        let mut known: Vec<u64> = outcomes.in_flight().map(|(position, _)| position).collect();
        known.sort_unstable();
        known
    };
    assert_eq!(
        known,
        (0..12).collect::<Vec<_>>(),
        "the events in flight are known before it is dropped"
    );
    let alive = tasks();
    assert!(alive >= 12, "{alive}");
    drop(outcomes);
    drop(client);
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(emulator.requests().len(), 12, "nothing is sent any more");
    drop(emulator);
    settle(0).await;
}

#[tokio::test]
async fn a_dropped_report_is_a_dropped_run() {
    let stage = Stage::begin().await;
    stage.emulator.inject(
        Fault::delay(Duration::from_secs(3_600))
            .times(100)
            .on("usage_event_create"),
    );
    {
        let mut report = std::pin::pin!(
            Sender::new(&stage.client)
                .max_in_flight(5)
                .send_all(numbered(50))
                .into_future()
        );
        let mut context = Context::from_waker(std::task::Waker::noop());
        while stage.emulator.requests().len() < 5 {
            assert!(report.as_mut().poll(&mut context).is_pending());
            tokio::task::yield_now().await;
        }
    }
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    assert_eq!(stage.emulator.requests().len(), 5);
}

/// Gives its items one by one, each after a poll in vain, and then ends or waits for ever.
pub struct Trickle<T> {
    items: std::vec::IntoIter<T>,
    ends: bool,
    is_ready: bool,
}

impl<T> Trickle<T> {
    pub fn of(items: Vec<T>, ends: bool) -> Self {
        Self {
            items: items.into_iter(),
            ends,
            is_ready: false,
        }
    }
}

impl<T: Unpin> futures_core::Stream for Trickle<T> {
    type Item = T;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<T>> {
        self.is_ready = !self.is_ready;
        if self.is_ready {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        match self.items.next() {
            Some(item) => Poll::Ready(Some(item)),
            None if self.ends => Poll::Ready(None),
            None => Poll::Pending,
        }
    }
}
