//! Credentials from a provider: asked before the first call and after a 401.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use sequencehq::clock::{Clock as _, ManualClock};
use sequencehq::{Client, ClientBuilder, Credentials, ErrorKind, RateLimit, RetryPolicy};
use serde_json::json;

use crate::sample::{self, Shape};
use crate::server::{Answer, SOON, Server};

/// The `Authorization` header of the secret that the API accepts.
fn accepted(number: usize) -> String {
    use base64::Engine as _;
    let pair = format!("id:secret-{number}");
    format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(pair))
}

/// A server that accepts the secret with the current number, and echoes the header that it refuses.
async fn server(current: &Arc<AtomicUsize>) -> Server {
    let current = Arc::clone(current);
    let invoice = sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal);
    Server::start(move |seen| {
        let header = seen.header("authorization").unwrap_or_default();
        if header == accepted(current.load(Ordering::SeqCst)) {
            Answer::json(200, &invoice)
        } else {
            Answer::json(
                401,
                &json!({"error": {"type": "Unauthorized", "message": header}}),
            )
        }
    })
    .await
}

/// A client whose provider returns the secrets 1, 2, 3, … up to the last, and counts how often it was asked.
fn client(server: &Server, last: usize, asked: &Arc<AtomicUsize>) -> ClientBuilder {
    let asked = Arc::clone(asked);
    Client::builder_with_provider(move || {
        let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
        async move { Ok(Credentials::new("id", format!("secret-{}", number.min(last)))?) }
    })
    .base_url(&server.base_url)
    .rate_limit(RateLimit::none())
    .retry(RetryPolicy::none())
    .clock(ManualClock::running())
}

#[tokio::test]
async fn a_provider_is_asked_once_and_again_after_a_401() {
    let (current, asked) = (Arc::new(AtomicUsize::new(1)), Arc::default());
    let server = server(&current).await;
    let client = client(&server, 9, &asked).build().expect("good");
    assert_eq!(asked.load(Ordering::SeqCst), 0, "only calls need credentials");
    assert!(format!("{client:?}").contains("from a provider"));
    for _ in 0..3 {
        client.invoices().void("an-id").await.expect("accepted");
    }
    assert_eq!((asked.load(Ordering::SeqCst), server.count()), (1, 3), "cached");

    current.store(2, Ordering::SeqCst);
    // Also a call that is never repeated otherwise, without retries.
    let response = client.invoices().void("an-id").send().await.expect("renewed");
    assert_eq!(response.attempts(), 2);
    assert_eq!((asked.load(Ordering::SeqCst), server.count()), (2, 5));
    assert!(!format!("{client:?}").contains("secret-"));
}

#[tokio::test]
async fn calls_that_are_refused_together_ask_once() {
    let (current, asked) = (Arc::new(AtomicUsize::new(1)), Arc::default());
    let server = server(&current).await;
    let client = client(&server, 2, &asked).build().expect("good");
    client.invoices().get("an-id").await.expect("accepted");
    current.store(2, Ordering::SeqCst);
    let calls: Vec<_> = (0..50)
        .map(|_| tokio::spawn(client.invoices().get("an-id").into_future()))
        .collect();
    for call in calls {
        call.await.expect("joined").expect("renewed");
    }
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn a_provider_without_other_credentials_leaves_the_401_as_it_is() {
    let (current, asked) = (Arc::new(AtomicUsize::new(7)), Arc::default());
    let server = server(&current).await;
    let same = client(&server, 1, &asked).build().expect("good");
    let error = same.invoices().get("an-id").await.expect_err("refused");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 1));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    assert!(
        !error.to_string().contains("secret-") && !error.to_string().contains(&accepted(1)),
        "{error}"
    );

    asked.store(0, Ordering::SeqCst);
    let others = client(&server, 9, &asked).build().expect("good");
    let error = others.invoices().get("an-id").await.expect_err("refused twice");
    assert_eq!((error.kind(), error.attempts()), (ErrorKind::Unauthorized, 2));
    assert_eq!(asked.load(Ordering::SeqCst), 2, "once in a call");
}

#[tokio::test]
async fn a_provider_that_fails_after_a_401_is_named() {
    let server = server(&Arc::new(AtomicUsize::new(2))).await;
    let asked = AtomicUsize::new(0);
    let builder = Client::builder_with_provider(move || {
        let is_first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            match is_first {
                true => Ok(Credentials::new("id", "secret-1")?),
                false => Err("the vault is sealed".into()),
            }
        }
    });
    let client = builder.base_url(&server.base_url).build().expect("good");
    let error = client
        .invoices()
        .get("an-id")
        .await
        .expect_err("refused")
        .to_string();
    assert!(
        error.ends_with("; the provider of credentials failed: the vault is sealed"),
        "{error}"
    );
}

#[tokio::test]
async fn a_provider_that_hangs_after_a_401_has_the_time_of_an_attempt() {
    let (current, asked) = (Arc::new(AtomicUsize::new(2)), Arc::new(AtomicUsize::new(0)));
    let server = server(&current).await;
    let clock = ManualClock::new();
    let provided = Arc::clone(&asked);
    let client = Client::builder_with_provider(move || {
        let is_first = provided.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if !is_first {
                std::future::pending::<()>().await;
            }
            Ok(Credentials::new("id", "secret-1")?)
        }
    });
    let builder = client.base_url(&server.base_url).clock(clock.clone());
    let client = builder
        .attempt_timeout(Duration::from_secs(5))
        .build()
        .expect("good");
    let start = clock.now();
    let call = tokio::spawn(client.invoices().void("an-id").into_future());
    tokio::time::timeout(SOON, async {
        while !call.is_finished() {
            if asked.load(Ordering::SeqCst) == 2 {
                clock.advance(Duration::from_millis(100));
            }
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("it ends");
    let error = call.await.expect("joined").expect_err("no other secret");
    let text = error.to_string();
    assert!(
        error.is_unauthorized() && text.contains("it did not respond within 5s"),
        "{text}"
    );
    assert!(
        clock.now() - start < Duration::from_secs(60),
        "not until the call ends"
    );
}

#[tokio::test]
async fn an_error_of_the_provider_is_retried_and_named() {
    let current = Arc::new(AtomicUsize::new(1));
    let server = server(&current).await;
    let asked: Arc<AtomicUsize> = Arc::default();
    let count = Arc::clone(&asked);
    let builder = Client::builder_with_provider(move || {
        let is_first = count.fetch_add(1, Ordering::SeqCst) == 0;
        async move {
            if is_first {
                return Err("the vault is sealed".into());
            }
            Ok(Credentials::new("id", "secret-1")?)
        }
    })
    .base_url(&server.base_url)
    .clock(ManualClock::running());
    let client = builder.clone().build().expect("good");
    let call = client.invoices().void("an-id").retry(RetryPolicy::none());
    let error = call.await.expect_err("sealed");
    assert_eq!(error.kind(), ErrorKind::Credentials);
    assert!(!error.may_have_acted() && server.count() == 0);
    assert_eq!(
        error.to_string(),
        "invoice_void: the provider of credentials failed; nothing was sent: the vault is sealed"
    );
    asked.store(0, Ordering::SeqCst);
    let client = builder.build().expect("good");
    let response = client.invoices().void("an-id").send().await.expect("retried");
    assert_eq!((response.attempts(), server.count()), (2, 1));
}

#[tokio::test]
async fn a_call_in_progress_uses_credentials_that_were_replaced_meanwhile() {
    let current = Arc::new(AtomicUsize::new(2));
    let server = server(&current).await;
    let slot: Arc<std::sync::Mutex<Option<Client>>> = Arc::default();
    /// Replaces the credentials while an attempt is on its way.
    struct Rotate(Arc<std::sync::Mutex<Option<Client>>>);
    impl sequencehq::Hook for Rotate {
        fn after(&self, _: &sequencehq::AttemptResult<'_>) {
            let client = self.0.lock().expect("no holder panics").take();
            if let Some(client) = client {
                client.set_credentials(Credentials::new("id", "secret-2").expect("good"));
            }
        }
    }
    let client = Client::builder(Credentials::new("id", "secret-1").expect("good"))
        .base_url(&server.base_url)
        .hook(Rotate(Arc::clone(&slot)))
        .retry(RetryPolicy::none())
        .build()
        .expect("good");
    *slot.lock().expect("no holder panics") = Some(client.clone());
    let response = client.invoices().get("an-id").send().await.expect("the new ones");
    assert_eq!(response.attempts(), 2);
}
