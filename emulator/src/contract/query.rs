//! Reads and checks the query of a request.

use std::collections::BTreeMap;

use super::scalars::{decimal, is_date, is_instant};
use super::{List, Operation, Parameter, ValueType, Version, schemas};

/// The parameters of a query that passed the checks.
#[derive(Clone, Debug, Default)]
pub struct Query {
    values: BTreeMap<String, Vec<String>>,
    /// The text as sent, without what the pages of one list differ in.
    fingerprint: String,
}

impl Query {
    /// Parses and checks the text after the question mark.
    ///
    /// A parameter that the operation or the version lacks is refused, so that a misspelt filter does not match
    /// everything. Ids and enum values may be lists joined by commas everywhere (A6).
    ///
    /// # Errors
    ///
    /// What is wrong, beginning with `query.` and the name of the parameter.
    pub fn parse(operation: Operation, version: Version, text: &str) -> Result<Self, String> {
        let mut query = Self::default();
        for pair in text.split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            let decode =
                |text| percent_decoded(text, true).ok_or("query: send UTF-8, percent-encoded.".to_owned());
            let (name, value) = (decode(name)?, decode(value)?);
            let parameter = known(operation, version, &name)?;
            query.add(parameter, version, &name, value)?;
        }
        for parameter in operation.data().query {
            if parameter.required && !query.values.contains_key(parameter.name) {
                return Err(format!("query.{}: is required.", parameter.name));
            }
        }
        let fixed = query
            .values
            .iter()
            .filter(|(name, _)| !matches!(name.as_str(), "limit" | "after" | "before" | "offset"));
        query.fingerprint = fixed
            .map(|(name, values)| format!("{name}={}&", values.join(",")))
            .collect();
        Ok(query)
    }

    fn add(
        &mut self,
        parameter: &Parameter,
        version: Version,
        name: &str,
        value: String,
    ) -> Result<(), String> {
        let takes_commas = parameter.list == List::Commas || matches!(parameter.value, ValueType::Named(_));
        let parts: Vec<String> = match parameter.list {
            List::Repeated => vec![value],
            List::EncodedCommas => {
                let parts = value.split(',').map(|part| percent_decoded(part, false));
                let parts: Option<_> = parts.collect();
                parts.ok_or(format!("query.{name}: send UTF-8, percent-encoded."))?
            }
            _ if takes_commas => value.split(',').map(str::to_owned).collect(),
            _ => vec![value],
        };
        for part in &parts {
            check(parameter, version, part).map_err(|rule| format!("query.{name}: {part:?} {rule}."))?;
        }
        let known = self.values.entry(name.to_owned()).or_default();
        if !known.is_empty() && parameter.list != List::Repeated {
            return Err(format!(
                "query.{name}: is sent twice. Join several values with commas."
            ));
        }
        known.extend(parts);
        Ok(())
    }

    /// Returns the first value of a parameter.
    pub fn one(&self, name: &str) -> Option<&str> {
        self.values.get(name)?.first().map(String::as_str)
    }

    /// Returns all values of a parameter, or `None` if it was not sent.
    pub fn all(&self, name: &str) -> Option<&[String]> {
        self.values.get(name).map(Vec::as_slice)
    }

    /// Returns the names of the parameters that were sent.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.values.keys().map(String::as_str)
    }

    /// Returns whether the document lets the parameter have several values.
    pub fn takes_lists(operation: Operation, name: &str) -> bool {
        let mut parameters = operation.data().query.iter();
        parameters.any(|parameter| parameter.name == name && parameter.list != List::Single)
    }

    /// Returns whether a parameter is `true`.
    pub fn is_true(&self, name: &str) -> bool {
        self.one(name) == Some("true")
    }

    /// Returns the filters and the order as text, without limit, offset and cursors.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }
}

fn known(operation: Operation, version: Version, name: &str) -> Result<&'static Parameter, String> {
    let usable = |parameter: &&Parameter| {
        parameter.versions.is_empty() || parameter.versions.contains(&version.name())
    };
    let mut parameters = operation.data().query.iter().filter(usable);
    parameters
        .clone()
        .find(|parameter| parameter.name == name)
        .ok_or_else(|| {
            let names: Vec<_> = parameters.by_ref().map(|parameter| parameter.name).collect();
            let names = if names.is_empty() {
                "none".to_owned()
            } else {
                names.join(", ")
            };
            let (id, version) = (operation.id(), version.name());
            format!("query.{name}: {id} has no such parameter in version {version}. It has: {names}.")
        })
}

fn check(parameter: &Parameter, version: Version, text: &str) -> Result<(), String> {
    let fits = |is_fine: bool, rule: &str| if is_fine { Ok(()) } else { Err(rule.to_owned()) };
    match parameter.value {
        ValueType::Named(name) => match schemas::enum_values(name, version) {
            Some(values) if !values.contains(&text) => Err(format!("has to be one of {}", values.join(", "))),
            _ => fits(!text.is_empty(), "has to be an id"),
        },
        ValueType::Text => Ok(()),
        ValueType::Boolean => fits(matches!(text, "true" | "false"), "has to be `true` or `false`"),
        ValueType::Int32 | ValueType::Int64 => {
            let widest = match parameter.value {
                ValueType::Int32 => (i32::MIN.into(), i32::MAX.into()),
                _ => (i64::MIN, i64::MAX),
            };
            let (least, most) = parameter.bounds.unwrap_or(widest);
            let is_fine = text
                .parse()
                .is_ok_and(|number: i64| (least..=most).contains(&number));
            fits(is_fine, &format!("has to be an integer from {least} to {most}"))
        }
        ValueType::Decimal => fits(decimal(text).is_some(), "has to be a decimal"),
        ValueType::Date => fits(is_date(text), "has to be a date, such as 2026-01-31"),
        ValueType::Instant => fits(is_instant(text), "has to be an RFC 3339 timestamp"),
    }
}

/// Decodes percent-encoding, and `+` as a space in queries. `None` if the result is not UTF-8.
pub(crate) fn percent_decoded(text: &str, plus_is_space: bool) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        match (first, tail) {
            (b'%', [high, low, after @ ..]) if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => {
                let digit = |byte: u8| (byte as char).to_digit(16).unwrap_or_default() as u8;
                bytes.push(digit(*high) * 16 + digit(*low));
                rest = after;
            }
            (b'+', _) if plus_is_space => bytes.push(b' '),
            _ => bytes.push(*first),
        }
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::super::{Operation, Version};
    use super::Query;

    fn parse(operation: Operation, text: &str) -> Result<Query, String> {
        Query::parse(operation, Version::LATEST, text)
    }

    #[test]
    fn filters_are_checked() {
        for (text, complaint) in [
            ("limit=0", "from 1 to 100"),
            ("invoiceStatus=LOST", "one of IN_PROGRESS"),
            ("customersId=1", "no such parameter"),
            ("dueBefore=2026-02-30", "a date"),
            ("search=a&search=b", "sent twice"),
        ] {
            let error = parse(Operation::InvoiceList, text).expect_err(text);
            assert!(error.contains(complaint), "{error}");
        }
    }

    #[test]
    fn lists_are_split_and_texts_are_decoded() {
        let query = parse(Operation::InvoiceList, "customerId=a,b&search=x%2C+y").expect("the query is fine");
        assert_eq!(query.all("customerId").map(<[_]>::len), Some(2));
        assert_eq!(query.one("search"), Some("x, y"));
    }

    #[test]
    fn a_filter_that_a_version_lacks_is_refused() {
        let old = Version::parse("2024-05-09").expect("the version exists");
        assert!(Query::parse(Operation::CustomerList, old, "label=a").is_err());
        assert!(parse(Operation::CustomerList, "label=a").is_ok());
    }
}
