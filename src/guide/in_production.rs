//! Running in production: every setting with its default, the reason for it, and when to change it.
//!
//! The defaults are meant for production: a client that is built from credentials alone has time limits, retries, rate
//! limits and verified TLS. What a program usually decides for itself is shown here:
//!
//! ```
//! use std::time::Duration;
//!
//! use sequencehq::{Client, Credentials, RateLimit};
//!
//! let client = Client::builder_with_provider(|| async {
//!     let secret = std::fs::read_to_string("/run/secrets/sequence")?; // read again after a 401
//!     Ok(Credentials::new("my-client", secret.trim_end())?)
//! })
//! .user_agent("my-billing/1.0") // so that requests of this program can be recognized
//! .timeout(Duration::from_secs(20)) // shorter than the time limit of the caller
//! .rate_limit(RateLimit::per_minute(750)) // another program uses the other half
//! .build()?;
//! # Ok::<(), sequencehq::ConfigError>(())
//! ```
//!
//! Create one client per process and clone it. Clones share connections, credentials and rate limits; a second client has
//! its own, and both together exceed the limits of the API.
//!
//! The page covers [starting up](#starting-up), [time limits](#time-limits), [retries](#retries), [rate limits](#rate-limits),
//! [several processes](#several-processes), [several accounts](#several-accounts),
//! [credentials and rotation](#credentials-and-rotation), [proxies](#proxies), [certificates](#certificates),
//! [traces and logs](#traces-and-logs), [metrics](#metrics), [usage](#usage), [webhooks](#webhooks),
//! [API versions](#api-versions) and [shutting down](#shutting-down).
//!
//! # Starting up
//!
//! Building a client checks its settings and sends nothing. To learn at the start whether the server is reached and
//! accepts the credentials, read something small. Its error names what to check:
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # use sequencehq::Credentials;
//! # use sequencehq::emulator::Emulator;
//! # let emulator = Emulator::start().await?;
//! # let builder = sequencehq::Client::builder(Credentials::new("my-client", "mistyped")?);
//! # let client = builder.base_url(emulator.base_url()).build()?;
//! if let Err(error) = client.customers().list().limit(1).await {
//!     eprintln!("{error}"); // … 401 Unauthorized: … (check the client id, the client secret, …)
//! #   assert!(error.is_unauthorized());
//! }
//! # Ok(())
//! # }
//! ```
//!
//! Do not make it a condition of starting, or an outage of the API prevents every restart.
//!
//! # Time limits
//!
//! | setting | default | reason | change it |
//! | --- | --- | --- | --- |
//! | [`timeout`] | 120 s | A whole call: all attempts, the waits between them and for the rate limit, and the download of a file. It leaves time for retries, and no caller waits for longer than two minutes. | to less than the time limit of your own caller, such as 20 s behind a web page; per call with `.timeout(…)` |
//! | [`attempt_timeout`] | 30 s | One attempt, from connecting to the last byte. Generous, because an attempt that ends early leaves open whether it was processed. | rarely; lower it for reads that should be retried sooner |
//! | [`connect_timeout`] | 10 s | Name resolution, TCP and TLS. Nothing has been sent by then, so every call is retried. | to 2 or 3 s in a network where connections succeed at once or not at all |
//! | [`read_timeout`] | 30 s | One chunk of a download, so that a stalled download ends long before the whole call. | for slow links |
//! | [`max_response_bytes`] | 8 MiB | A response in memory; ten times the largest page. When decoded, it may use four times as much and 1 MiB. | rarely; downloads are streams and not limited |
//! | [`keep_body`] | `false` | Memory: the value has every field of the response, known or not. | to archive what the API sent, byte for byte; per call with `.keep_body(true)` |
//!
//! [`timeout`]: crate::ClientBuilder::timeout
//! [`attempt_timeout`]: crate::ClientBuilder::attempt_timeout
//! [`connect_timeout`]: crate::ClientBuilder::connect_timeout
//! [`read_timeout`]: crate::ClientBuilder::read_timeout
//! [`max_response_bytes`]: crate::ClientBuilder::max_response_bytes
//! [`keep_body`]: crate::ClientBuilder::keep_body
//!
//! A call does not wait for what lies beyond its time limit: if the API asks for a longer delay than is left, the call
//! returns its error at once.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::time::Duration;
//!
//! use sequencehq::ErrorKind;
//! use sequencehq::emulator::{Emulator, Fault};
//!
//! let emulator = Emulator::start().await?;
//! let client = emulator.client_builder().timeout(Duration::from_secs(20)).build()?;
//!
//! emulator.inject(Fault::status(503).retry_after(Duration::from_secs(30)));
//! let error = client.customers().list().await.unwrap_err(); // without waiting
//! assert_eq!((error.kind(), error.attempts()), (ErrorKind::ServerError, 1));
//! # Ok(())
//! # }
//! ```
//!
//! # Retries
//!
//! | setting of [`RetryPolicy`] | default | reason | change it |
//! | --- | --- | --- | --- |
//! | [`max_attempts`] | 4 | With the delays below, a failure of several seconds passes unnoticed. Includes the first attempt. | to more in jobs at night; to 1 where your own queue repeats the work |
//! | [`base_delay`] | 500 ms | The upper limit of the first wait, which doubles with each attempt. Waits are random below it, so that many processes do not return at the same moment. | rarely |
//! | [`max_delay`] | 8 s | The upper limit of all these waits. | together with `max_attempts` |
//! | [`max_retry_after`] | 60 s | The upper limit of the delay that the API asks for with `Retry-After`. Its rate limits count minutes. | to less where a person waits |
//!
//! [`RetryPolicy`]: crate::RetryPolicy
//! [`max_attempts`]: crate::RetryPolicy::max_attempts
//! [`base_delay`]: crate::RetryPolicy::base_delay
//! [`max_delay`]: crate::RetryPolicy::max_delay
//! [`max_retry_after`]: crate::RetryPolicy::max_retry_after
//!
//! Reads are retried, and so are calls that the API recognizes when they are repeated. A call that could be processed
//! twice, such as finalizing an invoice, is retried only if the server cannot have processed it. No setting changes
//! that. What remains is reported by [`Error::may_have_acted`](crate::Error::may_have_acted): read the resource before you
//! repeat the call.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sequencehq::clock::ManualClock;
//! use sequencehq::emulator::{Emulator, Fault};
//! use sequencehq::types::{Currency, InvoiceCreate};
//!
//! let emulator = Emulator::start().await?;
//! let clock = ManualClock::running(); // waits end at once
//! let client = emulator.client_builder().clock(clock.clone()).build()?;
//!
//! emulator.inject(Fault::status(503).times(2).on("customer_list"));
//! let response = client.customers().list().send().await?;
//! assert_eq!((response.attempts(), clock.sleeps().len()), (3, 2));
//!
//! let acme = emulator.add_customer("Acme Ltd");
//! let invoice = InvoiceCreate::builder().customer_id(&acme).currency(Currency::Gbp);
//! emulator.inject(Fault::drop_connection_after_acting().on("invoice_create"));
//! let error = client.invoices().create(invoice).await.unwrap_err();
//! assert_eq!(error.attempts(), 1); // a retry would create a second draft
//! assert!(error.may_have_acted());
//! let drafts = client.invoices().list().customer_id(&acme).items().try_collect().await?;
//! assert_eq!(drafts.len(), 1); // so it was processed
//! # Ok(())
//! # }
//! ```
//!
//! # Rate limits
//!
//! | setting | default | reason | change it |
//! | --- | --- | --- | --- |
//! | [`rate_limit`] | 1,500 | Requests per minute, except usage events: the documented limit of the API. Waiting for a turn is cheaper than a 429, which halves the rate for a minute. | to a part of it, if several programs use the key |
//! | [`event_rate_limit`] | 12,000 | Usage events per minute, likewise. | likewise |
//!
//! [`rate_limit`]: crate::ClientBuilder::rate_limit
//! [`event_rate_limit`]: crate::ClientBuilder::event_rate_limit
//!
//! Calls start in order, so those of a web page wait behind a batch that uses the same client. Give the batch a client of its
//! own, and each of the two a part of the limit. A call whose turn would come after its time limit fails at once, and
//! nothing is sent.
//!
//! # Several processes
//!
//! The API counts by key, and a client knows only its own requests. With the feature `redis`,
//! [`shared_limit`](crate::shared_limit) is one limit for all processes; without Redis, give each one a fixed part with
//! [`RateLimit::per_minute`](crate::RateLimit::per_minute). [`usage::several_processes`](crate::usage::several_processes)
//! describes workers that read a queue.
//!
//! | setting | default | reason | change it |
//! | --- | --- | --- | --- |
//! | [`fallback_share`] | 0.05 | The part of the limit that a process uses while Redis is not available. | to one divided by the largest number of processes |
//!
//! [`fallback_share`]: crate::shared_limit::SharedLimitBuilder::fallback_share
//!
//! ```no_run
//! # fn example() -> Result<(), sequencehq::ConfigError> {
//! use std::sync::Arc;
//!
//! use sequencehq::ClientBuilder;
//! use sequencehq::shared_limit::SharedLimit;
//!
//! let limit = SharedLimit::builder()
//!     .fallback_share(1.0 / 20.0) // 20 processes
//!     .on_change(|change| eprintln!("{change:?}")) // Redis is not available, or is again
//!     .connect("redis://redis.internal:6379")?;
//! let client = ClientBuilder::from_env()?.rate_limiter(Arc::new(limit)).build()?;
//! # drop(client);
//! # Ok(())
//! # }
//! ```
//!
//! # Several accounts
//!
//! Credentials belong to one account, and so does a client: create one for each account and keep it, for example in a map. The API
//! counts requests by key, so each client has the whole limit. To share the connections, pass one
//! [`http_client`](crate::ClientBuilder::http_client) to all of them.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::collections::HashMap;
//!
//! use sequencehq::emulator::Emulator;
//! use sequencehq::{Client, Credentials};
//!
//! # let emulator = Emulator::builder().credentials("uk", "s1").start().await?;
//! # let other = Emulator::builder().credentials("de", "s2").start().await?;
//! # let urls = HashMap::from([("uk", emulator.base_url()), ("de", other.base_url())]);
//! let mut clients = HashMap::new();
//! for (account, secret) in [("uk", "s1"), ("de", "s2")] {
//!     let builder = Client::builder(Credentials::new(account, secret)?);
//! #   let builder = builder.base_url(urls[account]);
//!     clients.insert(account, builder.build()?);
//! }
//! clients["de"].customers().list().await?;
//! # Ok(())
//! # }
//! ```
//!
//! # Credentials and rotation
//!
//! Sandbox and production have separate keys. The default is production, which refuses a key of the sandbox (401).
//! Credentials are fixed unless you pass a [`CredentialsProvider`](crate::CredentialsProvider), which is asked before the
//! first call and after a 401, once for all calls that wait. So a rotation needs no schedule and no restart: replace the
//! secret in the vault, then revoke the old one.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use std::sync::{Arc, Mutex};
//!
//! use sequencehq::emulator::Emulator;
//! use sequencehq::{Client, Credentials};
//!
//! let emulator = Emulator::builder().credentials("my-client", "new").start().await?;
//! let vault = Arc::new(Mutex::new(vec!["new", "old"])); // the old secret is returned first
//!
//! let secrets = Arc::clone(&vault);
//! let client = Client::builder_with_provider(move || {
//!     let secret = secrets.lock().ok().and_then(|mut secrets| secrets.pop());
//!     async move { Ok(Credentials::new("my-client", secret.ok_or("the vault is empty")?)?) }
//! })
//! .base_url(emulator.base_url())
//! .build()?;
//!
//! client.customers().list().await?; // 401, then the new secret
//! client.customers().list().await?;
//! assert!(vault.lock().is_ok_and(|secrets| secrets.is_empty())); // asked twice in total
//! # Ok(())
//! # }
//! ```
//!
//! [`Client::set_credentials`](crate::Client::set_credentials) replaces them by hand, also for calls in progress. Secrets of
//! webhooks rotate too: see [webhooks](#webhooks).
//!
//! # Proxies
//!
//! | setting | default | reason | change it |
//! | --- | --- | --- | --- |
//! | [`proxy`] | that of `HTTPS_PROXY`, or `ALL_PROXY`, unless `NO_PROXY` lists the host | What the environment of a program is configured for works without code. | where the proxy is in your own configuration |
//! | [`no_proxy`] | not set | Connects directly, whatever the environment. | if other programs of the machine need the variables, and this one does not |
//!
//! [`proxy`]: crate::ClientBuilder::proxy
//! [`no_proxy`]: crate::ClientBuilder::no_proxy
//!
//! The proxy passes on an encrypted tunnel and does not see the credentials. A gateway that ends TLS is a
//! [`base_url`](crate::ClientBuilder::base_url) instead, often with a
//! [`default_header`](crate::ClientBuilder::default_header) or a [`Hook`](crate::Hook) that signs requests.
//!
//! # Certificates
//!
//! | setting | default | reason | change it |
//! | --- | --- | --- | --- |
//! | root certificates | those of the operating system; on Unix, `SSL_CERT_FILE` and `SSL_CERT_DIR` replace them | They are updated with the system, and contain the authority of your company if it is installed there. | [`root_certificate`] adds an authority |
//! | [`bundled_roots`] | not set | Roots that are compiled in are as old as the program. | in a container without certificates (feature `bundled-roots`) |
//! | [`client_certificate`] | none | The API does not ask for one. | for a gateway with mutual TLS |
//!
//! [`root_certificate`]: crate::ClientBuilder::root_certificate
//! [`bundled_roots`]: crate::ClientBuilder::bundled_roots
//! [`client_certificate`]: crate::ClientBuilder::client_certificate
//!
//! Verification cannot be disabled. The error of a connection names the cause, such as a certificate that is not trusted.
//! Settings that this builder does not have, such as the size of the pool, are those of your own `reqwest::Client`, set with
//! [`http_client`](crate::ClientBuilder::http_client).
//!
//! # Traces and logs
//!
//! Off by default, since not every program has a subscriber. The feature `tracing` adds a span for each call and each
//! attempt, under the names of OpenTelemetry, and warnings for retries and failures; the feature `opentelemetry` adds
//! `traceparent` to each attempt. Enable both in services. No secret, body or id is recorded, so logs need no filter. The
//! page [`observability`](crate::observability) lists all fields.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use sequencehq::clock::ManualClock;
//! use sequencehq::emulator::{Emulator, Fault};
//!
//! # use std::sync::{Arc, Mutex};
//! # #[derive(Clone, Default)]
//! # struct Log(Arc<Mutex<Vec<u8>>>);
//! # impl std::io::Write for Log {
//! #     fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
//! #         self.0.lock().unwrap().extend_from_slice(bytes);
//! #         Ok(bytes.len())
//! #     }
//! #     fn flush(&mut self) -> std::io::Result<()> { Ok(()) }
//! # }
//! # let log = Log::default();
//! # let writer = log.clone();
//! tracing_subscriber::fmt() // writes to the standard output by default
//! #   .with_writer(move || writer.clone())
//!     .init();
//!
//! let emulator = Emulator::start().await?;
//! let client = emulator.client_builder().clock(ManualClock::running()).build()?;
//! emulator.inject(Fault::status(503));
//! client.customers().list().await?;
//! // … WARN call{otel.name="customer_list" …}: retrying attempt=1 wait_ms=134 error=…
//! # let log = String::from_utf8(log.0.lock().unwrap().clone())?;
//! # assert!(log.contains("WARN") && log.contains("customer_list") && log.contains("retrying"), "{log}");
//! # assert!(!log.contains(emulator.client_secret()));
//! # Ok(())
//! # }
//! ```
//!
//! Log the [request id](crate::Error::request_id) of an error: the support of the vendor asks for it.
//!
//! # Metrics
//!
//! Off by default, like traces. The feature `metrics` counts calls, attempts, waits for the rate limit, 429s and usage
//! events for the recorder of the crate `metrics`. Alert on the share of failed calls, on 429s, and on usage that was not
//! accepted; [`observability`](crate::observability#metrics) has the queries.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! use metrics_util::debugging::DebuggingRecorder;
//! use sequencehq::emulator::Emulator;
//! use sequencehq::observability;
//!
//! let recorder = DebuggingRecorder::new(); // the recorder of your exporter
//! let seen = recorder.snapshotter();
//! recorder.install()?;
//! observability::describe();
//!
//! let emulator = Emulator::start().await?;
//! emulator.client().customers().list().await?;
//! let seen = seen.snapshot().into_vec();
//! assert!(seen.iter().any(|(metric, ..)| metric.key().name() == observability::CALLS));
//! # Ok(())
//! # }
//! ```
//!
//! # Usage
//!
//! | setting of [`Sender`] | default | reason | change it |
//! | --- | --- | --- | --- |
//! | [`max_in_flight`] | 64 | Enough for 12,000 events per minute at 300 ms each. | if responses are slower |
//! | [`max_consecutive_failures`] | 100 | A run against an API that fails ends instead of reading its input to the end. | in a queue, where the input waits anyway |
//!
//! [`Sender`]: crate::usage::Sender
//! [`max_in_flight`]: crate::usage::Sender::max_in_flight
//! [`max_consecutive_failures`]: crate::usage::Sender::max_consecutive_failures
//!
//! Use a [`Journal`](crate::usage::Journal) for files, and ids derived from the queue for queues: then a process may end at
//! any time, and nothing is lost or counted twice. The [cookbook](crate::guide::cookbook#usage-from-ndjson) has an import.
//!
//! # Webhooks
//!
//! | setting of [`Verifier`] | default | reason | change it |
//! | --- | --- | --- | --- |
//! | [`tolerance`] | 5 min | The age of a signature, in both directions: long enough for retries and clocks that differ, short enough to make a recorded delivery useless. | rarely; synchronize clocks instead |
//! | [`max_body_bytes`] | 1 MiB | The size of a delivery, which is read before it is verified. | rarely |
//!
//! [`Verifier`]: crate::webhook::Verifier
//! [`tolerance`]: crate::webhook::Verifier::tolerance
//! [`max_body_bytes`]: crate::webhook::Verifier::max_body_bytes
//!
//! Deliveries repeat and have no order; the [cookbook](crate::guide::cookbook#a-webhook-service) has a receiver. To rotate a
//! secret, create a second policy and accept both with [`with_secret`](crate::webhook::Verifier::with_secret).
//!
//! # API versions
//!
//! A client is pinned to the newest version that this crate knows, and sends it with every request, so an update of the
//! crate may change it, and a release of the API does not. To update the crate without changing the version, set
//! [`api_version`](crate::ClientBuilder::api_version). New enum values, union variants and events decode without an update.
//!
//! # Shutting down
//!
//! A call that is dropped is cancelled, and may or may not have been processed. So stop accepting
//! work first, and wait for the calls in progress, which takes at most the [`timeout`] of a call. A bulk run is stopped by its
//! [`StopSignal`](crate::usage::StopSignal), and completes the events in flight. Clients need no closing: the last clone
//! closes the connections.
