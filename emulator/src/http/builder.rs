//! The settings of an emulator.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;

use chrono::{NaiveDate, NaiveTime};
use tokio::runtime::Handle;

use crate::assumptions::Assumed;
use crate::operations::World;
use crate::store::clock::{Clock, Source};
use crate::store::{Commit, Settings};

use super::emulator::{Emulator, StartError};
use super::exchange::{Exchange, Observer};
use super::gate::Credentials;
use super::server::Server;
use super::shared::{Shared, Surroundings};

/// Builder for [`Emulator`].
#[derive(Clone, Debug)]
#[must_use]
pub struct Builder {
    host: IpAddr,
    port: u16,
    settings: Settings,
    accepted: Option<Assumed>,
    surroundings: Surroundings,
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            host: Ipv4Addr::LOCALHOST.into(),
            port: 0,
            settings: Settings::default(),
            accepted: None,
            surroundings: Surroundings::default(),
        }
    }
}

impl Builder {
    /// Sets the address to listen on; 127.0.0.1 by default. Other machines can reach an address that is not a loopback one.
    pub fn host(mut self, host: IpAddr) -> Self {
        self.host = host;
        self
    }

    /// Sets the port. 0, the default, is any that is free.
    pub fn port(mut self, port: u16) -> Self {
        self.port = port;
        self
    }

    /// Sets the only client id and secret that are accepted.
    pub fn credentials(mut self, client_id: impl Into<String>, client_secret: impl Into<String>) -> Self {
        self.surroundings.credentials = Credentials {
            client_id: client_id.into(),
            client_secret: client_secret.into(),
        };
        self
    }

    /// Stops the clock of the account at noon UTC of a day, until it is advanced. By default it runs with the system.
    pub fn date(mut self, date: NaiveDate) -> Self {
        let noon = NaiveTime::from_hms_opt(12, 0, 0).expect("noon is a time of day");
        self.settings.clock = Clock::standing(date.and_time(noon).and_utc());
        self
    }

    /// Sets the source of the time for a running clock, delays and rate limits. The default is the system.
    pub fn source(mut self, source: impl Source) -> Self {
        self.settings.source = Arc::new(source);
        self
    }

    /// Sets the seed of the ids. The same seed results in the same ids.
    pub fn seed(mut self, seed: u64) -> Self {
        self.settings.seed = seed;
        self
    }

    /// Refuses requests whose responses depend on other assumptions than those, with 501. They change nothing.
    ///
    /// A test that passes then depends on published rules only.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq_emulator::Emulator;
    /// use sequencehq_emulator::assumptions::{A4, A71, Assumed};
    ///
    /// let emulator = Emulator::builder().strict(Assumed::from(A4) | A71).start().await?;
    /// # drop(emulator);
    /// # Ok(())
    /// # }
    /// ```
    pub fn strict(mut self, except: impl Into<Assumed>) -> Self {
        self.accepted = Some(except.into());
        self
    }

    /// Limits the requests within 60 seconds; others are answered with 429 and `Retry-After`. `None`, the default, is no limit.
    pub fn requests_per_minute(mut self, limit: Option<u32>) -> Self {
        self.surroundings.requests_per_minute = limit;
        self
    }

    /// Sets how many requests are kept; 10,000 by default.
    pub fn request_log(mut self, most: usize) -> Self {
        self.surroundings.request_log = most;
        self
    }

    /// Sets a function that is called after every request, with the response to it. It runs before the response is sent, so it
    /// should be fast.
    ///
    /// ```
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq_emulator::Emulator;
    ///
    /// let log = |exchange: &sequencehq_emulator::Exchange<'_>| {
    ///     let request = exchange.request;
    ///     eprintln!("{} {} {:?}", request.method, request.path, request.status);
    /// };
    /// let emulator = Emulator::builder().observe(log).start().await?;
    /// # drop(emulator);
    /// # Ok(())
    /// # }
    /// ```
    pub fn observe(mut self, observer: impl Fn(&Exchange<'_>) + Send + Sync + 'static) -> Self {
        self.surroundings.observer = Some(Observer(Arc::new(observer)));
        self
    }

    /// Starts on the current Tokio runtime.
    ///
    /// # Errors
    ///
    /// If no client can have the credentials, if the address or the port cannot be used, or outside of a Tokio runtime.
    pub async fn start(mut self) -> Result<Emulator, StartError> {
        let world = World::new(std::mem::take(&mut self.settings));
        let origin = world.store().whole();
        self.start_with(world, origin).await
    }

    /// Starts with an account, instead of a new one with the date and the seed of the builder. A reset returns to `origin`.
    ///
    /// # Errors
    ///
    /// As [`start`](Self::start).
    #[doc(hidden)]
    pub async fn start_with(self, mut world: World, origin: Commit) -> Result<Emulator, StartError> {
        if let Some(problem) = self.surroundings.credentials.problem() {
            return Err(StartError::Credentials(problem));
        }
        if Handle::try_current().is_err() {
            return Err(StartError::NoRuntime);
        }
        if let Some(accepted) = self.accepted {
            world.refuse_assumed(accepted);
        }
        let shared = Arc::new(Shared::new(world, origin, self.surroundings));
        let server = Server::start(Arc::clone(&shared), SocketAddr::new(self.host, self.port))
            .await
            .map_err(StartError::Bind)?;
        Ok(Emulator { shared, server })
    }
}
