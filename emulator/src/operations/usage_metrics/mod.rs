//! Usage metrics: what events amount to.

mod calculate;
pub(super) mod measure;
mod record;

pub(super) use calculate::CALCULATE;
pub(super) use record::{CREATE, DELETE, GET, LIST, UPDATE};
