//! Calls as descriptions of the requests that an emulator answers as a test sets.

use url::Url;

use crate::version::ApiVersion;

/// A call that returns a `T`, for [`Emulator::respond`](crate::emulator::Emulator::respond).
///
/// Implemented by every call for its type and a reference to it, by an [`UntypedCall`](crate::UntypedCall) for any value, by
/// the calls of lists for the list of their items, and by downloads for `Bytes`, the value of
/// [`Scripted::file`](crate::emulator::Scripted::file).
pub trait Returns<T>: sealed::Described {}

pub(crate) mod sealed {
    use crate::call::returns::Target;
    use crate::error::Error;

    pub trait Described {
        /// Returns the requests that the call would send.
        fn target(&self) -> Result<Target, Error>;
    }
}

/// The requests of a call.
#[derive(Debug)]
pub struct Target {
    /// The name of the operation, or the method and the path of an endpoint without one.
    pub(crate) operation: String,
    pub(crate) version: ApiVersion,
    /// Path and query below the base URL.
    pub(crate) path_and_query: String,
}

/// Returns path and query of a URL below a base URL.
pub(super) fn below(base: &Url, path: &str, query: Option<&str>) -> String {
    let base = base.path().trim_end_matches('/');
    let path = path.strip_prefix(base).unwrap_or(path);
    match query.filter(|query| !query.is_empty()) {
        Some(query) => format!("{path}?{query}"),
        None => path.to_owned(),
    }
}
