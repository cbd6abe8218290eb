//! The settings of a shared limit.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::Clock;
use crate::shared_limit::report::OnChange;
use crate::transport::rate_limit::RateLimit;

pub(super) struct Settings {
    pub(super) requests: RateLimit,
    pub(super) events: RateLimit,
    pub(super) fallback_share: f64,
    pub(super) key_prefix: String,
    pub(super) on_change: Option<OnChange>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) minute: Duration,
}
