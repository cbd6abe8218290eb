//! One accessor for each resource, and one call for each operation.
//!
//! Accessors (`InvoicesApi`) are returned by methods of the [`Client`](crate::Client), and calls (`InvoiceGetCall`) by the methods of
//! accessors. You rarely write these names; look them up here for the parameters, the errors and an example of each operation.
//! Generated from `openapi.yaml`.
//!
//! A call is sent when it is awaited, and returns its value. Before that, filters and options can be set:
//!
//! | method | what it does |
//! | --- | --- |
//! | `.send()` | sends the call, and returns a [`Response`] with status, headers and request id |
//! | `.items()`, `.pages()` | on lists: a stream over all pages, see [`Items`](crate::Items) |
//! | `.wait()`, `.iter()` | without async (feature `blocking`) |
//! | `.timeout(…)`, `.attempt_timeout(…)`, `.read_timeout(…)`, `.retry(…)` | in place of the settings of the client |
//! | `.api_version(…)` | for this call only |
//! | `.header(…)`, `.idempotency_key(…)` | additional headers |
//! | `.extra_query(…)`, `.extra_field(…)` | what this version of the crate does not know |
//! | `.preview()` | the request that would be sent, without sending it |
//! | `.keep_body(true)` | keeps the bytes of the response, for [`Response::body`] |
//!
//! ```no_run
//! # #[cfg(feature = "invoices")]
//! # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
//! use std::time::Duration;
//!
//! let call = client.invoices().get("6cedbb5e-4f77-4217-b8d4-020e7e4d33c9");
//! let invoice = call.clone().await?; // a call can be sent again
//! let response = call.timeout(Duration::from_secs(5)).header("x-trace", "abc").send().await?;
//! println!("{}: {}", response.request_id().unwrap_or_default(), invoice.gross_total);
//! # Ok(())
//! # }
//! ```

// Lints are relaxed for generated code only.
#![allow(
    clippy::all,
    clippy::pedantic,
    deprecated,
    unused_imports,
    unused_mut,
    unused_variables
)]

use reqwest::Request;

use crate::call::query::{self, segment};
use crate::call::{Call, Endpoint, Scope};
use crate::data::{BuildError, IntoDecimal, InvalidInput};
use crate::download::Download;
use crate::error::Error;
use crate::operation::{Content, Operation, Quota, Repeat, Route};
use crate::response::Response;
use crate::transport::{Received, Requests};
use crate::types;
use crate::version::ApiVersion;

include!(concat!(env!("OUT_DIR"), "/calls.rs"));
