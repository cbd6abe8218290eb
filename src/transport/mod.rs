//! Sends requests: permits, attempts, waits, time limits and bounded responses.
//!
//! A call builds a request with [`Requests`] and passes it to [`Connection::send`], which makes the attempts and
//! returns a [`Received`] or an error. No other code of the client accesses the network.

#[cfg(feature = "blocking")]
mod blocking;
mod connection;
mod exchange;
pub(crate) mod headers;
mod hooks;
mod keys;
mod limits;
mod network;
mod observe;
pub mod rate_limit;
mod received;
mod requests;
mod retry;

#[cfg(feature = "blocking")]
pub(crate) use blocking::OwnRuntime;
pub(crate) use connection::{Connection, Parts};
pub(crate) use exchange::Settings;
pub(crate) use hooks::Hooks;
pub use hooks::{AttemptRequest, AttemptResult, Hook, HookError, HookFuture};
pub(crate) use limits::Limits;
pub(crate) use rate_limit::Active;
pub use rate_limit::RateLimit;
pub(crate) use received::{Body, Received};
pub(crate) use requests::Requests;
pub use retry::RetryPolicy;
