//! What the build made of `openapi.yaml`. The allowances for generated code live here only.

/// The data of the API: resources, requests, enums, ids.
///
/// Everything here comes from `openapi.yaml`. Structs can be read freely; those that go into requests have
/// a `builder()`. Enums stay open, ids are distinct types, money is exact.
#[allow(clippy::all, clippy::pedantic, rustdoc::invalid_html_tags, rustdoc::bare_urls)]
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}

/// The client as `progenitor` writes it. It is private: the calls are its only users.
#[allow(
    clippy::all,
    clippy::pedantic,
    dead_code,
    unused_imports,
    unreachable_pub,
    missing_docs
)]
mod client {
    use super::types;
    include!(concat!(env!("OUT_DIR"), "/client.rs"));
}

pub(crate) use client::Client as RawClient;

/// One accessor for each resource, and one call for each operation.
///
/// The accessors are reached from the [`Client`](crate::Client); a call is sent when it is awaited.
#[allow(clippy::all, clippy::pedantic, unused_imports, unused_mut, unused_variables)]
pub mod calls {
    use super::types;
    include!(concat!(env!("OUT_DIR"), "/calls.rs"));
}
