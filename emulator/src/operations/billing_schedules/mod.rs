//! Billing schedules, with what belongs to them: phases, discounts, minimums, credit grants and payment settings.

mod check;
mod grants;
mod input;
mod list;
mod list_prices;
pub(super) mod payment_settings;
mod phases;
mod record;
pub(super) mod shape;
pub(super) mod status;

pub(super) use list::{KEYS, LIST};
pub(super) use record::{ACTIVATE, ARCHIVE, CREATE, DUPLICATE, GET, UPDATE, VALIDATE_TAXES};
