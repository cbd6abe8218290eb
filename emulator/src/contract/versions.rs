//! A difference of versions in the form of answers, which the document states in a text only.

use super::{Operation, Version};

/// Returns the version that determines the form of an answer.
///
/// The lookup by alias answers the customer of version `2024-05-09` in later versions too.
pub(super) fn form(operation: Operation, version: Version) -> Version {
    match operation {
        Operation::CustomerGetByAlias => version.min(Version(1)),
        _ => version,
    }
}

#[cfg(test)]
mod tests {
    use super::{Operation, Version, form};

    #[test]
    fn the_lookup_by_alias_has_an_older_form() {
        let form = form(Operation::CustomerGetByAlias, Version::LATEST);
        assert_eq!(form.name(), "2024-05-09");
    }
}
