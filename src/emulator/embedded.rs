//! The emulator of this crate: that of `sequencehq_emulator` with a client.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use chrono::{DateTime, NaiveDate, Utc};
use sequencehq_emulator::contract::Operation;
use sequencehq_emulator::operations::Entry;
use sequencehq_emulator::{AccountSource, Builder, Exchange, Sleep, Source, StartError};

use crate::client::{Client, ClientBuilder};
use crate::clock::{Clock, SystemClock};
use crate::credentials::Credentials;
use crate::types::CustomerId;

/// A running emulator. Dropping it stops it.
pub struct Emulator(pub(super) sequencehq_emulator::Emulator);

impl Emulator {
    /// Starts an emulator with the defaults on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if no port is free, or outside of a Tokio runtime.
    pub async fn start() -> Result<Self, StartError> {
        Self::builder().start().await
    }

    /// Returns a builder, to choose the credentials, the clock, the port or a rate limit.
    ///
    /// ```
    /// # use sequencehq::emulator::Emulator;
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// let emulator = Emulator::builder()
    ///     .date("2026-02-28".parse()?)
    ///     .requests_per_minute(Some(1_500))
    ///     .start()
    ///     .await?;
    /// # drop(emulator);
    /// # Ok(())
    /// # }
    /// ```
    pub fn builder() -> EmulatorBuilder {
        EmulatorBuilder(sequencehq_emulator::Emulator::builder())
    }

    /// Returns a client of this emulator with default settings.
    pub fn client(&self) -> Client {
        self.client_builder()
            .build()
            .expect("a client accepts the address of an emulator")
    }

    /// Returns a builder for a client of this emulator.
    pub fn client_builder(&self) -> ClientBuilder {
        let credentials = Credentials::new(self.client_id(), self.client_secret());
        let credentials =
            credentials.expect("an emulator only starts with credentials that a client accepts");
        Client::builder(credentials).base_url(self.base_url())
    }

    /// Adds a taxed customer with this registered name, an address in London and one contact, and returns its id.
    ///
    /// `client.customers().create(…)` creates customers with other fields.
    pub fn add_customer(&self, legal_name: impl AsRef<str>) -> CustomerId {
        self.0.add_customer(legal_name).into()
    }

    /// Returns the clock of the account, for the code under test: for a [`Verifier`](crate::webhook::Verifier) of the webhooks,
    /// which are signed at this time, and for everything that asks for today's date.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq::clock::Clock;
    /// use sequencehq::emulator::Emulator;
    /// use sequencehq::{DateTime, Utc};
    ///
    /// let emulator = Emulator::builder().date("2026-01-31".parse()?).start().await?;
    /// let clock = emulator.clock();
    /// emulator.advance_to("2026-02-28".parse()?)?;
    /// let now: DateTime<Utc> = clock.system_time().into();
    /// assert_eq!(now.to_string(), "2026-02-28 12:00:00 UTC");
    /// # Ok(())
    /// # }
    /// ```
    pub fn clock(&self) -> AccountClock {
        let account = self.source();
        AccountClock {
            began: (SystemClock.now(), account.now()),
            account,
        }
    }

    /// Accepts no more requests, and waits until running ones are answered.
    pub async fn stop(self) {
        self.0.stop().await;
    }

    /// Returns every operation with the class and source of its emulation.
    ///
    /// ```
    /// use sequencehq::emulator::{Class, Emulator};
    ///
    /// let coverage = Emulator::coverage();
    /// let minimal = coverage.iter().filter(|(_, entry)| entry.class == Class::Minimal);
    /// println!("{} of {} operations have a minimal response", minimal.count(), coverage.len());
    /// ```
    pub fn coverage() -> Vec<(Operation, Entry)> {
        sequencehq_emulator::Emulator::coverage()
    }
}

impl Deref for Emulator {
    type Target = sequencehq_emulator::Emulator;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl fmt::Debug for Emulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// Builder for [`Emulator`].
#[derive(Clone, Debug)]
#[must_use]
pub struct EmulatorBuilder(Builder);

impl EmulatorBuilder {
    /// Sets the only client id and secret that are accepted. They have to be a pair that
    /// [`Credentials`] accepts.
    pub fn credentials(self, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        Self(self.0.credentials(client_id, client_secret))
    }

    /// Stops the clock of the account at noon UTC of a day, until it is advanced. By default it runs with the system.
    pub fn date(self, date: NaiveDate) -> Self {
        Self(self.0.date(date))
    }

    /// Sets the clock that the account runs with, unless [`date`](Self::date) stops it, and that delays, rate limits and
    /// repeated webhooks wait for. The default is the system's.
    ///
    /// With a [`ManualClock`](crate::clock::ManualClock), a delay ends when the test advances the clock.
    pub fn clock(self, clock: impl Clock) -> Self {
        Self(self.0.source(ClockSource(Arc::new(clock))))
    }

    /// Sets the port. 0, the default, is any that is free.
    pub fn port(self, port: u16) -> Self {
        Self(self.0.port(port))
    }

    /// Sets the seed of the ids. The same seed results in the same ids.
    pub fn seed(self, seed: u64) -> Self {
        Self(self.0.seed(seed))
    }

    /// Limits the requests within 60 seconds; others are answered with 429 and `Retry-After`. `None`, the default, is no limit.
    pub fn requests_per_minute(self, limit: Option<u32>) -> Self {
        Self(self.0.requests_per_minute(limit))
    }

    /// Sets how many requests are kept; 10,000 by default.
    pub fn request_log(self, most: usize) -> Self {
        Self(self.0.request_log(most))
    }

    /// Sets a function that is called after every request, with the response to it. It runs before the response is sent, so it
    /// should be fast.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq::emulator::{Emulator, Exchange};
    ///
    /// let log = |exchange: &Exchange<'_>| {
    ///     let request = exchange.request;
    ///     eprintln!("{} {} {:?}", request.method, request.path, request.status);
    /// };
    /// let emulator = Emulator::builder().observe(log).start().await?;
    /// # drop(emulator);
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe(self, observer: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        Self(self.0.observe(observer))
    }

    /// Starts on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// Returns an error if no client can have the credentials, if the port cannot be used, or outside of a Tokio runtime.
    pub async fn start(self) -> Result<Emulator, StartError> {
        self.0.start().await.map(Emulator)
    }
}

/// A clock of the client as the emulator's source of time.
#[derive(Debug)]
struct ClockSource(Arc<dyn Clock>);

impl Source for ClockSource {
    fn now(&self) -> DateTime<Utc> {
        self.0.system_time().into()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.sleep(duration)
    }

    fn timer(&self, duration: Duration) -> Sleep {
        self.0.timer(duration)
    }
}

/// The clock of an emulated account, returned by [`Emulator::clock`].
///
/// It moves when the account is advanced. Its waits are those of the emulator: they last as long as with the system's clock, or
/// until the clock of [`EmulatorBuilder::clock`] is advanced.
#[derive(Clone, Debug)]
pub struct AccountClock {
    account: AccountSource,
    /// The same moment on both clocks.
    began: (Instant, DateTime<Utc>),
}

impl Clock for AccountClock {
    fn now(&self) -> Instant {
        let (instant, account) = self.began;
        instant + (self.account.now() - account).to_std().unwrap_or_default()
    }

    fn system_time(&self) -> SystemTime {
        self.account.now().into()
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.account.sleep(duration)
    }

    fn timer(&self, duration: Duration) -> Sleep {
        self.account.timer(duration)
    }
}
