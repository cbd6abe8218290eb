//! A limit that processes share, with a lane for each key and quota.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::atomic::AtomicU32;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use sha2::{Digest as _, Sha256};

use crate::client::Environment;
use crate::shared_limit::lane::Lane;
use crate::shared_limit::plan::Plan;
use crate::shared_limit::report::Stats;
use crate::shared_limit::settings::Settings;
use crate::shared_limit::store::Store;
use crate::transport::rate_limit::{Permit, PermitFuture, PermitRequest, Quota, RateLimiter, Throttled};

/// Creates the store of a lane from its plan and the names of its keys.
pub(super) type MakeStore = Box<dyn Fn(Plan, [String; 2]) -> Box<dyn Store> + Send + Sync>;

/// A rate limit that all processes with the same key share. See the [module](crate::shared_limit).
///
/// Clones share it. One limit serves any number of clients, also with different keys: each key has its own quotas.
///
/// ```no_run
/// # fn example(credentials: sequencehq::Credentials) -> Result<(), sequencehq::ConfigError> {
/// use std::sync::Arc;
///
/// use sequencehq::Client;
/// use sequencehq::shared_limit::SharedLimit;
///
/// let limit = SharedLimit::connect("redis://localhost:6379")?;
/// let client = Client::builder(credentials).rate_limiter(Arc::new(limit.clone())).build()?;
/// // Later, for example for a metric:
/// println!("{} permits in {} round trips", limit.stats().permits, limit.stats().round_trips);
/// # drop(client);
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct SharedLimit(Arc<Inner>);

struct Inner {
    settings: Settings,
    make_store: MakeStore,
    lanes: RwLock<Vec<KeyedLane>>,
}

/// A lane with what its requests have in common.
struct KeyedLane {
    base_url: String,
    client_id: String,
    lane: Arc<Lane>,
}

impl SharedLimit {
    pub(super) fn new(settings: Settings, make_store: MakeStore) -> Self {
        Self(Arc::new(Inner {
            settings,
            make_store,
            lanes: RwLock::default(),
        }))
    }

    /// Returns the counters of this process.
    pub fn stats(&self) -> Stats {
        let mut stats = Stats::default();
        for keyed in &*self.0.lanes.read().unwrap_or_else(PoisonError::into_inner) {
            keyed.lane.add_to(&mut stats);
        }
        stats
    }

    /// Returns the lane of a request, or `None` if its quota has no limit.
    fn lane(&self, quota: Quota, base_url: &str, client_id: &str) -> Option<Arc<Lane>> {
        let limit = match quota {
            Quota::Requests => self.0.settings.requests,
            Quota::Events => self.0.settings.events,
        };
        let limit = limit.requests_per_minute()?;
        let find = |lanes: &[KeyedLane]| {
            let is_same = |keyed: &&KeyedLane| {
                keyed.lane.quota == quota && keyed.base_url == base_url && keyed.client_id == client_id
            };
            lanes.iter().find(is_same).map(|keyed| Arc::clone(&keyed.lane))
        };
        let found = find(&self.0.lanes.read().unwrap_or_else(PoisonError::into_inner));
        found.or_else(|| {
            let mut lanes = self.0.lanes.write().unwrap_or_else(PoisonError::into_inner);
            // Another call may have added it in the meantime.
            find(&lanes).or_else(|| {
                let lane = Arc::new(self.new_lane(limit, quota, base_url, client_id));
                lanes.push(KeyedLane {
                    base_url: base_url.to_owned(),
                    client_id: client_id.to_owned(),
                    lane: Arc::clone(&lane),
                });
                Some(lane)
            })
        })
    }

    fn new_lane(&self, limit: NonZeroU32, quota: Quota, base_url: &str, client_id: &str) -> Lane {
        let settings = &self.0.settings;
        let plan = Plan::new(limit, settings.fallback_share, settings.minute);
        Lane {
            quota,
            plan,
            clock: Arc::clone(&settings.clock),
            store: (self.0.make_store)(plan, keys(&settings.key_prefix, quota, base_url, client_id)),
            on_change: settings.on_change.clone(),
            state: Mutex::default(),
            turn: tokio::sync::Mutex::new(()),
            changed: tokio::sync::Notify::new(),
            waiting: AtomicU32::new(0),
        }
    }
}

impl RateLimiter for SharedLimit {
    fn permit<'a>(&'a self, request: PermitRequest<'a>) -> PermitFuture<'a> {
        let lane = self.lane(request.quota, request.base_url, request.client_id);
        Box::pin(async move {
            match lane {
                Some(lane) => lane.permit(request.within).await,
                None => Ok(Permit::new()),
            }
        })
    }

    fn throttled(&self, report: Throttled<'_>) {
        if let Some(lane) = self.lane(report.quota, report.base_url, report.client_id) {
            lane.throttled(report.retry_after);
        }
    }
}

impl fmt::Debug for SharedLimit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SharedLimit")
            .field("requests", &self.0.settings.requests)
            .field("events", &self.0.settings.events)
            .field("stats", &self.stats())
            .finish_non_exhaustive()
    }
}

/// Returns the names of the two keys of a limit.
pub(super) fn keys(prefix: &str, quota: Quota, base_url: &str, client_id: &str) -> [String; 2] {
    let environment = match base_url {
        url if url == Environment::Production.base_url() => "production",
        url if url == Environment::Sandbox.base_url() => "sandbox",
        _ => "other",
    };
    let quota = match quota {
        Quota::Requests => "requests",
        Quota::Events => "events",
    };
    let mut hash = Sha256::new();
    hash.update(b"sequencehq shared limit 1\0");
    // A client id may contain any printable character, a URL no line break.
    hash.update(base_url);
    hash.update(b"\n");
    hash.update(client_id);
    let hash: String = hash.finalize()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    let state = format!("{prefix}:limit:{{{environment}:{hash}}}:{quota}");
    let processes = format!("{state}:processes");
    [state, processes]
}
