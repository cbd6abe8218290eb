//! The requests of the API, as `progenitor` builds them from `openapi.yaml`.

// Lints are relaxed for generated code only.
#![allow(clippy::all, clippy::pedantic, unused_mut, missing_docs)]

use crate::data::Segment;
use crate::types;

/// Builds the request of each operation.
#[derive(Debug)]
pub(crate) struct Requests {
    /// Without a slash at its end.
    baseurl: String,
    client: reqwest::Client,
}

impl Requests {
    pub(crate) fn new(base_url: &str, client: reqwest::Client) -> Self {
        Self {
            baseurl: base_url.trim_end_matches('/').to_owned(),
            client,
        }
    }

    pub(super) fn client(&self) -> &reqwest::Client {
        &self.client
    }
}

include!(concat!(env!("OUT_DIR"), "/requests.rs"));
