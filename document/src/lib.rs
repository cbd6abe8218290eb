//! Reads, checks and models `openapi.yaml`, the document that [`sequencehq`] is generated from.
//!
//! Made for build scripts and tests: the build script of the SDK, its tests, and the comparison with the
//! published documents all read the document through this crate.
//!
//! - [`Document`] is the content with the line of each value; [`Faults`] are errors that name those lines.
//! - [`rules`] refuses a document that breaks a rule stated at its head.
//! - [`prune`] reduces a document to some features.
//! - [`model`] gives tags, operations, parameters and schemas as types.
//! - [`routes`] finds the operation of a request in one version of the API.
//! - [`sample`] makes JSON values that fit a schema.
//!
//! The functions of these modules work on the root of a document as plain JSON, so that they also apply to a
//! document that a build step has changed and to one that the vendor published.
//!
//! ```
//! use sequencehq_document::{Document, model, routes::Routes, rules};
//!
//! let document = rules::check(Document::read(&sequencehq_document::shipped())?)?;
//! let root = &document.root;
//! assert_eq!(model::versions(root).default, "2024-07-30");
//!
//! let routes = Routes::new(root, "2024-07-30");
//! let found = routes.find("GET", "/invoices/42").expect("the operation exists");
//! assert_eq!(found.operation, "invoice_get");
//! assert_eq!(found.values, [("id", "42")]);
//! # Ok::<(), sequencehq_document::Faults>(())
//! ```
//!
//! [`sequencehq`]: https://docs.rs/sequencehq

mod load;
pub mod model;
pub mod prune;
pub mod routes;
pub mod rules;
pub mod sample;

use std::path::{Path, PathBuf};

pub use load::{Document, Fault, Faults, escape};

/// The path of the `openapi.yaml` that comes with this crate, for build scripts that have no copy of their own.
///
/// The path is only valid on the machine that compiled the crate, and while its source is there.
pub fn shipped() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.yaml")
}
