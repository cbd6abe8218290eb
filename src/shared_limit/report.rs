//! What a shared limit reports about itself.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::transport::rate_limit::Quota;

pub(super) type OnChange = Arc<dyn Fn(&Change) + Send + Sync>;

/// A change between the shared limit and the share of this process.
///
/// `Display` prints one line without secrets. With the feature `tracing`, the same is logged as a warning.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sequencehq::ConfigError> {
/// use sequencehq::shared_limit::{Change, SharedLimit};
///
/// let limit = SharedLimit::builder()
///     .on_change(|change| match change {
///         Change::FellBack { .. } => eprintln!("alert: {change}"),
///         other => eprintln!("{other}"),
///     })
///     .connect("redis://localhost:6379")?;
/// # drop(limit);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Change {
    /// Redis is not available. This process now uses its share of the limit.
    #[non_exhaustive]
    FellBack {
        /// The limit.
        quota: Quota,
        /// The reason, without addresses and passwords.
        reason: String,
    },
    /// Redis is available again, and so is the whole limit.
    #[non_exhaustive]
    Recovered {
        /// The limit.
        quota: Quota,
        /// How long the process used its share.
        after: Duration,
    },
}

impl Change {
    /// Sets the gauge of the fallback.
    pub(super) fn measure(&self) {
        #[cfg(feature = "metrics")]
        {
            let (quota, value) = match self {
                Self::FellBack { quota, .. } => (quota, 1.0),
                Self::Recovered { quota, .. } => (quota, 0.0),
            };
            metrics::gauge!(crate::observability::LIMITER_FALLBACK, "quota" => quota.label()).set(value);
        }
    }

    pub(super) fn log(&self) {
        #[cfg(feature = "tracing")]
        match self {
            Self::FellBack { .. } => tracing::warn!(change = %self, "shared rate limit"),
            Self::Recovered { .. } => tracing::info!(change = %self, "shared rate limit"),
        }
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Self::FellBack { quota, .. } | Self::Recovered { quota, .. }) = self;
        let limit = match quota {
            Quota::Requests => "requests",
            Quota::Events => "usage events",
        };
        match self {
            Self::FellBack { reason, .. } => write!(
                f,
                "the limit of {limit} is down to the share of this process: {reason}"
            ),
            Self::Recovered { after, .. } => {
                write!(f, "the limit of {limit} is shared again, after {after:.1?}")
            }
        }
    }
}

/// The counters of a shared limit since its creation, of both quotas together.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), sequencehq::ConfigError> {
/// let limit = sequencehq::shared_limit::SharedLimit::connect("redis://localhost:6379")?;
/// let stats = limit.stats();
/// assert_eq!((stats.permits, stats.is_fallback), (0, false));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Attempts that were permitted.
    pub permits: u64,
    /// Those of them that were permitted within the share of this process, without Redis.
    pub fallback_permits: u64,
    /// Reserved permits that were not used in time, because calls were dropped or the process was too slow.
    pub unused_permits: u64,
    /// Exchanges with Redis, including those that failed. One reserves a block of permits.
    pub round_trips: u64,
    /// Exchanges with Redis that failed.
    pub failures: u64,
    /// Responses with 429 that this process received.
    pub throttled: u64,
    /// The number of processes that asked for permits in the last moments, at the last exchange.
    pub processes: u32,
    /// Whether a quota is down to the share of this process.
    pub is_fallback: bool,
}

/// The counters of one limit.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Counts {
    pub(super) permits: u64,
    pub(super) permits_alone: u64,
    pub(super) unused: u64,
    pub(super) round_trips: u64,
    pub(super) failures: u64,
    pub(super) throttled: u64,
    pub(super) processes: u32,
}

impl Stats {
    pub(super) fn add(&mut self, counts: Counts, is_alone: bool) {
        self.permits += counts.permits;
        self.fallback_permits += counts.permits_alone;
        self.unused_permits += counts.unused;
        self.round_trips += counts.round_trips;
        self.failures += counts.failures;
        self.throttled += counts.throttled;
        self.processes = self.processes.max(counts.processes);
        self.is_fallback |= is_alone;
    }
}
