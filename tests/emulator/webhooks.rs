//! Webhooks of the emulator, received in one line.

use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::emulator::{Emulator, ReceiveError};
use sequencehq::types::{Currency, InvoiceCreate, NotificationType};
use sequencehq::webhook::{Resource, Verifier, WebhookError};

/// The types of the newest version, and the kinds of their resources.
const TYPES: [(NotificationType, &str); 20] = [
    (NotificationType::CustomerCreated, "customer"),
    (NotificationType::CustomerUpdated, "customer"),
    (NotificationType::CustomerArchived, "customer"),
    (NotificationType::InvoiceCreated, "invoice"),
    (NotificationType::InvoiceIssued, "invoice"),
    (NotificationType::InvoiceUpdated, "invoice"),
    (NotificationType::InvoiceReminderSent, "invoice"),
    (NotificationType::IntegrationSyncCompleted, "nothing"),
    (NotificationType::IntegrationWebhookHandled, "nothing"),
    (NotificationType::WatchtowerTaskAssigned, "nothing"),
    (NotificationType::MerchantUpdated, "another"),
    (NotificationType::BillingScheduleCreated, "schedule"),
    (NotificationType::BillingScheduleUpdated, "schedule"),
    (NotificationType::BillingScheduleArchived, "schedule"),
    (NotificationType::CreditNoteCreated, "credit note"),
    (NotificationType::CreditNoteUpdated, "credit note"),
    (NotificationType::CreditNoteIssued, "credit note"),
    (NotificationType::QuotePublished, "quote"),
    (NotificationType::QuoteAccepted, "quote"),
    (NotificationType::QuoteSigned, "quote"),
];

fn kind(resource: Option<&Resource>) -> &'static str {
    match resource {
        None => "nothing",
        Some(Resource::Customer(_)) => "customer",
        Some(Resource::Invoice(_)) => "invoice",
        Some(Resource::BillingSchedule(_)) => "schedule",
        Some(Resource::CreditNote(_)) => "credit note",
        Some(Resource::Quote(_)) => "quote",
        Some(_) => "another",
    }
}

#[tokio::test]
async fn every_type_is_triggered_received_verified_and_typed() {
    // The clock of the account is years away from that of the system.
    let emulator = Emulator::builder().date("2021-03-01".parse().expect("a date"));
    let emulator = emulator.start().await.expect("a free port");
    let mut hooks = emulator.receive_webhooks().await.expect("a free port");
    for (wanted, expected) in TYPES {
        emulator.trigger(wanted.clone()).expect("it is announced");
        let event = hooks.next().await.expect("it arrives");
        assert_eq!(*event.notification_type(), wanted);
        assert_eq!(kind(event.resource()), expected, "{wanted}: {event:?}");
    }
    emulator.settle().await;
    assert!(
        hooks.try_next().expect("valid").is_none(),
        "samples announce nothing else"
    );
    let delivered = emulator.wait_for_deliveries(20).await.expect("all of them");
    assert_eq!(delivered.len(), 20);
}

#[tokio::test]
async fn each_type_gets_a_sample_in_an_empty_account() {
    for (wanted, expected) in TYPES {
        let emulator = Emulator::start().await.expect("a free port");
        let mut hooks = emulator.receive_webhooks().await.expect("a free port");
        emulator.trigger(wanted.clone()).expect("it is announced");
        let event = hooks.next().await.expect("it arrives");
        assert_eq!(*event.notification_type(), wanted);
        assert_eq!(kind(event.resource()), expected, "{wanted}");
        emulator.settle().await;
        assert!(hooks.try_next().expect("valid").is_none(), "{wanted} comes alone");
    }
}

#[tokio::test]
async fn a_type_is_triggered_for_the_resource_that_is_named() {
    let emulator = Emulator::start().await.expect("a free port");
    let (first, second) = (emulator.add_customer("First"), emulator.add_customer("Second"));
    let mut hooks = emulator.receive_webhooks().await.expect("a free port");
    emulator
        .trigger_for(NotificationType::CustomerUpdated, &first)
        .expect("announced");
    emulator.trigger("CUSTOMER_UPDATED").expect("announced");
    for expected in [first, second] {
        let event = hooks.next().await.expect("it arrives");
        assert_eq!(event.resource_id(), Some(expected.as_str()));
    }
    let error = emulator
        .trigger_for(NotificationType::CustomerUpdated, "x")
        .expect_err("no such customer");
    assert!(
        error.to_string().starts_with("There is no customer x."),
        "{error}"
    );
    let error = emulator.trigger("MOON_LANDED").expect_err("unknown");
    assert!(
        error
            .to_string()
            .starts_with("type: there is no notification type `MOON_LANDED`."),
        "{error}"
    );
}

#[tokio::test]
async fn calls_cause_events_in_order() {
    let emulator = Emulator::start().await.expect("a free port");
    let client = emulator.client();
    let mut hooks = emulator.receive_webhooks().await.expect("a free port");
    let body = InvoiceCreate::builder()
        .customer_id(emulator.add_customer("Acme Ltd"))
        .currency(Currency::Gbp);
    let draft = client.invoices().create(body).await.expect("created");
    client.invoices().finalize(&draft.id).await.expect("final");
    for expected in ["CUSTOMER_CREATED", "INVOICE_CREATED", "INVOICE_ISSUED"] {
        let event = hooks.next().await.expect("it arrives");
        assert_eq!(event.notification_type().as_str(), expected);
    }
    let policies = client.notification_policies();
    assert_eq!(
        policies.list().await.expect("listed").items[0].recipients,
        [hooks.url()]
    );
    drop(hooks);
    let left = policies.list().await.expect("listed").items;
    assert_eq!(left, [], "the policy ends with its receiver");
}

#[tokio::test]
async fn a_wait_ends_by_the_clock_that_was_passed_in_and_lists_what_arrived() {
    let clock = ManualClock::new();
    let emulator = Emulator::builder().clock(clock.clone());
    let emulator = emulator.start().await.expect("a free port");
    let nothing = {
        let wait = emulator.wait_for_deliveries(1);
        let (result, ()) = tokio::join!(wait, pass(&clock));
        result.expect_err("nothing was announced").to_string()
    };
    assert!(
        nothing.starts_with("0 of 1 webhooks were delivered within 10s; the account announced nothing."),
        "{nothing}"
    );
    let mut hooks = emulator.receive_webhooks().await.expect("a free port");
    emulator.add_customer("Acme Ltd");
    emulator.wait_for_deliveries(1).await.expect("delivered");
    let (result, ()) = tokio::join!(
        emulator.wait_for_deliveries_within(3, Duration::from_secs(7)),
        pass(&clock)
    );
    let text = result.expect_err("two are missing").to_string();
    let expected = format!(
        "1 of 3 webhooks were delivered within 7s. The account announced:\n- CUSTOMER_CREATED to {}: delivered, status 204",
        hooks.url()
    );
    assert_eq!(text, expected);
    hooks.next().await.expect("it arrived");
    let (result, ()) = tokio::join!(hooks.next(), pass(&clock));
    let error = result.expect_err("it was the only one");
    assert!(matches!(&error, ReceiveError::NotDelivered(_)), "{error:?}");
    assert!(
        error
            .to_string()
            .starts_with("no further webhook arrived within 10s. The account announced:"),
        "{error}"
    );
}

/// Lets an hour pass once the other future waits.
async fn pass(clock: &ManualClock) {
    tokio::task::yield_now().await;
    clock.advance(Duration::from_secs(3_600));
}

#[tokio::test]
async fn a_verifier_of_the_test_accepts_what_the_receiver_got() {
    let emulator = Emulator::start().await.expect("a free port");
    let hooks = emulator.receive_webhooks().await.expect("a free port");
    emulator.add_customer("Acme Ltd");
    let delivered = emulator.wait_for_deliveries(1).await.expect("delivered");
    let secret = sequencehq::webhook::Secret::new(hooks.secret()).expect("good");
    let verifier = Verifier::new(secret);
    let (signature, body) = (delivered[0].signature(), &delivered[0].body);
    verifier
        .verify_and_parse(signature, body)
        .expect("signed with it");
    let changed = verifier.verify_and_parse(signature, b"{}");
    assert!(
        matches!(changed, Err(WebhookError::SignatureMismatch)),
        "{changed:?}"
    );
}
