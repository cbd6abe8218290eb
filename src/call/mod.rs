//! The behavior shared by all calls: options, sending, awaiting and pagination.
//!
//! The build generates a struct for each operation and implements [`Endpoint`] for it; the macros here add the
//! public methods that all of them have.

pub(crate) mod differences;
mod options;
mod parts;
pub(crate) mod query;
mod template;
mod untyped;

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use reqwest::Request;
use rust_decimal::Decimal;

pub(crate) use options::{Options, option_methods};
pub use untyped::UntypedCall;

use crate::data::{IntoDecimal, InvalidInput};
use crate::error::{Error, ErrorKind};
use crate::operation::Operation;
use crate::response::Response;
use crate::transport::{Connection, Received, Requests, Settings};
use crate::version::ApiVersion;

/// The future returned by a call.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// One operation with its arguments.
pub(crate) trait Endpoint: Send + Sync {
    /// The type that a successful response decodes to.
    type Output;

    const OPERATION: &'static Operation;

    fn call(&self) -> &Call;

    /// Fixes the values that must be equal in all attempts.
    fn prepare(&mut self) {}

    /// Builds the request. Each attempt sends an equal request.
    fn request(&self, requests: &Requests, version: ApiVersion) -> Result<Request, InvalidInput>;

    fn receive(received: Received) -> Result<Response<Self::Output>, Error>;
}

/// The client of a call: its connection and pinned API version.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    pub(crate) connection: Arc<Connection>,
    pub(crate) version: ApiVersion,
}

/// The client and the options of a call that has not been sent.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    scope: Scope,
    pub(crate) options: Options,
}

impl Call {
    pub(crate) fn new(scope: &Scope) -> Self {
        Self {
            scope: scope.clone(),
            options: Options::default(),
        }
    }

    /// Returns the value of a decimal parameter. Sending the call returns an invalid one as an error.
    pub(crate) fn decimal(&mut self, name: &'static str, value: impl IntoDecimal) -> Option<Decimal> {
        value
            .convert()
            .map_err(|error| self.options.reject(InvalidInput::value(name, &error)))
            .ok()
    }

    /// Returns the settings of the call, or an error if it cannot be sent.
    fn begin(&self, operation: &Operation) -> Result<Settings<'_>, Error> {
        let options = &self.options;
        let version = options.version.unwrap_or(self.scope.version);
        if !operation.versions.contains(&version) {
            let kind = ErrorKind::Version {
                pinned: version,
                has: operation.versions,
            };
            return Err(Error::new(kind, operation.id));
        }
        if let Some(problem) = &options.problem {
            return Err(Error::new(ErrorKind::Input(problem.clone()), operation.id));
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

/// Sends a call. Only the code that depends on the operation is generic, which keeps compile times low.
pub(crate) async fn send<E: Endpoint>(mut endpoint: E) -> Result<Response<E::Output>, Error> {
    endpoint.prepare();
    let endpoint = &endpoint;
    let call = endpoint.call();
    let settings = call.begin(E::OPERATION)?;
    let connection = &*call.scope.connection;
    let build = |connection: &Connection| endpoint.request(&connection.requests, settings.version);
    E::receive(connection.send(E::OPERATION, settings, &build).await?)
}

/// Returns a random id for an event without one.
pub(crate) fn new_event_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

/// Adds the methods shared by all calls.
macro_rules! endpoint {
    ($name:ident, $output:ty) => {
        impl $name {
            /// Sends the call and returns the response: value, status, headers and metadata.
            ///
            /// Awaiting the call itself returns only the value.
            ///
            /// # Errors
            ///
            /// See [`Error`](crate::Error).
            pub async fn send(self) -> Result<crate::response::Response<$output>, crate::error::Error> {
                crate::call::send(self).await
            }

            $crate::call::option_methods!();
        }

        impl ::std::future::IntoFuture for $name {
            type Output = Result<$output, crate::error::Error>;
            type IntoFuture = crate::call::CallFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(async move { Ok(crate::call::send(self).await?.into_inner()) })
            }
        }
    };
}

/// Adds the streams shared by all paginated calls.
macro_rules! paged_endpoint {
    ($name:ident, $page:ty, $item:ty) => {
        impl $name {
            /// Returns a stream of the items of all pages. See [`Items`](crate::Items).
            pub fn items(self) -> crate::pagination::Items<$item> {
                crate::pagination::Items::new(self.pages())
            }

            /// Returns a stream of pages. See [`Pages`](crate::Pages).
            pub fn pages(self) -> crate::pagination::Pages<$item> {
                let operation = <Self as crate::call::Endpoint>::OPERATION.id;
                let start = self.after.clone();
                crate::pagination::Pages::new(operation, start, move |after| {
                    let mut call = self.clone();
                    call.after = after;
                    Box::pin(async move {
                        if call.before.is_some() {
                            return Err(crate::call::before_is_invalid(operation));
                        }
                        Ok(call.send().await?.map(|page: $page| {
                            let pagination = page.pagination;
                            (page.items, pagination.after, pagination.total_result_size)
                        }))
                    })
                })
            }
        }
    };
}

/// Returns the error of a stream over a call with `before`.
pub(crate) fn before_is_invalid(operation: &'static str) -> Error {
    let input = InvalidInput::new(
        "before",
        "cannot be used with streams, which only run forward; fetch single pages instead",
    );
    Error::new(ErrorKind::Input(input), operation)
}

pub(crate) use {endpoint, paged_endpoint};
