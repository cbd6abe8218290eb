//! The details of conflicts that operations document.

use serde::de::DeserializeOwned;

pub(crate) mod sealed {
    /// Implemented by the build for the types that operations name.
    pub trait Documented {
        /// The ids of the operations with these details.
        const OPERATIONS: &'static [&'static str];
    }
}

/// The details of a conflict (409), which [`Error::conflict`](crate::Error::conflict) decodes.
///
/// The documentation of a call names the type of its details. It cannot be implemented by other crates.
pub trait Conflict: DeserializeOwned + sealed::Documented {}

impl<T: DeserializeOwned + sealed::Documented> Conflict for T {}
