//! The Rust SDK for the [Sequence](https://docs.sequencehq.com) billing API: customers, usage, prices, billing schedules,
//! invoices, credit notes, quotes, taxes and webhooks.
//!
//! A [`Client`] has an accessor for each resource, such as [`Client::invoices`]. The methods of an accessor return calls,
//! which are sent when awaited. A call returns the plain value of a type in [`types`], or the [`Error`] of this crate:
//!
//! ```no_run
//! use sequencehq::{Client, types::{Currency, InvoiceCreate, InvoiceStatus}};
//!
//! # #[cfg(feature = "all-resources")]
//! # async fn example(customer: sequencehq::types::Customer) -> Result<(), sequencehq::Error> {
//! let client = Client::from_env()?; // SEQUENCE_CLIENT_ID, SEQUENCE_CLIENT_SECRET, …
//!
//! let draft = client
//!     .invoices()
//!     .create(InvoiceCreate::builder().customer_id(&customer.id).currency(Currency::Gbp))
//!     .await?;
//!
//! let mut drafts = client.invoices().list().invoice_status(InvoiceStatus::Draft).items();
//! while let Some(invoice) = drafts.try_next().await? {
//!     println!("{}: {}", invoice.customer_legal_company_name, invoice.gross_total);
//! }
//! # drop(draft);
//! # Ok(())
//! # }
//! ```
//!
//! To run it without credentials, start the embedded emulator: `cargo run --features emulator --example invoice_lifecycle`.
//! The [`guide`] has a worked example for each common task.
//!
//! # Where to find what
//!
//! | topic | items |
//! | --- | --- |
//! | configuration | [`Client::from_env`], [`ClientBuilder`], [`Credentials`], [`CredentialsProvider`], [`Environment`], [`ApiVersion`] |
//! | calls, with parameters, errors and examples | [`calls`] |
//! | resources, request bodies, enums and ids | [`types`], [`Decimal`], [`Patch`] |
//! | status, headers and request id of a response | [`Response`], returned by `.send()` on a call |
//! | endpoints that this version does not know | [`Client::request`] |
//! | calls by name, with JSON in and out | [`Client::operation`] |
//! | lists | [`Items`], [`Pages`], returned by `.items()` and `.pages()` on a call |
//! | PDF files | [`Download`], with [`Download::save`] |
//! | code without async | `.wait()` and `.iter()` on a call, [`Iter`] |
//! | failures | [`Error`], [`ErrorKind`], [`ConfigError`] |
//! | proxies, certificates, headers | [`ClientBuilder::proxy`], [`ClientBuilder::root_certificate`], [`ClientBuilder::client_certificate`], [`ClientBuilder::default_header`] |
//! | code before and after each attempt | [`Hook`] |
//! | retries and rate limits | [`RetryPolicy`], [`RateLimit`], [`rate_limit`] |
//! | one rate limit for several processes | [`shared_limit`] |
//! | traces, logs and metrics | [`observability`] |
//! | usage and seat events in bulk, safe across crashes | [`usage`] |
//! | webhooks | [`webhook`] |
//! | settings with defaults and reasons | [`guide::in_production`] |
//! | whole tasks | [`guide::cookbook`] |
//! | what is there, and what is missing | [`guide::expectations`] |
//! | tests without the API and without waiting | [`emulator`], [`recording`], [`clock::ManualClock`] |
//! | responses and webhooks made in tests | `Invoice::sample()`, as described in [`types`] |
//!
//! # Guarantees
//!
//! - **Nothing is billed twice.** A call that could be processed twice is retried only if the server cannot have processed
//!   it. Check [`Error::may_have_acted`] before you repeat a call.
//! - **Amounts are exact.** Amounts, quantities and rates are [`Decimal`]s that keep their scale, even where the API sends
//!   JSON numbers.
//! - **New values of the API do not break clients.** An enum value or a pricing structure that this version does not know
//!   decodes, prints and encodes unchanged.
//! - **Calls end.** A call is limited by its [timeout](ClientBuilder::timeout), 120 seconds by default, with all its
//!   attempts and waits; a response is limited in [size](ClientBuilder::max_response_bytes).
//! - **Secrets stay secret.** No error, log line or `Debug` output contains credentials, also if a server returns them.
//!
//! # Features
//!
//! | feature | default | description |
//! | --- | --- | --- |
//! | `rustls` | yes | HTTPS with `rustls`, `ring` and the root certificates of the operating system |
//! | `native-tls` | | HTTPS with the TLS library of the operating system |
//! | `all-resources` | yes | all resource groups: `accounts`, `billing-schedules`, `credit-notes`, `credits`, `customers`, `invoices`, `notifications`, `products`, `quotes`, `taxes`, `usage` |
//! | `webhook` | yes | [`webhook`]; enables `notifications` |
//! | `bundled-roots` | | [`ClientBuilder::bundled_roots`], root certificates compiled into the program |
//! | `reqwest-client` | | [`ClientBuilder::http_client`], an HTTP client of your own |
//! | `blocking` | | `wait()` on every call, `iter()` on every list, and [`Download`]s that implement `Read` |
//! | `axum` | | [`webhook::Event`] as an extractor for `axum` handlers |
//! | `emulator` | | [`emulator`], for tests; enables `customers` |
//! | `operations` | | [`Client::operation`], calls by name with JSON in and out |
//! | `recording` | | [`recording`], which records traffic to a file and replays it in tests |
//! | `redis` | | [`shared_limit`], one rate limit for several processes |
//! | `schemars` | | `JsonSchema` for every type |
//! | `jiff` | | setters accept the types of `jiff`; [`ToJiff`] and [`ToChrono`] |
//! | `sqlx` | | ids and enums in the databases of `sqlx` 0.8, and [`DecimalText`] |
//! | `test-util` | | samples of every type of responses and of webhook events, for tests; see [`types`] |
//! | `tracing` | | spans for every call and attempt, by the conventions of OpenTelemetry; see [`observability`] |
//! | `opentelemetry` | | `traceparent` on every attempt; enables `tracing` |
//! | `metrics` | | counters and histograms; see [`observability`] |
//! | `full` | | everything except `native-tls` |
//!
//! Only the operations and types of enabled resource groups are compiled: `default-features = false, features = ["rustls",
//! "invoices"]` is a small client for invoices.
//!
//! Calls need a Tokio runtime with its timer and I/O drivers. Nothing is installed globally: no logger, no crypto provider.
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(all(
        feature = "all-resources",
        feature = "webhook",
        feature = "axum",
        feature = "blocking",
        feature = "bundled-roots",
        feature = "emulator",
        feature = "jiff",
        feature = "operations",
        feature = "recording",
        feature = "redis",
        feature = "reqwest-client",
        feature = "sqlx"
    )),
    allow(
        rustdoc::broken_intra_doc_links,
        reason = "links to items of features that are disabled"
    )
)]
#![cfg_attr(
    not(feature = "all-resources"),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "without all resources, parts of the crate are unused"
    )
)]

/// Compiles and runs the code in the README.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

pub mod calls;
pub mod clock;
#[cfg(feature = "emulator")]
pub mod emulator;
// The examples of the guide run against the emulator.
#[cfg(all(feature = "all-resources", doc, any(not(doctest), feature = "emulator")))]
pub mod guide;
pub mod observability;
#[cfg(feature = "recording")]
pub mod recording;
#[cfg(feature = "redis")]
pub mod shared_limit;
pub mod types;
#[cfg(feature = "usage")]
pub mod usage;
#[cfg(feature = "webhook")]
pub mod webhook;

mod call;
mod client;
mod config_error;
mod credentials;
mod data;
mod download;
mod error;
mod operation;
mod pagination;
mod redact;
mod response;
mod transport;
mod version;

#[cfg(feature = "blocking")]
pub use call::blocking::Iter;
#[cfg(feature = "operations")]
pub use call::named::{OperationCall, document};
pub use call::{CallFuture, UntypedCall};
pub use chrono::{self, DateTime, NaiveDate, Utc};
pub use client::{Client, ClientBuilder, Environment};
pub use config_error::ConfigError;
pub use credentials::{Credentials, CredentialsFuture, CredentialsProvider, ProviderError};
#[cfg(feature = "sqlx")]
pub use data::DecimalText;
#[doc(hidden)]
pub use data::decimal_literal as __decimal_literal;
pub use data::{
    BuildError, Conflict, Extra, IntoDate, IntoDecimal, IntoTimestamp, Patch, UnrecognizedValue,
    UnrecognizedVariant,
};
#[cfg(feature = "jiff")]
pub use data::{ToChrono, ToJiff};
pub use download::{Download, DownloadProgress, Save, SaveFuture};
pub use error::{Error, ErrorKind};
pub use http;
#[cfg(feature = "jiff")]
pub use jiff;
pub use pagination::{Items, Page, Pages};
#[cfg(feature = "reqwest-client")]
pub use reqwest;
pub use response::Response;
pub use rust_decimal::{self, Decimal};
pub use transport::{
    AttemptRequest, AttemptResult, Hook, HookError, HookFuture, RateLimit, RetryPolicy, rate_limit,
};
pub use version::ApiVersion;

/// The examples that must not compile, which are tests and no part of the documentation.
#[cfg(all(doctest, feature = "all-resources", feature = "webhook"))]
#[doc = include_str!("must_not_compile.md")]
struct MustNotCompile;

/// Creates a [`Decimal`](crate::Decimal) from a literal, at compile time.
///
/// The scale is kept: `dec!(19.90)` prints as `19.90`. A literal that is not a decimal does not compile.
///
/// ```
/// use sequencehq::dec;
///
/// assert_eq!(dec!(19.90).to_string(), "19.90");
/// assert_eq!(dec!(-1_000).to_string(), "-1000");
/// ```
///
/// ```compile_fail
/// let rate = sequencehq::dec!(1e3); // no exponents
/// ```
///
/// ```compile_fail
/// let rate = sequencehq::dec!(0.12345678901234567890123456789); // more than 28 digits
/// ```
#[macro_export]
macro_rules! dec {
    ($($token:tt)+) => {
        const { $crate::__decimal_literal(concat!($(stringify!($token)),+)) }
    };
}
