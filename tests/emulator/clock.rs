//! The clocks of the SDK as the emulator's source of time.

use std::sync::Arc;
use std::time::Duration;

use sequencehq::NaiveDate;
use sequencehq::clock::{Clock, ManualClock};
use sequencehq::emulator::{Emulator, EmulatorBuilder, Fault};
use sequencehq::types::{Currency, InvoiceCreate, NotificationChannel, NotificationPolicyCreate};
use sequencehq::webhook::{Secret, Verifier, WebhookError};
use sequencehq::{Client, RetryPolicy};

use crate::server::{Answer, Server};

const DAY: Duration = Duration::from_secs(24 * 3_600);

async fn start(builder: EmulatorBuilder) -> Emulator {
    builder.start().await.expect("a free port")
}

/// A client with a clock of its own: its limits do not end while the emulator waits, and it does not wait after a 429.
fn client(emulator: &Emulator) -> Client {
    let builder = emulator.client_builder().clock(ManualClock::running());
    builder.retry(RetryPolicy::none()).build().expect("good")
}

fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

#[tokio::test]
async fn a_delay_and_the_rate_limit_wait_for_the_clock() {
    let clock = ManualClock::new();
    let builder = Emulator::builder().clock(clock.clone());
    let emulator = start(builder.requests_per_minute(Some(1))).await;
    let client = client(&emulator);
    let list = || client.products().list().into_future();

    emulator.inject(Fault::delay(Duration::from_secs(3_600)));
    let delayed = tokio::spawn(list());
    while clock.sleeps().is_empty() {
        tokio::task::yield_now().await;
    }
    assert!(!delayed.is_finished());
    clock.advance(Duration::from_secs(3_600));
    delayed.await.expect("joined").expect("a page");

    let error = list().await.expect_err("the second within a minute");
    assert!(error.is_rate_limited(), "{error}");
    assert_eq!(error.retry_after(), Some(Duration::from_secs(60)));
    clock.advance(Duration::from_secs(60));
    list().await.expect("a page");
}

#[tokio::test]
async fn the_account_lives_at_the_time_of_the_clock_until_a_date_stops_it() {
    let clock = ManualClock::new();
    let today = |emulator: &Emulator| emulator.world().store().read(|state| state.today());
    let emulator = start(Emulator::builder().clock(clock.clone())).await;
    assert_eq!(today(&emulator), day("2026-01-01"));
    clock.advance(31 * DAY);
    assert_eq!(today(&emulator), day("2026-02-01"));
    emulator.advance(DAY).expect("forward");
    assert_eq!(today(&emulator), day("2026-02-02"));

    let stopped = Emulator::builder().clock(clock.clone()).date(day("2027-05-31"));
    let emulator = start(stopped).await;
    clock.advance(DAY);
    assert_eq!(today(&emulator), day("2027-05-31"));
    emulator.advance_to(day("2027-06-30")).expect("forward");
    assert_eq!(today(&emulator), day("2027-06-30"));
    assert!(emulator.advance_to(day("2027-06-29")).is_err());
}

#[tokio::test]
async fn the_clock_of_the_account_moves_when_the_account_is_advanced() {
    let emulator = start(Emulator::builder().date(day("2026-01-31"))).await;
    let clock: Arc<dyn Clock> = Arc::new(emulator.clock());
    let before = (clock.now(), clock.system_time());
    emulator.advance(DAY).expect("forward");
    assert_eq!(clock.now() - before.0, DAY);
    assert_eq!(clock.system_time(), before.1 + DAY);
    assert_eq!(
        before.1,
        day("2026-01-31")
            .and_hms_opt(12, 0, 0)
            .expect("noon")
            .and_utc()
            .into()
    );

    // What a clock of the builder waits for, that of the account waits for too.
    let manual = ManualClock::running();
    let emulator = start(Emulator::builder().clock(manual.clone()).date(day("2026-01-31"))).await;
    emulator.clock().sleep(DAY).await;
    assert_eq!(manual.sleeps(), [DAY]);
}

#[tokio::test]
async fn webhooks_are_verified_at_the_time_of_the_account() {
    let server = Server::start(|_| Answer::status(200)).await;
    let emulator = start(Emulator::builder().date(day("2031-05-31"))).await;
    let policy = NotificationPolicyCreate::builder()
        .name("tests")
        .channel(NotificationChannel::Webhook)
        .recipients([server.base_url.as_str()])
        .webhook_secret("whsec_of-the-test");
    let policies = client(&emulator);
    policies
        .notification_policies()
        .create(policy)
        .await
        .expect("created");
    emulator.add_customer("Acme Ltd");
    emulator.settle().await;

    let delivery = emulator.deliveries().pop().expect("a customer was created");
    let verifier = Verifier::new(Secret::new("whsec_of-the-test").expect("good"));
    let verified = |verifier: Verifier| verifier.verify_and_parse(delivery.signature(), &delivery.body);
    assert!(matches!(
        verified(verifier.clone()),
        Err(WebhookError::TooNew { .. })
    ));
    verified(verifier.clock(emulator.clock())).expect("signed at the same time");
}

/// The waits of a running clock end at once, those between the attempts of a webhook too. An attempt itself is not cut short.
#[tokio::test]
async fn webhooks_are_repeated_without_waiting_by_a_running_clock() {
    let mut refusals = 3;
    let refusals = std::sync::Mutex::new(move || {
        refusals -= 1;
        refusals >= 0
    });
    let server = Server::start(move |_| match refusals.lock().expect("no panic")() {
        true => Answer::status(503),
        false => Answer::status(200),
    })
    .await;
    let emulator = start(Emulator::builder().clock(ManualClock::running())).await;
    let client = client(&emulator);
    let acme = emulator.add_customer("Acme Ltd");
    let policy = NotificationPolicyCreate::builder()
        .name("tests")
        .channel(NotificationChannel::Webhook)
        .recipients([server.base_url.as_str()])
        .webhook_secret("whsec_of-the-test");
    client
        .notification_policies()
        .create(policy)
        .await
        .expect("created");
    let body = InvoiceCreate::builder().customer_id(acme).currency(Currency::Gbp);
    client.invoices().create(body).await.expect("created");
    while emulator.deliveries().iter().any(|delivery| delivery.is_pending) {
        tokio::task::yield_now().await;
    }
    let deliveries = emulator.deliveries();
    let statuses: Vec<_> = deliveries[0].attempts.iter().map(|(_, status)| *status).collect();
    assert_eq!(statuses, [503, 503, 503, 200].map(Some));
}
