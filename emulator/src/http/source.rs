//! The time of the account, outside of it.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};

use crate::store::State;
use crate::store::clock::{Sleep, Source};

use super::shared::Shared;

/// The time of an account, returned by [`Emulator::source`](crate::Emulator::source).
///
/// It moves with the clock of the account, also after the server is stopped. Its waits are those of the source that the
/// emulator was built with, and do not end when the clock is advanced.
#[derive(Clone)]
pub struct AccountSource(pub(super) Arc<Shared>);

impl Source for AccountSource {
    fn now(&self) -> DateTime<Utc> {
        self.0.world.store().read(State::now)
    }

    fn sleep(&self, duration: Duration) -> Sleep {
        self.0.source.sleep(duration)
    }

    fn timer(&self, duration: Duration) -> Sleep {
        self.0.source.timer(duration)
    }
}

impl fmt::Debug for AccountSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("AccountSource").field(&self.now()).finish()
    }
}
