//! The emulator as a server within a process.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use chrono::{NaiveDate, TimeDelta};

use crate::contract::{OPERATIONS, Operation};
use crate::operations::{AdvanceError, Entry, World, entry};

use super::builder::Builder;
use super::faults::Fault;
use super::log::RecordedRequest;
use super::scripts::{IntoScripted, ScriptError};
use super::server::Server;
use super::shared::Shared;
use super::source::AccountSource;

/// A running emulator, by default on a port of 127.0.0.1. Dropping it stops it.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sequencehq_emulator::Emulator;
///
/// let emulator = Emulator::builder().date("2026-01-31".parse()?).start().await?;
/// assert!(emulator.base_url().starts_with("http://127.0.0.1:"));
/// emulator.advance_to("2026-02-28".parse()?)?;
/// emulator.stop().await;
/// # Ok(())
/// # }
/// ```
pub struct Emulator {
    pub(super) shared: Arc<Shared>,
    pub(super) server: Server,
}

/// The error returned if an emulator cannot start.
#[derive(Debug)]
#[non_exhaustive]
pub enum StartError {
    /// The port is taken, the system has no free one, or the address is not one of this machine. Choose another port, or
    /// 0 for any that is free.
    Bind(io::Error),
    /// The credentials are invalid.
    Credentials(&'static str),
    /// The call is not within a Tokio runtime.
    NoRuntime,
}

impl fmt::Display for StartError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bind(_) => f.write_str("the address and port are not available"),
            Self::Credentials(problem) => write!(f, "the credentials are invalid: {problem}"),
            Self::NoRuntime => f.write_str("the emulator requires a Tokio runtime"),
        }
    }
}

impl Error for StartError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Bind(error) => Some(error),
            Self::Credentials(_) | Self::NoRuntime => None,
        }
    }
}

impl Emulator {
    /// Returns a builder. Its defaults are a free port, a clock that runs with the system, and no rate limit.
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// The base URL of the API, such as `http://127.0.0.1:40123/api`.
    pub fn base_url(&self) -> &str {
        self.server.url()
    }

    /// The URL of the control, such as `http://127.0.0.1:40123/_emulator/`. It is described in the
    /// [README](https://docs.rs/crate/sequencehq-emulator).
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = sequencehq_emulator::Emulator::builder().start().await?;
    /// assert!(emulator.control_url().ends_with("/_emulator/"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn control_url(&self) -> String {
        let root = self.base_url().trim_end_matches("/api");
        format!("{root}/_emulator/")
    }

    /// The client id that the emulator accepts.
    pub fn client_id(&self) -> &str {
        &self.shared.credentials.client_id
    }

    /// The client secret that the emulator accepts.
    pub fn client_secret(&self) -> &str {
        &self.shared.credentials.client_secret
    }

    /// The emulated account, without HTTP.
    pub fn world(&self) -> &World {
        &self.shared.world
    }

    /// Adds a taxed customer with this registered name, an address in London and one contact, and returns its id.
    ///
    /// The operation `customer_create` creates customers with other fields.
    pub fn add_customer(&self, legal_name: impl AsRef<str>) -> String {
        let id = self.shared.world.add_customer(legal_name.as_ref());
        self.shared.wake();
        id
    }

    /// Moves the clock of the account ahead to noon UTC of a day. Webhooks that become due are attempted.
    ///
    /// # Errors
    ///
    /// Returns an error if the day is in the past, or too many invoices would be generated.
    pub fn advance_to(&self, date: NaiveDate) -> Result<(), AdvanceError> {
        let moved = self.shared.world.advance_to(date);
        self.shared.wake();
        moved
    }

    /// Moves the clock of the account ahead, without waiting. Webhooks that become due are attempted.
    ///
    /// # Errors
    ///
    /// Returns an error if the result is outside of the calendar, or too many invoices would be generated.
    pub fn advance(&self, by: Duration) -> Result<(), AdvanceError> {
        let by = TimeDelta::from_std(by).map_err(|_| AdvanceError::NotForward)?;
        let moved = self.shared.world.advance(by);
        self.shared.wake();
        moved
    }

    /// Returns the time of the account, for code that has to live at the same time, such as a receiver of webhooks: their
    /// signatures have this time.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq_emulator::{Emulator, Source};
    ///
    /// let emulator = Emulator::builder().date("2026-01-31".parse()?).start().await?;
    /// let source = emulator.source();
    /// emulator.advance_to("2026-02-28".parse()?)?;
    /// assert_eq!(source.now().to_string(), "2026-02-28 12:00:00 UTC");
    /// # Ok(())
    /// # }
    /// ```
    pub fn source(&self) -> AccountSource {
        AccountSource(Arc::clone(&self.shared))
    }

    /// Injects a fault; see [`Fault`]. Faults queue up.
    pub fn inject(&self, fault: Fault) {
        self.shared.faults().push(fault);
        self.shared.show_change();
    }

    /// Answers the next call of an operation with this value, or as a [`Scripted`](crate::Scripted) sets.
    ///
    /// For what the emulator cannot reach: states that other systems cause, such as the report of a payment provider, and fields that the API
    /// has yet to add. Other tests need no script, and find more with the behavior of the emulator. The request still has
    /// to pass the checks of the document; nothing in the account changes.
    ///
    /// The value is checked against the document's schema of the response. It may have more fields. A list answers an
    /// operation that returns pages with one page.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = sequencehq_emulator::Emulator::builder().start().await?;
    /// use sequencehq_emulator::Scripted;
    /// use serde_json::json;
    ///
    /// let locked = json!({"error": {"type": "Locked", "message": "An import is running."}});
    /// emulator.respond("product_create", Scripted::new(locked).status(423).times(2))?;
    ///
    /// let error = emulator.respond("product_creat", ()).unwrap_err();
    /// assert!(error.to_string().contains("perhaps `product_create` is meant"));
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error if no operation has this name, our own or the vendor's, or if the document does not allow the value.
    ///
    /// # Endpoints that the document does not describe
    ///
    /// They are named by method and path; a segment in braces fits any. The value is not checked, and the status is 200
    /// unless the script sets another.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = sequencehq_emulator::Emulator::builder().start().await?;
    /// # use serde_json::json;
    /// emulator.respond("GET /new-things/{id}", json!({"id": "t-1"}))?;
    ///
    /// let error = emulator.respond("GET /products/{id}", json!({})).unwrap_err();
    /// assert_eq!(error.to_string(), "`GET /products/{id}` is product_get; answer it by that name");
    /// # Ok(())
    /// # }
    /// ```
    pub fn respond(&self, operation: impl AsRef<str>, answer: impl IntoScripted) -> Result<(), ScriptError> {
        let script = answer.into_scripted().into_script();
        self.shared.scripts().add(operation.as_ref(), script)?;
        self.shared.show_change();
        Ok(())
    }

    /// Removes the scripted answers that are left.
    pub fn stop_responding(&self) {
        self.shared.scripts().clear();
        self.shared.show_change();
    }

    /// The operations whose scripted answers are left, and how often each answers; `None` is always.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = sequencehq_emulator::Emulator::builder().start().await?;
    /// assert_eq!(emulator.unused_responses(), [], "the program made every call that the test answers");
    /// # Ok(())
    /// # }
    /// ```
    pub fn unused_responses(&self) -> Vec<(String, Option<u32>)> {
        let scripts = self.shared.scripts();
        let left = scripts.waiting();
        left.map(|waiting| (waiting.name, waiting.left)).collect()
    }

    /// The last requests, oldest first: 10,000, or as many as [`Builder::request_log`] sets.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.log().all()
    }

    /// Waits until every notification that is due by the clock of the account was attempted.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// # let emulator = sequencehq_emulator::Emulator::builder().start().await?;
    /// emulator.settle().await;
    /// assert!(emulator.deliveries().iter().all(|delivery| !delivery.is_pending));
    /// # Ok(())
    /// # }
    /// ```
    pub async fn settle(&self) {
        self.shared.wake();
        self.server.attempts().settled(&self.shared).await;
    }

    /// Returns every operation with the class and source of its emulation.
    ///
    /// ```
    /// use sequencehq_emulator::{Emulator, operations::Class};
    ///
    /// let coverage = Emulator::coverage();
    /// let minimal = coverage.iter().filter(|(_, entry)| entry.class == Class::Minimal);
    /// println!("{} of {} operations have a minimal answer", minimal.count(), coverage.len());
    /// ```
    pub fn coverage() -> Vec<(Operation, Entry)> {
        OPERATIONS
            .into_iter()
            .map(|operation| (operation, entry(operation)))
            .collect()
    }

    /// Accepts no more requests, and waits until running ones are answered.
    pub async fn stop(self) {
        self.server.stop().await;
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
