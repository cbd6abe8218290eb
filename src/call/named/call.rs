//! A call by the name of its operation.

use std::future::IntoFuture;

use bytes::Bytes;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "blocking")]
use crate::call::blocking::chosen_response;
use crate::call::named::arguments::{self, Arguments};
use crate::call::named::body;
use crate::call::named::entry::{Entry, suggestion};
use crate::call::options::option_methods;
use crate::call::parts::{Json, ListPage, Parts, encode};
use crate::call::sending::{Call, CallFuture, Scope, before_is_invalid, new_event_id};
use crate::call::template;
use crate::data::InvalidInput;
use crate::download::Download;
use crate::error::{Error, Failure};
use crate::operation::Content;
use crate::pagination::{Items, Pages};
use crate::response::Response;

/// A call by the name of its operation, with JSON in and JSON out, returned by
/// [`Client::operation`](crate::Client::operation).
///
/// For programs that learn at run time what to call, such as a command line or a queue of jobs. It sends the request of
/// the typed call, with the same checks before anything is sent: required arguments, types, API versions, and fields
/// that the document does not have. It is retried by the same rules, and sets the same ids and idempotency keys.
///
/// Awaiting it returns the JSON of the response, which is null for an operation that responds with nothing. It has the form of
/// the newest version also where an older one encloses the response in an object, as the typed call has it.
/// [`send`](Self::send) decodes a type of yours, [`items`](Self::items) and [`pages`](Self::pages) are for lists, and
/// [`download`](Self::download) is for PDF files. [`document`](crate::document) describes all operations.
///
/// ```
/// # #[cfg(all(feature = "emulator", feature = "invoices"))]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// # let emulator = sequencehq::emulator::Emulator::start().await?;
/// # let client = emulator.client();
/// # let customer_id = emulator.add_customer("Acme Ltd");
/// let body = serde_json::json!({ "customerId": customer_id, "currency": "GBP" });
/// let draft = client.operation("invoice_create").body(&body).await?;
///
/// let issued = client.operation("invoice_finalize").argument("id", &draft["id"]).await?;
/// assert_eq!(issued["status"], "FINAL");
///
/// let error = client.operation("invoice_viod").argument("id", &draft["id"]).await.unwrap_err();
/// assert!(error.to_string().contains("did you mean `invoice_void`?"));
/// # Ok(())
/// # }
/// # #[cfg(not(all(feature = "emulator", feature = "invoices")))]
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
#[must_use = "calls do nothing unless awaited"]
pub struct OperationCall {
    call: Call,
    entry: Option<&'static Entry>,
    arguments: Arguments,
    body: Option<Bytes>,
}

impl OperationCall {
    pub(crate) fn new(scope: &Scope, name: &str, entries: &'static [Entry]) -> Self {
        let mut call = Call::new(scope);
        let entry = entries.iter().find(|entry| entry.operation.id == name);
        if entry.is_none() {
            let suggestion = suggestion(name, entries.iter().map(|entry| entry.operation.id));
            let problem = format!("`{}` is unknown{suggestion}", name.escape_debug());
            call.options.reject(InvalidInput::new("operation", problem));
        }
        Self {
            call,
            entry,
            arguments: Arguments::new(),
            body: None,
        }
    }

    /// Sets a parameter of the path or the query, by its name in the document, such as `invoiceStatus`.
    ///
    /// Numbers, booleans, dates and decimals can be JSON values or texts. A list is sent in the way that the document
    /// defines for the parameter.
    pub fn argument(mut self, name: &str, value: impl Serialize) -> Self {
        let Some(entry) = self.entry else { return self };
        let value = serde_json::to_value(value).map_err(|error| error.to_string());
        match (entry.parameter(name), value) {
            (Some(parameter), Ok(value)) => {
                self.arguments.retain(|(known, _)| *known != parameter.name);
                self.arguments.push((parameter.name, value));
            }
            (Some(parameter), Err(problem)) => {
                self.call
                    .options
                    .reject(InvalidInput::new(parameter.name, problem));
            }
            (None, _) => {
                let known = entry.parameters.iter().map(|parameter| parameter.name);
                let suggestion = suggestion(name, known);
                let problem = format!("`{}` is not a parameter{suggestion}", name.escape_debug());
                self.call.options.reject(InvalidInput::new("argument", problem));
            }
        }
        self
    }

    /// Sets the JSON body: a value, or a type of yours.
    ///
    /// It is sent as it is encoded, so a `RawValue` of `serde_json` keeps every digit of its numbers.
    pub fn body(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        match encode(&body) {
            Ok(body) => self.body = Some(body),
            Err(problem) => self.call.options.reject(problem),
        }
        self
    }

    /// Sends the call, decodes the body of the response, and returns it with status, headers and metadata.
    ///
    /// Decode a `Box<RawValue>` of `serde_json` to keep every digit of numbers. If the operation
    /// responds with nothing, `null` is decoded.
    ///
    /// # Errors
    ///
    /// See [`Error`]. For an operation that responds with a file, use [`download`](Self::download).
    pub async fn send<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        let received = self.exchange(false).await?;
        match received.operation.content {
            Content::Nothing => received.without_body().json(),
            _ => received.json(),
        }
    }

    /// Sends the call and returns the body of the response as a stream of chunks.
    ///
    /// # Errors
    ///
    /// See [`Error`]. For an operation that does not respond with a file, use [`send`](Self::send).
    pub async fn download(self) -> Result<Response<Download>, Error> {
        Download::pdf(self.exchange(true).await?)
    }

    /// Returns a stream of the items of all pages of a list. See [`Items`].
    ///
    /// If the operation is not paginated, the stream yields an error.
    pub fn items<T: DeserializeOwned + Send + Unpin + 'static>(self) -> Items<T> {
        Items::new(self.pages())
    }

    /// Returns a stream of the pages of a list. See [`Pages`].
    ///
    /// If the operation is not paginated, the stream yields an error.
    pub fn pages<T: DeserializeOwned + Send + 'static>(self) -> Pages<T> {
        let start = self.given("after").and_then(Value::as_str).map(str::to_owned);
        Pages::new(self.name(), start, move |after| {
            let mut call = self.clone();
            if let Some(cursor) = after {
                call = call.argument("after", cursor);
            }
            Box::pin(async move {
                if call.entry.is_some_and(|entry| !entry.is_paginated) {
                    return Err(call.invalid(InvalidInput::new("operation", "is not paginated; use `send`")));
                }
                if call.given("before").is_some() {
                    return Err(before_is_invalid(call.name()));
                }
                call.send::<ListPage<T>>().await.map(ListPage::fetched)
            })
        })
    }

    /// Returns the request that the call sends, without credentials, or an error if the call cannot be sent.
    ///
    /// # Errors
    ///
    /// Returns an error if the operation is unknown, does not exist in the pinned version, or an argument is invalid.
    pub fn preview(&self) -> Result<http::Request<Bytes>, Error> {
        let (entry, parts) = self.checked()?;
        parts.preview(&self.call, entry.operation)
    }

    option_methods!();

    async fn exchange(&self, as_file: bool) -> Result<crate::transport::Received, Error> {
        let (entry, parts) = self.checked()?;
        let is_file = entry.operation.content == Content::File;
        if is_file != as_file {
            let problem = if is_file {
                "responds with a file; use `download`"
            } else {
                "does not respond with a file; use `send`"
            };
            return Err(self.invalid(InvalidInput::new("operation", problem)));
        }
        parts.send(&self.call, entry.operation).await
    }

    /// Returns the parts of the request, after all checks.
    fn checked(&self) -> Result<(&'static Entry, Parts), Error> {
        let (Some(entry), None) = (self.entry, &self.call.options.problem) else {
            let problem = self.call.options.problem.clone();
            let unknown = || InvalidInput::new("operation", "is unknown");
            return Err(self.invalid(problem.unwrap_or_else(unknown)));
        };
        // Before the arguments, which another version may have.
        let version = self.call.begin(entry.operation)?.version;
        let (method, path) = entry.endpoint(version);
        let segment = |name| arguments::segment(entry, &self.arguments, name);
        let parts = || -> Result<Parts, InvalidInput> {
            Ok(Parts {
                method: method.clone(),
                path: template::expand(path, segment)?,
                query: arguments::query(entry, version, &self.arguments)?,
                body: self.checked_body(entry, version)?,
            })
        };
        Ok((entry, parts().map_err(|input| self.invalid(input))?))
    }

    fn checked_body(
        &self,
        entry: &'static Entry,
        version: crate::version::ApiVersion,
    ) -> Result<Option<Bytes>, InvalidInput> {
        let (expected, given) = match (&entry.body, &self.body) {
            (None, None) => return Ok(None),
            (None, Some(_)) => return Err(InvalidInput::new("body", "the operation has none; omit it")),
            (Some(_), None) => return Err(InvalidInput::new("body", "is required")),
            (Some(expected), Some(given)) => (expected, given),
        };
        let value: Value =
            serde_json::from_slice(given).map_err(|error| InvalidInput::new("body", error.to_string()))?;
        body::check(expected.schema, &value)?;
        (expected.check)(version, &value)?;
        let lacks_id = expected.has_event_id && value.get("customerEventId").is_none();
        Ok(Some(if lacks_id {
            with_event_id(given)
        } else {
            given.clone()
        }))
    }

    fn given(&self, name: &str) -> Option<&Value> {
        let found = self.arguments.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value)
    }

    fn name(&self) -> &'static str {
        self.entry.map_or("operation", |entry| entry.operation.id)
    }

    fn invalid(&self, input: InvalidInput) -> Error {
        Error::new(Failure::Input(input), self.name())
    }
}

#[cfg(feature = "blocking")]
chosen_response!(OperationCall);

impl IntoFuture for OperationCall {
    type Output = Result<Value, Error>;
    type IntoFuture = CallFuture<Value>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.send::<Json>().await?.into_inner().0) })
    }
}

/// Adds an id to an event, which is an object, without decoding its numbers.
fn with_event_id(event: &[u8]) -> Bytes {
    let start = event
        .iter()
        .position(|byte| *byte == b'{')
        .map_or(0, |brace| brace + 1);
    let (head, rest) = event.split_at(start);
    let separator = if rest.trim_ascii_start().starts_with(b"}") {
        ""
    } else {
        ","
    };
    let id = format!("\"customerEventId\":\"{}\"{separator}", new_event_id());
    Bytes::from([head, id.as_bytes(), rest].concat())
}
