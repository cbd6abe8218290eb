//! The emulation of an operation: class, source and function.

use std::fmt;

use super::answer::Outcome;
use super::call::Call;

/// What the behaviour of an operation comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Behaviour that sources describe.
    Real,
    /// Computed by a rule that the emulator chose.
    Computed,
    /// Generic storage: what is written is answered.
    Stored,
    /// A declared minimal answer, since no source describes what the API does.
    Minimal,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Real => "real",
            Self::Computed => "computed",
            Self::Stored => "stored",
            Self::Minimal => "minimal",
        })
    }
}

/// The code of an operation.
pub(super) type Run = fn(&mut Call<'_, '_>) -> Outcome;

/// A row in the table of operations.
#[derive(Clone, Copy, Debug)]
pub struct Entry {
    /// What the behaviour comes from.
    pub class: Class,
    /// Where it is described, or which assumptions it rests on.
    pub source: &'static str,
    pub(super) run: Run,
}

impl Entry {
    /// Behaviour that sources describe.
    pub(super) const fn real(run: Run, source: &'static str) -> Self {
        Self {
            class: Class::Real,
            source,
            run,
        }
    }

    /// Computed by a rule that the emulator chose.
    pub(super) const fn computed(run: Run, source: &'static str) -> Self {
        Self {
            class: Class::Computed,
            source,
            run,
        }
    }

    /// Generic storage.
    pub(super) const fn stored(run: Run, source: &'static str) -> Self {
        Self {
            class: Class::Stored,
            source,
            run,
        }
    }

    /// A declared minimal answer.
    pub(super) const fn minimal(run: Run, source: &'static str) -> Self {
        Self {
            class: Class::Minimal,
            source,
            run,
        }
    }
}
