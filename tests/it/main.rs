//! Integration tests: one binary, a module for each topic.

mod coverage;
mod document;
mod sample;
mod server;
