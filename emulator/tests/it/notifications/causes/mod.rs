//! What triggers each kind of notification.

mod documents;
mod others;

use super::Stage;

/// A way to trigger a notification.
pub(super) struct Cause {
    pub(super) kind: &'static str,
    pub(super) when: &'static str,
    /// How often it is sent.
    pub(super) times: usize,
    /// Makes what has to be there, and returns the id that `act` gets.
    pub(super) prepare: fn(&mut Stage) -> String,
    pub(super) act: fn(&mut Stage, &str),
}

const fn once(
    kind: &'static str,
    when: &'static str,
    prepare: fn(&mut Stage) -> String,
    act: fn(&mut Stage, &str),
) -> Cause {
    Cause {
        kind,
        when,
        times: 1,
        prepare,
        act,
    }
}

const fn never(
    kind: &'static str,
    when: &'static str,
    prepare: fn(&mut Stage) -> String,
    act: fn(&mut Stage, &str),
) -> Cause {
    Cause {
        times: 0,
        ..once(kind, when, prepare, act)
    }
}

/// Every cause.
pub(super) fn all() -> impl Iterator<Item = &'static Cause> {
    documents::CAUSES.iter().chain(others::CAUSES)
}
