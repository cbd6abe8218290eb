//! Stories told to the emulator over real HTTP. Each answer is checked against the document.

#![allow(
    unreachable_pub,
    missing_docs,
    reason = "the modules of a test are read by nobody else"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test of real sockets has to end by itself if nothing ever arrives"
)]

#[path = "../support/server.rs"]
mod server;
mod story;

mod client;
mod document;
mod failures;
mod gate;
mod life_cycle;
mod lines_and_totals;
mod lists;
mod settings;
