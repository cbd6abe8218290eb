//! Integration tests: one binary, a module for each topic.

#![recursion_limit = "256"]
#![allow(
    unreachable_pub,
    missing_docs,
    reason = "the modules of a test are read by nobody else"
)]
#![allow(
    clippy::disallowed_methods,
    reason = "a test of real sockets has to end by itself if nothing ever arrives"
)]

mod additions;
mod arguments;
mod blocking;
mod builders;
mod calls;
mod cancellation;
mod coverage;
mod credentials;
#[cfg(feature = "sqlx")]
mod databases;
mod dates;
mod document;
mod documents;
mod downloads;
mod emulated;
mod errors;
mod faults;
#[cfg(feature = "usage")]
mod guide;
mod hooks;
mod https;
mod kept_bodies;
mod limiters;
mod lists;
mod named;
mod pages;
mod published;
mod retries;
mod safety;
mod sample;
#[cfg(feature = "test-util")]
mod samples;
mod schemas;
mod secrets;
#[path = "../support/server.rs"]
mod server;
mod spans;
mod surface;
#[path = "../support/tls.rs"]
mod tls;
mod traits;
mod unknown_fields;
mod untyped;
mod updates;
mod versions;
