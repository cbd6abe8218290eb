//! The schemas of the document, reduced to what decides whether a value is valid.

use super::Version;

include!(concat!(env!("OUT_DIR"), "/schemas.rs"));

/// The schemas by name, sorted; [`Node::Named`] is an index.
pub(super) type Schemas = &'static [(&'static str, Node)];

/// What a value has to be.
#[derive(Clone, Copy, Debug)]
pub(super) enum Node {
    Any,
    Boolean,
    Int32,
    Int64,
    /// A decimal as a JSON number.
    Number,
    Text,
    /// A text that no message may show.
    Secret,
    /// A decimal in a text.
    Decimal,
    Date,
    Instant,
    Id,
    /// The values, each with the versions that have it.
    Enum(&'static [(&'static str, u8)]),
    List(&'static Node),
    /// An object with any keys.
    Map(&'static Node),
    Object(&'static [Property]),
    /// The name of the discriminator, and the schema for each of its values.
    Union(&'static str, &'static [(&'static str, Node)]),
    Named(usize),
}

/// A property of an object. Masks have a bit for each version.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: &'static str,
    pub(super) node: Node,
    /// The versions that have the property.
    pub(super) versions: u8,
    pub(super) required: u8,
    pub(super) required_in_requests: u8,
    /// Whether null means something else than an absent member.
    pub(super) nullable: bool,
}

impl Property {
    pub(super) fn exists_in(&self, version: Version) -> bool {
        self.versions & version.bit() != 0
    }
}

/// Returns the schema with this name.
pub(super) fn named(name: &str) -> Option<&'static Node> {
    let index = SCHEMAS.binary_search_by_key(&name, |(one, _)| one).ok()?;
    Some(&SCHEMAS[index].1)
}

/// Returns the values of an enum in one version, or `None` if the schema is not an enum.
pub fn enum_values(schema: &str, version: Version) -> Option<Vec<&'static str>> {
    let Node::Enum(values) = named(schema)? else {
        return None;
    };
    let values = values
        .iter()
        .filter(|(_, versions)| versions & version.bit() != 0);
    Some(values.map(|(value, _)| *value).collect())
}

#[cfg(test)]
mod tests {
    use super::{Version, enum_values};

    #[test]
    fn an_enum_has_the_values_of_the_version() {
        let statuses = |version| enum_values("InvoicePaymentStatus", version).expect("an enum");
        let oldest = Version::all().next().expect("there are versions");
        assert!(statuses(oldest).contains(&"FAILED"));
        assert!(!statuses(Version::LATEST).contains(&"FAILED"));
        assert!(statuses(Version::LATEST).contains(&"PAID"));
        assert_eq!(enum_values("Invoice", Version::LATEST), None);
    }
}
