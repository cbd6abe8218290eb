//! The accessors of the client, one for each resource. Generated from `openapi.yaml`.

use crate::client::handle::Client;

include!(concat!(env!("OUT_DIR"), "/accessors.rs"));
