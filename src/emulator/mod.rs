//! A server inside your process that behaves like Sequence, for tests and examples.
//!
//! It listens on a free port of 127.0.0.1, keeps its account in memory, and stops when it is dropped. By default it
//! accepts the credentials that `client_id()` and `client_secret()` return, its clock runs with the system, and it
//! has no rate limit; [`Emulator::builder`] changes that.
//!
//! ```
//! use sequencehq::emulator::{Emulator, Fault};
//! use sequencehq::types::{Currency, InvoiceCreate, InvoiceStatus};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::builder().date("2026-01-31".parse()?).start().await?;
//! let client = emulator.client();
//! let acme = emulator.add_customer("Acme Ltd"); // the operations on customers work too
//!
//! let body = InvoiceCreate::builder().customer_id(&acme).currency(Currency::Gbp);
//! let draft = client.invoices().create(body).await?;
//! assert_eq!(draft.status, InvoiceStatus::Draft);
//!
//! emulator.advance_to("2026-02-28".parse()?)?;
//! let issued = client.invoices().finalize(&draft.id).await?;
//! assert_eq!(issued.issue_date, Some("2026-02-28".parse()?));
//!
//! emulator.inject(Fault::status(503).on("invoice_void"));
//! let error = client.invoices().void(&draft.id).await.unwrap_err();
//! assert!(error.may_have_acted());
//! # Ok(())
//! # }
//! ```
//!
//! [`Emulator`] dereferences to the emulator of the crate [`sequencehq_emulator`], which shares no code with the client. Its
//! methods control the server: `inject` a [`Fault`], `advance` the clock, read the `requests` and the `deliveries` of
//! webhooks, and `settle` until they were attempted.
//!
//! # What it emulates
//!
//! - Every operation, in each version; [`Emulator::coverage`] lists what their behavior is based on. Parts of a request that it does
//!   not emulate, such as attachments, are answered with 501. When the clock is advanced, billing schedules open and
//!   close their periods, and their invoices are drafted and issued.
//! - Every check of the API's document: a request that it does not allow is answered with 400, and the message names the
//!   field. An operation that was added with `SEQUENCEHQ_OPENAPI` is unknown to the emulator, and is answered with 404.
//! - Exact arithmetic. Where no source states a rule, the emulator has a numbered assumption, and every answer that
//!   depends on one names it in the header `X-Emulator-Assumption`. [`assumptions`] has the rules.
//! - Signed webhooks to receivers on this machine, for the notification policies that were created through the API.
//! - Failures of networks, proxies and servers, injected as a [`Fault`].
//!
//! It sends no e-mails and collects no payments. Nothing leaves the machine.

mod embedded;
mod respond;
#[cfg(feature = "webhook")]
mod webhooks;

pub use sequencehq_emulator::assumptions;
pub use sequencehq_emulator::contract::Operation;
pub use sequencehq_emulator::operations::{Class, Entry};
pub use sequencehq_emulator::{
    AdvanceError, Delivery, Exchange, Fault, IntoScripted, NotDelivered, RecordedRequest, Refusal,
    ScriptError, Scripted, StartError, TriggerError,
};

pub use embedded::{AccountClock, Emulator, EmulatorBuilder};
pub use respond::Answered;
#[cfg(feature = "webhook")]
pub use webhooks::{ReceiveError, Webhooks};

pub use crate::call::returns::Returns;
