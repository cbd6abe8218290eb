//! Emulates the Sequence billing API, for tests and examples that run without a network or an account.
//!
//! The emulator shares no code with any client, so that it is an independent witness for all of them. It answers
//! every operation; [`Emulator::coverage`] lists what each answer is based on. Parts of a request that it does not emulate,
//! such as files, are refused with 501.
//!
//! Layers depend only on those below:
//!
//! | layer | task |
//! | --- | --- |
//! | [`Emulator`] | server, credentials, faults, delivery of webhooks |
//! | [`operations`] | the behaviour of each operation |
//! | `store` | tables, clock, ids, transactions |
//! | `records` | the stored resources |
//! | `pdf` | printed documents |
//! | [`contract`] | operations, routes, parameters and bodies of each API version, from `openapi.yaml` |
//! | [`billing`] | pure arithmetic: prices, periods, discounts, credit, tax |
//!
//! The API's documents name structures and strategies, but publish little arithmetic. Rules that no source
//! states are numbered in [`assumptions`], and every result lists those that it depends on.
//!
//! ```
//! use rust_decimal::Decimal;
//! use sequencehq_emulator::assumptions::A18;
//! use sequencehq_emulator::billing::Currency;
//! use sequencehq_emulator::billing::price::{Measured, Structure};
//!
//! let storage = Structure::Package { package_size: Decimal::from(250), price_per_package: Decimal::from(7) };
//! let charge = storage.charge(&Measured::usage(Decimal::from(251)), Currency::Eur)?;
//! assert_eq!(charge.net()?, Decimal::from(14));
//! assert!(charge.assumed.contains(A18)); // A started package is charged in full.
//! # Ok::<(), sequencehq_emulator::billing::Error>(())
//! ```

pub mod assumptions;
pub mod billing;
pub mod contract;
mod http;
pub mod operations;
mod pdf;
#[doc(hidden)]
pub mod records;
#[cfg(feature = "program")]
#[doc(hidden)]
pub mod seed;
#[doc(hidden)]
pub mod store;

pub use http::{
    AccountSource, Builder, Delivery, Emulator, Exchange, Fault, IntoScripted, NotDelivered, Receiver,
    RecordedRequest, Refusal, ScriptError, Scripted, StartError, Webhook,
};
pub use operations::{AdvanceError, TriggerError};
pub use store::clock::{Sleep, Source, SystemSource};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
