#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(
    not(feature = "all-resources"),
    allow(
        dead_code,
        unused_imports,
        unused_macros,
        reason = "without all resources, parts of the crate are unused"
    )
)]

pub mod calls;
pub mod clock;
#[cfg(feature = "emulator")]
pub mod emulator;
#[cfg(all(feature = "all-resources", any(doc, doctest)))]
pub mod guide;
pub mod types;
#[cfg(feature = "usage")]
pub mod usage;
#[cfg(feature = "webhook")]
pub mod webhook;

mod call;
mod client;
mod config_error;
mod credentials;
mod data;
mod download;
mod error;
mod operation;
mod pagination;
mod redact;
mod response;
mod transport;
mod version;

pub use call::CallFuture;
pub use chrono::{self, DateTime, NaiveDate, Utc};
pub use client::{Client, ClientBuilder, Environment};
pub use config_error::ConfigError;
pub use credentials::Credentials;
#[doc(hidden)]
pub use data::decimal_literal as __decimal_literal;
pub use data::{BuildError, IntoDecimal, Patch, UnrecognizedValue, UnrecognizedVariant};
pub use download::Download;
pub use error::Error;
pub use http;
pub use pagination::{Items, Page, Pages};
pub use response::Response;
pub use rust_decimal::{self, Decimal};
pub use transport::{RateLimit, RetryPolicy};
pub use version::ApiVersion;

/// Creates a [`Decimal`](crate::Decimal) from a literal, at compile time.
///
/// The scale is kept: `dec!(19.90)` prints as `19.90`. A literal that is not a decimal does not compile.
///
/// ```
/// use sequencehq::dec;
///
/// assert_eq!(dec!(19.90).to_string(), "19.90");
/// assert_eq!(dec!(-1_000).to_string(), "-1000");
/// ```
///
/// ```compile_fail
/// let rate = sequencehq::dec!(1e3); // no exponents
/// ```
///
/// ```compile_fail
/// let rate = sequencehq::dec!(0.12345678901234567890123456789); // more than 28 digits
/// ```
#[macro_export]
macro_rules! dec {
    ($($token:tt)+) => {
        const { $crate::__decimal_literal(concat!($(stringify!($token)),+)) }
    };
}
