//! Finds the operation of a request: which one is `POST /invoices/42/void` in a version of the API?
//!
//! Operations that moved are found at their endpoint in the version (`x-former`). A literal segment precedes a
//! parameter, the leftmost difference first: `/invoices/summary` is not the invoice `summary`. A parameter
//! matches one segment that is not empty.
//!
//! ```
//! use sequencehq_document::{Document, routes::Routes};
//!
//! let document = Document::read(&sequencehq_document::shipped())?;
//! let routes = Routes::new(&document.root, "2024-07-30");
//!
//! let found = routes.find("POST", "/invoices/42/void").expect("the operation exists");
//! assert_eq!((found.operation, found.values.as_slice()), ("invoice_void", &[("id", "42")][..]));
//! assert!(routes.find("GET", "/invoices/42/void").is_none());
//! assert_eq!(routes.methods("/invoices/42/void"), ["post"]);
//! # Ok::<(), sequencehq_document::Faults>(())
//! ```

use serde_json::Value;

use crate::model;

/// The method and path of every operation in one version of the API.
#[derive(Clone, Debug, Default)]
pub struct Routes {
    /// Sorted so that the first path that fits is the right one.
    routes: Vec<Route>,
}

/// Where one version of the API has an operation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// The `operationId`.
    pub operation: String,
    /// The method in lower case.
    pub method: String,
    /// The path with its parameters in braces.
    pub path: String,
}

/// The operation of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Match<'a> {
    /// The `operationId`.
    pub operation: &'a str,
    /// Name and text of each path parameter, as sent on the wire: still percent-encoded.
    pub values: Vec<(&'a str, &'a str)>,
}

impl Routes {
    /// Returns the routes of `version`; none if the document does not know it.
    pub fn new(root: &Value, version: &str) -> Self {
        let mut routes: Vec<Route> = model::operations(root)
            .into_iter()
            .filter_map(|operation| {
                let (method, path) = operation.endpoint(version)?;
                Some(Route {
                    method: method.to_owned(),
                    path: path.to_owned(),
                    operation: operation.id,
                })
            })
            .collect();
        routes.sort_by(|one, other| one.key().cmp(&other.key()));
        Self { routes }
    }

    /// Returns every route, more specific paths first.
    pub fn iter(&self) -> impl Iterator<Item = &Route> {
        self.routes.iter()
    }

    /// Finds the operation of a request. `method` is in either case; `path` has no query.
    pub fn find<'a>(&'a self, method: &str, path: &'a str) -> Option<Match<'a>> {
        self.fitting(path)
            .find(|(route, _)| route.method.eq_ignore_ascii_case(method))
            .map(|(route, values)| Match {
                operation: &route.operation,
                values,
            })
    }

    /// Returns the methods of `path`, in lower case; none if no operation has the path.
    pub fn methods(&self, path: &str) -> Vec<&str> {
        self.fitting(path)
            .map(|(route, _)| route.method.as_str())
            .collect()
    }

    /// The most specific routes that fit `path`: they differ by method only.
    fn fitting<'r, 'p>(
        &'r self,
        path: &'p str,
    ) -> impl Iterator<Item = (&'r Route, Vec<(&'r str, &'p str)>)> {
        let mut fitting = self
            .routes
            .iter()
            .filter_map(move |route| Some((route, route.values(path)?)))
            .peekable();
        let best = fitting.peek().map(|(route, _)| route.form());
        fitting.take_while(move |(route, _)| Some(route.form()) == best)
    }
}

impl Route {
    /// The values of the parameters in `path`, if it fits.
    fn values<'r, 'p>(&'r self, path: &'p str) -> Option<Vec<(&'r str, &'p str)>> {
        let (mut wanted, mut given) = (self.path.split('/'), path.split('/'));
        let mut values = Vec::new();
        loop {
            match (wanted.next(), given.next()) {
                (None, None) => return Some(values),
                (Some(segment), Some(text)) => match name(segment) {
                    Some(name) if !text.is_empty() => values.push((name, text)),
                    None if segment == text => {}
                    _ => return None,
                },
                _ => return None,
            }
        }
    }

    /// The path without the names of its parameters.
    fn form(&self) -> Vec<Option<&str>> {
        let literal = |segment| match name(segment) {
            Some(_) => None,
            None => Some(segment),
        };
        self.path.split('/').map(literal).collect()
    }

    /// Literal segments sort before parameters.
    fn key(&self) -> (Vec<(bool, &str)>, &str) {
        let segment = |literal: Option<_>| (literal.is_none(), literal.unwrap_or_default());
        (self.form().into_iter().map(segment).collect(), &self.method)
    }
}

/// Returns `path` with its parameters unnamed, since their names are never sent: `/invoices/{}/void`.
pub fn anonymous(path: &str) -> String {
    let segments = path
        .split('/')
        .map(|segment| if name(segment).is_some() { "{}" } else { segment });
    segments.collect::<Vec<_>>().join("/")
}

/// The name of the parameter that a segment of a path stands for.
fn name(segment: &str) -> Option<&str> {
    segment.strip_prefix('{')?.strip_suffix('}')
}

#[cfg(test)]
mod tests {
    use super::{Routes, anonymous};
    use crate::Document;

    const OLD: &str = "2024-01-01";
    const NEW: &str = "2024-07-30";

    fn shipped(version: &str) -> Routes {
        let document = Document::read(&crate::shipped()).expect("the shipped document is YAML");
        Routes::new(&document.root, version)
    }

    #[test]
    fn a_request_is_found_by_method_path_and_version() {
        let (old, new) = (shipped(OLD), shipped(NEW));
        for (routes, request, expected) in [
            (&new, "GET /invoices", Some("invoice_list")),
            (&new, "get /invoices", Some("invoice_list")),
            (&new, "GET /invoices/abc", Some("invoice_get")),
            (&new, "GET /invoices/", None),
            (&new, "GET /nowhere", None),
            (&new, "TRACE /invoices", None),
            // A literal segment wins, where the version has it.
            (&new, "GET /invoices/summary", Some("invoice_summary")),
            (&old, "GET /invoices/summary", Some("invoice_get")),
            (&new, "POST /invoices/merge", Some("invoice_merge")),
            (&old, "POST /invoices/merge", None),
            // An operation that moved.
            (
                &old,
                "POST /invoice-settings",
                Some("invoice_payment_settings_create"),
            ),
            (&new, "POST /invoice-settings", None),
            (
                &new,
                "POST /payments/settings/invoices",
                Some("invoice_payment_settings_create"),
            ),
            (&old, "POST /payments/settings/invoices", None),
        ] {
            let (method, path) = request.split_once(' ').expect("method and path");
            let found = routes.find(method, path).map(|found| found.operation);
            assert_eq!(found, expected, "{request}");
        }
    }

    #[test]
    fn a_method_of_a_less_specific_path_does_not_count() {
        // `PUT /invoices/{id}` exists, but `/invoices/summary` is another path.
        let routes = shipped(NEW);
        assert!(routes.find("PUT", "/invoices/abc").is_some());
        assert!(routes.find("PUT", "/invoices/summary").is_none());
        assert_eq!(routes.methods("/invoices/summary"), ["get"]);
        assert_eq!(routes.methods("/nowhere"), [""; 0]);
    }

    #[test]
    fn path_parameters_are_returned_by_name() {
        let routes = shipped(NEW);
        let found = routes
            .find("PUT", "/customers/a%2Fb/contacts/c")
            .expect("the operation exists");
        assert_eq!(found.values, [("customer", "a%2Fb"), ("id", "c")]);
    }

    #[test]
    fn a_version_that_the_document_does_not_know_has_no_routes() {
        assert_eq!(shipped("2023-01-01").iter().count(), 0);
    }

    #[test]
    fn path_parameters_have_no_names() {
        assert_eq!(anonymous("/a/{id}/b/{other}"), "/a/{}/b/{}");
    }
}
