//! Prices: the terms of a charge in billing schedules.
//!
//! Only the name and the status of a price can change. The checks of the terms are those of list prices too.

mod record;
pub(super) mod shape;
pub(super) mod structure;
pub(super) mod terms;
mod uses;

pub(super) use record::{CREATE, DELETE, GET, LIST, UPDATE};
