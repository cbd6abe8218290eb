//! The client against the emulator, which validates every request by itself.

#![allow(
    unreachable_pub,
    missing_docs,
    reason = "the modules of a test have no other readers"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test of real sockets has to end by itself if nothing ever arrives"
)]

#[path = "../support/server.rs"]
mod server;

mod client;
mod clock;
mod coverage;
mod recording;
mod respond;
mod updates;
mod webhooks;
