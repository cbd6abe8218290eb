//! The data of the API: resources, request bodies, enums and ids.
//!
//! Generated from `openapi.yaml`. Structs can be read freely; those that are sent in requests have a `builder()`.
//! Enums accept values that this version of the crate does not list, ids are distinct types, and amounts are
//! exact decimals.

// Lints are relaxed for generated code only.
#![allow(
    clippy::all,
    clippy::pedantic,
    deprecated,
    rustdoc::invalid_html_tags,
    rustdoc::bare_urls
)]

include!(concat!(env!("OUT_DIR"), "/types.rs"));
