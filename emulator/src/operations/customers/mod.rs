//! Customers, with what belongs to them: contacts, aliases, organizations and payment settings.

pub(super) mod aliases;
pub(super) mod contacts;
mod flat;
pub(super) mod organizations;
pub(super) mod payment_settings;
mod record;
mod seed;
pub(super) mod shape;

pub(super) use record::{ARCHIVE, CREATE, GET, GET_BY_ALIAS, KEYS, LIST, UPDATE};
