//! The error of the builders.

use std::fmt;

/// The error returned when required fields of a builder are not set.
///
/// It lists all missing fields at once. If a builder is passed directly to an operation, the call returns the same
/// message in an [`Error`](crate::Error) for which [`is_invalid_input`](crate::Error::is_invalid_input) is `true`.
///
/// ```
/// # #[cfg(feature = "invoices")] {
/// use sequencehq::types::InvoiceCreate;
///
/// let error = InvoiceCreate::builder().memo("Thanks").build().unwrap_err();
/// assert_eq!(error.missing(), ["customer_id", "currency"]);
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    what: &'static str,
    missing: Vec<&'static str>,
}

impl BuildError {
    #[doc(hidden)]
    pub fn new(what: &'static str, missing: Vec<&'static str>) -> Self {
        Self { what, missing }
    }

    /// Returns the names of the missing fields, which are also the names of their setters.
    pub fn missing(&self) -> &[&'static str] {
        &self.missing
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is missing required fields: {}",
            self.what,
            self.missing.join(", ")
        )
    }
}

impl std::error::Error for BuildError {}

impl From<std::convert::Infallible> for BuildError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_missing_field_is_named() {
        let error = BuildError::new("Parcel", vec!["weight", "town"]);
        assert_eq!(error.missing(), ["weight", "town"]);
        assert_eq!(
            error.to_string(),
            "Parcel is missing required fields: weight, town"
        );
        assert!(BuildError::new("Parcel", Vec::new()).missing().is_empty());
    }
}
