//! Bulk sending against the emulator, with everything that goes wrong on the way.

#![allow(
    unreachable_pub,
    missing_docs,
    reason = "the modules of a test are read by nobody else"
)]

mod crash;
mod emulator;
mod faults;
mod input;
mod journal;
mod running;
mod stage;
mod stopping;
