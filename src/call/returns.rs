//! Calls as descriptions of the requests that an emulator answers as a test sets.

use crate::call::Endpoint;
use crate::error::Error;
use crate::transport::Connection;
use crate::version::ApiVersion;

/// A call that returns a `T`, for [`Emulator::respond`](crate::emulator::Emulator::respond).
///
/// Implemented by every call for its type and a reference to it, and by the calls of lists for the list of their items.
pub trait Returns<T>: sealed::Described {}

pub(crate) mod sealed {
    use super::Target;
    use crate::error::Error;

    pub trait Described {
        /// Returns the requests that the call would send.
        fn target(&self) -> Result<Target, Error>;
    }
}

/// The requests of a call.
#[derive(Debug)]
pub struct Target {
    pub(crate) operation: &'static str,
    pub(crate) version: ApiVersion,
    /// Path and query below the base URL.
    pub(crate) path_and_query: String,
}

impl<E: Endpoint> sealed::Described for E {
    fn target(&self) -> Result<Target, Error> {
        let call = self.call();
        let settings = call.begin(E::OPERATION)?;
        let connection = &*call.scope.connection;
        let version = settings.version;
        let build = |connection: &Connection| self.request(&connection.requests, version);
        let request = connection.preview(E::OPERATION, settings, &build)?;
        let url = request.url();
        let base = connection.base_url.path().trim_end_matches('/');
        let mut path_and_query = url.path().strip_prefix(base).unwrap_or(url.path()).to_owned();
        if let Some(query) = url.query().filter(|query| !query.is_empty()) {
            path_and_query.push('?');
            path_and_query.push_str(query);
        }
        Ok(Target {
            operation: E::OPERATION.id,
            version,
            path_and_query,
        })
    }
}
