//! Acme bills its subscribers with Sequence: sign-ups, usage, webhooks, invoices, month end.
//!
//! Each file is one part of the story. SQLite holds what must survive a crash, and Sequence what is billed. Retries, time
//! limits and rate limits are those of the SDK.

pub mod app;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
pub mod error;
pub mod invoices;
pub mod month_end;
pub mod plans;
pub mod signups;
pub mod subscription;
pub mod usage;
pub mod webhooks;
pub mod worker;

pub use app::App;
pub use error::Error;
