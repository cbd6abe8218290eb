//! One accessor for each resource, and one call for each operation.
//!
//! Accessors are returned by methods of the [`Client`](crate::Client); a call is sent when it is awaited.
//! Generated from `openapi.yaml`.

// Lints are relaxed for generated code only.
#![allow(
    clippy::all,
    clippy::pedantic,
    deprecated,
    unused_imports,
    unused_mut,
    unused_variables
)]

use reqwest::Request;

use crate::call::query::{self, segment};
use crate::call::{Call, Endpoint, Scope};
use crate::data::{BuildError, IntoDecimal, InvalidInput};
use crate::download::Download;
use crate::error::Error;
use crate::operation::{Content, Operation, Quota, Repeat, Route};
use crate::response::Response;
use crate::transport::{Received, Requests};
use crate::types;
use crate::version::ApiVersion;

include!(concat!(env!("OUT_DIR"), "/calls.rs"));
