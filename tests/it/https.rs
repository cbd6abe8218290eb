//! HTTPS: certificates, proxies, and what the environment sets.

#![cfg(feature = "rustls")]

use sequencehq::{Client, ClientBuilder, ConfigError, Credentials, RateLimit, RetryPolicy};
use serde_json::json;

use crate::sample::{self, Shape};
use crate::server::{Answer, SECRET, Server};
use crate::tls::{self, Authority, Listener};

/// A server with an invoice, and an authority that issued the certificate of `localhost` in front of it.
async fn secured(clients: Option<&Authority>) -> (Server, Listener, Authority) {
    let invoice = sample::value(&json!({"$ref": "#/components/schemas/Invoice"}), Shape::Minimal);
    let server = Server::sequence(vec![Answer::json(200, &invoice)]).await;
    let authority = Authority::new();
    let listener = tls::terminate(&server.base_url, &authority.issue("localhost"), clients).await;
    (server, listener, authority)
}

fn builder(port: u16) -> ClientBuilder {
    Client::builder(Credentials::new("test-client", SECRET).expect("good"))
        .base_url(format!("https://localhost:{port}/api"))
        .rate_limit(RateLimit::none())
        .retry(RetryPolicy::none())
}

async fn get(builder: ClientBuilder) -> Result<(), sequencehq::Error> {
    let client = builder.build().expect("good");
    client.invoices().get("an-id").await.map(drop)
}

/// Checks that an error is one line with these parts.
fn explains(error: &sequencehq::Error, parts: &[&str]) {
    let text = error.to_string();
    for part in parts {
        assert!(
            text.contains(part) && !text.contains('\n'),
            "`{part}` is not in: {text}"
        );
    }
}

#[tokio::test]
async fn a_certificate_for_another_name_is_named() {
    let (_server, listener, authority) = secured(None).await;
    let other = builder(listener.port)
        .base_url(format!("https://127.0.0.1:{}/api", listener.port))
        .no_proxy()
        .root_certificate(&*authority.pem);
    let error = get(other).await.expect_err("another name");
    assert!(error.is_connect());
    explains(
        &error,
        &[
            "the certificate of the server is not accepted",
            "127.0.0.1",
            "localhost",
        ],
    );
}

#[tokio::test]
async fn an_own_authority_is_trusted_once_its_root_is_added() {
    let (server, listener, authority) = secured(None).await;
    let error = get(builder(listener.port).no_proxy())
        .await
        .expect_err("not trusted");
    assert!(error.is_connect() && !error.may_have_acted(), "{error:?}");
    explains(
        &error,
        &[
            "the certificate of the server is not trusted",
            "UnknownIssuer",
            "`ClientBuilder::root_certificate`",
        ],
    );
    assert_eq!(server.count(), 0);
    let trusting = builder(listener.port)
        .no_proxy()
        .root_certificate(&*authority.pem);
    get(trusting.clone()).await.expect("trusted");
    assert_eq!(server.count(), 1);
    let other = Authority::new();
    let both = format!("{}{}", other.pem, authority.pem);
    get(builder(listener.port).no_proxy().root_certificate(both))
        .await
        .expect("one of two");
}

#[cfg(feature = "bundled-roots")]
#[tokio::test]
async fn bundled_roots_replace_those_of_the_system_and_not_the_added_ones() {
    let (_server, listener, authority) = secured(None).await;
    let bundled = builder(listener.port).no_proxy().bundled_roots();
    assert!(get(bundled.clone()).await.expect_err("not trusted").is_connect());
    get(bundled.root_certificate(&*authority.pem))
        .await
        .expect("trusted");
}

#[tokio::test]
async fn a_server_that_requests_a_client_certificate_gets_it() {
    let clients = Authority::new();
    let (server, listener, authority) = secured(Some(&clients)).await;
    let trusting = builder(listener.port)
        .no_proxy()
        .root_certificate(&*authority.pem);
    let error = get(trusting.clone()).await.expect_err("no certificate");
    explains(
        &error,
        &[
            "requires a client certificate",
            "`ClientBuilder::client_certificate`",
        ],
    );
    assert_eq!(server.count(), 0);
    let own = clients.issue("a-client");
    let identified = trusting.client_certificate(&*own.chain, &*own.key);
    let printed = format!("{identified:?}");
    assert!(
        printed.contains("has_client_certificate: true") && !printed.contains("PRIVATE"),
        "{printed}"
    );
    get(identified).await.expect("a certificate of the authority");
    assert_eq!(server.count(), 1);
}

#[tokio::test]
async fn requests_go_through_the_proxy_with_its_password() {
    let (server, listener, authority) = secured(None).await;
    let proxy = tls::proxy(200).await;
    let through = builder(listener.port)
        .root_certificate(&*authority.pem)
        .proxy(format!("http://someone:{SECRET}@127.0.0.1:{}", proxy.port));
    assert!(!format!("{through:?}").contains(SECRET), "{through:?}");
    get(through).await.expect("forwarded");
    let heads = proxy.heads.lock().expect("no holder panics").clone();
    assert_eq!(heads.len(), 1);
    assert!(
        heads[0].starts_with(&format!("CONNECT localhost:{} HTTP/1.1", listener.port)),
        "{}",
        heads[0]
    );
    assert!(
        heads[0].to_lowercase().contains("proxy-authorization: basic"),
        "{}",
        heads[0]
    );
    assert!(server.seen()[0].header("proxy-authorization").is_none());
}

#[tokio::test]
async fn a_proxy_that_refuses_is_an_error_before_anything_was_sent() {
    let (server, listener, authority) = secured(None).await;
    for (status, text) in [
        (407, "the proxy requires a user name and a password"),
        (403, "the proxy refused the connection"),
    ] {
        let proxy = tls::proxy(status).await;
        let through = builder(listener.port)
            .root_certificate(&*authority.pem)
            .proxy(format!("http://127.0.0.1:{}", proxy.port));
        let error = get(through).await.expect_err("refused");
        assert!(error.is_connect() && !error.may_have_acted(), "{error:?}");
        explains(&error, &[text]);
    }
    let free = std::net::TcpListener::bind("127.0.0.1:0").expect("a port is free");
    let nowhere = free.local_addr().expect("bound").to_string();
    drop(free);
    // A label that is too long is refused by the resolver without a question to a server.
    let unknown = format!("{}.invalid:1", "a".repeat(64));
    for (proxy, cause) in [(nowhere, "refused"), (unknown, "lookup")] {
        let through = builder(listener.port).proxy(format!("http://{proxy}"));
        let error = get(through).await.expect_err("nothing listens");
        explains(&error, &["the proxy cannot be reached", cause]);
    }
    assert_eq!(server.count(), 0);
}

#[tokio::test]
async fn a_base_url_of_the_machine_itself_uses_no_proxy() {
    let server = Server::sequence(vec![Answer::status(404)]).await;
    let proxy = tls::proxy(200).await;
    let client = server
        .builder()
        .proxy(format!("http://127.0.0.1:{}", proxy.port))
        .build()
        .expect("good");
    let error = client.invoices().get("an-id").await.expect_err("as scripted");
    assert!(error.is_not_found());
    assert!(proxy.heads.lock().expect("no holder panics").is_empty());
}

/// Runs itself in a process with other environment variables, since those of a process are shared by its tests.
#[tokio::test]
async fn the_environment_sets_roots_and_proxy_unless_the_builder_does() {
    const PORT: &str = "TEST_PORT_OF_SERVER";
    const NO_PROXY: &str = "TEST_WITHOUT_PROXY";
    if let Ok(port) = std::env::var(PORT) {
        let builder = builder(port.parse().expect("a port"));
        let without = std::env::var(NO_PROXY).is_ok();
        return get(if without { builder.no_proxy() } else { builder })
            .await
            .expect("trusted");
    }
    let (_server, listener, authority) = secured(None).await;
    let proxy = tls::proxy(200).await;
    let roots = std::env::temp_dir().join(format!("sequencehq-roots-{}.pem", listener.port));
    std::fs::write(&roots, &authority.pem).expect("written");
    let run = |variables: Vec<(&'static str, String)>| {
        let mut command = tokio::process::Command::new(std::env::current_exe().expect("this test"));
        command
            .args([
                "--exact",
                "https::the_environment_sets_roots_and_proxy_unless_the_builder_does",
            ])
            .env_clear()
            .env(PORT, listener.port.to_string())
            .envs(variables);
        async move { command.output().await.expect("it runs") }
    };
    let trusted = ("SSL_CERT_FILE", roots.display().to_string());
    let through = ("HTTPS_PROXY", format!("http://127.0.0.1:{}", proxy.port));
    let count = || proxy.heads.lock().expect("no holder panics").len();

    let output = run(vec![trusted.clone(), through.clone()]).await;
    assert!(output.status.success(), "{output:?}");
    assert_eq!(count(), 1, "through the proxy");

    let except = ("NO_PROXY", "localhost".to_owned());
    let output = run(vec![trusted.clone(), through.clone(), except]).await;
    assert!(output.status.success() && count() == 1, "{output:?}");

    let without = (NO_PROXY, "1".to_owned());
    let output = run(vec![trusted, through.clone(), without.clone()]).await;
    assert!(output.status.success() && count() == 1, "{output:?}");

    let output = run(vec![
        ("SSL_CERT_DIR", "/nonexistent".to_owned()),
        through,
        without,
    ])
    .await;
    assert!(!output.status.success(), "no roots: {output:?}");
    std::fs::remove_file(&roots).expect("removed");
}

#[test]
fn a_client_installs_no_crypto_provider_for_the_process() {
    builder(443).build().expect("good");
    assert!(rustls::crypto::CryptoProvider::get_default().is_none());
}

#[test]
fn settings_that_cannot_be_used_are_named_and_not_quoted() {
    let own = Authority::new().issue("localhost");
    let other = Authority::new().issue("localhost");
    let bad = |set: fn(ClientBuilder) -> ClientBuilder| set(builder(1)).build().map(drop);
    for (result, message) in [
        (
            bad(|builder| builder.proxy(SECRET)),
            "`proxy`: expected an absolute",
        ),
        (
            bad(|builder| builder.proxy("socks5://localhost:1")),
            "`proxy`: expected an absolute",
        ),
        (
            bad(|builder| builder.root_certificate(SECRET)),
            "`root_certificate`: contains no certificate in PEM format",
        ),
        (
            bad(|builder| builder.client_certificate(SECRET, SECRET)),
            "`client_certificate`: the key is not a private key in PEM format",
        ),
        (
            builder(1).client_certificate(SECRET, &*own.key).build().map(drop),
            "`client_certificate`: contains no certificate in PEM format",
        ),
        (
            builder(1)
                .client_certificate(&*other.chain, &*own.key)
                .build()
                .map(drop),
            "`client_certificate`: ",
        ),
        (
            bad(|builder| builder.default_header("sequence-version", "1")),
            "`sequence-version` is reserved",
        ),
        (
            bad(|builder| builder.default_header("user-agent", "1")),
            "`user-agent` is set with",
        ),
        (
            bad(|builder| builder.default_header("x-key", "\n")),
            "the value of `x-key`",
        ),
    ] {
        let error: ConfigError = result.expect_err(message);
        let text = error.to_string();
        assert!(text.contains(message) && !text.contains(SECRET), "{text}");
    }
}
