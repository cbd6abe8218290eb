//! Calls by the name of their operation, with JSON in and JSON out.
//!
//! The build generates an [`Entry`] for each operation, from the data of the typed calls. Only the shape of bodies is
//! checked against the document itself, which the crate contains for this purpose.

mod arguments;
mod body;
mod call;
mod document;
mod entry;

pub use call::OperationCall;
pub use document::document;
pub(crate) use entry::{Body, Entry, Kind, Parameter, Place};
