//! Reads, checks and models `openapi.yaml`, the document that [`sequencehq`] is generated from.
//!
//! Made for build scripts and tests: the build script of the SDK, its tests, and the comparison with the
//! published documents all read the document through this crate.
//!
//! - [`Document`] is the content with the line of each value; [`Faults`] are errors that name those lines.
//! - [`rules`] rejects a document that violates a rule stated at its head.
//! - [`prune`] reduces a document to some features.
//! - [`model`] provides tags, operations, parameters and schemas as types.
//! - [`features`] compares the features of its tags with those of a manifest.
//! - [`names`] derives the Rust names of everything in a document.
//! - [`nesting`] knows which schemas contain which, and which contain themselves.
//! - [`routes`] finds the operation of a request in one version of the API.
//! - [`sample`] generates JSON values that match a schema.
//! - [`updates`] finds the request bodies that can be made of a resource.
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

mod fault;
pub mod features;
mod lines;
mod load;
pub mod model;
pub mod names;
pub mod near;
pub mod nesting;
pub mod prune;
pub mod routes;
pub mod rules;
pub mod sample;
mod syntax;
pub mod updates;
mod yaml;

use std::path::{Path, PathBuf};

pub use fault::{Fault, Faults};
pub use load::{Document, escape};

/// Returns the path of the `openapi.yaml` that comes with this crate, for build scripts that have no copy of
/// their own.
///
/// The path is valid on the machine that compiled the crate, for as long as the crate's source is there.
pub fn shipped() -> PathBuf {
    followed(Path::new(env!("CARGO_MANIFEST_DIR")), "openapi.yaml")
}

/// In the repository the file is a symbolic link. A checkout on a system without them has a small file instead,
/// with the target of the link as its content.
fn followed(folder: &Path, name: &str) -> PathBuf {
    let path = folder.join(name);
    let is_small = std::fs::metadata(&path).is_ok_and(|data| data.len() < 256);
    match std::fs::read_to_string(&path) {
        Ok(target) if is_small && folder.join(&target).is_file() => folder.join(target),
        _ => path,
    }
}

#[cfg(test)]
mod tests {
    use super::{followed, shipped};

    #[test]
    fn a_file_with_the_target_of_a_link_is_followed() {
        let folder = std::env::temp_dir().join(format!("sequencehq-document-links-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("inner")).expect("the folder can be made");
        let write = |name: &str, text: &str| {
            std::fs::write(folder.join(name), text).expect("the file can be written");
        };
        write("real.yaml", "openapi: 3.0.3\n");
        write("inner/link.yaml", "../real.yaml");
        write("inner/small.yaml", "openapi: 3.0.3\n");
        let inner = folder.join("inner");
        let found = ["link.yaml", "small.yaml", "missing.yaml"].map(|name| followed(&inner, name));
        std::fs::remove_dir_all(&folder).expect("the folder can be removed");
        assert_eq!(
            found,
            ["../real.yaml", "small.yaml", "missing.yaml"].map(|name| inner.join(name))
        );
    }

    #[test]
    fn the_shipped_document_is_there() {
        assert!(shipped().is_file());
    }
}
