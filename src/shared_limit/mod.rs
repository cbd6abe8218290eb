//! One rate limit for all processes that use a key, kept in Redis or Valkey.
//!
//! The API counts requests by key: 1,500 requests and 12,000 usage events per minute. By default, each client keeps these
//! limits alone, so several processes with one key exceed them together. A [`SharedLimit`] spaces the requests of all
//! processes by the clock of the Redis server. It uses 97 % of the limit, and any period of a minute stays below it.
//!
//! ```no_run
//! use std::sync::Arc;
//!
//! use sequencehq::ClientBuilder;
//! use sequencehq::shared_limit::SharedLimit;
//!
//! # fn example() -> Result<(), sequencehq::ConfigError> {
//! let limit = SharedLimit::builder()
//!     .fallback_share(1.0 / 20.0) // 20 pods
//!     .connect("redis://redis.internal:6379")?;
//! let client = ClientBuilder::from_env()?.rate_limiter(Arc::new(limit)).build()?;
//! # drop(client);
//! # Ok(())
//! # }
//! ```
//!
//! # How it works
//!
//! A script in Redis keeps the time of the next free slot. A process with calls that wait reserves a block of slots, one
//! for each of these calls, and starts each call at the time of its slot. All blocks together cover 0.5 % of a minute, and
//! a process has one block at a time, so processes that want more than their part get equal parts, and a process that
//! ends leaves little unused. With more processes than slots in that time, a block is one slot. Redis therefore serves at most
//! as many scripts as there are requests: 200 per second for usage events, and far fewer with few processes.
//!
//! - **Clocks.** Only the clock of the Redis server and monotonic clocks count. The time of day of a process does not
//!   matter.
//! - **429.** The first process that receives one pauses all of them, as long as the response requests, and halves their
//!   rate for a minute. A block that was reserved before may still be used by another process, for 0.5 % of a minute.
//! - **Restarts.** Each process remembers the end of the slots and restores it if Redis lost it. A script that Redis
//!   lost is loaded again. If the clock goes back, by hand or in a fail-over, slots continue from the new time.
//!
//! # Without Redis
//!
//! If Redis does not respond within 0.5 % of a minute (300 ms), refuses writes or is not reachable, each process uses its
//! [share](SharedLimitBuilder::fallback_share) of the limit, without bursts, and tries to return every 300 ms. It is
//! reported by [`SharedLimitBuilder::on_change`] and [`SharedLimit::stats`] and, with the feature `tracing`, as a warning
//! and in the field `rate_limit` of the span of each call. Set the share to one divided by the largest number of
//! processes: then the limit holds without Redis too.
//!
//! A process that alone is cut off from Redis uses its share in addition to what the others use. If they use all of it,
//! the API responds with 429, and all processes slow down for a minute.
//!
//! # What is stored
//!
//! Two keys for each quota, named `sequencehq:limit:{ENVIRONMENT:HASH}:events` (or `requests`) and the same with
//! `:processes`. The hash is of the client id and the base URL. The values are times and random ids of processes. They
//! expire three minutes after the last request. No credentials, events or customers are stored.
//!
//! # Connections
//!
//! [`SharedLimit::connect`] uses a connection manager of the crate [`redis`], which reconnects by itself. For a cluster, a
//! sentinel or settings of your own, pass a connection to [`SharedLimitBuilder::connection`]. For `rediss://` URLs, enable a
//! TLS feature of that crate in your manifest, such as `tokio-rustls-comp`. Redis 5 or later or Valkey is required, with
//! permission for `EVALSHA`, `SCRIPT LOAD`, `PING` and the commands of the scripts.

mod builder;
mod exchange;
mod lane;
mod limit;
mod plan;
mod redis_store;
mod report;
mod settings;
mod store;
#[cfg(test)]
mod tests;

pub use self::builder::SharedLimitBuilder;
pub use self::limit::SharedLimit;
pub use self::report::{Change, Stats};
/// The crate whose connections a [`SharedLimitBuilder`] accepts.
pub use redis;
