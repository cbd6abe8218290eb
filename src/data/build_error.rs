//! The error of the builders.

use std::fmt;

/// The error returned by a builder: required fields are not set, or a value is invalid.
///
/// It lists all problems at once. A builder can be passed wherever its value is expected: to an operation, and to the
/// setters of another builder. The problems of a nested builder are reported by the outermost one, with a path such as
/// `contacts[1].email`. If the outermost builder is passed to an operation, the call returns the same message in an
/// [`Error`](crate::Error) for which [`is_invalid_input`](crate::Error::is_invalid_input) is `true`; `?` converts this
/// error into that one.
///
/// ```
/// # #[cfg(feature = "customers")] {
/// use sequencehq::types::{ContactInput, CustomerCreate, TaxStatus};
///
/// let error = CustomerCreate::builder()
///     .legal_name("Acme Ltd")
///     .tax_status(TaxStatus::Taxed)
///     .contacts([ContactInput::builder().name("Ada Byron")])
///     .build()
///     .unwrap_err();
/// assert_eq!(
///     error.missing(),
///     ["address", "contacts[0].email", "contacts[0].billing_preference"]
/// );
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BuildError {
    what: &'static str,
    missing: Vec<String>,
    /// The path and problem of each invalid value.
    invalid: Vec<(String, String)>,
}

impl BuildError {
    /// Returns the error of the builder of `what`.
    pub(crate) fn new(what: &'static str, missing: Vec<&'static str>, rejected: Rejected) -> Self {
        let is_rejected = |name: &&str| rejected.0.iter().any(|(field, _)| field == name);
        let mut all = Self {
            what,
            missing: missing
                .into_iter()
                .filter(|name| !is_rejected(name))
                .map(str::to_owned)
                .collect(),
            invalid: Vec::new(),
        };
        for (_, error) in rejected.0 {
            all.missing.extend(error.missing);
            all.invalid.extend(error.invalid);
        }
        all
    }

    /// Returns the error of a single value, which has no fields of its own.
    pub(crate) fn invalid_value(problem: String) -> Self {
        Self {
            what: "value",
            missing: Vec::new(),
            invalid: vec![(String::new(), problem)],
        }
    }

    /// Returns the paths of the missing fields, which consist of the names of setters.
    pub fn missing(&self) -> &[String] {
        &self.missing
    }

    /// Returns the path of each field with an invalid value, with the problem.
    ///
    /// ```
    /// # #[cfg(feature = "credit-notes")] {
    /// use sequencehq::types::CreditNoteLineItemCreate;
    ///
    /// let error = CreditNoteLineItemCreate::builder().rate("19,90").build().unwrap_err();
    /// let (field, problem) = error.invalid().next().unwrap();
    /// assert_eq!(field, "rate");
    /// assert!(problem.starts_with("`19,90` is not a decimal"));
    /// # }
    /// ```
    pub fn invalid(&self) -> impl Iterator<Item = (&str, &str)> {
        self.invalid
            .iter()
            .map(|(path, problem)| (path.as_str(), problem.as_str()))
    }

    fn below(mut self, parent: &str) -> Self {
        for path in self
            .missing
            .iter_mut()
            .chain(self.invalid.iter_mut().map(|(path, _)| path))
        {
            *path = match path.as_str() {
                "" => parent.to_owned(),
                path => format!("{parent}.{path}"),
            };
        }
        self
    }
}

impl fmt::Display for BuildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.what)?;
        if !self.missing.is_empty() {
            write!(f, " is missing required fields: {}", self.missing.join(", "))?;
        }
        for (index, (path, problem)) in self.invalid.iter().enumerate() {
            let separator = match (index, self.missing.is_empty()) {
                (0, true) => " is invalid:",
                _ => ";",
            };
            match path.as_str() {
                "" => write!(f, "{separator} {problem}")?,
                path => write!(f, "{separator} `{path}`: {problem}")?,
            }
        }
        Ok(())
    }
}

impl std::error::Error for BuildError {}

impl From<std::convert::Infallible> for BuildError {
    fn from(never: std::convert::Infallible) -> Self {
        match never {}
    }
}

/// The values that the setters of a builder rejected, by field.
///
/// A setter cannot return an error, so `build` does. Setting a field again replaces its earlier value, and with it the
/// error.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rejected(Vec<(&'static str, BuildError)>);

impl Rejected {
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Removes the errors of a field that is set again.
    pub(crate) fn forget(&mut self, field: &'static str) {
        self.0.retain(|(rejected, _)| *rejected != field);
    }

    /// Returns the value of a field, or keeps its error.
    pub(crate) fn one<T, E: Into<BuildError>>(
        &mut self,
        field: &'static str,
        value: Result<T, E>,
    ) -> Option<T> {
        self.forget(field);
        self.keep(field, value, || field.to_owned())
    }

    /// Returns the items of a list, or keeps the errors of all items.
    pub(crate) fn list<T, V: TryInto<T, Error: Into<BuildError>>>(
        &mut self,
        field: &'static str,
        values: impl IntoIterator<Item = V>,
    ) -> Option<Vec<T>> {
        self.forget(field);
        let items: Vec<Option<T>> = values
            .into_iter()
            .enumerate()
            .map(|(index, value)| self.keep(field, value.try_into(), || format!("{field}[{index}]")))
            .collect();
        items.into_iter().collect()
    }

    /// Returns the entries of a map, or keeps the errors of all values.
    #[allow(dead_code, reason = "requests of the shipped document have no map of objects")]
    pub(crate) fn map<T, V: TryInto<T, Error: Into<BuildError>>, M: FromIterator<(String, T)>>(
        &mut self,
        field: &'static str,
        values: impl IntoIterator<Item = (impl Into<String>, V)>,
    ) -> Option<M> {
        self.forget(field);
        let entries: Vec<Option<(String, T)>> = values
            .into_iter()
            .map(|(key, value)| {
                let key = key.into();
                let value = self.keep(field, value.try_into(), || format!("{field}[{key:?}]"))?;
                Some((key, value))
            })
            .collect();
        entries.into_iter().collect()
    }

    /// Keeps the error of an unknown field.
    pub(crate) fn extra(&mut self, name: &str, set: Result<(), BuildError>) {
        self.keep("extra", set, || format!("extra[{name:?}]"));
    }

    fn keep<T, E: Into<BuildError>>(
        &mut self,
        field: &'static str,
        value: Result<T, E>,
        path: impl FnOnce() -> String,
    ) -> Option<T> {
        value
            .map_err(|error| self.0.push((field, error.into().below(&path()))))
            .ok()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// A value with one required field.
    #[derive(Clone, Debug, PartialEq)]
    struct Label(u8);

    impl TryFrom<Option<u8>> for Label {
        type Error = BuildError;

        fn try_from(text: Option<u8>) -> Result<Self, BuildError> {
            text.map(Label)
                .ok_or_else(|| BuildError::new("Label", vec!["text"], Rejected::default()))
        }
    }

    #[test]
    fn every_missing_field_is_named() {
        let error = BuildError::new("Parcel", vec!["weight", "town"], Rejected::default());
        assert_eq!(error.missing(), ["weight", "town"]);
        assert_eq!(
            error.to_string(),
            "Parcel is missing required fields: weight, town"
        );
        let none = BuildError::new("Parcel", Vec::new(), Rejected::default());
        assert!(none.missing().is_empty());
    }

    #[test]
    fn a_nested_error_has_the_path_from_the_outermost_builder() {
        let mut inner = Rejected::default();
        assert_eq!(inner.list::<Label, _>("labels", [Some(1), None, None]), None);
        let inner = BuildError::new("Parcel", vec!["weight"], inner);
        let mut outer = Rejected::default();
        assert_eq!(outer.one::<(), _>("parcel", Err(inner)), None);
        let entries: Option<BTreeMap<_, _>> =
            outer.map::<Label, _, _>("by_town", [("a", Some(1)), ("b", None)]);
        assert_eq!(entries, None);
        let wrong = BuildError::invalid_value("`x` is not a decimal".to_owned());
        assert_eq!(outer.one::<(), _>("fee", Err(wrong)), None);
        let error = BuildError::new("Shipment", vec!["id", "parcel", "fee"], outer);
        assert_eq!(
            error.missing(),
            [
                "id",
                "parcel.weight",
                "parcel.labels[1].text",
                "parcel.labels[2].text",
                "by_town[\"b\"].text"
            ],
            "a field that was set is not missing"
        );
        assert_eq!(
            error.invalid().collect::<Vec<_>>(),
            [("fee", "`x` is not a decimal")]
        );
        assert!(
            error
                .to_string()
                .ends_with("by_town[\"b\"].text; `fee`: `x` is not a decimal"),
            "{error}"
        );
    }

    #[test]
    fn an_invalid_value_alone_is_not_called_missing() {
        let mut rejected = Rejected::default();
        let wrong = BuildError::invalid_value("bad".to_owned());
        assert_eq!(wrong.to_string(), "value is invalid: bad");
        assert_eq!(rejected.one::<(), _>("fee", Err(wrong)), None);
        let error = BuildError::new("Parcel", vec!["fee"], rejected);
        assert!(error.missing().is_empty());
        assert_eq!(error.to_string(), "Parcel is invalid: `fee`: bad");
    }

    #[test]
    fn setting_a_field_again_replaces_its_error() {
        let mut rejected = Rejected::default();
        assert_eq!(rejected.list::<Label, _>("labels", [None]), None);
        assert_eq!(rejected.one::<Label, _>("label", Label::try_from(None)), None);
        assert_eq!(
            rejected.list::<Label, _>("labels", [Some(7)]),
            Some(vec![Label(7)])
        );
        assert_eq!(rejected.one("label", Label::try_from(Some(7))), Some(Label(7)));
        assert!(rejected.is_empty());
        assert_eq!(rejected.one::<Label, _>("label", Label::try_from(None)), None);
        assert!(!rejected.is_empty());
        rejected.forget("label");
        assert!(rejected.is_empty());
    }
}
