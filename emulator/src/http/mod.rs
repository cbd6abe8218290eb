//! The server: credentials, versions, faults, the log of requests, and the delivery of webhooks.

mod deliveries;
mod emulator;
mod faults;
mod gate;
mod handler;
mod log;
mod server;
mod shared;
mod signature;
mod wire;

pub use deliveries::Delivery;
pub use emulator::{Builder, Emulator, StartError};
pub use faults::Fault;
pub use log::RecordedRequest;
