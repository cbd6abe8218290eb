//! Finds the operation of a request.

use std::collections::BTreeMap;

use super::{ENDPOINTS, Endpoint, Operation, Version};

/// The operation of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The operation.
    pub operation: Operation,
    /// The decoded parameters of the path, by name.
    pub path: BTreeMap<&'static str, String>,
}

/// The error returned if a version has no operation for a method and path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoRoute {
    /// No operation has the path. The message names the versions that have it, if any does.
    Path(String),
    /// The path has other methods only.
    Method(String),
}

impl std::fmt::Display for NoRoute {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (Self::Path(message) | Self::Method(message)) = self;
        f.write_str(message)
    }
}

impl std::error::Error for NoRoute {}

/// Finds the operation of a method (in capitals) and a path without query.
///
/// A literal segment precedes a parameter, the leftmost difference first.
///
/// # Errors
///
/// If the version has no such operation.
pub fn find(method: &str, path: &str, version: Version) -> Result<Found, NoRoute> {
    let Some(segments) = decoded(path) else {
        return Err(NoRoute::Path(format!(
            "The path `{path}` is not UTF-8 after decoding."
        )));
    };
    // Endpoints are sorted so that the first that fits is the most specific one.
    let fitting = || {
        ENDPOINTS[usize::from(version.0)]
            .iter()
            .filter_map(|endpoint| Some((endpoint, values(endpoint, &segments)?)))
    };
    let Some((best, _)) = fitting().next() else {
        return Err(NoRoute::Path(no_path(method, path, &segments, version)));
    };
    let same = |one: &Endpoint| form(one.path).eq(form(best.path));
    if let Some((endpoint, path)) = fitting().find(|(one, _)| one.method == method && same(one)) {
        return Ok(Found {
            operation: endpoint.operation,
            path,
        });
    }
    let methods: Vec<_> = fitting()
        .filter(|(one, _)| same(one))
        .map(|(one, _)| one.method)
        .collect();
    let methods = methods.join(", ");
    Err(NoRoute::Method(format!(
        "`{path}` does not support {method} in version {}. Use {methods}.",
        version.name()
    )))
}

fn no_path(method: &str, path: &str, segments: &[String], version: Version) -> String {
    let mut elsewhere = Version::all().filter(|other| {
        let mut endpoints = ENDPOINTS[usize::from(other.0)].iter();
        endpoints.any(|one| one.method == method && values(one, segments).is_some())
    });
    match elsewhere.next() {
        Some(other) => format!(
            "Version {} of the API has no `{method} {path}`. Version {} has it.",
            version.name(),
            other.name()
        ),
        None => format!("The API has no path `{path}`. Check its spelling against the documentation."),
    }
}

fn values(endpoint: &Endpoint, segments: &[String]) -> Option<BTreeMap<&'static str, String>> {
    let mut values = BTreeMap::new();
    let mut wanted = endpoint.path.split('/').skip(1);
    for segment in segments {
        match (wanted.next()?, segment) {
            (one, given) if one == given => {}
            (one, given) if !given.is_empty() => {
                values.insert(name(one)?, given.clone());
            }
            _ => return None,
        }
    }
    wanted.next().is_none().then_some(values)
}

fn name(segment: &'static str) -> Option<&'static str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

fn form(path: &'static str) -> impl Iterator<Item = &'static str> {
    path.split('/')
        .map(|segment| if name(segment).is_some() { "{}" } else { segment })
}

/// The percent-decoded segments of a path.
fn decoded(path: &str) -> Option<Vec<String>> {
    let segments = path.strip_prefix('/').unwrap_or(path).split('/');
    segments
        .map(|segment| super::query::percent_decoded(segment, false))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::{Operation, Version};
    use super::{NoRoute, find};

    #[test]
    fn requests_are_found_by_method_path_and_version() {
        let old = Version::parse("2024-01-01").expect("the version exists");
        for (request, version, expected) in [
            (
                "GET /invoices/summary",
                Version::LATEST,
                Operation::InvoiceSummary,
            ),
            ("GET /invoices/summary", old, Operation::InvoiceGet),
            (
                "POST /invoice-settings",
                old,
                Operation::InvoicePaymentSettingsCreate,
            ),
            ("PUT /customers/1/archive", old, Operation::CustomerArchive),
        ] {
            let (method, path) = request.split_once(' ').expect("method and path");
            let found = find(method, path, version).map(|found| found.operation);
            assert_eq!(found, Ok(expected), "{request}");
        }
    }

    #[test]
    fn values_are_decoded() {
        let found = find("GET", "/customers/by-alias/a%2Fb", Version::LATEST).expect("the operation exists");
        assert_eq!(found.path["alias"], "a/b");
    }

    #[test]
    fn messages_name_what_exists() {
        let error = |method, path| {
            find(method, path, Version::LATEST)
                .expect_err("no operation")
                .to_string()
        };
        assert!(error("PUT", "/invoices/summary").contains("Use GET."));
        assert!(error("POST", "/invoice-settings").contains("Version 2024-01-01 has it."));
        assert!(matches!(
            find("GET", "/nowhere", Version::LATEST),
            Err(NoRoute::Path(_))
        ));
    }
}
