//! A server inside your process that behaves like Sequence, for tests and examples.
//!
//! It listens on a free port of 127.0.0.1, keeps its books in memory, and stops when it
//! is dropped. By default it takes the credentials that [`Emulator::client_id`] and
//! [`Emulator::client_secret`] return, uses the clock of the system, and has no rate
//! limit; [`Emulator::builder`] changes that. Customers are seeded with
//! [`Emulator::add_customer`].
//!
//! ```
//! use sequencehq::emulator::{Emulator, Fault};
//! use sequencehq::types::{Currency, InvoiceCreate, InvoiceStatus};
//!
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let emulator = Emulator::start().await?;
//! let client = emulator.client();
//! let acme = emulator.add_customer("Acme Ltd");
//!
//! let body = InvoiceCreate::builder().customer_id(&acme).currency(Currency::Gbp);
//! let draft = client.invoices().create(body).await?;
//! assert_eq!(draft.status, InvoiceStatus::Draft);
//!
//! emulator.inject(Fault::status(503).on("invoice_void"));
//! let error = client.invoices().void(&draft.id).await.unwrap_err();
//! assert!(error.may_have_acted());
//! # Ok(())
//! # }
//! ```
//!
//! # What it imitates
//!
//! - All operations on invoices, their lines and groups, and their render and payment
//!   settings: life cycle, exact totals, filters, sorting, cursors, and a real PDF.
//! - Notification policies, which send signed webhooks about invoices to receivers on this machine.
//! - Receiving, superseding and listing usage and seat events. [`Emulator::usage_events`] and
//!   [`Emulator::seat_events`] tell what counts.
//! - Authentication, the version header, and the rate limit where one is set.
//! - Validation of every request against the document this crate was built from.
//! - Errors, as `{"error": {"type", "message"}}`. Only `UnrecognisedApiVersion` is a type
//!   that the vendor publishes. Illegal states and bad requests are 400, unknown ids 404.
//! - Failures of networks and proxies, by [`Fault`].
//!
//! # What it does not imitate
//!
//! - Every other resource: those operations answer 501, as do attachments and the tax
//!   categories of groups.
//! - Metrics and balances: events are kept, but nothing is made of them. Their lists do not
//!   sort by anything but creation, and skip nothing.
//! - Mail, collection of payments, dunning, integrations, credits, and regulatory
//!   currency conversions: nothing is sent, and the lists about them are empty.
//! - The differences between API versions within an operation: all take the parameters and
//!   fields of the newest one, and answer in its shape.
//!
//! If the behaviour of Sequence is not documented, the emulator does something sensible, and
//! the source files say what: `invoices.rs` (life cycle), `line_items.rs`, `invoice_lists.rs`
//! (filters), `settings.rs`, `events.rs` (superseding, aliases), `pages.rs` (cursors), `document.rs` (how strict), `gate.rs`.
//!
//! # Invariants
//!
//! Every answer fits the document; what is absent is left out, never `null`. A refused
//! request changes nothing. Ids are the same in every run. No task outlives the
//! [`Emulator`]. The client knows nothing of all this.

mod customers;
mod dispatch;
mod document;
mod events;
mod faults;
mod gate;
mod invoice_lists;
mod invoices;
mod line_items;
mod money;
mod near;
mod notifications;
mod pages;
mod pdf;
mod problem;
mod requests;
mod server;
mod settings;
mod state;
mod wire;

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

pub use customers::CustomerSeed;
pub use faults::Fault;
pub use notifications::Delivery;
pub use requests::RecordedRequest;
pub use server::EmulatorError;

use crate::client::{Client, ClientBuilder};
use crate::clock::SystemClock;
use crate::types::CustomerId;

use customers::Customer;
use dispatch::Account;
use document::Document;
use gate::Credentials;
use server::Server;
use state::{Clock, State};

/// A running emulator. Dropping it stops it.
pub struct Emulator {
    account: Arc<Account>,
    server: Server,
}

impl Emulator {
    /// Starts an emulator with the defaults, on the current `tokio` runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if no port is free, or outside of a `tokio` runtime.
    pub async fn start() -> Result<Self, EmulatorError> {
        Self::builder().start().await
    }

    /// Starts with other credentials, another clock, or a rate limit.
    ///
    /// ```
    /// # use sequencehq::emulator::Emulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::builder()
    ///     .today("2026-02-28".parse()?)
    ///     .requests_per_minute(Some(1_500))
    ///     .start()
    ///     .await?;
    /// # drop(emulator);
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> EmulatorBuilder {
        let clock: Arc<dyn crate::clock::Clock> = Arc::new(SystemClock);
        EmulatorBuilder {
            credentials: Credentials {
                client_id: "emulator-client".to_owned(),
                client_secret: "emulator-secret".to_owned(),
            },
            books: books_of(&clock),
            clock,
            requests_per_minute: None,
        }
    }

    /// Where the API is, such as `http://127.0.0.1:40123/api`.
    pub fn base_url(&self) -> &str {
        self.server.base_url()
    }

    /// Client id that the emulator accepts.
    pub fn client_id(&self) -> &str {
        &self.account.credentials.client_id
    }

    /// Client secret that the emulator accepts.
    pub fn client_secret(&self) -> &str {
        &self.account.credentials.client_secret
    }

    /// A client of this emulator, with defaults for everything else.
    pub fn client(&self) -> Client {
        self.client_builder()
            .build()
            .expect("credentials and address of an emulator are good")
    }

    /// Starts a client of this emulator.
    pub fn client_builder(&self) -> ClientBuilder {
        let credentials = crate::credentials::Credentials::new(self.client_id(), self.client_secret());
        Client::builder(credentials.expect("the emulator checked its credentials")).base_url(self.base_url())
    }

    /// Adds a customer, given by name or as a [`CustomerSeed`], and returns its id.
    pub fn add_customer(&self, customer: impl Into<CustomerSeed>) -> CustomerId {
        Customer::add(&mut self.account.state(), customer.into()).into()
    }

    /// The usage events that count, oldest first: what was received and not superseded since, as the
    /// list answers it. An event whose answer was lost on the way back is among them.
    pub fn usage_events(&self) -> Vec<serde_json::Value> {
        self.account.state().usage_events.all()
    }

    /// The seat events that count, oldest first. As [`usage_events`](Self::usage_events).
    pub fn seat_events(&self) -> Vec<serde_json::Value> {
        self.account.state().seat_events.all()
    }

    /// Lets something go wrong. Faults queue up; see [`Fault`].
    pub fn inject(&self, fault: Fault) {
        self.account.state().faults.push(fault);
    }

    /// Everything that was asked so far, oldest first.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.account.state().requests.clone()
    }

    /// Every webhook that was sent so far, or could not be sent, in order. A delivery stands here once its receiver
    /// has answered.
    pub fn deliveries(&self) -> Vec<Delivery> {
        self.account.state().deliveries.clone()
    }

    /// Moves the clock of the books ahead, over a due date for example. Nothing waits.
    ///
    /// # Panics
    ///
    /// Where that leaves the calendar.
    pub fn advance(&self, by: Duration) {
        let has_moved = TimeDelta::from_std(by).is_ok_and(|by| self.account.state().advance(by));
        assert!(has_moved, "the calendar ends before that");
    }

    /// Makes a draft what a running billing period has, an invoice that is `IN_PROGRESS`.
    ///
    /// Only billing schedules produce those, and schedules are not imitated. `false` where
    /// there is no draft with this id.
    pub fn put_in_progress(&self, invoice_id: &str) -> bool {
        invoices::put_in_progress(&mut self.account.state(), invoice_id)
    }

    /// Does an answer keep what the document promises for this operation and status?
    ///
    /// For the tests of this crate. `Err` says where it does not; unknown properties
    /// and `null` count as mistakes.
    #[doc(hidden)]
    pub fn check_answer(operation_id: &str, status: u16, body: &[u8]) -> Result<(), String> {
        Document::get().check_answer(operation_id, status, body)
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Emulator")
            .field("base_url", &self.base_url())
            .field("client_id", &self.client_id())
            .finish_non_exhaustive()
    }
}

/// Settings of an [`Emulator`] that is about to start.
#[must_use]
pub struct EmulatorBuilder {
    credentials: Credentials,
    /// The time of the books.
    books: Clock,
    /// What the rate limit and every wait go by.
    clock: Arc<dyn crate::clock::Clock>,
    requests_per_minute: Option<u32>,
}

impl EmulatorBuilder {
    /// Accepts this client id and secret, and no others.
    ///
    /// They have to be a pair that [`Credentials`](crate::Credentials) accepts; [`start`](Self::start) checks it.
    pub fn credentials(mut self, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        self.credentials = Credentials {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
        };
        self
    }

    /// Stops the clock of the books at noon UTC of this day. [`Emulator::advance`] still moves it.
    pub fn today(mut self, date: NaiveDate) -> Self {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).expect("noon is a time of day");
        let now = date.and_time(noon).and_utc();
        self.books = Arc::new(move || now);
        self
    }

    /// Uses this clock for everything: the time of the books, the rate limit, and every wait, such as that of
    /// [`Fault::delay`].
    ///
    /// With a [`ManualClock`](crate::clock::ManualClock) a delay ends when the test moves the clock. The default is
    /// the clock of the system.
    pub fn clock(mut self, clock: impl crate::clock::Clock) -> Self {
        self.clock = Arc::new(clock);
        self.books = books_of(&self.clock);
        self
    }

    /// Answers 429 with `Retry-After` beyond this many requests within 60 seconds. `None`, the default, never does.
    pub fn requests_per_minute(mut self, limit: Option<u32>) -> Self {
        self.requests_per_minute = limit;
        self
    }

    /// Starts on the current `tokio` runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if the credentials are not such as a client can have, if no port is free, or outside of a
    /// `tokio` runtime.
    pub async fn start(self) -> Result<Emulator, EmulatorError> {
        crate::credentials::Credentials::new(&*self.credentials.client_id, &*self.credentials.client_secret)
            .map_err(EmulatorError::Credentials)?;
        let state = State::new(self.books);
        let account = Account::new(self.credentials, self.requests_per_minute, state, self.clock);
        let account = Arc::new(account);
        let server = Server::start(Arc::clone(&account)).await?;
        Ok(Emulator { account, server })
    }
}

fn books_of(clock: &Arc<dyn crate::clock::Clock>) -> Clock {
    let clock = Arc::clone(clock);
    Arc::new(move || DateTime::<Utc>::from(clock.system_time()))
}

impl fmt::Debug for EmulatorBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EmulatorBuilder")
            .field("client_id", &self.credentials.client_id)
            .field("requests_per_minute", &self.requests_per_minute)
            .finish_non_exhaustive()
    }
}
