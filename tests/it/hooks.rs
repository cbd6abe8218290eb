//! Hooks and default headers: what every attempt carries, and what runs around it.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use sequencehq::clock::ManualClock;
use sequencehq::{AttemptRequest, AttemptResult, Hook, HookFuture, RetryPolicy};
use serde_json::json;

use crate::sample::{self, Shape};
use crate::server::{Answer, SECRET, Server};

fn invoice() -> Answer {
    let invoice = sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal);
    Answer::json(200, &invoice)
}

/// Writes down what it sees, and fails the attempts with these numbers.
#[derive(Clone, Default)]
struct Notes {
    notes: Arc<Mutex<Vec<String>>>,
    name: &'static str,
    fails: &'static [u32],
}

impl Notes {
    fn note(&self, note: String) {
        self.notes
            .lock()
            .expect("no holder panics")
            .push(format!("{}{note}", self.name));
    }

    fn taken(&self) -> Vec<String> {
        std::mem::take(&mut *self.notes.lock().expect("no holder panics"))
    }
}

impl Hook for Notes {
    fn before<'a>(&'a self, request: &'a mut AttemptRequest<'_>) -> HookFuture<'a> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            assert!(!request.headers().contains_key("authorization"));
            assert!(!format!("{request:?}").contains(SECRET));
            self.note(format!("before {} #{}", request.operation(), request.number()));
            if self.fails.contains(&request.number()) {
                return Err("the signing service is down".into());
            }
            let signature = format!("{} {}", request.method(), request.body().len());
            request.set_header("x-signature", &signature)?;
            Ok(())
        })
    }

    fn after(&self, result: &AttemptResult<'_>) {
        assert!(!format!("{result:?}").contains(SECRET));
        let status = result.status().map_or(0, |status| status.as_u16());
        let failed = result.error().is_some();
        let id = result.headers().get("x-request-id").is_some();
        self.note(format!(
            "after #{} {} {}: {status}, failed: {failed}, id: {id}",
            result.number(),
            result.method(),
            result.url_template()
        ));
    }
}

#[tokio::test]
async fn hooks_run_around_each_attempt_and_set_headers() {
    let busy = Answer::status(503).with("x-request-id", SECRET);
    let server = Server::sequence(vec![busy, invoice()]).await;
    let outer = Notes {
        name: "outer ",
        ..Notes::default()
    };
    let inner = Notes {
        name: "inner ",
        notes: Arc::clone(&outer.notes),
        ..Notes::default()
    };
    let client = server
        .builder()
        .retry(RetryPolicy::default())
        .clock(ManualClock::running())
        .hook(outer.clone())
        .hook(inner)
        .build()
        .expect("good");
    client.invoices().get("an-id").await.expect("the second attempt");
    assert_eq!(
        outer.taken(),
        [
            "outer before invoice_get #1",
            "inner before invoice_get #1",
            "inner after #1 GET /invoices/{id}: 503, failed: true, id: true",
            "outer after #1 GET /invoices/{id}: 503, failed: true, id: true",
            "outer before invoice_get #2",
            "inner before invoice_get #2",
            "inner after #2 GET /invoices/{id}: 200, failed: false, id: false",
            "outer after #2 GET /invoices/{id}: 200, failed: false, id: false",
        ]
    );
    for seen in server.seen() {
        assert_eq!(seen.header("x-signature"), Some("GET 0"));
        assert!(seen.header("authorization").is_some());
    }
}

#[tokio::test]
async fn an_error_of_a_hook_sends_nothing_and_is_retried() {
    let server = Server::sequence(vec![invoice()]).await;
    let hook = Notes {
        fails: &[1],
        ..Notes::default()
    };
    let builder = server.builder().clock(ManualClock::running()).hook(hook);
    // An operation that is never repeated once it may have been processed.
    let client = builder
        .clone()
        .retry(RetryPolicy::default())
        .build()
        .expect("good");
    client.invoices().void("an-id").await.expect("the second attempt");
    assert_eq!(server.count(), 1);
    let client = builder.build().expect("good");
    let error = client
        .invoices()
        .void("an-id")
        .retry(RetryPolicy::none())
        .await
        .expect_err("the hook failed");
    assert!(!error.may_have_acted() && server.count() == 1, "{error:?}");
    assert!(
        error
            .to_string()
            .contains("a hook failed before the attempt; nothing was sent: the signing service is down"),
        "{error}"
    );
}

#[tokio::test]
async fn a_hook_that_never_completes_ends_with_the_attempt() {
    struct Forever;
    impl Hook for Forever {
        fn before<'a>(&'a self, _: &'a mut AttemptRequest<'_>) -> HookFuture<'a> {
            Box::pin(std::future::pending())
        }
    }
    let server = Server::sequence(vec![invoice()]).await;
    let clock = ManualClock::new();
    let client = server
        .builder()
        .clock(clock.clone())
        .hook(Forever)
        .attempt_timeout(Duration::from_secs(5))
        .build()
        .expect("good");
    let call = client.invoices().void("an-id").retry(RetryPolicy::none());
    let call = tokio::spawn(call.into_future());
    while !call.is_finished() {
        clock.advance(Duration::from_secs(1));
        tokio::task::yield_now().await;
    }
    let error = call.await.expect("joined").expect_err("too slow");
    assert!(!error.may_have_acted() && server.count() == 0, "{error:?}");
    assert!(
        error.to_string().contains("did not complete within 5s"),
        "{error}"
    );
}

#[tokio::test]
async fn a_hook_sets_no_header_of_the_client() {
    struct Thief;
    impl Hook for Thief {
        fn before<'a>(&'a self, request: &'a mut AttemptRequest<'_>) -> HookFuture<'a> {
            Box::pin(async move { Ok(request.set_header("Authorization", "Bearer mine")?) })
        }
    }
    let server = Server::sequence(vec![invoice()]).await;
    let client = server.builder().hook(Thief).build().expect("good");
    let call = client.invoices().get("an-id").retry(RetryPolicy::none());
    let error = call.await.expect_err("refused");
    assert!(
        error.to_string().contains("`authorization` is reserved"),
        "{error}"
    );
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn default_headers_are_sent_with_every_request_unless_the_call_has_them() {
    let server = Server::sequence(vec![invoice()]).await;
    let client = server
        .builder()
        .user_agent("my-billing/1.0")
        .default_header("X-Gateway-Key", SECRET)
        .default_header("x-team", "billing")
        .build()
        .expect("good");
    assert!(!format!("{client:?}").contains(SECRET));
    client.invoices().get("an-id").await.expect("an invoice");
    let call = client.invoices().get("an-id");
    call.header("x-team", "finance")
        .header("user-agent", "other")
        .await
        .expect("an invoice");
    let seen = server.seen();
    let values = |request: usize, name: &str| -> Vec<String> {
        let headers = seen[request].headers.iter();
        headers
            .filter(|(key, _)| key == name)
            .map(|(_, value)| value.clone())
            .collect()
    };
    let own = concat!("my-billing/1.0 sequencehq-rust/", env!("CARGO_PKG_VERSION"));
    assert_eq!(values(0, "x-gateway-key"), [SECRET]);
    assert_eq!(
        (values(0, "x-team"), values(0, "user-agent")),
        (vec!["billing".into()], vec![own.into()])
    );
    assert_eq!(
        (values(1, "x-team"), values(1, "user-agent")),
        (vec!["finance".to_owned()], vec!["other".to_owned()])
    );
}

#[cfg(feature = "reqwest-client")]
mod own_client {
    use sequencehq::ConfigError;

    use super::*;
    use crate::tls::plain_client;

    #[tokio::test]
    async fn requests_are_sent_with_the_client_that_was_set() {
        let server = Server::sequence(vec![invoice()]).await;
        let mut headers = sequencehq::http::HeaderMap::new();
        headers.insert("x-from-client", "yes".parse().expect("good"));
        let http = plain_client().default_headers(headers).build().expect("good");
        let client = server.builder().http_client(http).build().expect("good");
        client.invoices().get("an-id").await.expect("an invoice");
        let seen = server.seen();
        assert_eq!(seen[0].header("x-from-client"), Some("yes"));
        assert!(
            seen[0]
                .header("user-agent")
                .is_some_and(|name| name.starts_with("sequencehq-rust"))
        );
    }

    #[tokio::test]
    async fn a_response_after_a_redirect_is_an_error() {
        let target = Server::sequence(vec![invoice()]).await;
        let moved = Answer::text(307, "text/plain", "").with("location", &target.base_url);
        let server = Server::sequence(vec![moved]).await;
        let http = plain_client().build().expect("good");
        let client = server.builder().http_client(http).build().expect("good");
        let error = client.invoices().void("an-id").await.expect_err("redirected");
        assert!(error.may_have_acted(), "{error:?}");
        assert!(
            error.to_string().contains("followed a redirect") && error.to_string().contains("Policy::none()"),
            "{error}"
        );
    }

    /// Nothing listens at this address.
    const NOWHERE: &str = "http://127.0.0.1:1/api";

    #[tokio::test]
    async fn a_connection_that_fails_after_a_redirect_is_not_retried() {
        let moved = Answer::text(303, "text/plain", "").with("location", NOWHERE);
        let server = Server::sequence(vec![moved]).await;
        let http = plain_client().build().expect("good");
        let builder = server.builder().clock(ManualClock::running());
        let client = builder.http_client(http).build().expect("good");
        let error = client.invoices().void("an-id").await.expect_err("no server");
        assert!(error.is_connect() && error.may_have_acted(), "{error:?}");
        assert_eq!((server.count(), error.attempts()), (1, 1), "sent once");
    }

    #[tokio::test]
    async fn a_connection_that_fails_without_redirects_is_retried() {
        let http = plain_client().redirect(reqwest::redirect::Policy::none());
        let http = http.build().expect("good");
        let server = Server::sequence(vec![invoice()]).await;
        let builder = server.builder().clock(ManualClock::running());
        let builder = builder.base_url(NOWHERE).http_client(http);
        let client = builder.build().expect("good");
        let error = client.invoices().void("an-id").await.expect_err("no server");
        assert!(error.is_connect() && !error.may_have_acted(), "{error:?}");
        assert_eq!(error.attempts(), 4);
    }

    #[tokio::test]
    async fn settings_without_effect_on_the_client_are_refused() {
        let server = Server::sequence(vec![invoice()]).await;
        let builder = server
            .builder()
            .http_client(plain_client().build().expect("good"));
        for (builder, name) in [
            (
                builder.clone().connect_timeout(Duration::from_secs(1)),
                "connect_timeout",
            ),
            (builder.clone().proxy("http://localhost:1"), "proxy"),
            (builder.clone().no_proxy(), "proxy"),
        ] {
            let Err(ConfigError::InvalidSetting(setting, reason)) = builder.build() else {
                panic!("{name} is accepted");
            };
            assert_eq!(setting, name);
            assert!(reason.contains("http_client"), "{reason}");
        }
    }
}
