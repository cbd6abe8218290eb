//! What the clock does.

use crate::store::Tx;

/// Does what falls due at the start of a day, in this order: statuses, grants, closing periods, issuing, opening
/// periods, reminders.
///
/// A group with something to do by the clock has a function for it here.
pub(super) fn begin_day(_tx: &mut Tx<'_>) {}
