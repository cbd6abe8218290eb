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
enum Reaction {
    Status(u16),
    Close,
    CutBody,
    Html,
    /// A body that never ends, byte by byte, until the attempt times out.
    Drip,
    /// A success within the limit of the response that decodes to more memory than is allowed.
    Expanding,
    Success,
}

/// The limit of a response. Small, so that an answer that decodes to too much is quick to send.
const MAX_RESPONSE_BYTES: usize = 384 * 1024;
/// The time limit of each attempt.
const ATTEMPT_TIMEOUT: Duration = Duration::from_secs(30);
/// How many random schedules run if `FAULT_SCHEDULES` is unset.
const SCHEDULES: u32 = 2_000;

/// The number of random schedules, from the value of `FAULT_SCHEDULES`.
fn schedules(value: Option<&str>) -> Result<u32, String> {
    let Some(value) = value else {
        return Ok(SCHEDULES);
    };
    match value.parse() {
        Ok(count) if count > 0 => Ok(count),
        _ => Err(format!(
            "FAULT_SCHEDULES must be a whole number from 1 to {}, but is {value:?}",
            u32::MAX
        )),
    }
}

impl Reaction {
    fn may_have_acted(self) -> bool {
        match self {
            // Only a clear refusal means that nothing was done.
            Self::Status(code) => !(400..500).contains(&code) || code == 408,
            Self::Close | Self::CutBody | Self::Html | Self::Drip | Self::Expanding | Self::Success => true,
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
            Self::Drip => Answer::Drip { status: 200 },
            Self::Expanding => expanding("customerEmails"),
            Self::Success => Answer::json(
                200,
                &sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal),
            ),
        }
    }

    /// The same, with a success that fits what was asked.
    fn answer_to(self, seen: &Seen) -> Answer {
        let schedule = json!({"$ref": "#/components/schemas/BillingSchedule"});
        let is_schedule = seen.path().contains("/billing-schedules/");
        match self {
            Self::Success if is_schedule => Answer::json(200, &sample::value(&schedule, Shape::Minimal)),
            Self::Expanding if is_schedule => expanding("priceIds"),
            other => other.answer(),
        }
    }
}

/// As many empty strings in the list `field` as the limit of the response lets through.
fn expanding(field: &str) -> Answer {
    let head = format!(r#"{{"{field}":["#);
    let count = (MAX_RESPONSE_BYTES - head.len()) / r#""","#.len() - 2;
    Answer::text(
        200,
        "application/json",
        format!(r#"{head}{}""]}}"#, r#""","#.repeat(count)),
    )
}

fn fault() -> impl Strategy<Value = Reaction> {
    prop_oneof![
        8 => prop::sample::select(vec![
            101, 300, 400, 401, 403, 404, 408, 409, 429, 429, 429, 500, 501, 502, 503, 504, 600, 999
        ])
        .prop_map(Reaction::Status),
        8 => Just(Reaction::Close),
        8 => Just(Reaction::CutBody),
        8 => Just(Reaction::Html),
        4 => Just(Reaction::Drip),
        // Rare, because its body is large.
        1 => Just(Reaction::Expanding),
        8 => Just(Reaction::Success),
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
    schedule: &Mutex<VecDeque<Reaction>>,
    faults: &[Reaction],
    attempted: Attempted,
) {
    *schedule.lock().expect("nobody panics while holding it") = faults.iter().copied().collect();
    let before = server.count();
    let result = attempted.call(client).await;
    let reached = server.count() - before;
    let met: Vec<Reaction> = faults
        .iter()
        .copied()
        .chain(std::iter::repeat(Reaction::Success))
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
        Ok(()) => assert!(matches!(last, Reaction::Success), "{attempted:?}: {met:?}"),
        Err(error) => {
            let may_have_acted = met.iter().any(|fault| fault.may_have_acted());
            assert_eq!(
                error.may_have_acted(),
                may_have_acted,
                "{attempted:?}: {met:?}: {error:?}"
            );
            assert_eq!(error.attempts() as usize, reached, "{attempted:?}: {met:?}");
            match last {
                Reaction::Drip => assert!(error.is_timeout(), "{attempted:?}: {met:?}: {error:?}"),
                Reaction::Expanding => assert!(error.is_too_large(), "{attempted:?}: {met:?}: {error:?}"),
                _ => {}
            }
        }
    }
}

#[test]
fn only_a_positive_number_of_schedules_is_accepted() {
    assert_eq!(schedules(None), Ok(SCHEDULES));
    assert_eq!(schedules(Some("100000")), Ok(100_000));
    for value in ["", "0", "-1", "1e5", "100_000", "many", "4294967296"] {
        let message = schedules(Some(value)).expect_err("not a positive number");
        assert!(
            message.contains("FAULT_SCHEDULES") && message.contains(value),
            "{message}"
        );
    }
}

#[test]
#[allow(
    clippy::print_stdout,
    reason = "a long run shows how many schedules it covered"
)]
fn no_schedule_of_faults_makes_a_call_act_twice() {
    let value = std::env::var_os("FAULT_SCHEDULES").map(|value| value.to_string_lossy().into_owned());
    let cases = schedules(value.as_deref()).unwrap_or_else(|message| panic!("{message}"));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let schedule: Arc<Mutex<VecDeque<Reaction>>> = Arc::default();
    let script = Arc::clone(&schedule);
    let clock = ManualClock::running();
    let time = clock.clone();
    let server = runtime.block_on(Server::start(move |seen| {
        let fault = script
            .lock()
            .expect("nobody panics while holding it")
            .pop_front()
            .unwrap_or(Reaction::Success);
        if matches!(fault, Reaction::Drip) {
            let time = time.clone();
            tokio::spawn(async move {
                // The head and some of the body arrive first.
                for _ in 0..200 {
                    tokio::task::yield_now().await;
                }
                time.advance(ATTEMPT_TIMEOUT);
            });
        }
        fault.answer_to(seen)
    }));
    let client = server
        .builder()
        .retry(RetryPolicy::default())
        .attempt_timeout(ATTEMPT_TIMEOUT)
        // Longer than all attempts together, so that the attempts are what ends a call.
        .timeout(ATTEMPT_TIMEOUT * 10)
        .max_response_bytes(MAX_RESPONSE_BYTES as u64)
        .clock(clock)
        .build()
        .expect("good");
    // Every fault by itself, for every method.
    for code in [
        101, 300, 400, 401, 403, 404, 408, 409, 418, 429, 500, 501, 502, 503, 504, 600, 999,
    ] {
        for attempted in Attempted::ALL {
            runtime.block_on(run(
                &server,
                &client,
                &schedule,
                &[Reaction::Status(code)],
                attempted,
            ));
        }
    }
    for fault in [
        Reaction::Close,
        Reaction::CutBody,
        Reaction::Html,
        Reaction::Drip,
        Reaction::Expanding,
        Reaction::Success,
    ] {
        for attempted in Attempted::ALL {
            runtime.block_on(run(&server, &client, &schedule, &[fault], attempted));
        }
    }
    // And thousands of schedules.
    let mut runner = TestRunner::new(Config {
        cases,
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
    println!("{cases} schedules of faults");
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
            Reaction::Success.answer()
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
