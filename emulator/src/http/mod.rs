//! The server: credentials, versions, faults, the log of requests, the delivery of webhooks, and the control.

mod builder;
mod control;
mod deliveries;
mod emulator;
mod exchange;
mod faults;
mod gate;
mod handler;
mod log;
#[cfg(feature = "page")]
mod page;
mod receiver;
mod reply;
mod scripts;
mod server;
mod shared;
mod signature;
mod source;
mod waits;
mod wire;

pub use builder::Builder;
pub use deliveries::Delivery;
pub use emulator::{Emulator, StartError};
pub use exchange::{Exchange, Refusal};
pub use faults::Fault;
pub use log::RecordedRequest;
pub use receiver::{Receiver, Webhook};
pub use scripts::{IntoScripted, ScriptError, Scripted};
pub use source::AccountSource;
pub use waits::NotDelivered;
