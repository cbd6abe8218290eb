//! The API of the contests: one invoice, and a list of them, on a server with a thread of its own.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use sequencehq::{Client, Credentials, RateLimit};

use crate::payload;
use crate::server::{Answer, Seen, Server};

/// A running server. Its responses are made beforehand, as far as possible, so that making them is not measured.
pub(crate) struct Api {
    server: Server,
}

impl Api {
    /// Has one whole invoice, and this many pages of 100.
    pub(crate) fn start(pages: usize, latency: Duration) -> Self {
        let invoice = payload::invoice(0);
        let invoice = Bytes::from(format!("{}{invoice}", head(invoice.len())));
        let page = payload::page_without_end();
        let answer = move |seen: &Seen| match page_number(&seen.target) {
            None => invoice.clone(),
            Some(number) => {
                let end = payload::end_of_page((number + 1 < pages).then_some(number + 1));
                [&head(page.len() + end.len()), &page, &end]
                    .map(String::as_bytes)
                    .concat()
                    .into()
            }
        };
        let server = Server::on_own_thread(move |seen| {
            let answer = Answer::Raw(answer(seen));
            match latency {
                Duration::ZERO => answer,
                after => Answer::Late {
                    after,
                    answer: Box::new(answer),
                },
            }
        });
        Self { server }
    }

    pub(crate) fn base_url(&self) -> &str {
        &self.server.base_url
    }

    /// Ours: everything as it comes, but for the limits on requests in a minute.
    pub(crate) fn client(&self) -> Client {
        Client::builder(Credentials::new("bench-client", "bench-secret").expect("good"))
            .base_url(self.base_url())
            .rate_limit(RateLimit::none())
            .event_rate_limit(RateLimit::none())
            .build()
            .expect("a loopback URL is good")
    }

    /// Theirs: what a careful person sets up once. Headers are ready, there is a time limit, redirects are off.
    pub(crate) fn by_hand(&self) -> reqwest::Client {
        // Base64 of "bench-client:bench-secret".
        let mut secret = HeaderValue::from_static("Basic YmVuY2gtY2xpZW50OmJlbmNoLXNlY3JldA==");
        secret.set_sensitive(true);
        let mut headers = HeaderMap::new();
        headers.insert(AUTHORIZATION, secret);
        headers.insert("sequence-version", HeaderValue::from_static("2024-07-30"));
        without_tls(reqwest::Client::builder())
            .user_agent("by-hand/1.0")
            .default_headers(headers)
            .connect_timeout(Duration::from_secs(10))
            .timeout(Duration::from_secs(30))
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .build()
            .expect("a plain client can be made")
    }
}

/// No TLS is spoken here, but `reqwest` insists on a set-up where it was built with `rustls` and without a provider.
fn without_tls(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    #[cfg(feature = "rustls")]
    let builder = builder.tls_backend_preconfigured(
        rustls::ClientConfig::builder_with_provider(std::sync::Arc::new(
            rustls::crypto::ring::default_provider(),
        ))
        .with_safe_default_protocol_versions()
        .expect("the provider speaks them")
        .with_root_certificates(rustls::RootCertStore::empty())
        .with_no_client_auth(),
    );
    builder
}

fn head(length: usize) -> String {
    format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\
         x-request-id: 0d4bb1f2\r\nsequence-version: 2024-07-30\r\ndate: Thu, 01 Jan 2026 00:00:00 GMT\r\n\r\n"
    )
}

/// Returns the number of the requested page. Requests for a list have a `limit`; its cursors are page numbers.
fn page_number(target: &str) -> Option<usize> {
    target.contains("limit=").then(|| {
        let after = target.split_once("after=").map_or("0", |(_, after)| after);
        let number = after.split('&').next().unwrap_or_default();
        number.parse().expect("a cursor is a page number")
    })
}
