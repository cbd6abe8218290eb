//! Random schedules of faults, and limits under load: what must hold however things go wrong.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use sequencehq::clock::{Clock, ManualClock};
use sequencehq::types::{
    Currency, InvoiceCreate, InvoicePatch, InvoicePaymentStatus, InvoiceUpdatePaymentStatus,
};
use sequencehq::{Client, Error, RateLimit, RetryPolicy};
use serde_json::json;

use crate::sample::{self, Shape};
use crate::server::{Answer, SOON, Seen, Server};

/// What the server does with one request, and whether it may have acted on it.
#[derive(Clone, Copy, Debug)]
enum Fault {
    Status(u16),
    Close,
    CutBody,
    Html,
    Success,
}

impl Fault {
    fn may_have_acted(self) -> bool {
        match self {
            Self::Status(code) => code >= 500 || code == 408,
            Self::Close | Self::CutBody | Self::Html | Self::Success => true,
        }
    }

    fn answer(self) -> Answer {
        match self {
            Self::Status(code) => Answer::status(code),
            Self::Close => Answer::Close,
            Self::CutBody => Answer::Cut {
                status: 200,
                body: b"{".to_vec(),
            },
            Self::Html => Answer::text(502, "text/html", "<html>"),
            Self::Success => Answer::json(
                200,
                &sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal),
            ),
        }
    }

    /// The same, with a success that fits what was asked.
    fn answer_to(self, seen: &Seen) -> Answer {
        let schedule = json!({"$ref": "#/components/schemas/BillingSchedule"});
        match self {
            Self::Success if seen.path().contains("/billing-schedules/") => {
                Answer::json(200, &sample::value(&schedule, Shape::Minimal))
            }
            other => other.answer(),
        }
    }
}

fn fault() -> impl Strategy<Value = Fault> {
    prop_oneof![
        prop::sample::select(vec![
            400, 401, 403, 404, 408, 409, 429, 429, 429, 500, 501, 502, 503, 504
        ])
        .prop_map(Fault::Status),
        Just(Fault::Close),
        Just(Fault::CutBody),
        Just(Fault::Html),
        Just(Fault::Success),
    ]
}

/// The calls that are tried: each method of HTTP, with what may be repeated.
#[derive(Clone, Copy, Debug)]
enum Attempted {
    Get,
    Put,
    Delete,
    Patch,
    PostWithBody,
    PostWithout,
    /// A PUT that starts something.
    Activate,
}

impl Attempted {
    const ALL: [Self; 7] = [
        Self::Get,
        Self::Put,
        Self::Delete,
        Self::Patch,
        Self::PostWithBody,
        Self::PostWithout,
        Self::Activate,
    ];

    fn is_repeatable(self) -> bool {
        matches!(self, Self::Get | Self::Put | Self::Delete)
    }

    async fn call(self, client: &Client) -> Result<(), Error> {
        let invoices = client.invoices();
        let answer = match self {
            Self::Get => invoices.get("i").await,
            Self::Put => {
                let body = InvoiceUpdatePaymentStatus::builder().payment_status(InvoicePaymentStatus::Paid);
                invoices.update_payment_status("i", body).await
            }
            Self::Delete => invoices.delete("i").await,
            Self::Patch => invoices.patch("i", InvoicePatch::builder().memo("x")).await,
            Self::PostWithBody => {
                invoices
                    .create(InvoiceCreate::builder().customer_id("c").currency(Currency::Gbp))
                    .await
            }
            Self::PostWithout => invoices.void("i").await,
            Self::Activate => return client.billing_schedules().activate("b").await.map(|_| ()),
        };
        answer.map(|_| ())
    }
}

/// Runs one schedule and checks what reached the server.
async fn run(
    server: &Server,
    client: &Client,
    schedule: &Mutex<VecDeque<Fault>>,
    faults: &[Fault],
    attempted: Attempted,
) {
    *schedule.lock().expect("nobody panics while holding it") = faults.iter().copied().collect();
    let before = server.count();
    let result = attempted.call(client).await;
    let reached = server.count() - before;
    let met: Vec<Fault> = faults
        .iter()
        .copied()
        .chain(std::iter::repeat(Fault::Success))
        .take(reached)
        .collect();

    assert!((1..=4).contains(&reached), "{attempted:?}: {reached} attempts");
    let acted_before_last = met[..reached - 1].iter().any(|fault| fault.may_have_acted());
    if !attempted.is_repeatable() {
        assert!(
            !acted_before_last,
            "{attempted:?} was sent again after the server could have acted: {met:?}"
        );
    }
    let last = met[reached - 1];
    match result {
        Ok(()) => assert!(matches!(last, Fault::Success), "{attempted:?}: {met:?}"),
        Err(error) => {
            let may_have_acted = met.iter().any(|fault| fault.may_have_acted());
            assert_eq!(
                error.may_have_acted(),
                may_have_acted,
                "{attempted:?}: {met:?}: {error:?}"
            );
            assert_eq!(error.attempts() as usize, reached, "{attempted:?}: {met:?}");
        }
    }
}

#[test]
fn no_schedule_of_faults_makes_a_call_act_twice() {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let schedule: Arc<Mutex<VecDeque<Fault>>> = Arc::default();
    let script = Arc::clone(&schedule);
    let server = runtime.block_on(Server::start(move |seen| {
        script
            .lock()
            .expect("nobody panics while holding it")
            .pop_front()
            .unwrap_or(Fault::Success)
            .answer_to(seen)
    }));
    let client = server
        .builder()
        .retry(RetryPolicy::default())
        .clock(ManualClock::running())
        .build()
        .expect("good");
    // Every fault by itself, for every method.
    for code in [400, 401, 403, 404, 408, 409, 418, 429, 500, 501, 502, 503, 504] {
        for attempted in Attempted::ALL {
            runtime.block_on(run(
                &server,
                &client,
                &schedule,
                &[Fault::Status(code)],
                attempted,
            ));
        }
    }
    for fault in [Fault::Close, Fault::CutBody, Fault::Html, Fault::Success] {
        for attempted in Attempted::ALL {
            runtime.block_on(run(&server, &client, &schedule, &[fault], attempted));
        }
    }
    // And thousands of schedules.
    let mut runner = TestRunner::new(Config {
        cases: 2_000,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(
            &(
                prop::collection::vec(fault(), 1..7),
                prop::sample::select(Attempted::ALL.to_vec()),
            ),
            |(faults, attempted)| {
                runtime.block_on(run(&server, &client, &schedule, &faults, attempted));
                Ok(())
            },
        )
        .expect("every schedule holds");
}

/// Answers 429 to whatever is beyond 1,500 requests in any 60 seconds of the clock.
async fn limited_server(clock: ManualClock) -> (Server, Arc<Mutex<Vec<Instant>>>) {
    let moments: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let kept = Arc::clone(&moments);
    let server = Server::start(move |_| {
        let mut moments = kept.lock().expect("nobody panics while holding it");
        let now = clock.now();
        let recent = moments
            .iter()
            .rev()
            .take_while(|moment| now - **moment < Duration::from_secs(60))
            .count();
        moments.push(now);
        if recent >= 1_500 {
            Answer::status(429)
        } else {
            Fault::Success.answer()
        }
    })
    .await;
    (server, moments)
}

#[tokio::test]
async fn three_thousand_calls_at_once_keep_the_limit_and_use_it() {
    let clock = ManualClock::new();
    let (server, moments) = limited_server(clock.clone()).await;
    let client = server
        .builder()
        .rate_limit(RateLimit::per_minute(1_500))
        .timeout(Duration::from_secs(3_600))
        .attempt_timeout(Duration::from_secs(3_600))
        .clock(clock.clone())
        .build()
        .expect("good");
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..3_000 {
        // Clones share the limit.
        let client = client.clone();
        calls.spawn(async move { client.invoices().get("i").await.map(|_| ()) });
    }
    let drive = async {
        loop {
            // Time stands still until everything that may go out has been answered.
            let (mut answered, mut quiet) = (calls.len(), 0);
            while quiet < 20 {
                while let Some(result) = calls.try_join_next() {
                    result.expect("joined").expect("no 429, no deadline");
                }
                quiet = if calls.len() == answered { quiet + 1 } else { 0 };
                answered = calls.len();
                tokio::task::yield_now().await;
            }
            if calls.is_empty() {
                return;
            }
            clock.advance(Duration::from_millis(200));
        }
    };
    tokio::time::timeout(SOON * 3, drive).await.expect("it ends");
    let moments = moments.lock().expect("nobody panics while holding it").clone();
    assert_eq!(moments.len(), 3_000);
    let took = (moments[2_999] - moments[0]).as_secs_f64();
    let rate = 3_000.0 / took * 60.0;
    assert!(rate >= 1_500.0 * 0.95, "{rate} a minute");
}
