//! The behavior shared by all calls: options, sending, awaiting and pagination.
//!
//! The build generates a struct for each operation and implements [`Endpoint`] for it; the macros here add the
//! public methods that all of them have.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
pub(crate) mod differences;
mod extra;
#[cfg(feature = "operations")]
pub(crate) mod named;
mod options;
mod parts;
pub(crate) mod query;
#[cfg(feature = "emulator")]
pub(crate) mod returns;
mod sending;
mod template;
mod untyped;

use bytes::Bytes;
use reqwest::Request;

pub(crate) use options::option_methods;
pub use sending::CallFuture;
pub(crate) use sending::{Call, Scope, before_is_invalid, new_event_id};
pub use untyped::UntypedCall;

use crate::data::InvalidInput;
use crate::error::Error;
use crate::operation::Operation;
use crate::response::Response;
use crate::transport::{Connection, Received, Requests};
use crate::version::ApiVersion;

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

/// Sends a call. Only the code that depends on the operation is generic, which keeps compile times low.
pub(crate) async fn send<E: Endpoint>(mut endpoint: E) -> Result<Response<E::Output>, Error> {
    endpoint.prepare();
    let endpoint = &endpoint;
    let call = endpoint.call();
    let settings = call.begin(E::OPERATION)?;
    let connection = &*call.scope.connection;
    let build = |connection: &Connection| complete(endpoint, connection, settings.version);
    E::receive(connection.send(E::OPERATION, settings, &build).await?)
}

/// Returns the request of an attempt, with what the caller has added.
fn complete<E: Endpoint>(
    endpoint: &E,
    connection: &Connection,
    version: ApiVersion,
) -> Result<Request, InvalidInput> {
    let request = endpoint.request(&connection.requests, version)?;
    let extra = &endpoint.call().options.extra;
    extra.add_to(request, E::OPERATION, version)
}

/// Returns the request of the first attempt, without credentials.
pub(crate) fn preview<E: Endpoint>(mut endpoint: E) -> Result<http::Request<Bytes>, Error> {
    endpoint.prepare();
    let (endpoint, call) = (&endpoint, endpoint.call());
    let settings = call.begin(E::OPERATION)?;
    let build = |connection: &Connection| complete(endpoint, connection, settings.version);
    let request = call.scope.connection.preview(E::OPERATION, settings, &build)?;
    parts::shown(&request, E::OPERATION)
}

/// Sends a call on the runtime of its client, and blocks the thread until it ends.
#[cfg(feature = "blocking")]
pub(crate) fn wait<E: Endpoint>(endpoint: E) -> Result<Response<E::Output>, Error> {
    let runtime = std::sync::Arc::clone(endpoint.call().runtime());
    runtime.wait(E::OPERATION.id, send(endpoint))?
}

#[cfg(feature = "emulator")]
impl<E: Endpoint> returns::sealed::Described for E {
    fn target(&self) -> Result<returns::Target, Error> {
        let call = self.call();
        let settings = call.begin(E::OPERATION)?;
        let connection = &*call.scope.connection;
        let version = settings.version;
        let build = |connection: &Connection| self.request(&connection.requests, version);
        let request = connection.preview(E::OPERATION, settings, &build)?;
        let url = request.url();
        let path_and_query = returns::below(&connection.base_url, url.path(), url.query());
        Ok(returns::Target {
            operation: E::OPERATION.id.to_owned(),
            version,
            path_and_query,
        })
    }
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
            #[inline]
            pub async fn send(self) -> Result<crate::response::Response<$output>, crate::error::Error> {
                crate::call::send(self).await
            }

            /// Sends the call, blocks the thread until it ends, and returns the value, for code without async.
            ///
            /// # Errors
            ///
            /// See [`Error`](crate::Error). Inside async code, where it would block other tasks, it returns an error, and nothing is
            /// sent.
            #[cfg(feature = "blocking")]
            #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
            pub fn wait(self) -> Result<$output, crate::error::Error> {
                Ok(crate::call::wait(self)?.into_inner())
            }

            /// Sends the call like [`wait`](Self::wait), and returns the response: value, status, headers and metadata.
            ///
            /// # Errors
            ///
            /// Same as [`wait`](Self::wait).
            #[cfg(feature = "blocking")]
            #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
            pub fn wait_for_response(
                self,
            ) -> Result<crate::response::Response<$output>, crate::error::Error> {
                crate::call::wait(self)
            }

            /// Returns the request that the call sends, without credentials, or an error if the call cannot be sent. Nothing is
            /// sent.
            ///
            /// For dry runs, logs, and tests of what a program would send. Ids that the client generates differ in each request.
            ///
            /// # Errors
            ///
            /// Returns an error if an argument is invalid, or if the pinned version does not have the operation.
            #[inline]
            pub fn preview(&self) -> Result<::http::Request<::bytes::Bytes>, crate::error::Error> {
                crate::call::preview(self.clone())
            }

            $crate::call::option_methods!();
        }

        #[cfg(feature = "emulator")]
        impl crate::call::returns::Returns<$output> for $name {}

        #[cfg(feature = "emulator")]
        impl crate::call::returns::Returns<&$output> for $name {}

        impl ::std::future::IntoFuture for $name {
            type Output = Result<$output, crate::error::Error>;
            type IntoFuture = crate::call::CallFuture<$output>;

            #[inline]
            fn into_future(self) -> Self::IntoFuture {
                Box::pin(async move { Ok(crate::call::send(self).await?.into_inner()) })
            }
        }
    };
}

/// Adds the streams shared by all paginated calls.
macro_rules! paged_endpoint {
    ($name:ident, $page:ty, $item:ty) => {
        #[cfg(feature = "emulator")]
        impl crate::call::returns::Returns<::std::vec::Vec<$item>> for $name {}

        #[cfg(feature = "emulator")]
        impl<const N: usize> crate::call::returns::Returns<[$item; N]> for $name {}

        impl $name {
            /// Returns a stream of the items of all pages. See [`Items`](crate::Items).
            #[inline]
            pub fn items(self) -> crate::pagination::Items<$item> {
                crate::pagination::Items::new(self.pages())
            }

            /// Returns an iterator of the items of all pages, for code without async. See [`Iter`](crate::Iter).
            #[cfg(feature = "blocking")]
            #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
            pub fn iter(self) -> crate::call::blocking::Iter<crate::pagination::Items<$item>> {
                let runtime = ::std::sync::Arc::clone(self.call.runtime());
                let operation = <Self as crate::call::Endpoint>::OPERATION.id;
                crate::call::blocking::Iter::new(self.items(), &runtime, operation)
            }

            /// Returns an iterator of pages, for code without async. See [`Iter`](crate::Iter).
            #[cfg(feature = "blocking")]
            #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
            pub fn iter_pages(self) -> crate::call::blocking::Iter<crate::pagination::Pages<$item>> {
                let runtime = ::std::sync::Arc::clone(self.call.runtime());
                let operation = <Self as crate::call::Endpoint>::OPERATION.id;
                crate::call::blocking::Iter::new(self.pages(), &runtime, operation)
            }

            /// Returns a stream of pages. See [`Pages`](crate::Pages).
            #[inline]
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

pub(crate) use {endpoint, paged_endpoint};
