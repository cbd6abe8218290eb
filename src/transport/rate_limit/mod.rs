//! Rate limits on the client's side.
//!
//! Enabled by default with the documented limits: 1,500 requests and 12,000 usage events per minute. All clones of a
//! client share them. Each attempt, including retries, consumes a permit; permits are granted in order. A call that
//! cannot start before its deadline fails without being sent.
//!
//! The API does not document how it counts, so the limit holds for any period of 60 seconds: requests are spaced out,
//! with a small burst and a small reserve for requests that arrive late. After a 429 the client pauses for the
//! requested delay and then continues at half the rate for a minute, since a 429 means that the key has other users.
//!
//! # Limiters
//!
//! A [`RateLimiter`] decides when an attempt may start. The default is [`InProcess`], which knows the requests of one
//! process. The API counts by key: if several processes use one key, use `sequencehq::shared_limit` (feature `redis`) or a
//! limiter of your own, set with [`ClientBuilder::rate_limiter`](crate::ClientBuilder::rate_limiter).

mod limit;
mod limiter;
mod local;
mod queue;
mod spacing;

use std::sync::Arc;

pub use self::limit::RateLimit;
pub use self::limiter::{Denied, Permit, PermitFuture, PermitRequest, RateLimiter, Throttled};
pub use self::local::InProcess;
#[cfg(feature = "redis")]
pub(crate) use self::queue::Queue;
pub use crate::operation::Quota;

/// The limiter of a client. The default one is called directly, without an allocation for its future.
#[derive(Debug)]
pub(crate) enum Active {
    InProcess(Box<InProcess>),
    Given(Arc<dyn RateLimiter>),
}
