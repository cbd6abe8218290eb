//! The representation of values: open enums, ids, unions, decimals and field updates.
//!
//! The build generates invocations of these macros with lists of names; all behavior is defined here.

pub(crate) mod bounded;
mod build_error;
pub(crate) mod codec;
mod conflict;
mod decimal;
mod extra;
#[allow(dead_code, reason = "the document need not have every form")]
pub(crate) mod form;
mod id;
pub(crate) mod integer;
mod invalid_input;
#[cfg(feature = "jiff")]
mod jiff;
pub(crate) mod number;
pub(crate) mod object;
mod open_enum;
pub(crate) mod open_union;
mod patch;
pub(crate) mod place;
#[allow(dead_code, reason = "the document need not have every kind of field")]
pub(crate) mod presence;
mod query_value;
mod redacted;
#[cfg(feature = "test-util")]
pub(crate) mod sample;
mod segment;
#[cfg(feature = "sqlx")]
mod sql;
pub(crate) mod table;
mod time;

pub use build_error::BuildError;
pub use conflict::Conflict;
pub use decimal::{IntoDecimal, decimal_literal};
pub use extra::Extra;
#[cfg(feature = "jiff")]
pub use jiff::{ToChrono, ToJiff};
pub use open_enum::UnrecognizedValue;
pub use open_union::UnrecognizedVariant;
pub use patch::Patch;
#[cfg(feature = "sqlx")]
pub use sql::DecimalText;
pub use time::{IntoDate, IntoTimestamp};

pub(crate) use build_error::Rejected;
pub(crate) use conflict::sealed::Documented;
pub(crate) use decimal::sealed::Convert;
pub(crate) use id::id_type;
pub(crate) use invalid_input::InvalidInput;
pub(crate) use object::object;
pub(crate) use open_enum::open_enum;
pub(crate) use open_union::open_union;
pub(crate) use query_value::QueryValue;
pub(crate) use redacted::Redacted;
pub(crate) use segment::Segment;
#[cfg(feature = "sqlx")]
pub(crate) use sql::stored_as_text;
pub(crate) use time::sealed::{Day, Instant};
