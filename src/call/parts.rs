//! The parts of a request that is built at run time, and how it is sent.

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_TYPE, HeaderValue};
use http::{HeaderName, Method};
use reqwest::{Body, Request};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use url::Url;

use crate::call::sending::Call;
use crate::data::InvalidInput;
use crate::data::bounded::Counted;
use crate::error::{Error, Failure};
use crate::operation::{Content, Operation};
use crate::response::Response;
use crate::transport::{Connection, Received};
use crate::version::ApiVersion;

/// A request without what the client adds to each: credentials, version and headers.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    pub(super) method: Method,
    /// Checked and encoded, beginning with a slash.
    pub(super) path: String,
    pub(super) query: Vec<(String, String)>,
    /// JSON.
    pub(super) body: Option<Bytes>,
}

impl Parts {
    /// Sends the request as any other call.
    pub(super) async fn send(&self, call: &Call, operation: &Operation) -> Result<Received, Error> {
        let settings = call.begin(operation)?;
        let version = settings.version;
        let build = |connection: &Connection| self.request(connection, call, operation, version);
        call.scope.connection.send(operation, settings, &build).await
    }

    /// Returns the request as it would be sent, without credentials.
    pub(super) fn preview(&self, call: &Call, operation: &Operation) -> Result<http::Request<Bytes>, Error> {
        let settings = call.begin(operation)?;
        let version = settings.version;
        let build = |connection: &Connection| self.request(connection, call, operation, version);
        let request = call.scope.connection.preview(operation, settings, &build)?;
        shown(&request, operation)
    }

    fn request(
        &self,
        connection: &Connection,
        call: &Call,
        operation: &Operation,
        version: ApiVersion,
    ) -> Result<Request, InvalidInput> {
        let request = self.plain(&connection.base_url, operation.content)?;
        call.options.extra.add_to(request, operation, version)
    }

    fn plain(&self, base: &Url, content: Content) -> Result<Request, InvalidInput> {
        let mut url = base.clone();
        let path = format!("{}{}", base.path().trim_end_matches('/'), self.path);
        url.set_path(&path);
        // Normalization would mean that a check of the path is incomplete.
        if url.path() != path {
            return Err(InvalidInput::new("path", "would call another endpoint"));
        }
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        let mut request = Request::new(self.method.clone(), url);
        let mut json = |header: HeaderName| {
            let value = HeaderValue::from_static("application/json");
            request.headers_mut().insert(header, value);
        };
        if content != Content::File {
            json(ACCEPT);
        }
        if let Some(body) = &self.body {
            json(CONTENT_TYPE);
            *request.body_mut() = Some(body.clone().into());
        }
        Ok(request)
    }
}

/// Returns a request as the callers of a preview see it.
pub(super) fn shown(request: &Request, operation: &Operation) -> Result<http::Request<Bytes>, Error> {
    let body = request.body().and_then(Body::as_bytes).unwrap_or_default();
    let mut preview = http::Request::new(Bytes::copy_from_slice(body));
    *preview.method_mut() = request.method().clone();
    *preview.headers_mut() = request.headers().clone();
    *preview.uri_mut() = request
        .url()
        .as_str()
        .parse()
        .map_err(|error: http::uri::InvalidUri| {
            let input = InvalidInput::new("request", error.to_string());
            Error::new(Failure::Input(input), operation.id)
        })?;
    Ok(preview)
}

/// Encodes a body.
pub(super) fn encode(body: &impl Serialize) -> Result<Bytes, InvalidInput> {
    serde_json::to_vec(body)
        .map(Bytes::from)
        .map_err(|error| InvalidInput::new("body", error.to_string()))
}

/// Free-form JSON, whose memory is counted while it is decoded.
pub(super) struct Json(pub(super) Value);

impl<'de> Deserialize<'de> for Json {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Value::counted(deserializer).map(Self)
    }
}

/// A page of a list, as every paginated operation responds with.
#[derive(Deserialize)]
pub(super) struct ListPage<T> {
    items: Vec<T>,
    #[serde(default)]
    pagination: Option<Cursor>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cursor {
    after: Option<String>,
    total_result_size: Option<i64>,
}

impl<T> ListPage<T> {
    /// Returns the items, the cursor of the next page and the total.
    pub(super) fn fetched(response: Response<Self>) -> Response<(Vec<T>, Option<String>, Option<i64>)> {
        response.map(|page| {
            let cursor = page.pagination.unwrap_or_default();
            (page.items, cursor.after, cursor.total_result_size)
        })
    }
}
