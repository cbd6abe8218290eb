//! Integration tests: one binary, a module for each topic.

#![recursion_limit = "256"]
#![allow(
    unreachable_pub,
    missing_docs,
    reason = "the modules of a test are read by nobody else"
)]

mod calls;
mod coverage;
mod document;
mod downloads;
mod errors;
mod lists;
mod pages;
mod retries;
mod sample;
mod server;
mod surface;
