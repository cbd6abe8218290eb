//! Calls of endpoints that this version of the crate does not know.

use std::future::IntoFuture;

use bytes::Bytes;
use http::Method;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

#[cfg(feature = "blocking")]
use crate::call::blocking::chosen_response;
use crate::call::options::option_methods;
use crate::call::parts::{self, Json, ListPage, Parts};
#[cfg(feature = "emulator")]
use crate::call::returns;
use crate::call::sending::{Call, CallFuture, Scope, before_is_invalid};
use crate::call::template;
use crate::data::{InvalidInput, Segment};
use crate::download::Download;
use crate::error::{Error, Failure};
use crate::operation::{Content, Operation, Quota, Repeat, Route};
use crate::pagination::{Items, Pages};
use crate::response::Response;
use crate::version::ApiVersion;

/// A call of an endpoint that this version of the crate does not know, returned by
/// [`Client::request`](crate::Client::request).
///
/// It has everything that other calls have: credentials, API version, rate limit, retries, time limits and the same
/// [`Error`]. Awaiting it returns the JSON of the response; [`send`](Self::send) decodes a type of yours,
/// [`bytes`](Self::bytes) and [`download`](Self::download) return any other content, and [`items`](Self::items) and
/// [`pages`](Self::pages) follow the cursors of a list.
///
/// The client cannot know whether the server may process the request twice. So the call is retried only if the server
/// cannot have processed it, unless [`safe_to_repeat`](Self::safe_to_repeat) is set. This holds for GET too.
///
/// ```
/// # #[cfg(feature = "emulator")]
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use sequencehq::http::Method;
/// # let emulator = sequencehq::emulator::Emulator::start().await?;
/// # let client = emulator.client();
/// # let customer_id = emulator.add_customer("Acme Ltd");
///
/// let draft = client
///     .request(Method::POST, "/invoices")
///     .json(&serde_json::json!({ "customerId": customer_id, "currency": "GBP" }))
///     .await?;
/// let invoice = client
///     .request(Method::GET, "/invoices/{id}")
///     .segment("id", draft["id"].as_str().unwrap_or_default())
///     .safe_to_repeat()
///     .await?;
/// assert_eq!(invoice["status"], "DRAFT");
/// # Ok(())
/// # }
/// # #[cfg(not(feature = "emulator"))]
/// # fn main() {}
/// ```
#[derive(Clone, Debug)]
#[must_use = "calls do nothing unless awaited"]
pub struct UntypedCall {
    call: Call,
    method: Method,
    template: &'static str,
    segments: Vec<(&'static str, String)>,
    query: Vec<(String, String)>,
    body: Option<Bytes>,
    repeat: Repeat,
}

impl UntypedCall {
    pub(crate) fn new(scope: &Scope, method: Method, template: &'static str) -> Self {
        let mut call = Call::new(scope);
        if let Err(problem) = template::parameters(template) {
            call.options.reject(problem);
        }
        Self {
            call,
            method,
            template,
            segments: Vec::new(),
            query: Vec::new(),
            body: None,
            repeat: Repeat::Never,
        }
    }

    /// Sets the value of a parameter of the path, such as `id` of `/invoices/{id}`. It is percent-encoded.
    ///
    /// Sending the call fails if the path does not have the parameter, or if the value would lead to another endpoint:
    /// an empty one, `.`, `..`, or one with control characters.
    pub fn segment(mut self, name: &str, value: impl ToString) -> Self {
        let names = template::parameters(self.template).unwrap_or_default();
        match names.into_iter().find(|parameter| *parameter == name) {
            Some(parameter) => {
                self.segments.retain(|(known, _)| *known != parameter);
                self.segments.push((parameter, value.to_string()));
            }
            None => {
                let problem = format!("`{}` has no parameter `{{{name}}}`", self.template);
                self.call.options.reject(InvalidInput::new("path", problem));
            }
        }
        self
    }

    /// Adds a parameter to the query. It is percent-encoded. A name can be added several times.
    pub fn query(mut self, name: &str, value: impl ToString) -> Self {
        self.query.push((name.to_owned(), value.to_string()));
        self
    }

    /// Sets the JSON body: a value, or a type of yours.
    ///
    /// Sending the call fails if the body cannot be encoded.
    pub fn json(mut self, body: &(impl Serialize + ?Sized)) -> Self {
        match parts::encode(&body) {
            Ok(body) => self.body = Some(body),
            Err(problem) => self.call.options.reject(problem),
        }
        self
    }

    /// Allows retries after an attempt that may have been processed. Set it only if the server may process the request
    /// twice without harm, as it may for most GET requests. Default: such an attempt ends the call.
    pub fn safe_to_repeat(mut self) -> Self {
        self.repeat = Repeat::Safe;
        self
    }

    /// Sends the call, decodes the body of the response, and returns it with status, headers and metadata.
    ///
    /// An empty body decodes like `null`: use `send::<()>()` for an endpoint without a response body.
    ///
    /// ```no_run
    /// # async fn example(client: sequencehq::Client) -> Result<(), sequencehq::Error> {
    /// use sequencehq::http::Method;
    ///
    /// #[derive(serde::Deserialize)]
    /// struct NewThing {
    ///     id: String,
    /// }
    ///
    /// let call = client.request(Method::GET, "/new-things/{id}").segment("id", "a-1");
    /// let response = call.send::<NewThing>().await?;
    /// println!("{} {}", response.status(), response.id);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// See [`Error`]. Its [`operation`](Error::operation) is the path of the call with its parameters in braces.
    pub async fn send<T: DeserializeOwned>(self) -> Result<Response<T>, Error> {
        self.exchange(Content::Json).await?.json_or_null()
    }

    /// Sends the call and returns the body of the response as it was received.
    ///
    /// # Errors
    ///
    /// See [`Error`]. A body over the client's [`max_response_bytes`](crate::ClientBuilder::max_response_bytes) is an
    /// error; [`download`](Self::download) has no such limit.
    pub async fn bytes(self) -> Result<Response<Bytes>, Error> {
        Ok(self.exchange(Content::Json).await?.bytes())
    }

    /// Sends the call and returns the body of the response as a stream of chunks.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn download(self) -> Result<Response<Download>, Error> {
        Ok(Download::begin(self.exchange(Content::File).await?))
    }

    /// Returns a stream of the items of all pages of a list. See [`Items`].
    ///
    /// The response has to have the form of the API's lists: `items`, and `pagination` with the cursor `after`.
    ///
    /// ```
    /// # #[cfg(feature = "emulator")]
    /// # #[tokio::main(flavor = "current_thread")]
    /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use sequencehq::http::Method;
    /// # let emulator = sequencehq::emulator::Emulator::start().await?;
    /// # let client = emulator.client();
    /// # emulator.add_customer("Acme Ltd");
    ///
    /// let call = client.request(Method::GET, "/customers").query("limit", 50).safe_to_repeat();
    /// let mut customers = call.items::<serde_json::Value>();
    /// while let Some(customer) = customers.try_next().await? {
    ///     println!("{}", customer["legalName"]);
    /// }
    /// # Ok(())
    /// # }
    /// # #[cfg(not(feature = "emulator"))]
    /// # fn main() {}
    /// ```
    pub fn items<T: DeserializeOwned + Send + Unpin + 'static>(self) -> Items<T> {
        Items::new(self.pages())
    }

    /// Returns a stream of the pages of a list. See [`Pages`].
    pub fn pages<T: DeserializeOwned + Send + 'static>(self) -> Pages<T> {
        let operation = self.template;
        let is_cursor = |(name, _): &&(String, String)| name == "after";
        let start = self
            .query
            .iter()
            .find(is_cursor)
            .map(|(_, cursor)| cursor.clone());
        Pages::new(operation, start, move |after| {
            let mut call = self.clone();
            call.query.retain(|(name, _)| name != "after");
            call.query
                .extend(after.map(|cursor| ("after".to_owned(), cursor)));
            Box::pin(async move {
                if call.query.iter().any(|(name, _)| name == "before") {
                    return Err(before_is_invalid(operation));
                }
                call.send::<ListPage<T>>().await.map(ListPage::fetched)
            })
        })
    }

    /// Returns the request that the call sends, without credentials, or an error if the call cannot be sent.
    ///
    /// # Errors
    ///
    /// Returns an error if an argument is invalid.
    pub fn preview(&self) -> Result<http::Request<Bytes>, Error> {
        self.parts()?.preview(&self.call, &self.operation(Content::Json))
    }

    /// Sends the call like [`bytes`](Self::bytes), and blocks the thread until it ends, for code without async.
    ///
    /// # Errors
    ///
    /// Same as [`bytes`](Self::bytes) and [`wait`](Self::wait).
    #[cfg(feature = "blocking")]
    #[cfg_attr(docsrs, doc(cfg(feature = "blocking")))]
    pub fn wait_for_bytes(self) -> Result<Response<Bytes>, Error> {
        self.waiting(|call| call.bytes())?
    }

    option_methods!();

    async fn exchange(&self, content: Content) -> Result<crate::transport::Received, Error> {
        self.parts()?.send(&self.call, &self.operation(content)).await
    }

    #[cfg(feature = "blocking")]
    fn name(&self) -> &'static str {
        self.template
    }

    fn operation(&self, content: Content) -> Operation {
        Operation {
            id: self.template,
            versions: ApiVersion::ALL,
            repeat: self.repeat,
            quota: Quota::Requests,
            content,
            route: Route::new(&self.method, self.template),
            former_routes: &[],
            query: &[],
            fields: &[],
        }
    }

    fn parts(&self) -> Result<Parts, Error> {
        let invalid = |input| Error::new(Failure::Input(input), self.template);
        // An invalid setting is the reason why a segment is missing, so it is reported first.
        if let Some(problem) = &self.call.options.problem {
            return Err(invalid(problem.clone()));
        }
        let segment = |name| match self.segments.iter().find(|(known, _)| *known == name) {
            Some((_, value)) => Segment::new(name, value, &[]),
            None => Err(InvalidInput::new(name, "is missing; set it with `segment`")),
        };
        Ok(Parts {
            method: self.method.clone(),
            path: template::expand(self.template, segment).map_err(invalid)?,
            query: self.query.clone(),
            body: self.body.clone(),
        })
    }
}

#[cfg(feature = "blocking")]
chosen_response!(UntypedCall);

/// An emulator answers it with any value, which is not checked.
#[cfg(feature = "emulator")]
impl<T> returns::Returns<T> for UntypedCall {}

#[cfg(feature = "emulator")]
impl returns::sealed::Described for UntypedCall {
    fn target(&self) -> Result<returns::Target, Error> {
        let preview = self.preview()?;
        let uri = preview.uri();
        let base = &self.call.scope.connection.base_url;
        Ok(returns::Target {
            operation: format!("{} {}", self.method, returns::below(base, uri.path(), None)),
            version: self.call.begin(&self.operation(Content::Json))?.version,
            path_and_query: returns::below(base, uri.path(), uri.query()),
        })
    }
}

impl IntoFuture for UntypedCall {
    type Output = Result<Value, Error>;
    type IntoFuture = CallFuture<Value>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(async move { Ok(self.send::<Json>().await?.into_inner().0) })
    }
}
