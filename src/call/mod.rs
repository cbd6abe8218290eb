//! What every call can do: take options, be sent, be awaited, be paged through.
//!
//! The build writes one struct for each operation; the macros here give it its methods.

mod options;
pub(crate) mod query;

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use http::Method;

pub(crate) use options::Options;

use crate::error::{InvalidInput, Kind};
use crate::generated::RawClient;
use crate::transport::Exchange;
use crate::{ApiVersion, Client, Error};

/// A call on its way.
pub type CallFuture<T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>;

/// What the client knows about one operation, from `openapi.yaml`.
#[derive(Debug)]
pub(crate) struct Operation {
    pub(crate) id: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) versions: &'static [ApiVersion],
    /// Method and path in older versions, where they were different.
    pub(crate) former: &'static [(ApiVersion, Method, &'static str)],
    pub(crate) repeat: Repeat,
    /// Counts against the limit of events instead of the general one.
    pub(crate) is_event: bool,
    /// The documented status of success.
    pub(crate) status: u16,
    pub(crate) is_download: bool,
    pub(crate) has_body: bool,
}

/// What happens when the server gets a call twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Repeat {
    /// The same as when it gets it once.
    Safe,
    /// The same as once, if both carry one idempotency key.
    WithKey,
    /// It may act twice.
    Never,
}

impl Operation {
    /// Method and path in one version.
    pub(crate) fn place(&self, version: ApiVersion) -> (&Method, &'static str) {
        match self.former.iter().find(|(former, _, _)| *former == version) {
            Some((_, method, path)) => (method, path),
            None => (&self.method, self.path),
        }
    }
}

/// A call before it is sent: whom to call, and how.
#[derive(Clone, Debug)]
pub(crate) struct Call {
    client: Client,
    operation: &'static Operation,
    pub(crate) options: Options,
}

/// Stands in the generated client's path; the transport writes the real path (see [`crate::transport`]).
pub(crate) const PATH_PLACEHOLDER: &str = "-";

/// Stands for the base URL there, for the same reason; no other URL is parsed as fast.
const STAND_IN_BASE: &str = "x://-";

/// An id for an event that the caller left without one.
pub(crate) fn new_event_id() -> String {
    uuid::Uuid::new_v4().to_string()
}

impl Call {
    pub(crate) fn new(client: &Client, operation: &'static Operation) -> Self {
        Self {
            client: client.clone(),
            operation,
            options: Options::default(),
        }
    }

    /// The error for input that is refused before sending.
    pub(crate) fn refuse(&self, input: InvalidInput) -> Error {
        Error::new(Kind::Input(input), self.operation.id)
    }

    /// Checks what does not depend on the operation, and gives a generated client for this one call.
    pub(crate) fn start(&self, path: &[(&'static str, Cow<'_, str>)]) -> Result<RawClient, Error> {
        let version = self.options.version.unwrap_or(self.client.version());
        if !self.operation.versions.contains(&version) {
            let kind = Kind::Version {
                pinned: version,
                has: self.operation.versions,
            };
            return Err(Error::new(kind, self.operation.id));
        }
        if let Some(problem) = &self.options.problem {
            return Err(self.refuse(problem.clone()));
        }
        let shared = self.client.shared();
        let (method, template) = self.operation.place(version);
        let url = query::path(&shared.base_url, template, path).map_err(|input| self.refuse(input))?;
        let exchange = Exchange::new(
            shared,
            self.operation,
            &self.options,
            version,
            method.clone(),
            url,
        );
        Ok(RawClient::new_with_client(
            STAND_IN_BASE,
            shared.http.clone(),
            exchange,
        ))
    }
}

/// Gives a call its methods.
macro_rules! call_methods {
    ($name:ident => $output:ty, |$this:ident| $perform:block) => {
        impl $name {
            /// Sends the call and gives the whole answer: value, status, headers, request id, version, attempts.
            ///
            /// Awaiting the call itself gives the value alone.
            ///
            /// # Errors
            ///
            /// See [`Error`](crate::Error).
            pub async fn send(self) -> Result<crate::Response<$output>, crate::Error> {
                let $this = self;
                $perform
            }

            $crate::call::option_methods!();
        }

        impl ::std::future::IntoFuture for $name {
            type Output = Result<$output, crate::Error>;
            type IntoFuture = $crate::call::CallFuture<$output>;

            fn into_future(self) -> Self::IntoFuture {
                Box::pin(async move { Ok(self.send().await?.into_inner()) })
            }
        }
    };
}

/// Gives a paginated call its streams.
macro_rules! paged_methods {
    ($name:ident => $page:ty, $item:ty) => {
        impl $name {
            /// Every item of every page, as a stream. See [`Items`](crate::Items).
            pub fn items(self) -> crate::Items<$item> {
                crate::Items::new(self.pages())
            }

            /// The pages, as a stream. See [`Pages`](crate::Pages).
            pub fn pages(self) -> crate::Pages<$item> {
                let operation = self.call.operation();
                let start = self.after.clone();
                crate::Pages::new(operation, start, move |after| {
                    let mut call = self.clone();
                    call.after = after;
                    Box::pin(async move {
                        if call.before.is_some() {
                            return Err(call.call.refuse($crate::error::InvalidInput::new(
                                "before",
                                "streams run forwards, so it is for single pages only",
                            )));
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

pub(crate) use {call_methods, paged_methods};

impl Call {
    pub(crate) fn operation(&self) -> &'static str {
        self.operation.id
    }
}

pub(crate) use options::option_methods;
