//! Billing schedules, with what belongs to them: payment settings.

pub(super) mod payment_settings;
