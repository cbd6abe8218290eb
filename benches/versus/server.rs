//! The least that answers HTTP: threads of its own, answers made beforehand, so that what it does is not measured.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};
use sequencehq::{Client, Credentials, RateLimit};

use crate::payload;

/// A running server. It lives as long as the program.
pub(crate) struct Server {
    pub(crate) base_url: String,
}

struct Answers {
    invoice: Vec<u8>,
    /// A page up to its cursor.
    page: String,
    pages: usize,
    latency: Duration,
}

impl Server {
    /// Has one whole invoice, and this many pages of 100.
    pub(crate) fn start(pages: usize, latency: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
        let base_url = format!("http://{}/api", listener.local_addr().expect("bound"));
        let invoice = payload::invoice(0);
        let answers = Arc::new(Answers {
            invoice: format!("{}{invoice}", head(invoice.len())).into_bytes(),
            page: payload::page_without_end(),
            pages,
            latency,
        });
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answers = Arc::clone(&answers);
                std::thread::spawn(move || connection(stream, &answers));
            }
        });
        Self { base_url }
    }

    /// Ours: everything as it comes, but for the limits on requests in a minute.
    pub(crate) fn client(&self) -> Client {
        Client::builder(Credentials::new("bench-client", "bench-secret").expect("good"))
            .base_url(&self.base_url)
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
        rustls::ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
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

fn connection(mut stream: TcpStream, answers: &Answers) {
    stream.set_nodelay(true).expect("a socket takes its options");
    let mut buffer = Vec::new();
    let mut page = Vec::new();
    while let Some(asked) = request(&mut stream, &mut buffer) {
        std::thread::sleep(answers.latency);
        let answer = match asked {
            Asked::Invoice => &answers.invoice,
            Asked::Page(number) => {
                let end = payload::end_of_page((number + 1 < answers.pages).then_some(number + 1));
                page.clear();
                page.extend_from_slice(head(answers.page.len() + end.len()).as_bytes());
                page.extend_from_slice(answers.page.as_bytes());
                page.extend_from_slice(end.as_bytes());
                &page
            }
        };
        if stream.write_all(answer).is_err() {
            return;
        }
    }
}

enum Asked {
    Invoice,
    Page(usize),
}

/// Takes one request off the stream. A list is told by its `limit`; its cursors are page numbers.
fn request(stream: &mut TcpStream, buffer: &mut Vec<u8>) -> Option<Asked> {
    let mut more = [0; 8192];
    let mut read = |buffer: &mut Vec<u8>| {
        let count = stream.read(&mut more).ok().filter(|count| *count > 0)?;
        buffer.extend_from_slice(&more[..count]);
        Some(())
    };
    let end = loop {
        match buffer.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(end) => break end + 4,
            None => read(buffer)?,
        }
    };
    let text = std::str::from_utf8(&buffer[..end]).ok()?;
    let (first, headers) = text.split_once("\r\n")?;
    let length: usize = headers
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .map_or(0, |(_, value)| {
            value.trim().parse().expect("a length is a number")
        });
    let number = |text: &str| {
        text.split(['&', ' '])
            .next()
            .and_then(|number| number.parse().ok())
    };
    let asked = match first.split_once("limit=") {
        None => Asked::Invoice,
        Some(_) => Asked::Page(
            first
                .split_once("after=")
                .map_or(Some(0), |(_, text)| number(text))?,
        ),
    };
    while buffer.len() < end + length {
        read(buffer)?;
    }
    buffer.drain(..end + length);
    Some(asked)
}
