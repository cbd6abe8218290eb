//! What `openapi.yaml` promises: operations, routes, parameters and schemas, generated at build time.
//!
//! ```
//! use sequencehq_emulator::contract::{Operation, Version, find};
//!
//! let found = find("GET", "/invoices/42", Version::LATEST)?;
//! assert_eq!((found.operation, found.path["id"].as_str()), (Operation::InvoiceGet, "42"));
//! # Ok::<(), sequencehq_emulator::contract::NoRoute>(())
//! ```

mod near;
mod query;
mod routes;
mod scalars;
mod schemas;
mod validate;
mod versions;

#[doc(hidden)]
pub use near::names as near_names;
pub use query::Query;
#[cfg(feature = "page")]
pub(crate) use query::percent_decoded;
pub use routes::{Found, NoRoute, find};
pub(crate) use scalars::decimal_of;
pub use schemas::enum_values;
pub(crate) use validate::check_file;
pub use validate::{Problem, check_answer, check_body, check_declared, check_scripted, keep, properties};

use serde_json::{Value, json};

include!(concat!(env!("OUT_DIR"), "/operations.rs"));

/// A version of the API. Later versions are greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version(u8);

/// What the document states about one operation.
#[derive(Debug)]
pub struct Data {
    /// The `operationId`, `resource_verb`.
    pub id: &'static str,
    /// The vendor's own operation id.
    pub vendor_id: &'static str,
    /// The tag that the operation belongs to.
    pub tag: &'static str,
    versions: &'static [u8],
    /// Whether the API honours `Idempotency-Key` here.
    pub takes_key: bool,
    /// The schema of the JSON body.
    pub body: Option<&'static str>,
    /// The status of the successful response.
    pub status: u16,
    /// The content of the successful response.
    pub success: Success,
    /// The member that holds the response, by version, where it is not the response itself.
    envelopes: &'static [(&'static str, &'static str)],
    /// The schema of the 409 response, if it has more than the shared error.
    pub conflict: Option<&'static str>,
    /// The schema of other failed responses, by the first digit of their status.
    errors: &'static [(u16, &'static str)],
    /// The parameters in the path.
    pub path: &'static [Parameter],
    /// The parameters in the query.
    pub query: &'static [Parameter],
}

/// The content of a successful response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Success {
    /// JSON that fits the named schema.
    Json(&'static str),
    /// No body.
    Nothing,
    /// A PDF.
    Pdf,
}

/// A parameter in a path or a query.
#[derive(Debug)]
pub struct Parameter {
    /// The name on the wire.
    pub name: &'static str,
    /// Whether the API rejects a request without it.
    pub required: bool,
    value: ValueType,
    list: List,
    bounds: Option<(i64, i64)>,
    /// The versions that have it; empty if all do.
    versions: &'static [&'static str],
}

#[derive(Debug)]
#[allow(dead_code, reason = "the document need not use every type")]
enum ValueType {
    Named(&'static str),
    Text,
    Boolean,
    Int32,
    Int64,
    Decimal,
    Date,
    Instant,
}

#[derive(Debug, PartialEq, Eq)]
enum List {
    Single,
    Commas,
    /// Commas between percent-encoded values.
    EncodedCommas,
    Repeated,
}

#[derive(Debug)]
struct Endpoint {
    method: &'static str,
    path: &'static str,
    operation: Operation,
}

impl Version {
    /// The newest version, which requests without the header `Sequence-Version` get.
    pub const LATEST: Self = Self(VERSIONS.len() as u8 - 1);

    /// Returns the version with this name, such as `2024-07-30`.
    pub fn parse(name: &str) -> Option<Self> {
        Self::all().find(|version| version.name() == name)
    }

    /// The bit of this version in a mask.
    fn bit(self) -> u8 {
        1 << self.0
    }

    /// Returns every version, oldest first.
    pub fn all() -> impl Iterator<Item = Self> {
        (0..=Self::LATEST.0).map(Self)
    }

    /// The name, such as `2024-07-30`.
    pub fn name(self) -> &'static str {
        VERSIONS[usize::from(self.0)]
    }
}

impl Operation {
    /// Returns what the document states about the operation.
    pub fn data(self) -> &'static Data {
        &DATA[self as usize]
    }

    /// The `operationId`.
    pub fn id(self) -> &'static str {
        self.data().id
    }

    /// The method and path in a version; `None` if it does not have the operation.
    pub fn endpoint(self, version: Version) -> Option<(&'static str, &'static str)> {
        let mut endpoints = ENDPOINTS[usize::from(version.0)].iter();
        let endpoint = endpoints.find(|endpoint| endpoint.operation == self)?;
        Some((endpoint.method, endpoint.path))
    }

    /// Returns whether `version` has the operation.
    pub fn exists_in(self, version: Version) -> bool {
        self.data().versions.contains(&version.0)
    }

    /// Returns the member that holds the response in a version; `None` if it is the response itself.
    pub fn envelope(self, version: Version) -> Option<&'static str> {
        let mut envelopes = self.data().envelopes.iter();
        let envelope = envelopes.find(|(name, _)| *name == version.name());
        envelope.map(|(_, member)| *member)
    }

    /// Puts a response into the envelope that it has in a version, if it has one.
    pub fn enclosed(self, version: Version, response: Value) -> Value {
        match self.envelope(version) {
            Some(member) => json!({member: response}),
            None => response,
        }
    }

    /// Returns the operation with this name, our own or the vendor's.
    ///
    /// # Errors
    ///
    /// The names that are nearest, if no operation has the name.
    pub fn named(name: &str) -> Result<Self, Vec<&'static str>> {
        let found = OPERATIONS
            .into_iter()
            .find(|operation| operation.id() == name || operation.data().vendor_id == name);
        found.ok_or_else(|| {
            let ours = OPERATIONS.iter().map(|operation| operation.id());
            let theirs = OPERATIONS.iter().map(|operation| operation.data().vendor_id);
            near::names(name, ours.chain(theirs))
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use sequencehq_document::{Document, model, shipped};

    use super::{OPERATIONS, Operation, Version};

    #[test]
    fn the_operations_and_versions_are_those_of_the_document() {
        let document = Document::read(&shipped()).expect("the document is valid");
        let ids = |operations: Vec<String>| operations.into_iter().collect::<BTreeSet<_>>();
        let ours = OPERATIONS.iter().map(|operation| operation.id().to_owned());
        let expected = model::operations(&document.root).into_iter();
        assert_eq!(ids(ours.collect()), ids(expected.map(|one| one.id).collect()));
        let names: Vec<_> = Version::all().map(Version::name).collect();
        assert_eq!(names, model::versions(&document.root).all);
    }

    #[test]
    fn an_operation_has_an_endpoint_in_its_versions() {
        assert_eq!(
            Operation::InvoiceCreate.endpoint(Version::LATEST),
            Some(("POST", "/invoices"))
        );
        for operation in OPERATIONS {
            for version in Version::all() {
                assert_eq!(
                    operation.endpoint(version).is_some(),
                    operation.exists_in(version)
                );
            }
        }
    }

    #[test]
    fn an_operation_is_found_by_both_names_and_typos_get_suggestions() {
        assert_eq!(Operation::named("invoice_create"), Ok(Operation::InvoiceCreate));
        assert_eq!(Operation::named("postInvoices"), Ok(Operation::InvoiceCreate));
        assert_eq!(Operation::named("invoice_creat"), Err(vec!["invoice_create"]));
    }
}
