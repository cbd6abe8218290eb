//! What every call has: a client, options, and the future that it becomes.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use rust_decimal::Decimal;

use crate::call::options::Options;
use crate::data::{IntoDecimal, InvalidInput};
use crate::error::{Error, Failure};
use crate::operation::Operation;
#[cfg(feature = "blocking")]
use crate::transport::OwnRuntime;
use crate::transport::{Connection, Settings};
use crate::version::ApiVersion;

/// The future returned by a call.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// The client of a call: its connection and pinned API version.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) connection: Arc<Connection>,
    pub(crate) version: ApiVersion,
}

/// The client and the options of a call that has not been sent.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    pub(super) scope: Scope,
    pub(crate) options: Options,
}

impl Call {
    pub(crate) fn new(scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
            options: Options::default(),
        }
    }

    /// Returns the runtime for code without async.
    #[cfg(feature = "blocking")]
    pub(crate) fn runtime(&self) -> &Arc<OwnRuntime> {
        &self.scope.connection.runtime
    }

    /// Returns the value of a decimal parameter. Sending the call returns an invalid one as an error.
    pub(crate) fn decimal(&mut self, name: &'static str, value: impl IntoDecimal) -> Option<Decimal> {
        value
            .convert()
            .map_err(|error| self.options.reject(InvalidInput::value(name, &error)))
            .ok()
    }

    /// Returns the settings of the call, or an error if it cannot be sent.
    pub(super) fn begin(&self, operation: &Operation) -> Result<Settings<'_>, Error> {
        let options = &self.options;
        let version = options.version.unwrap_or(self.scope.version);
        if !operation.versions.contains(&version) {
            let kind = Failure::Version {
                pinned: version,
                has: operation.versions,
            };
            return Err(Error::new(kind, operation.id));
        }
        if let Some(problem) = &options.problem {
            return Err(Error::new(Failure::Input(problem.clone()), operation.id));
        }
        let connection = &*self.scope.connection;
        Ok(Settings {
            version,
            limits: options.limits(connection.limits),
            retry: options.retry.as_ref().unwrap_or(&connection.retry),
            headers: &options.headers,
            idempotency_key: options.idempotency_key.as_ref(),
        })
    }
}

/// Returns a random id for an event without one.
pub(crate) fn new_event_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Returns the error of a stream over a call with `before`.
pub(crate) fn before_is_invalid(operation: &'static str) -> Error {
    let input = InvalidInput::new(
        "before",
        "cannot be used with streams, which only run forward; fetch single pages instead",
    );
    Error::new(Failure::Input(input), operation)
}
