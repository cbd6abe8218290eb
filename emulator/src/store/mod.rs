//! Tables with kept indexes, a clock, ids, cursors, and transactions.
//!
//! One writer at a time. [`Store::write`] gives a transaction; if the closure returns an error or panics, everything
//! is as before: rows, ids, sequences, numbers and clock. If it returns `Ok`, the changes are one [`Commit`], which
//! the journal gets. Applying all commits to an empty store gives the same store, byte by byte.
//!
//! Time comes from [`clock`], ids from a counter, so that runs can be repeated.
//!
//! ```
//! use sequencehq_emulator::records::{Generic, Kind};
//! use sequencehq_emulator::store::{Selection, Settings, Store};
//! use serde_json::json;
//!
//! let store = Store::new(Settings::default());
//! let id = store.write(|tx| {
//!     let id = tx.new_id();
//!     tx.put_generic(Kind::Product, &Generic(json!({"id": id, "name": "API"}).as_object().cloned().unwrap_or_default()));
//!     Ok::<_, ()>(id)
//! });
//! let refused = store.write(|tx| {
//!     tx.remove(Kind::Product, id.as_deref().unwrap_or_default());
//!     Err::<(), _>("no")
//! });
//! assert_eq!(refused, Err("no"));
//! let page = store.read(|state| state.page(Kind::Product, &Selection::all(20)).map(|page| page.total));
//! assert_eq!(page, Ok(1));
//! ```

pub mod clock;
mod commit;
mod filters;
mod index;
mod matches;
mod page;
mod rows;
mod selection;
mod state;
mod table;
#[cfg(test)]
mod tests;
mod text;
mod tx;
mod uses;

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

pub use commit::{Change, Commit, Unreadable};
pub use page::Page;
pub use selection::{CursorError, Order, Selection, Test};
pub use state::State;
pub use table::Row;
pub use text::Text;
pub use tx::{Notice, Tx};

use crate::records::ids::DEFAULT_SEED;

use clock::{Clock, Source, SystemSource};
use state::Meta;

/// Receives every commit, in order.
pub type Journal = Box<dyn FnMut(&Commit) + Send + Sync>;

/// The contents of an emulator.
pub struct Store(RwLock<Inner>);

struct Inner {
    state: State,
    journal: Option<Journal>,
}

/// The initial settings of a store.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The seed of the ids.
    pub seed: u64,
    /// The clock at the start.
    pub clock: Clock,
    /// The source of time for a running clock and for waits.
    pub source: Arc<dyn Source>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            seed: DEFAULT_SEED,
            clock: Clock::running(),
            source: Arc::new(SystemSource),
        }
    }
}

impl Store {
    /// Returns an empty store.
    pub fn new(settings: Settings) -> Self {
        let meta = Meta::new(settings.seed, settings.clock);
        Self(RwLock::new(Inner {
            state: State::new(meta, settings.source),
            journal: None,
        }))
    }

    /// Sends every later commit to `journal`, within the transaction.
    pub fn set_journal(&self, journal: Journal) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).journal = Some(journal);
    }

    /// Reads the state.
    pub fn read<T>(&self, look: impl FnOnce(&State) -> T) -> T {
        look(&self.0.read().unwrap_or_else(PoisonError::into_inner).state)
    }

    /// Changes the state, or leaves it as it is if `change` returns an error.
    ///
    /// # Errors
    ///
    /// The error of `change`.
    pub fn write<T, E>(&self, change: impl FnOnce(&mut Tx<'_>) -> Result<T, E>) -> Result<T, E> {
        // A transaction rolls back if it is dropped by a panic, so a poisoned lock guards a sound state.
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Inner { state, journal } = &mut *inner;
        let mut tx = Tx::begin(state);
        let value = change(&mut tx)?;
        if let Some(commit) = tx.commit()
            && let Some(journal) = journal
        {
            journal(&commit);
        }
        Ok(value)
    }

    /// Applies a commit of a journal.
    ///
    /// # Errors
    ///
    /// If a text is not a record of its kind. Then nothing was applied.
    pub fn apply(&self, commit: &Commit) -> Result<(), serde_json::Error> {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        inner.state.apply(commit)
    }

    /// Returns everything in the store, for [`restore`](Self::restore). The texts are shared, not copied.
    pub fn whole(&self) -> Commit {
        self.read(State::whole)
    }

    /// Replaces everything, with the clock and the ids to come, by what [`whole`](Self::whole) returned. The journal gets it as
    /// a commit.
    ///
    /// # Errors
    ///
    /// If a text is not a record of its kind. Then nothing was changed.
    pub fn restore(&self, whole: &Commit) -> Result<(), serde_json::Error> {
        let mut inner = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let Inner { state, journal } = &mut *inner;
        state.apply(whole)?;
        if let Some(journal) = journal {
            journal(whole);
        }
        Ok(())
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.read(|state| f.debug_tuple("Store").field(state).finish())
    }
}
