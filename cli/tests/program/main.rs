//! The program, run as a shell runs it.

#![allow(
    unreachable_pub,
    missing_docs,
    reason = "the modules of a test have no other readers"
)]

mod emulator;
mod failures;
mod help;
mod imports;
mod operations;
mod output;
mod own;
mod profiles;
mod reviewed;
mod start;
mod story;
mod support;
#[cfg(unix)]
mod terminal;
