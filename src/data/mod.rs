//! How values are represented: open enums, ids, unions, decimals, and changes to fields.
//!
//! The build writes lists of names into these macros; everything that has behaviour is here.

mod build_error;
mod id;
mod open_enum;
pub(crate) mod open_union;
mod patch;
mod redacted;
pub(crate) mod wire;

pub use build_error::BuildError;
pub use open_enum::UnlistedValue;
pub use open_union::UnlistedVariant;
pub use patch::Patch;

pub(crate) use id::id_type;
pub(crate) use open_enum::open_enum;
pub(crate) use open_union::open_union;
pub(crate) use redacted::Redacted;
