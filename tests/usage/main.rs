//! Bulk sending against the emulator, with everything that goes wrong on the way.

#![allow(
    unreachable_pub,
    missing_docs,
    reason = "the modules of a test have no other readers"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test of real sockets has to end by itself if nothing ever arrives"
)]

mod blocking;
mod crash;
mod emulator;
mod faults;
mod input;
mod journal;
mod rollup;
mod running;
mod stage;
mod stopping;
